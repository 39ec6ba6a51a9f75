/* web/http_parse.h - a strict reader of HTTP/1.1 requests (RFC 9112): pure functions over bytes.
 *
 * Refused, because two readers could disagree about it (request smuggling) or because no honest client sends
 * it: bare CR or LF, NUL and other controls, folded lines, white space before a colon, a missing or second
 * Host, any second Content-Length, Content-Length beside Transfer-Encoding, a length that is not plain
 * digits, another coding than "chunked", chunk extensions and trailers, targets that are not a clean absolute
 * path (empty, "." or ".." segments, "%00", "%2F", broken escapes).  Any thread; spans point into the request.
 */
#ifndef TMG_WEB_HTTP_PARSE_H
#define TMG_WEB_HTTP_PARSE_H

#include "base/text.h"

enum { TMG_HTTP_HEAD_MAX = 16384, TMG_HTTP_HEADERS_MAX = 100 };

typedef enum tmg_method {
    TMG_METHOD_UNKNOWN,
    TMG_GET,
    TMG_HEAD,
    TMG_POST,
    TMG_PUT,
    TMG_DELETE,
    TMG_PATCH,
    TMG_OPTIONS
} tmg_method;
const char *tmg_method_name(tmg_method m); /* "GET" */

typedef enum tmg_http_step {
    TMG_HTTP_MORE,  /* not complete, nothing wrong so far */
    TMG_HTTP_READY, /* complete */
    TMG_HTTP_BAD    /* refused: status and why are set */
} tmg_http_step;

typedef struct tmg_header {
    tmg_span name, value; /* value without white space around it */
} tmg_header;

/* The spans borrow from the bytes that were parsed. */
typedef struct tmg_http_head {
    tmg_method method;
    tmg_span path, query; /* as sent, still escaped; query is absent without a '?' */
    int minor;            /* of the version: 0 or 1 */
    tmg_header header[TMG_HTTP_HEADERS_MAX];
    size_t header_count;
    int64_t content_length; /* -1 when not stated */
    bool chunked, keep_alive, expects_continue;
    size_t length; /* bytes of the head, blank line included */
    int status;    /* when refused: 400, 414, 417, 431, 501 or 505 */
    const char *why;
} tmg_http_head;

/* Reads a head from the first bytes of a connection.  Refuses as early as a fault is seen. */
tmg_http_step tmg_http_parse_head(tmg_span bytes, tmg_http_head *ret);
/* Value of a header by its name in any case, or the absent span. */
tmg_span tmg_http_header(const tmg_http_head *h, const char *name);

/* Undoes %-escapes ('+' too when it is a query); false when broken, or when the result is not clean UTF-8. */
bool tmg_http_unescape(tmg_span s, bool is_query, tmg_arena *a, tmg_span *ret);

/* A chunked body, fed in pieces of any size. */
typedef struct tmg_chunks {
    int state;
    uint64_t left; /* bytes of the present chunk that are still to come */
    int digits;
    const char *why;
} tmg_chunks;
/* Takes bytes from the front of *rest and appends what they carry to `body`; READY when the last chunk was
 * seen (what stays in *rest belongs to the next request).  `body->overflow` tells that its maximum was
 * passed. */
tmg_http_step tmg_chunks_feed(tmg_chunks *c, tmg_span *rest, tmg_buf *body);

#endif
