/* The whole path of one declaration, in one process on one core, in CPU time: its JSON is decoded and
 * checked, it becomes rows, 1,000 rules, the shipped ones and 50 window counters are asked, profiles and two
 * learned models of 400 trees judge it, fusion joins them with what the rules said, reasons are put into
 * words, the book takes it in.
 *
 *     tamga-path-bench [COPIES 10] [FILE.jsonl]
 *
 * COPIES of the public training file fill the book; declarations are those of the public validation file or
 * of FILE. The database, the log and the network have no part in it. */
#include "path.h"

#include "base/json.h"

enum { TURNS = 5, ARENA_MAX = 64 << 20, WORDS_MAX = 1 << 16, MOST_HITS = 200, FUSION_ID = 1, TURN_DAYS = 92 };

typedef enum part {
    DECODE,
    PROFILES,
    FEATURES,
    TREES,
    ROWS,
    RULES,
    SHIPPED = RULES + 1,
    WINDOWS,
    WORDS_OF_RULES,
    FUSION,
    WORDS_OF_PROFILES,
    BOOK,
    PARTS
} part;
static const char *const part_words[PARTS] = {"JSON decoded and checked, field by field",
                                              "profiles",
                                              "features of the models",
                                              "two models of 400 trees",
                                              "rows",
                                              "1,000 rules",
                                              "the shipped rules with their windows",
                                              "50 window counters",
                                              "words and evidence of the rules that hit",
                                              "fusion with its parts",
                                              "reasons of the profiles in words",
                                              "entered in the book"};

typedef struct laps {
    double last, of[PARTS];
    bool on;
} laps;

typedef struct run {
    path *p;
    tmg_arena *arena;
    tmg_buf words;
    tmg_book_sight sight;
    tmg_rule_senses senses;
    tmg_evidence evidence[MOST_HITS];
    size_t evidence_count;
    uint64_t hits, said; /* bytes of reasons */
    int64_t shift_ms;    /* each turn comes after the one before, as time does */
    laps laps;
} run;

static double seconds(clockid_t of)
{
    struct timespec t;
    (void)clock_gettime(of, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void lap(run *r, part of)
{
    if (!r->laps.on)
        return;
    double now = seconds(CLOCK_MONOTONIC), spent = now - r->laps.last;
    /* Longer than a thousandth of a second: another process had the core. */
    r->laps.of[of] += spent < 0.001 ? spent : 0;
    r->laps.last = now;
}

static void decode(run *r, tmg_span line, tmg_record *rec)
{
    TMG_AUTO_JSON root = NULL;
    tmg_err err;
    if (tmg_json_read(line, &root, &err) != TMG_OK ||
        tmg_declaration_read_json(root, 0, r->arena, rec, &err) != TMG_OK)
        world_die(err.text);
    if (!rec->good)
        world_die(rec->findings[0].reason);
    tmg_declaration_sum(&rec->declaration);
    rec->declaration.consignment_id = rec->declaration.id = r->p->next_id++;
    rec->declaration.lodged.at_ms += r->shift_ms;
}

static void profile(run *r, const tmg_declaration *d, const tmg_row *rows, size_t count, tmg_assessment *as)
{
    tmg_mind_assess(r->p->replay.mind, d, d->lodged.at_ms, as);
    lap(r, PROFILES);
    const tmg_sight sight = {r->p->book, r->p->world.dict, rows, count};
    const float *x[TMG_HARMS];
    for (int h = 0; h < TMG_HARMS; h++) {
        if (h > 0 && as->harm[h].item_no == as->harm[0].item_no) {
            x[h] = x[0];
            continue;
        }
        float *mine = tmg_alloc_array(r->arena, r->p->replay.schema.count, sizeof *mine);
        tmg_features_of(r->p->replay.mind, r->p->replay.history, &sight, d, as->harm[h].item_no, 0, mine);
        x[h] = mine;
    }
    lap(r, FEATURES);
    for (int h = 0; h < TMG_HARMS; h++) {
        const tmg_trained *m = &r->p->training.model[h];
        as->harm[h].model_ppb = tmg_margin_ppb((double)tmg_trees_margin(m->trees, x[h]));
        r->said += (uint64_t)tmg_curve_at(m->curve, as->harm[h].model_ppb) & 1;
    }
    lap(r, TREES);
}

static void take(run *r, const asked *s, const tmg_hit *hit, const tmg_row *row)
{
    const tmg_rule *rule = tmg_ruleset_rule(s->set, hit->rule);
    tmg_because *because;
    size_t count;
    tmg_buf_clear(&r->words);
    tmg_ruleset_why(s->matcher, hit->rule, row, &r->senses, &r->words);
    tmg_ruleset_because(s->matcher, hit->rule, row, &r->senses, r->arena, &because, &count);
    r->said += r->words.len + count;
    if (r->evidence_count < MOST_HITS)
        r->evidence[r->evidence_count++] =
            (tmg_evidence){.sense = TMG_SPAN("rule"),
                           .name = rule->name,
                           .harms = rule->offences,
                           .weight_mdB = rule->weight_mdB,
                           .key = rule->name,
                           .words = tmg_span_copy(r->arena, tmg_buf_as_span(&r->words))};
}

static void ask_rules(run *r, const tmg_row *rows, size_t count)
{
    r->evidence_count = 0;
    for (size_t k = 0; k < PATH_SETS; k++) {
        const asked *s = &r->p->sets[k];
        for (size_t i = 0; i < count; i++) {
            const tmg_hit *found;
            size_t hits = tmg_ruleset_match(s->matcher, &rows[i], &r->senses, &found);
            tmg_hit *mine = tmg_alloc_array(r->arena, hits + 1, sizeof *mine);
            if (hits > 0)
                memcpy(mine, found, hits * sizeof *mine);
            lap(r, (part)(RULES + k));
            for (size_t n = 0; n < hits; n++)
                take(r, s, &mine[n], &rows[i]);
            r->hits += hits;
            lap(r, WORDS_OF_RULES);
        }
    }
}

static void say(run *r, const tmg_declaration *d, const tmg_assessment *as)
{
    for (int h = 0; h < TMG_HARMS; h++) {
        tmg_buf_clear(&r->words);
        tmg_assessment_words(r->p->replay.mind, as, d, (tmg_harm)h, &r->words);
        r->said += r->words.len;
    }
}

/* The order of a centre: tmg_judge_whole, then the door's answer. */
static void go(run *r, tmg_span line)
{
    static tmg_record rec;
    tmg_assessment as;
    tmg_row *rows;
    tmg_arena_reset(r->arena);
    if (r->laps.on)
        r->laps.last = seconds(CLOCK_MONOTONIC);
    decode(r, line, &rec);
    const tmg_declaration *d = &rec.declaration;
    lap(r, DECODE);
    size_t count = tmg_rows_of(r->p->world.dict, d, 0, r->arena, &rows);
    lap(r, ROWS);
    profile(r, d, rows, count, &as);
    ask_rules(r, rows, count);
    tmg_fusion_apply(r->p->training.fusion, FUSION_ID, r->p->replay.mind, r->evidence, r->evidence_count,
                     r->arena, &as);
    lap(r, FUSION);
    say(r, d, &as);
    lap(r, WORDS_OF_PROFILES);
    tmg_book_enter(r->p->book, rows, count);
    lap(r, BOOK);
}

static int by_size(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return a < b ? -1 : a > b;
}

static void tell(const run *r, double median, double best)
{
    double all = 0, n = (double)r->p->count;
    for (int i = 0; i < PARTS; i++)
        all += r->laps.of[i];
    printf("%zu declarations of %zu bytes of JSON, %zu rows in the book, %.2f hits a declaration: %.2f us of "
           "CPU each, "
           "%.0f a second (median of %d; best %.0f)\n\n| part | us | share |\n|---|---|---|\n",
           r->p->count, r->p->bytes / r->p->count, tmg_book_count(r->p->book),
           (double)r->hits / n / (TURNS + 2), median / n * 1e6, n / median, TURNS, n / best);
    for (int i = 0; i < PARTS; i++)
        printf("| %s | %.2f | %.1f %% |\n", part_words[i], r->laps.of[i] / n * 1e6,
               100 * r->laps.of[i] / all);
}

static void measure(path *p)
{
    static run r;
    double took[TURNS];
    r = (run){.p = p, .arena = tmg_arena_new(ARENA_MAX), .sight = {.book = p->book}};
    tmg_buf_init(&r.words, WORDS_MAX);
    tmg_book_senses(&r.sight, &r.senses);
    /* The first turn finds the book as it was filled; the last one is taken apart. */
    for (int turn = 0; turn < TURNS + 2; turn++) {
        r.laps.on = turn == TURNS + 1;
        r.shift_ms = turn * TURN_DAYS * TMG_DAY_MS;
        double from = seconds(CLOCK_PROCESS_CPUTIME_ID);
        for (size_t i = 0; i < p->count; i++)
            go(&r, p->declarations[i]);
        if (turn > 0 && turn <= TURNS)
            took[turn - 1] = seconds(CLOCK_PROCESS_CPUTIME_ID) - from;
    }
    qsort(took, TURNS, sizeof *took, by_size);
    tell(&r, took[TURNS / 2], took[0]);
    tmg_buf_done(&r.words);
    tmg_arena_free(r.arena);
}

int main(int argc, char **argv)
{
    const char *source = getenv("TAMGA_SOURCE") != NULL ? getenv("TAMGA_SOURCE") : ".";
    const char *shared = getenv("TAMGA_SHARED") != NULL ? getenv("TAMGA_SHARED") : "../shared";
    int64_t copies = 10;
    path p;
    if (argc > 1 && (!tmg_span_i64(tmg_span_of(argv[1]), &copies) || copies < 1))
        world_die("usage: tamga-path-bench [COPIES 10] [FILE.jsonl]");
    path_open(&p, source, shared, (size_t)copies);
    path_read(&p, shared, argc > 2 ? argv[2] : NULL);
    measure(&p);
    path_close(&p);
    return 0;
}
