/* store/saver_priv.h - the saver's memory of parties and posts, by code. */
#ifndef TMG_STORE_SAVER_PRIV_H
#define TMG_STORE_SAVER_PRIV_H

#include "store/records.h"
#include "store/store_priv.h"

enum { TMG_SAID = 3 }; /* name, country, address */

/* What is remembered of a code: its row's id, and hashes of what the row says (0: NULL). */
typedef struct tmg_known {
    uint64_t hash;
    const char *code;
    size_t len;
    int64_t id;
    uint64_t said[TMG_SAID];
} tmg_known;

typedef struct tmg_known_map {
    tmg_arena *codes;
    tmg_known *all;
    size_t count, room;
    uint32_t *slots; /* index into all plus 1 */
    size_t slot_count;
} tmg_known_map;

struct tmg_saver {
    tmg_db *db;
    uint64_t seed;           /* against codes chosen to collide */
    uint64_t begins, undone; /* of the connection, when the rest was learnt */
    int64_t next_id;
    tmg_known_map parties, posts;
    tmg_buf more;
};

/* Brings next_id and the maps up to the connection's present transaction. */
TMG_MUST_USE tmg_rc tmg_saver_refresh(tmg_saver *s, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_saver_post(tmg_saver *s, tmg_span code, bool make, int64_t *ret_id, tmg_err *err);
/* The party's row, made or completed as far as p says more. *ret_differs: p says otherwise than the row. */
TMG_MUST_USE tmg_rc tmg_saver_party(tmg_saver *s, const tmg_party *p, int64_t seen_ms, int64_t *ret_id,
                                    bool *ret_differs, tmg_err *err);

#endif
