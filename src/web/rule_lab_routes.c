/* The rule lab: checking while one types, back-tests, the leaderboard. */
#include "app/back_test.h"
#include "base/hash.h"
#include "web/rules_priv.h"

enum {
    ARENA_MAX = 256 << 20,
    FORMATTED_MAX = 1 << 20,
    EVENT_MAX = 1024,
    DAYS_BACK = 365,
    KG_SCALE = 6,
    TRIED_MS = 600000
};

/* ---- checking ---- */

static void write_checked(tmg_json_out *j, const tmg_reading *r)
{
    TMG_AUTO_BUF one = {0}, all = {0};

    tmg_buf_init(&one, FORMATTED_MAX);
    tmg_buf_init(&all, FORMATTED_MAX);
    tmg_json_array(j, "rules");
    for (size_t i = 0; i < r->rule_count; i++) {
        tmg_buf_clear(&one);
        tmg_rule_write(&one, &r->rules[i]);
        if (i > 0)
            tmg_buf_char(&all, '\n');
        tmg_buf_span(&all, tmg_buf_as_span(&one));
        tmg_json_object(j, NULL);
        tmg_write_rule_facts(j, "facts", &r->rules[i]);
        tmg_json_i64(j, "line", r->rules[i].line);
        tmg_json_text(j, "formatted", tmg_buf_as_span(&one));
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
    tmg_json_text(j, "formatted",
                  tmg_reading_fails(r) || all.overflow ? (tmg_span){NULL, 0} : tmg_buf_as_span(&all));
}

/* Whose try of which protected words; 0 when the text names none. */
static uint64_t try_of(const tmg_call *c, tmg_span text, const tmg_reading *r)
{
    TMG_AUTO_BUF words = {0};

    tmg_buf_init(&words, 1 << 16);
    tmg_rule_protected_words(text, r, &words);
    return words.len == 0 ? 0 : tmg_hash64((uint64_t)c->who.account_id, words.ptr, words.len) | 1;
}

static tmg_rc check_rule(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    tmg_span text = tmg_json_as_text(tmg_json_member(c->json, "text"));
    uint64_t *tried = ctx;
    tmg_rule_lexicon lex;
    tmg_reading reading;
    tmg_json_out j;

    TMG_TRY(tmg_rule_lexicon_read(c->site->centre, db, a, &lex, err));
    tmg_rules_read(text, &lex, a, &reading);
    *tried = try_of(c, text, &reading);
    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    tmg_write_rule_faults(&j, &reading);
    write_checked(&j, &reading);
    tmg_json_end_object(&j);
    return TMG_OK;
}

static bool was_tried(tmg_tried *t, uint64_t what)
{
    int64_t now = tmg_now_ms();

    for (size_t i = 0; i < TMG_TRIED; i++)
        if (t->last[i].what == what && t->last[i].at_ms > now - TRIED_MS)
            return true;
    t->last[t->next].what = what;
    t->last[t->next].at_ms = now;
    t->next = (t->next + 1) % TMG_TRIED;
    return false;
}

static tmg_rc log_try(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    tmg_span text = tmg_json_as_text(tmg_json_member(c->json, "text"));
    const uint64_t *tried = ctx;
    tmg_rule_lexicon lex;
    tmg_reading reading;

    if (was_tried(&c->site->tried, *tried))
        return TMG_OK;
    TMG_TRY(tmg_rule_lexicon_read(c->site->centre, db, a, &lex, err));
    tmg_rules_read(text, &lex, a, &reading);
    return tmg_rule_log_protected(db, &c->who, text, &reading, err);
}

static void rule_checked(tmg_call *c, void *ctx, tmg_rc rc, const tmg_err *err)
{
    const uint64_t *tried = ctx;

    if (rc != TMG_OK)
        tmg_call_fail(c, err);
    else if (*tried != 0)
        tmg_call_write(c, log_try, NULL, ctx);
    else
        tmg_call_send(c);
}

void tmg_do_rule_check(tmg_call *c)
{
    tmg_call_offload(c, check_rule, rule_checked, tmg_alloc(c->req->arena, sizeof(uint64_t)));
}

/* ---- back-tests ---- */

typedef struct testing {
    tmg_call *call;
    tmg_arena *arena;
    tmg_back_test_ask ask;
    tmg_back_test made;
    int64_t id;
} testing;

static void progress(void *ctx, int64_t done, int64_t of)
{
    const testing *t = ctx;
    tmg_buf *data = tmg_xcalloc(1, sizeof *data);
    tmg_json_out j;

    tmg_buf_init(data, EVENT_MAX);
    tmg_json_begin(&j, data);
    tmg_json_object(&j, NULL);
    tmg_json_text(&j, "tag", tmg_json_as_text(tmg_json_member(t->call->json, "tag")));
    tmg_json_i64(&j, "done", done);
    tmg_json_i64(&j, "of", of);
    tmg_json_end_object(&j);
    tmg_site_tell(t->call->site, "back_test.progress", data);
}

static tmg_rc run_test(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    testing *t = ctx;

    return tmg_back_test_run(c->site->centre, db, &c->who, &t->ask, t->arena, &t->made, err);
}

static tmg_rc keep_test(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    testing *t = ctx;

    return tmg_back_test_keep(c->site->centre, db, &c->who, &t->made, t->ask.text, &t->id, err);
}

static tmg_rc write_test(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    testing *t = ctx;
    tmg_json_out j;

    tmg_call_json(c, 201, &j);
    return tmg_back_test_write(db, &j, NULL, t->id, t->made.report, &c->who, err);
}

static void test_kept(tmg_call *c, void *ctx, tmg_rc rc, const tmg_err *err)
{
    testing *t = ctx;

    if (rc != TMG_OK)
        tmg_call_fail(c, err);
    else if (!t->made.ran)
        tmg_refuse_rule_text(c, &t->made.reading);
    else
        tmg_call_offload(c, write_test, NULL, t);
}

static void test_ran(tmg_call *c, void *ctx, tmg_rc rc, const tmg_err *err)
{
    if (rc != TMG_OK)
        tmg_call_fail(c, err);
    else
        tmg_call_write(c, keep_test, test_kept, ctx);
}

static bool read_day(tmg_call *c, const char *member, int32_t *ret)
{
    const tmg_json *day = tmg_json_member(c->json, member);
    tmg_err err;

    *ret = INT32_MIN;
    if (day == NULL || tmg_day_parse(tmg_json_as_text(day), ret, &err) == TMG_OK)
        return true;
    (void)tmg_err_within(&err, "%s", member);
    tmg_call_fail(c, &err);
    return false;
}

void tmg_do_rule_back_test(tmg_call *c)
{
    testing *t = tmg_alloc(c->req->arena, sizeof *t);

    (void)snprintf(c->object, sizeof c->object, "rule");
    t->call = c;
    t->arena = c->req->arena;
    t->ask = (tmg_back_test_ask){
        .text = tmg_json_as_text(tmg_json_member(c->json, "text")), .progress = progress, .progress_ctx = t};
    if (read_day(c, "from", &t->ask.from_day) && read_day(c, "to", &t->ask.to_day))
        tmg_call_trial(c, run_test, test_ran, t);
}

/* ---- the leaderboard ---- */

static void write_entry(tmg_json_out *j, const tmg_board *b, const tmg_board_entry *e)
{
    int64_t lift = tmg_lift_milli(e->found, e->inspected, b->random_found, b->random_inspected);

    tmg_json_object(j, NULL);
    tmg_json_z(j, "kind", e->by == 0 ? "rule" : "choice");
    tmg_json_text(j, "name", e->name);
    if (e->by == 0)
        tmg_json_i64(j, "version", e->version);
    else
        tmg_json_null(j, "version");
    tmg_json_text(j, "title", e->title.ptr != NULL ? e->title : TMG_SPAN(""));
    tmg_tongues_write(j, "title_in", e->title_in);
    tmg_json_text(j, "state",
                  e->state != 0 ? tmg_span_of(tmg_rule_state_name(e->state)) : (tmg_span){NULL, 0});
    tmg_json_i64(j, "hits", e->hits);
    tmg_json_i64(j, "inspected", e->inspected);
    tmg_json_i64(j, "fraud", e->fraud);
    tmg_json_i64(j, "critical", e->critical);
    tmg_rate_write(j, "rate", "share", e->found, e->inspected);
    tmg_json_decimal(j, "seized_kg", e->seized_mg, KG_SCALE);
    tmg_json_i64(j, "minutes", e->minutes);
    if (lift == TMG_NONE)
        tmg_json_null(j, "lift");
    else
        tmg_json_decimal(j, "lift", lift, 3);
    tmg_json_bool(j, "retire", e->retire);
    tmg_json_text(j, "words", e->words);
    tmg_json_end_object(j);
}

typedef struct period {
    int32_t from, to;
} period;

static tmg_rc read_board(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    const period *p = ctx;
    tmg_board b;
    tmg_json_out j;

    TMG_TRY(tmg_board_read(c->site->centre, db, p->from, p->to, a, &b, err));
    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    tmg_write_day(&j, "from", p->from);
    tmg_write_day(&j, "to", p->to);
    tmg_rate_write(&j, "random", "share", b.random_found, b.random_inspected);
    tmg_rate_write(&j, "inspected_all", "share", b.all_found, b.all_inspected);
    tmg_json_array(&j, "items");
    for (size_t i = 0; i < b.count; i++)
        write_entry(&j, &b, &b.entries[i]);
    tmg_json_end_array(&j);
    tmg_json_end_object(&j);
    return TMG_OK;
}

void tmg_do_rule_board(tmg_call *c)
{
    period *p = tmg_alloc(c->req->arena, sizeof *p);

    if (tmg_call_query_day(c, "to", tmg_centre_today(c->site->centre), &p->to) &&
        tmg_call_query_day(c, "from", p->to - DAYS_BACK, &p->from))
        tmg_call_offload(c, read_board, NULL, p);
}
