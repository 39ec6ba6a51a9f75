#include "casework/incidents.h"
#include "casework/reading_priv.h"

static const tmg_span incident_kind = {"incident", 8};

#define COLUMNS                                                                                              \
    "SELECT n.id, CAST(substr(n.about, 9) AS INTEGER), n.at_ms, n.account_id, n.before_mg, n.found_mg, "     \
    "n.custody_no, n.kind, n.words, n.seal_before, n.seal_found, i.id, i.state, i.since_ms, i.due_ms, "      \
    "i.escalated_ms, i.author_id FROM incident n JOIN flow_item i ON i.kind = 'incident' AND i.about_id = "  \
    "n.id WHERE n.about LIKE 'exhibit:%' "

static tmg_incident incident_of(tmg_stmt *s, tmg_arena *a)
{
    return (tmg_incident){.id = tmg_col_i64(s, 0),
                          .exhibit_id = tmg_col_i64(s, 1),
                          .at_ms = tmg_col_i64(s, 2),
                          .account_id = tmg_col_i64(s, 3),
                          .before_mg = tmg_col_opt(s, 4),
                          .found_mg = tmg_col_opt(s, 5),
                          .custody_no = (int32_t)tmg_col_i64(s, 6),
                          .kind = tmg_span_copy(a, tmg_col_text(s, 7)),
                          .words = tmg_span_copy(a, tmg_col_text(s, 8)),
                          .seal_before = tmg_span_copy(a, tmg_col_text(s, 9)),
                          .seal_found = tmg_span_copy(a, tmg_col_text(s, 10)),
                          .flow = {.id = tmg_col_i64(s, 11),
                                   .about_id = tmg_col_i64(s, 0),
                                   .state = tmg_span_copy(a, tmg_col_text(s, 12)),
                                   .since_ms = tmg_col_i64(s, 13),
                                   .due_ms = tmg_col_opt(s, 14),
                                   .escalated_ms = tmg_col_opt(s, 15),
                                   .author_id = tmg_col_i64(s, 16),
                                   .kind = incident_kind}};
}

static tmg_rc store(tmg_db *db, tmg_incident *i, tmg_err *err)
{
    char about[64];
    tmg_stmt *s;

    (void)snprintf(about, sizeof about, "exhibit:%lld", (long long)i->exhibit_id);
    TMG_TRY(tmg_sql(
        db,
        "INSERT INTO incident (about, kind, words, at_ms, account_id, custody_no, before_mg, found_mg, "
        "seal_before, seal_found) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &s, err));
    tmg_bind_text(s, 1, tmg_span_of(about));
    tmg_bind_text(s, 2, i->kind);
    tmg_bind_text(s, 3, i->words);
    tmg_bind_i64(s, 4, i->at_ms);
    tmg_bind_i64(s, 5, i->account_id);
    tmg_bind_id(s, 6, i->custody_no);
    tmg_bind_opt(s, 7, i->before_mg);
    tmg_bind_opt(s, 8, i->found_mg);
    tmg_bind_text(s, 9, i->seal_before);
    tmg_bind_text(s, 10, i->seal_found);
    TMG_TRY(tmg_exec(s, err));
    i->id = tmg_last_id(db);
    return TMG_OK;
}

tmg_rc tmg_incident_open(const tmg_flows *f, tmg_db *db, const tmg_actor *who, tmg_incident *i, tmg_arena *a,
                         tmg_err *err)
{
    tmg_leaf l;

    i->at_ms = tmg_now_ms();
    i->account_id = who->account_id;
    TMG_TRY(store(db, i, err));
    tmg_leaf_begin(&l);
    tmg_json_i64(&l.j, "incident", i->id);
    tmg_json_text(&l.j, "kind", i->kind);
    tmg_json_text(&l.j, "words", i->words);
    if (i->before_mg != TMG_NONE)
        tmg_json_i64(&l.j, "before_mg", i->before_mg);
    if (i->found_mg != TMG_NONE)
        tmg_json_i64(&l.j, "found_mg", i->found_mg);
    TMG_TRY(tmg_leaf_end(&l, db, who, "incident.opened", "evidence", i->exhibit_id, err));
    return tmg_flow_enter(f, db, who, incident_kind, i->id, 0, &i->flow, a, err);
}

tmg_rc tmg_incident_read(tmg_db *db, int64_t id, tmg_arena *a, tmg_incident *ret, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db, COLUMNS "AND n.id = $1", &s, err));
    tmg_bind_i64(s, 1, id);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no incident %lld", (long long)id);
    *ret = incident_of(s, a);
    tmg_reset(s);
    return TMG_OK;
}

tmg_rc tmg_incident_list(tmg_db *db, int64_t exhibit_id, tmg_span state, size_t most, tmg_arena *a,
                         tmg_incident **ret, size_t *ret_count, tmg_err *err)
{
    tmg_incident *list = NULL;
    size_t room = 0, count = 0;
    char about[64];
    tmg_stmt *s;
    bool row;

    (void)snprintf(about, sizeof about, "exhibit:%lld", (long long)exhibit_id);
    TMG_TRY(tmg_sql(
        db, COLUMNS "AND (n.about = $1 OR $2 = 0) AND (i.state = $3 OR $3 IS NULL) ORDER BY n.id LIMIT $4",
        &s, err));
    tmg_bind_text(s, 1, tmg_span_of(about));
    tmg_bind_i64(s, 2, exhibit_id);
    tmg_bind_text(s, 3, state);
    tmg_bind_i64(s, 4, (int64_t)most);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        list = tmg_grown(a, list, count, &room, sizeof *list);
        list[count++] = incident_of(s, a);
    }
    *ret = list;
    *ret_count = count;
    return TMG_OK;
}
