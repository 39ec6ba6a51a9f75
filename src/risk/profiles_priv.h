/* risk/profiles_priv.h - the counts of every group that was ever inspected: one open-addressing table.
 *
 * A cell is one cache line.  Sums are integers, so they are the same in whatever order results came.
 */
#ifndef TMG_RISK_PROFILES_PRIV_H
#define TMG_RISK_PROFILES_PRIV_H

#include "model/model.h"

typedef struct tmg_cell {
    _Alignas(64) uint64_t key;                       /* 0: empty */
    uint64_t n[TMG_HARMS], bad[TMG_HARMS];           /* sums of forward-decay weights */
    uint32_t count[TMG_HARMS], count_bad[TMG_HARMS]; /* plain counts, for words */
} tmg_cell;

typedef struct tmg_profiles {
    tmg_cell *cells;
    size_t room, used; /* room is a power of two */
} tmg_profiles;

void tmg_profiles_init(tmg_profiles *t);
void tmg_profiles_done(tmg_profiles *t);
/* NULL when the group was never inspected.  key is not 0. */
const tmg_cell *tmg_profiles_find(const tmg_profiles *t, uint64_t key);
/* The group's cell, made when it is not there; valid until the next call. */
tmg_cell *tmg_profiles_cell(tmg_profiles *t, uint64_t key);
static inline void tmg_profiles_prefetch(const tmg_profiles *t, uint64_t key)
{
    __builtin_prefetch(&t->cells[key & (t->room - 1)]);
}
/* Adds one control result of this weight.  A harm whose finding is unknown is left alone. */
void tmg_cell_add(tmg_cell *c, uint64_t weight, const tmg_found found[TMG_HARMS]);
/* Takes out again, exactly, what was added. */
void tmg_cell_take(tmg_cell *c, uint64_t weight, const tmg_found found[TMG_HARMS]);

/* ---- forward decay ---- */

typedef struct tmg_decay {
    int64_t landmark_ms, half_life_ms; /* half_life_ms 0: every result weighs the same for ever */
} tmg_decay;

/* 2^16 * 2^((at - landmark) / half_life), by integer arithmetic alone, in steps of a 65536th of a half-life.
 * Reaches from 17 half-lives before the landmark (0 further back) to 24 after it, where it stops growing: up
 * to 2^23 results of the greatest weight fit in a sum. */
uint64_t tmg_decay_weight(const tmg_decay *d, int64_t at_ms);

/* ---- results that are not known yet ---- */

/* Min-heap by known_at_ms; keys lie in one growing block. */
typedef struct tmg_waiting_result {
    int64_t known_at_ms;
    uint64_t weight;
    size_t first_key;
    uint32_t key_count;
    int8_t found[TMG_HARMS];
    bool taken_back; /* leaves the profiles instead of entering them */
} tmg_waiting_result;

typedef struct tmg_waiting {
    tmg_waiting_result *heap;
    size_t count, room;
    uint64_t *keys;
    size_t key_count, key_room, key_live;
} tmg_waiting;

void tmg_waiting_done(tmg_waiting *w);
void tmg_waiting_push(tmg_waiting *w, const tmg_waiting_result *r, const uint64_t *keys);
/* Takes out the first result when it is known by now_ms.  *ret_keys stays valid until the next push. */
bool tmg_waiting_pop(tmg_waiting *w, int64_t now_ms, tmg_waiting_result *ret, const uint64_t **ret_keys);

#endif
