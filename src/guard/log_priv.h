/* guard/log_priv.h - what the files of the log share: the tree over the stored leaves, the key, own
 * transactions. */
#ifndef TMG_GUARD_LOG_PRIV_H
#define TMG_GUARD_LOG_PRIV_H

#include "guard/guard.h"
#include "guard/note_priv.h"

enum { TMG_LOG_FAN_BITS = 8, TMG_LOG_FAN = 1 << TMG_LOG_FAN_BITS }; /* leaves under a node of level 1 */
enum { TMG_LOG_ENTRY_MAX = (1 << 20) - 1 }; /* bytes of an entry, so that its line is 1 MiB at most */

/* Hash of the leaves lo..hi-1, lo < hi; lo a multiple of the smallest power of two that is not below hi - lo.
 */
TMG_MUST_USE tmg_rc tmg_log_range(tmg_db *db, int64_t lo, int64_t hi, tmg_sha256 *ret, tmg_err *err);
/* Root of the tree of the first `size` leaves; of none: SHA-256(""). */
TMG_MUST_USE tmg_rc tmg_log_root(tmg_db *db, int64_t size, tmg_sha256 *ret, tmg_err *err);

/* Runs inside the caller's write transaction when one is open, else in one of its own. */
typedef struct tmg_own_tx {
    tmg_db *db;
    bool own;
} tmg_own_tx;
TMG_MUST_USE tmg_rc tmg_own_begin(tmg_db *db, tmg_own_tx *ret, tmg_err *err);
/* Commits when rc is TMG_OK, rolls back otherwise (both only its own); returns rc or the commit's failure. */
TMG_MUST_USE tmg_rc tmg_own_end(tmg_own_tx *tx, tmg_rc rc, tmg_err *err);

#endif
