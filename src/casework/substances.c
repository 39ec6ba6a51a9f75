#include "casework/reading_priv.h"

#define COLUMNS                                                                                              \
    "SELECT id, code, name, name_az, name_ru, class, inn_table, hs, cas, figure_line, large_mg, from_day, "  \
    "until_day FROM substance "
static const char as_of[] = COLUMNS "WHERE from_day <= $1 AND (until_day IS NULL OR until_day > $1) "
                                    "ORDER BY id";

static tmg_substance substance_of(tmg_stmt *s, tmg_arena *a)
{
    tmg_substance x = {.id = tmg_col_i64(s, 0),
                       .code = tmg_span_copy(a, tmg_col_text(s, 1)),
                       .class_name = tmg_span_copy(a, tmg_col_text(s, 5)),
                       .inn_table = tmg_span_copy(a, tmg_col_text(s, 6)),
                       .hs = tmg_span_copy(a, tmg_col_text(s, 7)),
                       .cas = tmg_span_copy(a, tmg_col_text(s, 8)),
                       .figure_line = tmg_span_copy(a, tmg_col_text(s, 9)),
                       .large_mg = tmg_col_opt(s, 10),
                       .from_day = (int32_t)tmg_col_i64(s, 11)};

    for (int i = 0; i < 3; i++)
        x.name[i] = tmg_span_copy(a, tmg_col_text(s, 2 + i));
    x.until_day = tmg_col_opt(s, 12) == TMG_NONE ? INT32_MAX : (int32_t)tmg_col_i64(s, 12);
    return x;
}

static tmg_rc take_all(tmg_stmt *s, tmg_arena *a, tmg_substance **ret, size_t *ret_count, tmg_err *err)
{
    tmg_substance *list = NULL;
    size_t room = 0, count = 0;
    bool row;

    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        list = tmg_grown(a, list, count, &room, sizeof *list);
        list[count++] = substance_of(s, a);
    }
    *ret = list;
    *ret_count = count;
    return TMG_OK;
}

tmg_rc tmg_substance_list(tmg_db *db, int32_t day, tmg_arena *a, tmg_substance **ret, size_t *ret_count,
                          tmg_err *err)
{
    tmg_stmt *s;

    TMG_TRY(tmg_sql(db, as_of, &s, err));
    tmg_bind_i64(s, 1, day);
    return take_all(s, a, ret, ret_count, err);
}

tmg_rc tmg_substance_history(tmg_db *db, tmg_arena *a, tmg_substance **ret, size_t *ret_count, tmg_err *err)
{
    tmg_stmt *s;

    TMG_TRY(tmg_sql(db, COLUMNS "ORDER BY code, from_day", &s, err));
    return take_all(s, a, ret, ret_count, err);
}

/* Beginning before a row that is there would run two of one code side by side. */
static tmg_rc follows(tmg_db *db, const tmg_substance *x, tmg_err *err)
{
    TMG_AUTO_BUF day = {0};
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db, "SELECT max(from_day) FROM substance WHERE code = $1", &s, err));
    tmg_bind_text(s, 1, x->code);
    TMG_TRY(tmg_step(s, &row, err));
    int64_t last = row ? tmg_col_opt(s, 0) : TMG_NONE;
    tmg_reset(s);
    if (last == TMG_NONE || last <= x->from_day)
        return TMG_OK;
    tmg_buf_init(&day, 32);
    tmg_day_write(&day, (int32_t)last);
    return TMG_FAIL(err, TMG_E_CONFLICT,
                    "from: %.*s has a row that begins on %s: a newer one begins then or later",
                    TMG_SPAN_ARG(x->code), day.ptr);
}

static tmg_rc check(const tmg_substance *x, tmg_err *err)
{
    static const char *const classes[] = {"narcotic",  "psychotropic", "potent", "toxic",
                                          "precursor", "plant",        "other"};
    bool known = false;

    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++)
        known = known || tmg_span_is(x->class_name, classes[i]);
    if (!known)
        return TMG_FAIL(err, TMG_E_INVALID,
                        "class: expected narcotic, psychotropic, potent, toxic, precursor, plant or other");
    if (x->code.len == 0 || x->figure_line.len == 0 || x->name[0].len == 0 || x->name[1].len == 0 ||
        x->name[2].len == 0)
        return TMG_FAIL(err, TMG_E_INVALID,
                        "a substance needs a code, its names in three languages and the line of the figures "
                        "it belongs to");
    if (x->until_day <= x->from_day)
        return TMG_FAIL(err, TMG_E_INVALID, "until: a row ends after it began");
    if (x->large_mg != TMG_NONE && x->large_mg <= 0)
        return TMG_FAIL(err, TMG_E_INVALID, "large_mg: expected more than 0");
    return TMG_OK;
}

static tmg_rc end_before(tmg_db *db, const tmg_substance *x, tmg_err *err)
{
    tmg_stmt *s;

    TMG_TRY(tmg_sql(
        db, "UPDATE substance SET until_day = $2 WHERE code = $1 AND until_day IS NULL AND from_day < $2", &s,
        err));
    tmg_bind_text(s, 1, x->code);
    tmg_bind_i64(s, 2, x->from_day);
    TMG_TRY(tmg_exec(s, err));
    TMG_TRY(tmg_sql(db, "DELETE FROM substance WHERE code = $1 AND from_day = $2", &s, err));
    tmg_bind_text(s, 1, x->code);
    tmg_bind_i64(s, 2, x->from_day);
    return tmg_exec(s, err);
}

static tmg_rc store(tmg_db *db, const tmg_substance *x, tmg_err *err)
{
    tmg_stmt *s;

    TMG_TRY(tmg_sql(db,
                    "INSERT INTO substance (code, name, name_az, name_ru, class, inn_table, hs, cas, "
                    "figure_line, large_mg, "
                    "from_day, until_day) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                    &s, err));
    tmg_bind_text(s, 1, x->code);
    for (int i = 0; i < 3; i++)
        tmg_bind_text(s, 2 + i, x->name[i]);
    tmg_bind_text(s, 5, x->class_name);
    tmg_bind_text(s, 6, x->inn_table);
    tmg_bind_text(s, 7, x->hs);
    tmg_bind_text(s, 8, x->cas);
    tmg_bind_text(s, 9, x->figure_line);
    tmg_bind_opt(s, 10, x->large_mg);
    tmg_bind_i64(s, 11, x->from_day);
    tmg_bind_opt(s, 12, x->until_day == INT32_MAX ? TMG_NONE : x->until_day);
    return tmg_exec(s, err);
}

tmg_rc tmg_substance_put(tmg_db *db, const tmg_actor *who, const tmg_substance *x, tmg_err *err)
{
    tmg_leaf l;

    TMG_TRY(check(x, err));
    TMG_TRY(follows(db, x, err));
    TMG_TRY(end_before(db, x, err));
    TMG_TRY(store(db, x, err));
    int64_t id = tmg_last_id(db);
    tmg_leaf_begin(&l);
    tmg_json_text(&l.j, "code", x->code);
    tmg_json_text(&l.j, "line", x->figure_line);
    if (x->large_mg != TMG_NONE)
        tmg_json_i64(&l.j, "large_mg", x->large_mg);
    tmg_json_i64(&l.j, "from_day", x->from_day);
    return tmg_leaf_end(&l, db, who, "substance.set", "substance", id, err);
}
