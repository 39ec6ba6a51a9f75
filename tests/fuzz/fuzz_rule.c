/* Arbitrary bytes as rules: what is good is written and read back, and must be the same; every fault has a
 * place. */
#include "rule/rule.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void fuzz_must(bool truth)
{
    if (!truth)
        abort();
}

static void check_faults(tmg_span source, const tmg_reading *r)
{
    TMG_AUTO_BUF b = {0};

    fuzz_must(r->fault_count <= 100);
    tmg_buf_init(&b, 1 << 20);
    for (size_t i = 0; i < r->fault_count; i++) {
        fuzz_must(r->faults[i].line >= 1 && r->faults[i].column >= 1 && r->faults[i].length >= 1);
        fuzz_must(r->faults[i].said != NULL && r->faults[i].said[0] != '\0');
        tmg_fault_write(&b, "f", source, &r->faults[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    tmg_span source = {(const char *)bytes, len};
    TMG_AUTO_ARENA a = tmg_arena_new(64 << 20);
    TMG_AUTO_BUF once = {0};
    TMG_AUTO_BUF twice = {0};
    tmg_reading first, again;

    tmg_rules_read(source, NULL, a, &first);
    check_faults(source, &first);
    tmg_buf_init(&once, 16 << 20);
    tmg_buf_init(&twice, 16 << 20);
    for (size_t i = 0; i < first.rule_count; i++) {
        tmg_buf_clear(&once);
        tmg_buf_clear(&twice);
        tmg_rule_write(&once, &first.rules[i]);
        tmg_rules_read(tmg_buf_as_span(&once), NULL, a, &again);
        fuzz_must(again.rule_count == 1 && again.rules[0].cost == first.rules[i].cost);
        tmg_rule_write(&twice, &again.rules[0]);
        fuzz_must(tmg_span_eq(tmg_buf_as_span(&once), tmg_buf_as_span(&twice)));
    }
    return 0;
}
