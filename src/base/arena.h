/* base/arena.h - memory that is freed all at once.
 *
 * One arena per request, ingest batch or job.  Every arena has a cap: the most bytes it may hold, so that
 * hostile input meets a limit.  When the cap is passed the arena turns *full*: it goes on handing out memory
 * (callers need no check per allocation) up to twice the cap and then aborts; the loop that reads outside
 * input asks tmg_arena_full() once per record and stops with TMG_E_LIMIT.  malloc failure aborts the process.
 * An arena belongs to one thread at a time.
 */
#ifndef TMG_BASE_ARENA_H
#define TMG_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

typedef struct tmg_arena tmg_arena;

/* cap: most bytes it may hold.  The caller frees it with tmg_arena_free. */
tmg_arena *tmg_arena_new(size_t cap);
void tmg_arena_free(tmg_arena *a); /* NULL is accepted */

/* Forgets everything allocated but keeps memory of the usual block sizes for the next round; clears *full*. */
void tmg_arena_reset(tmg_arena *a);

/* Zeroed, aligned for any type; never NULL.  Lives until the arena is reset or freed. */
void *tmg_alloc(tmg_arena *a, size_t size);
void *tmg_alloc_array(tmg_arena *a, size_t count, size_t size); /* aborts on overflow */
char *tmg_strdup_n(tmg_arena *a, const char *bytes, size_t len); /* NUL-terminated copy */

bool tmg_arena_full(const tmg_arena *a);  /* has the cap been passed? */
size_t tmg_arena_used(const tmg_arena *a); /* bytes handed out since the last reset */

static inline void tmg_arena_free_p(tmg_arena **a)
{
    tmg_arena_free(*a);
}
#define TMG_AUTO_ARENA __attribute__((cleanup(tmg_arena_free_p))) tmg_arena *

/* malloc that aborts instead of returning NULL; for long-lived objects with a _new/_free pair. */
void *tmg_xcalloc(size_t count, size_t size);
void *tmg_xrealloc(void *old, size_t size);

#endif
