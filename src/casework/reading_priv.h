/* casework/reading_priv.h - what the files of casework share to read rows and to write leaves. */
#ifndef TMG_CASEWORK_READING_PRIV_H
#define TMG_CASEWORK_READING_PRIV_H

#include "base/json.h"
#include "casework/casework.h"

/* A list that grows in an arena: *list has room for *count + 1 after it. */
void *tmg_grown(tmg_arena *a, void *list, size_t count, size_t *room, size_t size);

/* The next number of a kind within the year of at_ms: "O-2026-000017".  Inside the write transaction, so that
 * no two are alike. */
TMG_MUST_USE tmg_rc tmg_next_number(tmg_db *db, const char *table, char letter, int64_t at_ms, tmg_arena *a,
                                    tmg_span *ret, tmg_err *err);

/* A leaf about "kind:id" with the members that `j` wrote between tmg_leaf_begin and tmg_leaf_end. */
typedef struct tmg_leaf {
    tmg_buf b;
    tmg_json_out j;
} tmg_leaf;
void tmg_leaf_begin(tmg_leaf *l);
TMG_MUST_USE tmg_rc tmg_leaf_end(tmg_leaf *l, tmg_db *db, const tmg_actor *who, const char *action,
                                 const char *kind, int64_t id, tmg_err *err);

/* Binds 0 as NULL. */
void tmg_bind_id(tmg_stmt *s, int at, int64_t id);

#endif
