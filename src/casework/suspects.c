#include "casework/suspects_priv.h"
#include "model/codes.h"

enum { YOUNGEST = 7, OLDEST = 110 };

static int year_now(void)
{
    TMG_AUTO_BUF day = {0};

    tmg_buf_init(&day, 32);
    tmg_day_write(&day, tmg_day_of(tmg_now_ms(), 0));
    return (day.ptr[0] - '0') * 1000 + (day.ptr[1] - '0') * 100 + (day.ptr[2] - '0') * 10 +
           (day.ptr[3] - '0');
}

tmg_rc tmg_suspect_check(const tmg_code_lists *codes, const tmg_suspect *s, tmg_err *err)
{
    const int this_year = year_now();

    TMG_TRY(tmg_must_be_listed(codes, "role", "suspect_role", s->role, err));
    TMG_TRY(tmg_must_be_listed(codes, "status", "suspect_status", s->status, err));
    TMG_TRY(tmg_plain_text("role_words", s->role_words, err));
    if (s->role_words.len > TMG_MAX_TEXT)
        return TMG_FAIL(err, TMG_E_INVALID, "role_words: expected at most %d bytes", TMG_MAX_TEXT);
    if (tmg_span_is(s->role, "other") && !tmg_said(s->role_words))
        return tmg_err_named(
            TMG_FAIL(err, TMG_E_INVALID, "role_words: \"other\" needs words that say what it is"), err,
            "suspect.role_words");
    if (!tmg_span_is(s->sex, "m") && !tmg_span_is(s->sex, "f") && !tmg_span_is(s->sex, "x"))
        return TMG_FAIL(err, TMG_E_INVALID, "sex: expected m, f or x (not stated)");
    if (s->occupation.len > 0)
        TMG_TRY(tmg_must_be_listed(codes, "occupation", "occupation", s->occupation, err));
    if (!tmg_span_is(s->citizenship, "XX") && !tmg_country_known(s->citizenship))
        return TMG_FAIL(err, TMG_E_INVALID,
                        "citizenship: expected an ISO 3166 alpha-2 code, or XX where it is not stated");
    if (s->birth_year != 0 && (s->birth_year < this_year - OLDEST || s->birth_year > this_year - YOUNGEST))
        return tmg_err_code(TMG_FAIL(err, TMG_E_INVALID,
                                     "birth_year: expected a year of %d to %d: a person of %d to %d years",
                                     this_year - OLDEST, this_year - YOUNGEST, YOUNGEST, OLDEST),
                            err, "suspect.birth_year", "from=%d\nto=%d\n", this_year - OLDEST,
                            this_year - YOUNGEST);
    TMG_TRY(tmg_plain_text("name", s->name, err));
    if (tmg_span_trim(s->name).len == 0 || s->name.len > TMG_MAX_TEXT)
        return TMG_FAIL(err, TMG_E_INVALID, "name: expected 1 to %d bytes", TMG_MAX_TEXT);
    return TMG_OK;
}

tmg_rc tmg_suspect_group_is_of(tmg_db *db, int64_t group_id, int64_t case_id, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    if (group_id == 0)
        return TMG_OK;
    TMG_TRY(tmg_sql(db, "SELECT 1 FROM crime_group WHERE id = $1 AND case_id = $2", &s, err));
    tmg_bind_i64(s, 1, group_id);
    tmg_bind_i64(s, 2, case_id);
    TMG_TRY(tmg_step(s, &row, err));
    tmg_reset(s);
    return row ? TMG_OK
               : TMG_FAIL(err, TMG_E_NOT_FOUND, "group: the case has no group %lld", (long long)group_id);
}

tmg_rc tmg_suspect_add(const tmg_code_lists *codes, tmg_db *db, const tmg_actor *who, tmg_suspect *x,
                       tmg_err *err)
{
    tmg_stmt *s;
    tmg_leaf l;

    TMG_TRY(tmg_case_may_change(db, who, x->case_id, err));
    x->status = TMG_SPAN("suspect");
    x->withdrawn_ms = TMG_NONE;
    TMG_TRY(tmg_suspect_check(codes, x, err));
    TMG_TRY(tmg_suspect_group_is_of(db, x->group_id, x->case_id, err));
    x->at_ms = tmg_now_ms();
    x->account_id = who->account_id;
    TMG_TRY(tmg_sql(db,
                    "INSERT INTO suspect (case_id, group_id, name, role, sex, birth_year, citizenship, "
                    "previous_record, status, at_ms, account_id, occupation, role_words) VALUES ($1, $2, $3, "
                    "$4, $5, $6, $7, $8, 'suspect', $9, $10, $11, $12)",
                    &s, err));
    tmg_bind_i64(s, 1, x->case_id);
    tmg_bind_id(s, 2, x->group_id);
    tmg_bind_text(s, 3, x->name);
    tmg_bind_text(s, 4, x->role);
    tmg_bind_text(s, 5, x->sex);
    tmg_bind_id(s, 6, x->birth_year);
    tmg_bind_text(s, 7, x->citizenship);
    tmg_bind_i64(s, 8, x->previous_record);
    tmg_bind_i64(s, 9, x->at_ms);
    tmg_bind_i64(s, 10, x->account_id);
    tmg_bind_text(s, 11, x->occupation.len > 0 ? x->occupation : (tmg_span){NULL, 0});
    tmg_bind_text(s, 12, x->role_words.len > 0 ? x->role_words : (tmg_span){NULL, 0});
    TMG_TRY(tmg_exec(s, err));
    x->id = tmg_last_id(db);
    /* Who was added is nominal; the log says that somebody was. */
    tmg_leaf_begin(&l);
    tmg_json_i64(&l.j, "suspect", x->id);
    tmg_json_text(&l.j, "suspect_role", x->role);
    return tmg_leaf_end(&l, db, who, "suspect.added", "case", x->case_id, err);
}

tmg_suspect tmg_suspect_row(tmg_stmt *s, tmg_arena *a)
{
    return (tmg_suspect){.id = tmg_col_i64(s, 0),
                         .case_id = tmg_col_i64(s, 1),
                         .group_id = tmg_col_i64(s, 2),
                         .at_ms = tmg_col_i64(s, 3),
                         .account_id = tmg_col_i64(s, 4),
                         .birth_year = (int32_t)tmg_col_i64(s, 5),
                         .name = tmg_span_copy(a, tmg_col_text(s, 6)),
                         .role = tmg_span_copy(a, tmg_col_text(s, 7)),
                         .sex = tmg_span_copy(a, tmg_col_text(s, 8)),
                         .citizenship = tmg_span_copy(a, tmg_col_text(s, 9)),
                         .status = tmg_span_copy(a, tmg_col_text(s, 10)),
                         .previous_record = tmg_col_i64(s, 11) != 0,
                         .occupation = tmg_span_copy(a, tmg_col_text(s, 12)),
                         .role_words = tmg_span_copy(a, tmg_col_text(s, 13)),
                         .withdrawn_ms = tmg_col_opt(s, 14)};
}

static tmg_rc log_read(tmg_db *db, const tmg_actor *who, int64_t case_id, tmg_span purpose, size_t count,
                       tmg_err *err)
{
    tmg_leaf l;

    tmg_leaf_begin(&l);
    tmg_json_text(&l.j, "purpose", purpose);
    tmg_json_i64(&l.j, "persons", (int64_t)count);
    return tmg_leaf_end(&l, db, who, "suspect.read", "case", case_id, err);
}

tmg_rc tmg_suspect_list(tmg_db *db, const tmg_actor *who, int64_t case_id, tmg_span purpose, tmg_arena *a,
                        tmg_suspect **ret, size_t *ret_count, tmg_err *err)
{
    tmg_suspect *list = NULL;
    size_t room = 0, count = 0;
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_case_may(db, who, case_id, err));
    if (!tmg_said(purpose))
        return TMG_FAIL(err, TMG_E_INVALID, "purpose: persons of a case are read for a stated purpose");
    TMG_TRY(tmg_sql(db,
                    "SELECT " TMG_SUSPECT_COLUMNS " FROM suspect WHERE case_id = $1 OR case_id IN (SELECT id "
                    "FROM case_file WHERE merged_into = $1) ORDER BY id",
                    &s, err));
    tmg_bind_i64(s, 1, case_id);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        list = tmg_grown(a, list, count, &room, sizeof *list);
        list[count++] = tmg_suspect_row(s, a);
    }
    *ret = list;
    *ret_count = count;
    TMG_TRY(tmg_case_happened(db, who, case_id, "persons_read", purpose, err));
    return log_read(db, who, case_id, purpose, count, err);
}

tmg_rc tmg_group_add(tmg_db *db, const tmg_actor *who, int64_t case_id, tmg_span name, int64_t *ret_id,
                     tmg_err *err)
{
    tmg_stmt *s;
    tmg_leaf l;

    TMG_TRY(tmg_case_may_change(db, who, case_id, err));
    if (!tmg_said(name) || name.len > TMG_MAX_TEXT)
        return TMG_FAIL(err, TMG_E_INVALID, "name: expected 3 to %d bytes", TMG_MAX_TEXT);
    TMG_TRY(tmg_sql(db, "INSERT INTO crime_group (case_id, name, at_ms, account_id) VALUES ($1, $2, $3, $4)",
                    &s, err));
    tmg_bind_i64(s, 1, case_id);
    tmg_bind_text(s, 2, name);
    tmg_bind_i64(s, 3, tmg_now_ms());
    tmg_bind_i64(s, 4, who->account_id);
    TMG_TRY(tmg_exec(s, err));
    *ret_id = tmg_last_id(db);
    tmg_leaf_begin(&l);
    tmg_json_i64(&l.j, "group", *ret_id);
    return tmg_leaf_end(&l, db, who, "group.added", "case", case_id, err);
}

tmg_rc tmg_group_list(tmg_db *db, int64_t case_id, tmg_arena *a, tmg_crime_group **ret, size_t *ret_count,
                      tmg_err *err)
{
    tmg_crime_group *list = NULL;
    size_t room = 0, count = 0;
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db,
                    "SELECT id, name FROM crime_group WHERE case_id = $1 OR case_id IN (SELECT id FROM "
                    "case_file WHERE merged_into = $1) ORDER BY id",
                    &s, err));
    tmg_bind_i64(s, 1, case_id);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        list = tmg_grown(a, list, count, &room, sizeof *list);
        list[count++] = (tmg_crime_group){tmg_col_i64(s, 0), tmg_span_copy(a, tmg_col_text(s, 1))};
    }
    *ret = list;
    *ret_count = count;
    return TMG_OK;
}
