#include "guard/guard.h"

tmg_rc tmg_guard_of_evidence(tmg_db *db, int64_t exhibit_id, tmg_arena *a, tmg_span **ret, size_t *ret_count,
                             tmg_err *err)
{
    enum { MOST = 10000 };
    tmg_span *list = tmg_alloc_array(a, MOST, sizeof *list);
    size_t count = 0;
    tmg_stmt *s;
    bool row;

    /* Word by word as in the index log_leaf_of_evidence. */
    TMG_TRY(tmg_sql(
        db,
        "SELECT entry FROM log_leaf WHERE instr(entry, '\"object\":\"evidence:') > 0 AND instr(entry, "
        "'\"action\":\"evidence.read\"') = 0 AND CAST(substr(entry, instr(entry, '\"object\":\"evidence:') "
        "+ 19, 19) AS INTEGER) = $1 ORDER BY seq",
        &s, err));
    tmg_bind_i64(s, 1, exhibit_id);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        if (count == MOST) {
            tmg_reset(s);
            return TMG_FAIL(err, TMG_E_LIMIT, "the log has more than %d entries about exhibit %lld", MOST,
                            (long long)exhibit_id);
        }
        list[count++] = tmg_span_copy(a, tmg_col_text(s, 0));
    }
    *ret = list;
    *ret_count = count;
    return TMG_OK;
}
