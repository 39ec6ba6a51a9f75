#include "rule/engine_priv.h"
#include "rule/lang_priv.h"
#include "rule/rows_priv.h"

/* A predicate asked by many rules is one program: programs, asks and constants are made once and found again.
 */

enum { KIND_PREDICATE = 1, KIND_ASK = 2, KIND_CONSTANTS = 3, KIND_SHIFT = 30, FIRST_SEEN = 1024 };
#define INDEX_MASK ((UINT32_C(1) << KIND_SHIFT) - 1)

typedef bool same_fn(const tmg_compiler *c, uint32_t index, const void *key);

static void grow_seen(tmg_compiler *c)
{
    uint32_t size = c->seen == NULL ? FIRST_SEEN : (c->seen_mask + 1) * 2;
    uint64_t *grown = tmg_xcalloc(size, sizeof *grown);
    for (uint32_t i = 0; c->seen != NULL && i <= c->seen_mask; i++) {
        uint32_t at = (uint32_t)(c->seen[i] >> 32) & (size - 1);
        if (c->seen[i] == 0)
            continue;
        while (grown[at] != 0)
            at = (at + 1) & (size - 1);
        grown[at] = c->seen[i];
    }
    free(c->seen);
    c->seen = grown;
    c->seen_mask = size - 1;
}

/* The slot of the key, or the free one in which it belongs. */
static uint64_t *seen_slot(tmg_compiler *c, uint32_t kind, uint32_t hash, same_fn *same, const void *key)
{
    if (c->seen == NULL || c->seen_count * 2 > c->seen_mask)
        grow_seen(c);
    uint32_t at = hash & c->seen_mask;
    for (; c->seen[at] != 0; at = (at + 1) & c->seen_mask) {
        uint32_t low = (uint32_t)c->seen[at];
        if ((uint32_t)(c->seen[at] >> 32) == hash && low >> KIND_SHIFT == kind &&
            same(c, (low & INDEX_MASK) - 1, key))
            break;
    }
    return &c->seen[at];
}

static void seen_put(tmg_compiler *c, uint64_t *slot, uint32_t kind, uint32_t hash, size_t index)
{
    *slot = (uint64_t)hash << 32 | kind << KIND_SHIFT | ((uint32_t)index + 1);
    c->seen_count++;
}

static uint32_t index_in(uint64_t slot)
{
    return ((uint32_t)slot & INDEX_MASK) - 1;
}

/* ---- constants ---- */

static bool same_constants(const tmg_compiler *c, uint32_t index, const void *key)
{
    const tmg_constants *a = &c->constants.at[index], *b = key;
    return a->count == b->count && memcmp(a->codes, b->codes, a->count * sizeof *a->codes) == 0;
}

static uint32_t constants_of(tmg_compiler *c, const tmg_rnode *n)
{
    uint32_t *codes = tmg_alloc_array(c->set->arena, n->text_count + 1, sizeof *codes);
    for (size_t i = 0; i < n->text_count; i++)
        codes[i] = tmg_dict_code(c->dict, n->texts[i]);
    tmg_codes_sort(codes, n->text_count);
    tmg_constants key = {n->texts, codes, n->text_count};
    uint32_t hash = (uint32_t)tmg_hash64(KIND_CONSTANTS, codes, n->text_count * sizeof *codes);
    uint64_t *slot = seen_slot(c, KIND_CONSTANTS, hash, same_constants, &key);
    if (*slot == 0) {
        seen_put(c, slot, KIND_CONSTANTS, hash, c->constants.count);
        *TMG_PUSH(&c->constants) = key;
    }
    return index_in(*slot);
}

/* ---- asks ---- */

static uint64_t identity(const tmg_rnode *n)
{
    tmg_span list = n->text_count > 0 ? n->texts[0] : (tmg_span){NULL, 0};
    uint64_t parts[4] = {(uint64_t)n->op, (uint64_t)n->number, 0, 0};
    if (n->window != NULL)
        parts[2] = n->window->key;
    if (n->reference != NULL)
        parts[2] = n->reference->key;
    if (n->a != NULL && n->a->field != NULL)
        parts[3] = tmg_plane_of(n->a->field) + 1;
    else if (n->field != NULL)
        parts[3] = tmg_plane_of(n->field) + 1;
    return tmg_hash64(tmg_hash64(KIND_ASK, parts, sizeof parts), list.ptr, list.len);
}

static bool same_ask(const tmg_compiler *c, uint32_t index, const void *key)
{
    const tmg_rnode *a = c->asks.at[index].n, *b = key;
    if (a->op != b->op || a->number != b->number || a->text_count != b->text_count || a->field != b->field)
        return false;
    if (a->window != NULL)
        return a->window->key == b->window->key;
    if (a->reference != NULL)
        return a->reference->key == b->reference->key;
    return (a->text_count == 0 || tmg_span_eq(a->texts[0], b->texts[0])) &&
           (a->a == NULL || a->a->field == b->a->field);
}

static uint32_t ask_of(tmg_compiler *c, const tmg_rnode *n)
{
    uint32_t hash = (uint32_t)identity(n);
    uint64_t *slot = seen_slot(c, KIND_ASK, hash, same_ask, n);
    if (*slot == 0) {
        tmg_buf words;
        tmg_buf_init(&words, 4096);
        tmg_node_write(&words, n);
        seen_put(c, slot, KIND_ASK, hash, c->asks.count);
        *TMG_PUSH(&c->asks) = (tmg_ask){n, tmg_strdup_n(c->set->arena, words.ptr, words.len)};
        tmg_buf_done(&words);
    }
    return index_in(*slot);
}

/* ---- programs ---- */

static uint32_t cost_of_ask(const tmg_rnode *n)
{
    switch (n->op) {
    case TMG_R_FIRST:
    case TMG_R_REPEATS:
        return 10;
    case TMG_R_SIGNAL:
    case TMG_R_P:
    case TMG_R_IN_LIST:
        return 20;
    case TMG_R_REFERENCE:
    case TMG_R_WINDOW:
        return 200;
    default: /* TMG_R_NAME_LIKE */
        return 2000;
    }
}

static uint32_t cost_of(const tmg_compiler *c, const tmg_instruction *i)
{
    switch (i->op) {
    case TMG_I_ASK:
        return cost_of_ask(c->asks.at[i->arg].n);
    case TMG_I_CODE:
        return i->at2 == TMG_R_LIKE ? 30 : 2 + (uint32_t)(c->constants.at[i->arg].count / 8);
    case TMG_I_SET:
        return 5 + (uint32_t)c->constants.at[i->arg].count;
    case TMG_I_LIKENESS:
        return 300;
    default:
        return 1;
    }
}

typedef struct program {
    tmg_compiler *c;
    size_t from, depth;
} program;

static void put(program *p, tmg_instruction i, int grows)
{
    *TMG_PUSH(&p->c->code) = i;
    p->depth = (size_t)((int64_t)p->depth + grows);
    if (p->depth > p->c->depth)
        p->c->depth = p->depth;
}

static void put_ask(program *p, const tmg_rnode *n)
{
    put(p, (tmg_instruction){.op = TMG_I_ASK, .arg = ask_of(p->c, n)}, 1);
}

static void put_value(program *p, const tmg_rnode *n)
{
    switch (n->op) {
    case TMG_R_NUMBER:
        put(p, (tmg_instruction){.op = TMG_I_NUMBER, .number = n->number}, 1);
        break;
    case TMG_R_FIELD:
        put(p, (tmg_instruction){.op = TMG_I_FIELD, .at = n->field->at}, 1);
        break;
    case TMG_R_ADD:
    case TMG_R_SUB:
    case TMG_R_MUL:
    case TMG_R_DIV:
        put_value(p, n->a);
        put_value(p, n->b);
        put(p, (tmg_instruction){.op = TMG_I_ARITH, .at = (uint8_t)n->op}, -1);
        break;
    case TMG_R_NEG:
        put(p, (tmg_instruction){.op = TMG_I_NUMBER}, 1);
        put_value(p, n->a);
        put(p, (tmg_instruction){.op = TMG_I_ARITH, .at = TMG_R_SUB}, -1);
        break;
    case TMG_R_NAME_LIKE_FIELD:
        put(p, (tmg_instruction){.op = TMG_I_LIKENESS, .at = n->a->field->at, .at2 = n->b->field->at}, 1);
        break;
    default:
        put_ask(p, n);
    }
}

static void put_texts(program *p, const tmg_rnode *n)
{
    bool of_set = n->a->field->kind == TMG_FK_SET;
    put(p,
        (tmg_instruction){.op = of_set ? TMG_I_SET : TMG_I_CODE,
                          .at = n->a->field->at,
                          .at2 = (uint8_t)n->op,
                          .arg = constants_of(p->c, n)},
        1);
}

static void put_known(program *p, const tmg_rnode *value)
{
    if (value->op == TMG_R_FIELD && value->field->kind == TMG_FK_CODE) {
        put(p, (tmg_instruction){.op = TMG_I_KNOWN_CODE, .at = value->field->at}, 1);
    } else if (value->op == TMG_R_FIELD && value->field->kind == TMG_FK_SET) {
        put(p, (tmg_instruction){.op = TMG_I_KNOWN_SET, .at = value->field->at}, 1);
    } else {
        put_value(p, value);
        put(p, (tmg_instruction){.op = TMG_I_KNOWN}, 0);
    }
}

static void put_comparison(program *p, const tmg_rnode *n)
{
    if (n->text_count > 0) {
        put_texts(p, n);
        return;
    }
    if (n->a->op == TMG_R_FIELD && n->a->field->kind == TMG_FK_CODE) {
        put(p, (tmg_instruction){.op = TMG_I_SAME, .at = n->a->field->at, .at2 = n->b->field->at}, 1);
        if (n->op == TMG_R_NE)
            put(p, (tmg_instruction){.op = TMG_I_NOT}, 0);
        return;
    }
    put_value(p, n->a);
    put_value(p, n->b);
    put(p, (tmg_instruction){.op = TMG_I_COMPARE, .at = (uint8_t)n->op}, -1);
}

static void put_truth(program *p, const tmg_rnode *n)
{
    switch (n->op) {
    case TMG_R_TRUE:
        put(p, (tmg_instruction){.op = TMG_I_TRUTH, .number = TMG_K_TRUE}, 1);
        break;
    case TMG_R_AND:
    case TMG_R_OR:
        put_truth(p, n->a);
        put_truth(p, n->b);
        put(p, (tmg_instruction){.op = n->op == TMG_R_AND ? TMG_I_AND : TMG_I_OR}, -1);
        break;
    case TMG_R_NOT:
        put_truth(p, n->a);
        put(p, (tmg_instruction){.op = TMG_I_NOT}, 0);
        break;
    case TMG_R_IN:
    case TMG_R_UNDER:
    case TMG_R_LIKE:
    case TMG_R_HAS:
    case TMG_R_HAS_UNDER:
        put_texts(p, n);
        break;
    case TMG_R_KNOWN:
        put_known(p, n->a);
        break;
    case TMG_R_IN_LIST:
    case TMG_R_SIGNAL:
    case TMG_R_REPEATS:
    case TMG_R_FIRST:
        put_ask(p, n);
        break;
    default:
        put_comparison(p, n);
    }
}

static bool same_predicate(const tmg_compiler *c, uint32_t index, const void *key)
{
    const tmg_predicate *a = &c->predicates.at[index], *b = key;
    return a->count == b->count &&
           memcmp(&c->code.at[a->first], &c->code.at[b->first], a->count * sizeof *c->code.at) == 0;
}

uint32_t tmg_predicate_of(tmg_compiler *c, const tmg_literal *l)
{
    program p = {c, c->code.count, 0};
    put_truth(&p, l->n);
    if (l->negated)
        put(&p, (tmg_instruction){.op = TMG_I_NOT}, 0);
    tmg_predicate key = {.first = (uint32_t)p.from, .count = (uint32_t)(c->code.count - p.from)};
    for (size_t i = p.from; i < c->code.count; i++)
        key.cost += cost_of(c, &c->code.at[i]);
    uint32_t hash = (uint32_t)tmg_hash64(KIND_PREDICATE, &c->code.at[p.from], key.count * sizeof *c->code.at);
    uint64_t *slot = seen_slot(c, KIND_PREDICATE, hash, same_predicate, &key);
    if (*slot != 0) {
        c->code.count = p.from; /* it is there already */
    } else {
        seen_put(c, slot, KIND_PREDICATE, hash, c->predicates.count);
        *TMG_PUSH(&c->predicates) = key;
    }
    return index_in(*slot);
}
