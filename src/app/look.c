/* What an import would make of an input, before anything is stored. */
#include "app/centre_priv.h"

void tmg_intake_prepare(const tmg_centre *c, tmg_arena *a, tmg_intake_options *o)
{
    o->mapping_dir = tmg_share_path(c, a, "mappings");
    o->offset_min = c->settings.offset_min;
    o->currency = c->settings.currency;
}

static void look_at_columns(tmg_look *l, tmg_span head, tmg_arena *a)
{
    if (l->format != NULL && (strcmp(l->format, "csv") == 0 || strcmp(l->format, "mapped") == 0))
        tmg_intake_columns(head, a, &l->separator, &l->columns, &l->column_count);
}

static tmg_rc check_post(tmg_db *db, tmg_record *rec, tmg_arena *a, tmg_err *err)
{
    tmg_span code = rec->declaration.post;
    tmg_post post;
    tmg_err why;
    tmg_rc rc = tmg_post_by_code(db, code, a, &post, &why);

    if (rc == TMG_E_NOT_FOUND && rec->finding_count < TMG_MAX_FINDINGS) {
        tmg_finding *f = &rec->findings[rec->finding_count++];

        *f = (tmg_finding){.fault = true, .field = TMG_SPAN("post"), .value = code};
        (void)TMG_FAIL(&why, rc, "is not one of the centre's posts: add it first");
        tmg_finding_say(f, &why);
    }
    if (rc == TMG_E_NOT_FOUND) {
        rec->good = false;
        return TMG_OK;
    }
    if (rc != TMG_OK && err != NULL)
        *err = why;
    return rc;
}

static tmg_rc read_records(tmg_look *l, tmg_db *db, bool make_posts, size_t most, tmg_arena *a, tmg_err *err)
{
    l->records = tmg_alloc_array(a, most, sizeof *l->records);
    while (l->record_count < most && !tmg_arena_full(a)) {
        tmg_record *rec = &l->records[l->record_count];
        bool more;

        if (tmg_reader_next(l->reader, a, rec, &more, &l->problem) != TMG_OK || !more)
            break;
        l->record_count++;
        if (rec->good && !make_posts)
            TMG_TRY(check_post(db, rec, a, err));
    }
    /* A head that ends within a document is no problem as long as something could be read of it. */
    if (l->record_count > 0)
        l->problem.rc = TMG_OK;
    return TMG_OK;
}

tmg_rc tmg_import_look(const tmg_centre *c, tmg_db *db, tmg_span head, const tmg_intake_options *o,
                       bool make_posts, size_t most, tmg_arena *a, tmg_look *ret, tmg_err *err)
{
    tmg_intake_options intake = *o;

    *ret = (tmg_look){.format = tmg_intake_format(head, o)};
    tmg_intake_prepare(c, a, &intake);
    look_at_columns(ret, head, a);
    if (tmg_reader_open(head, &intake, &ret->reader, &ret->problem) != TMG_OK) {
        ret->mapping_line = tmg_mapping_line(&ret->problem);
        return TMG_OK;
    }
    return read_records(ret, db, make_posts, most, a, err);
}

void tmg_look_close(tmg_look *l)
{
    tmg_reader_close(l->reader);
    l->reader = NULL;
}
