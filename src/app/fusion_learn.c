/* What the fusion learns from results: how the chains are joined where no model is asked, and what rules
 * weigh. */
#include "app/models_priv.h"
#include "app/rules_live_priv.h"

enum { MOST_LESSONS = 50000, LESSONS_CAP = 1 << 30, LEAST_REMEMBERED = 4 };

/* ---- the weights of rules and signals ---- */

typedef struct school {
    tmg_arena *arena;
    tmg_lesson *lesson[TMG_HARMS];
    size_t lesson_count[TMG_HARMS];
    tmg_taught *key[TMG_HARMS]; /* in order of first sight */
    size_t key_count[TMG_HARMS], key_room[TMG_HARMS];
    /* A champion knows much of what rules know, in its own way: what they weigh beside it is learned only
     * from what was judged with a model. */
    bool champion[TMG_HARMS];
} school;

/* Rules are some thousands at most, and few of them hit: a search from the newest end is short. */
static uint32_t key_of(school *s, int h, tmg_span key, int64_t author_mdB)
{
    for (size_t i = s->key_count[h]; i > 0; i--)
        if (tmg_span_eq(s->key[h][i - 1].key, key))
            return (uint32_t)(i - 1);
    if (s->key_count[h] == s->key_room[h]) {
        s->key_room[h] = s->key_room[h] == 0 ? 64 : s->key_room[h] * 2;
        s->key[h] = tmg_xrealloc(s->key[h], s->key_room[h] * sizeof *s->key[h]);
    }
    s->key[h][s->key_count[h]] = (tmg_taught){.key = tmg_span_copy(s->arena, key), .author_mdB = author_mdB};
    return (uint32_t)s->key_count[h]++;
}

static bool was_asked(const tmg_assessment *as, int h)
{
    for (size_t i = 0; i < as->part_count; i++)
        if (as->parts[i].harm == (tmg_harm)h && tmg_span_is(as->parts[i].sense, "model"))
            return true;
    return false;
}

static void add_lesson(school *s, int h, const tmg_assessment *as, bool bad)
{
    uint32_t *keys = tmg_alloc_array(s->arena, as->part_count + 1, sizeof *keys);
    size_t count = 0;

    for (size_t i = 0; i < as->part_count; i++)
        if (as->parts[i].harm == (tmg_harm)h && as->parts[i].key.len > 0)
            keys[count++] = key_of(s, h, as->parts[i].key, as->parts[i].author_mdB);
    if (count > 0 && s->lesson_count[h] < MOST_LESSONS)
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
                    "WHERE a.parts IS NOT NULL AND NOT EXISTS (SELECT 1 FROM result n WHERE n.replaces = "
                    "r.id) ORDER BY r.id DESC LIMIT 50000",
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
            if (tmg_col_i64(st, 1 + h) != TMG_FOUND_UNKNOWN && (!s->champion[h] || was_asked(&as, h)))
                add_lesson(s, h, &as, tmg_col_i64(st, 1 + h) == TMG_FOUND_YES);
        tmg_arena_reset(a);
    }
}

/* ---- what was judged before rules were there ----
 * Its assessment has no parts.  What rules would have said of it is stored as hits; everything else is what
 * profiles think of it, joined as they are now. */

enum { MOST_HITS = 256 };

typedef struct hindsight {
    const tmg_replay *replay;
    const tmg_fusion *fusion;
    const tmg_rules_live *live;
    const tmg_working *hit[MOST_HITS];
    size_t count; /* hits of the example at hand */
} hindsight;

static const tmg_working *working_rule(const tmg_rules_live *l, int64_t version_id)
{
    for (size_t i = 0; i < l->count; i++)
        if (l->working[i].version.id == version_id && l->working[i].version.state != TMG_RULE_SHADOW)
            return &l->working[i];
    return NULL;
}

static void add_hindsight(school *s, hindsight *k, const tmg_example *e, tmg_arena *a)
{
    tmg_assessment as;

    if (k->count == 0)
        return;
    tmg_example_assessment(k->replay, e, &as);
    tmg_fusion_apply(k->fusion, 0, k->replay->mind, NULL, 0, a, &as);
    for (int h = 0; h < TMG_HARMS; h++) {
        uint32_t *keys = tmg_alloc_array(s->arena, k->count, sizeof *keys);
        size_t count = 0;

        if (s->champion[h] || e->found[h] == TMG_FOUND_UNKNOWN || s->lesson_count[h] == MOST_LESSONS)
            continue;
        for (size_t i = 0; i < k->count; i++) {
            char key[300];
            int len = snprintf(key, sizeof key, "rule:%.*s", TMG_SPAN_ARG(k->hit[i]->version.name));

            if ((k->hit[i]->rule->offences & (1U << h)) != 0 && len > 0 && (size_t)len < sizeof key)
                keys[count++] = key_of(s, h, (tmg_span){key, (size_t)len}, k->hit[i]->rule->weight_mdB);
        }
        if (count > 0)
            s->lesson[h][s->lesson_count[h]++] =
                (tmg_lesson){as.harm[h].ppb, e->found[h] == TMG_FOUND_YES, keys, count};
    }
}

static tmg_rc hits_of(tmg_stmt *s, const tmg_example *e, hindsight *k, tmg_err *err)
{
    k->count = 0;
    tmg_bind_i64(s, 1, e->declaration_id);
    for (;;) {
        bool row = false;
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        const tmg_working *w = working_rule(k->live, tmg_col_i64(s, 0));
        if (w != NULL && k->count < MOST_HITS)
            k->hit[k->count++] = w;
    }
}

static tmg_rc look_back(tmg_db *db, school *s, hindsight *k, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_stmt *st = NULL;

    TMG_TRY(tmg_sql(
        db,
        "SELECT rule_version_id FROM rule_hit WHERE declaration_id = $1 AND NOT EXISTS (SELECT 1 FROM "
        "assessment WHERE declaration_id = $1 AND parts IS NOT NULL)",
        &st, err));
    for (size_t i = k->replay->count / LEAST_REMEMBERED; i < k->replay->count; i++) {
        TMG_TRY(hits_of(st, &k->replay->example[i], k, err));
        add_hindsight(s, k, &k->replay->example[i], a);
        tmg_arena_reset(a);
    }
    return TMG_OK;
}

static tmg_rc read_hindsight(tmg_centre *c, tmg_db *db, const tmg_replay *r, const tmg_fusion *f, school *s,
                             tmg_err *err)
{
    hindsight k = {.replay = r, .fusion = f};
    tmg_rules_live *live;

    TMG_TRY(tmg_rules_live_of(c, db, INT64_MAX, &live, err));
    k.live = live;
    return live->count > 0 ? look_back(db, s, &k, err) : TMG_OK;
}

static tmg_rc teach(tmg_centre *c, tmg_db *db, const tmg_replay *r, tmg_fusion *f, tmg_err *err)
{
    school s = {.arena = tmg_arena_new(LESSONS_CAP)};

    for (int h = 0; h < TMG_HARMS; h++)
        s.lesson[h] = tmg_xcalloc(MOST_LESSONS, sizeof *s.lesson[h]);
    for (size_t i = 0; i < c->serving->count; i++)
        if (c->serving->model[i].champion)
            s.champion[c->serving->model[i].harm] = true;
    tmg_rc rc = read_lessons(db, &s, err);
    if (rc == TMG_OK)
        rc = read_hindsight(c, db, r, f, &s, err);
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
        rc = teach(k->centre, db, k->replay, f, err);
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
