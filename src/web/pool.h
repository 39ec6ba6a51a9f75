/* web/pool.h - a few threads for work that would hold up an event loop.
 */
#ifndef TMG_WEB_POOL_H
#define TMG_WEB_POOL_H

#include "store/store.h"

typedef struct tmg_pool tmg_pool;

/* Starts `threads` threads; each gets its own connection from open(ctx), or none when open is NULL. */
TMG_MUST_USE tmg_rc tmg_pool_start(int threads, tmg_rc (*open)(void *ctx, tmg_db **ret, tmg_err *err),
                                   void *ctx, tmg_pool **ret, tmg_err *err);
/* Runs work(arg, db) on one of the threads; from any thread.  TMG_E_LIMIT when 256 wait already, TMG_E_STORE
 * when the pool is ending. */
TMG_MUST_USE tmg_rc tmg_pool_submit(tmg_pool *p, void (*work)(void *arg, tmg_db *db), void *arg,
                                    tmg_err *err);
/* Ends the threads when what waits is done; further work is refused.  tmg_pool_free comes last. */
void tmg_pool_stop(tmg_pool *p);
void tmg_pool_free(tmg_pool *p); /* NULL is accepted */

#endif
