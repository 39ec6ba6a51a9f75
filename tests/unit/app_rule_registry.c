/* Versions, steps, back-tests and hits of rules in the database; everything stored read once through. */
#include "risk_centre.h"
#include "rule/registry.h"
#include "store/stream.h"

static tmg_rule_version add(centre *c, const char *name, const char *hash)
{
    tmg_rule_version v = {.name = tmg_span_of(name),
                          .hash = tmg_span_of(hash),
                          .text = TMG_SPAN("rule ..."),
                          .author_id = 7,
                          .expires_day = 20000};

    OK(c, tmg_rule_version_add(c->db, &v, TMG_SPAN("for a test"), &c->err));
    return v;
}

static void versions_are_counted_and_the_newest_is_found(void **state)
{
    centre *c = *state;
    tmg_rule_version v = add(c, "A", "aa"), found;
    tmg_rule_version *list;
    size_t count;

    assert_int_equal(v.version, 1);
    assert_int_equal(add(c, "A", "bb").version, 2);
    assert_int_equal(add(c, "B", "cc").version, 1);
    OK(c, tmg_rule_version_find(c->db, TMG_SPAN("A"), 0, c->arena, &found, &c->err));
    assert_int_equal(found.version, 2);
    assert_int_equal(found.state, TMG_RULE_DRAFT);
    assert_int_equal(found.expires_day, 20000);
    assert_true(found.live_ms == TMG_NONE && found.approved_by == TMG_NONE && found.approver.ptr == NULL);
    OK(c, tmg_rule_version_list(c->db, &(tmg_rule_query){.most = 10}, c->arena, &list, &count, &c->err));
    assert_int_equal(count, 2);
    OK(c, tmg_rule_version_list(c->db, &(tmg_rule_query){.most = 10, .about = TMG_SPAN("_")}, c->arena, &list,
                                &count, &c->err));
    assert_int_equal(count, 0); /* the sign is meant, not any letter */
    assert_int_equal(tmg_rule_version_find(c->db, TMG_SPAN("A"), 3, c->arena, &found, &c->err),
                     TMG_E_NOT_FOUND);
}

static void a_step_is_taken_once(void **state)
{
    centre *c = *state;
    tmg_rule_version v = add(c, "A", "aa"), now;
    tmg_rule_step *steps;
    size_t count;

    OK(c, tmg_rule_version_move(c->db, &v, TMG_RULE_LIVE, 9, TMG_SPAN("approved"), &c->err));
    /* Whoever still has it as a draft is told so. */
    assert_int_equal(tmg_rule_version_move(c->db, &v, TMG_RULE_WITHDRAWN, 7, TMG_SPAN(""), &c->err),
                     TMG_E_CONFLICT);
    OK(c, tmg_rule_version_find(c->db, v.name, 1, c->arena, &now, &c->err));
    assert_int_equal(now.state, TMG_RULE_LIVE);
    assert_true(now.approved_by == 9 && now.live_ms != TMG_NONE && now.ended_ms == TMG_NONE);
    OK(c, tmg_rule_version_move(c->db, &now, TMG_RULE_EXPIRED, -1, TMG_SPAN("its day"), &c->err));
    OK(c, tmg_rule_steps(c->db, v.id, c->arena, &steps, &count, &c->err));
    assert_int_equal(count, 3);
    assert_true(steps[0].from == 0 && steps[0].to == TMG_RULE_DRAFT &&
                tmg_span_is(steps[0].note, "for a test"));
    assert_true(steps[2].to == TMG_RULE_EXPIRED && tmg_span_is(steps[2].account, "centre"));
}

static void a_back_test_belongs_to_a_hash(void **state)
{
    centre *c = *state;
    tmg_back_test_row t = {.hash = TMG_SPAN("aa"), .report = TMG_SPAN("{}"), .from_day = 1, .to_day = 2},
                      found;
    int64_t first, second;
    bool there;

    OK(c, tmg_back_test_save(c->db, &t, &first, &c->err));
    OK(c, tmg_back_test_save(c->db, &t, &second, &c->err));
    OK(c, tmg_back_test_newest(c->db, TMG_SPAN("aa"), c->arena, &found, &there, &c->err));
    assert_true(there && found.id == second && found.to_day == 2);
    OK(c, tmg_back_test_newest(c->db, TMG_SPAN("bb"), c->arena, &found, &there, &c->err));
    assert_false(there);
}

static void what_ended_keeps_what_it_hit(void **state)
{
    centre *c = *state;
    goods g;
    tmg_declaration *d = lodge(c, &g, "R1", "080211", "IR");
    tmg_rule_version live = add(c, "LIVE", "aa"), ended = add(c, "ENDED", "bb");
    tmg_rule_hit_row *hits;
    size_t count;

    OK(c, tmg_rule_version_move(c->db, &live, TMG_RULE_LIVE, 9, TMG_SPAN(""), &c->err));
    OK(c, tmg_rule_version_move(c->db, &ended, TMG_RULE_RETIRED, 9, TMG_SPAN(""), &c->err));
    for (int64_t at = 1; at <= 2; at++) { /* the second takes the first one's place */
        OK(c, tmg_rule_hit_save(c->db, d->id, live.id, at, 1, TMG_SPAN("{}"), &c->err));
        OK(c, tmg_rule_hit_save(c->db, d->id, ended.id, at, 1, TMG_SPAN("{}"), &c->err));
    }
    OK(c, tmg_rule_hits_of(c->db, d->id, c->arena, &hits, &count, &c->err));
    assert_int_equal(count, 2);
    assert_true(tmg_span_is(hits[0].name, "ENDED") && hits[0].at_ms == 2 && hits[0].post_id == c->post_id);
    OK(c, tmg_rule_hits_forget(c->db, d->id, &c->err));
    OK(c, tmg_rule_hits_of(c->db, d->id, c->arena, &hits, &count, &c->err));
    assert_int_equal(count, 1);
    assert_true(tmg_span_is(hits[0].name, "ENDED"));
}

typedef struct seen {
    centre *c;
    size_t count;
} seen;

/* What streams says the same as what is loaded one by one. */
static tmg_rc same_as_loaded(void *ctx, const tmg_declaration *d, tmg_err *err)
{
    seen *s = ctx;
    uint8_t streamed[16], loaded[16];
    tmg_declaration one;

    TMG_TRY(tmg_declaration_load(s->c->db, d->id, s->c->arena, &one, err));
    tmg_declaration_digest(d, streamed);
    tmg_declaration_digest(&one, loaded);
    assert_memory_equal(streamed, loaded, sizeof loaded);
    assert_true(d->consignment_id == one.consignment_id && d->version == one.version);
    s->count++;
    return TMG_OK;
}

static void everything_stored_streams_as_it_was(void **state)
{
    centre *c = *state;
    seen all = {c, 0}, later = {c, 0};
    goods g;
    int64_t first = lodge(c, &g, "R1", "080211", "IR")->id;

    lodge(c, &g, "R2", "851712", "CN");
    lodge(c, &g, "R1", "080212", "IR"); /* a second version */
    OK(c, tmg_declaration_each(c->db, 0, same_as_loaded, &all, &c->err));
    assert_int_equal(all.count, 3);
    OK(c, tmg_declaration_each(c->db, first, same_as_loaded, &later, &c->err));
    assert_int_equal(later.count, 2);
}

static void every_change_counts(void **state)
{
    centre *c = *state;
    int64_t before, after;

    OK(c, tmg_rules_counter(c->db, &before, &c->err));
    OK(c, tmg_rules_count_up(c->db, &c->err));
    OK(c, tmg_rules_count_up(c->db, &c->err));
    OK(c, tmg_rules_counter(c->db, &after, &c->err));
    assert_int_equal(after, before + 2);
}

#define IN_CENTRE(test) cmocka_unit_test_setup_teardown(test, centre_make, centre_drop)

int main(void)
{
    const struct CMUnitTest tests[] = {IN_CENTRE(versions_are_counted_and_the_newest_is_found),
                                       IN_CENTRE(a_step_is_taken_once),
                                       IN_CENTRE(a_back_test_belongs_to_a_hash),
                                       IN_CENTRE(what_ended_keeps_what_it_hit),
                                       IN_CENTRE(everything_stored_streams_as_it_was),
                                       IN_CENTRE(every_change_counts)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
