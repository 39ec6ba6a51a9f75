#include "intake/intake_priv.h"

static const tmg_format *const formats[] = {&tmg_format_csv, &tmg_format_jsonl, &tmg_format_mapped,
                                            &tmg_format_asycuda};

enum { FORMATS = sizeof formats / sizeof formats[0] };

static const tmg_format *by_name(const char *name)
{
    for (int i = 0; i < FORMATS; i++)
        if (strcmp(formats[i]->name, name) == 0)
            return formats[i];
    return NULL;
}

static const tmg_format *by_file_name(const char *file_name)
{
    static const char *const endings[][2] = {
        {".csv", "csv"}, {".jsonl", "jsonl"}, {".ndjson", "jsonl"}, {".json", "jsonl"}, {".xml", "asycuda"}};
    const char *dot = file_name != NULL ? strrchr(file_name, '.') : NULL;

    for (size_t i = 0; dot != NULL && i < sizeof endings / sizeof endings[0]; i++)
        if (tmg_span_equal_nocase(tmg_span_of(dot), tmg_span_of(endings[i][0])))
            return by_name(endings[i][1]);
    return NULL;
}

static const tmg_format *by_first_bytes(tmg_span bytes)
{
    tmg_span start = tmg_span_trim((tmg_span){bytes.ptr, bytes.len < 64 ? bytes.len : 64});

    if (tmg_span_starts(start, "\xEF\xBB\xBF"))
        start = tmg_span_trim((tmg_span){start.ptr + 3, start.len - 3});
    if (start.len > 0 && start.ptr[0] == '<')
        return &tmg_format_asycuda;
    if (start.len > 0 && start.ptr[0] == '{')
        return &tmg_format_jsonl;
    return &tmg_format_csv;
}

static const tmg_format *choose(tmg_span bytes, const tmg_intake_options *o)
{
    const tmg_format *by_ending = by_file_name(o->file_name);

    if (o->format != NULL)
        return by_name(o->format);
    if (o->mapping != NULL || o->mapping_text.ptr != NULL)
        return &tmg_format_mapped;
    return by_ending != NULL ? by_ending : by_first_bytes(bytes);
}

const char *tmg_intake_format(tmg_span bytes, const tmg_intake_options *options)
{
    const tmg_format *format = choose(bytes, options);

    return format != NULL ? format->name : NULL;
}

tmg_rc tmg_reader_open(tmg_span bytes, const tmg_intake_options *options, tmg_reader **ret, tmg_err *err)
{
    const tmg_format *format = choose(bytes, options);
    tmg_reader *r;
    tmg_rc rc;

    if (format == NULL)
        return TMG_FAIL(err, TMG_E_INVALID,
                        "\"%.40s\" is not a format; expected csv, jsonl, mapped or asycuda", options->format);
    r = tmg_xcalloc(1, sizeof *r);
    r->format = format;
    r->bytes = bytes.ptr != NULL ? bytes : TMG_SPAN("");
    rc = format->open(r, options, err);
    if (rc != TMG_OK) {
        tmg_reader_close(r);
        return options->file_name != NULL ? tmg_err_within(err, "%s", options->file_name) : rc;
    }
    *ret = r;
    return TMG_OK;
}

void tmg_reader_close(tmg_reader *r)
{
    if (r == NULL)
        return;
    r->format->close(r);
    free(r);
}

tmg_rc tmg_reader_next(tmg_reader *r, tmg_arena *a, tmg_record *ret, bool *ret_more, tmg_err *err)
{
    return r->format->next(r, a, ret, ret_more, err);
}

size_t tmg_reader_offset(const tmg_reader *r)
{
    return r->format->offset(r);
}

const char *tmg_reader_format(const tmg_reader *r)
{
    return r->format->name;
}
