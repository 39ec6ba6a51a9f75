#include "rule/book_priv.h"

typedef struct condition {
    bool is_number, is_under;
    uint8_t field;
    int64_t number;
    tmg_span *texts;
    uint32_t *codes; /* of the texts; TMG_CODE_UNKNOWN until the dictionary has the text */
    size_t count;
} condition;

enum { MOST_CONDITIONS = 32 };

struct tmg_where {
    tmg_arena *arena;
    condition all[MOST_CONDITIONS];
    size_t count;
};

static bool add_codes(tmg_where *w, const tmg_rnode *n)
{
    condition *c = &w->all[w->count];
    *c = (condition){.field = n->a->field->at, .is_under = n->op == TMG_R_UNDER, .count = n->text_count};
    c->texts = tmg_alloc_array(w->arena, n->text_count, sizeof *c->texts);
    c->codes = tmg_alloc_array(w->arena, n->text_count, sizeof *c->codes);
    for (size_t i = 0; i < n->text_count; i++) {
        c->texts[i] = tmg_span_copy(w->arena, n->texts[i]);
        c->codes[i] = TMG_CODE_UNKNOWN;
    }
    w->count++;
    return true;
}

static bool add(tmg_where *w, const tmg_rnode *n)
{
    if (n->op == TMG_R_TRUE)
        return true;
    if (n->op == TMG_R_AND)
        return add(w, n->a) && add(w, n->b);
    if (w->count == MOST_CONDITIONS || n->a == NULL || n->a->op != TMG_R_FIELD)
        return false;
    if (n->a->field->kind == TMG_FK_CODE && (n->op == TMG_R_EQ || n->op == TMG_R_IN || n->op == TMG_R_UNDER))
        return n->text_count > 0 && add_codes(w, n);
    if (n->a->field->kind != TMG_FK_NUMBER || n->op != TMG_R_EQ || n->b == NULL || n->b->op != TMG_R_NUMBER)
        return false;
    w->all[w->count++] = (condition){.is_number = true, .field = n->a->field->at, .number = n->b->number};
    return true;
}

bool tmg_where_of(const tmg_rnode *n, tmg_where **ret)
{
    *ret = NULL;
    if (n == NULL || n->op == TMG_R_TRUE)
        return true;
    tmg_where *w = tmg_xcalloc(1, sizeof *w);
    w->arena = tmg_arena_new(1 << 24);
    if (!add(w, n)) {
        tmg_where_free(w);
        return false;
    }
    *ret = w;
    return true;
}

void tmg_where_free(tmg_where *w)
{
    if (w == NULL)
        return;
    tmg_arena_free(w->arena);
    free(w);
}

uint64_t tmg_where_hash(const tmg_where *w)
{
    uint64_t h = 0;
    for (size_t i = 0; w != NULL && i < w->count; i++) {
        const condition *c = &w->all[i];
        const int64_t head[] = {c->is_number, c->is_under, c->field, c->number, (int64_t)c->count};
        h = tmg_hash64(h + 1, head, sizeof head);
        for (size_t k = 0; k < c->count; k++)
            h = tmg_hash64(h + c->texts[k].len, c->texts[k].ptr, c->texts[k].len);
    }
    return h;
}

static bool under(const condition *c, const tmg_dict *dict, uint32_t code)
{
    tmg_span text = tmg_dict_text(dict, code);
    for (size_t i = 0; i < c->count; i++)
        if (text.len >= c->texts[i].len && memcmp(text.ptr, c->texts[i].ptr, c->texts[i].len) == 0)
            return true;
    return false;
}

static bool among(condition *c, const tmg_dict *dict, uint32_t code)
{
    for (size_t i = 0; i < c->count; i++) {
        if (c->codes[i] == TMG_CODE_UNKNOWN)
            c->codes[i] = tmg_dict_find(dict, c->texts[i]);
        if (c->codes[i] == code)
            return true;
    }
    return false;
}

bool tmg_where_true(tmg_where *w, const tmg_dict *dict, const tmg_row *row)
{
    for (size_t i = 0; w != NULL && i < w->count; i++) {
        condition *c = &w->all[i];
        if (c->is_number) {
            if (row->number[c->field] == TMG_NONE || row->number[c->field] != c->number)
                return false;
            continue;
        }
        uint32_t code = row->code[c->field];
        if (code == TMG_CODE_NONE || code == TMG_CODE_UNKNOWN ||
            !(c->is_under ? under(c, dict, code) : among(c, dict, code)))
            return false;
    }
    return true;
}
