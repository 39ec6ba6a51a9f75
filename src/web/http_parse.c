#include "web/http_parse.h"

static const char *const METHOD_NAMES[] = {
    [TMG_METHOD_UNKNOWN] = "?", [TMG_GET] = "GET",       [TMG_HEAD] = "HEAD",   [TMG_POST] = "POST",
    [TMG_PUT] = "PUT",          [TMG_DELETE] = "DELETE", [TMG_PATCH] = "PATCH", [TMG_OPTIONS] = "OPTIONS",
};

const char *tmg_method_name(tmg_method m)
{
    return METHOD_NAMES[m];
}

static tmg_http_step refuse(tmg_http_head *h, int status, const char *why)
{
    h->status = status;
    h->why = why;
    return TMG_HTTP_BAD;
}

/* RFC 9110 §5.6.2 */
static bool is_token_char(unsigned char c)
{
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
        return true;
    return c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL;
}

static bool is_token(tmg_span s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_token_char((unsigned char)s.ptr[i]))
            return false;
    return s.len > 0;
}

/* RFC 3986: what may stand in a path or a query, '?' aside. */
static bool is_target_char(unsigned char c)
{
    return c > 0x20 && c < 0x7f && strchr("\"<>\\^`{|}#", c) == NULL;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool tmg_http_unescape(tmg_span s, bool is_query, tmg_arena *a, tmg_span *ret)
{
    char *out = tmg_alloc(a, s.len + 1);
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];

        if (c == '%') {
            if (i + 2 >= s.len || hex_digit(s.ptr[i + 1]) < 0 || hex_digit(s.ptr[i + 2]) < 0)
                return false;
            c = (char)(hex_digit(s.ptr[i + 1]) * 16 + hex_digit(s.ptr[i + 2]));
            i += 2;
        } else if (c == '+' && is_query) {
            c = ' ';
        }
        out[n++] = c;
    }
    tmg_span clean = {out, n};

    if (!tmg_utf8_valid(clean))
        return false;
    *ret = clean;
    return true;
}

/* One path segment, still escaped: neither "." nor ".." nor an escape that could turn into a separator or a
 * control. */
static bool is_clean_segment(tmg_span s)
{
    size_t dots = 0, chars = 0;

    for (size_t i = 0; i < s.len; i++, chars++) {
        int c = (unsigned char)s.ptr[i];

        if (c == '%') {
            if (i + 2 >= s.len || hex_digit(s.ptr[i + 1]) < 0 || hex_digit(s.ptr[i + 2]) < 0)
                return false;
            c = hex_digit(s.ptr[i + 1]) * 16 + hex_digit(s.ptr[i + 2]);
            if (c < 0x20 || c == 0x7f || c == '/' || c == '\\')
                return false;
            i += 2;
        }
        dots += c == '.';
    }
    return chars > 0 && !(dots == chars && chars <= 2);
}

static tmg_http_step check_target(tmg_http_head *h, tmg_span target)
{
    for (size_t i = 0; i < target.len; i++)
        if (!is_target_char((unsigned char)target.ptr[i]))
            return refuse(h, 400, "the request target holds a character that must be escaped");
    if (target.len == 0 || target.ptr[0] != '/')
        return refuse(h, 400, "the request target is not an absolute path");

    tmg_span rest = target;

    tmg_span_split(&rest, '?', &h->path);
    h->query = h->path.len == target.len
                   ? (tmg_span){NULL, 0}
                   : (tmg_span){target.ptr + h->path.len + 1, target.len - h->path.len - 1};
    if (h->path.len == 1)
        return TMG_HTTP_READY;
    for (size_t from = 1, i = 1; i <= h->path.len; i++) {
        if (i < h->path.len && h->path.ptr[i] != '/')
            continue;
        if (!is_clean_segment((tmg_span){h->path.ptr + from, i - from}))
            return refuse(h, 400, "the path holds an empty, dotted or wrongly escaped part");
        from = i + 1;
    }
    return TMG_HTTP_READY;
}

static tmg_http_step parse_request_line(tmg_http_head *h, tmg_span line)
{
    const char *first = memchr(line.ptr, ' ', line.len);
    const char *end = line.ptr + line.len;

    if (first == NULL)
        return refuse(h, 400, "the request line is not \"METHOD target HTTP/1.1\"");
    tmg_span method = {line.ptr, (size_t)(first - line.ptr)};
    const char *second = memchr(first + 1, ' ', (size_t)(end - first - 1));

    if (!is_token(method) || method.len > 32 || second == NULL)
        return refuse(h, 400, "the request line is not \"METHOD target HTTP/1.1\"");

    tmg_span version = {second + 1, (size_t)(end - second - 1)};

    if (tmg_span_is(version, "HTTP/1.1"))
        h->minor = 1;
    else if (tmg_span_is(version, "HTTP/1.0"))
        h->minor = 0;
    else if (version.len == 8 && tmg_span_starts(version, "HTTP/") && version.ptr[6] == '.')
        return refuse(h, 505, "only HTTP/1.1 and HTTP/1.0 are spoken here");
    else
        return refuse(h, 400, "the request line does not end with \"HTTP/1.1\"");
    for (tmg_method m = TMG_GET; m <= TMG_OPTIONS; m++)
        if (tmg_span_is(method, METHOD_NAMES[m]))
            h->method = m;
    if (h->method == TMG_METHOD_UNKNOWN)
        return refuse(h, 501, "this method is not known here");
    return check_target(h, (tmg_span){first + 1, (size_t)(second - first - 1)});
}

static tmg_http_step parse_header_line(tmg_http_head *h, tmg_span line)
{
    if (line.ptr[0] == ' ' || line.ptr[0] == '\t')
        return refuse(h, 400, "a header line begins with white space");

    const char *colon = memchr(line.ptr, ':', line.len);
    tmg_span name = {line.ptr, colon != NULL ? (size_t)(colon - line.ptr) : line.len};

    if (colon == NULL || !is_token(name))
        return refuse(h, 400, "a header line is not \"Name: value\"");
    for (size_t i = name.len + 1; i < line.len; i++) {
        unsigned char c = (unsigned char)line.ptr[i];

        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return refuse(h, 400, "a header holds a control character");
    }
    if (h->header_count == TMG_HTTP_HEADERS_MAX)
        return refuse(h, 431, "more than 100 headers");
    h->header[h->header_count++] =
        (tmg_header){name, tmg_span_trim((tmg_span){line.ptr + name.len + 1, line.len - name.len - 1})};
    return TMG_HTTP_READY;
}

/* How often the header occurs; the last value in *ret. */
static int count_header(const tmg_http_head *h, const char *name, tmg_span *ret)
{
    int n = 0;

    for (size_t i = 0; i < h->header_count; i++)
        if (tmg_span_equal_nocase(h->header[i].name, tmg_span_of(name))) {
            *ret = h->header[i].value;
            n++;
        }
    return n;
}

tmg_span tmg_http_header(const tmg_http_head *h, const char *name)
{
    tmg_span value = {NULL, 0};

    count_header(h, name, &value);
    return value;
}

static tmg_http_step check_host(tmg_http_head *h)
{
    tmg_span host = {NULL, 0};
    int hosts = count_header(h, "Host", &host);

    if (hosts > 1 || (hosts == 0 && h->minor == 1))
        return refuse(h, 400, "exactly one Host header is needed");
    if (hosts == 1 && host.len == 0)
        return refuse(h, 400, "the Host header is empty");
    for (size_t i = 0; i < host.len; i++)
        if (strchr("/\\?#@,<>\"%", host.ptr[i]) != NULL || host.ptr[i] <= ' ')
            return refuse(h, 400, "the Host header is not a host name");
    return TMG_HTTP_READY;
}

static tmg_http_step check_framing(tmg_http_head *h)
{
    tmg_span length = {NULL, 0}, coding = {NULL, 0};
    int lengths = count_header(h, "Content-Length", &length);
    int codings = count_header(h, "Transfer-Encoding", &coding);

    h->content_length = -1;
    if (lengths > 1)
        return refuse(h, 400, "more than one Content-Length header");
    if (lengths == 1) {
        for (size_t i = 0; i < length.len; i++)
            if (length.ptr[i] < '0' || length.ptr[i] > '9')
                return refuse(h, 400, "Content-Length is not a plain number");
        if (length.len > 18 || !tmg_span_i64(length, &h->content_length))
            return refuse(h, 400, "Content-Length is not a plain number");
    }
    if (codings == 0)
        return TMG_HTTP_READY;
    if (codings > 1 || lengths > 0 || h->minor == 0)
        return refuse(h, 400,
                      "Transfer-Encoding is repeated, or stands beside Content-Length or in HTTP/1.0");
    if (!tmg_span_equal_nocase(coding, TMG_SPAN("chunked")))
        return refuse(h, 501, "only the transfer coding \"chunked\" is understood");
    h->chunked = true;
    return TMG_HTTP_READY;
}

/* Headers in which a second occurrence would leave open which one counts. */
static tmg_http_step check_single(tmg_http_head *h)
{
    static const char *const SINGLE[] = {"Content-Type",  "Cookie",        "Origin",         "X-CSRF-Token",
                                         "Authorization", "Last-Event-ID", "Sec-Fetch-Site", "Expect"};
    tmg_span value = {NULL, 0};

    for (size_t i = 0; i < sizeof SINGLE / sizeof SINGLE[0]; i++)
        if (count_header(h, SINGLE[i], &value) > 1)
            return refuse(h, 400, "a header that may stand once is repeated");
    return TMG_HTTP_READY;
}

static tmg_http_step check_connection(tmg_http_head *h)
{
    tmg_span expect = tmg_http_header(h, "Expect");

    h->keep_alive = h->minor == 1;
    for (size_t i = 0; i < h->header_count; i++) {
        tmg_span rest = h->header[i].value, word;

        if (!tmg_span_equal_nocase(h->header[i].name, TMG_SPAN("Connection")))
            continue;
        while (tmg_span_split(&rest, ',', &word)) {
            word = tmg_span_trim(word);
            if (tmg_span_equal_nocase(word, TMG_SPAN("close")))
                h->keep_alive = false;
            else if (h->minor == 0 && tmg_span_equal_nocase(word, TMG_SPAN("keep-alive")))
                h->keep_alive = true;
        }
    }
    if (expect.ptr == NULL || h->minor == 0)
        return TMG_HTTP_READY;
    if (!tmg_span_equal_nocase(expect, TMG_SPAN("100-continue")))
        return refuse(h, 417, "only \"Expect: 100-continue\" is understood");
    h->expects_continue = true;
    return TMG_HTTP_READY;
}

/* The bytes after the last line end: a control among them cannot become right any more. */
static tmg_http_step check_unfinished(tmg_http_head *h, tmg_span bytes, size_t at)
{
    for (size_t i = at; i < bytes.len; i++) {
        unsigned char c = (unsigned char)bytes.ptr[i];

        if ((c < 0x20 && c != '\t' && !(c == '\r' && i + 1 == bytes.len)) || c == 0x7f)
            return refuse(h, 400, "the head of the request holds a control character");
    }
    if (bytes.len >= TMG_HTTP_HEAD_MAX)
        return at == 0 ? refuse(h, 414, "the request line is longer than 16 KiB")
                       : refuse(h, 431, "the head of the request is longer than 16 KiB");
    return TMG_HTTP_MORE;
}

tmg_http_step tmg_http_parse_head(tmg_span bytes, tmg_http_head *ret)
{
    size_t at = 0;

    *ret = (tmg_http_head){.content_length = -1};
    if (bytes.len > TMG_HTTP_HEAD_MAX)
        bytes.len = TMG_HTTP_HEAD_MAX;
    for (size_t lines = 0; at < bytes.len; lines++) {
        const char *nl = memchr(bytes.ptr + at, '\n', bytes.len - at);

        if (nl == NULL)
            return check_unfinished(ret, bytes, at);
        tmg_span line = {bytes.ptr + at, (size_t)(nl - bytes.ptr) - at};

        if (line.len == 0 || line.ptr[line.len - 1] != '\r')
            return refuse(ret, 400, "a line ends with a bare line feed");
        line.len--;
        at += line.len + 2;
        if (lines > 0 && line.len == 0) {
            ret->length = at;
            tmg_http_step (*const checks[])(tmg_http_head *) = {check_host, check_framing, check_single,
                                                                check_connection};
            for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++)
                if (checks[i](ret) == TMG_HTTP_BAD)
                    return TMG_HTTP_BAD;
            return TMG_HTTP_READY;
        }
        if ((lines == 0 ? parse_request_line(ret, line) : parse_header_line(ret, line)) == TMG_HTTP_BAD)
            return TMG_HTTP_BAD;
    }
    return check_unfinished(ret, bytes, at);
}

enum { CHUNK_SIZE, CHUNK_SIZE_LF, CHUNK_DATA, CHUNK_DATA_CR, CHUNK_DATA_LF, CHUNK_END_CR, CHUNK_END_LF };

static tmg_http_step refuse_chunk(tmg_chunks *c, const char *why)
{
    c->why = why;
    return TMG_HTTP_BAD;
}

static tmg_http_step feed_size(tmg_chunks *c, char ch)
{
    int digit = hex_digit(ch);

    if (digit >= 0) {
        if (++c->digits > 8)
            return refuse_chunk(c, "a chunk size has more than 8 digits");
        c->left = c->left * 16 + (unsigned)digit;
    } else if (ch == '\r' && c->digits > 0) {
        c->state = CHUNK_SIZE_LF;
    } else {
        return refuse_chunk(c, "a chunk does not begin with its size in hexadecimal digits alone");
    }
    return TMG_HTTP_MORE;
}

tmg_http_step tmg_chunks_feed(tmg_chunks *c, tmg_span *rest, tmg_buf *body)
{
    static const char EXPECTED[] = {[CHUNK_SIZE_LF] = '\n',
                                    [CHUNK_DATA_CR] = '\r',
                                    [CHUNK_DATA_LF] = '\n',
                                    [CHUNK_END_CR] = '\r',
                                    [CHUNK_END_LF] = '\n'};

    while (rest->len > 0) {
        if (c->state == CHUNK_DATA) {
            size_t n = c->left < rest->len ? (size_t)c->left : rest->len;

            tmg_buf_put(body, rest->ptr, n);
            *rest = (tmg_span){rest->ptr + n, rest->len - n};
            c->left -= n;
            if (c->left == 0)
                c->state = CHUNK_DATA_CR;
            continue;
        }
        char ch = *rest->ptr;

        *rest = (tmg_span){rest->ptr + 1, rest->len - 1};
        if (c->state == CHUNK_SIZE) {
            if (feed_size(c, ch) == TMG_HTTP_BAD)
                return TMG_HTTP_BAD;
            continue;
        }
        if (ch != EXPECTED[c->state])
            return refuse_chunk(c, "a chunk does not end where its size says, or carries a trailer");
        if (c->state == CHUNK_END_LF)
            return TMG_HTTP_READY;
        if (c->state == CHUNK_SIZE_LF) {
            c->state = c->left > 0 ? CHUNK_DATA : CHUNK_END_CR;
        } else if (c->state == CHUNK_DATA_LF) {
            c->state = CHUNK_SIZE;
            c->digits = 0;
        } else {
            c->state++;
        }
    }
    return TMG_HTTP_MORE;
}
