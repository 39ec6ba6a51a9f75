#include "rule/engine_priv.h"
#include "rule/history_priv.h"

/* One rule over columns, some thousand rows at a time: a condition is two bitmaps, where it is true and where
 * it is unknown.  What is cheap goes first and tells the costly part which rows still matter. */

enum { CHUNK = 4096, WORDS = CHUNK / 64, MOST_BYTES = INT32_MAX };

typedef struct truths {
    uint64_t yes[WORDS], open[WORDS]; /* open: unknown */
} truths;

typedef enum part_kind { PART_AND, PART_OR, PART_NOT, PART_CODE, PART_SET, PART_NUMBER, PART_ROW } part_kind;

typedef struct part {
    part_kind kind;
    uint64_t cost;
    struct part *a, *b;
    const tmg_rnode *n;
    size_t field;
    int64_t limit; /* of a number */
    tmg_rop op;
    uint8_t *said; /* per code of the dictionary: 0 not judged yet, else a tmg_k3 + 1 */
    size_t codes;  /* so many has it; later ones are judged each time */
} part;

typedef struct look {
    const tmg_history *h;
    const tmg_rule_senses *senses;
    tmg_arena *arena;
    size_t from, count; /* the chunk */
} look;

/* ---- the condition made ready ---- */

static part *new_part(const look *l, part_kind kind, const tmg_rnode *n, uint64_t cost)
{
    part *p = tmg_alloc(l->arena, sizeof *p);
    p->kind = kind;
    p->n = n;
    p->cost = cost;
    return p;
}

static part *texts_part(const look *l, const tmg_rnode *n)
{
    part *p = new_part(l, n->a->field->kind == TMG_FK_SET ? PART_SET : PART_CODE, n,
                       n->a->field->kind == TMG_FK_SET ? 6 : 2);
    p->op = n->op;
    p->field = n->a->field->at;
    p->codes = tmg_dict_count(l->h->dict) + 1;
    p->said = tmg_alloc(l->arena, p->codes);
    return p;
}

static bool is_number_field(const tmg_rnode *n)
{
    return n->op == TMG_R_FIELD && n->field->kind == TMG_FK_NUMBER;
}

static part *comparison_part(const look *l, const tmg_rnode *n)
{
    if (n->text_count > 0)
        return texts_part(l, n);
    if (!is_number_field(n->a) || n->b->op != TMG_R_NUMBER)
        return new_part(l, PART_ROW, n, 100);
    part *p = new_part(l, PART_NUMBER, n, 1);
    p->op = n->op;
    p->field = n->a->field->at;
    p->limit = n->b->number;
    return p;
}

static part *part_of(const look *l, const tmg_rnode *n);

static part *joined(const look *l, part_kind kind, part *a, part *b)
{
    part *p = new_part(l, kind, NULL, a->cost + b->cost);
    p->a = a->cost <= b->cost ? a : b;
    p->b = a->cost <= b->cost ? b : a;
    return p;
}

static part *part_of(const look *l, const tmg_rnode *n)
{
    part *p;
    switch (n->op) {
    case TMG_R_AND:
    case TMG_R_OR:
        return joined(l, n->op == TMG_R_AND ? PART_AND : PART_OR, part_of(l, n->a), part_of(l, n->b));
    case TMG_R_NOT:
        p = new_part(l, PART_NOT, n, 0);
        p->a = part_of(l, n->a);
        p->cost = p->a->cost;
        return p;
    case TMG_R_EQ:
    case TMG_R_NE:
    case TMG_R_LT:
    case TMG_R_LE:
    case TMG_R_GT:
    case TMG_R_GE:
        return comparison_part(l, n);
    case TMG_R_IN:
    case TMG_R_UNDER:
    case TMG_R_LIKE:
    case TMG_R_HAS:
    case TMG_R_HAS_UNDER:
        return texts_part(l, n);
    default:
        return new_part(l, PART_ROW, n, 1000);
    }
}

static part *with_where(const look *l, const tmg_rule *r, part *p)
{
    tmg_literal where[2];
    size_t count = tmg_scope_literals(r, l->arena, where);
    for (size_t i = 0; i < count; i++)
        p = joined(l, PART_AND, p, texts_part(l, where[i].n));
    return p;
}

/* ---- leaves ---- */

static tmg_k3 say_code(const look *l, const part *p, uint32_t code)
{
    bool reads = p->op == TMG_R_UNDER || p->op == TMG_R_HAS_UNDER || p->op == TMG_R_LIKE;
    tmg_span text = tmg_dict_text(l->h->dict, code);
    if (text.ptr == NULL && (reads || code == TMG_CODE_NONE))
        return TMG_K_UNKNOWN;
    for (size_t i = 0; i < p->n->text_count; i++) {
        tmg_span t = p->n->texts[i];
        if (p->op == TMG_R_LIKE ? tmg_rule_like(text, t)
            : reads             ? tmg_rule_under(text, t)
                                : tmg_span_eq(text, t))
            return tmg_k3_of(p->op != TMG_R_NE);
    }
    return tmg_k3_of(p->op == TMG_R_NE);
}

static tmg_k3 code_truth(const look *l, const part *p, uint32_t code)
{
    if (code >= p->codes)
        return say_code(l, p, code);
    if (p->said[code] == 0)
        p->said[code] = (uint8_t)(say_code(l, p, code) + 1);
    return (tmg_k3)(p->said[code] - 1);
}

static void put(truths *t, size_t i, tmg_k3 truth)
{
    t->yes[i / 64] |= (uint64_t)(truth == TMG_K_TRUE) << (i % 64);
    t->open[i / 64] |= (uint64_t)(truth == TMG_K_UNKNOWN) << (i % 64);
}

static void codes(const look *l, const part *p, truths *t)
{
    const uint32_t *column = l->h->code[p->field];
    for (size_t i = 0; i < l->count; i++)
        put(t, i, column != NULL ? code_truth(l, p, column[l->from + i]) : TMG_K_UNKNOWN);
}

static void sets(const look *l, const part *p, truths *t)
{
    const tmg_set_column *s = &l->h->set[p->field];
    for (size_t i = 0; i < l->count && s->first != NULL; i++) {
        const uint32_t *of = s->pool + s->first[l->from + i];
        tmg_k3 most = TMG_K_FALSE;
        for (size_t k = 0; k < s->count[l->from + i] && most != TMG_K_TRUE; k++) {
            tmg_k3 one = code_truth(l, p, of[k]);
            most = one > most ? one : most;
        }
        put(t, i, most);
    }
}

static void numbers(const look *l, const part *p, truths *t)
{
    const int64_t *column = l->h->number[p->field];
    for (size_t i = 0; i < l->count; i++) {
        int64_t v = column != NULL ? column[l->from + i] : TMG_NONE;
        put(t, i, v == TMG_NONE ? TMG_K_UNKNOWN : tmg_k3_of(tmg_rule_compare(p->op, v, p->limit)));
    }
}

/* Whatever needs the whole row or the senses, for the rows that matter. */
static void row_by_row(const look *l, const part *p, const uint64_t *matters, truths *t)
{
    for (size_t w = 0; w < WORDS; w++)
        for (uint64_t left = matters[w]; left != 0; left &= left - 1) {
            size_t i = w * 64 + (size_t)__builtin_ctzll(left);
            tmg_row row;
            tmg_history_row(l->h, l->from + i, &row);
            put(t, i, tmg_judge_truth(&(tmg_judging){&row, l->h->dict, l->senses}, p->n));
        }
}

/* ---- the whole ---- */

static void judge(const look *l, const part *p, const uint64_t *matters, truths *ret);

static void negate(truths *t)
{
    for (size_t w = 0; w < WORDS; w++)
        t->yes[w] = ~(t->yes[w] | t->open[w]);
}

/* `or` is `and` of the opposites, so one of them does for both. */
static void both(const look *l, const part *p, const uint64_t *matters, truths *t)
{
    uint64_t still[WORDS], any = 0;
    truths b;
    judge(l, p->a, matters, t);
    if (p->kind == PART_OR)
        negate(t);
    for (size_t w = 0; w < WORDS; w++)
        any |= still[w] = matters[w] & (t->yes[w] | t->open[w]);
    if (any != 0) {
        judge(l, p->b, still, &b);
        if (p->kind == PART_OR)
            negate(&b);
        for (size_t w = 0; w < WORDS; w++) {
            t->open[w] = (t->open[w] & (b.yes[w] | b.open[w])) | (t->yes[w] & b.open[w]);
            t->yes[w] &= b.yes[w];
        }
    }
    if (p->kind == PART_OR)
        negate(t);
}

static void judge(const look *l, const part *p, const uint64_t *matters, truths *ret)
{
    memset(ret, 0, sizeof *ret);
    switch (p->kind) {
    case PART_AND:
    case PART_OR:
        both(l, p, matters, ret);
        break;
    case PART_NOT:
        judge(l, p->a, matters, ret);
        negate(ret);
        break;
    case PART_CODE:
        codes(l, p, ret);
        break;
    case PART_SET:
        sets(l, p, ret);
        break;
    case PART_NUMBER:
        numbers(l, p, ret);
        break;
    default: /* PART_ROW */
        row_by_row(l, p, matters, ret);
    }
}

size_t tmg_history_hits(const tmg_history *h, const tmg_rule *r, const tmg_rule_senses *senses,
                        uint64_t *ret_hits, size_t *ret_unknown)
{
    TMG_AUTO_ARENA arena = tmg_arena_new(MOST_BYTES);
    look l = {.h = h, .senses = senses, .arena = arena};
    const part *p = with_where(&l, r, part_of(&l, r->when));
    size_t hits = 0, unknown = 0;
    for (; l.from < h->count; l.from += CHUNK) {
        uint64_t matters[WORDS] = {0};
        truths t;
        l.count = h->count - l.from < CHUNK ? h->count - l.from : CHUNK;
        for (size_t i = 0; i < l.count; i += 64)
            matters[i / 64] = l.count - i >= 64 ? UINT64_MAX : (UINT64_C(1) << (l.count - i)) - 1;
        judge(&l, p, matters, &t);
        for (size_t i = 0; i < l.count; i += 64) {
            uint64_t yes = t.yes[i / 64] & matters[i / 64], open = t.open[i / 64] & matters[i / 64];
            ret_hits[(l.from + i) / 64] = yes;
            hits += (size_t)__builtin_popcountll(yes);
            unknown += (size_t)__builtin_popcountll(open);
        }
    }
    if (ret_unknown != NULL)
        *ret_unknown = unknown;
    return hits;
}
