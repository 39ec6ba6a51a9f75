/* The report of a back-test, as JSON: written when it ran, and given out to those who may see it. */
#include "app/back_test_priv.h"

enum { PPM_SCALE = 6, WORDS_MAX = 1 << 16, LEAST_RANDOM = 20 };

/* ---- the report ---- */

static void write_ratio(tmg_json_out *j, const char *key, int64_t count, int64_t of)
{
    tmg_json_decimal(j, key, of > 0 ? count * 1000000 / of : 0, PPM_SCALE);
}

static void write_day(tmg_json_out *j, const char *key, int32_t day)
{
    TMG_AUTO_BUF b = {0};

    if (day == INT32_MIN) {
        tmg_json_null(j, key);
        return;
    }
    tmg_buf_init(&b, 32);
    tmg_day_write(&b, day);
    tmg_json_text(j, key, tmg_buf_as_span(&b));
}

static void write_estimate(tmg_json_out *j, const tmg_estimate *e)
{
    char words[160];

    if (e->rate.ppm == TMG_NONE) {
        tmg_json_null(j, "estimate");
        return;
    }
    (void)snprintf(
        words, sizeof words,
        "over all hits within reach of a draw (%lld), weighted by 1/propensity; it rests on %lld results",
        (long long)e->of, (long long)e->known);
    tmg_json_object(j, "estimate");
    tmg_ppm_write(j, "share", e->rate.ppm);
    tmg_ppm_write(j, "low", e->rate.low_ppm);
    tmg_ppm_write(j, "high", e->rate.high_ppm);
    tmg_json_z(j, "words", words);
    tmg_json_end_object(j);
}

static void write_rates(tmg_json_out *j, const tmg_trial *t)
{
    bool by_chance = t->random_inspected >= LEAST_RANDOM;
    int64_t lift = by_chance ? tmg_lift_milli(t->found, t->inspected, t->random_found, t->random_inspected)
                             : tmg_lift_milli(t->found, t->inspected, t->all_found, t->all_inspected);

    tmg_json_i64(j, "declarations", t->judged);
    tmg_json_i64(j, "hits", (int64_t)t->hit_count);
    write_ratio(j, "hit_share", (int64_t)t->hit_count, t->judged);
    tmg_json_i64(j, "inspected", t->inspected);
    tmg_json_object(j, "precision");
    tmg_rate_write(j, "any", "share", t->found, t->inspected);
    tmg_rate_write(j, "fraud", "share", t->fraud, t->inspected);
    tmg_rate_write(j, "critical", "share", t->critical, t->inspected);
    tmg_json_end_object(j);
    tmg_rate_write(j, "random", "share", t->random_found, t->random_inspected);
    tmg_rate_write(j, "inspected_all", "share", t->all_found, t->all_inspected);
    if (lift == TMG_NONE)
        tmg_json_null(j, "lift");
    else
        tmg_json_decimal(j, "lift", lift, 3);
    write_estimate(j, &t->estimate);
}

static void write_overlap(tmg_json_out *j, const tmg_trial *t)
{
    tmg_json_array(j, "overlap");
    for (size_t i = 0; i < t->shared_count && t->shared[i].shared > 0; i++) {
        const tmg_shared_hits *s = &t->shared[i];

        tmg_json_object(j, NULL);
        tmg_json_text(j, "name", s->version.name);
        tmg_json_i64(j, "version", s->version.version);
        tmg_json_text(j, "title", s->title);
        tmg_tongues_write(j, "title_in", s->title_in);
        tmg_json_i64(j, "shared", s->shared * (int64_t)t->hit_count / (int64_t)t->shared_of);
        write_ratio(j, "share", s->shared, (int64_t)t->shared_of);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
}

static void write_unknown(tmg_json_out *j, const tmg_trial *t)
{
    tmg_json_object(j, "unknown");
    tmg_json_i64(j, "count", (int64_t)t->rows_unknown);
    write_ratio(j, "share", (int64_t)t->rows_unknown, (int64_t)t->rows);
    tmg_json_array(j, "facts");
    for (size_t i = 0; i < t->missing_count; i++) {
        tmg_json_object(j, NULL);
        tmg_json_z(j, "fact", t->missing[i].fact);
        tmg_json_i64(j, "count", t->missing[i].count);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
    tmg_json_end_object(j);
}

static void write_words(tmg_json_out *j, const tmg_trial *t)
{
    tmg_json_array(j, "words");
    if (t->random_inspected >= LEAST_RANDOM)
        tmg_json_z(j, NULL, "lift is over the random share of the same days");
    else
        tmg_json_z(
            j, NULL,
            "too few random inspections in these days: lift is over everything inspected, which is no fair "
            "sample of what passes");
    if (t->uses.probabilities)
        tmg_json_z(j, NULL, "p() is what the centre thought when it first assessed each declaration");
    if (t->uses.repeats)
        tmg_json_z(j, NULL, "repeats is not kept with old assessments: it counts as unknown here");
    if (t->rows_unknown > 0)
        tmg_json_z(j, NULL, "unknown counts items of the whole stored history; unknown is never a hit");
    if (t->hit_count > TMG_MOST_LOOKED_AT)
        tmg_json_z(j, NULL, "overlap was counted on a sample of the hits, spread evenly over them");
    tmg_json_end_array(j);
}

static tmg_rc ref_of(tmg_db *db, int64_t declaration_id, tmg_arena *a, tmg_span *ret, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db, "SELECT ref FROM declaration WHERE id = $1", &s, err));
    tmg_bind_i64(s, 1, declaration_id);
    TMG_TRY(tmg_step(s, &row, err));
    *ret = row ? tmg_span_copy(a, tmg_col_text(s, 0)) : TMG_SPAN("");
    tmg_reset(s);
    return TMG_OK;
}

static void write_words_in(tmg_json_out *j, tmg_trial *t, tmg_matcher *m, const tmg_row *row)
{
    tmg_span in[TMG_TONGUES];
    TMG_AUTO_BUF words = {0};

    tmg_buf_init(&words, WORDS_MAX);
    for (int i = 0; i < TMG_TONGUES; i++) {
        tmg_buf_clear(&words);
        tmg_ruleset_why_in(m, 0, (tmg_tongue)i, row, &t->senses, &words);
        in[i] = tmg_span_copy(t->arena, tmg_buf_as_span(&words));
    }
    tmg_tongues_write(j, "words_in", in);
}

static tmg_rc write_sample(tmg_json_out *j, tmg_trial *t, tmg_matcher *m, size_t hit, tmg_err *err)
{
    const tmg_past_one *one = &t->trials->all[t->trials->of_row[t->hits[hit]]];
    const tmg_past_one *consignment = tmg_trial_first(t, one);
    TMG_AUTO_BUF words = {0};
    tmg_span ref;
    tmg_row row;

    TMG_TRY(ref_of(t->db, one->id, t->arena, &ref, err));
    tmg_history_row(t->trials->history, t->hits[hit], &row);
    tmg_buf_init(&words, WORDS_MAX);
    tmg_ruleset_why(m, 0, &row, &t->senses, &words);
    tmg_json_object(j, NULL);
    tmg_json_i64(j, "consignment", one->consignment_id);
    tmg_json_text(j, "ref", ref);
    tmg_json_time(j, "lodged", one->lodged_ms, 0);
    tmg_json_text(j, "post", tmg_dict_text(t->trials->dict, one->post));
    tmg_json_i64(j, "item_no", row.item_no);
    if (consignment != NULL && consignment->outcome != 0)
        tmg_json_z(j, "outcome", tmg_outcome_name((tmg_outcome)consignment->outcome));
    else
        tmg_json_null(j, "outcome");
    tmg_json_text(j, "words", tmg_buf_as_span(&words));
    write_words_in(j, t, m, &row);
    tmg_json_end_object(j);
    return TMG_OK;
}

/* Hits are in the order of the history, so the newest are the last. */
static tmg_rc write_samples(tmg_json_out *j, tmg_trial *t, tmg_err *err)
{
    tmg_matcher *m = tmg_matcher_new(t->set);
    tmg_rc rc = TMG_OK;

    tmg_json_array(j, "samples");
    for (size_t i = 0; i < t->hit_count && i < TMG_MOST_SAMPLES && rc == TMG_OK; i++)
        rc = write_sample(j, t, m, t->hit_count - 1 - i, err);
    tmg_json_end_array(j);
    tmg_matcher_free(m);
    return rc;
}

tmg_rc tmg_trial_report(tmg_trial *t, tmg_span account, tmg_buf *b, tmg_err *err)
{
    tmg_json_out j;

    tmg_json_begin(&j, b);
    tmg_json_object(&j, NULL);
    tmg_json_text(&j, "hash", tmg_hash_text(&t->rule->hash, t->arena));
    tmg_json_text(&j, "name", t->rule->name);
    tmg_json_time(&j, "made", tmg_now_ms(), 0);
    tmg_json_text(&j, "account", account);
    write_day(&j, "from", t->from_day);
    write_day(&j, "to", t->to_day);
    write_rates(&j, t);
    write_overlap(&j, t);
    TMG_TRY(tmg_trial_workload(&j, t, err));
    write_unknown(&j, t);
    tmg_json_i64(&j, "took_us", t->took_us);
    tmg_json_i64(&j, "history_us", t->history_us);
    write_words(&j, t);
    TMG_TRY(write_samples(&j, t, err));
    tmg_json_end_object(&j);
    if (b->overflow)
        return TMG_FAIL(err, TMG_E_LIMIT, "the report grew too large: test a shorter period");
    return TMG_OK;
}

/* ---- giving it out ---- */

static bool sees(const tmg_actor *who, const tmg_post *posts, size_t count, tmg_span code)
{
    for (size_t i = 0; i < count; i++)
        if (tmg_span_eq(posts[i].code, code))
            for (size_t k = 0; k < who->post_count; k++)
                if (who->posts[k] == posts[i].id)
                    return true;
    return false;
}

static void copy_sample(tmg_json_out *j, const tmg_json *s)
{
    static const char *const texts[] = {"ref", "lodged", "post", "outcome", "words"};
    tmg_span in[TMG_TONGUES];

    tmg_json_object(j, NULL);
    tmg_json_i64(j, "consignment", tmg_json_as_i64(tmg_json_member(s, "consignment"), 0));
    tmg_json_i64(j, "item_no", tmg_json_as_i64(tmg_json_member(s, "item_no"), 0));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        tmg_json_text(j, texts[i], tmg_json_as_text(tmg_json_member(s, texts[i])));
    for (int i = 0; i < TMG_TONGUES; i++)
        in[i] =
            tmg_json_as_text(tmg_json_member(tmg_json_member(s, "words_in"), tmg_tongue_code((tmg_tongue)i)));
    tmg_tongues_write(j, "words_in", in);
    tmg_json_end_object(j);
}

static tmg_rc write_seen_samples(tmg_db *db, tmg_json_out *j, tmg_span report, const tmg_actor *who,
                                 tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 22);
    TMG_AUTO_JSON root = NULL;
    const tmg_json *samples;
    tmg_post *posts;
    size_t count;

    TMG_TRY(tmg_post_list(db, a, &posts, &count, err));
    TMG_TRY(tmg_json_read(report, &root, err));
    samples = tmg_json_member(root, "samples");
    tmg_json_array(j, "samples");
    for (size_t i = 0; i < tmg_json_count(samples); i++) {
        const tmg_json *s = tmg_json_at(samples, i);

        if (sees(who, posts, count, tmg_json_as_text(tmg_json_member(s, "post"))))
            copy_sample(j, s);
    }
    tmg_json_end_array(j);
    return TMG_OK;
}

tmg_rc tmg_back_test_write(tmg_db *db, tmg_json_out *j, const char *key, int64_t id, tmg_span report,
                           const tmg_actor *who, tmg_err *err)
{
    static const char last[] = ",\"samples\":[";
    const char *at = memmem(report.ptr, report.len, last, sizeof last - 1);
    tmg_span members;

    if (report.len < 2 || at == NULL)
        return TMG_FAIL(err, TMG_E_STORE, "the stored back-test %lld is damaged: run it again",
                        (long long)id);
    members = (tmg_span){report.ptr + 1, (size_t)(at - report.ptr) - 1};
    if (who->post_count == 0)
        members.len = report.len - 2;
    tmg_json_object(j, key);
    tmg_json_i64(j, "id", id);
    tmg_buf_char(j->to, ',');
    tmg_buf_span(j->to, members);
    if (who->post_count > 0)
        TMG_TRY(write_seen_samples(db, j, report, who, err));
    tmg_json_end_object(j);
    return TMG_OK;
}
