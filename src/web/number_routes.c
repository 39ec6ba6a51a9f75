/* What a number is of: an order, a seizure, an exhibit or a case.  What the caller may not read has no
 * number. */
#include "web/casework_priv.h"

enum { ARENA_MAX = 1 << 20 };

/* Who reads the record reads its number: these ask what the record's own route asks. */
static tmg_rc may_order(tmg_call *c, tmg_db *db, int64_t id, tmg_arena *a, tmg_err *err)
{
    tmg_order o;

    TMG_TRY(tmg_order_read(db, id, a, &o, err));
    return tmg_guard_may(&c->who, TMG_MAY_ORDER_READ, o.post_id, err);
}

static tmg_rc may_seizure(tmg_call *c, tmg_db *db, int64_t id, tmg_arena *a, tmg_err *err)
{
    tmg_seizure z;

    TMG_TRY(tmg_seizure_read(db, id, a, &z, err));
    return tmg_guard_may(&c->who, TMG_MAY_SEIZURE_READ, z.post_id, err);
}

static tmg_rc may_exhibit(tmg_call *c, tmg_db *db, int64_t id, tmg_arena *a, tmg_err *err)
{
    tmg_exhibit e;

    TMG_TRY(tmg_exhibit_read(db, id, a, &e, err));
    return tmg_call_may_exhibits(c, db, TMG_MAY_EVIDENCE_READ, e.seizure_id, err);
}

static tmg_rc may_case(tmg_call *c, tmg_db *db, int64_t id, tmg_arena *a, tmg_err *err)
{
    (void)a;
    TMG_TRY(tmg_guard_may(&c->who, TMG_MAY_CASE_READ, 0, err));
    return tmg_case_may(db, &c->who, id, err);
}

static const struct {
    const char *kind, *sql;
    tmg_rc (*may)(tmg_call *c, tmg_db *db, int64_t id, tmg_arena *a, tmg_err *err);
} kinds[] = {
    {"order", "SELECT id, number FROM inspection_order WHERE number = upper($1)", may_order},
    {"seizure", "SELECT id, number FROM seizure WHERE number = upper($1)", may_seizure},
    {"exhibit", "SELECT id, number FROM exhibit WHERE number = upper($1)", may_exhibit},
    {"case", "SELECT id, number FROM case_file WHERE number = upper($1)", may_case},
};

/* Where a seizure is looked at: in its case, or with its order. */
static tmg_rc write_places(tmg_json_out *j, tmg_call *c, tmg_db *db, int64_t id, tmg_arena *a, tmg_err *err)
{
    tmg_err why;
    tmg_seizure z;

    TMG_TRY(tmg_seizure_read(db, id, a, &z, err));
    if (z.case_id != 0 && may_case(c, db, z.case_id, a, &why) == TMG_OK)
        tmg_json_i64(j, "case", z.case_id);
    if (z.order_id != 0 && may_order(c, db, z.order_id, a, &why) == TMG_OK)
        tmg_json_i64(j, "order", z.order_id);
    return TMG_OK;
}

static tmg_rc write_found(tmg_json_out *j, tmg_call *c, tmg_db *db, size_t kind, tmg_span number,
                          tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    tmg_stmt *s;
    tmg_err why;
    bool row;

    TMG_TRY(tmg_sql(db, kinds[kind].sql, &s, err));
    tmg_bind_text(s, 1, number);
    TMG_TRY(tmg_step(s, &row, err));
    int64_t id = row ? tmg_col_i64(s, 0) : 0;
    tmg_span written = row ? tmg_span_copy(a, tmg_col_text(s, 1)) : number;
    tmg_reset(s);
    tmg_rc rc = row ? kinds[kind].may(c, db, id, a, &why) : TMG_E_NOT_FOUND;
    if (rc == TMG_E_DENIED || rc == TMG_E_NOT_FOUND)
        return TMG_OK;
    if (rc != TMG_OK) {
        *err = why;
        return rc;
    }
    tmg_json_object(j, NULL);
    tmg_json_z(j, "kind", kinds[kind].kind);
    tmg_json_i64(j, "id", id);
    tmg_json_text(j, "number", written);
    if (strcmp(kinds[kind].kind, "seizure") == 0)
        TMG_TRY(write_places(j, c, db, id, a, err));
    tmg_json_end_object(j);
    return TMG_OK;
}

static tmg_rc find_number(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    tmg_span number = tmg_span_trim(tmg_call_query(c, "number"));
    tmg_json_out j;

    (void)ctx;
    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    tmg_json_array(&j, "items");
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        TMG_TRY(write_found(&j, c, db, i, number, err));
    tmg_json_end_array(&j);
    tmg_json_end_object(&j);
    return TMG_OK;
}

void tmg_do_number_find(tmg_call *c)
{
    tmg_call_write(c, find_number, NULL, NULL);
}
