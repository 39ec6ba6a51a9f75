/* Two names: words paired off, and what is left over on either side. */
#include "rule/names_priv.h"

enum {
    SAME = 1000000,
    LEAST_PAIR = 800000,     /* words less alike than this are different words */
    STEEPNESS_PERCENT = 220, /* a word alike to 0.9 adds 0.78 */
    INITIAL = 950000,
    JOINED = 980000,
    /* What one side has and the other has not counts against; on both sides it contradicts. */
    CONTRADICTION_PERCENT = 320,
    MISSING_PERCENT = 30,
    MISSING_FROM_ONE_WORD_PERCENT = 90,
    MOST_PAIRS = TMG_NAME_WORDS * TMG_NAME_WORDS
};

typedef struct pair {
    int32_t alike; /* 0 to SAME, steepened */
    uint8_t x, y;
} pair;

typedef struct pairing {
    bool used_x[TMG_NAME_WORDS], used_y[TMG_NAME_WORDS];
    int64_t alike, weight; /* sums over the pairs */
    int strong;            /* pairs that are no initials */
} pairing;

static bool is_initial(const tmg_name_word *w)
{
    return w->len == 1 && !w->is_number;
}

static int32_t steep(int64_t alike)
{
    if (alike < LEAST_PAIR)
        return 0;
    return (int32_t)(SAME - (SAME - alike) * STEEPNESS_PERCENT / 100);
}

static int32_t judge(const tmg_name *x, const tmg_name *y, uint8_t i, uint8_t k)
{
    const tmg_name_word *a = &x->words[i], *b = &y->words[k];
    if (a->is_number || b->is_number)
        return a->len == b->len && memcmp(a->sound, b->sound, a->len) == 0 ? SAME : 0;
    if (is_initial(a) || is_initial(b))
        return a->sound[0] == b->sound[0] ? INITIAL : 0;
    return steep(tmg_words_likeness(a, x->script, b, y->script));
}

static void take(const tmg_name *x, const tmg_name *y, const pair *p, pairing *ret)
{
    const tmg_name_word *a = &x->words[p->x], *b = &y->words[p->y];
    int64_t weight = a->weight + b->weight;
    bool initial = is_initial(a) || is_initial(b);

    ret->used_x[p->x] = ret->used_y[p->y] = true;
    weight = initial ? 2 : weight;
    ret->strong += !initial;
    ret->alike += weight * p->alike;
    ret->weight += weight;
}

/* The likest words first. */
static void pair_off(const tmg_name *x, const tmg_name *y, pairing *ret)
{
    pair all[MOST_PAIRS];
    size_t n = 0;
    for (uint8_t i = 0; i < x->count; i++)
        for (uint8_t k = 0; k < y->count && !ret->used_x[i]; k++) {
            int32_t alike = ret->used_y[k] ? 0 : judge(x, y, i, k);
            if (alike > 0)
                all[n++] = (pair){alike, i, k};
        }
    for (;;) {
        const pair *best = NULL;
        for (size_t p = 0; p < n; p++)
            if (!ret->used_x[all[p].x] && !ret->used_y[all[p].y] &&
                (best == NULL || all[p].alike > best->alike))
                best = &all[p];
        if (best == NULL)
            return;
        take(x, y, best, ret);
    }
}

/* "Hasan zade" and "Hasanzade": two words of x that are one of y. */
static void join(const tmg_name *x, const tmg_name *y, bool *used_x, bool *used_y, pairing *ret)
{
    for (uint8_t i = 0; i + 1 < x->count; i++)
        for (uint8_t k = 0; k < y->count; k++) {
            const tmg_name_word *a = &x->words[i], *b = &x->words[i + 1], *c = &y->words[k];
            if (used_x[i] || used_x[i + 1] || used_y[k] || a->len + b->len != c->len || a->len < 2 ||
                b->len < 2 || memcmp(a->sound, c->sound, a->len) != 0 ||
                memcmp(b->sound, c->sound + a->len, b->len) != 0)
                continue;
            int64_t weight = a->weight + b->weight + c->weight;
            used_x[i] = used_x[i + 1] = used_y[k] = true;
            ret->strong += 2;
            ret->alike += weight * JOINED;
            ret->weight += weight;
        }
}

static int64_t left_over(const tmg_name *n, const bool *used)
{
    int64_t weight = 0;
    for (uint8_t i = 0; i < n->count; i++)
        weight += used[i] ? 0 : n->words[i].weight;
    return weight;
}

int64_t tmg_names_likeness(const tmg_name *x, const tmg_name *y)
{
    pairing p = {0};

    if (x->count == 0 || y->count == 0)
        return 0;
    if (x->count != y->count) {
        join(x, y, p.used_x, p.used_y, &p);
        join(y, x, p.used_y, p.used_x, &p);
    }
    pair_off(x, y, &p);
    if (p.weight == 0)
        return 0;
    const int64_t left_x = left_over(x, p.used_x), left_y = left_over(y, p.used_y);
    const int64_t both = left_x < left_y ? left_x : left_y, one = left_x + left_y - 2 * both;
    const int64_t missing = p.strong < 2 ? MISSING_FROM_ONE_WORD_PERCENT : MISSING_PERCENT;
    const int64_t against = both * CONTRADICTION_PERCENT + one * missing;
    return p.alike * 100 / (p.weight * 100 + against);
}

int64_t tmg_name_likeness(tmg_span x, tmg_span y)
{
    tmg_name a, b;
    tmg_name_read(x, &a);
    tmg_name_read(y, &b);
    return tmg_names_likeness(&a, &b);
}
