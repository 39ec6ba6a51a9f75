#include "casework/case_events_priv.h"
#include "casework/case_may_priv.h"
#include "casework/seizure_priv.h"

static const tmg_span case_kind = {"case", 4};

static tmg_rc store_case(tmg_db *db, tmg_case *c, tmg_err *err)
{
    tmg_stmt *s;

    TMG_TRY(tmg_sql(db,
                    "INSERT INTO case_file (number, title, opened_ms, opened_by, compartment, article, "
                    "fact_kind, substance, "
                    "post_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                    &s, err));
    tmg_bind_text(s, 1, c->number);
    tmg_bind_text(s, 2, c->title);
    tmg_bind_i64(s, 3, c->opened_ms);
    tmg_bind_i64(s, 4, c->opened_by);
    tmg_bind_text(s, 5, c->compartment);
    tmg_bind_text(s, 6, c->article);
    tmg_bind_text(s, 7, c->fact_kind);
    tmg_bind_text(s, 8, c->substance);
    tmg_bind_id(s, 9, c->post_id);
    TMG_TRY(tmg_exec(s, err));
    c->id = tmg_last_id(db);
    return TMG_OK;
}

tmg_rc tmg_case_open(const tmg_flows *f, const tmg_code_lists *codes, tmg_db *db, const tmg_actor *who,
                     tmg_case *c, tmg_arena *a, tmg_err *err)
{
    const tmg_case_grant opener = {.account_id = who->account_id,
                                   .until_ms = TMG_NONE,
                                   .given_by = who->account_id,
                                   .reason = TMG_SPAN("opened the case")};
    tmg_leaf l;

    if (tmg_span_trim(c->title).len < 3)
        return TMG_FAIL(err, TMG_E_INVALID, "title: say in a few words what the case is about");
    TMG_TRY(tmg_plain_text("title", c->title, err));
    if (c->title.len > TMG_MAX_TEXT)
        return TMG_FAIL(err, TMG_E_LIMIT, "title: at most %d bytes", TMG_MAX_TEXT);
    if (c->fact_kind.len == 0)
        c->fact_kind = TMG_SPAN("smuggling");
    TMG_TRY(tmg_must_be_listed(codes, "fact_kind", "fact_kind", c->fact_kind, err));
    if (c->opened_ms == 0)
        c->opened_ms = tmg_now_ms();
    if (c->opened_ms > tmg_now_ms())
        return TMG_FAIL(err, TMG_E_INVALID, "opened: a case cannot be opened in the future");
    c->opened_by = who->account_id;
    TMG_TRY(tmg_next_number(db, "case_file", 'C', c->opened_ms, a, &c->number, err));
    TMG_TRY(store_case(db, c, err));
    TMG_TRY(tmg_case_name(db, c->id, &opener, err));
    tmg_leaf_begin(&l);
    tmg_json_text(&l.j, "number", c->number);
    tmg_json_bool(&l.j, "compartment", c->compartment.len > 0);
    TMG_TRY(tmg_leaf_end(&l, db, who, "case.opened", "case", c->id, err));
    return tmg_flow_enter(f, db, who, case_kind, c->id, 0, &c->flow, a, err);
}

/* The columns that case_of takes, in their order.  The compartment is that of the case with all that were
 * merged into it. */
#define COLUMNS                                                                                              \
    "c.id, c.opened_ms, c.opened_by, c.closed_ms, c.merged_into, c.number, c.title, "                        \
    "coalesce(nullif(c.compartment, ''), (SELECT m.compartment FROM case_file m WHERE m.merged_into = c.id " \
    "AND m.compartment <> '' ORDER BY m.id LIMIT 1)), c.article, c.disposition, c.fact_kind, c.substance, "  \
    "c.post_id, (SELECT k.number FROM case_file k WHERE k.id = c.merged_into)"
enum { CASE_COLUMNS = 14 };

static tmg_case case_of(tmg_stmt *s, tmg_arena *a)
{
    return (tmg_case){.id = tmg_col_i64(s, 0),
                      .opened_ms = tmg_col_i64(s, 1),
                      .opened_by = tmg_col_i64(s, 2),
                      .closed_ms = tmg_col_opt(s, 3),
                      .merged_into = tmg_col_i64(s, 4),
                      .number = tmg_span_copy(a, tmg_col_text(s, 5)),
                      .title = tmg_span_copy(a, tmg_col_text(s, 6)),
                      .compartment = tmg_span_copy(a, tmg_col_text(s, 7)),
                      .article = tmg_span_copy(a, tmg_col_text(s, 8)),
                      .disposition = tmg_span_copy(a, tmg_col_text(s, 9)),
                      .fact_kind = tmg_span_copy(a, tmg_col_text(s, 10)),
                      .substance = tmg_span_copy(a, tmg_col_text(s, 11)),
                      .post_id = tmg_col_i64(s, 12),
                      .into = tmg_span_copy(a, tmg_col_text(s, 13))};
}

static tmg_rc read_file(tmg_db *db, int64_t id, tmg_arena *a, tmg_case *ret, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db, "SELECT " COLUMNS " FROM case_file c WHERE c.id = $1", &s, err));
    tmg_bind_i64(s, 1, id);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no case %lld", (long long)id);
    *ret = case_of(s, a);
    tmg_reset(s);
    return TMG_OK;
}

tmg_rc tmg_case_read(tmg_db *db, const tmg_actor *who, int64_t id, tmg_arena *a, tmg_case *ret, tmg_err *err)
{
    TMG_TRY(tmg_case_may(db, who, id, err));
    TMG_TRY(read_file(db, id, a, ret, err));
    return tmg_flow_at(db, case_kind, id, a, &ret->flow, err);
}

tmg_rc tmg_case_list(tmg_db *db, const tmg_actor *who, size_t most, tmg_arena *a, tmg_case **ret,
                     size_t *ret_count, tmg_err *err)
{
    tmg_case *list = NULL;
    size_t room = 0, count = 0;
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db,
                    "SELECT " COLUMNS ", i.state, i.due_ms, i.since_ms, i.id FROM case_file c "
                    "JOIN flow_item i ON i.kind = 'case' AND i.about_id = c.id "
                    "WHERE " TMG_CASE_KNOWN_TO " "
                    "ORDER BY c.id DESC LIMIT $3",
                    &s, err));
    tmg_bind_i64(s, 1, who->account_id);
    tmg_bind_i64(s, 2, tmg_now_ms());
    tmg_bind_i64(s, 3, (int64_t)most);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        list = tmg_grown(a, list, count, &room, sizeof *list);
        list[count] = case_of(s, a);
        list[count++].flow = (tmg_flow_item){.id = tmg_col_i64(s, CASE_COLUMNS + 3),
                                             .about_id = tmg_col_i64(s, 0),
                                             .since_ms = tmg_col_i64(s, CASE_COLUMNS + 2),
                                             .due_ms = tmg_col_opt(s, CASE_COLUMNS + 1),
                                             .kind = case_kind,
                                             .state = tmg_span_copy(a, tmg_col_text(s, CASE_COLUMNS))};
    }
    *ret = list;
    *ret_count = count;
    return TMG_OK;
}

tmg_rc tmg_case_dispose(tmg_db *db, const tmg_actor *who, int64_t case_id, tmg_span disposition, tmg_err *err)
{
    tmg_stmt *s;
    tmg_leaf l;

    TMG_TRY(tmg_case_may_change(db, who, case_id, err));
    if (tmg_span_trim(disposition).len < 3)
        return TMG_FAIL(err, TMG_E_INVALID, "disposition: say how the case ends");
    TMG_TRY(tmg_sql(db, "UPDATE case_file SET disposition = $2 WHERE id = $1", &s, err));
    tmg_bind_i64(s, 1, case_id);
    tmg_bind_text(s, 2, disposition);
    TMG_TRY(tmg_exec(s, err));
    TMG_TRY(tmg_case_happened(db, who, case_id, "disposition", disposition, err));
    tmg_leaf_begin(&l);
    tmg_json_text(&l.j, "disposition", disposition);
    return tmg_leaf_end(&l, db, who, "case.disposed", "case", case_id, err);
}

/* "consignment:17" or "order:4" of something that is there, at a post that the actor may see. */
static tmg_rc may_link(tmg_db *db, const tmg_actor *who, tmg_span about, tmg_err *err)
{
    tmg_span rest = about, kind = {NULL, 0};
    tmg_stmt *s = NULL;
    bool row = false;
    int64_t id;

    if (!tmg_span_split(&rest, ':', &kind) || !tmg_span_i64(rest, &id) ||
        (!tmg_span_is(kind, "consignment") && !tmg_span_is(kind, "order")))
        return TMG_FAIL(err, TMG_E_INVALID, "link: expected \"consignment:17\" or \"order:4\"");
    TMG_TRY(tmg_sql(
        db,
        tmg_span_is(kind, "order")
            ? "SELECT post_id FROM inspection_order WHERE id = $1"
            : "SELECT post_id FROM declaration WHERE consignment_id = $1 AND superseded_at_ms IS NULL",
        &s, err));
    tmg_bind_i64(s, 1, id);
    TMG_TRY(tmg_step(s, &row, err));
    int64_t post_id = row ? tmg_col_i64(s, 0) : 0;
    tmg_reset(s);
    return row ? tmg_guard_may(who, TMG_MAY_CASE_WRITE, post_id, err)
               : TMG_FAIL(err, TMG_E_NOT_FOUND, "link: there is no %.*s", TMG_SPAN_ARG(about));
}

tmg_rc tmg_case_link(tmg_db *db, const tmg_actor *who, int64_t case_id, tmg_span about, tmg_err *err)
{
    tmg_stmt *s;
    tmg_leaf l;

    TMG_TRY(tmg_case_may_change(db, who, case_id, err));
    TMG_TRY(may_link(db, who, about, err));
    TMG_TRY(tmg_sql(db,
                    "INSERT INTO case_link (case_id, about, at_ms, account_id) VALUES ($1, $2, $3, $4) ON "
                    "CONFLICT (case_id, "
                    "about) DO NOTHING",
                    &s, err));
    tmg_bind_i64(s, 1, case_id);
    tmg_bind_text(s, 2, about);
    tmg_bind_i64(s, 3, tmg_now_ms());
    tmg_bind_i64(s, 4, who->account_id);
    TMG_TRY(tmg_exec(s, err));
    tmg_leaf_begin(&l);
    tmg_json_text(&l.j, "linked", about);
    return tmg_leaf_end(&l, db, who, "case.linked", "case", case_id, err);
}
