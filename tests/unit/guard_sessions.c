#include "guard_home.h"

typedef struct signed_in {
    tmg_session session;
    tmg_actor who;
} signed_in;

static signed_in enter(home *h)
{
    signed_in in;
    const tmg_span name = TMG_SPAN("leyla");
    assert_ok(h, tmg_account_add(h->db, name, TMG_SPAN("Leyla"), TMG_CHIEF, TMG_SPAN("a long enough secret"),
                                 NULL, 0, NULL, &h->err));
    assert_ok(h, tmg_session_open(h->db, name, true, TMG_SPAN("10.0.0.9"), &in.session, &in.who, &h->err));
    return in;
}

static tmg_rc actor_after(home *h, const signed_in *in, int64_t shift_ms)
{
    tmg_actor who;
    tmg_clock_shift(shift_ms);
    tmg_rc rc = tmg_session_actor(h->db, tmg_span_of(in->session.token), &who, NULL, NULL, &h->err);
    tmg_clock_shift(0);
    return rc;
}

static void the_cookie_leads_back_to_the_actor(void **state)
{
    home *h = *state;
    signed_in in = enter(h);
    tmg_actor who;
    char csrf[TMG_TOKEN_TEXT + 1];
    int64_t seen_ms;
    assert_ok(h, tmg_session_actor(h->db, tmg_span_of(in.session.token), &who, csrf, &seen_ms, &h->err));
    assert_int_equal(who.account_id, in.who.account_id);
    assert_string_equal(who.display, "Leyla");
    assert_int_equal(who.role, TMG_CHIEF);
    assert_string_equal(csrf, in.session.csrf);
    assert_true(seen_ms <= tmg_now_ms());
    assert_string_not_equal(in.session.token, in.session.csrf);
    assert_int_equal(strlen(in.session.token), 43);
}

static void a_wrong_cookie_is_nobody(void **state)
{
    home *h = *state;
    signed_in in = enter(h);
    tmg_actor who = {.name = "untouched"};
    in.session.token[7] = in.session.token[7] == 'A' ? 'B' : 'A';
    assert_int_equal(tmg_session_actor(h->db, tmg_span_of(in.session.token), &who, NULL, NULL, &h->err),
                     TMG_E_DENIED);
    assert_int_equal(tmg_session_actor(h->db, TMG_SPAN(""), &who, NULL, NULL, &h->err), TMG_E_DENIED);
    assert_int_equal(tmg_session_actor(h->db, (tmg_span){NULL, 0}, &who, NULL, NULL, &h->err), TMG_E_DENIED);
    assert_string_equal(who.name, "untouched");
}

static void an_hour_of_silence_ends_it(void **state)
{
    home *h = *state;
    signed_in in = enter(h);
    assert_ok(h, actor_after(h, &in, TMG_HOUR_MS - TMG_SECOND_MS * 10));
    assert_int_equal(actor_after(h, &in, TMG_HOUR_MS + TMG_SECOND_MS), TMG_E_DENIED);
}

static void a_touch_keeps_it_but_not_beyond_twelve_hours(void **state)
{
    home *h = *state;
    signed_in in = enter(h);
    for (int half_hours = 1; half_hours < 24; half_hours++) {
        tmg_clock_shift(half_hours * TMG_HOUR_MS / 2);
        tmg_rc rc = tmg_session_touch(h->db, tmg_span_of(in.session.token), &h->err);
        tmg_clock_shift(0);
        assert_ok(h, rc);
        assert_ok(h, actor_after(h, &in, half_hours * TMG_HOUR_MS / 2));
    }
    assert_int_equal(actor_after(h, &in, 12 * TMG_HOUR_MS), TMG_E_DENIED);
}

static void a_touch_does_not_wake_an_ended_session(void **state)
{
    home *h = *state;
    signed_in in = enter(h);
    tmg_clock_shift(2 * TMG_HOUR_MS);
    tmg_rc rc = tmg_session_touch(h->db, tmg_span_of(in.session.token), &h->err);
    tmg_clock_shift(0);
    assert_ok(h, rc);
    assert_int_equal(actor_after(h, &in, 2 * TMG_HOUR_MS), TMG_E_DENIED);
}

static void signing_out_ends_it_and_is_logged_once(void **state)
{
    home *h = *state;
    signed_in in = enter(h);
    int64_t before, after;
    assert_ok(h, tmg_guard_size(h->db, &before, &h->err));
    assert_ok(h, tmg_session_close(h->db, &in.who, tmg_span_of(in.session.token), &h->err));
    assert_ok(h, tmg_session_close(h->db, &in.who, tmg_span_of(in.session.token), &h->err));
    assert_ok(h, tmg_guard_size(h->db, &after, &h->err));
    assert_int_equal(after, before + 1);
    assert_int_equal(actor_after(h, &in, 0), TMG_E_DENIED);
}

static void closing_the_account_ends_its_sessions(void **state)
{
    home *h = *state;
    signed_in in = enter(h);
    assert_ok(h, tmg_account_close(h->db, TMG_SPAN("leyla"), &h->err));
    assert_int_equal(actor_after(h, &in, 0), TMG_E_DENIED);
}

static void a_closed_account_has_no_session_whatever_is_left(void **state)
{
    home *h = *state;
    signed_in in = enter(h);
    assert_ok(h, tmg_db_run(h->db, "UPDATE account SET closed_ms = 1", &h->err));
    assert_int_equal(actor_after(h, &in, 0), TMG_E_DENIED);
}

static void ended_sessions_are_swept_at_the_next_sign_in(void **state)
{
    home *h = *state;
    signed_in in = enter(h);
    tmg_stmt *s;
    bool row;
    tmg_clock_shift(2 * TMG_HOUR_MS);
    tmg_rc rc =
        tmg_session_open(h->db, TMG_SPAN("leyla"), true, TMG_SPAN("x"), &in.session, &in.who, &h->err);
    tmg_clock_shift(0);
    assert_ok(h, rc);
    assert_ok(h, tmg_sql(h->db, "SELECT count(*) FROM session", &s, &h->err));
    assert_ok(h, tmg_step(s, &row, &h->err));
    assert_int_equal(tmg_col_i64(s, 0), 1);
    tmg_reset(s);
}

static void the_token_itself_is_not_stored(void **state)
{
    home *h = *state;
    signed_in in = enter(h);
    tmg_stmt *s;
    bool row;
    assert_ok(h, tmg_sql(h->db, "SELECT count(*) FROM session WHERE token_hash = $1", &s, &h->err));
    tmg_bind_blob(s, 1, tmg_span_of(in.session.token));
    assert_ok(h, tmg_step(s, &row, &h->err));
    assert_int_equal(tmg_col_i64(s, 0), 0);
    tmg_reset(s);
}

static void the_csrf_token_must_be_sent_whole(void **state)
{
    (void)state;
    assert_true(tmg_csrf_fits("abc", TMG_SPAN("abc")));
    assert_false(tmg_csrf_fits("abc", TMG_SPAN("abd")));
    assert_false(tmg_csrf_fits("abc", TMG_SPAN("ab")));
    assert_false(tmg_csrf_fits("abc", TMG_SPAN("abcd")));
    assert_false(tmg_csrf_fits("abc", (tmg_span){NULL, 0}));
    assert_false(tmg_csrf_fits("", TMG_SPAN("")));
}

int main(void)
{
#define WITH_HOME(test) cmocka_unit_test_setup_teardown(test, home_make, home_drop)
    const struct CMUnitTest tests[] = {
        WITH_HOME(the_cookie_leads_back_to_the_actor),
        WITH_HOME(a_wrong_cookie_is_nobody),
        WITH_HOME(an_hour_of_silence_ends_it),
        WITH_HOME(a_touch_keeps_it_but_not_beyond_twelve_hours),
        WITH_HOME(a_touch_does_not_wake_an_ended_session),
        WITH_HOME(signing_out_ends_it_and_is_logged_once),
        WITH_HOME(closing_the_account_ends_its_sessions),
        WITH_HOME(a_closed_account_has_no_session_whatever_is_left),
        WITH_HOME(ended_sessions_are_swept_at_the_next_sign_in),
        WITH_HOME(the_token_itself_is_not_stored),
        cmocka_unit_test(the_csrf_token_must_be_sent_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
