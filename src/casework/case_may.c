#include "casework/case_may_priv.h"
#include "casework/reading_priv.h"

tmg_rc tmg_case_may(tmg_db *db, const tmg_actor *who, int64_t case_id, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(
        db, "SELECT CASE WHEN " TMG_CASE_KNOWN_TO " THEN 1 ELSE 0 END FROM case_file c WHERE c.id = $3", &s,
        err));
    tmg_bind_i64(s, 1, who->account_id);
    tmg_bind_i64(s, 2, tmg_now_ms());
    tmg_bind_i64(s, 3, case_id);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no case %lld", (long long)case_id);
    bool known = tmg_col_i64(s, 0) != 0;
    tmg_reset(s);
    return known ? TMG_OK
                 : TMG_FAIL(err, TMG_E_DENIED,
                            "this case is need-to-know and does not name this account: ask who leads it for "
                            "access");
}
