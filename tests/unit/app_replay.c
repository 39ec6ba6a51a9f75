/* The past lived through again: no example knows what came after it. */
#include "app/replay_priv.h"
#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

#define OK(call) assert_int_equal((call), TMG_OK)
#define DAY(n)   ((int64_t)(n)*TMG_DAY_MS)

enum { ROWS = 600 };

typedef struct past {
    tmg_declaration d[ROWS];
    tmg_item item[ROWS];
    tmg_result result[ROWS];
} past;

static const char *chains_path(tmg_arena *a)
{
    const char *share = NULL;
    tmg_err err;

    OK(tmg_share_find(a, &share, &err));
    return tmg_path_join(a, share, "chains.ini");
}

/* A consignment every four hours; each result is known two days after lodging. */
static void fill(past *p)
{
    static const char *const goods[] = {"291524", "610910", "852872", "080211"};
    static const char *const from[] = {"IR", "TR", "GE"};
    static const char *const traders[] = {"C1", "C2", "C3", "C4", "C5"};
    uint64_t state = 7;

    memset(p, 0, sizeof *p);
    for (int i = 0; i < ROWS; i++) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        unsigned r = (unsigned)(state >> 33);
        p->item[i] = (tmg_item){.no = 1,
                                .hs = tmg_span_of(goods[r % 4]),
                                .origin = tmg_span_of(from[r / 4 % 3]),
                                .gross_mg = TMG_NONE,
                                .net_mg = (int64_t)(r % 5 + 1) * 1000000,
                                .packages = TMG_NONE,
                                .quantity_milli = TMG_NONE,
                                .value_minor = 100000 + r % 7 * 1000,
                                .tax_rate_bp = TMG_NONE,
                                .taxes_minor = TMG_NONE};
        p->d[i] = (tmg_declaration){.ref = TMG_SPAN("R"),
                                    .lodged = {DAY(20000) + i * 4 * TMG_HOUR_MS, 0},
                                    .expected_ms = TMG_NONE,
                                    .regime = TMG_IMPORT,
                                    .departure = tmg_span_of(from[r / 4 % 3]),
                                    .value_minor = 100000,
                                    .gross_mg = TMG_NONE,
                                    .taxes_minor = TMG_NONE,
                                    .items = &p->item[i],
                                    .item_count = 1};
        p->d[i].party[TMG_CONSIGNEE].code = tmg_span_of(traders[r / 12 % 5]);
        p->d[i].party[TMG_CARRIER].code = tmg_span_of(traders[r / 60 % 3]);
        p->result[i] = (tmg_result){.happened_ms = p->d[i].lodged.at_ms + DAY(1),
                                    .known_at_ms = p->d[i].lodged.at_ms + DAY(2),
                                    .outcome = TMG_OUTCOME_NONE,
                                    .found = {r % 3 == 0, r % 11 == 0}};
    }
}

static void live(const past *p, tmg_replay *r)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    tmg_err err;

    OK(tmg_replay_begin(r, chains_path(a), 0, &err));
    for (int i = 0; i < ROWS; i++)
        tmg_replay_add(r, &p->d[i], p->d[i].lodged.at_ms, &p->result[i], true);
}

/* The way of a centre: everything that ever came is in the book before the first is judged. */
static void live_stored(past *p, tmg_replay *r)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    TMG_AUTO_ARENA rows_arena = tmg_arena_new(16 << 20);
    tmg_err err;

    OK(tmg_replay_begin(r, chains_path(a), 0, &err));
    for (int i = ROWS - 1; i >= 0; i--) {
        tmg_row *rows;
        p->d[i].id = p->d[i].consignment_id = i + 1;
        size_t count = tmg_rows_of(r->dict, &p->d[i], 0, rows_arena, &rows);
        tmg_book_enter(r->book, rows, count);
        tmg_book_result(r->book, i + 1, p->result[i].known_at_ms,
                        p->result[i].found[TMG_FRAUD] == TMG_FOUND_YES ||
                            p->result[i].found[TMG_CRITICAL] == TMG_FOUND_YES);
    }
    for (int i = 0; i < ROWS; i++)
        tmg_replay_add(r, &p->d[i], p->d[i].lodged.at_ms, &p->result[i], true);
}

static bool same_row(const tmg_replay *x, const tmg_replay *y, size_t i)
{
    for (int h = 0; h < TMG_HARMS; h++)
        if (memcmp(tmg_example_features(x, i, (tmg_harm)h), tmg_example_features(y, i, (tmg_harm)h),
                   x->schema.count * sizeof(float)) != 0)
            return false;
    return memcmp(x->example[i].thought, y->example[i].thought, sizeof x->example[i].thought) == 0;
}

/* Turns round every label that was not yet known when row `from` was lodged. */
static void turn_round(past *p, size_t from)
{
    for (size_t i = 0; i < ROWS; i++)
        if (p->result[i].known_at_ms > p->d[from].lodged.at_ms)
            for (int h = 0; h < TMG_HARMS; h++)
                p->result[i].found[h] = p->result[i].found[h] == TMG_FOUND_YES ? TMG_FOUND_NO : TMG_FOUND_YES;
}

static void test_later_labels_change_no_earlier_feature(void **state)
{
    static const size_t cuts[] = {0, 1, 50, 299, 598};
    static past was, other;
    tmg_replay x, y;

    (void)state;
    fill(&was);
    live(&was, &x);
    for (size_t c = 0; c < sizeof cuts / sizeof *cuts; c++) {
        bool differs = false;
        fill(&other);
        turn_round(&other, cuts[c]);
        live(&other, &y);
        for (size_t i = 0; i <= cuts[c]; i++)
            assert_true(same_row(&x, &y, i));
        /* And the same comparison sees labels that are allowed to matter. */
        for (size_t i = cuts[c] + 1; i < ROWS; i++)
            differs = differs || !same_row(&x, &y, i);
        assert_true(cuts[c] > 550 || differs);
        tmg_replay_done(&y);
    }
    tmg_replay_done(&x);
}

static void test_what_came_later_is_in_the_book_and_tells_nothing(void **state)
{
    static past was;
    tmg_replay x, y;
    size_t known = 0;

    (void)state;
    fill(&was);
    live(&was, &x);
    live_stored(&was, &y);
    size_t first = x.schema.count - tmg_values_count(x.history);
    for (size_t i = 0; i < ROWS; i++) {
        const float *row = tmg_example_features(&x, i, TMG_FRAUD);
        assert_true(same_row(&x, &y, i));
        for (size_t k = first; k < x.schema.count; k++)
            known += row[k] == row[k] && row[k] > 0 ? 1 : 0;
    }
    assert_true(known > ROWS * 10); /* and there was something to tell */
    tmg_replay_done(&x);
    tmg_replay_done(&y);
}

static void test_an_example_does_not_see_its_own_result(void **state)
{
    static past was;
    tmg_replay x, y;

    (void)state;
    fill(&was);
    live(&was, &x);
    was.result[300].found[TMG_FRAUD] = !was.result[300].found[TMG_FRAUD];
    was.result[300].known_at_ms = was.d[300].lodged.at_ms; /* known at the very instant of lodging */
    live(&was, &y);
    assert_true(same_row(&x, &y, 300));
    tmg_replay_done(&x);
    tmg_replay_done(&y);
}

static void test_labels_and_thoughts_are_kept(void **state)
{
    static past was;
    tmg_assessment as;
    tmg_replay x;

    (void)state;
    fill(&was);
    live(&was, &x);
    assert_int_equal(x.count, ROWS);
    for (size_t i = 0; i < ROWS; i++)
        for (int h = 0; h < TMG_HARMS; h++)
            assert_int_equal(x.example[i].found[h], was.result[i].found[h]);
    tmg_mind_assess(x.mind, &was.d[ROWS - 1], was.d[ROWS - 1].lodged.at_ms, &as);
    assert_int_equal(x.example[ROWS - 1].thought[TMG_FRAUD].raw_ppb, as.harm[TMG_FRAUD].raw_ppb);
    tmg_replay_done(&x);
}

static void test_a_file_out_of_order_is_refused(void **state)
{
    static const char text[] =
        "Declaration ID,Date,Office ID,Process Type,Import Type,Import Use,Payment Type,Mode of "
        "Transport,Declarant "
        "ID,Importer ID,Seller ID,Courier ID,HS6 Code,Country of Departure,Country of Origin,Tax Rate,Tax "
        "Type,Country of Origin Indicator,Net Mass,Item Price,Fraud,Critical Fraud\n"
        "1,2020-01-02,30,B,11,21,11,10,A,B,C,,440890,BE,BE,0.0,FEU1,G,108.0,372254.4,0,0\n"
        "2,2020-01-01,30,B,11,21,11,10,A,B,C,,440890,BE,BE,0.0,FEU1,G,108.0,372254.4,1,2\n";
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    char folder[] = "/tmp/tamga-unit-XXXXXX";
    tmg_intake_options o = {.mapping = "korea"};
    tmg_replay r;
    tmg_err err;
    const char *share = NULL;

    (void)state;
    assert_non_null(mkdtemp(folder));
    const char *path = tmg_path_join(a, folder, "rows.csv");
    OK(tmg_file_write(path, tmg_span_of(text), 0600, &err));
    OK(tmg_share_find(a, &share, &err));
    o.mapping_dir = tmg_path_join(a, share, "mappings");
    OK(tmg_replay_begin(&r, chains_path(a), 0, &err));
    assert_int_equal(tmg_replay_file(&r, path, &o, true, &err), TMG_E_INVALID);
    assert_non_null(strstr(err.text, "sort the file"));
    tmg_replay_done(&r);
    (void)unlink(path);
    (void)rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_later_labels_change_no_earlier_feature),
        cmocka_unit_test(test_what_came_later_is_in_the_book_and_tells_nothing),
        cmocka_unit_test(test_an_example_does_not_see_its_own_result),
        cmocka_unit_test(test_labels_and_thoughts_are_kept),
        cmocka_unit_test(test_a_file_out_of_order_is_refused),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
