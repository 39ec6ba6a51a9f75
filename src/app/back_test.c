/* One run of a rule over the stored history. */
#include "app/back_test_priv.h"

enum { REPORT_MAX = 4 << 20, DAYS_BACK = 365, PPB_PER_MICRO = 1000 };

/* ---- senses, as of then ---- */

static bool probability(void *ctx, const tmg_row *row, tmg_harm harm, int64_t *ret)
{
    const tmg_past_one *one = tmg_trials_find(((tmg_trial *)ctx)->trials, row->declaration_id);

    if (one == NULL || !one->assessed)
        return false;
    *ret = one->ppb[harm] / PPB_PER_MICRO;
    return true;
}

static bool signal_seen(void *ctx, const tmg_row *row, tmg_span kind, int64_t within_ms, bool *ret)
{
    const tmg_trial *t = ctx;
    size_t low = 0, high = t->signal_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (t->signals[middle].consignment_id < row->consignment_id)
            low = middle + 1;
        else
            high = middle;
    }
    *ret = false;
    for (; low < t->signal_count && t->signals[low].consignment_id == row->consignment_id; low++)
        *ret = *ret || (t->signals[low].known_ms <= row->at_ms && tmg_span_eq(t->signals[low].kind, kind) &&
                        t->signals[low].happened_ms > row->at_ms - within_ms);
    return true;
}

static tmg_rc read_signals(tmg_trial *t, tmg_err *err)
{
    size_t room = 0;
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(
        t->db, "SELECT consignment_id, kind, happened_ms, known_at_ms FROM signal ORDER BY consignment_id",
        &s, err));
    for (;;) {
        bool row = false;

        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        if (t->signal_count == room) {
            tmg_trial_signal *more = tmg_alloc_array(t->arena, room = 2 * room + 256, sizeof *more);

            if (t->signal_count > 0)
                memcpy(more, t->signals, t->signal_count * sizeof *more);
            t->signals = more;
        }
        t->signals[t->signal_count++] =
            (tmg_trial_signal){.consignment_id = tmg_col_i64(s, 0),
                               .kind = tmg_span_copy(t->arena, tmg_col_text(s, 1)),
                               .happened_ms = tmg_col_i64(s, 2),
                               .known_ms = tmg_col_i64(s, 3)};
    }
}

static tmg_rc prepare_senses(tmg_trial *t, tmg_err *err)
{
    tmg_rule_uses_of(t->rule, t->arena, &t->uses);
    if (t->uses.signals)
        TMG_TRY(read_signals(t, err));
    if (t->uses.probabilities)
        TMG_TRY(tmg_trials_assessments(t->trials, t->db, err));
    TMG_TRY(tmg_lists_load(t->db, &t->lists, err));
    t->sight = (tmg_book_sight){.book = t->trials->book, .lists = t->lists};
    tmg_book_senses(&t->sight, &t->senses);
    t->senses.probability = probability;
    t->senses.signal = signal_seen;
    TMG_TRY(tmg_ruleset_build(&t->rule, 1, t->trials->dict, &t->set, err));
    tmg_book_prepare(t->trials->book, t->set);
    return TMG_OK;
}

/* ---- counting ---- */

tmg_past_one *tmg_trial_first(const tmg_trial *t, const tmg_past_one *one)
{
    return tmg_trials_find(t->trials, one->consignment_id);
}

static bool in_period(const tmg_trial *t, const tmg_past_one *one)
{
    int32_t day = tmg_day_of(one->lodged_ms, t->centre->settings.offset_min);

    return day >= t->from_day && day <= t->to_day;
}

/* A consignment counts once, with the version it was first lodged as, where that lies in the period. */
static void count_period(tmg_trial *t)
{
    for (size_t i = 0; i < t->trials->count; i++) {
        const tmg_past_one *one = &t->trials->all[i];

        if (one->id != one->consignment_id || !in_period(t, one))
            continue;
        t->judged++;
        t->all_inspected += one->outcome != 0;
        t->all_found += one->fraud || one->critical;
    }
}

static void count_hit(tmg_trial *t, const tmg_past_one *consignment, uint32_t row)
{
    t->hits[t->hit_count++] = row;
    t->inspected += consignment->outcome != 0;
    t->found += consignment->fraud || consignment->critical;
    t->fraud += consignment->fraud;
    t->critical += consignment->critical;
}

/* Rows of one consignment need not be neighbours: a later version was lodged later. */
static void count_hits(tmg_trial *t)
{
    tmg_trials *all = t->trials;
    uint64_t *seen = tmg_xcalloc(all->count / 64 + 1, sizeof *seen);

    for (size_t w = 0; w < (t->rows + 63) / 64; w++)
        for (uint64_t left = t->bits[w]; left != 0; left &= left - 1) {
            size_t row = 64 * w + (size_t)__builtin_ctzll(left);
            const tmg_past_one *consignment = tmg_trial_first(t, &all->all[all->of_row[row]]);
            size_t at = consignment != NULL ? (size_t)(consignment - all->all) : all->of_row[row];

            if (!in_period(t, &all->all[at]) || (seen[at / 64] >> at % 64 & 1) != 0)
                continue;
            seen[at / 64] |= UINT64_C(1) << at % 64;
            count_hit(t, &all->all[at], (uint32_t)row);
        }
    free(seen);
}

static tmg_rc count_random(tmg_trial *t, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(
        t->db,
        "SELECT count(*), coalesce(sum(CASE WHEN r.found_fraud = 1 OR r.found_critical = 1 THEN 1 ELSE 0 "
        "END), 0) FROM selection s JOIN result r ON r.id = (SELECT max(x.id) FROM result x "
        "WHERE x.consignment_id = s.consignment_id) WHERE s.selected_by = $1 AND s.day BETWEEN $2 AND $3",
        &s, err));
    tmg_bind_i64(s, 1, TMG_BY_RANDOM);
    tmg_bind_i64(s, 2, t->from_day);
    tmg_bind_i64(s, 3, t->to_day);
    TMG_TRY(tmg_step(s, &row, err));
    t->random_inspected = row ? tmg_col_i64(s, 0) : 0;
    t->random_found = row ? tmg_col_i64(s, 1) : 0;
    tmg_reset(s);
    return TMG_OK;
}

/* ---- the run ---- */

static tmg_rc judge(tmg_trial *t, tmg_err *err)
{
    int64_t start = tmg_tick_us();

    TMG_TRY(prepare_senses(t, err));
    t->rows = tmg_history_count(t->trials->history);
    t->bits = tmg_alloc_array(t->arena, t->rows / 64 + 1, sizeof *t->bits);
    tmg_history_hits(t->trials->history, t->rule, &t->senses, t->bits, &t->rows_unknown);
    t->hits = tmg_alloc_array(t->arena, t->trials->count + 1, sizeof *t->hits);
    count_hits(t);
    t->took_us = tmg_tick_us() - start;
    count_period(t);
    TMG_TRY(count_random(t, err));
    TMG_TRY(tmg_trial_estimate(t, err));
    tmg_trial_missing(t);
    return tmg_trial_overlap(t, err);
}

static tmg_rc run(tmg_trial *t, const tmg_back_test_ask *ask, const tmg_actor *who, tmg_buf *report,
                  tmg_err *err)
{
    int64_t start = tmg_tick_us();

    TMG_TRY(tmg_trials_catch_up(t->trials, t->centre, t->db, ask, err));
    t->history_us = tmg_tick_us() - start;
    TMG_TRY(judge(t, err));
    return tmg_trial_report(t, tmg_span_of(who->account_id != 0 ? who->name : "console"), report, err);
}

static void take(const tmg_trial *t, const tmg_buf *report, tmg_arena *a, tmg_back_test *ret)
{
    ret->ran = true;
    ret->report = tmg_span_copy(a, tmg_buf_as_span(report));
    ret->judged = t->judged;
    ret->hits = (int64_t)t->hit_count;
    ret->inspected = t->inspected;
    ret->found = t->found;
    ret->fraud = t->fraud;
    ret->critical = t->critical;
    ret->unknown = (int64_t)t->rows_unknown;
    ret->took_us = t->took_us;
    ret->history_us = t->history_us;
}

static tmg_rc run_locked(tmg_trial *t, const tmg_back_test_ask *ask, const tmg_actor *who, tmg_arena *a,
                         tmg_back_test *ret, tmg_err *err)
{
    TMG_AUTO_ARENA scratch = tmg_arena_new((size_t)2 << 30);
    TMG_AUTO_BUF report = {0};

    tmg_buf_init(&report, REPORT_MAX);
    t->arena = scratch;
    pthread_mutex_lock(&t->trials->lock);
    tmg_rc rc = tmg_begin_read(t->db, err);

    if (rc == TMG_OK) {
        rc = run(t, ask, who, &report, err);
        tmg_rollback(t->db);
    }
    if (rc == TMG_OK)
        take(t, &report, a, ret);
    tmg_ruleset_let(t->set);
    tmg_lists_free(t->lists);
    pthread_mutex_unlock(&t->trials->lock);
    return rc;
}

tmg_rc tmg_back_test_run(tmg_centre *c, tmg_db *db, const tmg_actor *who, const tmg_back_test_ask *ask,
                         tmg_arena *a, tmg_back_test *ret, tmg_err *err)
{
    tmg_back_test made = {.to_day = ask->to_day != INT32_MIN ? ask->to_day : tmg_centre_today(c)};
    tmg_rule_lexicon lex;

    made.from_day = ask->from_day != INT32_MIN ? ask->from_day : made.to_day - DAYS_BACK;
    TMG_TRY(tmg_guard_may(who, TMG_MAY_RULE_WRITE, 0, err));
    if (made.from_day > made.to_day)
        return TMG_FAIL(err, TMG_E_INVALID, "from: the period would end before it begins");
    TMG_TRY(tmg_rule_lexicon_read(c, db, a, &lex, err));
    tmg_rules_read(ask->text, &lex, a, &made.reading);
    if (tmg_reading_fails(&made.reading)) {
        *ret = made;
        return TMG_OK;
    }
    if (made.reading.rule_count != 1)
        return TMG_FAIL(err, TMG_E_INVALID, "expected a text with one rule, found %zu: test them one by one",
                        made.reading.rule_count);
    made.name = made.reading.rules[0].name;
    made.hash = tmg_hash_text(&made.reading.rules[0].hash, a);
    tmg_trial t = {.trials = c->trials,
                   .centre = c,
                   .db = db,
                   .rule = &made.reading.rules[0],
                   .from_day = made.from_day,
                   .to_day = made.to_day};
    TMG_TRY(run_locked(&t, ask, who, a, &made, err));
    *ret = made;
    return TMG_OK;
}

/* ---- keeping ---- */

static tmg_rc attach(tmg_db *db, const tmg_back_test *t, int64_t id, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new((size_t)64 << 20);
    tmg_rule_version v;
    tmg_err why;
    tmg_rc rc = tmg_rule_version_find(db, t->name, 0, a, &v, &why);

    if (rc == TMG_E_NOT_FOUND)
        return TMG_OK;
    if (rc != TMG_OK) {
        *err = why;
        return rc;
    }
    if (!tmg_span_eq(v.hash, t->hash))
        return TMG_OK;
    if (v.state != TMG_RULE_DRAFT && v.state != TMG_RULE_SHADOW)
        return TMG_OK;
    return tmg_rule_version_attach(db, v.id, id, err);
}

tmg_rc tmg_back_test_keep(tmg_centre *c, tmg_db *db, const tmg_actor *who, const tmg_back_test *t,
                          tmg_span text, int64_t *ret_id, tmg_err *err)
{
    tmg_back_test_row row = {.made_ms = tmg_now_ms(),
                             .account_id = who->account_id,
                             .hash = t->hash,
                             .report = t->report,
                             .from_day = t->from_day,
                             .to_day = t->to_day};
    TMG_AUTO_BUF b = {0};
    tmg_json_out j;
    char object[96];

    (void)c;
    TMG_TRY(tmg_guard_may(who, TMG_MAY_RULE_WRITE, 0, err));
    if (!t->ran)
        return tmg_rule_log_protected(db, who, text, &t->reading, err);
    TMG_TRY(tmg_back_test_save(db, &row, ret_id, err));
    TMG_TRY(attach(db, t, *ret_id, err));
    tmg_buf_init(&b, 1 << 12);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    tmg_json_text(&j, "hash", t->hash);
    tmg_json_i64(&j, "back_test", *ret_id);
    tmg_json_i64(&j, "hits", t->hits);
    tmg_json_i64(&j, "inspected", t->inspected);
    tmg_json_i64(&j, "found", t->found);
    tmg_json_end_object(&j);
    (void)snprintf(object, sizeof object, "rule:%.*s", TMG_SPAN_ARG(tmg_utf8_cut(t->name, 72)));
    return tmg_guard_log(db, who, "rule.back_tested", object, tmg_members(&b), err);
}
