#include "store/saver_priv.h"

#include "base/hash.h"

enum { MOST_CODES = 200000, MOST_CODE_BYTES = 16 << 20, FIRST_SLOTS = 1024, MOST_MORE = 1 << 20 };

/* ---- the map ---- */

static void map_init(tmg_known_map *m)
{
    m->codes = tmg_arena_new(MOST_CODE_BYTES);
    m->slot_count = FIRST_SLOTS;
    m->slots = tmg_xcalloc(FIRST_SLOTS, sizeof(*m->slots));
}

static void map_done(tmg_known_map *m)
{
    tmg_arena_free(m->codes);
    free(m->all);
    free(m->slots);
}

static void map_forget(tmg_known_map *m)
{
    tmg_arena_reset(m->codes);
    m->count = 0;
    memset(m->slots, 0, m->slot_count * sizeof(*m->slots));
}

static tmg_known *map_find(const tmg_known_map *m, uint64_t hash, tmg_span code)
{
    for (size_t at = (size_t)hash & (m->slot_count - 1); m->slots[at] != 0;
         at = (at + 1) & (m->slot_count - 1)) {
        tmg_known *k = &m->all[m->slots[at] - 1];

        if (k->hash == hash && tmg_span_eq((tmg_span){k->code, k->len}, code))
            return k;
    }
    return NULL;
}

static void map_place(tmg_known_map *m, size_t index)
{
    size_t at = (size_t)m->all[index].hash & (m->slot_count - 1);

    while (m->slots[at] != 0)
        at = (at + 1) & (m->slot_count - 1);
    m->slots[at] = (uint32_t)index + 1;
}

static tmg_known *map_add(tmg_known_map *m, uint64_t hash, tmg_span code)
{
    if (m->count == MOST_CODES || tmg_arena_full(m->codes))
        map_forget(m);
    if (m->count == m->room) {
        m->room = m->room == 0 ? FIRST_SLOTS / 2 : 2 * m->room;
        m->all = tmg_xrealloc(m->all, m->room * sizeof(*m->all));
    }
    if (2 * (m->count + 1) > m->slot_count) {
        free(m->slots);
        m->slot_count *= 2;
        m->slots = tmg_xcalloc(m->slot_count, sizeof(*m->slots));
        for (size_t i = 0; i < m->count; i++)
            map_place(m, i);
    }
    tmg_known *k = &m->all[m->count++];
    *k = (tmg_known){.hash = hash, .code = tmg_strdup_n(m->codes, code.ptr, code.len), .len = code.len};
    map_place(m, m->count - 1);
    return k;
}

/* ---- the saver ---- */

tmg_saver *tmg_saver_new(tmg_db *db)
{
    tmg_saver *s = tmg_xcalloc(1, sizeof(*s));

    s->db = db;
    tmg_random(&s->seed, sizeof(s->seed));
    map_init(&s->parties);
    map_init(&s->posts);
    tmg_buf_init(&s->more, MOST_MORE);
    return s;
}

void tmg_saver_free(tmg_saver *s)
{
    if (s == NULL)
        return;
    map_done(&s->parties);
    map_done(&s->posts);
    tmg_buf_done(&s->more);
    free(s);
}

void tmg_saver_forget(tmg_saver *s)
{
    map_forget(&s->parties);
    map_forget(&s->posts);
    s->begins = 0;
}

tmg_rc tmg_saver_refresh(tmg_saver *s, tmg_err *err)
{
    tmg_stmt *q = NULL;
    bool row = false;

    if (s->undone != tmg_db_undone(s->db)) {
        tmg_saver_forget(s);
        s->undone = tmg_db_undone(s->db);
    }
    if (!tmg_in_transaction(s->db))
        return TMG_FAIL(err, TMG_E_STORE,
                        "a declaration is stored inside a write transaction only: begin one first");
    if (s->begins == tmg_db_begins(s->db))
        return TMG_OK;
    /* Another process may have stored declarations since; from here to the commit none can. */
    TMG_TRY(tmg_sql(s->db, "SELECT coalesce(max(id), 0) + 1 FROM declaration", &q, err));
    TMG_TRY(tmg_step(q, &row, err));
    s->next_id = tmg_col_i64(q, 0);
    tmg_reset(q);
    s->begins = tmg_db_begins(s->db);
    return TMG_OK;
}

tmg_rc tmg_saver_post(tmg_saver *s, tmg_span code, bool make, int64_t *ret_id, tmg_err *err)
{
    uint64_t hash = tmg_hash64(s->seed, code.ptr, code.len);
    tmg_known *k = map_find(&s->posts, hash, code);
    tmg_stmt *q = NULL;
    bool row = false;

    if (k != NULL) {
        *ret_id = k->id;
        return TMG_OK;
    }
    TMG_TRY(tmg_sql(s->db, "SELECT id FROM post WHERE code = $1", &q, err));
    tmg_bind_text(q, 1, code);
    TMG_TRY(tmg_step(q, &row, err));
    int64_t id = row ? tmg_col_i64(q, 0) : 0;
    tmg_reset(q);
    if (!row) {
        if (!make)
            return TMG_FAIL(err, TMG_E_INVALID,
                            "post \"%.*s\" is not one of the centre's posts: add it first",
                            TMG_SPAN_ARG(code));
        tmg_post p = {.code = code, .name = code};
        TMG_TRY(tmg_post_save(s->db, &p, &id, err));
    }
    map_add(&s->posts, hash, code)->id = id;
    *ret_id = id;
    return TMG_OK;
}

static uint64_t hash_said(const tmg_saver *s, tmg_span text)
{
    return text.ptr == NULL ? 0 : tmg_hash64(s->seed, text.ptr, text.len) | 1;
}

static tmg_rc read_party(tmg_saver *s, const tmg_party *p, uint64_t hash, tmg_known **ret, tmg_err *err)
{
    tmg_stmt *q = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(s->db, "SELECT id, name, country, address FROM party WHERE code = $1", &q, err));
    tmg_bind_text(q, 1, p->code);
    TMG_TRY(tmg_step(q, &row, err));
    if (!row) {
        *ret = NULL;
        return TMG_OK;
    }
    tmg_known *k = map_add(&s->parties, hash, p->code);
    k->id = tmg_col_i64(q, 0);
    for (int i = 0; i < TMG_SAID; i++)
        k->said[i] = hash_said(s, tmg_col_text(q, 1 + i));
    tmg_reset(q);
    *ret = k;
    return TMG_OK;
}

static tmg_rc make_party(tmg_saver *s, const tmg_party *p, uint64_t hash, int64_t seen_ms, tmg_known **ret,
                         tmg_err *err)
{
    tmg_stmt *q = NULL;

    TMG_TRY(tmg_sql(
        s->db, "INSERT INTO party (code, name, country, address, first_seen_ms) VALUES ($1, $2, $3, $4, $5)",
        &q, err));
    tmg_bind_text(q, 1, p->code);
    tmg_bind_text(q, 2, p->name);
    tmg_bind_text(q, 3, p->country);
    tmg_bind_text(q, 4, p->address);
    tmg_bind_i64(q, 5, seen_ms);
    TMG_TRY(tmg_exec(q, err));
    tmg_known *k = map_add(&s->parties, hash, p->code);
    k->id = tmg_last_id(s->db);
    *ret = k;
    return TMG_OK;
}

static tmg_rc complete_party(tmg_saver *s, const tmg_party *p, int64_t id, tmg_err *err)
{
    tmg_stmt *q = NULL;

    TMG_TRY(tmg_sql(s->db,
                    "UPDATE party SET name = coalesce(name, $2), country = coalesce(country, $3), "
                    "address = coalesce(address, $4) WHERE id = $1",
                    &q, err));
    tmg_bind_i64(q, 1, id);
    tmg_bind_text(q, 2, p->name);
    tmg_bind_text(q, 3, p->country);
    tmg_bind_text(q, 4, p->address);
    return tmg_exec(q, err);
}

tmg_rc tmg_saver_party(tmg_saver *s, const tmg_party *p, int64_t seen_ms, int64_t *ret_id, bool *ret_differs,
                       tmg_err *err)
{
    const tmg_span said[TMG_SAID] = {p->name, p->country, p->address};
    uint64_t hash = tmg_hash64(s->seed, p->code.ptr, p->code.len);
    tmg_known *k = map_find(&s->parties, hash, p->code);
    bool adds = false, differs = false;

    if (k == NULL)
        TMG_TRY(read_party(s, p, hash, &k, err));
    bool made = k == NULL;
    if (made)
        TMG_TRY(make_party(s, p, hash, seen_ms, &k, err));
    for (int i = 0; i < TMG_SAID; i++) {
        if (said[i].ptr == NULL)
            continue;
        uint64_t h = hash_said(s, said[i]);
        adds = adds || k->said[i] == 0;
        differs = differs || (k->said[i] != 0 && k->said[i] != h);
        if (k->said[i] == 0)
            k->said[i] = h;
    }
    if (adds && !made)
        TMG_TRY(complete_party(s, p, k->id, err));
    *ret_id = k->id;
    *ret_differs = differs;
    return TMG_OK;
}
