#include "rule/book_priv.h"

enum { FIRST_ROOM = 256, PACKED_MOST = 1 << 24 };

tmg_book *tmg_book_new(const tmg_dict *dict)
{
    tmg_book *b = tmg_xcalloc(1, sizeof *b);
    b->dict = dict;
    b->forgotten_ms = INT64_MIN;
    b->shape = tmg_row_shape_of_fields();
    size_t count = 0;
    const tmg_rule_field *f = tmg_rule_fields(&count);
    for (size_t i = 0; i < count; i++)
        if (f[i].kind == TMG_FK_CODE && f[i].type == TMG_RT_CODE)
            b->is_coded[f[i].at] = true;
    tmg_buf_init(&b->packing, PACKED_MOST);
    return b;
}

void tmg_book_free(tmg_book *b)
{
    if (b == NULL)
        return;
    for (size_t i = 0; i < b->version_count; i++)
        free(b->versions[i].packed);
    for (size_t i = 0; i < b->axis_count; i++)
        tmg_axis_free(b->axes[i]);
    for (int f = 0; f < TMG_CODE_FIELDS; f++)
        free(b->firsts[f].slots);
    free(b->versions);
    free(b->consignments);
    free(b->by_id);
    free(b->results);
    free(b->prepared);
    free(b->scratch);
    tmg_buf_done(&b->packing);
    free(b);
}

tmg_version *tmg_book_version(const tmg_book *b, uint32_t ref)
{
    return &b->versions[ref - b->base];
}

size_t tmg_version_rows(tmg_book *b, const tmg_version *v, tmg_row **ret)
{
    size_t count = tmg_rows_unpack(v->packed, &b->scratch, &b->scratch_room);
    for (size_t i = 0; i < count; i++) {
        b->scratch[i].at_ms = v->at_ms;
        b->scratch[i].consignment_id = b->consignments[v->consignment].id;
    }
    *ret = b->scratch;
    return count;
}

static size_t place(const tmg_book *b, int64_t id)
{
    size_t at = (size_t)((uint64_t)id * UINT64_C(0x9e3779b97f4a7c15) >> 24) & (b->by_id_room - 1);
    while (b->by_id[at] != 0 && b->consignments[b->by_id[at] - 1].id != id)
        at = (at + 1) & (b->by_id_room - 1);
    return at;
}

void tmg_book_index_consignments(tmg_book *b, size_t room)
{
    free(b->by_id);
    b->by_id_room = room;
    b->by_id = tmg_xcalloc(room, sizeof *b->by_id);
    for (size_t i = 0; i < b->consignment_count; i++)
        b->by_id[place(b, b->consignments[i].id)] = (uint32_t)i + 1;
}

static tmg_consignment_entry *consignment_find(const tmg_book *b, int64_t id)
{
    uint32_t index = b->by_id_room > 0 ? b->by_id[place(b, id)] : 0;
    return index != 0 ? &b->consignments[index - 1] : NULL;
}

static uint32_t consignment_of(tmg_book *b, int64_t id)
{
    tmg_consignment_entry *c = consignment_find(b, id);
    if (c != NULL)
        return (uint32_t)(c - b->consignments);
    if (b->consignment_count == b->consignment_room) {
        b->consignment_room = b->consignment_room > 0 ? 2 * b->consignment_room : FIRST_ROOM;
        b->consignments = tmg_xrealloc(b->consignments, b->consignment_room * sizeof *b->consignments);
        tmg_book_index_consignments(b, 2 * b->consignment_room);
    }
    b->consignments[b->consignment_count++] = (tmg_consignment_entry){.id = id, .newest = TMG_NO_REF};
    b->by_id[place(b, id)] = (uint32_t)b->consignment_count;
    return (uint32_t)b->consignment_count - 1;
}

static void upset(tmg_book *b, uint32_t ref)
{
    tmg_row *rows = NULL;
    size_t count = tmg_version_rows(b, tmg_book_version(b, ref), &rows);
    for (size_t i = 0; i < b->axis_count; i++)
        tmg_axis_upset(b, b->axes[i], ref, rows, count);
}

static void set_until(tmg_book *b, uint32_t ref, int64_t until_ms)
{
    tmg_version *v = tmg_book_version(b, ref);
    if (v->until_ms == until_ms)
        return;
    v->until_ms = until_ms;
    upset(b, ref);
}

/* The same declaration entered again: the older entry never was. */
static void take_out(tmg_book *b, uint32_t *head, int64_t at_ms, int64_t declaration_id)
{
    int64_t until_ms = TMG_FOREVER;
    for (uint32_t *link = head; *link != TMG_NO_REF;) {
        uint32_t ref = *link;
        tmg_version *v = tmg_book_version(b, ref);
        if (v->declaration_id == declaration_id && (declaration_id != 0 || v->at_ms == at_ms)) {
            *link = v->older;
            set_until(b, ref, TMG_NEVER);
            if (*link != TMG_NO_REF)
                set_until(b, *link, until_ms);
            return;
        }
        until_ms = v->at_ms;
        link = &v->older;
    }
}

static bool newer(const tmg_version *v, int64_t at_ms, int64_t declaration_id)
{
    return v->at_ms != at_ms ? v->at_ms > at_ms : v->declaration_id > declaration_id;
}

/* Puts the version into its consignment's chain, newest first. */
static void chain(tmg_book *b, uint32_t ref)
{
    tmg_version *v = tmg_book_version(b, ref);
    uint32_t *link = &b->consignments[v->consignment].newest;

    take_out(b, link, v->at_ms, v->declaration_id);
    v->until_ms = TMG_FOREVER;
    while (*link != TMG_NO_REF && newer(tmg_book_version(b, *link), v->at_ms, v->declaration_id)) {
        v->until_ms = tmg_book_version(b, *link)->at_ms;
        link = &tmg_book_version(b, *link)->older;
    }
    v->older = *link;
    *link = ref;
    if (v->older != TMG_NO_REF)
        set_until(b, v->older, v->at_ms);
}

static void note_firsts(tmg_book *b, const tmg_row *rows, size_t count)
{
    for (int f = 0; f < TMG_CODE_FIELDS; f++) {
        if (!b->is_coded[f])
            continue;
        for (size_t i = 0; i < count; i++)
            if (rows[i].code[f] != TMG_CODE_NONE && (i == 0 || rows[i].code[f] != rows[i - 1].code[f]))
                tmg_firsts_add(&b->firsts[f], rows[i].code[f], rows[i].at_ms, rows[i].consignment_id);
    }
}

/* Fetches from memory, while the rows are packed, what they will touch. */
static void expect(const tmg_book *b, const tmg_row *row)
{
    for (int f = 0; f < TMG_CODE_FIELDS; f++)
        if (b->is_coded[f] && row->code[f] != TMG_CODE_NONE)
            tmg_firsts_expect(&b->firsts[f], row->code[f]);
    for (size_t i = 0; i < b->axis_count; i++)
        tmg_axis_expect(b->axes[i], row);
}

static uint32_t version_new(tmg_book *b, const tmg_row *rows, size_t count)
{
    if (b->version_count == b->version_room) {
        b->version_room = b->version_room > 0 ? 2 * b->version_room : FIRST_ROOM;
        b->versions = tmg_xrealloc(b->versions, b->version_room * sizeof *b->versions);
    }
    tmg_buf_clear(&b->packing);
    tmg_rows_pack(&b->packing, b->shape, rows, count);
    tmg_version *v = &b->versions[b->version_count++];
    *v = (tmg_version){.at_ms = rows[0].at_ms,
                       .until_ms = TMG_FOREVER,
                       .declaration_id = rows[0].declaration_id,
                       .consignment = consignment_of(b, rows[0].consignment_id),
                       .older = TMG_NO_REF,
                       .rows = (uint32_t)count,
                       .packed_len = (uint32_t)b->packing.len};
    v->packed = tmg_xrealloc(NULL, b->packing.len);
    memcpy(v->packed, b->packing.ptr, b->packing.len);
    b->rows += count;
    b->packed_bytes += b->packing.len;
    return b->base + (uint32_t)b->version_count - 1;
}

void tmg_book_enter(tmg_book *b, const tmg_row *rows, size_t count)
{
    if (count == 0 || rows[0].at_ms == TMG_NONE || rows[0].at_ms < b->forgotten_ms)
        return;
    b->own_valid = false;
    expect(b, &rows[0]);
    uint32_t ref = version_new(b, rows, count);
    chain(b, ref);
    for (size_t i = 0; i < b->axis_count; i++)
        tmg_axis_enter(b, b->axes[i], ref, rows, count);
    note_firsts(b, rows, count);
    uint32_t first = b->consignments[tmg_book_version(b, ref)->consignment].result;
    for (uint32_t r = first; r != 0; r = b->results[r - 1].next)
        for (size_t i = 0; i < b->axis_count; i++)
            if (b->axes[i]->spec.unit == TMG_UNIT_RESULT)
                tmg_axis_enter_result(b, b->axes[i], ref, rows, count, &b->results[r - 1]);
    if (++b->entered >= TMG_FORGET_EVERY)
        tmg_book_forget(b);
}

static void carry_result(tmg_book *b, const tmg_consignment_entry *c, const tmg_result_entry *r)
{
    for (uint32_t ref = c->newest; ref != TMG_NO_REF; ref = tmg_book_version(b, ref)->older) {
        tmg_row *rows = NULL;
        size_t count = tmg_version_rows(b, tmg_book_version(b, ref), &rows);
        for (size_t i = 0; i < b->axis_count; i++)
            if (b->axes[i]->spec.unit == TMG_UNIT_RESULT)
                tmg_axis_enter_result(b, b->axes[i], ref, rows, count, r);
    }
}

void tmg_book_result(tmg_book *b, int64_t consignment_id, int64_t known_at_ms, bool found)
{
    /* In two steps: what is not there yet may move the table. */
    uint32_t at = consignment_of(b, consignment_id);
    tmg_consignment_entry *c = &b->consignments[at];
    for (uint32_t r = c->result; r != 0; r = b->results[r - 1].next)
        if (b->results[r - 1].known_ms == known_at_ms && b->results[r - 1].found == found)
            return;
    if (b->result_count == b->result_room) {
        b->result_room = b->result_room > 0 ? 2 * b->result_room : FIRST_ROOM;
        b->results = tmg_xrealloc(b->results, b->result_room * sizeof *b->results);
    }
    b->results[b->result_count++] = (tmg_result_entry){known_at_ms, c->result, found};
    c->result = (uint32_t)b->result_count;
    carry_result(b, c, &b->results[b->result_count - 1]);
}

uint32_t tmg_book_own(tmg_book *b, int64_t consignment_id, int64_t at_ms)
{
    if (b->own_valid && b->own_id == consignment_id && b->own_at_ms == at_ms)
        return b->own_ref;
    const tmg_consignment_entry *c = consignment_find(b, consignment_id);
    b->own_ref = c != NULL ? c->newest : TMG_NO_REF;
    while (b->own_ref != TMG_NO_REF && tmg_book_version(b, b->own_ref)->at_ms >= at_ms)
        b->own_ref = tmg_book_version(b, b->own_ref)->older;
    b->own_id = consignment_id;
    b->own_at_ms = at_ms;
    b->own_valid = true;
    return b->own_ref;
}

size_t tmg_book_count(const tmg_book *b)
{
    return b->rows;
}

size_t tmg_book_bytes(const tmg_book *b)
{
    size_t bytes = sizeof *b + b->version_room * sizeof *b->versions + b->packed_bytes +
                   b->consignment_room * sizeof *b->consignments + b->by_id_room * sizeof *b->by_id +
                   b->result_room * sizeof *b->results + b->prepared_room * sizeof *b->prepared +
                   b->scratch_room * sizeof *b->scratch;
    for (int f = 0; f < TMG_CODE_FIELDS; f++)
        bytes += b->firsts[f].room * sizeof *b->firsts[f].slots;
    for (size_t i = 0; i < b->axis_count; i++) {
        const tmg_axis *x = b->axes[i];
        bytes += sizeof *x + x->room * sizeof *x->slots;
        bytes += x->firsts != NULL ? x->firsts->room * sizeof *x->firsts->slots : 0;
        for (size_t c = 0; c < x->column_count; c++)
            bytes += x->column[c].last.room * sizeof *x->column[c].last.slots;
        for (uint32_t g = 0; g < x->group_count; g++)
            bytes += tmg_group_bytes(x, &x->groups[g]);
    }
    return bytes;
}
