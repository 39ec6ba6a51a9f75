#include "casework/reading_priv.h"

#include <stdlib.h>

typedef struct source {
    const char *kind, *sql; /* at_ms, account_id, id, words; $1 is the case */
} source;

/* The case and those that were merged into it. */
#define FILES "(SELECT $1 UNION SELECT id FROM case_file WHERE merged_into = $1)"
/* Its consignments: linked, or those of its seizures. */
#define GOODS                                                                                                \
    "(SELECT CAST(substr(about, 13) AS INTEGER) FROM case_link WHERE about LIKE 'consignment:%' AND "        \
    "case_id IN " FILES                                                                                      \
    " UNION SELECT consignment_id FROM seizure WHERE consignment_id IS NOT NULL AND case_id IN " FILES ")"

#define HAPPENED(what)                                                                                       \
    "SELECT at_ms, account_id, id, words FROM case_event WHERE kind = '" what "' AND case_id IN " FILES

static const source sources[] = {
    {"case", "SELECT p.at_ms, p.account_id, i.about_id, p.arrow FROM flow_past p JOIN flow_item i ON i.id = "
             "p.item_id WHERE "
             "i.kind = 'case' AND i.about_id IN " FILES},
    {"decision",
     "SELECT at_ms, account_id, consignment_id, reason FROM decision WHERE consignment_id IN " GOODS},
    {"result", "SELECT known_at_ms, coalesce(account_id, 0), consignment_id, coalesce(note, '') FROM result "
               "WHERE consignment_id "
               "IN " GOODS},
    {"order",
     "SELECT p.at_ms, p.account_id, i.about_id, p.arrow FROM flow_past p JOIN flow_item i ON i.id = "
     "p.item_id JOIN "
     "inspection_order o ON o.id = i.about_id WHERE i.kind = 'order' AND o.consignment_id IN " GOODS},
    {"step", "SELECT s.ended_ms, s.account_id, s.id, s.reaction || CASE WHEN coalesce(s.reading, '') = '' "
             "THEN '' ELSE ': ' || "
             "s.reading END FROM inspection_step s JOIN inspection_order o ON o.id = s.order_id WHERE "
             "s.reaction IS NOT NULL AND "
             "o.consignment_id IN " GOODS},
    {"seizure", "SELECT seized_ms, recorded_by, id, number FROM seizure WHERE case_id IN " FILES},
    {"line", "SELECT l.at_ms, l.account_id, l.id, l.substance || ', ' || l.stage FROM substance_line l JOIN "
             "seizure z ON z.id = "
             "l.seizure_id WHERE z.case_id IN " FILES},
    {"custody", "SELECT u.at_ms, u.account_id, u.exhibit_id, u.act || ', ' || u.purpose FROM custody u JOIN "
                "exhibit e ON e.id = "
                "u.exhibit_id JOIN seizure z ON z.id = e.seizure_id WHERE z.case_id IN " FILES},
    {"task", "SELECT made_ms, made_by, id, title FROM case_task WHERE case_id IN " FILES},
    {"task_done",
     "SELECT done_ms, done_by, id, title FROM case_task WHERE done_ms IS NOT NULL AND case_id IN " FILES},
    {"fact", "SELECT at_ms, account_id, id, text FROM case_note WHERE kind = 'fact' AND case_id IN " FILES},
    {"assessment",
     "SELECT at_ms, account_id, id, text FROM case_note WHERE kind = 'assessment' AND case_id IN " FILES},
    {"suspect", "SELECT at_ms, account_id, id, role FROM suspect WHERE case_id IN " FILES},
    {"suspect_changed", "SELECT p.at_ms, p.account_id, p.suspect_id, p.kind FROM suspect_past p JOIN suspect "
                        "x ON x.id = p.suspect_id WHERE x.case_id IN " FILES},
    {"group", "SELECT at_ms, account_id, id, '' FROM crime_group WHERE case_id IN " FILES},
    {"party",
     "SELECT c.at_ms, c.account_id, c.id, c.role || ', ' || p.code || CASE WHEN coalesce(p.name, '') = "
     "'' THEN '' ELSE ', ' || p.name END FROM case_party c JOIN party p ON p.id = c.party_id WHERE "
     "c.case_id IN " FILES},
    {"party_ended",
     "SELECT c.ended_ms, c.ended_by, c.id, c.role || ', ' || p.code || ', ' || c.end_reason FROM "
     "case_party c JOIN party p ON p.id = c.party_id WHERE c.ended_ms IS NOT NULL AND "
     "c.case_id IN " FILES},
    {"link", "SELECT at_ms, account_id, case_id, about FROM case_link WHERE case_id IN " FILES},
    {"access", "SELECT x.from_ms, x.given_by, x.case_id, u.display || ', ' || x.reason FROM case_access x "
               "JOIN account u "
               "ON u.id = x.account_id WHERE x.emergency = 0 AND x.case_id IN " FILES},
    {"emergency",
     "SELECT from_ms, given_by, case_id, reason FROM case_access WHERE emergency = 1 AND case_id "
     "IN " FILES},
    {"access_ended", HAPPENED("access_ended")},
    {"disposition", HAPPENED("disposition")},
    {"amendment", HAPPENED("amendment")},
    {"persons_read", HAPPENED("persons_read")},
    {"picture",
     "SELECT m.at_ms, m.account_id, m.id, m.words FROM media m WHERE m.about IN (SELECT 'seizure:' "
     "|| z.id FROM seizure z WHERE z.case_id IN " FILES " UNION SELECT 'exhibit:' || e.id FROM "
     "exhibit e JOIN seizure z ON z.id = e.seizure_id WHERE z.case_id IN " FILES
     " UNION SELECT 'step:' || t.id FROM inspection_step t JOIN inspection_order o ON o.id = "
     "t.order_id WHERE o.consignment_id IN " GOODS ")"},
    {"incident",
     "SELECT n.at_ms, n.account_id, n.id, n.kind FROM incident n WHERE n.about IN (SELECT "
     "'exhibit:' || e.id FROM exhibit e JOIN seizure z ON z.id = e.seizure_id WHERE z.case_id IN " FILES ")"},
    {"paper", "SELECT at_ms, account_id, id, kind FROM paper WHERE about = 'case:' || $1"},
    {"merge",
     "SELECT m.at_ms, m.account_id, m.merged_id, c.number || ', ' || m.reason FROM case_merge m JOIN "
     "case_file c ON c.id = CASE WHEN m.kept_id = $1 THEN m.merged_id ELSE m.kept_id END WHERE $1 IN "
     "(m.kept_id, m.merged_id)"},
    {"merge_undone",
     "SELECT m.undone_ms, m.undone_by, m.merged_id, c.number FROM case_merge m JOIN case_file c "
     "ON c.id = CASE WHEN m.kept_id = $1 THEN m.merged_id ELSE m.kept_id END WHERE m.undone_ms "
     "IS NOT NULL AND $1 IN (m.kept_id, m.merged_id)"},
};

typedef struct events {
    tmg_case_event *list;
    size_t count, room;
} events;

static tmg_rc read_source(tmg_db *db, const source *from, int64_t case_id, tmg_arena *a, events *to,
                          tmg_err *err)
{
    tmg_stmt *s;
    bool row;
    char about[64];

    TMG_TRY(tmg_sql(db, from->sql, &s, err));
    tmg_bind_i64(s, 1, case_id);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        (void)snprintf(about, sizeof about, "%s:%lld", from->kind, (long long)tmg_col_i64(s, 2));
        to->list = tmg_grown(a, to->list, to->count, &to->room, sizeof *to->list);
        to->list[to->count++] = (tmg_case_event){.at_ms = tmg_col_i64(s, 0),
                                                 .account_id = tmg_col_i64(s, 1),
                                                 .kind = tmg_span_of(from->kind),
                                                 .about = tmg_span_copy(a, tmg_span_of(about)),
                                                 .words = tmg_span_copy(a, tmg_col_text(s, 3))};
    }
}

/* Of one instant: in the order of the sources, which is the order of cause and effect. */
typedef struct ordered {
    tmg_case_event e;
    size_t at;
} ordered;

static int by_time(const void *x, const void *y)
{
    const ordered *p = x, *q = y;

    if (p->e.at_ms != q->e.at_ms)
        return p->e.at_ms < q->e.at_ms ? -1 : 1;
    return (p->at > q->at) - (p->at < q->at);
}

static void sort(events *e, tmg_arena *a)
{
    ordered *list = tmg_alloc_array(a, e->count + 1, sizeof *list);

    for (size_t i = 0; i < e->count; i++)
        list[i] = (ordered){e->list[i], i};
    qsort(list, e->count, sizeof *list, by_time);
    for (size_t i = 0; i < e->count; i++)
        e->list[i] = list[i].e;
}

tmg_rc tmg_case_timeline(tmg_db *db, const tmg_actor *who, int64_t case_id, tmg_arena *a,
                         tmg_case_event **ret, size_t *ret_count, tmg_err *err)
{
    events e = {0};

    TMG_TRY(tmg_case_may(db, who, case_id, err));
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++)
        TMG_TRY(read_source(db, &sources[i], case_id, a, &e, err));
    sort(&e, a);
    *ret = e.list;
    *ret_count = e.count;
    return TMG_OK;
}
