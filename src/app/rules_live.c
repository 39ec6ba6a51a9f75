/* Rules at work: the compiled set, the lists and the book, kept level with the database. */
#include "app/rules_live_priv.h"
#include "rule/uses.h"
#include "store/stream.h"

enum { TEXTS_MAX = 1 << 30, ROWS_MAX = 64 << 20 };

static void free_set(tmg_rules_live *l)
{
    tmg_matcher_free(l->matcher);
    tmg_ruleset_let(l->set);
    tmg_lists_free(l->lists);
    tmg_arena_free(l->texts);
    l->matcher = NULL;
    l->set = NULL;
    l->lists = NULL;
    l->texts = NULL;
}

void tmg_rules_live_free(tmg_rules_live *l)
{
    if (l == NULL)
        return;
    free_set(l);
    tmg_book_free(l->book);
    tmg_arena_free(l->scratch);
    tmg_dict_free(l->dict);
    free(l);
}

static tmg_rules_live *live_new(void)
{
    tmg_rules_live *l = tmg_xcalloc(1, sizeof *l);

    l->dict = tmg_dict_new();
    l->book = tmg_book_new(l->dict);
    l->scratch = tmg_arena_new(ROWS_MAX);
    l->counter = -1;
    return l;
}

/* ---- the set ---- */

static bool looks_in_restricted(const tmg_rule_uses *u, const tmg_list_info *lists, size_t count)
{
    for (size_t i = 0; i < u->list_count; i++)
        for (size_t k = 0; k < count; k++)
            if (lists[k].restricted && tmg_span_eq(lists[k].name, u->lists[i]))
                return true;
    return false;
}

/* A rule that no longer reads - its list or post is gone - is left out; rule_read shows why. */
static bool read_working(const tmg_rule_version *v, const tmg_rule_lexicon *lex, tmg_arena *a,
                         const tmg_rule **ret)
{
    tmg_reading r;

    tmg_rules_read(v->text, lex, a, &r);
    if (tmg_reading_fails(&r) || r.rule_count != 1)
        return false;
    *ret = &r.rules[0];
    return true;
}

static tmg_rc build_set(tmg_centre *c, tmg_db *db, tmg_rules_live *next, tmg_err *err)
{
    tmg_arena *a = next->texts;
    tmg_rule_lexicon lex;
    tmg_list_info *lists;
    const tmg_rule **rules;
    tmg_rule_version *all;
    size_t list_count, count;

    TMG_TRY(tmg_rule_lexicon_read(c, db, a, &lex, err));
    TMG_TRY(tmg_list_all(db, a, &lists, &list_count, err));
    TMG_TRY(tmg_rule_versions_working(db, a, &all, &count, err));
    lex.today = INT32_MIN; /* what expired is ended by the clock, with a step and a leaf */
    rules = tmg_alloc_array(a, count + 1, sizeof(tmg_rule *));
    next->working = tmg_alloc_array(a, count + 1, sizeof *next->working);
    for (size_t i = 0; i < count; i++) {
        tmg_working *w = &next->working[next->count];
        tmg_rule_uses uses;

        if (!read_working(&all[i], &lex, a, &rules[next->count]))
            continue;
        tmg_rule_uses_of(rules[next->count], a, &uses);
        *w = (tmg_working){.version = all[i],
                           .rule = rules[next->count],
                           .restricted = looks_in_restricted(&uses, lists, list_count)};
        next->signals = next->signals || uses.signals;
        next->count++;
    }
    TMG_TRY(tmg_lists_load(db, &next->lists, err));
    TMG_TRY(tmg_ruleset_build(rules, next->count, next->dict, &next->set, err));
    next->matcher = tmg_matcher_new(next->set);
    return TMG_OK;
}

static tmg_rc renew_set(tmg_centre *c, tmg_db *db, tmg_rules_live *l, int64_t counter, tmg_err *err)
{
    tmg_rules_live next = {.dict = l->dict, .texts = tmg_arena_new(TEXTS_MAX)};
    tmg_rc rc = build_set(c, db, &next, err);

    if (rc != TMG_OK) {
        free_set(&next);
        return rc;
    }
    free_set(l);
    l->set = next.set;
    l->lists = next.lists;
    l->matcher = next.matcher;
    l->texts = next.texts;
    l->working = next.working;
    l->count = next.count;
    l->signals = next.signals;
    l->counter = counter;
    tmg_book_prepare(l->book, l->set);
    return TMG_OK;
}

/* ---- the book ---- */

typedef struct filling {
    tmg_rules_live *live;
    int offset_min;
    int64_t before_id;
} filling;

static tmg_rc enter_stored(void *ctx, const tmg_declaration *d, tmg_err *err)
{
    filling *f = ctx;
    tmg_row *rows;
    size_t count;

    (void)err;
    if (d->id >= f->before_id)
        return TMG_OK;
    tmg_arena_reset(f->live->scratch);
    count = tmg_rows_of(f->live->dict, d, f->offset_min, f->live->scratch, &rows);
    tmg_book_enter(f->live->book, rows, count);
    f->live->declaration_id = d->id;
    return TMG_OK;
}

static void enter_result(void *ctx, const tmg_result_brief *r)
{
    filling *f = ctx;

    tmg_book_result(f->live->book, r->consignment_id, r->known_at_ms, r->fraud || r->critical);
    f->live->result_id = r->id;
}

static tmg_rc newest_below(tmg_db *db, int64_t before_id, int64_t *ret_declaration, int64_t *ret_result,
                           tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db,
                    "SELECT coalesce((SELECT max(id) FROM declaration WHERE id < $1), 0), "
                    "coalesce((SELECT max(id) FROM result), 0)",
                    &s, err));
    tmg_bind_i64(s, 1, before_id);
    TMG_TRY(tmg_step(s, &row, err));
    *ret_declaration = row ? tmg_col_i64(s, 0) : 0;
    *ret_result = row ? tmg_col_i64(s, 1) : 0;
    tmg_reset(s);
    return TMG_OK;
}

/* A transaction whose declarations the book already holds was lost: it is filled again from what is stored.
 */
static void begin_book_again(tmg_rules_live *l)
{
    tmg_book_free(l->book);
    l->book = tmg_book_new(l->dict);
    l->declaration_id = l->result_id = 0;
    if (l->set != NULL)
        tmg_book_prepare(l->book, l->set);
    if (l->asked != NULL)
        tmg_values_prepare(l->asked, l->book);
}

/* Enters what is stored below before_id. */
static tmg_rc catch_up(tmg_centre *c, tmg_db *db, tmg_rules_live *l, int64_t before_id, tmg_err *err)
{
    filling f = {l, c->settings.offset_min, before_id};
    int64_t declaration, result;

    TMG_TRY(newest_below(db, before_id, &declaration, &result, err));
    if (declaration < l->declaration_id || result < l->result_id)
        begin_book_again(l);
    if (declaration > l->declaration_id)
        TMG_TRY(tmg_declaration_each(db, l->declaration_id, enter_stored, &f, err));
    if (result > l->result_id)
        TMG_TRY(tmg_result_brief_each(db, l->result_id, enter_result, &f, err));
    return TMG_OK;
}

/* Models that are asked ask the book too. */
static void notice_models(const tmg_centre *c, tmg_rules_live *l)
{
    const tmg_values *asked = c->serving != NULL && c->serving->count > 0 ? c->serving->history : NULL;

    if (asked != NULL && asked != l->asked)
        tmg_values_prepare(asked, l->book);
    l->asked = asked;
}

static tmg_rc renew_if_changed(tmg_centre *c, tmg_db *db, tmg_rules_live *l, tmg_err *err)
{
    int64_t counter;

    TMG_TRY(tmg_rules_counter(db, &counter, err));
    return counter != l->counter ? renew_set(c, db, l, counter, err) : TMG_OK;
}

tmg_rc tmg_rules_live_of(tmg_centre *c, tmg_db *db, int64_t before_id, tmg_rules_live **ret, tmg_err *err)
{
    if (c->rules == NULL)
        c->rules = live_new();
    TMG_TRY(renew_if_changed(c, db, c->rules, err));
    notice_models(c, c->rules);
    *ret = c->rules;
    /* Nobody asks the book anything; it is filled when a rule or a model comes. */
    if (c->rules->count == 0 && c->rules->asked == NULL)
        return TMG_OK;
    TMG_TRY(catch_up(c, db, c->rules, before_id > c->rules->declaration_id ? before_id : INT64_MAX, err));
    return TMG_OK;
}

tmg_rc tmg_rules_sync(tmg_centre *c, tmg_db *db, tmg_err *err)
{
    tmg_rules_live *l;

    return tmg_rules_live_of(c, db, INT64_MAX, &l, err);
}

tmg_rc tmg_rules_notice(tmg_centre *c, tmg_db *db, tmg_err *err)
{
    int64_t declaration, result;

    if (c->rules == NULL)
        return TMG_OK;
    TMG_TRY(newest_below(db, INT64_MAX, &declaration, &result, err));
    if (declaration < c->rules->declaration_id || result < c->rules->result_id)
        begin_book_again(c->rules);
    return TMG_OK;
}

void tmg_rules_learn(tmg_centre *c, const tmg_result *r)
{
    /* Without rules and models the book is not kept; after a gap it catches up by itself. */
    if (c->rules == NULL || (c->rules->count == 0 && c->rules->asked == NULL) ||
        r->id != c->rules->result_id + 1)
        return;
    tmg_book_result(c->rules->book, r->consignment_id, r->known_at_ms,
                    r->found[TMG_FRAUD] == TMG_FOUND_YES || r->found[TMG_CRITICAL] == TMG_FOUND_YES);
    c->rules->result_id = r->id;
}
