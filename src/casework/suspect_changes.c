/* A person of a case is corrected, moves on in the proceedings, is withdrawn: what was is kept beside. */
#include "casework/suspects_priv.h"

enum { WAS_MAX = 1 << 13 };

tmg_rc tmg_suspect_read(tmg_db *db, const tmg_actor *who, int64_t id, tmg_arena *a, tmg_suspect *ret,
                        tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db, "SELECT " TMG_SUSPECT_COLUMNS " FROM suspect WHERE id = $1", &s, err));
    tmg_bind_i64(s, 1, id);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no person %lld", (long long)id);
    *ret = tmg_suspect_row(s, a);
    tmg_reset(s);
    return tmg_case_may_change(db, who, ret->case_id, err);
}

/* The members that differ: as they were into one document, by name into the other. */
typedef struct differences {
    tmg_json_out was, fields;
    size_t count;
    bool other; /* than the status */
} differences;

static bool differs(differences *d, const char *name, bool differ)
{
    if (differ) {
        tmg_json_z(&d->fields, NULL, name);
        d->count++;
        d->other = d->other || strcmp(name, "status") != 0;
    }
    return differ;
}

static void text(differences *d, const char *name, tmg_span before, tmg_span now)
{
    if (differs(d, name, !tmg_span_eq(before, now)))
        tmg_json_text(&d->was, name, before.ptr != NULL ? before : TMG_SPAN(""));
}

static void number(differences *d, const char *name, int64_t before, int64_t now)
{
    if (!differs(d, name, before != now))
        return;
    if (before == 0)
        tmg_json_null(&d->was, name);
    else
        tmg_json_i64(&d->was, name, before);
}

static void compare(differences *d, const tmg_suspect *before, const tmg_suspect *now)
{
    text(d, "name", before->name, now->name);
    text(d, "role", before->role, now->role);
    text(d, "role_words", before->role_words, now->role_words);
    text(d, "sex", before->sex, now->sex);
    number(d, "birth_year", before->birth_year, now->birth_year);
    text(d, "citizenship", before->citizenship, now->citizenship);
    text(d, "occupation", before->occupation, now->occupation);
    if (differs(d, "previous_record", before->previous_record != now->previous_record))
        tmg_json_bool(&d->was, "previous_record", before->previous_record);
    number(d, "group", before->group_id, now->group_id);
    text(d, "status", before->status, now->status);
}

static const char *kind_of(const tmg_suspect *before, const tmg_suspect *now, const differences *d)
{
    if ((before->withdrawn_ms == TMG_NONE) != (now->withdrawn_ms == TMG_NONE))
        return now->withdrawn_ms == TMG_NONE ? "restored" : "withdrawn";
    return d->other ? "corrected" : "status";
}

static tmg_rc store(tmg_db *db, const tmg_suspect *x, tmg_err *err)
{
    const tmg_span none = {NULL, 0};
    tmg_stmt *s;

    TMG_TRY(
        tmg_sql(db,
                "UPDATE suspect SET group_id = $2, name = $3, role = $4, sex = $5, birth_year = $6, "
                "citizenship = $7, previous_record = $8, status = $9, occupation = $10, role_words = $11, "
                "withdrawn_ms = $12 WHERE id = $1",
                &s, err));
    tmg_bind_i64(s, 1, x->id);
    tmg_bind_id(s, 2, x->group_id);
    tmg_bind_text(s, 3, x->name);
    tmg_bind_text(s, 4, x->role);
    tmg_bind_text(s, 5, x->sex);
    tmg_bind_id(s, 6, x->birth_year);
    tmg_bind_text(s, 7, x->citizenship);
    tmg_bind_i64(s, 8, x->previous_record);
    tmg_bind_text(s, 9, x->status);
    tmg_bind_text(s, 10, x->occupation.len > 0 ? x->occupation : none);
    tmg_bind_text(s, 11, x->role_words.len > 0 ? x->role_words : none);
    tmg_bind_opt(s, 12, x->withdrawn_ms);
    return tmg_exec(s, err);
}

static tmg_rc keep(tmg_db *db, const tmg_actor *who, int64_t id, const char *kind, tmg_span reason,
                   tmg_span was, tmg_err *err)
{
    tmg_stmt *s;

    TMG_TRY(tmg_sql(db,
                    "INSERT INTO suspect_past (suspect_id, at_ms, account_id, kind, reason, was) VALUES ($1, "
                    "$2, $3, $4, $5, $6)",
                    &s, err));
    tmg_bind_i64(s, 1, id);
    tmg_bind_i64(s, 2, tmg_now_ms());
    tmg_bind_i64(s, 3, who->account_id);
    tmg_bind_text(s, 4, tmg_span_of(kind));
    tmg_bind_text(s, 5, reason);
    tmg_bind_text(s, 6, was);
    return tmg_exec(s, err);
}

static tmg_rc log_change(tmg_db *db, const tmg_actor *who, const tmg_suspect *now, const char *kind,
                         tmg_span fields, tmg_span reason, tmg_err *err)
{
    tmg_leaf l;

    tmg_leaf_begin(&l);
    tmg_json_i64(&l.j, "suspect", now->id);
    tmg_json_z(&l.j, "kind", kind);
    tmg_json_raw(&l.j, "fields", fields);
    tmg_json_text(&l.j, "reason", reason);
    return tmg_leaf_end(&l, db, who, "suspect.changed", "case", now->case_id, err);
}

static tmg_rc may_be(const tmg_suspect *before, const tmg_suspect *now, const differences *d, tmg_err *err)
{
    const bool was_out = before->withdrawn_ms != TMG_NONE, is_out = now->withdrawn_ms != TMG_NONE;

    if (was_out && is_out)
        return tmg_err_named(TMG_FAIL(err, TMG_E_CONFLICT, "this person was withdrawn: take it back first"),
                             err, "suspect.withdrawn");
    if (was_out != is_out)
        return d->count == 0
                   ? TMG_OK
                   : TMG_FAIL(err, TMG_E_INVALID, "withdrawn: facts are changed by themselves, not with it");
    return d->count > 0 ? TMG_OK : TMG_FAIL(err, TMG_E_INVALID, "nothing of this person would change");
}

tmg_rc tmg_suspect_change(const tmg_code_lists *codes, tmg_db *db, const tmg_actor *who,
                          const tmg_suspect *now, tmg_span reason, tmg_arena *a, tmg_err *err)
{
    TMG_AUTO_BUF was = {0}, fields = {0};
    tmg_suspect before;
    differences d = {0};

    TMG_TRY(tmg_suspect_read(db, who, now->id, a, &before, err));
    if (!tmg_said(reason) || reason.len > TMG_MAX_TEXT)
        return tmg_err_named(
            TMG_FAIL(err, TMG_E_INVALID, "reason: a change of a person needs a few words that say why"), err,
            "suspect.reason");
    TMG_TRY(tmg_plain_text("reason", reason, err));
    TMG_TRY(tmg_suspect_check(codes, now, err));
    TMG_TRY(tmg_suspect_group_is_of(db, now->group_id, before.case_id, err));
    tmg_buf_init(&was, WAS_MAX);
    tmg_buf_init(&fields, WAS_MAX);
    tmg_json_begin(&d.was, &was);
    tmg_json_begin(&d.fields, &fields);
    tmg_json_object(&d.was, NULL);
    tmg_json_array(&d.fields, NULL);
    compare(&d, &before, now);
    tmg_json_end_object(&d.was);
    tmg_json_end_array(&d.fields);
    TMG_TRY(may_be(&before, now, &d, err));
    const char *kind = kind_of(&before, now, &d);
    TMG_TRY(store(db, now, err));
    TMG_TRY(keep(db, who, now->id, kind, reason, tmg_buf_as_span(&was), err));
    return log_change(db, who, now, kind, tmg_buf_as_span(&fields), reason, err);
}

/* The same year, or one that is not known. */
#define OTHERS                                                                                               \
    "SELECT name FROM suspect WHERE withdrawn_ms IS NULL AND id <> $2 AND (birth_year IS NULL OR $3 IS "     \
    "NULL OR birth_year = $3) AND (case_id = $1 OR case_id IN (SELECT id FROM case_file WHERE merged_into "  \
    "= $1))"

tmg_rc tmg_suspect_like(tmg_db *db, const tmg_suspect *x, bool *ret, tmg_err *err)
{
    const tmg_span name = tmg_span_trim(x->name);
    tmg_stmt *s;
    bool row;

    *ret = false;
    TMG_TRY(tmg_sql(db, OTHERS, &s, err));
    tmg_bind_i64(s, 1, x->case_id);
    tmg_bind_i64(s, 2, x->id);
    tmg_bind_id(s, 3, x->birth_year);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        *ret = *ret || tmg_span_equal_nocase(tmg_span_trim(tmg_col_text(s, 0)), name);
    }
}

tmg_rc tmg_suspect_pasts(tmg_db *db, int64_t case_id, tmg_arena *a, tmg_suspect_past **ret, size_t *ret_count,
                         tmg_err *err)
{
    tmg_suspect_past *list = NULL;
    size_t room = 0, count = 0;
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db,
                    "SELECT p.suspect_id, p.at_ms, p.account_id, p.kind, p.reason, p.was FROM suspect_past p "
                    "JOIN suspect x ON x.id = p.suspect_id WHERE x.case_id = $1 OR x.case_id IN (SELECT id "
                    "FROM case_file WHERE merged_into = $1) ORDER BY p.id",
                    &s, err));
    tmg_bind_i64(s, 1, case_id);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        list = tmg_grown(a, list, count, &room, sizeof *list);
        list[count++] = (tmg_suspect_past){.suspect_id = tmg_col_i64(s, 0),
                                           .at_ms = tmg_col_i64(s, 1),
                                           .account_id = tmg_col_i64(s, 2),
                                           .kind = tmg_span_copy(a, tmg_col_text(s, 3)),
                                           .reason = tmg_span_copy(a, tmg_col_text(s, 4)),
                                           .was = tmg_span_copy(a, tmg_col_text(s, 5))};
    }
    *ret = list;
    *ret_count = count;
    return TMG_OK;
}
