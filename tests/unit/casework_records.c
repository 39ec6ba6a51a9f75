/* Orders, seizures, custody and cases as their users meet them. */
#include "casework_home.h"

typedef struct desk {
    tmg_arena *a;
    tmg_flows *f;
    tmg_code_lists *codes;
    guards g;
    tmg_actor chief, team, other_team, investigator;
} desk;

static desk open_desk(home *h)
{
    desk d = {.a = tmg_arena_new(16 << 20),
              .chief = actor_of(2, TMG_CHIEF),
              .team = actor_of(3, TMG_TEAM),
              .other_team = actor_of(4, TMG_TEAM),
              .investigator = actor_of(5, TMG_INVESTIGATOR)};

    d.f = flows_of(h, d.a);
    d.codes = codes_of(h, d.a);
    add_substances(h);
    assert_ok(h, tmg_begin(h->db, &h->err));
    return d;
}

static void close_desk(home *h, desk *d)
{
    tmg_rollback(h->db);
    tmg_flows_free(d->f);
    tmg_code_lists_free(d->codes);
    tmg_arena_free(d->a);
}

static tmg_order issued(home *h, desk *d, int64_t consignment, unsigned means)
{
    tmg_order o = {
        .consignment_id = consignment, .post_id = 1, .words = TMG_SPAN("look behind the front wall")};

    assert_ok(h, tmg_order_issue(d->f, h->db, &d->chief, &o, means, d->a, &h->err));
    return o;
}

static tmg_step_done step(int64_t order, unsigned means, tmg_reaction reaction, const char *key)
{
    int64_t now = tmg_now_ms();

    return (tmg_step_done){.order_id = order,
                           .means = means,
                           .reaction = reaction,
                           .started_ms = now - 60000,
                           .ended_ms = now,
                           .client_key = tmg_span_of(key)};
}

static void steps_fill_the_plan_repeat_and_are_entered_once(void **state)
{
    home *h = *state;
    desk d = open_desk(h);
    tmg_order o = issued(h, &d, 17, TMG_MEANS_DOG | TMG_MEANS_XRAY | TMG_MEANS_UNLOADING);
    tmg_step_done *list;
    size_t count;
    bool fresh;

    static const struct {
        unsigned means;
        tmg_reaction reaction;
        const char *key;
    } done[] = {{TMG_MEANS_DOG, TMG_REACTION_SUSPECT, "k1"},
                {TMG_MEANS_XRAY, TMG_REACTION_SUSPECT, "k2"},
                {TMG_MEANS_UNLOADING, TMG_REACTION_NONE, "k3"},
                {TMG_MEANS_UNLOADING, TMG_REACTION_FOUND, "k4"}};
    tmg_step_done again = step(o.id, done[0].means, done[0].reaction, done[0].key);
    for (size_t i = 0; i < 4; i++) {
        tmg_step_done s = i == 0 ? again : step(o.id, done[i].means, done[i].reaction, done[i].key);
        assert_ok(h, tmg_step_enter(d.f, h->db, &d.team, &s, &d.g, &fresh, d.a, &h->err));
        assert_true(fresh);
    }
    assert_ok(h, tmg_step_enter(d.f, h->db, &d.team, &again, &d.g, &fresh, d.a, &h->err));
    assert_false(fresh);

    assert_ok(h, tmg_order_steps(h->db, o.id, d.a, &list, &count, &h->err));
    assert_int_equal(count, 4);
    assert_int_equal(list[3].means, TMG_MEANS_UNLOADING);
    assert_true(list[3].again);
    assert_false(list[2].again);
    assert_ok(h, tmg_order_read(h->db, o.id, d.a, &o, &h->err));
    assert_true(tmg_span_is(o.flow.state, "working"));
    close_desk(h, &d);
}

static void a_key_belongs_to_what_was_sent_with_it(void **state)
{
    home *h = *state;
    desk d = open_desk(h);
    tmg_order o = issued(h, &d, 17, TMG_MEANS_DOG);
    tmg_step_done s = step(o.id, TMG_MEANS_DOG, TMG_REACTION_NONE, "key-one");
    bool fresh;

    assert_ok(h, tmg_step_enter(d.f, h->db, &d.team, &s, &d.g, &fresh, d.a, &h->err));
    tmg_step_done other = s;
    other.reading = TMG_SPAN("sat down");
    assert_int_equal(tmg_step_sent(h->db, &other, &fresh, &h->err), TMG_E_CONFLICT);
    assert_string_equal(h->err.code, "sent.differs");
    assert_ok(h, tmg_step_sent(h->db, &s, &fresh, &h->err));
    assert_false(fresh);
    close_desk(h, &d);
}

static void one_open_order_for_a_consignment(void **state)
{
    home *h = *state;
    desk d = open_desk(h);
    tmg_order first = issued(h, &d, 17, TMG_MEANS_XRAY);
    tmg_order second = {.consignment_id = 17, .post_id = 1};

    assert_int_equal(tmg_order_issue(d.f, h->db, &d.chief, &second, TMG_MEANS_DOG, d.a, &h->err),
                     TMG_E_CONFLICT);
    assert_non_null(strstr(h->err.text, first.number.ptr));
    assert_ok(h, tmg_flow_move(d.f, h->db, &d.chief, &first.flow, TMG_SPAN("withdraw"),
                               TMG_SPAN("another truck"), &d.g, d.a, &h->err));
    assert_ok(h, tmg_order_issue(d.f, h->db, &d.chief, &second, TMG_MEANS_DOG, d.a, &h->err));
    assert_true(!tmg_span_eq(first.number, second.number));
    close_desk(h, &d);
}

static void a_step_without_sense_is_refused(void **state)
{
    home *h = *state;
    desk d = open_desk(h);
    tmg_order o = issued(h, &d, 17, TMG_MEANS_XRAY);
    tmg_step_done s = step(o.id, TMG_MEANS_XRAY | TMG_MEANS_DOG, TMG_REACTION_NONE, "k");
    bool fresh;

    assert_int_equal(tmg_step_enter(d.f, h->db, &d.team, &s, &d.g, &fresh, d.a, &h->err), TMG_E_INVALID);
    s = step(o.id, TMG_MEANS_XRAY, TMG_REACTION_NOT_POSSIBLE, "k");
    assert_int_equal(tmg_step_enter(d.f, h->db, &d.team, &s, &d.g, &fresh, d.a, &h->err), TMG_E_INVALID);
    assert_non_null(strstr(h->err.text, "why the step was not possible"));
    s = step(o.id, TMG_MEANS_XRAY, TMG_REACTION_NONE, "k");
    s.started_ms = s.ended_ms + 1;
    assert_int_equal(tmg_step_enter(d.f, h->db, &d.team, &s, &d.g, &fresh, d.a, &h->err), TMG_E_INVALID);
    close_desk(h, &d);
}

static tmg_seizure truck(tmg_substance_line *lines, size_t count)
{
    return (tmg_seizure){.seized_ms = tmg_now_ms() - 1000,
                         .offset_min = 240,
                         .post_id = 1,
                         .packages = 303,
                         .value_minor = TMG_NONE,
                         .place_kind = TMG_SPAN("road"),
                         .direction = TMG_SPAN("transit"),
                         .unit = TMG_SPAN("inspection team"),
                         .trigger_kind = TMG_SPAN("intelligence"),
                         .concealment = TMG_SPAN("trailer_wall"),
                         .route = TMG_SPAN("IR>AZ>GE>UA"),
                         .prevented_transit = true,
                         .lines = lines,
                         .line_count = count};
}

static tmg_substance_line line_of(const char *substance, int64_t mass_mg)
{
    return (tmg_substance_line){.substance = tmg_span_of(substance),
                                .form = TMG_SPAN("powder"),
                                .mass_mg = mass_mg,
                                .volume_ul = TMG_NONE,
                                .count = TMG_NONE,
                                .purity_ppm = TMG_NONE};
}

static void a_seizure_keeps_both_what_was_seized_and_what_was_confirmed(void **state)
{
    home *h = *state;
    desk d = open_desk(h);
    tmg_substance_line lines[] = {line_of("heroin", 244605000)};
    tmg_seizure z = truck(lines, 1), read;
    tmg_substance_line confirmed = line_of("methamphetamine", 244604000);

    assert_ok(h, tmg_seizure_record(d.codes, h->db, &d.team, &z, d.a, &h->err));
    confirmed.stage = TMG_SPAN("confirmed");
    assert_ok(h, tmg_line_confirm(d.codes, h->db, &d.investigator, z.lines[0].id, &confirmed, &h->err));
    assert_int_equal(tmg_line_confirm(d.codes, h->db, &d.investigator, z.lines[0].id, &confirmed, &h->err),
                     TMG_E_CONFLICT);
    assert_ok(h, tmg_seizure_read(h->db, z.id, d.a, &read, &h->err));
    assert_int_equal(read.line_count, 2);
    assert_true(tmg_span_is(read.lines[0].substance, "heroin"));
    assert_int_equal(read.lines[1].replaces, read.lines[0].id);
    assert_int_equal(read.lines[1].mass_mg, 244604000);
    assert_int_equal(read.packages, 303);
    assert_true(tmg_span_is(read.route, "IR>AZ>GE>UA"));
    close_desk(h, &d);
}

static void refused_seizure(home *h, desk *d, tmg_seizure z, const char *word)
{
    assert_int_equal(tmg_seizure_record(d->codes, h->db, &d->team, &z, d->a, &h->err), TMG_E_INVALID);
    if (strstr(h->err.text, word) == NULL)
        fail_msg("expected \"%s\" in: %s", word, h->err.text);
}

static void no_free_other_without_words_and_no_code_off_the_list(void **state)
{
    home *h = *state;
    desk d = open_desk(h);
    tmg_substance_line heroin = line_of("heroin", 1000), other = line_of("other", 1000),
                       nothing = line_of("heroin", TMG_NONE), unknown = line_of("moon dust", 1000);
    tmg_seizure z = truck(&heroin, 1);

    refused_seizure(h, &d, truck(&other, 1), "\"other\" needs words");
    refused_seizure(h, &d, truck(&unknown, 1), "\"moon dust\" is not in the list of substances");
    refused_seizure(h, &d, truck(&nothing, 1), "needs a mass, a volume or a count");
    refused_seizure(h, &d, truck(NULL, 0), "name what was seized");
    z.concealment = TMG_SPAN("other");
    refused_seizure(h, &d, z, "say how it was hidden");
    z.concealment = TMG_SPAN("under the moon");
    refused_seizure(h, &d, z, "not in the list of codes");
    close_desk(h, &d);
}

static tmg_custody handed(const char *to, int64_t net_mg, const char *seal_old)
{
    return (tmg_custody){.from_whom = TMG_SPAN("the team"),
                         .to_whom = tmg_span_of(to),
                         .place = TMG_SPAN("evidence store"),
                         .purpose = TMG_SPAN("keeping"),
                         .witness_1 = TMG_SPAN("first witness"),
                         .witness_2 = TMG_SPAN("second witness"),
                         .seal_old = tmg_span_of(seal_old),
                         .seal_new = TMG_SPAN("AZ-2"),
                         .gross_mg = TMG_NONE,
                         .net_mg = net_mg};
}

static int64_t incident_of(home *h, desk *d, int64_t exhibit, const char *arrow, const tmg_actor *who,
                           int64_t net_mg, const char *seal_old)
{
    tmg_custody c = handed("the custodian", net_mg, seal_old);
    int64_t incident;

    assert_ok(h, tmg_custody_move(d->f, h->db, who, exhibit, tmg_span_of(arrow), &c, 1000, &incident, &d->g,
                                  d->a, &h->err));
    return incident;
}

static void custody_is_a_chain_and_a_changed_mass_or_seal_opens_an_incident(void **state)
{
    home *h = *state;
    desk d = open_desk(h);
    tmg_actor custodian = actor_of(6, TMG_CUSTODIAN);
    tmg_substance_line lines[] = {line_of("heroin", 100000000)};
    tmg_seizure z = truck(lines, 1);
    tmg_custody seal = handed("the store", 100000000, NULL);

    seal.seal_new = TMG_SPAN("AZ-1");
    assert_ok(h, tmg_seizure_record(d.codes, h->db, &d.team, &z, d.a, &h->err));
    tmg_exhibit e = {.seizure_id = z.id,
                     .line_id = z.lines[0].id,
                     .words = TMG_SPAN("bag 1"),
                     .retention_until_ms = TMG_NONE};
    assert_ok(h, tmg_exhibit_make(d.f, h->db, &d.team, &e, &seal, d.a, &h->err));

    assert_int_equal(incident_of(h, &d, e.id, "weigh", &custodian, 99950000, "AZ-1"), 0);
    assert_true(incident_of(h, &d, e.id, "store", &custodian, 99000000, "AZ-2") != 0);
    assert_true(incident_of(h, &d, e.id, "to_lab", &custodian, TMG_NONE, "AZ-9") != 0);
    assert_ok(h, tmg_custody_check(h->db, e.id, &h->err));
    assert_ok(h, tmg_db_run(h->db, "UPDATE custody SET net_mg = 99950001 WHERE no = 2", &h->err));
    assert_int_equal(tmg_custody_check(h->db, e.id, &h->err), TMG_E_STORE);
    assert_non_null(strstr(h->err.text, "event 2"));
    close_desk(h, &d);
}

static void a_compartment_opens_for_those_it_names_alone(void **state)
{
    home *h = *state;
    desk d = open_desk(h);
    tmg_case c = {.title = TMG_SPAN("a truck with melons"), .compartment = TMG_SPAN("melon")}, read;
    tmg_suspect *list;
    size_t count;

    assert_ok(h, tmg_case_open(d.f, d.codes, h->db, &d.investigator, &c, d.a, &h->err));
    assert_int_equal(tmg_case_read(h->db, &d.chief, c.id, d.a, &read, &h->err), TMG_E_DENIED);
    assert_int_equal(
        tmg_suspect_list(h->db, &d.chief, c.id, TMG_SPAN("curiosity"), d.a, &list, &count, &h->err),
        TMG_E_DENIED);
    assert_ok(h, tmg_case_give_access(h->db, &d.investigator, c.id, d.chief.account_id, TMG_NONE,
                                      TMG_SPAN("leads the shift"), &h->err));
    assert_ok(h, tmg_case_read(h->db, &d.chief, c.id, d.a, &read, &h->err));
    assert_int_equal(tmg_suspect_list(h->db, &d.chief, c.id, TMG_SPAN(""), d.a, &list, &count, &h->err),
                     TMG_E_INVALID);
    assert_ok(h, tmg_suspect_list(h->db, &d.chief, c.id, TMG_SPAN("review"), d.a, &list, &count, &h->err));
    close_desk(h, &d);
}

static void merging_keeps_both_numbers_and_can_be_undone(void **state)
{
    home *h = *state;
    desk d = open_desk(h);
    tmg_case one = {.title = TMG_SPAN("first truck")}, two = {.title = TMG_SPAN("second truck")}, read;
    tmg_case_task t = {.title = TMG_SPAN("hear the driver"), .mandatory = true, .due_ms = TMG_NONE}, *tasks;
    size_t count;

    assert_ok(h, tmg_case_open(d.f, d.codes, h->db, &d.investigator, &one, d.a, &h->err));
    assert_ok(h, tmg_case_open(d.f, d.codes, h->db, &d.investigator, &two, d.a, &h->err));
    t.case_id = two.id;
    assert_ok(h, tmg_task_add(h->db, &d.investigator, &t, &h->err));
    assert_ok(h, tmg_case_merge(h->db, &d.investigator, one.id, two.id, TMG_SPAN("one consignor"), &h->err));
    assert_ok(h, tmg_task_list(h->db, one.id, d.a, &tasks, &count, &h->err));
    assert_int_equal(count, 1);
    assert_ok(h, tmg_case_read(h->db, &d.investigator, two.id, d.a, &read, &h->err));
    assert_int_equal(read.merged_into, one.id);
    assert_true(tmg_span_eq(read.number, two.number));
    assert_int_equal(tmg_case_merge(h->db, &d.investigator, one.id, two.id, TMG_SPAN("again"), &h->err),
                     TMG_E_CONFLICT);
    assert_ok(h, tmg_case_merge_undo(h->db, &d.investigator, one.id, two.id, &h->err));
    assert_ok(h, tmg_task_list(h->db, one.id, d.a, &tasks, &count, &h->err));
    assert_int_equal(count, 0);
    assert_int_equal(tmg_task_done(h->db, &d.investigator, t.id, TMG_SPAN(""), &h->err), TMG_E_INVALID);
    assert_ok(h, tmg_task_done(h->db, &d.investigator, t.id, TMG_SPAN("heard on tape"), &h->err));
    close_desk(h, &d);
}

static void the_timeline_holds_what_touched_the_case_in_order(void **state)
{
    home *h = *state;
    desk d = open_desk(h);
    tmg_case c = {.title = TMG_SPAN("a truck")};
    tmg_substance_line lines[] = {line_of("heroin", 1000)};
    tmg_seizure z = truck(lines, 1);
    tmg_case_event *events;
    size_t count;
    bool seizure = false, work = false;

    tmg_order o = issued(h, &d, 17, TMG_MEANS_DOG);
    tmg_step_done s = step(o.id, TMG_MEANS_DOG, TMG_REACTION_SUSPECT, "t1");
    bool fresh;
    assert_ok(h, tmg_step_enter(d.f, h->db, &d.team, &s, &d.g, &fresh, d.a, &h->err));
    assert_ok(h, tmg_case_open(d.f, d.codes, h->db, &d.investigator, &c, d.a, &h->err));
    z.case_id = c.id;
    z.consignment_id = 17;
    assert_ok(h, tmg_seizure_record(d.codes, h->db, &d.team, &z, d.a, &h->err));
    assert_ok(h, tmg_case_timeline(h->db, &d.investigator, c.id, d.a, &events, &count, &h->err));
    for (size_t i = 0; i < count; i++) {
        seizure = seizure || tmg_span_is(events[i].kind, "seizure");
        work = work || tmg_span_is(events[i].kind, "step");
        if (i > 0)
            assert_true(events[i - 1].at_ms <= events[i].at_ms);
    }
    assert_true(seizure);
    assert_true(work);
    close_desk(h, &d);
}

static void assignment_explains_each_refusal(void **state)
{
    home *h = *state;
    desk d = open_desk(h);
    int64_t now = tmg_now_ms();
    tmg_officer handler = {.home_post_id = 1,
                           .until_ms = TMG_NONE,
                           .work_minutes = 20,
                           .rest_minutes = 30,
                           .skills = TMG_MEANS_DOG,
                           .service_number = TMG_SPAN("K-1"),
                           .name = TMG_SPAN("Unit K-1"),
                           .dog = TMG_SPAN("Alpha")};
    tmg_instrument lane = {.post_id = 1,
                           .per_hour = 1,
                           .calibrated_until_ms = now + 1000,
                           .kind = TMG_MEANS_XRAY,
                           .name = TMG_SPAN("lane 1")};
    bool fresh;

    assert_ok(h, tmg_officer_add(h->db, &d.chief, &handler, &h->err));
    assert_ok(h, tmg_instrument_put(h->db, &d.chief, &lane, &h->err));
    assert_ok(h, tmg_assign_may(h->db, &handler, NULL, TMG_MEANS_DOG, 1, now, &h->err));
    assert_int_equal(tmg_assign_may(h->db, &handler, NULL, TMG_MEANS_XRAY, 1, now, &h->err), TMG_E_CONFLICT);
    assert_non_null(strstr(h->err.text, "no skill"));
    assert_int_equal(tmg_assign_may(h->db, &handler, NULL, TMG_MEANS_DOG, 2, now, &h->err), TMG_E_CONFLICT);
    assert_non_null(strstr(h->err.text, "another post"));
    assert_int_equal(tmg_assign_may(h->db, NULL, &lane, TMG_MEANS_XRAY, 1, now + 2000, &h->err),
                     TMG_E_CONFLICT);
    assert_non_null(strstr(h->err.text, "calibration"));

    tmg_order o = issued(h, &d, 17, TMG_MEANS_DOG | TMG_MEANS_XRAY);
    tmg_step_done s = step(o.id, TMG_MEANS_DOG, TMG_REACTION_NONE, "d1");
    s.officer_id = handler.id;
    s.started_ms = now - 25 * 60000;
    s.ended_ms = now - 60000;
    assert_ok(h, tmg_step_enter(d.f, h->db, &d.team, &s, &d.g, &fresh, d.a, &h->err));
    assert_int_equal(tmg_assign_may(h->db, &handler, NULL, TMG_MEANS_DOG, 1, now, &h->err), TMG_E_CONFLICT);
    assert_non_null(strstr(h->err.text, "rests"));
    assert_ok(h, tmg_assign_may(h->db, &handler, NULL, TMG_MEANS_DOG, 1, now + 30 * 60000, &h->err));

    tmg_step_done x = step(o.id, TMG_MEANS_XRAY, TMG_REACTION_NONE, "x1");
    x.instrument_id = lane.id;
    assert_ok(h, tmg_step_enter(d.f, h->db, &d.team, &x, &d.g, &fresh, d.a, &h->err));
    assert_int_equal(tmg_assign_may(h->db, NULL, &lane, TMG_MEANS_XRAY, 1, now, &h->err), TMG_E_CONFLICT);
    assert_non_null(strstr(h->err.text, "1 of 1"));
    close_desk(h, &d);
}

/* A shift of two hours: the officer's steps fill it up. */
static void the_minutes_of_a_shift_are_used_up(void **state)
{
    home *h = *state;
    desk d = open_desk(h);
    int64_t now = tmg_now_ms();
    char sql[400];
    tmg_officer o = {.home_post_id = 1,
                     .until_ms = TMG_NONE,
                     .work_minutes = TMG_NONE,
                     .rest_minutes = TMG_NONE,
                     .skills = TMG_MEANS_XRAY,
                     .service_number = TMG_SPAN("X-7"),
                     .name = TMG_SPAN("Reader X-7")};
    bool fresh;

    assert_ok(h, tmg_officer_add(h->db, &d.chief, &o, &h->err));
    snprintf(
        sql, sizeof sql,
        "INSERT INTO team (id, post_id, name) VALUES (1, 1, 'night'); INSERT INTO team_officer (team_id, "
        "officer_id, from_ms) VALUES (1, %lld, 0); INSERT INTO rota (team_id, day, from_ms, until_ms) VALUES "
        "(1, "
        "0, %lld, %lld)",
        (long long)o.id, (long long)(now - 100 * 60000), (long long)(now + 20 * 60000));
    assert_ok(h, tmg_db_run(h->db, sql, &h->err));
    assert_ok(h, tmg_assign_may(h->db, &o, NULL, TMG_MEANS_XRAY, 1, now, &h->err));
    assert_int_equal(tmg_assign_may(h->db, &o, NULL, TMG_MEANS_XRAY, 1, now + 30 * 60000, &h->err),
                     TMG_E_CONFLICT);
    assert_string_equal(h->err.code, "assign.rota");

    tmg_order order = issued(h, &d, 17, TMG_MEANS_XRAY);
    tmg_step_done s = step(order.id, TMG_MEANS_XRAY, TMG_REACTION_NONE, "x-shift");
    s.officer_id = o.id;
    s.started_ms = now - 95 * 60000;
    s.ended_ms = now;
    assert_ok(h, tmg_step_enter(d.f, h->db, &d.team, &s, &d.g, &fresh, d.a, &h->err));
    assert_int_equal(tmg_assign_may(h->db, &o, NULL, TMG_MEANS_XRAY, 1, now, &h->err), TMG_E_CONFLICT);
    assert_string_equal(h->err.code, "assign.minutes");
    assert_non_null(strstr(h->err.params, "used=95\nof=120"));
    assert_ok(h, tmg_db_run(h->db, "UPDATE rota SET withdrawn_ms = 1", &h->err));
    assert_ok(h, tmg_assign_may(h->db, &o, NULL, TMG_MEANS_XRAY, 1, now, &h->err));
    close_desk(h, &d);
}

static void rights_by_dispatch_exist_in_its_interval_only(void **state)
{
    home *h = *state;
    desk d = open_desk(h);
    int64_t now = tmg_now_ms(), posts[4];
    tmg_officer o = {.account_id = 9,
                     .home_post_id = 1,
                     .until_ms = TMG_NONE,
                     .work_minutes = TMG_NONE,
                     .rest_minutes = TMG_NONE,
                     .skills = TMG_MEANS_XRAY,
                     .service_number = TMG_SPAN("X-1"),
                     .name = TMG_SPAN("Reader X-1")};
    size_t count;

    assert_ok(h, tmg_officer_add(h->db, &d.chief, &o, &h->err));
    tmg_dispatch sent = {.officer_id = o.id,
                         .post_id = 7,
                         .from_ms = now,
                         .until_ms = now + TMG_DAY_MS,
                         .reason = TMG_SPAN("a newly opened post")};
    assert_ok(h, tmg_dispatch_make(d.f, h->db, &d.chief, &sent, d.a, &h->err));
    assert_ok(h, tmg_dispatch_posts(h->db, 9, now, posts, 4, &count, &h->err));
    assert_int_equal(count, 0);
    assert_ok(h, tmg_flow_move(d.f, h->db, &d.chief, &sent.flow, TMG_SPAN("order"), TMG_SPAN(""), &d.g, d.a,
                               &h->err));
    assert_ok(h, tmg_dispatch_posts(h->db, 9, now, posts, 4, &count, &h->err));
    assert_int_equal(count, 1);
    assert_int_equal(posts[0], 7);
    assert_ok(h, tmg_assign_may(h->db, &o, NULL, TMG_MEANS_XRAY, 7, now, &h->err));
    assert_ok(h, tmg_dispatch_posts(h->db, 9, now + TMG_DAY_MS, posts, 4, &count, &h->err));
    assert_int_equal(count, 0);
    assert_ok(h, tmg_dispatch_posts(h->db, 9, now - 1, posts, 4, &count, &h->err));
    assert_int_equal(count, 0);
    close_desk(h, &d);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, home_make, home_drop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(steps_fill_the_plan_repeat_and_are_entered_once),
        TEST(a_key_belongs_to_what_was_sent_with_it),
        TEST(one_open_order_for_a_consignment),
        TEST(a_step_without_sense_is_refused),
        TEST(a_seizure_keeps_both_what_was_seized_and_what_was_confirmed),
        TEST(no_free_other_without_words_and_no_code_off_the_list),
        TEST(custody_is_a_chain_and_a_changed_mass_or_seal_opens_an_incident),
        TEST(a_compartment_opens_for_those_it_names_alone),
        TEST(merging_keeps_both_numbers_and_can_be_undone),
        TEST(the_timeline_holds_what_touched_the_case_in_order),
        TEST(assignment_explains_each_refusal),
        TEST(the_minutes_of_a_shift_are_used_up),
        TEST(rights_by_dispatch_exist_in_its_interval_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
