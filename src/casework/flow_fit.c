/* Workflows are files, what moves through them is in the database: a file that was changed must still know
 * every state in which something stands. */
#include "casework/flow_priv.h"

static tmg_rc say_left(const tmg_flows *f, tmg_span kind, tmg_span state, int64_t count, tmg_err *err)
{
    const tmg_flow *w = tmg_flow_of(f, kind);

    if (w == NULL)
        return tmg_err_named(
            TMG_FAIL(err, TMG_E_CONFLICT,
                     "config/workflows: no file describes %.*s any more, but the centre has %lld: put "
                     "the file back",
                     TMG_SPAN_ARG(kind), (long long)count),
            err, "flow.states_left");
    return tmg_err_code(
        TMG_FAIL(err, TMG_E_CONFLICT,
                 "%s: the state %.*s is gone, but %lld of kind %.*s still stand%s in it: put the state back, "
                 "start the centre, move them on, and take it out then",
                 w->file, TMG_SPAN_ARG(state), (long long)count, TMG_SPAN_ARG(kind), count == 1 ? "s" : ""),
        err, "flow.states_left", "kind=%.*s\nstate=%.*s\nn=%lld\n", TMG_SPAN_ARG(kind), TMG_SPAN_ARG(state),
        (long long)count);
}

tmg_rc tmg_flows_fit(const tmg_flows *f, tmg_db *db, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db,
                    "SELECT kind, state, count(*) FROM flow_item GROUP BY kind, state ORDER BY kind, state",
                    &s, err));
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        const tmg_flow *w = tmg_flow_of(f, tmg_col_text(s, 0));

        if (w == NULL || tmg_flow_state_of(w, tmg_col_text(s, 1)) == NULL) {
            tmg_rc rc = say_left(f, tmg_col_text(s, 0), tmg_col_text(s, 1), tmg_col_i64(s, 2), err);

            tmg_reset(s);
            return rc;
        }
    }
}
