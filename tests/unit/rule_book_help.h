/* A small world for the book: few codes, few instants, amendments, results; and the same asked the obvious
 * way. */
#ifndef TMG_TESTS_RULE_BOOK_HELP_H
#define TMG_TESTS_RULE_BOOK_HELP_H

#include "rule/rule.h"
#include "rule/tree_priv.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { MOST_ITEMS = 3, DAY = 86400000 };
#define MILLION INT64_C(1000000)
__extension__ typedef __int128 wide;

typedef struct lodging {
    size_t count;
    tmg_row rows[MOST_ITEMS];
} lodging;
typedef struct finding {
    int64_t consignment_id, known_ms;
    bool found;
} finding;

static inline uint64_t chance(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}
static inline uint64_t below(uint64_t *seed, uint64_t n)
{
    return (chance(seed) >> 11) % n;
}

static inline const tmg_rule_field *field(const char *name)
{
    const tmg_rule_field *f = tmg_rule_field_by_name(tmg_span_of(name));
    if (f == NULL)
        fail_msg("there is no field %s", name);
    return f;
}

static inline tmg_row row_of_nothing(int64_t consignment_id, int64_t at_ms)
{
    tmg_row r = {.consignment_id = consignment_id, .declaration_id = consignment_id, .at_ms = at_ms};
    for (int f = 0; f < TMG_NUMBER_FIELDS; f++)
        r.number[f] = TMG_NONE;
    return r;
}

static inline uint32_t numbered(tmg_dict *d, const char *stem, uint64_t n)
{
    char text[32];
    snprintf(text, sizeof text, "%s%u", stem, (unsigned)n);
    return tmg_dict_code(d, tmg_span_of(text));
}

static inline lodging lodging_of_chance(tmg_dict *d, uint64_t *seed, int64_t consignment_id,
                                        int64_t declaration_id, int64_t at_ms)
{
    tmg_row head = row_of_nothing(consignment_id, at_ms);
    head.declaration_id = declaration_id;
    if (below(seed, 8) > 0)
        head.code[TMG_CF_CONSIGNEE] = numbered(d, "C", below(seed, 4));
    head.code[TMG_CF_CARRIER] = numbered(d, "K", below(seed, 3));
    head.code[TMG_CF_DEPARTURE] = numbered(d, "D", below(seed, 3));
    if (below(seed, 5) > 0)
        head.number[TMG_NF_VALUE] = (int64_t)below(seed, 50) - 20; /* so small that means are often halves */
    lodging l = {.count = 1 + below(seed, MOST_ITEMS)};
    for (size_t i = 0; i < l.count; i++) {
        l.rows[i] = head;
        l.rows[i].item_no = (int32_t)i + 1;
        if (below(seed, 9) > 0)
            l.rows[i].code[TMG_CF_HS6] = numbered(d, "0802", below(seed, 5));
        if (below(seed, 7) > 0)
            l.rows[i].number[TMG_NF_NET] = (int64_t)below(seed, 1000) * MILLION;
    }
    return l;
}

typedef struct world {
    tmg_dict *dict;
    lodging *lodgings;
    size_t count;
    finding *findings;
    size_t finding_count;
} world;

static inline world world_of_chance(uint64_t seed, size_t count, int64_t from_ms, int64_t step_ms)
{
    world w = {.dict = tmg_dict_new(), .count = count, .finding_count = count / 2};
    w.lodgings = tmg_xcalloc(count, sizeof *w.lodgings);
    w.findings = tmg_xcalloc(count, sizeof *w.findings);
    for (size_t i = 0; i < count; i++) {
        int64_t id = i > 5 && below(&seed, 5) == 0 ? (int64_t)below(&seed, i) + 1 : (int64_t)i + 1;
        w.lodgings[i] = lodging_of_chance(w.dict, &seed, id, (int64_t)i + 1,
                                          from_ms + (int64_t)below(&seed, count) * step_ms);
    }
    for (size_t i = 0; i < w.finding_count; i++)
        w.findings[i] = (finding){(int64_t)below(&seed, count) + 1,
                                  from_ms + (int64_t)below(&seed, 2 * count) * step_ms, below(&seed, 3) == 0};
    return w;
}

static inline void world_free(world *w)
{
    tmg_dict_free(w->dict);
    free(w->lodgings);
    free(w->findings);
}

static inline void shuffle(uint64_t *seed, size_t *order, size_t n)
{
    for (size_t i = 0; i < n; i++)
        order[i] = i;
    for (size_t i = n; i > 1; i--) {
        size_t k = below(seed, i), v = order[i - 1];
        order[i - 1] = order[k];
        order[k] = v;
    }
}

/* ---- the obvious way ---- */

static inline bool in_force(const world *w, size_t i, int64_t at_ms)
{
    const tmg_row *r = &w->lodgings[i].rows[0];
    if (r->at_ms >= at_ms)
        return false;
    for (size_t k = 0; k < w->count; k++) {
        const tmg_row *o = &w->lodgings[k].rows[0];
        if (o->consignment_id == r->consignment_id && o->at_ms < at_ms &&
            (o->at_ms > r->at_ms || (o->at_ms == r->at_ms && o->declaration_id > r->declaration_id)))
            return false;
    }
    return true;
}

static inline bool alike(const tmg_row *r, const tmg_row *asking, const tmg_rule_field *const *by,
                         size_t by_count)
{
    for (size_t i = 0; i < by_count; i++)
        if (r->code[by[i]->at] != asking->code[by[i]->at])
            return false;
    return true;
}

static inline bool stated(const tmg_row *asking, const tmg_rule_field *const *by, size_t by_count)
{
    for (size_t i = 0; i < by_count; i++)
        if (asking->code[by[i]->at] == TMG_CODE_NONE)
            return false;
    return true;
}

static inline bool passes(const world *w, const tmg_row *r, const tmg_rnode *where)
{
    if (where == NULL)
        return true;
    if (where->op == TMG_R_AND)
        return passes(w, r, where->a) && passes(w, r, where->b);
    tmg_span text = tmg_dict_text(w->dict, r->code[where->a->field->at]);
    for (size_t i = 0; i < where->text_count && text.len > 0; i++)
        if (where->op == TMG_R_UNDER ? text.len >= where->texts[i].len &&
                                           memcmp(text.ptr, where->texts[i].ptr, where->texts[i].len) == 0
                                     : tmg_span_eq(text, where->texts[i]))
            return true;
    return false;
}

typedef struct sums {
    int64_t n, known, results, finds;
    wide sum;
    int64_t least, most, latest_ms, first_ms;
    uint32_t codes[512];
    size_t code_count;
} sums;

static inline void add_value(sums *s, const tmg_row *r, const tmg_window *w)
{
    if (w->of == NULL)
        return;
    if (w->of->kind == TMG_FK_CODE) {
        size_t k = 0;
        while (k < s->code_count && s->codes[k] != r->code[w->of->at])
            k++;
        if (k == s->code_count && r->code[w->of->at] != TMG_CODE_NONE)
            s->codes[s->code_count++] = r->code[w->of->at];
        return;
    }
    int64_t v = r->number[w->of->at];
    if (v == TMG_NONE)
        return;
    s->least = s->known == 0 || v < s->least ? v : s->least;
    s->most = s->known == 0 || v > s->most ? v : s->most;
    s->sum += v;
    s->known++;
}

static inline void add_results(sums *s, const world *w, int64_t consignment_id, int64_t at_ms)
{
    for (size_t i = 0; i < w->finding_count; i++) {
        const finding *f = &w->findings[i];
        bool again = false;
        for (size_t k = 0; k < i; k++)
            again = again || (w->findings[k].consignment_id == f->consignment_id &&
                              w->findings[k].known_ms == f->known_ms && w->findings[k].found == f->found);
        if (again || f->consignment_id != consignment_id || f->known_ms > at_ms)
            continue;
        s->results++;
        s->finds += f->found;
    }
}

/* Half to even. */
static inline int64_t mean_of(wide sum, int64_t n)
{
    wide floor = sum >= 0 ? sum / n : -((-sum + n - 1) / n);
    wide twice = 2 * (sum - floor * n);
    return (int64_t)(twice > n || (twice == n && floor % 2 != 0) ? floor + 1 : floor);
}

static inline bool naive_window(const world *w, const tmg_row *asking, const tmg_window *q, int64_t *ret)
{
    sums s = {.latest_ms = INT64_MIN, .first_ms = INT64_MAX};

    if (!stated(asking, q->by, q->by_count))
        return false;
    for (size_t i = 0; i < w->count; i++) {
        const lodging *l = &w->lodgings[i];
        const int64_t at_ms = l->rows[0].at_ms;
        bool any = false;
        if (l->rows[0].consignment_id == asking->consignment_id || at_ms >= asking->at_ms)
            continue;
        bool counts = in_force(w, i, asking->at_ms) && at_ms > asking->at_ms - q->span_ms;
        for (size_t k = 0; k < l->count; k++) {
            if (!alike(&l->rows[k], asking, q->by, q->by_count) || !passes(w, &l->rows[k], q->where))
                continue;
            if (counts && (!any || (q->of != NULL && q->of->of_item)))
                add_value(&s, &l->rows[k], q);
            any = true;
        }
        s.first_ms = any && at_ms < s.first_ms ? at_ms : s.first_ms;
        if (!any || !counts)
            continue;
        s.n++;
        s.latest_ms = at_ms > s.latest_ms ? at_ms : s.latest_ms;
        add_results(&s, w, l->rows[0].consignment_id, asking->at_ms);
    }
    switch (q->measure) {
    case TMG_W_COUNT:
        *ret = s.n * MILLION;
        return true;
    case TMG_W_SUM:
        *ret = (int64_t)s.sum;
        return s.sum <= INT64_MAX && s.sum >= -INT64_MAX;
    case TMG_W_AVG:
        *ret = s.known > 0 ? mean_of(s.sum, s.known) : 0;
        return s.known > 0;
    case TMG_W_MIN:
        *ret = s.least;
        return s.known > 0;
    case TMG_W_MAX:
        *ret = s.most;
        return s.known > 0;
    case TMG_W_DISTINCT:
        *ret = (int64_t)s.code_count * MILLION;
        return true;
    case TMG_W_DAYS_SINCE:
        *ret = s.n > 0 ? (asking->at_ms - s.latest_ms) / DAY * MILLION : 0;
        return s.n > 0;
    case TMG_W_AGE_DAYS:
        *ret = s.first_ms < INT64_MAX ? (asking->at_ms - s.first_ms) / DAY * MILLION : 0;
        return true;
    case TMG_W_RESULTS:
        *ret = s.results * MILLION;
        return true;
    case TMG_W_FOUND:
        *ret = s.finds * MILLION;
        return true;
    }
    return false;
}

#endif
