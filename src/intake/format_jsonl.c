#include "base/json.h"
#include "intake/intake_priv.h"

typedef struct lines {
    const char *at, *end;
    size_t line; /* of what stands at `at` */
    int offset_min;
} lines;

static tmg_rc jsonl_open(tmg_reader *r, const tmg_intake_options *options, tmg_err *err)
{
    lines *l = tmg_xcalloc(1, sizeof *l);

    (void)err;
    r->state = l;
    l->at = tmg_span_starts(r->bytes, "\xEF\xBB\xBF") ? r->bytes.ptr + 3 : r->bytes.ptr;
    l->end = r->bytes.ptr + r->bytes.len;
    l->line = 1;
    l->offset_min = options->offset_min;
    return TMG_OK;
}

/* The next line that is not blank; false at the end. */
static bool next_line(lines *l, tmg_span *ret, size_t *ret_line)
{
    while (l->at < l->end) {
        const char *nl = memchr(l->at, '\n', (size_t)(l->end - l->at));
        const char *stop = nl != NULL ? nl : l->end;

        *ret = tmg_span_trim((tmg_span){l->at, (size_t)(stop - l->at)});
        *ret_line = l->line++;
        l->at = nl != NULL ? nl + 1 : l->end;
        if (ret->len > 0)
            return true;
    }
    return false;
}

static tmg_rc jsonl_next(tmg_reader *r, tmg_arena *a, tmg_record *ret, bool *ret_more, tmg_err *err)
{
    lines *l = r->state;
    TMG_AUTO_JSON value = NULL;
    tmg_span text;
    size_t line;
    tmg_err why;

    (void)err;
    *ret_more = next_line(l, &text, &line);
    if (!*ret_more)
        return TMG_OK;
    if (text.len > TMG_RECORD_BYTES)
        tmg_record_too_long(ret, text, line);
    else if (tmg_json_read(text, &value, &why) != TMG_OK ||
             tmg_declaration_read_json(value, l->offset_min, a, ret, &why) != TMG_OK)
        tmg_record_broken(ret, text, line, &why);
    ret->line = line;
    ret->raw = tmg_raw_cut(text);
    return TMG_OK;
}

static size_t jsonl_offset(const tmg_reader *r)
{
    return (size_t)(((const lines *)r->state)->at - r->bytes.ptr);
}

static void jsonl_close(tmg_reader *r)
{
    free(r->state);
}

const tmg_format tmg_format_jsonl = {"jsonl", jsonl_open, jsonl_next, jsonl_offset, jsonl_close};
