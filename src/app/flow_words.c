/* The guards and follow-ups that workflows name. */
#include "app/casework_priv.h"
#include "base/json.h"

static tmg_rc count(tmg_db *db, const char *sql, int64_t about, int64_t *ret, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db, sql, &s, err));
    tmg_bind_i64(s, 1, about);
    TMG_TRY(tmg_step(s, &row, err));
    *ret = row ? tmg_col_i64(s, 0) : 0;
    tmg_reset(s);
    return TMG_OK;
}

#define GUARD(name)                                                                                          \
    static tmg_rc name(void *ctx, tmg_db *db, const tmg_actor *who, const tmg_flow_item *item,               \
                       tmg_span note, tmg_err *err)
#define UNUSED(x) ((void)(x))

GUARD(at_post)
{
    UNUSED(ctx);
    UNUSED(db);
    UNUSED(note);
    return tmg_guard_may(who, TMG_MAY_ORDER_WORK, item->post_id, err);
}

static const char results_of_order[] =
    "SELECT count(*) FROM inspection_order WHERE id = $1 AND result_id IS NOT NULL";
static const char seized_of_order[] = "SELECT (SELECT count(*) FROM seizure WHERE order_id = $1) + (SELECT "
                                      "count(*) FROM seized z JOIN inspection_order o ON "
                                      "o.result_id = z.result_id WHERE o.id = $1)";

GUARD(has_result)
{
    int64_t n = 0;

    UNUSED(ctx);
    UNUSED(who);
    UNUSED(note);
    TMG_TRY(count(db, results_of_order, item->about_id, &n, err));
    if (n > 0)
        return TMG_OK;
    return tmg_err_named(TMG_FAIL(err, TMG_E_CONFLICT, "enter what the control found first"), err,
                         "guard.has_result");
}

GUARD(nothing_seized)
{
    int64_t n = 0;

    UNUSED(ctx);
    UNUSED(who);
    UNUSED(note);
    TMG_TRY(count(db, seized_of_order, item->about_id, &n, err));
    if (n == 0)
        return TMG_OK;
    return tmg_err_named(TMG_FAIL(err, TMG_E_CONFLICT, "something was seized: confirm the seizure instead"),
                         err, "guard.nothing_seized");
}

GUARD(has_seizure)
{
    int64_t n = 0;

    UNUSED(ctx);
    UNUSED(who);
    UNUSED(note);
    TMG_TRY(count(db, seized_of_order, item->about_id, &n, err));
    if (n > 0)
        return TMG_OK;
    return tmg_err_named(TMG_FAIL(err, TMG_E_CONFLICT, "nothing was seized: confirm the result instead"), err,
                         "guard.has_seizure");
}

/* A seal that differs is no reason to turn the exhibit away, but it must be looked at: the difference opens
 * an incident. */
GUARD(seal_checked)
{
    const tmg_custody *c = ((const tmg_flow_desk *)ctx)->custody;

    UNUSED(db);
    UNUSED(who);
    UNUSED(item);
    UNUSED(note);
    if (c != NULL && tmg_span_trim(c->seal_old).len == 0)
        return tmg_err_named(
            TMG_FAIL(err, TMG_E_CONFLICT, "seal_old: read the number of the seal that is on it"), err,
            "guard.seal_checked");
    return TMG_OK;
}

/* What may not come back is not destroyed on anybody's word. */
GUARD(legal_ground)
{
    const tmg_custody *c = ((const tmg_flow_desk *)ctx)->custody;

    UNUSED(db);
    UNUSED(who);
    UNUSED(item);
    UNUSED(note);
    if (c != NULL && tmg_span_trim(c->ground).len < 3)
        return tmg_err_named(
            TMG_FAIL(err, TMG_E_CONFLICT, "ground: name the legal ground: decision of the court, article"),
            err, "guard.legal_ground");
    return TMG_OK;
}

GUARD(case_allows_destruction)
{
    int64_t n = 0;

    UNUSED(ctx);
    UNUSED(who);
    UNUSED(note);
    TMG_TRY(count(db,
                  "SELECT count(*) FROM exhibit e JOIN seizure z ON z.id = e.seizure_id JOIN case_file c ON "
                  "c.id = z.case_id JOIN flow_item i ON i.kind = 'case' AND i.about_id = "
                  "coalesce(c.merged_into, c.id) WHERE e.id = $1 AND i.state IN ('referred', 'closed')",
                  item->about_id, &n, err));
    if (n > 0)
        return TMG_OK;
    return tmg_err_named(
        TMG_FAIL(err, TMG_E_CONFLICT,
                 "the case of this exhibit is neither closed nor referred: it is still needed"),
        err, "guard.case_allows_destruction");
}

GUARD(need_to_know)
{
    UNUSED(ctx);
    UNUSED(note);
    tmg_rc rc = tmg_case_may(db, who, item->about_id, err);
    if (rc == TMG_OK)
        return tmg_case_not_merged(db, who, item->about_id, err);
    return rc == TMG_E_DENIED ? tmg_err_named(rc, err, "guard.need_to_know") : rc;
}

GUARD(tasks_done)
{
    int64_t n = 0;

    UNUSED(ctx);
    UNUSED(who);
    UNUSED(note);
    TMG_TRY(count(db,
                  "SELECT count(*) FROM case_task WHERE mandatory = 1 AND done_ms IS NULL AND (case_id = $1 "
                  "OR case_id IN (SELECT "
                  "id FROM case_file WHERE merged_into = $1))",
                  item->about_id, &n, err));
    if (n > 0)
        return tmg_err_code(TMG_FAIL(err, TMG_E_CONFLICT, "%lld mandatory task%s not done yet", (long long)n,
                                     n == 1 ? " is" : "s are"),
                            err, "guard.tasks_done", "n=%lld\n", (long long)n);
    return TMG_OK;
}

GUARD(has_disposition)
{
    int64_t n = 0;

    UNUSED(ctx);
    UNUSED(who);
    UNUSED(note);
    TMG_TRY(count(db, "SELECT count(*) FROM case_file WHERE id = $1 AND coalesce(disposition, '') <> ''",
                  item->about_id, &n, err));
    if (n > 0)
        return TMG_OK;
    return tmg_err_named(TMG_FAIL(err, TMG_E_CONFLICT, "disposition: say how the case ends first"), err,
                         "guard.has_disposition");
}

/* The case of the guard and those that were merged into it. */
#define FILES "(SELECT $1 UNION SELECT id FROM case_file WHERE merged_into = $1)"

/* Consignments of seizures and links that no control looked into, and those whose linked order awaits its
 * result. */
static const char without_result[] =
    "SELECT count(*) FROM (SELECT q.id FROM (SELECT consignment_id AS id FROM seizure WHERE case_id IN " FILES
    " AND consignment_id IS NOT NULL UNION SELECT CAST(substr(about, 13) AS INTEGER) FROM case_link WHERE "
    "case_id IN " FILES " AND about LIKE 'consignment:%') q WHERE NOT EXISTS (SELECT 1 FROM result r WHERE "
    "r.consignment_id = q.id) UNION SELECT o.consignment_id FROM case_link l JOIN inspection_order o ON o.id "
    "= "
    "CAST(substr(l.about, 7) AS INTEGER) JOIN flow_item i ON i.kind = 'order' AND i.about_id = o.id WHERE "
    "l.case_id IN " FILES " AND l.about LIKE 'order:%' AND o.result_id IS NULL AND i.state <> 'withdrawn') w";

/* The risk engine learns from every consignment of the case: none may be left without a result. */
GUARD(feedback_given)
{
    int64_t n = 0;

    UNUSED(ctx);
    UNUSED(who);
    UNUSED(note);
    TMG_TRY(count(db, without_result, item->about_id, &n, err));
    if (n > 0)
        return tmg_err_code(
            TMG_FAIL(err, TMG_E_CONFLICT,
                     "%lld consignment%s of the case without a control result: enter it first", (long long)n,
                     n == 1 ? " is" : "s are"),
            err, "guard.feedback_given", "n=%lld\n", (long long)n);
    return TMG_OK;
}

GUARD(interval_free)
{
    int64_t n = 0;

    UNUSED(ctx);
    UNUSED(who);
    UNUSED(note);
    TMG_TRY(count(db,
                  "SELECT count(*) FROM dispatch d JOIN dispatch o ON (o.officer_id = d.officer_id OR "
                  "o.account_id = d.account_id) AND o.id <> d.id AND o.from_ms < "
                  "d.until_ms AND o.until_ms > d.from_ms JOIN flow_item i ON i.kind = 'dispatch' AND "
                  "i.about_id = o.id AND i.state "
                  "= 'ordered' WHERE d.id = $1",
                  item->about_id, &n, err));
    if (n == 0)
        return TMG_OK;
    return tmg_err_named(
        TMG_FAIL(err, TMG_E_CONFLICT, "the officer is sent to another post in this time already"), err,
        "guard.interval_free");
}

#define FOLLOW(name)                                                                                         \
    static tmg_rc name(void *ctx, tmg_db *db, const tmg_actor *who, const tmg_flow_item *item, tmg_err *err)

/* Who hears that something of this kind is overdue. */
static tmg_permission right_to_know(tmg_span kind)
{
    static const struct {
        const char *kind;
        tmg_permission right;
    } rights[] = {{"case", TMG_MAY_CASE_READ},
                  {"evidence", TMG_MAY_EVIDENCE_READ},
                  {"incident", TMG_MAY_EVIDENCE_READ},
                  {"dispatch", TMG_MAY_STAFF_READ},
                  {"order", TMG_MAY_ORDER_READ}};

    for (size_t i = 0; i < sizeof rights / sizeof rights[0]; i++)
        if (tmg_span_is(kind, rights[i].kind))
            return rights[i].right;
    return TMG_MAY_CONSIGNMENT_READ;
}

FOLLOW(tell_chief)
{
    tmg_flow_desk *desk = ctx;
    TMG_AUTO_BUF b = {0};
    tmg_json_out j;

    UNUSED(db);
    UNUSED(who);
    UNUSED(err);
    tmg_buf_init(&b, 1 << 12);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    tmg_json_text(&j, "kind", item->kind);
    tmg_json_i64(&j, "id", item->about_id);
    tmg_json_text(&j, "state", item->state);
    if (item->due_ms != TMG_NONE)
        tmg_json_time(&j, "due", item->due_ms, 0);
    tmg_json_end_object(&j);
    tmg_tell_those(desk->centre,
                   &(tmg_event){.type = "work.overdue",
                                .post_id = item->post_id,
                                .data = tmg_buf_as_span(&b),
                                .right = right_to_know(item->kind),
                                .case_id = tmg_span_is(item->kind, "case") ? item->about_id : 0});
    return TMG_OK;
}

FOLLOW(retention_passed)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    tmg_incident n = {.exhibit_id = item->about_id,
                      .kind = TMG_SPAN("retention"),
                      .words = TMG_SPAN("kept longer than the time allowed for the store"),
                      .before_mg = TMG_NONE,
                      .found_mg = TMG_NONE};

    TMG_TRY(tmg_incident_open(((tmg_flow_desk *)ctx)->centre->flows, db, who, &n, a, err));
    return tell_chief(ctx, db, who, item, err);
}

static tmg_rc instant(tmg_db *db, const char *sql, int64_t about, int64_t *ret_ms, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db, sql, &s, err));
    tmg_bind_i64(s, 1, about);
    TMG_TRY(tmg_step(s, &row, err));
    *ret_ms = row ? tmg_col_opt(s, 0) : TMG_NONE;
    tmg_reset(s);
    return TMG_OK;
}

/* A consignment is its first version; a newer one is found by the index of amended ones. */
#define EXPECTED_OF(table)                                                                                   \
    "SELECT d.expected_ms FROM " table " t JOIN declaration d ON d.id = coalesce((SELECT a.id FROM "         \
    "declaration a WHERE a.consignment_id = t.consignment_id AND a.version > 1 ORDER BY a.version DESC "     \
    "LIMIT 1), t.consignment_id) WHERE t.id = $1"

/* When the consignment is expected at the post, as its newest declaration says. */
static tmg_rc arrival(tmg_db *db, int64_t order_id, int64_t *ret_ms, tmg_err *err)
{
    return instant(db, EXPECTED_OF("inspection_order"), order_id, ret_ms, err);
}

static tmg_rc dispatch_end(tmg_db *db, int64_t dispatch_id, int64_t *ret_ms, tmg_err *err)
{
    return instant(db, "SELECT until_ms FROM dispatch WHERE id = $1", dispatch_id, ret_ms, err);
}

#define GUARDED(n, of)                                                                                       \
    {                                                                                                        \
        .name = #n, .guard = n, .kind = (of)                                                                 \
    }

const tmg_flow_words tmg_flow_known[] = {
    GUARDED(at_post, NULL),
    GUARDED(has_result, "order"),
    GUARDED(nothing_seized, "order"),
    GUARDED(has_seizure, "order"),
    {.name = "two_witnesses", .guard = tmg_guard_two_witnesses, .kind = "evidence"},
    {.name = "net_weighed", .guard = tmg_guard_net_weighed, .kind = "evidence"},
    {.name = "sealed_again", .guard = tmg_guard_sealed_again, .kind = "evidence"},
    GUARDED(seal_checked, "evidence"),
    GUARDED(legal_ground, "evidence"),
    GUARDED(case_allows_destruction, "evidence"),
    GUARDED(need_to_know, "case"),
    GUARDED(tasks_done, "case"),
    GUARDED(has_disposition, "case"),
    GUARDED(feedback_given, "case"),
    GUARDED(interval_free, "dispatch"),
    {.name = "other_hands", .guard = tmg_guard_other_hands, .kind = "order"},
    {.name = "tell_chief", .follow = tell_chief},
    {.name = "retention_passed", .follow = retention_passed, .kind = "evidence"},
    {.name = "open_case", .follow = tmg_follow_open_case, .kind = "order"},
    {.name = "control_again", .follow = tmg_follow_control_again, .kind = "order"},
    {.name = "target_over", .follow = tmg_follow_target_over, .kind = "target"},
    {.name = "arrival", .moment = arrival, .kind = "order"},
    {.name = "dispatch_end", .moment = dispatch_end, .kind = "dispatch"}};
const size_t tmg_flow_known_count = sizeof tmg_flow_known / sizeof tmg_flow_known[0];

tmg_rc tmg_casework_tick(tmg_centre *c, tmg_db *db, tmg_err *err)
{
    tmg_flow_desk desk = {.centre = c};
    tmg_actor who = tmg_actor_centre();
    size_t late;

    return tmg_flow_overdue(c->flows, db, &who, tmg_now_ms(), &desk, &late, err);
}
