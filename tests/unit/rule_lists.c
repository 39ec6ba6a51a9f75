/* Lists: kept with their dates and versions, read as of any instant, and looked up in memory. */
#include "rule/rule.h"
#include "store_help.h"

enum { CLERK = 7 };

static void make(tmg_db *db, const char *name, const char *kind)
{
    tmg_err err;
    const tmg_list_info l = {.name = tmg_span_of(name),
                             .title = TMG_SPAN("a title"),
                             .kind = tmg_span_of(kind),
                             .owner = TMG_SPAN("desk"),
                             .restricted = true};
    must(tmg_list_make(db, &l, CLERK, &err), &err);
}

static void put(tmg_db *db, const char *list, const char *value, int64_t from_ms, int64_t until_ms)
{
    tmg_err err;
    const tmg_list_entry e = {
        .value = tmg_span_of(value), .note = TMG_SPAN("why"), .from_ms = from_ms, .until_ms = until_ms};
    must(tmg_list_add(db, tmg_span_of(list), &e, CLERK, &err), &err);
}

static bool is_on(const tmg_lists *l, const char *list, const char *value, int64_t at_ms)
{
    bool ret = false;
    assert_true(tmg_lists_has(l, tmg_span_of(list), tmg_span_of(value), at_ms, &ret));
    return ret;
}

static tmg_lists *load(tmg_db *db)
{
    tmg_lists *l = NULL;
    tmg_err err;
    must(tmg_lists_load(db, &l, &err), &err);
    return l;
}

static void an_entry_holds_from_then_until_then(void **state)
{
    TMG_AUTO_DB db = home_db(*state);
    make(db, "WATCH", "code");
    put(db, "WATCH", "C1", 1000, 2000);
    put(db, "WATCH", "C1", 3000, TMG_NONE);
    put(db, "WATCH", "C2", 1500, TMG_NONE);
    tmg_lists *l = load(db);
    assert_false(is_on(l, "WATCH", "C1", 999));
    assert_true(is_on(l, "WATCH", "C1", 1000));
    assert_false(is_on(l, "WATCH", "C1", 2000));
    assert_true(is_on(l, "WATCH", "C1", 9000));
    assert_true(is_on(l, "WATCH", "C2", 9000));
    assert_false(is_on(l, "WATCH", "C", 9000));
    assert_false(is_on(l, "WATCH", "c1", 9000));
    assert_false(is_on(l, "WATCH", "", 9000));
    bool ret = false;
    assert_false(tmg_lists_has(l, TMG_SPAN("NOWHERE"), TMG_SPAN("C1"), 9000, &ret));
    tmg_lists_free(l);
}

static void what_is_ended_stays_readable_as_of_before(void **state)
{
    home *h = *state;
    TMG_AUTO_DB db = home_db(h);
    tmg_list_entry *e = NULL;
    tmg_list_info *all = NULL;
    size_t n = 0;
    tmg_err err;

    make(db, "AEO", "code");
    put(db, "AEO", "C1", 1000, TMG_NONE);
    put(db, "AEO", "C2", 1000, TMG_NONE);
    must(tmg_list_end(db, TMG_SPAN("AEO"), TMG_SPAN("C1"), CLERK, &err), &err);
    must(tmg_list_entries(db, TMG_SPAN("AEO"), 5000, h->arena, &e, &n, &err), &err);
    assert_int_equal(n, 2);
    assert_true(tmg_span_is(e[0].value, "C1"));
    assert_true(tmg_span_is(e[0].note, "why"));
    assert_true(e[0].until_ms != TMG_NONE && e[1].until_ms == TMG_NONE);
    must(tmg_list_entries(db, TMG_SPAN("AEO"), tmg_now_ms() + 1, h->arena, &e, &n, &err), &err);
    assert_int_equal(n, 1);
    assert_true(tmg_span_is(e[0].value, "C2"));
    must(tmg_list_all(db, h->arena, &all, &n, &err), &err);
    assert_int_equal(n, 1);
    assert_int_equal(all[0].version, 4);
    assert_int_equal(all[0].entries, 1);
    assert_true(all[0].restricted);
    assert_true(tmg_span_is(all[0].kind, "code"));
    assert_int_equal(number(db, "SELECT count(*) FROM list_entry WHERE added_by = 7 AND ended_by = 7"), 1);
}

static void wrong_use_is_refused(void **state)
{
    TMG_AUTO_DB db = home_db(*state);
    tmg_err err;
    tmg_list_info l = {.name = TMG_SPAN("WATCH"), .kind = TMG_SPAN("code")};
    tmg_list_entry e = {.value = TMG_SPAN(" C1 "), .from_ms = 1000, .until_ms = TMG_NONE};

    assert_int_equal(tmg_list_add(db, l.name, &e, CLERK, &err), TMG_E_NOT_FOUND);
    make(db, "WATCH", "code");
    assert_int_equal(tmg_list_make(db, &l, CLERK, &err), TMG_E_CONFLICT);
    l.name = TMG_SPAN("TWO WORDS");
    assert_int_equal(tmg_list_make(db, &l, CLERK, &err), TMG_E_INVALID);
    l = (tmg_list_info){.name = TMG_SPAN("OTHER"), .kind = TMG_SPAN("numbers")};
    assert_int_equal(tmg_list_make(db, &l, CLERK, &err), TMG_E_INVALID);
    must(tmg_list_add(db, TMG_SPAN("WATCH"), &e, CLERK, &err), &err);
    e.value = TMG_SPAN("C1");
    assert_int_equal(tmg_list_add(db, TMG_SPAN("WATCH"), &e, CLERK, &err), TMG_E_CONFLICT);
    e.from_ms = 10;
    e.until_ms = 10;
    assert_int_equal(tmg_list_add(db, TMG_SPAN("WATCH"), &e, CLERK, &err), TMG_E_INVALID);
    e.until_ms = 1000; /* before the other begins */
    must(tmg_list_add(db, TMG_SPAN("WATCH"), &e, CLERK, &err), &err);
    e.value = TMG_SPAN("   ");
    assert_int_equal(tmg_list_add(db, TMG_SPAN("WATCH"), &e, CLERK, &err), TMG_E_INVALID);
    assert_int_equal(tmg_list_end(db, TMG_SPAN("WATCH"), TMG_SPAN("C9"), CLERK, &err), TMG_E_NOT_FOUND);
}

static void names_are_looked_up_by_sound(void **state)
{
    TMG_AUTO_DB db = home_db(*state);
    make(db, "EMPTY", "name");
    make(db, "SUBJECTS", "name");
    make(db, "ZONE", "code");
    put(db, "SUBJECTS", "Ceyhun Bağırlı", 1000, 2000);
    put(db, "SUBJECTS", "Kaspi Ulduz MMC", 1000, TMG_NONE);
    put(db, "SUBJECTS", "Орхан Дамирли", 1000, TMG_NONE);
    tmg_lists *l = load(db);
    assert_true(is_on(l, "SUBJECTS", "\"ULDUZ\" KASPI, LLC", 1500));
    assert_false(is_on(l, "SUBJECTS", "Kaspi Yulduz", 1500));

    int64_t micro = -1;
    tmg_span entry;
    assert_true(tmg_lists_likest(l, TMG_SPAN("SUBJECTS"), TMG_SPAN("Джейхун Багирлы"), 1500, &micro, &entry));
    assert_true(micro >= 950000);
    assert_true(tmg_span_is(entry, "Ceyhun Bağırlı"));
    assert_true(tmg_lists_likest(l, TMG_SPAN("SUBJECTS"), TMG_SPAN("Джейхун Багирлы"), 2500, &micro, &entry));
    assert_true(micro < 500000); /* it is on the list no more */
    assert_true(tmg_lists_likest(l, TMG_SPAN("SUBJECTS"), TMG_SPAN("Orxan Dəmirli"), 2500, &micro, &entry));
    assert_true(tmg_span_is(entry, "Орхан Дамирли"));
    assert_true(tmg_lists_likest(l, TMG_SPAN("EMPTY"), TMG_SPAN("Orxan Dəmirli"), 2500, &micro, &entry));
    assert_int_equal(micro, 0);
    assert_false(tmg_lists_likest(l, TMG_SPAN("ZONE"), TMG_SPAN("Orxan"), 2500, &micro, &entry));
    assert_false(tmg_lists_likest(l, TMG_SPAN("NONE"), TMG_SPAN("Orxan"), 2500, &micro, &entry));
    tmg_lists_free(l);
}

static void the_senses_answer_from_book_and_lists(void **state)
{
    TMG_AUTO_DB db = home_db(*state);
    tmg_dict *dict = tmg_dict_new();
    tmg_book_sight sight = {.book = tmg_book_new(dict), .lists = NULL};
    tmg_rule_senses senses = {0};
    tmg_row row = {.consignment_id = 1, .declaration_id = 1, .at_ms = 1500};
    bool ret = false;
    int64_t micro = 0;
    tmg_span entry;

    make(db, "AEO", "code");
    put(db, "AEO", "C1", 1000, 2000);
    tmg_book_senses(&sight, &senses);
    assert_null(senses.signal);
    assert_false(senses.listed(senses.ctx, &row, TMG_SPAN("AEO"), TMG_SPAN("C1"), &ret));
    sight.lists = load(db);
    assert_true(senses.listed(senses.ctx, &row, TMG_SPAN("AEO"), TMG_SPAN("C1"), &ret) && ret);
    assert_false(senses.name_like(senses.ctx, &row, TMG_SPAN("AEO"), TMG_SPAN("C1"), &micro, &entry));
    assert_false(senses.first(senses.ctx, &row, TMG_CF_CONSIGNEE, &ret));
    row.code[TMG_CF_CONSIGNEE] = tmg_dict_code(dict, TMG_SPAN("C1"));
    assert_true(senses.first(senses.ctx, &row, TMG_CF_CONSIGNEE, &ret) && ret);
    tmg_book_enter(sight.book, &row, 1);
    row.consignment_id = row.declaration_id = 2;
    row.at_ms++;
    assert_true(senses.first(senses.ctx, &row, TMG_CF_CONSIGNEE, &ret));
    assert_false(ret);
    tmg_book_free(sight.book);
    tmg_lists_free((tmg_lists *)(uintptr_t)sight.lists);
    tmg_dict_free(dict);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_HOME(an_entry_holds_from_then_until_then),
        IN_HOME(what_is_ended_stays_readable_as_of_before),
        IN_HOME(wrong_use_is_refused),
        IN_HOME(names_are_looked_up_by_sound),
        IN_HOME(the_senses_answer_from_book_and_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
