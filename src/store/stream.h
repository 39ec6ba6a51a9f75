/* store/stream.h - everything stored, once through and fast: for what is built anew at start-up.
 *
 * Reads with a few statements that run beside each other instead of several per declaration.
 *
 * Thread rule: the connection's thread, in a read transaction where one view is wanted.
 */
#ifndef TMG_STORE_STREAM_H
#define TMG_STORE_STREAM_H

#include "model/model.h"
#include "store/store.h"

/* Calls visit for each stored version with id > after, in order of id.  The declaration lives until visit returns, which
 * must not stream declarations itself on this connection. */
typedef tmg_rc (*tmg_declaration_visit)(void *ctx, const tmg_declaration *d, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_declaration_each(tmg_db *db, int64_t after, tmg_declaration_visit visit, void *ctx,
                                         tmg_err *err);

/* A control result without its goods. */
typedef struct tmg_result_brief {
    int64_t id, consignment_id, known_at_ms;
    tmg_outcome outcome;
    bool fraud, critical;
} tmg_result_brief;
typedef void (*tmg_brief_visit)(void *ctx, const tmg_result_brief *r);
TMG_MUST_USE tmg_rc tmg_result_brief_each(tmg_db *db, int64_t after, tmg_brief_visit visit, void *ctx, tmg_err *err);

#endif
