/* The JSON column `more` of a declaration: route, documents, and what a version says of its parties otherwise
 * than their own rows. */
#include "base/json.h"
#include "store/declarations_priv.h"

static void write_parties(tmg_json_out *j, const tmg_declaration *d, unsigned differs)
{
    if (differs == 0)
        return;
    tmg_json_object(j, "parties");
    for (int r = 0; r < TMG_PARTY_ROLES; r++) {
        const tmg_party *p = &d->party[r];

        if ((differs & (1U << r)) == 0)
            continue;
        tmg_json_object(j, tmg_party_role_name((tmg_party_role)r));
        tmg_json_text(j, "name", p->name);
        tmg_json_text(j, "country", p->country);
        tmg_json_text(j, "address", p->address);
        tmg_json_end_object(j);
    }
    tmg_json_end_object(j);
}

void tmg_more_write(tmg_buf *b, const tmg_declaration *d, unsigned differs)
{
    tmg_json_out j;

    tmg_buf_clear(b);
    if (d->route_count == 0 && d->document_count == 0 && differs == 0)
        return;
    tmg_json_begin(&j, b);
    tmg_json_object(&j, NULL);
    if (d->route_count > 0) {
        tmg_json_array(&j, "route");
        for (size_t i = 0; i < d->route_count; i++)
            tmg_json_text(&j, NULL, d->route[i]);
        tmg_json_end_array(&j);
    }
    if (d->document_count > 0) {
        tmg_json_array(&j, "documents");
        for (size_t i = 0; i < d->document_count; i++) {
            tmg_json_object(&j, NULL);
            tmg_json_text(&j, "type", d->documents[i].type);
            tmg_json_text(&j, "number", d->documents[i].number);
            tmg_json_end_object(&j);
        }
        tmg_json_end_array(&j);
    }
    write_parties(&j, d, differs);
    tmg_json_end_object(&j);
}

/* What the version does not say is known from the party's row. */
static void read_party(const tmg_json *o, tmg_arena *a, tmg_party *p)
{
    tmg_span name = tmg_json_copy_text(o, "name", a), country = tmg_json_copy_text(o, "country", a),
             address = tmg_json_copy_text(o, "address", a);

    p->name = name.ptr != NULL ? name : p->name;
    p->country = country.ptr != NULL ? country : p->country;
    p->address = address.ptr != NULL ? address : p->address;
}

tmg_rc tmg_more_read(tmg_span more, tmg_arena *a, tmg_declaration *d, tmg_err *err)
{
    TMG_AUTO_JSON root = NULL;

    if (more.ptr == NULL)
        return TMG_OK;
    TMG_TRY(tmg_json_read(more, &root, err));
    const tmg_json *route = tmg_json_member(root, "route"), *documents = tmg_json_member(root, "documents");
    d->route_count = tmg_json_count(route);
    if (d->route_count > 0)
        d->route = tmg_alloc_array(a, d->route_count, sizeof(tmg_span));
    for (size_t i = 0; i < d->route_count; i++)
        d->route[i] = tmg_span_copy(a, tmg_json_as_text(tmg_json_at(route, i)));
    d->document_count = tmg_json_count(documents);
    if (d->document_count > 0)
        d->documents = tmg_alloc_array(a, d->document_count, sizeof(tmg_document));
    for (size_t i = 0; i < d->document_count; i++) {
        const tmg_json *one = tmg_json_at(documents, i);

        d->documents[i] = (tmg_document){.type = tmg_json_copy_text(one, "type", a),
                                         .number = tmg_json_copy_text(one, "number", a)};
    }
    for (int r = 0; r < TMG_PARTY_ROLES; r++)
        read_party(tmg_json_member(tmg_json_member(root, "parties"), tmg_party_role_name((tmg_party_role)r)),
                   a, &d->party[r]);
    return TMG_OK;
}
