/* Arbitrary bytes as ASYCUDA criteria: whatever comes out is a source of good rules. */
#include "rule/rule.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    TMG_AUTO_ARENA a = tmg_arena_new(64 << 20);
    TMG_AUTO_BUF out = {0};
    tmg_fault *faults;
    tmg_reading reading;
    size_t count;

    tmg_buf_init(&out, 16 << 20);
    tmg_asycuda_criteria((tmg_span){(const char *)bytes, len}, TMG_SPAN("desk:x"), a, &out, &faults, &count);
    if (count > 100)
        abort();
    tmg_rules_read(tmg_buf_as_span(&out), NULL, a, &reading);
    for (size_t i = 0; i < reading.fault_count; i++)
        if (reading.faults[i].kind != TMG_FAULT_WARNING &&
            strstr(reading.faults[i].said, "stands on line") == NULL)
            abort();
    return 0;
}
