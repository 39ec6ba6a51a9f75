#include "casework/flow.h"
#include "guard_home.h"

/* What the guards and follow-ups of a test say and saw. */
typedef struct desk {
    bool refuse;
    int asked, followed;
} desk;

static tmg_rc guard(void *ctx, tmg_db *db, const tmg_actor *who, const tmg_flow_item *item, tmg_span note,
                    tmg_err *err)
{
    desk *d = ctx;

    (void)db;
    (void)who;
    (void)item;
    (void)note;
    d->asked++;
    if (d->refuse)
        return TMG_FAIL(err, TMG_E_CONFLICT, "the scale is out of order");
    return TMG_OK;
}

static tmg_rc follow(void *ctx, tmg_db *db, const tmg_actor *who, const tmg_flow_item *item, tmg_err *err)
{
    (void)db;
    (void)who;
    (void)item;
    (void)err;
    ((desk *)ctx)->followed++;
    return TMG_OK;
}

static int64_t then_ms = TMG_NONE;

static tmg_rc moment(tmg_db *db, int64_t about_id, int64_t *ret_ms, tmg_err *err)
{
    (void)db;
    (void)about_id;
    (void)err;
    *ret_ms = then_ms;
    return TMG_OK;
}

#define GUARD(n)                                                                                             \
    {                                                                                                        \
        .name = (n), .guard = guard                                                                          \
    }
static const tmg_flow_words known[] = {GUARD("at_post"),
                                       GUARD("has_result"),
                                       GUARD("nothing_seized"),
                                       GUARD("has_seizure"),
                                       GUARD("two_witnesses"),
                                       GUARD("net_weighed"),
                                       GUARD("sealed_again"),
                                       GUARD("seal_checked"),
                                       GUARD("case_allows_destruction"),
                                       GUARD("legal_ground"),
                                       GUARD("need_to_know"),
                                       GUARD("tasks_done"),
                                       GUARD("has_disposition"),
                                       GUARD("feedback_given"),
                                       GUARD("other_hands"),
                                       GUARD("interval_free"),
                                       {.name = "tell_chief", .follow = follow},
                                       {.name = "retention_passed", .follow = follow},
                                       {.name = "open_case", .follow = follow},
                                       {.name = "control_again", .follow = follow},
                                       {.name = "target_over", .follow = follow},
                                       {.name = "arrival", .moment = moment, .kind = "order"},
                                       {.name = "dispatch_end", .moment = moment, .kind = "dispatch"}};
enum { KNOWN = sizeof known / sizeof known[0] };

static tmg_actor actor(int64_t id, tmg_role role)
{
    tmg_actor who = {.account_id = id, .role = role};

    snprintf(who.name, sizeof who.name, "a%d", (int)id);
    return who;
}

static tmg_flows *shipped(home *h)
{
    tmg_flows *f = NULL;
    const char *root = getenv("TAMGA_SOURCE");
    char path[4096];

    snprintf(path, sizeof path, "%s/config/workflows", root != NULL ? root : ".");
    assert_ok(h, tmg_flows_read(path, known, KNOWN, &f, &h->err));
    return f;
}

/* Puts a thing straight into a state, as a walk there would. */
static tmg_flow_item standing(home *h, const tmg_flows *f, tmg_span kind, int64_t about, tmg_span state,
                              tmg_arena *a)
{
    tmg_actor author = actor(1, TMG_ANALYST);
    tmg_flow_item item;
    tmg_stmt *s;

    assert_ok(h, tmg_flow_enter(f, h->db, &author, kind, about, 0, &item, a, &h->err));
    assert_ok(h, tmg_sql(h->db, "UPDATE flow_item SET state = $2 WHERE id = $1", &s, &h->err));
    tmg_bind_i64(s, 1, item.id);
    tmg_bind_text(s, 2, state);
    assert_ok(h, tmg_exec(s, &h->err));
    item.state = state;
    return item;
}

static bool starts_at(const tmg_flow_arrow *w, tmg_span state)
{
    for (size_t i = 0; i < w->from_count; i++)
        if (tmg_span_eq(w->from[i], state))
            return true;
    return false;
}

static tmg_role role_in(unsigned roles)
{
    for (int r = 1; r < TMG_ROLES; r++)
        if (roles >> r & 1u)
            return (tmg_role)r;
    return TMG_ROLE_NONE;
}

/* One arrow tried from one state: the way it is drawn works, every other is refused with its own code. */
static void try_arrow(home *h, const tmg_flows *f, tmg_span kind, const tmg_flow_arrow *w, tmg_span state,
                      int64_t *about)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    desk d = {0};
    tmg_actor right = actor(2, role_in(w->roles)), wrong = actor(3, role_in(~w->roles & ~1u));
    tmg_flow_item item = standing(h, f, kind, (*about)++, state, a);
    tmg_span note = TMG_SPAN("for a reason");

    if (!starts_at(w, state)) {
        assert_int_equal(tmg_flow_move(f, h->db, &right, &item, w->name, note, &d, a, &h->err),
                         TMG_E_CONFLICT);
        assert_true(tmg_span_eq(item.state, state));
        return;
    }
    assert_int_equal(tmg_flow_move(f, h->db, &wrong, &item, w->name, note, &d, a, &h->err), TMG_E_DENIED);
    if (w->roles == 0)
        return;
    if (w->needs_note)
        assert_int_equal(tmg_flow_move(f, h->db, &right, &item, w->name, TMG_SPAN(" "), &d, a, &h->err),
                         TMG_E_INVALID);
    if (w->four_eyes) {
        tmg_actor author = actor(1, right.role);
        assert_int_equal(tmg_flow_move(f, h->db, &author, &item, w->name, note, &d, a, &h->err),
                         TMG_E_DENIED);
        assert_non_null(strstr(h->err.text, "second person"));
    }
    if (w->guard_count > 0) {
        d.refuse = true;
        assert_int_equal(tmg_flow_move(f, h->db, &right, &item, w->name, note, &d, a, &h->err),
                         TMG_E_CONFLICT);
        assert_non_null(strstr(h->err.text, "scale"));
        d = (desk){0};
    }
    assert_ok(h, tmg_flow_move(f, h->db, &right, &item, w->name, note, &d, a, &h->err));
    assert_int_equal(d.asked, w->guard_count);
    assert_int_equal(d.followed, w->follow_count);
    tmg_flow_item now;
    assert_ok(h, tmg_flow_at(h->db, kind, item.about_id, a, &now, &h->err));
    assert_true(tmg_span_eq(now.state, w->to));
}

static void every_arrow_works_and_every_other_way_is_refused(void **state)
{
    home *h = *state;
    tmg_flows *f = shipped(h);
    const tmg_span *kinds;
    size_t kind_count = tmg_flow_kinds(f, &kinds);
    int64_t about = 1;

    assert_true(kind_count >= 5);
    assert_ok(h, tmg_begin(h->db, &h->err));
    for (size_t k = 0; k < kind_count; k++) {
        const tmg_flow_state *states;
        const tmg_flow_arrow *arrows;
        size_t state_count, arrow_count;

        assert_ok(h, tmg_flow_describe(f, kinds[k], &states, &state_count, &arrows, &arrow_count, &h->err));
        for (size_t w = 0; w < arrow_count; w++)
            for (size_t s = 0; s < state_count; s++)
                try_arrow(h, f, kinds[k], &arrows[w], states[s].name, &about);
    }
    assert_ok(h, tmg_commit(h->db, &h->err));
    tmg_flows_free(f);
}

static void a_step_is_kept_and_its_leaf_is_in_the_log(void **state)
{
    home *h = *state;
    tmg_flows *f = shipped(h);
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_actor chief = actor(7, TMG_CHIEF);
    desk d = {0};
    tmg_flow_item item;
    tmg_flow_step *past;
    size_t count;
    int64_t before, after;

    assert_ok(h, tmg_begin(h->db, &h->err));
    assert_ok(h, tmg_guard_size(h->db, &before, &h->err));
    assert_ok(h, tmg_flow_enter(f, h->db, &chief, TMG_SPAN("order"), 1, 0, &item, a, &h->err));
    assert_ok(h, tmg_flow_move(f, h->db, &chief, &item, TMG_SPAN("withdraw"), TMG_SPAN("wrong truck"), &d, a,
                               &h->err));
    assert_ok(h, tmg_guard_size(h->db, &after, &h->err));
    assert_int_equal(after - before, 2);
    assert_ok(h, tmg_flow_past(h->db, item.id, a, &past, &count, &h->err));
    assert_int_equal(count, 2);
    assert_true(tmg_span_is(past[1].from, "issued"));
    assert_true(tmg_span_is(past[1].to, "withdrawn"));
    assert_true(tmg_span_is(past[1].note, "wrong truck"));
    tmg_rollback(h->db);
    tmg_flows_free(f);
}

static void what_somebody_else_moved_meanwhile_is_not_moved_again(void **state)
{
    home *h = *state;
    tmg_flows *f = shipped(h);
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_actor team = actor(2, TMG_TEAM);
    desk d = {0};
    tmg_flow_item mine, theirs;

    assert_ok(h, tmg_begin(h->db, &h->err));
    assert_ok(h, tmg_flow_enter(f, h->db, &team, TMG_SPAN("order"), 1, 0, &mine, a, &h->err));
    theirs = mine;
    assert_ok(h, tmg_flow_move(f, h->db, &team, &theirs, TMG_SPAN("accept"), TMG_SPAN(""), &d, a, &h->err));
    assert_int_equal(tmg_flow_move(f, h->db, &team, &mine, TMG_SPAN("accept"), TMG_SPAN(""), &d, a, &h->err),
                     TMG_E_CONFLICT);
    assert_non_null(strstr(h->err.text, "somebody else"));
    tmg_rollback(h->db);
    tmg_flows_free(f);
}

static void overdue_work_is_told_once(void **state)
{
    home *h = *state;
    tmg_flows *f = shipped(h);
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_actor team = actor(2, TMG_TEAM);
    desk d = {0};
    tmg_flow_item item;
    size_t count;

    assert_ok(h, tmg_begin(h->db, &h->err));
    assert_ok(h, tmg_flow_enter(f, h->db, &team, TMG_SPAN("order"), 1, 0, &item, a, &h->err));
    assert_ok(h, tmg_flow_overdue(f, h->db, &team, item.due_ms - 1, &d, &count, &h->err));
    assert_int_equal(count, 0);
    assert_ok(h, tmg_flow_overdue(f, h->db, &team, item.due_ms, &d, &count, &h->err));
    assert_int_equal(count, 1);
    assert_int_equal(d.followed, 1);
    assert_ok(h, tmg_flow_overdue(f, h->db, &team, item.due_ms + 1, &d, &count, &h->err));
    assert_int_equal(count, 0);
    tmg_rollback(h->db);
    tmg_flows_free(f);
}

static void what_is_left_to_the_clock_ends_by_it(void **state)
{
    home *h = *state;
    tmg_flows *f = shipped(h);
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_actor chief = actor(7, TMG_CHIEF), centre = actor(9, TMG_ROLE_NONE);
    desk d = {0};
    tmg_flow_item item;
    size_t count;

    assert_ok(h, tmg_begin(h->db, &h->err));
    then_ms = tmg_now_ms() + TMG_HOUR_MS;
    assert_ok(h, tmg_flow_enter(f, h->db, &chief, TMG_SPAN("dispatch"), 1, 0, &item, a, &h->err));
    assert_ok(h, tmg_flow_move(f, h->db, &chief, &item, TMG_SPAN("order"), TMG_SPAN(""), &d, a, &h->err));
    assert_int_equal(item.due_ms, then_ms + 60 * TMG_SECOND_MS);
    /* It is prolonged: what was its end passes without a move. */
    then_ms += TMG_HOUR_MS;
    assert_ok(h, tmg_flow_overdue(f, h->db, &centre, item.due_ms, &d, &count, &h->err));
    assert_ok(h, tmg_flow_at(h->db, TMG_SPAN("dispatch"), 1, a, &item, &h->err));
    assert_true(tmg_span_is(item.state, "ordered"));
    assert_int_equal(item.due_ms, then_ms + 60 * TMG_SECOND_MS);
    d.refuse = true;
    assert_ok(h, tmg_flow_overdue(f, h->db, &centre, item.due_ms, &d, &count, &h->err));
    assert_ok(h, tmg_flow_at(h->db, TMG_SPAN("dispatch"), 1, a, &item, &h->err));
    assert_true(tmg_span_is(item.state, "ended"));
    then_ms = TMG_NONE;
    tmg_rollback(h->db);
    tmg_flows_free(f);
}

static void what_the_program_names_must_be_there(void **state)
{
    static const char *const states[] = {"issued", "nowhere", NULL}, *const arrows[] = {"accept", NULL},
                             *const fly[] = {"fly", NULL}, *const none[] = {NULL};
    home *h = *state;
    tmg_flows *f = shipped(h);
    tmg_flow_need need[] = {{"order", none, arrows},  {"case", none, none},   {"dispatch", none, none},
                            {"evidence", none, none}, {"target", none, none}, {"incident", none, none}};
    size_t count = tmg_flow_kinds(f, &(const tmg_span *){NULL});

    assert_ok(h, tmg_flows_need(f, need, count, &h->err));
    need[0].states = states;
    assert_int_equal(tmg_flows_need(f, need, count, &h->err), TMG_E_INVALID);
    assert_non_null(strstr(h->err.text, "the state nowhere is missing"));
    need[0] = (tmg_flow_need){"order", none, fly};
    assert_int_equal(tmg_flows_need(f, need, count, &h->err), TMG_E_INVALID);
    assert_non_null(strstr(h->err.text, "the arrow fly is missing"));
    need[0] = (tmg_flow_need){"orders", none, none};
    assert_int_equal(tmg_flows_need(f, need, count, &h->err), TMG_E_INVALID);
    assert_non_null(strstr(h->err.text, "nothing of the kind \"order\""));
    tmg_flows_free(f);
}

static void choices_say_why_not(void **state)
{
    home *h = *state;
    tmg_flows *f = shipped(h);
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_actor analyst = actor(2, TMG_ANALYST);
    desk d = {0};
    tmg_flow_item item;
    tmg_flow_choice *choice;
    size_t count;
    bool may_withdraw = false, may_not_accept = false;

    assert_ok(h, tmg_begin(h->db, &h->err));
    assert_ok(h, tmg_flow_enter(f, h->db, &analyst, TMG_SPAN("order"), 1, 0, &item, a, &h->err));
    assert_ok(h, tmg_flow_choices(f, h->db, &analyst, &item, &d, a, &choice, &count, &h->err));
    for (size_t i = 0; i < count; i++) {
        if (tmg_span_is(choice[i].arrow->name, "withdraw"))
            may_withdraw = choice[i].refusal.ptr == NULL;
        if (tmg_span_is(choice[i].arrow->name, "accept"))
            may_not_accept = choice[i].refusal.len > 0;
    }
    assert_true(may_withdraw);
    assert_true(may_not_accept);
    tmg_rollback(h->db);
    tmg_flows_free(f);
}

static void refused(home *h, const char *text, const char *word)
{
    char folder[128], path[160];
    tmg_flows *f = NULL;

    snprintf(folder, sizeof folder, "%s/flows", h->dir);
    snprintf(path, sizeof path, "%s/bad.ini", folder);
    assert_true(mkdir(folder, 0700) == 0 || access(folder, F_OK) == 0);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
    assert_int_equal(tmg_flows_read(folder, known, KNOWN, &f, &h->err), TMG_E_INVALID);
    if (strstr(h->err.text, word) == NULL)
        fail_msg("expected \"%s\" in: %s", word, h->err.text);
}

#define WORDS "words.en = a\nwords.az = a\nwords.ru = a\n"

static void a_bad_table_is_refused_with_the_reason(void **state)
{
    home *h = *state;

    refused(h, "[workflow]\nkind = x\nfirst = a\nfirst = b\n",
            "bad.ini:4: [workflow] says first a second time");
    refused(h,
            "[workflow]\nkind = x\nfirst = a\n[state a]\nwords.en = a\n[state b]\n" WORDS
            "[state a]\ndeadline = 2 d\n",
            "[state a] stands here a second time, after line 5");
    refused(h,
            "[workflow]\nkind = x\nfirst = a\n[state a]\n" WORDS "[state b]\n" WORDS "[arrow go]\n" WORDS
            "from = a\nto = b\nby_clock = yes\n",
            "the state a has no deadline");
    refused(h, "[workflow]\nkind = x\nfirst = a\n[state a]\n" WORDS "deadline = 2 d\ncounts_from = arrival\n",
            "the moment arrival has a meaning for the kind order alone");
    refused(h, "[workflow]\nkind = x\nfirst = gone\n[state a]\n" WORDS, "bad.ini:3: first = gone");
    refused(h, "[workflow]\nkind = x\nfirst = a\n[state a]\n" WORDS "[state b]\n" WORDS,
            "no arrow leads to the state b");
    refused(h, "[workflow]\nkind = x\nfirst = a\n[state a]\n" WORDS "deadline = soon\n",
            "expected a length of time");
    refused(h, "[workflow]\nkind = x\nfirst = a\n[state a]\nwords.en = a\nwords.az = a\n",
            "words.ru is missing");
    refused(h,
            "[workflow]\nkind = x\nfirst = a\n[state a]\n" WORDS "[state b]\n" WORDS "[arrow go]\n" WORDS
            "from = a\nto = b\nroles = king\n",
            "there is no role \"king\"");
    refused(h,
            "[workflow]\nkind = x\nfirst = a\n[state a]\n" WORDS "[state b]\n" WORDS "[arrow go]\n" WORDS
            "from = a\nto = b\nroles = chief\nguard = full_moon\n",
            "no guard \"full_moon\"");
    refused(h,
            "[workflow]\nkind = x\nfirst = a\n[state a]\n" WORDS "[state b]\n" WORDS "[arrow go]\n" WORDS
            "from = a\nto = b\n",
            "may be made by nobody");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_arrow_works_and_every_other_way_is_refused, home_make,
                                        home_drop),
        cmocka_unit_test_setup_teardown(a_step_is_kept_and_its_leaf_is_in_the_log, home_make, home_drop),
        cmocka_unit_test_setup_teardown(what_somebody_else_moved_meanwhile_is_not_moved_again, home_make,
                                        home_drop),
        cmocka_unit_test_setup_teardown(overdue_work_is_told_once, home_make, home_drop),
        cmocka_unit_test_setup_teardown(what_is_left_to_the_clock_ends_by_it, home_make, home_drop),
        cmocka_unit_test_setup_teardown(what_the_program_names_must_be_there, home_make, home_drop),
        cmocka_unit_test_setup_teardown(choices_say_why_not, home_make, home_drop),
        cmocka_unit_test_setup_teardown(a_bad_table_is_refused_with_the_reason, home_make, home_drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
