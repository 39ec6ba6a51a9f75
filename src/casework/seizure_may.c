/* Who may go on working with a seizure whose case is need-to-know. */
#include "casework/reading_priv.h"

/* $1 is the seizure, $2 the account. */
static const char had_hands_in[] =
    "SELECT count(*) FROM seizure z LEFT JOIN inspection_order o ON o.id = z.order_id WHERE z.id = $1 AND "
    "(z.recorded_by = $2 OR EXISTS (SELECT 1 FROM substance_line l WHERE l.seizure_id = z.id AND "
    "l.account_id = "
    "$2) OR EXISTS (SELECT 1 FROM inspection_step s WHERE s.order_id = o.id AND s.account_id = $2) OR EXISTS "
    "(SELECT 1 FROM result r WHERE r.id = o.result_id AND r.account_id = $2))";

tmg_rc tmg_seizure_may(tmg_db *db, const tmg_actor *who, const tmg_seizure *z, tmg_err *err)
{
    tmg_stmt *s;
    bool row;
    tmg_err why;
    tmg_rc rc = z->case_id == 0 ? TMG_OK : tmg_case_may(db, who, z->case_id, &why);

    if (rc == TMG_OK)
        return TMG_OK;
    TMG_TRY(tmg_sql(db, had_hands_in, &s, err));
    tmg_bind_i64(s, 1, z->id);
    tmg_bind_i64(s, 2, who->account_id);
    TMG_TRY(tmg_step(s, &row, err));
    bool own = row && tmg_col_i64(s, 0) > 0;
    tmg_reset(s);
    if (own && rc == TMG_E_DENIED)
        return TMG_OK;
    if (err != NULL)
        *err = why;
    return rc;
}
