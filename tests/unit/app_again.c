/* A result moves what waits: at once where little waits, in slices that end where much does. */
#include "app/app.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#define OK(call) assert_int_equal((call), TMG_OK)

enum { MUCH = 900, LITTLE = 3, PATIENCE_MS = 60000 };

typedef struct world {
    char folder[64], home[96];
    tmg_centre *centre;
    tmg_arena *arena;
    tmg_actor analyst, team;
    int64_t source, first, at_ms;
    size_t open, moved; /* as last looked */
    bool owed, logged;
    atomic_int changed, finished; /* events heard */
    tmg_err err;
} world;

static void listen(void *ctx, const tmg_event *e)
{
    world *w = ctx;

    if (strcmp(e->type, "selection.changed") != 0)
        return;
    atomic_fetch_add(&w->changed, 1);
    if (memmem(e->data.ptr, e->data.len, "\"done\":true", 11) != NULL)
        atomic_fetch_add(&w->finished, 1);
}

static int set_up(void **state)
{
    world *w = tmg_xcalloc(1, sizeof *w);
    tmg_post p = {.code = TMG_SPAN("AZ000001"), .name = TMG_SPAN("AZ000001")};
    tmg_db *db;
    int64_t id;

    (void)snprintf(w->folder, sizeof w->folder, "/tmp/tamga-unit-XXXXXX");
    assert_non_null(mkdtemp(w->folder));
    (void)snprintf(w->home, sizeof w->home, "%s/centre", w->folder);
    OK(tmg_centre_make(w->home, "unit", false, 0, &w->err));
    OK(tmg_centre_open(w->home, &w->centre, &w->err));
    w->arena = tmg_arena_new(64 << 20);
    w->analyst = (tmg_actor){.account_id = 1, .role = TMG_ANALYST, .name = "analyst", .from = "test"};
    w->team = (tmg_actor){.account_id = 2, .role = TMG_TEAM, .name = "team", .from = "test"};
    w->at_ms = tmg_now_ms();
    db = tmg_centre_db(w->centre);
    OK(tmg_begin(db, &w->err));
    OK(tmg_post_save(db, &p, &id, &w->err));
    OK(tmg_source_begin(db, TMG_SPAN("test"), TMG_SPAN("json"), (tmg_span){0}, w->at_ms, &w->source,
                        &w->err));
    OK(tmg_commit(db, &w->err));
    tmg_centre_listen(w->centre, listen, w);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    world *w = *state;
    char command[160];

    tmg_centre_close(w->centre);
    tmg_arena_free(w->arena);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", w->folder);
    (void)!system(command);
    free(w);
    return 0;
}

static void lodge(world *w, tmg_db *db, int n)
{
    tmg_item item = {.no = 1,
                     .hs = TMG_SPAN("080610"),
                     .origin = TMG_SPAN("IR"),
                     .gross_mg = 120000000,
                     .net_mg = 100000000,
                     .packages = TMG_NONE,
                     .quantity_milli = TMG_NONE,
                     .value_minor = 50000,
                     .tax_rate_bp = TMG_NONE,
                     .taxes_minor = TMG_NONE};
    char ref[32];
    tmg_declaration d = {.lodged = {w->at_ms, 240},
                         .expected_ms = w->at_ms + (1 + n % 5) * TMG_DAY_MS,
                         .regime = TMG_IMPORT,
                         .post = TMG_SPAN("AZ000001"),
                         .departure = TMG_SPAN("IR"),
                         .destination = TMG_SPAN("AZ"),
                         .currency = TMG_SPAN("AZN"),
                         .value_minor = TMG_NONE,
                         .gross_mg = TMG_NONE,
                         .taxes_minor = TMG_NONE,
                         .party = {[TMG_CONSIGNEE] = {.code = TMG_SPAN("C-1")}},
                         .items = &item,
                         .item_count = 1};
    tmg_lodged l;

    (void)snprintf(ref, sizeof ref, "A-%d", n);
    d.ref = tmg_span_of(ref);
    OK(tmg_lodge_one(w->centre, db, &w->analyst, w->source, &d, NULL, w->arena, &l, &w->err));
    w->first = w->first == 0 ? l.consignment_id : w->first;
}

static void lodge_many(world *w, int count)
{
    tmg_db *db = tmg_centre_db(w->centre);
    tmg_writer *writer;

    OK(tmg_begin(db, &w->err));
    for (int i = 0; i < count; i++) {
        lodge(w, db, i);
        tmg_arena_reset(w->arena);
    }
    OK(tmg_commit(db, &w->err));
    OK(tmg_centre_start_writer(w->centre, &writer, &w->err));
}

static tmg_rc enter(void *ctx, tmg_db *db, tmg_err *err)
{
    world *w = ctx;
    tmg_result r = {.happened_ms = TMG_NONE,
                    .known_at_ms = TMG_NONE,
                    .outcome = TMG_OUTCOME_DRUGS,
                    .means = TMG_MEANS_XRAY,
                    .minutes = TMG_NONE,
                    .recovered_minor = TMG_NONE};
    tmg_moved moved;

    tmg_outcome_found(r.outcome, r.found);
    return tmg_enter_result(w->centre, db, &w->team, w->first, &r, &moved, err);
}

static int64_t number(tmg_db *db, const char *sql, int64_t at)
{
    tmg_stmt *s = NULL;
    bool row = false;
    tmg_err err;

    OK(tmg_sql(db, sql, &s, &err));
    if (at != 0)
        tmg_bind_i64(s, 1, at);
    OK(tmg_step(s, &row, &err));
    int64_t n = row ? tmg_col_i64(s, 0) : 0;
    tmg_reset(s);
    return n;
}

/* What still waits, and how much of it stands as judged after the result. */
static tmg_rc look(void *ctx, tmg_db *db, tmg_err *err)
{
    world *w = ctx;

    (void)err;
    w->open = (size_t)number(db, "SELECT count(*) FROM selection WHERE state IN (1, 2)", 0);
    w->moved = (size_t)number(db,
                              "SELECT count(*) FROM selection s WHERE s.state IN (1, 2) AND s.critical_ppb > "
                              "(SELECT min(a.critical_ppb) FROM assessment a WHERE a.declaration_id = $1)",
                              w->first);
    w->owed = number(db, "SELECT count(*) FROM setting WHERE name LIKE 'again:%'", 0) > 0;
    w->logged = number(db, "SELECT count(*) FROM log_leaf WHERE instr(entry, 'queue.reassessed') > 0", 0) > 0;
    return TMG_OK;
}

static void wait_until_done(world *w)
{
    for (int ms = 0; ms < PATIENCE_MS; ms += 5) {
        OK(tmg_centre_write(w->centre, look, w, &w->err));
        if (!w->owed)
            return;
        usleep(5000);
    }
    fail_msg("what was owed is still owed after %d ms", PATIENCE_MS);
}

static void test_little_moves_with_the_result(void **state)
{
    world *w = *state;

    lodge_many(w, LITTLE);
    OK(tmg_centre_write(w->centre, enter, w, &w->err));
    OK(tmg_centre_write(w->centre, look, w, &w->err));
    assert_false(w->owed);
    assert_int_equal(w->open, LITTLE - 1);
    assert_int_equal(w->moved, w->open);
    assert_int_equal(atomic_load(&w->changed), 0);
}

static void test_much_moves_in_slices_that_end(void **state)
{
    world *w = *state;

    lodge_many(w, MUCH);
    OK(tmg_centre_write(w->centre, enter, w, &w->err));
    wait_until_done(w);
    assert_int_equal(w->open, MUCH - 1);
    assert_int_equal(w->moved, w->open);
    assert_true(w->logged);
    assert_int_equal(atomic_load(&w->finished), 1);
}

static tmg_rc owe(void *ctx, tmg_db *db, tmg_err *err)
{
    (void)ctx;
    return tmg_setting_put(db, TMG_SPAN("again:"), TMG_SPAN("1 0 0 0"), err);
}

static tmg_rc tick(void *ctx, tmg_db *db, tmg_err *err)
{
    return tmg_tick(((world *)ctx)->centre, db, err);
}

/* As after a process that ended between two slices; another sweep had been asked for meanwhile. */
static void test_what_was_left_goes_on_with_the_clock(void **state)
{
    world *w = *state;

    lodge_many(w, LITTLE);
    OK(tmg_centre_write(w->centre, owe, w, &w->err));
    OK(tmg_centre_write(w->centre, tick, w, &w->err));
    wait_until_done(w);
    assert_int_equal(atomic_load(&w->finished), 2);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_little_moves_with_the_result),
        T(test_much_moves_in_slices_that_end),
        T(test_what_was_left_goes_on_with_the_clock),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
