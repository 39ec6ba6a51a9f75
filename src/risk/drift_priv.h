/* risk/drift_priv.h - the two halves of the watch on drift. */
#ifndef TMG_RISK_DRIFT_PRIV_H
#define TMG_RISK_DRIFT_PRIV_H

#include "risk/choosing.h"

typedef struct tmg_watching {
    tmg_arena *arena;
    int32_t day;
    int64_t before_ms, recent_ms, end_ms; /* where the two spans begin, and the second ends */
    tmg_watch_row rows[64];
    size_t count;
} tmg_watching;

/* Adds a row with a sentence, which is kept as data (base/say.h). */
void tmg_watch_say(tmg_watching *w, const char *measure, const char *about, int64_t value_ppm,
                   int64_t limit_ppm, const char *fmt, ...) TMG_PRINTF(6, 7);
/* Results against what was expected of them. */
TMG_MUST_USE tmg_rc tmg_watch_results(tmg_watching *w, tmg_db *db, tmg_err *err);

#endif
