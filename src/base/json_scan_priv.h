/* base/json_scan_priv.h - the place in a JSON text that is being read, its texts and its numbers. */
#ifndef TMG_BASE_JSON_SCAN_PRIV_H
#define TMG_BASE_JSON_SCAN_PRIV_H

#include "base/json_priv.h"

typedef struct tmg_json_reading {
    const char *begin, *at, *end;
    tmg_json *node; /* the next free one of each */
    tmg_json **child;
    char *text;
    tmg_json **open; /* children of the containers that are still open */
    size_t opened;
    const char *wrong; /* the first fault, and where */
    const char *wrong_at;
} tmg_json_reading;

static inline bool tmg_json_fail(tmg_json_reading *r, const char *at, const char *why)
{
    r->wrong = why;
    r->wrong_at = at;
    return false;
}

static inline bool tmg_json_fail_here(tmg_json_reading *r, const char *why)
{
    return tmg_json_fail(r, r->at, r->at < r->end ? why : "the JSON ends too early");
}

static inline void tmg_json_skip_blanks(tmg_json_reading *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\n' || *r->at == '\r' || *r->at == '\t'))
        r->at++;
}

static inline bool tmg_json_next_is(const tmg_json_reading *r, char c)
{
    return r->at < r->end && *r->at == c;
}

/* From the quote on; false with the fault noted. */
bool tmg_json_scan_text(tmg_json_reading *r, tmg_span *ret);
/* A whole number, or a real one with the digits as written. */
bool tmg_json_scan_number(tmg_json_reading *r, tmg_json *ret);

#endif
