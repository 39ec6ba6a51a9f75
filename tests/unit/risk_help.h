/* What the tests of risk/ share: minds from a few lines of text, small declarations, a database in a folder
 * of its own. */
#ifndef TESTS_UNIT_RISK_HELP_H
#define TESTS_UNIT_RISK_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "risk/risk.h"

#define DAY(n) ((int64_t)(n)*TMG_DAY_MS)

/* One chain from chapter to departure; nothing fades. */
static const char plain_chains[] = "[time]\nhalf_life_days = none\n"
                                   "[harm fraud]\nprior_bad = 0.2\nprior_n = 1\n"
                                   "[harm critical]\nprior_bad = 0.01\nprior_n = 1\n"
                                   "[chain goods]\nlevels = hs2 | hs4 | hs6 | departure\nm = 2 2 2 0.5\n"
                                   "repeat = departure\n";

typedef struct folder {
    char path[64], file[96];
} folder;

static inline folder folder_new(const char *name)
{
    folder f;
    (void)snprintf(f.path, sizeof f.path, "/tmp/tamga-risk-XXXXXX");
    if (mkdtemp(f.path) == NULL)
        abort();
    (void)snprintf(f.file, sizeof f.file, "%s/%s", f.path, name);
    return f;
}

static inline void folder_remove(folder *f)
{
    static const char *const tails[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
        char path[128];
        (void)snprintf(path, sizeof path, "%s%s", f->file, tails[i]);
        (void)unlink(path);
    }
    (void)rmdir(f->path);
}

/* Reads the text as chains.ini. */
static inline tmg_rc mind_read(const char *text, tmg_mind **ret, tmg_err *err)
{
    folder f = folder_new("chains.ini");
    tmg_rc rc = tmg_file_write(f.file, tmg_span_of(text), 0600, err);
    if (rc == TMG_OK)
        rc = tmg_mind_new(f.file, ret, err);
    folder_remove(&f);
    return rc;
}

static inline tmg_mind *mind_of(const char *text)
{
    tmg_mind *m = NULL;
    tmg_err err;
    if (mind_read(text, &m, &err) != TMG_OK)
        fail_msg("%s", err.text);
    return m;
}

typedef struct goods {
    tmg_declaration d;
    tmg_item item;
} goods;

/* A declaration of one item; `g` must not move while it is used. */
static inline tmg_declaration *goods_of(goods *g, const char *hs, const char *departure)
{
    *g = (goods){0};
    g->item = (tmg_item){.no = 1,
                         .hs = tmg_span_of(hs),
                         .origin = tmg_span_of(departure),
                         .gross_mg = TMG_NONE,
                         .net_mg = TMG_NONE,
                         .packages = TMG_NONE,
                         .quantity_milli = TMG_NONE,
                         .value_minor = 4000000,
                         .tax_rate_bp = TMG_NONE,
                         .taxes_minor = TMG_NONE};
    g->d = (tmg_declaration){.ref = TMG_SPAN("R1"),
                             .regime = TMG_IMPORT,
                             .version = 1,
                             .departure = tmg_span_of(departure),
                             .currency = TMG_SPAN("AZN"),
                             .expected_ms = TMG_NONE,
                             .value_minor = 4000000,
                             .gross_mg = TMG_NONE,
                             .taxes_minor = TMG_NONE,
                             .items = &g->item,
                             .item_count = 1};
    return &g->d;
}

static inline tmg_result result_of(int64_t known_at_ms, bool fraud, bool critical)
{
    return (tmg_result){
        .happened_ms = known_at_ms,
        .known_at_ms = known_at_ms,
        .outcome = TMG_OUTCOME_NONE,
        .minutes = TMG_NONE,
        .recovered_minor = TMG_NONE,
        .found = {fraud ? TMG_FOUND_YES : TMG_FOUND_NO, critical ? TMG_FOUND_YES : TMG_FOUND_NO}};
}

/* Hands in `n` results for such goods, `bad` of them fraud, known at 0. */
static inline void teach(tmg_mind *m, const char *hs, const char *departure, int n, int bad)
{
    goods g;
    for (int i = 0; i < n; i++) {
        tmg_result r = result_of(0, i < bad, false);
        tmg_mind_learn(m, goods_of(&g, hs, departure), &r);
    }
}

/* A small generator of its own, so that a failing run can be repeated. */
static inline uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    uint64_t x = *state ^ (*state >> 33);
    return x * UINT64_C(0xff51afd7ed558ccd) >> 16;
}

static inline int64_t random_below(uint64_t *state, int64_t n)
{
    return (int64_t)(next_random(state) % (uint64_t)n);
}

#endif
