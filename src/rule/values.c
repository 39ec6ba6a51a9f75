#include "rule/values.h"

#include "rule/engine_priv.h"

enum { VALUES_CAP = 16 << 20, RULE_MAX = 1 << 14 };

struct tmg_values {
    tmg_arena *arena;
    size_t count;
    tmg_span name[TMG_MOST_VALUES], text[TMG_MOST_VALUES];
    const tmg_rnode *value[TMG_MOST_VALUES];
};

static tmg_span trimmed(tmg_span s)
{
    while (s.len > 0 && (s.ptr[0] == ' ' || s.ptr[0] == '\t'))
        s = (tmg_span){s.ptr + 1, s.len - 1};
    while (s.len > 0 && (s.ptr[s.len - 1] == ' ' || s.ptr[s.len - 1] == '\t' || s.ptr[s.len - 1] == '\r'))
        s.len--;
    return s;
}

/* The language knows whole rules: the value is read as one side of a comparison in one. */
static tmg_rc read_value(tmg_values *v, tmg_span text, tmg_err *err)
{
    TMG_AUTO_BUF rule = {0};
    tmg_reading r;

    tmg_buf_init(&rule, RULE_MAX);
    tmg_buf_fmt(&rule,
                "rule \"VALUE\" version 1 { title \"t\" owner o basis \"b\" when %.*s > 0 then weight +1 dB "
                "offence fraud why \"w\" }",
                TMG_SPAN_ARG(text));
    tmg_rules_read(tmg_span_copy(v->arena, tmg_buf_as_span(&rule)), NULL, v->arena, &r);
    for (size_t i = 0; i < r.fault_count; i++)
        if (r.faults[i].kind != TMG_FAULT_WARNING)
            return TMG_FAIL(err, TMG_E_INVALID, "%s", r.faults[i].said);
    if (r.rule_count != 1 || r.rules[0].when->op != TMG_R_GT)
        return TMG_FAIL(err, TMG_E_INVALID, "a value is needed, not a condition");
    v->value[v->count] = r.rules[0].when->a;
    return TMG_OK;
}

static tmg_rc read_line(tmg_values *v, tmg_span line, tmg_err *err)
{
    const char *equals = memchr(line.ptr, '=', line.len);

    if (equals == NULL)
        return TMG_FAIL(err, TMG_E_INVALID, "expected `name = value`");
    if (v->count == TMG_MOST_VALUES)
        return TMG_FAIL(err, TMG_E_LIMIT, "there may be at most %d values", TMG_MOST_VALUES);
    size_t before = (size_t)(equals - line.ptr);
    tmg_span name = trimmed((tmg_span){line.ptr, before});
    tmg_span text = trimmed((tmg_span){equals + 1, line.len - before - 1});
    if (name.len == 0 || text.len == 0)
        return TMG_FAIL(err, TMG_E_INVALID, "expected `name = value`");
    for (size_t i = 0; i < v->count; i++)
        if (tmg_span_eq(v->name[i], name))
            return TMG_FAIL(err, TMG_E_INVALID, "two values are called %.*s", TMG_SPAN_ARG(name));
    TMG_TRY(read_value(v, text, err));
    v->name[v->count] = tmg_span_copy(v->arena, name);
    v->text[v->count++] = tmg_span_copy(v->arena, text);
    return TMG_OK;
}

static tmg_rc read_lines(tmg_values *v, tmg_span source, tmg_err *err)
{
    for (size_t at = 0, number = 1; at < source.len; number++) {
        const char *end = memchr(source.ptr + at, '\n', source.len - at);
        size_t len = end != NULL ? (size_t)(end - source.ptr) - at : source.len - at;
        tmg_span line = trimmed((tmg_span){source.ptr + at, len});

        at += len + 1;
        if (line.len == 0 || line.ptr[0] == '#')
            continue;
        tmg_rc rc = read_line(v, line, err);
        if (rc != TMG_OK)
            return tmg_err_within(err, "line %zu", number);
    }
    return TMG_OK;
}

tmg_rc tmg_values_read(tmg_span source, tmg_values **ret, tmg_err *err)
{
    tmg_values *v = tmg_xcalloc(1, sizeof *v);

    v->arena = tmg_arena_new(VALUES_CAP);
    tmg_rc rc = read_lines(v, source, err);
    if (rc == TMG_OK)
        *ret = v;
    else
        tmg_values_free(v);
    return rc;
}

void tmg_values_free(tmg_values *v)
{
    if (v != NULL)
        tmg_arena_free(v->arena);
    free(v);
}

size_t tmg_values_count(const tmg_values *v)
{
    return v->count;
}

tmg_span tmg_values_name(const tmg_values *v, size_t i)
{
    return v->name[i];
}

tmg_span tmg_values_text(const tmg_values *v, size_t i)
{
    return v->text[i];
}

static void gather(const tmg_rnode *n, const tmg_window **windows, size_t *window_count,
                   const tmg_reference **references, size_t *reference_count)
{
    if (n == NULL)
        return;
    if (n->op == TMG_R_WINDOW && *window_count < TMG_MOST_VALUES)
        windows[(*window_count)++] = n->window;
    if (n->op == TMG_R_REFERENCE && *reference_count < TMG_MOST_VALUES)
        references[(*reference_count)++] = n->reference;
    gather(n->a, windows, window_count, references, reference_count);
    gather(n->b, windows, window_count, references, reference_count);
}

void tmg_values_prepare(const tmg_values *v, tmg_book *b)
{
    const tmg_window *windows[TMG_MOST_VALUES];
    const tmg_reference *references[TMG_MOST_VALUES];
    size_t window_count = 0, reference_count = 0;

    for (size_t i = 0; i < v->count; i++)
        gather(v->value[i], windows, &window_count, references, &reference_count);
    tmg_book_prepare_these(b, windows, window_count, references, reference_count);
}

void tmg_values_of(const tmg_values *v, const tmg_row *row, const tmg_dict *dict,
                   const tmg_rule_senses *senses, int64_t *ret)
{
    tmg_judging j = {row, dict, senses};

    for (size_t i = 0; i < v->count; i++)
        if (!tmg_judge_value(&j, v->value[i], &ret[i]))
            ret[i] = TMG_NONE;
}
