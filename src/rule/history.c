#include "rule/history_priv.h"

enum { FIRST_ROOM = 1024 };

tmg_history *tmg_history_new(const tmg_dict *dict)
{
    tmg_history *h = tmg_xcalloc(1, sizeof *h);
    h->dict = dict;
    return h;
}

void tmg_history_free(tmg_history *h)
{
    if (h == NULL)
        return;
    free(h->consignment_id);
    free(h->declaration_id);
    free(h->at_ms);
    free(h->item_no);
    for (size_t i = 0; i < TMG_CODE_FIELDS; i++)
        free(h->code[i]);
    for (size_t i = 0; i < TMG_NUMBER_FIELDS; i++)
        free(h->number[i]);
    for (size_t i = 0; i < TMG_SET_FIELDS; i++) {
        free(h->set[i].first);
        free(h->set[i].count);
        free(h->set[i].pool);
    }
    free(h);
}

static void *grown(void *column, const tmg_history *h, size_t size)
{
    return tmg_xrealloc(column, h->room * size);
}

static void make_room(tmg_history *h)
{
    if (h->count < h->room)
        return;
    h->room = h->room == 0 ? FIRST_ROOM : h->room * 2;
    h->consignment_id = grown(h->consignment_id, h, sizeof *h->consignment_id);
    h->declaration_id = grown(h->declaration_id, h, sizeof *h->declaration_id);
    h->at_ms = grown(h->at_ms, h, sizeof *h->at_ms);
    h->item_no = grown(h->item_no, h, sizeof *h->item_no);
    for (size_t i = 0; i < TMG_CODE_FIELDS; i++)
        if (h->code[i] != NULL)
            h->code[i] = grown(h->code[i], h, sizeof *h->code[i]);
    for (size_t i = 0; i < TMG_NUMBER_FIELDS; i++)
        if (h->number[i] != NULL)
            h->number[i] = grown(h->number[i], h, sizeof *h->number[i]);
    for (size_t i = 0; i < TMG_SET_FIELDS; i++)
        if (h->set[i].first != NULL) {
            h->set[i].first = grown(h->set[i].first, h, sizeof *h->set[i].first);
            h->set[i].count = grown(h->set[i].count, h, sizeof *h->set[i].count);
        }
}

static void put_code(tmg_history *h, size_t field, uint32_t code)
{
    if (h->code[field] == NULL && code != TMG_CODE_NONE)
        h->code[field] = tmg_xcalloc(h->room, sizeof *h->code[field]);
    if (h->code[field] != NULL)
        h->code[field][h->count] = code;
}

static void put_number(tmg_history *h, size_t field, int64_t v)
{
    if (h->number[field] == NULL && v != TMG_NONE) {
        h->number[field] = grown(NULL, h, sizeof *h->number[field]);
        for (size_t i = 0; i < h->count; i++)
            h->number[field][i] = TMG_NONE;
    }
    if (h->number[field] != NULL)
        h->number[field][h->count] = v;
}

static void put_set(tmg_history *h, size_t field, const uint32_t *codes, uint16_t count)
{
    tmg_set_column *s = &h->set[field];
    if (s->first == NULL && count == 0)
        return;
    if (s->first == NULL) {
        s->first = tmg_xcalloc(h->room, sizeof *s->first);
        s->count = tmg_xcalloc(h->room, sizeof *s->count);
    }
    if (s->used + count > s->room) {
        s->room = s->room * 2 + count + FIRST_ROOM;
        s->pool = tmg_xrealloc(s->pool, s->room * sizeof *s->pool);
    }
    s->first[h->count] = s->used;
    s->count[h->count] = count;
    if (count > 0)
        memcpy(s->pool + s->used, codes, count * sizeof *codes);
    s->used += count;
}

void tmg_history_add(tmg_history *h, const tmg_row *row)
{
    make_room(h);
    h->consignment_id[h->count] = row->consignment_id;
    h->declaration_id[h->count] = row->declaration_id;
    h->at_ms[h->count] = row->at_ms;
    h->item_no[h->count] = row->item_no;
    for (size_t i = 0; i < TMG_CODE_FIELDS; i++)
        put_code(h, i, row->code[i]);
    for (size_t i = 0; i < TMG_NUMBER_FIELDS; i++)
        put_number(h, i, row->number[i]);
    for (size_t i = 0; i < TMG_SET_FIELDS; i++)
        put_set(h, i, row->set[i], row->set_count[i]);
    h->count++;
}

size_t tmg_history_count(const tmg_history *h)
{
    return h->count;
}

size_t tmg_history_bytes(const tmg_history *h)
{
    size_t row = 3 * sizeof(int64_t) + sizeof(int32_t), pools = 0;
    for (size_t i = 0; i < TMG_CODE_FIELDS; i++)
        row += h->code[i] != NULL ? sizeof(uint32_t) : 0;
    for (size_t i = 0; i < TMG_NUMBER_FIELDS; i++)
        row += h->number[i] != NULL ? sizeof(int64_t) : 0;
    for (size_t i = 0; i < TMG_SET_FIELDS; i++) {
        row += h->set[i].first != NULL ? sizeof(uint64_t) + sizeof(uint16_t) : 0;
        pools += h->set[i].room * sizeof(uint32_t);
    }
    return sizeof *h + h->room * row + pools;
}

void tmg_history_row(const tmg_history *h, size_t i, tmg_row *ret)
{
    ret->consignment_id = h->consignment_id[i];
    ret->declaration_id = h->declaration_id[i];
    ret->at_ms = h->at_ms[i];
    ret->item_no = h->item_no[i];
    for (size_t f = 0; f < TMG_CODE_FIELDS; f++)
        ret->code[f] = h->code[f] != NULL ? h->code[f][i] : TMG_CODE_NONE;
    for (size_t f = 0; f < TMG_NUMBER_FIELDS; f++)
        ret->number[f] = h->number[f] != NULL ? h->number[f][i] : TMG_NONE;
    for (size_t f = 0; f < TMG_SET_FIELDS; f++) {
        const tmg_set_column *s = &h->set[f];
        ret->set[f] = s->first != NULL ? s->pool + s->first[i] : NULL;
        ret->set_count[f] = s->first != NULL ? s->count[i] : 0;
    }
}
