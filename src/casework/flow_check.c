#include "casework/flow_priv.h"

#include <stdarg.h>

const char *const tmg_flow_language_keys[TMG_FLOW_LANGUAGES] = {"words.en", "words.az", "words.ru"};

tmg_rc tmg_flow_fault(tmg_err *err, const char *file, int line, const char *fmt, ...)
{
    TMG_AUTO_BUF b = {0};
    va_list ap;
    char said[512];

    va_start(ap, fmt);
    (void)vsnprintf(said, sizeof said, fmt, ap);
    va_end(ap);
    tmg_buf_init(&b, 1024);
    tmg_buf_fmt(&b, "%s:%d: %s", file, line, said);
    return TMG_FAIL(err, TMG_E_INVALID, "%s", b.ptr);
}

static tmg_rc check_words(const tmg_flow *w, int line, const tmg_span words[TMG_FLOW_LANGUAGES], tmg_err *err)
{
    for (size_t i = 0; i < TMG_FLOW_LANGUAGES; i++)
        if (words[i].len == 0)
            return tmg_flow_fault(err, w->file, line, "%s is missing: write the word in this language too",
                                  tmg_flow_language_keys[i]);
    return TMG_OK;
}

typedef enum word_use { AS_GUARD, AS_FOLLOW_UP, AS_MOMENT } word_use;

static bool is_used_as(const tmg_flow_words *word, word_use use)
{
    return use == AS_GUARD    ? word->guard != NULL
           : use == AS_MOMENT ? word->moment != NULL
                              : word->follow != NULL;
}

static tmg_rc check_known(const tmg_flows *f, const tmg_flow *w, int line, const tmg_span *names,
                          size_t count, word_use use, tmg_err *err)
{
    static const char *const called[] = {"guard", "follow-up", "moment"};

    for (size_t i = 0; i < count; i++) {
        const tmg_flow_words *word = tmg_flow_word(f, names[i]);

        if (word == NULL || !is_used_as(word, use))
            return tmg_flow_fault(err, w->file, line,
                                  "this Tamga has no %s \"%.*s\" (docs/workflows.md lists them)", called[use],
                                  TMG_SPAN_ARG(names[i]));
        if (word->kind != NULL && !tmg_span_is(w->kind, word->kind))
            return tmg_flow_fault(err, w->file, line,
                                  "the %s %.*s has a meaning for the kind %s alone, not for %.*s",
                                  called[use], TMG_SPAN_ARG(names[i]), word->kind, TMG_SPAN_ARG(w->kind));
    }
    return TMG_OK;
}

static tmg_rc no_state(tmg_err *err, const tmg_flow *w, int line, const char *key, tmg_span name)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 1 << 11);
    for (size_t i = 0; i < w->state_count; i++)
        tmg_buf_fmt(&b, "%s%.*s", i > 0 ? ", " : "", TMG_SPAN_ARG(w->state[i].name));
    return tmg_flow_fault(err, w->file, line, "%s = %.*s: there is no such state; this file has %s", key,
                          TMG_SPAN_ARG(name), b.len > 0 ? b.ptr : "none");
}

static tmg_rc check_arrow(const tmg_flows *f, tmg_flow *w, size_t at, tmg_err *err)
{
    tmg_flow_arrow *a = &w->arrow[at];
    int line = w->arrow_line[at];

    if (a->from_count == 0 || a->to.len == 0)
        return tmg_flow_fault(err, w->file, line, "the arrow %.*s needs from and to", TMG_SPAN_ARG(a->name));
    if (a->roles == 0 && !a->by_clock)
        return tmg_flow_fault(err, w->file, line, "the arrow %.*s may be made by nobody: give it roles",
                              TMG_SPAN_ARG(a->name));
    if (tmg_flow_state_of(w, a->to) == NULL)
        return no_state(err, w, line, "to", a->to);
    for (size_t i = 0; i < a->from_count; i++) {
        bool found = false;

        for (size_t s = 0; s < w->state_count; s++)
            if (tmg_span_eq(w->state[s].name, a->from[i])) {
                w->state[s].final = false;
                found = true;
            }
        if (!found)
            return no_state(err, w, line, "from", a->from[i]);
    }
    TMG_TRY(check_words(w, line, a->words, err));
    TMG_TRY(check_known(f, w, line, a->guards, a->guard_count, AS_GUARD, err));
    return check_known(f, w, line, a->follow, a->follow_count, AS_FOLLOW_UP, err);
}

/* The clock needs an hour: what it moves stands in states with a deadline. */
static tmg_rc check_clocks(const tmg_flow *w, tmg_err *err)
{
    for (size_t i = 0; i < w->arrow_count; i++)
        for (size_t k = 0; w->arrow[i].by_clock && k < w->arrow[i].from_count; k++)
            if (tmg_flow_state_of(w, w->arrow[i].from[k])->deadline_ms == TMG_NONE)
                return tmg_flow_fault(
                    err, w->file, w->arrow_line[i],
                    "by_clock: the state %.*s has no deadline, so the clock would never move it",
                    TMG_SPAN_ARG(w->arrow[i].from[k]));
    return TMG_OK;
}

/* A state that nothing leads to would be a way that was meant and forgotten. */
static tmg_rc check_reached(const tmg_flow *w, tmg_err *err)
{
    bool reached[TMG_MAX_FLOW_STATES] = {false};
    bool grew = true;

    for (size_t s = 0; s < w->state_count; s++)
        reached[s] = tmg_span_eq(w->state[s].name, w->first);
    while (grew) {
        grew = false;
        for (size_t i = 0; i < w->arrow_count; i++)
            for (size_t k = 0; k < w->arrow[i].from_count; k++) {
                size_t from = (size_t)(tmg_flow_state_of(w, w->arrow[i].from[k]) - w->state);
                size_t to = (size_t)(tmg_flow_state_of(w, w->arrow[i].to) - w->state);

                if (reached[from] && !reached[to])
                    reached[to] = grew = true;
            }
    }
    for (size_t s = 0; s < w->state_count; s++)
        if (!reached[s])
            return tmg_flow_fault(err, w->file, w->state_line[s],
                                  "no arrow leads to the state %.*s: draw one, or take the state out",
                                  TMG_SPAN_ARG(w->state[s].name));
    return TMG_OK;
}

tmg_rc tmg_flow_check(const tmg_flows *f, tmg_flow *w, tmg_err *err)
{
    if (w->kind.len == 0 || w->first.len == 0)
        return TMG_FAIL(err, TMG_E_INVALID, "%s: [workflow] needs kind and first", w->file);
    if (tmg_flow_of(f, w->kind) != NULL)
        return TMG_FAIL(err, TMG_E_INVALID, "%s: another file describes %.*s already", w->file,
                        TMG_SPAN_ARG(w->kind));
    if (tmg_flow_state_of(w, w->first) == NULL)
        return no_state(err, w, w->line, "first", w->first);
    for (size_t i = 0; i < w->state_count; i++) {
        const tmg_flow_state *state = &w->state[i];
        int line = w->state_line[i];

        TMG_TRY(check_words(w, line, state->words, err));
        TMG_TRY(check_known(f, w, line, &state->overdue, state->overdue.len > 0, AS_FOLLOW_UP, err));
        TMG_TRY(check_known(f, w, line, &state->counts_from, state->counts_from.len > 0, AS_MOMENT, err));
        if (state->counts_from.len > 0 && state->deadline_ms == TMG_NONE)
            return tmg_flow_fault(err, w->file, line, "counts_from needs a deadline that counts");
    }
    for (size_t i = 0; i < w->arrow_count; i++)
        TMG_TRY(check_arrow(f, w, i, err));
    TMG_TRY(check_clocks(w, err));
    return check_reached(w, err);
}

static const tmg_flow_need *need_of(const tmg_flow_need *need, size_t count, tmg_span kind)
{
    for (size_t i = 0; i < count; i++)
        if (tmg_span_is(kind, need[i].kind))
            return &need[i];
    return NULL;
}

static bool has_arrow(const tmg_flow *w, const char *name)
{
    for (size_t i = 0; i < w->arrow_count; i++)
        if (tmg_span_is(w->arrow[i].name, name))
            return true;
    return false;
}

static tmg_rc has_all(const tmg_flow *w, const tmg_flow_need *need, tmg_err *err)
{
    for (const char *const *s = need->states; *s != NULL; s++)
        if (tmg_flow_state_of(w, tmg_span_of(*s)) == NULL)
            return TMG_FAIL(
                err, TMG_E_INVALID,
                "%s: the state %s is missing: the program itself looks for it (its words and deadline may "
                "be changed, its name not)",
                w->file, *s);
    for (const char *const *a = need->arrows; *a != NULL; a++)
        if (!has_arrow(w, *a))
            return TMG_FAIL(
                err, TMG_E_INVALID,
                "%s: the arrow %s is missing: the program itself makes this move (who may and on what "
                "conditions may be changed, its name not)",
                w->file, *a);
    return TMG_OK;
}

tmg_rc tmg_flows_need(const tmg_flows *f, const tmg_flow_need *need, size_t count, tmg_err *err)
{
    for (size_t i = 0; i < f->count; i++)
        if (need_of(need, count, f->kind[i]) == NULL)
            return TMG_FAIL(err, TMG_E_INVALID, "%s: this Tamga has nothing of the kind \"%.*s\"",
                            f->flow[i]->file, TMG_SPAN_ARG(f->kind[i]));
    for (size_t i = 0; i < count; i++) {
        const tmg_flow *w = tmg_flow_of(f, tmg_span_of(need[i].kind));

        if (w == NULL)
            return TMG_FAIL(err, TMG_E_INVALID, "no file describes the workflow of the kind %s",
                            need[i].kind);
        TMG_TRY(has_all(w, &need[i], err));
    }
    return TMG_OK;
}
