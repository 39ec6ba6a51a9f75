#include "fuzz_intake.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    tmg_intake_options o = {.format = "jsonl", .offset_min = 240};

    fuzz_read((tmg_span){(const char *)bytes, len}, &o);
    return 0;
}
