/* What the fusion learns from results: how the chains are joined where no model is asked, and what rules
 * weigh. */
#include "app/models_priv.h"

enum { MOST_LESSONS = 50000, LESSONS_CAP = 1 << 30, LEAST_REMEMBERED = 4 };

/* ---- the weights of rules and signals ---- */

typedef struct school {
    tmg_arena *arena;
    tmg_lesson *lesson[TMG_HARMS];
    size_t lesson_count[TMG_HARMS];
    tmg_taught *key[TMG_HARMS]; /* in order of first sight */
    size_t key_count[TMG_HARMS], key_room[TMG_HARMS];
} school;

/* Rules are some thousands at most, and few of them hit: a search from the newest end is short. */
static uint32_t key_of(school *s, int h, const tmg_part *p)
{
    for (size_t i = s->key_count[h]; i > 0; i--)
        if (tmg_span_eq(s->key[h][i - 1].key, p->key))
            return (uint32_t)(i - 1);
    if (s->key_count[h] == s->key_room[h]) {
        s->key_room[h] = s->key_room[h] == 0 ? 64 : s->key_room[h] * 2;
        s->key[h] = tmg_xrealloc(s->key[h], s->key_room[h] * sizeof *s->key[h]);
    }
    s->key[h][s->key_count[h]] =
        (tmg_taught){.key = tmg_span_copy(s->arena, p->key), .author_mdB = p->author_mdB};
    return (uint32_t)s->key_count[h]++;
}

static void add_lesson(school *s, int h, const tmg_assessment *as, bool bad)
{
    uint32_t *keys = tmg_alloc_array(s->arena, as->part_count + 1, sizeof *keys);
    size_t count = 0;

    for (size_t i = 0; i < as->part_count; i++)
        if (as->parts[i].harm == (tmg_harm)h && as->parts[i].key.len > 0)
            keys[count++] = key_of(s, h, &as->parts[i]);
    if (count > 0)
        s->lesson[h][s->lesson_count[h]++] =
            (tmg_lesson){tmg_parts_without_evidence(as, (tmg_harm)h), bad, keys, count};
}

/* Newest first, so that the author's weight is the newest version's. */
static tmg_rc read_lessons(tmg_db *db, school *s, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(16 << 20);
    tmg_stmt *st = NULL;

    TMG_TRY(tmg_sql(db,
                    "SELECT a.parts, r.found_fraud, r.found_critical FROM result r JOIN assessment a "
                    "ON a.declaration_id = r.declaration_id AND a.as_of_ms = (SELECT max(e.as_of_ms) FROM "
                    "assessment e WHERE e.declaration_id = r.declaration_id AND e.as_of_ms < r.known_at_ms) "
                    "WHERE a.parts IS NOT NULL ORDER BY r.id DESC LIMIT 50000",
                    &st, err));
    for (;;) {
        tmg_assessment as = {0};
        bool row = false;
        TMG_TRY(tmg_step(st, &row, err));
        if (!row)
            return TMG_OK;
        tmg_rc rc = tmg_assessment_parts_of(tmg_col_text(st, 0), &as, a, err);
        if (rc != TMG_OK) {
            tmg_reset(st);
            return rc;
        }
        for (int h = 0; h < TMG_HARMS; h++)
            if (tmg_col_i64(st, 1 + h) != TMG_FOUND_UNKNOWN)
                add_lesson(s, h, &as, tmg_col_i64(st, 1 + h) == TMG_FOUND_YES);
        tmg_arena_reset(a);
    }
}

static tmg_rc teach(tmg_db *db, tmg_fusion *f, tmg_err *err)
{
    school s = {.arena = tmg_arena_new(LESSONS_CAP)};

    for (int h = 0; h < TMG_HARMS; h++)
        s.lesson[h] = tmg_xcalloc(MOST_LESSONS, sizeof *s.lesson[h]);
    tmg_rc rc = read_lessons(db, &s, err);
    for (int h = 0; h < TMG_HARMS; h++) {
        if (rc == TMG_OK)
            tmg_fusion_teach(f, (tmg_harm)h, s.lesson[h], s.lesson_count[h], s.key[h], s.key_count[h]);
        free(s.lesson[h]);
        free(s.key[h]);
    }
    tmg_arena_free(s.arena);
    return rc;
}

/* ---- the chains ---- */

/* The first scores were given by a mind that knew little. */
static tmg_rc join_chains(const tmg_replay *r, tmg_fusion *f, tmg_err *err)
{
    for (int h = 0; h < TMG_HARMS; h++)
        TMG_TRY(tmg_learn_join(r, r->count / LEAST_REMEMBERED, r->count, (tmg_harm)h, NULL, f, err));
    return TMG_OK;
}

typedef struct fusing {
    tmg_centre *centre;
    const tmg_actor *who;
    const tmg_replay *replay;
} fusing;

static tmg_rc fuse(void *ctx, tmg_db *db, tmg_err *err)
{
    const fusing *k = ctx;
    int64_t id = 0;

    TMG_TRY(tmg_centre_sync(k->centre, db, err));
    tmg_fusion *f = tmg_fusion_copy(k->centre->serving->fusion);
    tmg_rc rc = join_chains(k->replay, f, err);
    if (rc == TMG_OK)
        rc = teach(db, f, err);
    if (rc == TMG_OK)
        rc = tmg_fusion_save(db, f, &id, err);
    tmg_fusion_free(f);
    TMG_TRY(rc);
    TMG_TRY(tmg_guard_log(db, k->who, "fusion.learned", tmg_object_of("fusion", id).text, (tmg_span){"", 0},
                          err));
    return tmg_serving_sync(k->centre, db, err);
}

tmg_rc tmg_learn_fusion(tmg_centre *c, const tmg_actor *who, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    TMG_AUTO_DB db = NULL;
    tmg_replay r = {0};
    fusing k = {c, who, &r};
    tmg_rc rc;

    TMG_TRY(tmg_centre_reader(c, &db, err));
    rc = tmg_replay_begin(&r, tmg_share_path(c, a, "chains.ini"), c->settings.offset_min, err);
    r.without_features = true;
    if (rc == TMG_OK)
        rc = tmg_begin_read(db, err);
    if (rc == TMG_OK)
        rc = tmg_replay_db(&r, db, err);
    tmg_rollback(db);
    if (rc == TMG_OK)
        rc = tmg_centre_write(c, fuse, &k, err);
    tmg_replay_done(&r);
    return rc;
}
