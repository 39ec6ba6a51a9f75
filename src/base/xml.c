#include "base/xml.h"
#include "base/xml_priv.h"

#include <libxml/xmlreader.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_DEPTH 64
#define MAX_TEXT  ((size_t)64 << 10)
#define MAX_PATH  ((size_t)16 << 10)

typedef struct level {
    size_t path_len;   /* of the path that ends with this element */
    size_t text_start; /* its own text begins here; that of its parent ends here */
} level;

struct tmg_xml {
    xmlTextReaderPtr reader;
    tmg_xml_tags tags;
    tmg_buf path, text;
    size_t name_at;
    int depth;
    bool closing;   /* the last event closed `levels[depth]` */
    bool close_due; /* <x/> was opened and is to be closed by the next call */
    level levels[MAX_DEPTH + 1];
    char problem[240]; /* the first thing libxml2 complained of */
};

static void init_library(void)
{
    xmlInitParser();
}

static void on_error(void *ctx, xmlErrorPtr e)
{
    tmg_xml *x = ctx;
    tmg_span what = {"", 0};
    tmg_span message = tmg_span_of(e->message);

    (void)tmg_span_split(&message, '\n', &what); /* a second line may show bytes of the document */
    if (e->level == XML_ERR_FATAL && x->problem[0] == '\0')
        (void)snprintf(x->problem, sizeof x->problem, "line %d: %.*s", e->line, TMG_SPAN_ARG(what));
}

/* Two or four bytes a character: the markup would not look like ASCII. */
static bool is_wide(tmg_span bytes)
{
    return tmg_span_starts(bytes, "\xFE\xFF") || tmg_span_starts(bytes, "\xFF\xFE") ||
           (bytes.len > 0 && memchr(bytes.ptr, '\0', bytes.len < 4 ? bytes.len : 4) != NULL);
}

static bool has_doctype(tmg_span bytes)
{
    tmg_xml_tags t = {.all = bytes};

    return tmg_xml_tags_next(&t) && t.is_doctype;
}

static tmg_rc refuse_doctype(tmg_err *err)
{
    return TMG_FAIL(err, TMG_E_INVALID, "the XML has a DOCTYPE, which is not accepted; remove it");
}

tmg_rc tmg_xml_open(tmg_span bytes, tmg_xml **ret, tmg_err *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    tmg_xml *x;

    if (bytes.len > INT_MAX)
        return TMG_FAIL(err, TMG_E_LIMIT, "the XML is longer than 2 GiB");
    if (tmg_span_trim(bytes).len == 0)
        return TMG_FAIL(err, TMG_E_INVALID, "the XML is empty");
    if (is_wide(bytes))
        return TMG_FAIL(err, TMG_E_INVALID, "XML in UTF-16 or UTF-32 is not accepted; save it as UTF-8");
    /* Before libxml2 sees it, because that would read the whole internal subset first. */
    if (has_doctype(bytes))
        return refuse_doctype(err);
    (void)pthread_once(&once, init_library);
    x = tmg_xcalloc(1, sizeof *x);
    x->tags = (tmg_xml_tags){.all = bytes, .line = 1};
    tmg_buf_init(&x->path, MAX_PATH);
    tmg_buf_init(&x->text, MAX_DEPTH * MAX_TEXT);
    x->reader = xmlReaderForMemory(bytes.ptr, (int)bytes.len, NULL, NULL,
                                   XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    if (x->reader == NULL)
        abort(); /* out of memory, as in base/arena.c */
    xmlTextReaderSetStructuredErrorHandler(x->reader, on_error, x);
    *ret = x;
    return TMG_OK;
}

void tmg_xml_free(tmg_xml *x)
{
    if (x == NULL)
        return;
    xmlFreeTextReader(x->reader);
    tmg_buf_done(&x->path);
    tmg_buf_done(&x->text);
    free(x);
}

static void cut(tmg_buf *b, size_t len)
{
    b->len = len;
    if (b->room > 0)
        b->ptr[len] = '\0';
}

static tmg_rc open_element(tmg_xml *x, tmg_err *err)
{
    const char *name = (const char *)xmlTextReaderConstLocalName(x->reader);
    level *own;

    if (x->depth == MAX_DEPTH)
        return TMG_FAIL(err, TMG_E_LIMIT, "line %d: more than %d levels of elements", x->tags.line,
                        MAX_DEPTH);
    own = &x->levels[++x->depth];
    if (x->depth > 1)
        tmg_buf_char(&x->path, '/');
    x->name_at = x->path.len;
    tmg_buf_z(&x->path, name);
    if (x->path.overflow)
        return TMG_FAIL(err, TMG_E_LIMIT, "line %d: the names of the elements are too long", x->tags.line);
    *own = (level){.path_len = x->path.len, .text_start = x->text.len};
    x->close_due = xmlTextReaderIsEmptyElement(x->reader) == 1;
    (void)tmg_xml_tags_next(&x->tags);
    return TMG_OK;
}

static void close_element(tmg_xml *x)
{
    const level *own = &x->levels[x->depth];
    const char *slash = memrchr(x->path.ptr, '/', own->path_len);

    x->closing = true;
    x->name_at = slash != NULL ? (size_t)(slash + 1 - x->path.ptr) : 0;
    if (!x->close_due)
        (void)tmg_xml_tags_next(&x->tags);
    x->close_due = false;
}

/* Leaves the element that the last event closed. */
static void leave(tmg_xml *x)
{
    cut(&x->text, x->levels[x->depth].text_start);
    x->depth--;
    cut(&x->path, x->levels[x->depth].path_len);
    x->name_at = x->path.len;
    x->closing = false;
}

static tmg_span without_lead(tmg_span s)
{
    size_t lead = 0;

    while (lead < s.len && strchr(" \t\r\n", s.ptr[lead]) != NULL)
        lead++;
    return (tmg_span){s.ptr + lead, s.len - lead};
}

static tmg_rc add_text(tmg_xml *x, tmg_err *err)
{
    tmg_span more = tmg_span_of((const char *)xmlTextReaderConstValue(x->reader));

    /* Line ends between the children of a long list are no text of the list. */
    if (x->text.len == x->levels[x->depth].text_start)
        more = without_lead(more);
    tmg_buf_span(&x->text, more);
    if (x->text.overflow || x->text.len - x->levels[x->depth].text_start > MAX_TEXT)
        return TMG_FAIL(err, TMG_E_LIMIT, "line %d: %.*s holds more than %zu bytes of text", x->tags.line,
                        TMG_SPAN_ARG(tmg_xml_path(x)), MAX_TEXT);
    return TMG_OK;
}

static tmg_rc refuse(const tmg_xml *x, tmg_err *err)
{
    if (x->problem[0] == '\0')
        return TMG_FAIL(err, TMG_E_INVALID, "line %d: the XML is not well-formed", x->tags.line);
    return TMG_FAIL(err, TMG_E_INVALID, "%s", x->problem);
}

/* Encodings whose markup bytes are those of ASCII; the tag finder relies on it. */
static bool known_encoding(const char *name)
{
    static const char *const known[] = {"UTF-8",    "UTF8",     "US-ASCII",    "ASCII", "ISO-8859-",
                                        "ISO8859-", "ISO_8859", "WINDOWS-125", "CP125", "KOI8-"};

    for (size_t i = 0; name != NULL && i < sizeof known / sizeof known[0]; i++)
        if (strncasecmp(name, known[i], strlen(known[i])) == 0)
            return true;
    return name == NULL;
}

static tmg_rc check_encoding(const tmg_xml *x, tmg_err *err)
{
    const char *name = (const char *)xmlTextReaderConstEncoding(x->reader);

    if (known_encoding(name))
        return TMG_OK;
    return TMG_FAIL(err, TMG_E_INVALID, "XML in the encoding %.40s is not accepted; save it as UTF-8", name);
}

tmg_rc tmg_xml_next(tmg_xml *x, tmg_xml_event *ret, tmg_err *err)
{
    if (x->closing)
        leave(x);
    if (x->close_due) {
        close_element(x);
        *ret = TMG_XML_CLOSE;
        return TMG_OK;
    }
    for (;;) {
        int got = xmlTextReaderRead(x->reader);

        if (got < 0)
            return refuse(x, err);
        if (got == 0) {
            *ret = TMG_XML_END_OF_DOCUMENT;
            return TMG_OK;
        }
        switch (xmlTextReaderNodeType(x->reader)) {
        case XML_READER_TYPE_ELEMENT:
            if (x->depth == 0)
                TMG_TRY(check_encoding(x, err));
            TMG_TRY(open_element(x, err));
            *ret = TMG_XML_OPEN;
            return TMG_OK;
        case XML_READER_TYPE_END_ELEMENT:
            close_element(x);
            *ret = TMG_XML_CLOSE;
            return TMG_OK;
        case XML_READER_TYPE_TEXT:
        case XML_READER_TYPE_CDATA:
        case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
            TMG_TRY(add_text(x, err));
            break;
        case XML_READER_TYPE_DOCUMENT_TYPE: /* hidden from has_doctype by a strange encoding */
            return refuse_doctype(err);
        default:
            break;
        }
    }
}

tmg_span tmg_xml_name(const tmg_xml *x)
{
    return (tmg_span){x->path.ptr + x->name_at, x->path.len - x->name_at};
}

tmg_span tmg_xml_path(const tmg_xml *x)
{
    return tmg_buf_as_span(&x->path);
}

tmg_span tmg_xml_text(const tmg_xml *x)
{
    size_t start = x->levels[x->depth].text_start;

    return tmg_span_trim((tmg_span){x->text.ptr + start, x->text.len - start});
}

int tmg_xml_line(const tmg_xml *x)
{
    return x->tags.line;
}

int tmg_xml_depth(const tmg_xml *x)
{
    return x->depth;
}

size_t tmg_xml_offset(const tmg_xml *x)
{
    return x->tags.at;
}
