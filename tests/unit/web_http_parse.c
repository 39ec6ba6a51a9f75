/* The strict HTTP reader: what is refused, what is understood, and that it does not matter how bytes arrive.
 */
#include "web/http_parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define HOST "Host: localhost\r\n"

typedef struct refused {
    int status;
    const char *why; /* a word of the sentence */
    tmg_span bytes;
} refused;
#define BAD(status, why, text)                                                                               \
    {                                                                                                        \
        status, why,                                                                                         \
        {                                                                                                    \
            text, sizeof(text) - 1                                                                           \
        }                                                                                                    \
    }

static const refused REFUSED[] = {
    BAD(400, "Content-Length", "POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\nContent-Length: 3\r\n\r\n"),
    BAD(400, "Content-Length", "POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\nContent-Length: 4\r\n\r\n"),
    BAD(400, "Transfer-Encoding",
        "POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"),
    BAD(400, "plain number", "POST / HTTP/1.1\r\n" HOST "Content-Length: +5\r\n\r\n"),
    BAD(400, "plain number", "POST / HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\n"),
    BAD(400, "plain number", "POST / HTTP/1.1\r\n" HOST "Content-Length: 3, 3\r\n\r\n"),
    BAD(400, "plain number", "POST / HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\n"),
    BAD(400, "plain number", "POST / HTTP/1.1\r\n" HOST "Content-Length: 9223372036854775808\r\n\r\n"),
    BAD(400, "Name: value", "GET / HTTP/1.1\r\nHost : localhost\r\n\r\n"),
    BAD(400, "Name: value", "GET / HTTP/1.1\r\n" HOST "no colon\r\n\r\n"),
    BAD(400, "Name: value", "GET / HTTP/1.1\r\n" HOST ": empty\r\n\r\n"),
    BAD(400, "control", "GET / HTTP/1.1\r\n" HOST "X: a\0b\r\n\r\n"),
    BAD(400, "control", "GET / HTTP/1.1\r\n" HOST "X: a\rY: b\r\n\r\n"),
    BAD(400, "control", "GET / HTTP/1.1\r\n" HOST "X: a\rb"),
    BAD(400, "bare line feed", "GET / HTTP/1.1\nHost: localhost\n\n"),
    BAD(400, "bare line feed", "GET / HTTP/1.1\r\n" HOST "\n"),
    BAD(400, "white space", "GET / HTTP/1.1\r\n" HOST "X: a\r\n b\r\n\r\n"),
    BAD(400, "white space", "GET / HTTP/1.1\r\n\tHost: localhost\r\n\r\n"),
    BAD(400, "Host", "GET / HTTP/1.1\r\n\r\n"),
    BAD(400, "Host", "GET / HTTP/1.1\r\n" HOST HOST "\r\n"),
    BAD(400, "Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
    BAD(400, "Host", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
    BAD(501, "chunked", "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip\r\n\r\n"),
    BAD(501, "chunked", "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked, chunked\r\n\r\n"),
    BAD(400, "Transfer-Encoding",
        "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"),
    BAD(400, "Transfer-Encoding", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"),
    BAD(400, "repeated", "GET / HTTP/1.1\r\n" HOST "Cookie: a=1\r\nCookie: a=2\r\n\r\n"),
    BAD(400, "repeated", "GET / HTTP/1.1\r\n" HOST "Origin: http://a\r\nOrigin: http://b\r\n\r\n"),
    BAD(417, "100-continue", "GET / HTTP/1.1\r\n" HOST "Expect: more\r\n\r\n"),
    BAD(400, "part", "GET /a%00 HTTP/1.1\r\n" HOST "\r\n"),
    BAD(400, "part", "GET /a/../b HTTP/1.1\r\n" HOST "\r\n"),
    BAD(400, "part", "GET /%2e%2E/b HTTP/1.1\r\n" HOST "\r\n"),
    BAD(400, "part", "GET /. HTTP/1.1\r\n" HOST "\r\n"),
    BAD(400, "part", "GET /a%2fb HTTP/1.1\r\n" HOST "\r\n"),
    BAD(400, "part", "GET /a%5cb HTTP/1.1\r\n" HOST "\r\n"),
    BAD(400, "part", "GET /a//b HTTP/1.1\r\n" HOST "\r\n"),
    BAD(400, "part", "GET /a%2 HTTP/1.1\r\n" HOST "\r\n"),
    BAD(400, "escaped", "GET /a\"b HTTP/1.1\r\n" HOST "\r\n"),
    BAD(400, "escaped", "GET /a\x80 HTTP/1.1\r\n" HOST "\r\n"),
    BAD(400, "absolute path", "GET http://localhost/ HTTP/1.1\r\n" HOST "\r\n"),
    BAD(400, "absolute path", "OPTIONS * HTTP/1.1\r\n" HOST "\r\n"),
    BAD(400, "METHOD", "G(T / HTTP/1.1\r\n" HOST "\r\n"),
    BAD(400, "METHOD", "\r\nGET / HTTP/1.1\r\n" HOST "\r\n"),
    BAD(400, "METHOD", "GET /\r\n" HOST "\r\n"),
    BAD(400, "HTTP/1.1", "GET  / HTTP/1.1\r\n" HOST "\r\n"),
    BAD(400, "HTTP/1.1", "GET / http/1.1\r\n" HOST "\r\n"),
    BAD(505, "HTTP/1.1", "GET / HTTP/2.0\r\n" HOST "\r\n"),
    BAD(501, "method", "get / HTTP/1.1\r\n" HOST "\r\n"),
    BAD(501, "method", "TRACE / HTTP/1.1\r\n" HOST "\r\n"),
    BAD(400, "control", "\x16\x03\x01\x02\0\x01\0\x01"),
};

static void malformed_heads_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof REFUSED / sizeof REFUSED[0]; i++) {
        tmg_http_head h;

        if (tmg_http_parse_head(REFUSED[i].bytes, &h) != TMG_HTTP_BAD || h.status != REFUSED[i].status ||
            strstr(h.why, REFUSED[i].why) == NULL)
            fail_msg("case %zu: status %d, \"%s\"", i, h.status, h.why != NULL ? h.why : "accepted");
    }
}

static void a_fault_stays_a_fault_however_the_bytes_arrive(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof REFUSED / sizeof REFUSED[0]; i++) {
        tmg_http_step step = TMG_HTTP_MORE;
        tmg_http_head h;

        for (size_t n = 1; n <= REFUSED[i].bytes.len && step == TMG_HTTP_MORE; n++)
            step = tmg_http_parse_head((tmg_span){REFUSED[i].bytes.ptr, n}, &h);
        if (step != TMG_HTTP_BAD)
            fail_msg("case %zu is accepted when it comes byte by byte", i);
    }
}

static void a_good_head_is_understood(void **state)
{
    static const char TEXT[] =
        "POST /api/x%20y?a=1&b=2 HTTP/1.1\r\nHost: [::1]:8080\r\ncontent-length: 12\r\n"
        "X-Empty:\r\nX-Padded: \t two words \t\r\nConnection: Close\r\n\r\nrest";
    tmg_http_head h;

    (void)state;
    for (size_t n = 0; n < sizeof TEXT - 5; n++)
        assert_int_equal(tmg_http_parse_head((tmg_span){TEXT, n}, &h), TMG_HTTP_MORE);
    assert_int_equal(tmg_http_parse_head((tmg_span){TEXT, sizeof TEXT - 1}, &h), TMG_HTTP_READY);
    assert_int_equal(h.method, TMG_POST);
    assert_true(tmg_span_is(h.path, "/api/x%20y") && tmg_span_is(h.query, "a=1&b=2"));
    assert_int_equal(h.content_length, 12);
    assert_int_equal(h.length, sizeof TEXT - 1 - 4);
    assert_false(h.keep_alive);
    assert_true(tmg_span_is(tmg_http_header(&h, "X-padded"), "two words"));
    assert_true(tmg_http_header(&h, "X-Empty").ptr != NULL && tmg_http_header(&h, "X-Empty").len == 0);
    assert_null(tmg_http_header(&h, "X-Absent").ptr);
}

static void versions_and_connection_say_whether_it_stays_open(void **state)
{
    static const struct {
        const char *text;
        bool stays;
    } CASES[] = {
        {"GET / HTTP/1.1\r\n" HOST "\r\n", true},
        {"GET / HTTP/1.1\r\n" HOST "Connection: te, close\r\n\r\n", false},
        {"GET / HTTP/1.0\r\n\r\n", false},
        {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true},
    };
    tmg_http_head h;

    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        assert_int_equal(tmg_http_parse_head(tmg_span_of(CASES[i].text), &h), TMG_HTTP_READY);
        assert_int_equal(h.keep_alive, CASES[i].stays);
    }
}

/* "GET /" and filler up to `len` bytes without a line end, or headers without end. */
static void too_much_head_is_refused(void **state)
{
    TMG_AUTO_BUF line, head, many;
    tmg_http_head h;

    (void)state;
    tmg_buf_init(&line, 1 << 20);
    tmg_buf_init(&head, 1 << 20);
    tmg_buf_init(&many, 1 << 20);
    tmg_buf_z(&line, "GET /");
    while (line.len < TMG_HTTP_HEAD_MAX)
        tmg_buf_char(&line, 'a');
    tmg_buf_z(&head, "GET / HTTP/1.1\r\n" HOST "X: ");
    while (head.len < 100000)
        tmg_buf_char(&head, 'a');
    tmg_buf_z(&head, "\r\n\r\n");
    tmg_buf_z(&many, "GET / HTTP/1.1\r\n" HOST);
    for (int i = 0; i < TMG_HTTP_HEADERS_MAX; i++)
        tmg_buf_z(&many, "X: a\r\n");
    tmg_buf_z(&many, "\r\n");
    assert_int_equal(tmg_http_parse_head(tmg_buf_as_span(&line), &h), TMG_HTTP_BAD);
    assert_int_equal(h.status, 414);
    assert_int_equal(tmg_http_parse_head(tmg_buf_as_span(&head), &h), TMG_HTTP_BAD);
    assert_int_equal(h.status, 431);
    assert_int_equal(tmg_http_parse_head(tmg_buf_as_span(&many), &h), TMG_HTTP_BAD);
    assert_int_equal(h.status, 431);
}

static void pipelined_requests_are_taken_one_by_one(void **state)
{
    tmg_span rest = TMG_SPAN("GET /one HTTP/1.1\r\n" HOST "\r\nGET /two HTTP/1.1\r\n" HOST "\r\nGET /thr");
    tmg_http_head h;

    (void)state;
    assert_int_equal(tmg_http_parse_head(rest, &h), TMG_HTTP_READY);
    assert_true(tmg_span_is(h.path, "/one"));
    rest = (tmg_span){rest.ptr + h.length, rest.len - h.length};
    assert_int_equal(tmg_http_parse_head(rest, &h), TMG_HTTP_READY);
    assert_true(tmg_span_is(h.path, "/two"));
    rest = (tmg_span){rest.ptr + h.length, rest.len - h.length};
    assert_int_equal(tmg_http_parse_head(rest, &h), TMG_HTTP_MORE);
}

static tmg_http_step feed(tmg_chunks *c, tmg_span text, size_t split, tmg_buf *body, size_t *ret_left)
{
    tmg_span first = {text.ptr, split}, second = {text.ptr + split, text.len - split};
    tmg_http_step step = tmg_chunks_feed(c, &first, body);

    if (step == TMG_HTTP_MORE)
        step = tmg_chunks_feed(c, &second, body);
    *ret_left = first.len + second.len;
    return step;
}

static void chunks_may_be_split_at_every_byte(void **state)
{
    tmg_span text = TMG_SPAN("4\r\nWiki\r\n00000A\r\npedia \r\n\r\n\r\n0\r\n\r\nGET");

    (void)state;
    for (size_t split = 0; split <= text.len - 3; split++) {
        tmg_chunks c = {0};
        TMG_AUTO_BUF body;
        size_t left;

        tmg_buf_init(&body, 100);
        assert_int_equal(feed(&c, text, split, &body, &left), TMG_HTTP_READY);
        assert_string_equal(body.ptr, "Wikipedia \r\n\r\n");
        assert_int_equal(left, 3);
    }
}

static void wrong_chunks_are_refused(void **state)
{
    static const char *const CASES[] = {"0x4\r\nWiki\r\n0\r\n\r\n",
                                        "-4\r\nWiki\r\n",
                                        "fffffffff\r\nWiki",
                                        "4;a=b\r\nWiki\r\n0\r\n\r\n",
                                        "4 \r\nWiki\r\n",
                                        "4\nWiki\r\n",
                                        "3\r\nWiki\r\n",
                                        "5\r\nWiki\r\n0\r\n",
                                        "\r\n",
                                        "0\r\nX: a\r\n\r\n",
                                        "4\r\nWiki0\r\n\r\n",
                                        "4\rWiki\r\n0\r\n\r\n"};

    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        tmg_chunks c = {0};
        TMG_AUTO_BUF body;
        tmg_span rest = tmg_span_of(CASES[i]);

        tmg_buf_init(&body, 100);
        if (tmg_chunks_feed(&c, &rest, &body) != TMG_HTTP_BAD || c.why == NULL)
            fail_msg("accepted: case %zu", i);
    }
}

static void a_chunked_body_keeps_its_maximum(void **state)
{
    tmg_chunks c = {0};
    TMG_AUTO_BUF body;
    tmg_span rest = TMG_SPAN("8\r\n12345678\r\n8\r\n12345678\r\n0\r\n\r\n");

    (void)state;
    tmg_buf_init(&body, 10);
    (void)tmg_chunks_feed(&c, &rest, &body);
    assert_true(body.overflow);
    assert_int_equal(body.len, 10);
}

static void escapes_are_undone_or_refused(void **state)
{
    TMG_AUTO_ARENA a = tmg_arena_new(4096);
    tmg_span got;

    (void)state;
    assert_true(tmg_http_unescape(TMG_SPAN("a%20b+c%C9%99"), true, a, &got));
    assert_true(tmg_span_is(got, "a b c\xC9\x99"));
    assert_true(tmg_http_unescape(TMG_SPAN("a+b"), false, a, &got));
    assert_true(tmg_span_is(got, "a+b"));
    assert_false(tmg_http_unescape(TMG_SPAN("%00"), true, a, &got));
    assert_false(tmg_http_unescape(TMG_SPAN("%c9"), true, a, &got));
    assert_false(tmg_http_unescape(TMG_SPAN("%4"), true, a, &got));
    assert_false(tmg_http_unescape(TMG_SPAN("%zz"), true, a, &got));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(malformed_heads_are_refused),
        cmocka_unit_test(a_fault_stays_a_fault_however_the_bytes_arrive),
        cmocka_unit_test(a_good_head_is_understood),
        cmocka_unit_test(versions_and_connection_say_whether_it_stays_open),
        cmocka_unit_test(too_much_head_is_refused),
        cmocka_unit_test(pipelined_requests_are_taken_one_by_one),
        cmocka_unit_test(chunks_may_be_split_at_every_byte),
        cmocka_unit_test(wrong_chunks_are_refused),
        cmocka_unit_test(a_chunked_body_keeps_its_maximum),
        cmocka_unit_test(escapes_are_undone_or_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
