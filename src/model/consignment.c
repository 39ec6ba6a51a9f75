#include "base/hash.h"
#include "model/model.h"

void tmg_outcome_found(tmg_outcome o, tmg_found ret_found[TMG_HARMS])
{
    ret_found[TMG_FRAUD] = o == TMG_OUTCOME_NONE ? TMG_FOUND_NO : TMG_FOUND_YES;
    ret_found[TMG_CRITICAL] =
        o == TMG_OUTCOME_PROHIBITED || o == TMG_OUTCOME_DRUGS || o == TMG_OUTCOME_PRECURSOR ? TMG_FOUND_YES
                                                                                            : TMG_FOUND_NO;
}

/* Adds a stated quantity to a sum; sums stop at the largest number instead of wrapping. */
static void add_stated(int64_t *sum, int64_t v)
{
    if (v == TMG_NONE)
        return;
    if (*sum == TMG_NONE)
        *sum = v;
    else if (__builtin_add_overflow(*sum, v, sum))
        *sum = v > 0 ? INT64_MAX : -INT64_MAX;
}

typedef struct totals {
    int64_t value_minor, gross_mg, taxes_minor;
} totals;

static totals totals_of(const tmg_declaration *d)
{
    totals t = {TMG_NONE, TMG_NONE, TMG_NONE};
    for (size_t i = 0; i < d->item_count; i++) {
        add_stated(&t.value_minor, d->items[i].value_minor);
        add_stated(&t.gross_mg, d->items[i].gross_mg);
        add_stated(&t.taxes_minor, d->items[i].taxes_minor);
    }
    if (d->value_minor != TMG_NONE)
        t.value_minor = d->value_minor;
    if (d->gross_mg != TMG_NONE)
        t.gross_mg = d->gross_mg;
    if (d->taxes_minor != TMG_NONE)
        t.taxes_minor = d->taxes_minor;
    return t;
}

void tmg_declaration_sum(tmg_declaration *d)
{
    totals t = totals_of(d);
    d->value_minor = t.value_minor;
    d->gross_mg = t.gross_mg;
    d->taxes_minor = t.taxes_minor;
}

/* ---- digest ----
 * The canonical bytes: every field in a fixed order, texts and lists with their length in front, numbers in
 * as few bytes as they need with the number of bytes in front.  They run through one buffer; when it is full
 * it folds into its own SHA-256.  The first byte tells a folded buffer from a fresh one, so that no text can
 * stand for a hash. */

enum { DIGEST_ROOM = 1024, FRESH = 0, FOLDED = 1 };

typedef struct canon {
    size_t len;
    uint8_t bytes[DIGEST_ROOM];
} canon;

static void fold(canon *c)
{
    tmg_sha256 hash = tmg_sha256_of(c->bytes, c->len);
    c->bytes[0] = FOLDED;
    memcpy(c->bytes + 1, hash.b, sizeof hash.b);
    c->len = 1 + sizeof hash.b;
}

static void put_bytes(canon *c, const void *bytes, size_t len)
{
    const uint8_t *from = bytes;
    while (len > DIGEST_ROOM - c->len) {
        size_t part = DIGEST_ROOM - c->len;
        memcpy(c->bytes + c->len, from, part);
        c->len += part;
        from += part;
        len -= part;
        fold(c);
    }
    if (len > 0)
        memcpy(c->bytes + c->len, from, len);
    c->len += len;
}

static void put_number(canon *c, uint64_t v)
{
    uint8_t bytes[9];
    uint8_t len = 0;
    for (; v != 0; v >>= 8)
        bytes[++len] = (uint8_t)v;
    bytes[0] = len;
    put_bytes(c, bytes, len + 1U);
}

/* Sign in the lowest bit, and 0 for "not stated": small quantities of both signs stay short. */
static void put_quantity(canon *c, int64_t v)
{
    put_number(c, v == TMG_NONE ? 0 : (((uint64_t)v << 1) ^ (v < 0 ? UINT64_MAX : 0)) + 1);
}

static void put_text(canon *c, tmg_span s)
{
    put_number(c, s.len);
    put_bytes(c, s.ptr, s.len);
}

static void put_texts(canon *c, const tmg_span *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        put_text(c, *texts[i]);
}

static void put_parties(canon *c, const tmg_declaration *d)
{
    for (size_t i = 0; i < TMG_PARTY_ROLES; i++) {
        const tmg_party *p = &d->party[i];
        put_texts(c, (const tmg_span *const[]){&p->code, &p->name, &p->country, &p->address}, 4);
    }
}

static void put_item(canon *c, const tmg_item *i)
{
    put_quantity(c, i->no);
    put_texts(c,
              (const tmg_span *const[]){&i->hs, &i->description, &i->origin, &i->origin_marking,
                                        &i->package_kind, &i->unit, &i->tax_type},
              7);
    const int64_t quantities[] = {i->gross_mg,    i->net_mg,      i->packages,   i->quantity_milli,
                                  i->value_minor, i->tax_rate_bp, i->taxes_minor};
    for (size_t k = 0; k < sizeof quantities / sizeof quantities[0]; k++)
        put_quantity(c, quantities[k]);
}

static void put_lists(canon *c, const tmg_declaration *d)
{
    put_number(c, d->item_count);
    for (size_t i = 0; i < d->item_count; i++)
        put_item(c, &d->items[i]);
    put_number(c, d->equipment_count);
    for (size_t i = 0; i < d->equipment_count; i++) {
        put_number(c, d->equipment[i].kind);
        put_text(c, d->equipment[i].number);
    }
    put_number(c, d->route_count);
    for (size_t i = 0; i < d->route_count; i++)
        put_text(c, d->route[i]);
    put_number(c, d->document_count);
    for (size_t i = 0; i < d->document_count; i++) {
        put_text(c, d->documents[i].type);
        put_text(c, d->documents[i].number);
    }
}

void tmg_declaration_digest(const tmg_declaration *d, uint8_t ret_digest[16])
{
    canon c;
    c.len = 1;
    c.bytes[0] = FRESH;

    put_text(&c, d->ref);
    put_quantity(&c, d->lodged.at_ms);
    put_quantity(&c, d->expected_ms);
    put_number(&c, d->regime);
    put_parties(&c, d);
    put_texts(&c,
              (const tmg_span *const[]){&d->post, &d->departure, &d->destination, &d->transport_mode,
                                        &d->vehicle, &d->vehicle_country, &d->trailer, &d->tir_carnet,
                                        &d->process_type, &d->import_type, &d->import_use, &d->payment_type,
                                        &d->currency},
              13);
    totals t = totals_of(d);
    put_quantity(&c, t.value_minor);
    put_quantity(&c, t.gross_mg);
    put_quantity(&c, t.taxes_minor);
    put_lists(&c, d);

    tmg_sha256 hash = tmg_sha256_of(c.bytes, c.len);
    memcpy(ret_digest, hash.b, 16);
}
