/* base/json_priv.h - the tree that json_read.c makes and json_in.c answers from: one block of memory, the
 * root first. */
#ifndef TMG_BASE_JSON_PRIV_H
#define TMG_BASE_JSON_PRIV_H

#include "base/json.h"

struct tmg_json {
    tmg_json_kind kind;
    uint32_t count; /* of children */
    tmg_span name;  /* of a member */
    union {
        bool truth;
        int64_t whole;
        tmg_span text; /* of text, and the digits of a real as they were sent; NUL follows */
        tmg_json **child;
    } is;
};

#endif
