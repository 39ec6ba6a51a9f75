#include "risk/mind_priv.h"

#include "store/records.h"

enum { BEFORE_CAP = 4 << 20 };

tmg_rc tmg_mind_new(const char *chains_path, tmg_mind **ret, tmg_err *err)
{
    tmg_mind *m = tmg_xcalloc(1, sizeof *m);
    tmg_profiles_init(&m->profiles);
    m->clock_ms = INT64_MIN;
    tmg_rc rc = tmg_chains_read(chains_path, &m->chains, err);
    if (rc != TMG_OK) {
        tmg_mind_free(m);
        return rc;
    }
    m->decay = (tmg_decay){m->chains.landmark_ms, m->chains.half_life_days * TMG_DAY_MS};
    *ret = m;
    return TMG_OK;
}

void tmg_mind_free(tmg_mind *m)
{
    if (m == NULL)
        return;
    tmg_chains_done(&m->chains);
    tmg_profiles_done(&m->profiles);
    tmg_waiting_done(&m->waiting);
    for (int h = 0; h < TMG_HARMS; h++)
        tmg_calibration_done(&m->calibration[h]);
    free(m->keys);
    free(m);
}

int64_t tmg_mind_clock(const tmg_mind *m)
{
    return m->clock_ms;
}

static void enter(tmg_mind *m, const tmg_waiting_result *r, const uint64_t *keys)
{
    void (*const change)(tmg_cell *, uint64_t, const tmg_found[]) =
        r->taken_back ? tmg_cell_take : tmg_cell_add;
    tmg_found found[TMG_HARMS];
    for (int h = 0; h < TMG_HARMS; h++)
        found[h] = (tmg_found)r->found[h];
    change(&m->whole, r->weight, found);
    for (size_t i = 0; i < r->key_count; i++)
        tmg_profiles_prefetch(&m->profiles, keys[i]);
    for (size_t i = 0; i < r->key_count; i++)
        change(tmg_profiles_cell(&m->profiles, keys[i]), r->weight, found);
}

void tmg_mind_advance(tmg_mind *m, int64_t at_ms)
{
    if (at_ms <= m->clock_ms)
        return;
    m->clock_ms = at_ms;
    tmg_waiting_result r;
    const uint64_t *keys = NULL;
    while (tmg_waiting_pop(&m->waiting, at_ms, &r, &keys))
        enter(m, &r, keys);
}

static int by_key(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* The groups that a declaration belongs to, each once: a consignment of ten items is one inspected
 * consignment of their common chapter. */
static size_t collect_keys(tmg_mind *m, const tmg_declaration *d)
{
    size_t need = (d->item_count + 1) * m->chains.count * TMG_MAX_CHAIN_LEVELS;
    if (need > m->key_room) {
        m->keys = tmg_xrealloc(m->keys, need * sizeof *m->keys);
        m->key_room = need;
    }
    size_t count = 0;
    for (size_t i = 0; i < d->item_count; i++)
        for (size_t c = 0; c < m->chains.count; c++) {
            tmg_chain_keys(&m->chains.chain[c], d, &d->items[i], m->keys + count);
            count += m->chains.chain[c].count;
        }
    if (d->item_count < 2)
        return count;
    qsort(m->keys, count, sizeof *m->keys, by_key);
    size_t kept = 1;
    for (size_t i = 1; i < count; i++)
        if (m->keys[i] != m->keys[kept - 1])
            m->keys[kept++] = m->keys[i];
    return kept;
}

/* The result enters the profiles at this instant, or leaves them. */
static void change_at(tmg_mind *m, const tmg_declaration *d, const tmg_result *r, int64_t at_ms,
                      bool taken_back)
{
    if (r->found[TMG_FRAUD] == TMG_FOUND_UNKNOWN && r->found[TMG_CRITICAL] == TMG_FOUND_UNKNOWN)
        return;
    int64_t happened =
        r->happened_ms == TMG_NONE || r->happened_ms > r->known_at_ms ? r->known_at_ms : r->happened_ms;
    tmg_waiting_result w = {.known_at_ms = at_ms,
                            .weight = tmg_decay_weight(&m->decay, happened),
                            .key_count = (uint32_t)collect_keys(m, d),
                            .taken_back = taken_back};
    for (int h = 0; h < TMG_HARMS; h++)
        w.found[h] = (int8_t)r->found[h];
    if (at_ms <= m->clock_ms)
        enter(m, &w, m->keys);
    else
        tmg_waiting_push(&m->waiting, &w, m->keys);
}

void tmg_mind_learn(tmg_mind *m, const tmg_declaration *d, const tmg_result *r)
{
    change_at(m, d, r, r->known_at_ms, false);
}

/* d is the declaration that the result was entered for. */
static void unlearn(tmg_mind *m, const tmg_declaration *d, const tmg_result *r, int64_t at_ms)
{
    change_at(m, d, r, at_ms > r->known_at_ms ? at_ms : r->known_at_ms, true);
}

void tmg_mind_learned(tmg_mind *m, int64_t result_id)
{
    if (result_id > m->last_result_id)
        m->last_result_id = result_id;
}

tmg_rc tmg_mind_learn_stored(tmg_mind *m, tmg_db *db, const tmg_declaration *d, const tmg_result *r,
                             tmg_err *err)
{
    tmg_mind_learn(m, d, r);
    tmg_mind_learned(m, r->id);
    if (r->replaces == 0)
        return TMG_OK;
    TMG_AUTO_ARENA a = tmg_arena_new(BEFORE_CAP);
    tmg_declaration about;
    tmg_result before;

    TMG_TRY(tmg_result_load(db, r->replaces, a, &before, &about, err));
    unlearn(m, &about, &before, r->known_at_ms);
    return TMG_OK;
}

typedef struct learning {
    tmg_mind *mind;
    tmg_db *db;
} learning;

static tmg_rc learn_one(void *ctx, const tmg_result *r, const tmg_declaration *d, tmg_err *err)
{
    const learning *l = ctx;

    return tmg_mind_learn_stored(l->mind, l->db, d, r, err);
}

tmg_rc tmg_mind_catch_up(tmg_mind *m, tmg_db *db, tmg_err *err)
{
    learning l = {m, db};

    return tmg_result_each(db, m->last_result_id, learn_one, &l, err);
}
