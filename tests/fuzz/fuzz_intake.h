/* Drives one format of intake over arbitrary bytes: every record is read, checked, digested and, when it is
 * good, written as JSON and read back, which must give the same statement. */
#ifndef TMG_TESTS_FUZZ_INTAKE_H
#define TMG_TESTS_FUZZ_INTAKE_H

#include "base/json.h"
#include "intake/intake.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static inline void fuzz_must(bool truth)
{
    if (!truth)
        abort();
}

static inline void fuzz_round_trip(const tmg_record *rec, tmg_arena *a)
{
    static tmg_record again;
    uint8_t before[16], after[16];
    TMG_AUTO_BUF b;
    TMG_AUTO_JSON value = NULL;
    tmg_json_out j;

    tmg_buf_init(&b, 16 << 20);
    tmg_json_begin(&j, &b);
    tmg_declaration_write_json(&j, NULL, &rec->declaration);
    fuzz_must(!b.overflow && tmg_json_read(tmg_buf_as_span(&b), &value, NULL) == TMG_OK);
    fuzz_must(tmg_declaration_read_json(value, 0, a, &again, NULL) == TMG_OK);
    tmg_declaration_digest(&rec->declaration, before);
    tmg_declaration_digest(&again.declaration, after);
    fuzz_must(memcmp(before, after, sizeof before) == 0);
}

static inline void fuzz_read(tmg_span bytes, const tmg_intake_options *o)
{
    static tmg_record rec;
    TMG_AUTO_ARENA a = tmg_arena_new(32 << 20);
    tmg_reader *r;
    bool more = true;

    if (tmg_reader_open(bytes, o, &r, NULL) != TMG_OK)
        return;
    while (tmg_reader_next(r, a, &rec, &more, NULL) == TMG_OK && more) {
        fuzz_must(rec.finding_count <= TMG_MAX_FINDINGS);
        fuzz_must(rec.good || rec.finding_count > 0);
        fuzz_must(tmg_reader_offset(r) <= bytes.len);
        fuzz_must(rec.raw.len == 0 ||
                  (rec.raw.ptr >= bytes.ptr && rec.raw.ptr + rec.raw.len <= bytes.ptr + bytes.len));
        if (rec.good)
            fuzz_round_trip(&rec, a);
        tmg_arena_reset(a);
    }
    tmg_reader_close(r);
}

#endif
