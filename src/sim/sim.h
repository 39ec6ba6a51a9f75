/* sim/sim.h - the demonstration world: invented traders, carriers, goods and schemes on the roads of one
 * country.
 *
 * The world knows nothing of the centre that judges it.  It is a pure function of its options: the same
 * options give byte-identical files on every machine (own random numbers, integer arithmetic, no clock). What
 * it invents and what it planted is described in docs/demonstration.md.
 *
 * Files written into the folder:
 *   posts.json          [{"code", "name", "neighbour", "lat_e7", "lon_e7", "red", "yellow", "blue", "random_ppm"}, ...]
 *                       with the standing capacity of a day; no "neighbour" at the sea port and the airport
 *   corridors.json      [{"name", "points": [[lat_e7, lon_e7], ...]}, ...]: roads, schematic
 *   declarations.jsonl  one declaration per line in the project's own format (docs/formats.md), in order of lodging;
 *                       those that were controlled in the history have a member "result"
 *   findings.jsonl      where days are lived: those arriving on them in which an examination would find something, with
 *                       what it would find as their "result"; for whoever plays the inspection teams
 *   truth.json          what was planted, for judging the centre afterwards; the centre never reads it
 *
 * Memory: about 50 MB at scale 100 %, growing with the scale and not with the number of days.  Any thread.
 */
#ifndef TMG_SIM_SIM_H
#define TMG_SIM_SIM_H

#include "base/err.h"

#include <stdint.h>

typedef struct tmg_sim_options {
    int32_t days;  /* of history before `today`: 14..730 */
    int32_t lived; /* the last of them, on which a centre chooses who is examined: 0..days; declarations that
                      arrive on them have no result, nor has what was not known when they began */
    int32_t days_ahead; /* from `today` on, known but not yet controlled: 1..7 */
    uint64_t seed;
    int64_t
        scale_ppm; /* 1,000,000 is the realistic volume, about 5,000 declarations a day: 1,000..10,000,000 */
    int32_t today; /* civil day of the demonstration (base/time.h) */
    int32_t now_min; /* minutes after its midnight at which the centre's clock stands: 0..1439 */
    int16_t offset_min;
} tmg_sim_options;

/* 60 days of history, none of them lived, 2 ahead, seed 1, scale 8 %, Wednesday 2026-09-16 at 06:00 +04:00.
 */
tmg_sim_options tmg_sim_defaults(void);

typedef struct tmg_sim_summary {
    int64_t declarations; /* history + ahead */
    int64_t history, ahead;
    int64_t controlled;                   /* lines with a result */
    int64_t found_fraud, found_critical;  /* among them, by outcome */
    int64_t bad_fraud, bad_critical;      /* in the history, found or not */
    int64_t schemes, scheme_declarations; /* planted */
    int64_t opened_ms;                    /* when the lived days begin */
    int64_t now_ms;                       /* where to set the centre's clock */
} tmg_sim_summary;

/* Makes the folder when missing and replaces the files.  TMG_E_INVALID: an option outside its range;
 * TMG_E_CONFLICT: a file stands where the folder should; TMG_E_IO: the folder cannot be written. */
TMG_MUST_USE tmg_rc tmg_simulate(const tmg_sim_options *o, const char *folder, tmg_sim_summary *ret,
                                 tmg_err *err);

#endif
