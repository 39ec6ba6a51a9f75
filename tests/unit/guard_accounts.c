#include "guard_home.h"

#include "store/records.h"

static const tmg_span good_password = {"a long enough secret", 20};

static void add(home *h, const char *name, tmg_role role)
{
    assert_ok(h, tmg_account_add(h->db, tmg_span_of(name), tmg_span_of(name), role, good_password, NULL, 0,
                                 NULL, &h->err));
}

/* As the door does it: the stored hash, the slow check, then the outcome. */
static tmg_rc sign_in(home *h, const char *name, tmg_span password, tmg_actor *who)
{
    tmg_span stored;
    tmg_session session;
    TMG_AUTO_ARENA a = tmg_arena_new(65536);
    assert_ok(h, tmg_account_secret(h->db, tmg_span_of(name), a, &stored, &h->err));
    return tmg_session_open(h->db, tmg_span_of(name), tmg_password_fits(stored, password),
                            TMG_SPAN("10.0.0.9"), &session, who, &h->err);
}

static int64_t log_size(home *h)
{
    int64_t size;
    assert_ok(h, tmg_guard_size(h->db, &size, &h->err));
    return size;
}

static void assert_last_entry_holds(home *h, const char *words)
{
    tmg_span *entries;
    size_t count;
    TMG_AUTO_ARENA a = tmg_arena_new(65536);
    assert_ok(h, tmg_guard_entries(h->db, log_size(h) - 1, 1, a, &entries, &count, &h->err));
    assert_int_equal(count, 1);
    if (strstr(tmg_span_z(a, entries[0]), words) == NULL)
        fail_msg("%s is not in %s", words, tmg_span_z(a, entries[0]));
}

static void the_right_password_gives_the_accounts_actor(void **state)
{
    home *h = *state;
    tmg_actor who;
    add(h, "leyla", TMG_CHIEF);
    assert_ok(h, sign_in(h, "leyla", good_password, &who));
    assert_int_equal(who.role, TMG_CHIEF);
    assert_string_equal(who.name, "leyla");
    assert_string_equal(who.from, "10.0.0.9");
    assert_int_equal(who.post_count, 0);
    assert_last_entry_holds(h, "\"action\":\"sign_in\"");
    assert_last_entry_holds(h, "\"from\":\"10.0.0.9\"");
}

static void every_refusal_says_the_same(void **state)
{
    home *h = *state;
    tmg_actor who;
    char wrong_password[480];
    add(h, "leyla", TMG_CHIEF);
    add(h, "samir", TMG_TEAM);
    assert_ok(h, tmg_account_close(h->db, TMG_SPAN("samir"), &h->err));

    assert_int_equal(sign_in(h, "leyla", TMG_SPAN("another long secret"), &who), TMG_E_DENIED);
    snprintf(wrong_password, sizeof wrong_password, "%s", h->err.text);
    assert_non_null(strstr(wrong_password, "the name or the password is wrong"));
    assert_last_entry_holds(h, "\"reason\":\"wrong_password\"");

    assert_int_equal(sign_in(h, "nobody", good_password, &who), TMG_E_DENIED);
    assert_string_equal(h->err.text, wrong_password);
    assert_last_entry_holds(h, "\"actor\":\"unknown\"");

    assert_int_equal(sign_in(h, "samir", good_password, &who), TMG_E_DENIED);
    assert_string_equal(h->err.text, wrong_password);
    assert_last_entry_holds(h, "\"reason\":\"closed\"");
}

static void an_unknown_name_never_fits(void **state)
{
    (void)state;
    assert_false(tmg_password_fits((tmg_span){NULL, 0}, good_password));
    assert_false(tmg_password_fits(TMG_SPAN(""), TMG_SPAN("")));
    assert_false(tmg_password_fits(TMG_SPAN("not a hash"), good_password));
}

static void five_failures_lock_for_five_minutes(void **state)
{
    home *h = *state;
    tmg_actor who;
    tmg_session s;
    add(h, "leyla", TMG_CHIEF);
    for (int i = 0; i < 5; i++)
        assert_int_equal(tmg_session_open(h->db, TMG_SPAN("leyla"), false, TMG_SPAN("x"), &s, &who, &h->err),
                         TMG_E_DENIED);
    assert_int_equal(tmg_session_open(h->db, TMG_SPAN("leyla"), true, TMG_SPAN("x"), &s, &who, &h->err),
                     TMG_E_DENIED);
    assert_last_entry_holds(h, "\"reason\":\"locked\"");
    tmg_clock_shift(5 * 60 * TMG_SECOND_MS + TMG_SECOND_MS);
    tmg_rc wrong = tmg_session_open(h->db, TMG_SPAN("leyla"), false, TMG_SPAN("x"), &s, &who, &h->err);
    tmg_rc right = tmg_session_open(h->db, TMG_SPAN("leyla"), true, TMG_SPAN("x"), &s, &who, &h->err);
    tmg_clock_shift(0);
    assert_int_equal(wrong, TMG_E_DENIED); /* one wrong try after the lock does not lock again */
    assert_ok(h, right);
}

static void a_success_starts_the_count_again(void **state)
{
    home *h = *state;
    tmg_actor who;
    tmg_session s;
    add(h, "leyla", TMG_CHIEF);
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 4; i++)
            assert_int_equal(
                tmg_session_open(h->db, TMG_SPAN("leyla"), false, TMG_SPAN("x"), &s, &who, &h->err),
                TMG_E_DENIED);
        assert_ok(h, tmg_session_open(h->db, TMG_SPAN("leyla"), true, TMG_SPAN("x"), &s, &who, &h->err));
    }
}

static void a_new_password_ends_sessions_and_locks(void **state)
{
    home *h = *state;
    tmg_actor who;
    tmg_session s;
    add(h, "leyla", TMG_CHIEF);
    assert_ok(h, tmg_session_open(h->db, TMG_SPAN("leyla"), true, TMG_SPAN("x"), &s, &who, &h->err));
    for (int i = 0; i < 5; i++)
        assert_int_equal(sign_in(h, "leyla", TMG_SPAN("another long secret"), &who), TMG_E_DENIED);
    assert_ok(h, tmg_account_set_password(h->db, TMG_SPAN("leyla"), TMG_SPAN("a quite new secret"), &h->err));
    assert_int_equal(tmg_session_actor(h->db, tmg_span_of(s.token), &who, NULL, NULL, &h->err), TMG_E_DENIED);
    assert_ok(h, sign_in(h, "leyla", TMG_SPAN("a quite new secret"), &who));
    assert_int_equal(sign_in(h, "leyla", good_password, &who), TMG_E_DENIED);
    assert_int_equal(tmg_account_set_password(h->db, TMG_SPAN("nobody"), good_password, &h->err),
                     TMG_E_NOT_FOUND);
}

static void bad_accounts_are_refused(void **state)
{
    home *h = *state;
    const tmg_span name = TMG_SPAN("leyla"), shown = TMG_SPAN("Leyla");
    char long_name[65];
    memset(long_name, 'a', 64);
    long_name[64] = '\0';
    const char *const names[] = {"", "Leyla", "two words", "os:root", "l\xc9\x99yla", "a\nb", long_name};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_int_equal(tmg_account_add(h->db, tmg_span_of(names[i]), shown, TMG_TEAM, good_password, NULL,
                                         0, NULL, &h->err),
                         TMG_E_INVALID);
    const tmg_span passwords[] = {TMG_SPAN("elevenbytes"), TMG_SPAN("\xff\xfe not utf-8 at all")};
    for (size_t i = 0; i < sizeof passwords / sizeof *passwords; i++)
        assert_int_equal(tmg_account_add(h->db, name, shown, TMG_TEAM, passwords[i], NULL, 0, NULL, &h->err),
                         TMG_E_INVALID);
    assert_int_equal(
        tmg_account_add(h->db, name, shown, TMG_ROLE_NONE, good_password, NULL, 0, NULL, &h->err),
        TMG_E_INVALID);
    assert_int_equal(
        tmg_account_add(h->db, name, TMG_SPAN(""), TMG_TEAM, good_password, NULL, 0, NULL, &h->err),
        TMG_E_INVALID);
    add(h, "leyla", TMG_TEAM);
    assert_int_equal(tmg_account_add(h->db, name, shown, TMG_TEAM, good_password, NULL, 0, NULL, &h->err),
                     TMG_E_CONFLICT);
}

static void posts_bound_what_an_account_sees(void **state)
{
    home *h = *state;
    tmg_actor who;
    int64_t ids[2];
    const tmg_post posts[] = {{.code = TMG_SPAN("AZ100"), .name = TMG_SPAN("North")},
                              {.code = TMG_SPAN("AZ200"), .name = TMG_SPAN("South")}};
    for (int i = 0; i < 2; i++)
        assert_ok(h, tmg_post_save(h->db, &posts[i], &ids[i], &h->err));
    const tmg_span codes[] = {TMG_SPAN("AZ200"), TMG_SPAN("AZ200")}, unknown = TMG_SPAN("AZ999");
    assert_int_equal(tmg_account_add(h->db, TMG_SPAN("rauf"), TMG_SPAN("Rauf"), TMG_TEAM, good_password,
                                     &unknown, 1, NULL, &h->err),
                     TMG_E_INVALID);
    assert_non_null(strstr(h->err.text, "AZ999"));
    assert_ok(h, tmg_account_add(h->db, TMG_SPAN("rauf"), TMG_SPAN("Rauf"), TMG_TEAM, good_password, codes, 2,
                                 NULL, &h->err));
    assert_ok(h, sign_in(h, "rauf", good_password, &who));
    assert_int_equal(who.post_count, 1);
    assert_int_equal(tmg_guard_may(&who, TMG_MAY_QUEUE_READ, ids[1], &h->err), TMG_OK);
    assert_int_equal(tmg_guard_may(&who, TMG_MAY_QUEUE_READ, ids[0], &h->err), TMG_E_DENIED);
}

static void the_list_shows_all_accounts(void **state)
{
    home *h = *state;
    tmg_account *list;
    size_t count;
    TMG_AUTO_ARENA a = tmg_arena_new(65536);
    add(h, "samir", TMG_TEAM);
    add(h, "leyla", TMG_AUDITOR);
    assert_ok(h, tmg_account_close(h->db, TMG_SPAN("samir"), &h->err));
    assert_int_equal(tmg_account_close(h->db, TMG_SPAN("samir"), &h->err), TMG_E_CONFLICT);
    assert_int_equal(tmg_account_close(h->db, TMG_SPAN("nobody"), &h->err), TMG_E_NOT_FOUND);
    assert_ok(h, tmg_account_list(h->db, a, &list, &count, &h->err));
    assert_int_equal(count, 2);
    assert_true(tmg_span_is(list[0].name, "leyla"));
    assert_int_equal(list[0].role, TMG_AUDITOR);
    assert_false(list[0].closed);
    assert_int_equal(list[0].posts.len, 0);
    assert_true(list[1].closed);
}

static void no_password_stands_in_the_database(void **state)
{
    home *h = *state;
    tmg_span stored;
    TMG_AUTO_ARENA a = tmg_arena_new(65536);
    add(h, "leyla", TMG_CHIEF);
    assert_ok(h, tmg_account_secret(h->db, TMG_SPAN("leyla"), a, &stored, &h->err));
    assert_true(tmg_span_starts(stored, "$argon2id$v=19$m=65536,"));
    assert_ok(h, tmg_account_secret(h->db, TMG_SPAN("nobody"), a, &stored, &h->err));
    assert_null(stored.ptr);
}

int main(void)
{
#define WITH_HOME(test) cmocka_unit_test_setup_teardown(test, home_make, home_drop)
    const struct CMUnitTest tests[] = {
        WITH_HOME(the_right_password_gives_the_accounts_actor),
        WITH_HOME(every_refusal_says_the_same),
        cmocka_unit_test(an_unknown_name_never_fits),
        WITH_HOME(five_failures_lock_for_five_minutes),
        WITH_HOME(a_success_starts_the_count_again),
        WITH_HOME(a_new_password_ends_sessions_and_locks),
        WITH_HOME(bad_accounts_are_refused),
        WITH_HOME(posts_bound_what_an_account_sees),
        WITH_HOME(the_list_shows_all_accounts),
        WITH_HOME(no_password_stands_in_the_database),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
