/* Reports as others published them, read strictly: what is not understood is refused with its place. */
#include "report/published_priv.h"

#include "base/json.h"

enum { MOST_PATH = 160, MOST_DECIMALS = 4 };

/* Visits members; the first fault stays. */
typedef struct filling {
    tmg_published *p;
    tmg_arena *arena;
    const char *list;
    tmg_rc rc;
    tmg_err *err;
} filling;

typedef struct place {
    char text[MOST_PATH];
} place;

static place place_of(const char *list, tmg_span key, const char *rest)
{
    place at;

    (void)snprintf(at.text, sizeof at.text, "%s%s%.*s%s", list, list[0] != '\0' && key.len > 0 ? "." : "",
                   TMG_SPAN_ARG(tmg_utf8_cut(key, 80)), rest);
    return at;
}

static place place_in(const char *list, size_t i, const char *rest)
{
    place at;

    (void)snprintf(at.text, sizeof at.text, "%.120s[%zu]%s", list, i, rest);
    return at;
}

static tmg_rc number_at(const tmg_json *v, int64_t least, place at, int64_t *ret, tmg_err *err)
{
    *ret = tmg_json_as_i64(v, TMG_NONE);
    if (tmg_json_kind_of(v) == TMG_JSON_INT && *ret >= least && *ret <= TMG_PUBLISHED_MOST)
        return TMG_OK;
    return TMG_FAIL(err, TMG_E_INVALID, "%s: expected a whole number from %lld to %lld", at.text,
                    (long long)least, (long long)TMG_PUBLISHED_MOST);
}

static tmg_rc too_many(const char *list, tmg_err *err)
{
    return TMG_FAIL(err, TMG_E_INVALID, "%s: a published report has at most %d of them", list,
                    TMG_PUBLISHED_LIST);
}

static tmg_rc unknown(place at, tmg_err *err)
{
    return TMG_FAIL(err, TMG_E_INVALID,
                    "%s: nothing is called so in a published report: see the names in docs/figures.md",
                    at.text);
}

static tmg_rc add_number(filling *f, tmg_published_number *list, size_t *count, tmg_span key,
                         const tmg_json *v)
{
    int64_t n;

    if (*count == TMG_PUBLISHED_LIST)
        return too_many(f->list, f->err);
    TMG_TRY(number_at(v, 0, place_of(f->list, key, ""), &n, f->err));
    list[(*count)++] = (tmg_published_number){tmg_span_copy(f->arena, key), n};
    return TMG_OK;
}

static tmg_rc add_line(filling *f, tmg_span key, const tmg_json *v)
{
    tmg_published *p = f->p;

    TMG_TRY(add_number(f, p->line, &p->line_count, key, v));
    p->lines_mg = (p->lines_mg == TMG_NONE ? 0 : p->lines_mg) + p->line[p->line_count - 1].v;
    return TMG_OK;
}

static tmg_rc add_count(filling *f, tmg_span key, const tmg_json *v)
{
    static const tmg_period_figures nothing;
    int64_t ignored;

    if (!tmg_published_own_count(&nothing, key, &ignored))
        return unknown(place_of(f->list, key, ""), f->err);
    return add_number(f, f->p->count, &f->p->count_count, key, v);
}

static tmg_rc add_sum(filling *f, tmg_span key, const tmg_json *v)
{
    const tmg_json *parts = tmg_json_at(v, 1);
    tmg_published_sum *s = &f->p->sum[f->p->sum_count];

    if (f->p->sum_count == TMG_PUBLISHED_LIST)
        return too_many(f->list, f->err);
    if (tmg_json_kind_of(v) != TMG_JSON_ARRAY || tmg_json_count(v) != 2 ||
        tmg_json_kind_of(parts) != TMG_JSON_ARRAY)
        return TMG_FAIL(f->err, TMG_E_INVALID, "%s: expected a total and the list of its parts",
                        place_of(f->list, key, "").text);
    if (tmg_json_count(parts) > TMG_PUBLISHED_LIST)
        return too_many(place_of(f->list, key, "[1]").text, f->err);
    *s = (tmg_published_sum){.what = tmg_span_copy(f->arena, key)};
    TMG_TRY(number_at(tmg_json_at(v, 0), 0, place_of(f->list, key, "[0]"), &s->total, f->err));
    for (size_t i = 0; i < tmg_json_count(parts); i++) {
        int64_t part;

        TMG_TRY(number_at(tmg_json_at(parts, i), 0, place_in(place_of(f->list, key, "[1]").text, i, ""),
                          &part, f->err));
        s->parts += part;
    }
    f->p->sum_count++;
    return TMG_OK;
}

static tmg_rc is_known(filling *f, tmg_span key, const tmg_json *v)
{
    static const char *const members[] = {"code",     "title", "from",   "to",   "source",
                                          "total_mg", "lines", "counts", "sums", "percentages"};

    (void)v;
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        if (tmg_span_is(key, members[i]))
            return TMG_OK;
    return unknown(place_of(f->list, key, ""), f->err);
}

static tmg_rc is_known_of_percentage(filling *f, tmg_span key, const tmg_json *v)
{
    static const char *const members[] = {"what", "count", "of_old", "of_new", "published_ppm", "decimals"};

    (void)v;
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        if (tmg_span_is(key, members[i]))
            return TMG_OK;
    return unknown(place_of(f->list, key, ""), f->err);
}

typedef tmg_rc (*reader)(filling *f, tmg_span key, const tmg_json *v);
typedef struct visit {
    filling *f;
    reader read;
} visit;

static void visit_one(void *ctx, tmg_span key, const tmg_json *v)
{
    visit *at = ctx;

    if (at->f->rc == TMG_OK)
        at->f->rc = at->read(at->f, key, v);
}

static tmg_rc each(filling *f, const tmg_json *object, const char *list, reader read)
{
    visit at = {f, read};

    if (object == NULL)
        return TMG_OK;
    if (tmg_json_kind_of(object) != TMG_JSON_OBJECT)
        return TMG_FAIL(f->err, TMG_E_INVALID, "%s: expected names with their values, {\"...\": ...}",
                        list[0] != '\0' ? list : "report");
    f->list = list;
    tmg_json_each(object, visit_one, &at);
    return f->rc;
}

static tmg_rc read_percentage(filling *f, const tmg_json *o, size_t i)
{
    const struct {
        const char *name;
        int64_t least, *ret;
    } numbers[] = {{"count", -TMG_PUBLISHED_MOST, &f->p->percentage[i].count},
                   {"of_old", 0, &f->p->percentage[i].of_old},
                   {"of_new", 0, &f->p->percentage[i].of_new},
                   {"published_ppm", -TMG_PUBLISHED_MOST, &f->p->percentage[i].published_ppm}};
    tmg_percentage *q = &f->p->percentage[i];
    const tmg_json *decimals = tmg_json_member(o, "decimals");
    place at = place_in("percentages", i, "");

    TMG_TRY(each(f, o, at.text, is_known_of_percentage));
    if (tmg_json_kind_of(tmg_json_member(o, "what")) != TMG_JSON_TEXT)
        return TMG_FAIL(f->err, TMG_E_INVALID, "%s: expected words that say what changed",
                        place_in("percentages", i, ".what").text);
    TMG_TRY(tmg_json_get_text(o, "what", true, &q->what, f->err));
    q->what = tmg_span_copy(f->arena, q->what);
    for (size_t k = 0; k < sizeof numbers / sizeof numbers[0]; k++)
        TMG_TRY(number_at(tmg_json_member(o, numbers[k].name), numbers[k].least,
                          place_of(at.text, tmg_span_of(numbers[k].name), ""), numbers[k].ret, f->err));
    q->decimals = TMG_NONE;
    if (decimals == NULL)
        return TMG_OK;
    TMG_TRY(number_at(decimals, 0, place_in("percentages", i, ".decimals"), &q->decimals, f->err));
    if (q->decimals > MOST_DECIMALS)
        return TMG_FAIL(f->err, TMG_E_INVALID, "%s: expected 0 to %d",
                        place_in("percentages", i, ".decimals").text, MOST_DECIMALS);
    return TMG_OK;
}

static tmg_rc read_percentages(filling *f, const tmg_json *list)
{
    if (list == NULL)
        return TMG_OK;
    if (tmg_json_kind_of(list) != TMG_JSON_ARRAY)
        return TMG_FAIL(f->err, TMG_E_INVALID, "percentages: expected a list");
    if (tmg_json_count(list) > TMG_PUBLISHED_LIST)
        return too_many("percentages", f->err);
    for (size_t i = 0; i < tmg_json_count(list); i++)
        TMG_TRY(read_percentage(f, tmg_json_at(list, i), i));
    f->p->percentage_count = tmg_json_count(list);
    return TMG_OK;
}

static tmg_rc read_day(const tmg_json *root, const char *key, int32_t *ret, tmg_err *err)
{
    tmg_span text = {NULL, 0};

    TMG_TRY(tmg_json_get_text(root, key, true, &text, err));
    if (tmg_day_parse(text, ret, NULL) != TMG_OK)
        return TMG_FAIL(err, TMG_E_INVALID, "%s: expected a day like 2021-09-30", key);
    return TMG_OK;
}

static tmg_rc read_head(filling *f, const tmg_json *root)
{
    tmg_published *p = f->p;
    const tmg_json *total = tmg_json_member(root, "total_mg");

    TMG_TRY(tmg_json_get_text(root, "code", true, &p->code, f->err));
    TMG_TRY(tmg_json_get_text(root, "title", true, &p->title, f->err));
    TMG_TRY(tmg_json_get_text(root, "source", true, &p->source, f->err));
    p->code = tmg_span_copy(f->arena, p->code);
    p->title = tmg_span_copy(f->arena, p->title);
    p->source = tmg_span_copy(f->arena, p->source);
    TMG_TRY(read_day(root, "from", &p->from_day, f->err));
    TMG_TRY(read_day(root, "to", &p->to_day, f->err));
    if (p->to_day < p->from_day)
        return TMG_FAIL(f->err, TMG_E_INVALID, "to: a period cannot end before it begins");
    return total == NULL ? TMG_OK
                         : number_at(total, 0, place_of("", TMG_SPAN("total_mg"), ""), &p->total_mg, f->err);
}

tmg_rc tmg_published_parse(tmg_span json, tmg_arena *a, tmg_published **ret, tmg_err *err)
{
    TMG_AUTO_JSON root = NULL;
    filling f = {.p = tmg_alloc(a, sizeof *f.p), .arena = a, .rc = TMG_OK, .err = err};

    f.p->total_mg = f.p->lines_mg = TMG_NONE;
    TMG_TRY(tmg_json_read(json, &root, err));
    TMG_TRY(each(&f, root, "", is_known));
    TMG_TRY(read_head(&f, root));
    TMG_TRY(each(&f, tmg_json_member(root, "lines"), "lines", add_line));
    TMG_TRY(each(&f, tmg_json_member(root, "counts"), "counts", add_count));
    TMG_TRY(each(&f, tmg_json_member(root, "sums"), "sums", add_sum));
    TMG_TRY(read_percentages(&f, tmg_json_member(root, "percentages")));
    *ret = f.p;
    return TMG_OK;
}

tmg_period tmg_published_period(const tmg_published *p, int offset_min)
{
    return (tmg_period){p->from_day, p->to_day, offset_min};
}

tmg_span tmg_published_title(const tmg_published *p)
{
    return p->title;
}

tmg_span tmg_published_code(const tmg_published *p)
{
    return p->code;
}

tmg_span tmg_published_source(const tmg_published *p)
{
    return p->source;
}
