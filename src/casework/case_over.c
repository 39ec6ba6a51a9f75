/* Whether a case still takes changes, and which case a number means. */
#include "casework/reading_priv.h"

enum { MOST_MERGES = 16 };

typedef struct standing {
    int64_t closed_ms, merged_into;
    tmg_span number, into;
} standing;

static tmg_rc stands(tmg_db *db, int64_t case_id, tmg_arena *a, standing *ret, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db,
                    "SELECT c.closed_ms, c.merged_into, c.number, k.number FROM case_file c LEFT JOIN "
                    "case_file k ON k.id = c.merged_into WHERE c.id = $1",
                    &s, err));
    tmg_bind_i64(s, 1, case_id);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no case %lld", (long long)case_id);
    *ret = (standing){tmg_col_opt(s, 0), tmg_col_i64(s, 1), tmg_span_copy(a, tmg_col_text(s, 2)),
                      tmg_span_copy(a, tmg_col_text(s, 3))};
    tmg_reset(s);
    return TMG_OK;
}

static tmg_rc over(tmg_err *err)
{
    return tmg_err_named(TMG_FAIL(err, TMG_E_CONFLICT,
                                  "the case is over: reopen it, with a note and by a second person, before "
                                  "anything of it is changed"),
                         err, "case.over");
}

static tmg_rc merged(tmg_db *db, const tmg_actor *who, const standing *at, tmg_err *err)
{
    if (at->merged_into == 0)
        return TMG_OK;
    if (tmg_case_may(db, who, at->merged_into, NULL) != TMG_OK)
        return tmg_err_named(
            TMG_FAIL(err, TMG_E_CONFLICT,
                     "case %.*s was merged into one that does not name this account: it is not "
                     "changed any more",
                     TMG_SPAN_ARG(at->number)),
            err, "case.merged_away");
    return tmg_err_code(TMG_FAIL(err, TMG_E_CONFLICT, "case %.*s was merged into %.*s: change that one",
                                 TMG_SPAN_ARG(at->number), TMG_SPAN_ARG(at->into)),
                        err, "case.merged", "number=%.*s", TMG_SPAN_ARG(at->into));
}

tmg_rc tmg_case_not_merged(tmg_db *db, const tmg_actor *who, int64_t case_id, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    standing at = {0};

    TMG_TRY(stands(db, case_id, a, &at, err));
    return merged(db, who, &at, err);
}

tmg_rc tmg_case_may_change(tmg_db *db, const tmg_actor *who, int64_t case_id, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    standing at = {0};

    TMG_TRY(tmg_case_may(db, who, case_id, err));
    TMG_TRY(stands(db, case_id, a, &at, err));
    TMG_TRY(merged(db, who, &at, err));
    return at.closed_ms != TMG_NONE ? over(err) : TMG_OK;
}

tmg_rc tmg_case_not_over(tmg_db *db, int64_t case_id, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    standing at = {.merged_into = case_id};

    if (case_id == 0)
        return TMG_OK;
    for (int i = 0; i < MOST_MERGES && at.merged_into != 0; i++)
        TMG_TRY(stands(db, at.merged_into, a, &at, err));
    return at.closed_ms != TMG_NONE ? over(err) : TMG_OK;
}

tmg_rc tmg_case_by_number(tmg_db *db, const tmg_actor *who, tmg_span number, int64_t *ret, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    number = tmg_span_trim(number);
    TMG_TRY(tmg_sql(db, "SELECT id FROM case_file WHERE number = upper($1)", &s, err));
    tmg_bind_text(s, 1, number);
    TMG_TRY(tmg_step(s, &row, err));
    int64_t id = row ? tmg_col_i64(s, 0) : 0;
    tmg_reset(s);
    /* Whom it does not name learns nothing of it, not even that the number is taken. */
    if (row && tmg_case_may(db, who, id, NULL) == TMG_OK) {
        *ret = id;
        return TMG_OK;
    }
    return tmg_err_code(TMG_FAIL(err, TMG_E_NOT_FOUND, "you read no case of the number \"%.*s\"",
                                 TMG_SPAN_ARG(tmg_utf8_cut(number, 40))),
                        err, "case.no_number", "number=%.*s", TMG_SPAN_ARG(tmg_utf8_cut(number, 40)));
}
