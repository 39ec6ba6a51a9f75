#include "rule/book_priv.h"

/* Which facts stand once per declaration: those that the table of fields does not give to the item.  Whatever
 * the table does not name is packed with each item, which is never wrong. */
tmg_row_shape tmg_row_shape_of_fields(void)
{
    tmg_row_shape s = {0, 0};
    size_t count = 0;
    const tmg_rule_field *f = tmg_rule_fields(&count);
    for (size_t i = 0; i < count; i++) {
        if (f[i].of_item || f[i].kind == TMG_FK_SET)
            continue;
        if (f[i].kind == TMG_FK_CODE)
            s.header_codes |= UINT64_C(1) << f[i].at;
        else
            s.header_numbers |= UINT64_C(1) << f[i].at;
    }
    return s;
}

static char *put(char *at, uint64_t v)
{
    while (v >= 0x80) {
        *at++ = (char)(v | 0x80);
        v >>= 7;
    }
    *at++ = (char)v;
    return at;
}

static uint64_t get(const char **at)
{
    uint64_t v = 0;
    for (int shift = 0;; shift += 7) {
        uint64_t byte = (uint8_t) * (*at)++;
        v |= (byte & 0x7f) << shift;
        if (byte < 0x80)
            return v;
    }
}

static uint64_t zigzag(int64_t v)
{
    return (uint64_t)v << 1 ^ (uint64_t)(v >> 63);
}
static int64_t unzigzag(uint64_t v)
{
    return (int64_t)(v >> 1 ^ (~(v & 1) + 1));
}

static char *put_facts(char *at, const tmg_row *r, uint64_t codes, uint64_t numbers)
{
    uint64_t stated_codes = 0, stated_numbers = 0;
    for (int f = 0; f < TMG_CODE_FIELDS; f++)
        if (codes >> f & 1 && r->code[f] != TMG_CODE_NONE)
            stated_codes |= UINT64_C(1) << f;
    for (int f = 0; f < TMG_NUMBER_FIELDS; f++)
        if (numbers >> f & 1 && r->number[f] != TMG_NONE)
            stated_numbers |= UINT64_C(1) << f;
    at = put(put(at, stated_codes), stated_numbers);
    for (; stated_codes != 0; stated_codes &= stated_codes - 1)
        at = put(at, r->code[__builtin_ctzll(stated_codes)]);
    for (; stated_numbers != 0; stated_numbers &= stated_numbers - 1)
        at = put(at, zigzag(r->number[__builtin_ctzll(stated_numbers)]));
    return at;
}

static void get_facts(const char **at, tmg_row *r)
{
    uint64_t stated_codes = get(at), stated_numbers = get(at);
    for (; stated_codes != 0; stated_codes &= stated_codes - 1)
        r->code[__builtin_ctzll(stated_codes)] = (uint32_t)get(at);
    for (; stated_numbers != 0; stated_numbers &= stated_numbers - 1)
        r->number[__builtin_ctzll(stated_numbers)] = unzigzag(get(at));
}

enum { MOST_PACKED = 32 + TMG_CODE_FIELDS * 5 + TMG_NUMBER_FIELDS * 10 };

void tmg_rows_pack(tmg_buf *b, tmg_row_shape s, const tmg_row *rows, size_t count)
{
    char bytes[MOST_PACKED];

    char *at = put(bytes, count);
    at = put(at, (uint64_t)rows[0].declaration_id);
    at = put_facts(at, &rows[0], s.header_codes, s.header_numbers);
    tmg_buf_put(b, bytes, (size_t)(at - bytes));
    for (size_t i = 0; i < count; i++) {
        at = put(bytes, zigzag(rows[i].item_no));
        at = put_facts(at, &rows[i], ~s.header_codes, ~s.header_numbers);
        tmg_buf_put(b, bytes, (size_t)(at - bytes));
    }
}

size_t tmg_rows_unpack(const char *packed, tmg_row **scratch, size_t *scratch_room)
{
    size_t count = get(&packed);
    if (count > *scratch_room) {
        *scratch_room = count;
        *scratch = tmg_xrealloc(*scratch, count * sizeof **scratch);
    }
    tmg_row header = {.declaration_id = (int64_t)get(&packed)};
    for (int f = 0; f < TMG_NUMBER_FIELDS; f++)
        header.number[f] = TMG_NONE;
    get_facts(&packed, &header);
    for (size_t i = 0; i < count; i++) {
        tmg_row *r = &(*scratch)[i];
        *r = header;
        r->item_no = (int32_t)unzigzag(get(&packed));
        get_facts(&packed, r);
    }
    return count;
}
