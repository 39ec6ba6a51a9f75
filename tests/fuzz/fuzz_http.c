/* Bytes from the network: a head must be refused or lie within what was sent, byte by byte or at once alike,
 * and a chunked body must never hold more than came in. */
#include "web/http_parse.h"
#include "web/json_lines.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool lies_within(tmg_span part, tmg_span whole)
{
    return part.len == 0 || (part.ptr >= whole.ptr && part.ptr + part.len <= whole.ptr + whole.len);
}

static void check_head(tmg_span bytes)
{
    tmg_http_head h, early;

    if (tmg_http_parse_head(bytes, &h) != TMG_HTTP_READY)
        return;
    if (h.length > bytes.len || !lies_within(h.path, bytes) || !lies_within(h.query, bytes))
        abort();
    for (size_t i = 0; i < h.header_count; i++)
        if (!lies_within(h.header[i].name, bytes) || !lies_within(h.header[i].value, bytes))
            abort();
    for (size_t n = 0; n < h.length; n += 1 + h.length / 16)
        if (tmg_http_parse_head((tmg_span){bytes.ptr, n}, &early) != TMG_HTTP_MORE)
            abort();
}

static void check_chunks(tmg_span bytes, size_t split)
{
    tmg_chunks once = {0}, twice = {0};
    tmg_span all = bytes, first = {bytes.ptr, split}, second = {bytes.ptr + split, bytes.len - split};
    TMG_AUTO_BUF a, b;

    tmg_buf_init(&a, 1 << 16);
    tmg_buf_init(&b, 1 << 16);
    tmg_http_step at_once = tmg_chunks_feed(&once, &all, &a), step = tmg_chunks_feed(&twice, &first, &b);

    if (step == TMG_HTTP_MORE)
        step = tmg_chunks_feed(&twice, &second, &b);
    if (step != at_once || a.len > bytes.len || !tmg_span_eq(tmg_buf_as_span(&a), tmg_buf_as_span(&b)))
        abort();
}

static void check_lines(tmg_span bytes)
{
    TMG_AUTO_BUF b;
    bool single;

    tmg_buf_init(&b, 1 << 16);
    tmg_buf_span(&b, bytes);
    if (tmg_json_to_lines(b.ptr, b.len, &single, NULL) == TMG_OK && single &&
        memchr(b.ptr, '\n', b.len) != NULL)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tmg_span bytes = {(const char *)data, size};

    check_head(bytes);
    check_chunks(bytes, size / 2);
    check_lines(bytes);
    return 0;
}
