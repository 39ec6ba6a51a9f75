#include "casework/case_events_priv.h"
#include "casework/seizure_priv.h"

#include <stddef.h>

enum { LIST_MAX = 1 << 16 };
enum { AS_TEXT, AS_NUMBER, AS_ID, AS_FLAG };

typedef struct field {
    const char *name, *sql;
    size_t offset;
    int as;
} field;

#define FIELD(as, name) FIELD_OF(as, name, name)
#define FIELD_OF(as, column, member)                                                                         \
    {                                                                                                        \
#column, "UPDATE seizure SET " #column " = $2 WHERE id = $1", offsetof(tmg_seizure, member), as      \
    }

static const field fields[] = {FIELD(AS_ID, case_id),
                               FIELD(AS_ID, post_id),
                               FIELD(AS_TEXT, place_kind),
                               FIELD(AS_TEXT, direction),
                               FIELD(AS_TEXT, unit),
                               FIELD(AS_TEXT, trigger_kind),
                               FIELD(AS_TEXT, trigger_words),
                               FIELD(AS_TEXT, concealment),
                               FIELD(AS_TEXT, concealment_words),
                               FIELD(AS_NUMBER, packages),
                               FIELD(AS_TEXT, conveyance_type),
                               FIELD(AS_TEXT, conveyance_make),
                               FIELD(AS_TEXT, plates),
                               FIELD(AS_TEXT, conveyance_country),
                               FIELD(AS_TEXT, route),
                               FIELD(AS_TEXT, declared_goods),
                               FIELD(AS_TEXT, declared_hs),
                               FIELD(AS_TEXT, article),
                               FIELD(AS_FLAG, in_group),
                               FIELD(AS_FLAG, prevented_transit),
                               FIELD(AS_NUMBER, value_minor),
                               FIELD(AS_TEXT, value_currency)};

static tmg_span text_at(const tmg_seizure *z, const field *f)
{
    return *(const tmg_span *)(const void *)((const char *)z + f->offset);
}

static int64_t number_at(const tmg_seizure *z, const field *f)
{
    const void *at = (const char *)z + f->offset;

    return f->as == AS_FLAG ? *(const bool *)at : *(const int64_t *)at;
}

static bool differs(const tmg_seizure *x, const tmg_seizure *y, const field *f)
{
    return f->as == AS_TEXT ? !tmg_span_eq(text_at(x, f), text_at(y, f)) : number_at(x, f) != number_at(y, f);
}

static void write_value(tmg_json_out *j, const char *key, const tmg_seizure *z, const field *f)
{
    if (f->as == AS_TEXT)
        tmg_json_text(j, key, text_at(z, f));
    else if (f->as == AS_FLAG)
        tmg_json_bool(j, key, number_at(z, f) != 0);
    else if (number_at(z, f) == TMG_NONE || (f->as == AS_ID && number_at(z, f) == 0))
        tmg_json_null(j, key);
    else
        tmg_json_i64(j, key, number_at(z, f));
}

static tmg_rc set(tmg_db *db, const tmg_seizure *z, const field *f, tmg_err *err)
{
    tmg_stmt *s;

    TMG_TRY(tmg_sql(db, f->sql, &s, err));
    tmg_bind_i64(s, 1, z->id);
    if (f->as == AS_TEXT)
        tmg_bind_text(s, 2, text_at(z, f));
    else if (f->as == AS_ID)
        tmg_bind_id(s, 2, number_at(z, f));
    else
        tmg_bind_opt(s, 2, number_at(z, f));
    return tmg_exec(s, err);
}

typedef void (*list_writer)(tmg_json_out *j, const char *key, const tmg_seizure *z);

static void write_list(tmg_buf *b, list_writer write, const tmg_seizure *z)
{
    tmg_json_out j;

    tmg_buf_init(b, LIST_MAX);
    tmg_json_begin(&j, b);
    write(&j, NULL, z);
}

/* Lists are compared as they are written down. */
static tmg_rc amend_lists(tmg_db *db, const tmg_seizure *before, const tmg_seizure *z, tmg_leaf *l,
                          size_t *changed, tmg_err *err)
{
    static const struct {
        const char *name;
        list_writer write;
    } lists[] = {{"instruments", tmg_seizure_write_instruments}, {"documents", tmg_seizure_write_documents}};
    size_t first = *changed;

    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        TMG_AUTO_BUF old = {0}, now = {0};

        write_list(&old, lists[i].write, before);
        write_list(&now, lists[i].write, z);
        if (tmg_span_eq(tmg_buf_as_span(&old), tmg_buf_as_span(&now)))
            continue;
        tmg_json_object(&l->j, NULL);
        tmg_json_z(&l->j, "field", lists[i].name);
        lists[i].write(&l->j, "before", before);
        lists[i].write(&l->j, "after", z);
        tmg_json_end_object(&l->j);
        (*changed)++;
    }
    return *changed > first ? tmg_seizure_lists_replace(db, z, err) : TMG_OK;
}

tmg_rc tmg_seizure_amend(const tmg_code_lists *codes, tmg_db *db, const tmg_actor *who, tmg_seizure *z,
                         tmg_arena *a, tmg_err *err)
{
    tmg_seizure before;
    size_t changed = 0;
    tmg_leaf l;

    TMG_TRY(tmg_seizure_read(db, z->id, a, &before, err));
    TMG_TRY(tmg_case_not_over(db, before.case_id, err));
    TMG_TRY(tmg_case_not_over(db, z->case_id, err));
    TMG_TRY(tmg_seizure_check(codes, z, err));
    tmg_leaf_begin(&l);
    tmg_json_array(&l.j, "changes");
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        const field *f = &fields[i];
        tmg_rc rc;

        if (!differs(&before, z, f))
            continue;
        if ((rc = set(db, z, f, err)) != TMG_OK) {
            tmg_buf_done(&l.b);
            return rc;
        }
        tmg_json_object(&l.j, NULL);
        tmg_json_z(&l.j, "field", f->name);
        write_value(&l.j, "before", &before, f);
        write_value(&l.j, "after", z, f);
        tmg_json_end_object(&l.j);
        changed++;
    }
    tmg_rc kept = amend_lists(db, &before, z, &l, &changed, err);
    if (kept != TMG_OK) {
        tmg_buf_done(&l.b);
        return kept;
    }
    tmg_json_end_array(&l.j);
    if (changed == 0) {
        tmg_buf_done(&l.b);
        return TMG_FAIL(err, TMG_E_INVALID, "nothing of seizure %.*s would change", TMG_SPAN_ARG(z->number));
    }
    kept = tmg_case_happened(db, who, z->case_id, "amendment", z->number, err);
    if (kept != TMG_OK) {
        tmg_buf_done(&l.b);
        return kept;
    }
    return tmg_leaf_end(&l, db, who, "seizure.amended", "seizure", z->id, err);
}
