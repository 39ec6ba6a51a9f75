/* The random draws of a centre, checked by a stranger with the published key: an honest centre passes, one
 * that cheats is found out although its log is whole and signed. */
#include "app/app.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

#include "guard/verify_priv.h"

enum { LODGED = 80 };

#define OK(call)                                                                                             \
    do {                                                                                                     \
        if ((call) != TMG_OK)                                                                                \
            fail_msg("%s: %s", #call, w->err.text);                                                          \
    } while (0)

typedef struct world {
    char folder[64], home[96], out[96];
    tmg_centre *centre;
    tmg_db *db;
    tmg_arena *arena;
    tmg_actor analyst, chief;
    tmg_err err;
} world;

static void lodge(world *w, int i)
{
    tmg_item item = {.no = 1,
                     .hs = TMG_SPAN("080610"),
                     .origin = TMG_SPAN("IR"),
                     .gross_mg = 120000000,
                     .net_mg = 100000000,
                     .packages = TMG_NONE,
                     .quantity_milli = TMG_NONE,
                     .value_minor = 50000 + i,
                     .tax_rate_bp = TMG_NONE,
                     .taxes_minor = TMG_NONE};
    char ref[16];
    (void)snprintf(ref, sizeof ref, "D-%03d", i);
    tmg_declaration d = {.ref = tmg_span_of(ref),
                         .lodged = {tmg_now_ms(), 240},
                         .expected_ms = TMG_NONE,
                         .regime = TMG_IMPORT,
                         .post = TMG_SPAN("AZ000001"),
                         .departure = TMG_SPAN("IR"),
                         .destination = TMG_SPAN("AZ"),
                         .currency = TMG_SPAN("AZN"),
                         .value_minor = TMG_NONE,
                         .gross_mg = TMG_NONE,
                         .taxes_minor = TMG_NONE,
                         .items = &item,
                         .item_count = 1};
    tmg_lodged l;
    int64_t source;
    OK(tmg_api_source(w->centre, w->db, &source, &w->err));
    OK(tmg_lodge_one(w->centre, w->db, &w->analyst, source, &d, NULL, w->arena, &l, &w->err));
    assert_true(l.selected);
}

static int set_up(void **state)
{
    world *w = tmg_xcalloc(1, sizeof *w);
    tmg_capacity cap = {6, 2, 2, 100000, 50000};
    tmg_post p = {.code = TMG_SPAN("AZ000001"), .name = TMG_SPAN("one")};
    int64_t id;

    *state = w;
    (void)snprintf(w->folder, sizeof w->folder, "/tmp/tamga-unit-XXXXXX");
    assert_non_null(mkdtemp(w->folder));
    (void)snprintf(w->home, sizeof w->home, "%s/centre", w->folder);
    (void)snprintf(w->out, sizeof w->out, "%s/log", w->folder);
    OK(tmg_centre_make(w->home, "unit", false, 0, &w->err));
    OK(tmg_centre_open(w->home, &w->centre, &w->err));
    w->arena = tmg_arena_new(16 << 20);
    w->db = tmg_centre_db(w->centre);
    w->analyst = (tmg_actor){.account_id = 1, .role = TMG_ANALYST, .name = "analyst", .from = "test"};
    w->chief = (tmg_actor){.account_id = 2, .role = TMG_CHIEF, .name = "chief", .from = "test"};
    OK(tmg_begin(w->db, &w->err));
    OK(tmg_post_save(w->db, &p, &id, &w->err));
    OK(tmg_set_capacity(w->centre, w->db, &w->chief, p.code, INT32_MIN, &cap, &w->err));
    for (int i = 0; i < LODGED; i++)
        lodge(w, i);
    OK(tmg_commit(w->db, &w->err));
    return 0;
}

static int tear_down(void **state)
{
    world *w = *state;
    char command[160];

    tmg_clock_shift(0);
    tmg_centre_close(w->centre);
    tmg_arena_free(w->arena);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", w->folder);
    (void)!system(command);
    free(w);
    return 0;
}

/* The day ends: the centre states its draws, publishes the key, and the log goes out. */
static void end_day(world *w)
{
    tmg_clock_shift(TMG_DAY_MS);
    OK(tmg_begin(w->db, &w->err));
    OK(tmg_tick(w->centre, w->db, &w->err));
    OK(tmg_commit(w->db, &w->err));
    OK(tmg_guard_export(w->db, w->home, w->out, &w->err));
}

static tmg_rc verify(world *w, tmg_verify_report *r)
{
    return tmg_verify_folder(&(tmg_verify_request){.folder = w->out}, r, &w->err);
}

static void cheat(world *w, const char *sql, int least)
{
    OK(tmg_begin(w->db, &w->err));
    OK(tmg_db_run(w->db, sql, &w->err));
    assert_true(tmg_changes(w->db) >= least);
    OK(tmg_commit(w->db, &w->err));
}

static void assert_found_out(world *w, const char *words)
{
    tmg_verify_report r;
    end_day(w);
    if (verify(w, &r) == TMG_OK)
        fail_msg("the log was called whole; expected \"%s\"", words);
    if (strstr(w->err.text, words) == NULL)
        fail_msg("expected \"%s\" in \"%s\"", words, w->err.text);
}

static void an_honest_day_is_computed_again(void **state)
{
    world *w = *state;
    tmg_verify_report r;
    end_day(w);
    OK(verify(w, &r));
    assert_int_equal(r.days_stated, 1);
    assert_int_equal(r.draws_checked, LODGED);
}

static void a_friend_who_was_drawn_cannot_be_left_out(void **state)
{
    world *w = *state;
    /* Of those drawn the lowest draw, so that others have a place with a higher one. */
    cheat(w,
          "UPDATE selection SET lane = 1, selected_by = 1 WHERE consignment_id = (SELECT consignment_id FROM "
          "selection "
          "ORDER BY draw * 1000000 / (share_ppb + 1) LIMIT 1)",
          1);
    assert_found_out(w, "and left out, while");
}

static void nobody_is_said_to_be_drawn_who_was_not(void **state)
{
    world *w = *state;
    cheat(w,
          "UPDATE selection SET lane = 4, selected_by = 4 WHERE consignment_id = (SELECT consignment_id FROM "
          "selection "
          "ORDER BY draw DESC LIMIT 1)",
          1);
    assert_found_out(w, "but is said to be red by chance");
}

static void a_draw_cannot_be_made_up(void **state)
{
    world *w = *state;
    cheat(w,
          "UPDATE selection SET draw = draw + 1 WHERE consignment_id = (SELECT min(consignment_id) FROM "
          "selection)",
          1);
    assert_found_out(w, "is not the one that its key gives");
}

static void a_share_cannot_be_made_smaller(void **state)
{
    world *w = *state;
    cheat(w,
          "UPDATE selection SET share_ppb = 1 WHERE consignment_id = (SELECT max(consignment_id) FROM "
          "selection)",
          1);
    assert_found_out(w, "with less than the random share");
}

static void what_was_lodged_must_stand_for_the_draw(void **state)
{
    world *w = *state;
    cheat(w, "DELETE FROM selection WHERE consignment_id = (SELECT max(consignment_id) FROM selection)", 1);
    assert_found_out(w, "but did not stand for its draw");
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(an_honest_day_is_computed_again),        IN_WORLD(a_friend_who_was_drawn_cannot_be_left_out),
        IN_WORLD(nobody_is_said_to_be_drawn_who_was_not), IN_WORLD(a_draw_cannot_be_made_up),
        IN_WORLD(a_share_cannot_be_made_smaller),         IN_WORLD(what_was_lodged_must_stand_for_the_draw),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
