#include "base/xml.h"
#include "intake/asycuda_priv.h"

typedef struct reading {
    tmg_xml *xml;
    bool ended;
    bool any;           /* has a document been found? */
    size_t start, line; /* of the document that is open */
    tmg_rules rules;
    tmg_span currency;
} reading;

static tmg_rc asycuda_open(tmg_reader *r, const tmg_intake_options *options, tmg_err *err)
{
    reading *x = tmg_xcalloc(1, sizeof *x);

    r->state = x;
    x->rules = tmg_rules_own(options->offset_min);
    tmg_asycuda_rules(&x->rules);
    x->currency = tmg_span_of(options->currency != NULL ? options->currency : "XXX");
    return tmg_xml_open(r->bytes, &x->xml, err);
}

/* The '<' of the tag that ends at `end`. */
static size_t tag_start(tmg_span bytes, size_t end)
{
    const char *at = end > 0 ? memrchr(bytes.ptr, '<', end) : NULL;

    return at != NULL ? (size_t)(at - bytes.ptr) : 0;
}

/* Moves to the next opening <ASYCUDA>. */
static tmg_rc find_document(tmg_reader *r, bool *ret_found, tmg_err *err)
{
    reading *x = r->state;
    tmg_xml_event event;

    for (;;) {
        TMG_TRY(tmg_xml_next(x->xml, &event, err));
        if (event == TMG_XML_END_OF_DOCUMENT) {
            x->ended = true;
            *ret_found = false;
            return TMG_OK;
        }
        if (event == TMG_XML_OPEN && tmg_span_is(tmg_xml_name(x->xml), "ASYCUDA")) {
            size_t end = tmg_xml_offset(x->xml);

            x->any = true;
            x->start = tag_start(r->bytes, end);
            x->line = (size_t)tmg_xml_line(x->xml);
            *ret_found = true;
            return TMG_OK;
        }
    }
}

/* Reads on to the closing </ASYCUDA>; *ret_long when the document is too long and was only passed over. */
static tmg_rc read_document(const tmg_reader *r, tmg_asycuda *doc, bool *ret_long, tmg_err *err)
{
    const reading *x = r->state;
    int depth = tmg_xml_depth(x->xml);
    size_t prefix = tmg_xml_path(x->xml).len;
    tmg_xml_event event;

    *ret_long = false;
    for (;;) {
        tmg_span path;

        TMG_TRY(tmg_xml_next(x->xml, &event, err));
        if (event == TMG_XML_END_OF_DOCUMENT || (event == TMG_XML_CLOSE && tmg_xml_depth(x->xml) == depth))
            return TMG_OK;
        *ret_long = *ret_long || tmg_xml_offset(x->xml) - x->start > TMG_RECORD_BYTES;
        if (*ret_long)
            continue;
        path = tmg_xml_path(x->xml);
        path = (tmg_span){path.ptr + prefix + 1, path.len - prefix - 1};
        if (event == TMG_XML_OPEN)
            tmg_asycuda_open(doc, path);
        else
            tmg_asycuda_close(doc, path, tmg_xml_text(x->xml));
    }
}

/* After XML that is not well-formed there is no way back into it: the rest of the input is one bad record. */
static void broken_rest(tmg_reader *r, size_t start, tmg_record *ret, const tmg_err *why)
{
    reading *x = r->state;

    x->ended = true;
    tmg_record_broken(ret, (tmg_span){r->bytes.ptr + start, r->bytes.len - start},
                      (size_t)tmg_xml_line(x->xml), why);
}

static void read_record(tmg_reader *r, tmg_arena *a, tmg_record *ret)
{
    reading *x = r->state;
    tmg_asycuda *doc = tmg_asycuda_begin(a);
    tmg_span raw;
    bool too_long;
    tmg_err why;

    if (read_document(r, doc, &too_long, &why) != TMG_OK) {
        broken_rest(r, x->start, ret, &why);
        ret->line = x->line;
        return;
    }
    raw = (tmg_span){r->bytes.ptr + x->start, tmg_xml_offset(x->xml) - x->start};
    if (too_long) {
        tmg_record_too_long(ret, raw, x->line);
        return;
    }
    tmg_asycuda_record(doc, &x->rules, x->currency, ret);
    ret->line = x->line;
    ret->raw = raw;
}

static tmg_rc asycuda_next(tmg_reader *r, tmg_arena *a, tmg_record *ret, bool *ret_more, tmg_err *err)
{
    reading *x = r->state;
    size_t behind = tmg_xml_offset(x->xml);
    bool found = false;
    tmg_err why = {0};

    *ret_more = false;
    if (x->ended)
        return TMG_OK;
    if (find_document(r, &found, &why) != TMG_OK) {
        if (!x->any) {
            if (err != NULL)
                *err = why;
            return why.rc;
        }
        broken_rest(r, behind, ret, &why);
        *ret_more = true;
        return TMG_OK;
    }
    if (!found && !x->any)
        return TMG_FAIL(err, TMG_E_INVALID, "the XML holds no <ASYCUDA> element");
    if (found)
        read_record(r, a, ret);
    *ret_more = found;
    return TMG_OK;
}

static size_t asycuda_offset(const tmg_reader *r)
{
    return tmg_xml_offset(((const reading *)r->state)->xml);
}

static void asycuda_close(tmg_reader *r)
{
    reading *x = r->state;

    if (x != NULL)
        tmg_xml_free(x->xml);
    free(x);
}

const tmg_format tmg_format_asycuda = {"asycuda", asycuda_open, asycuda_next, asycuda_offset, asycuda_close};
