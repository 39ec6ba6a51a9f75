#include "fuzz_intake.h"

#include <unistd.h>

/* Everything before the first NUL is a mapping file, the rest a table for it; without a NUL the bytes are a
 * table for the shipped mappings. */
static void own_mapping(tmg_span mapping, tmg_span table)
{
    char path[] = "/tmp/tamga-fuzz-XXXXXX.ini";
    int fd = mkstemps(path, 4);

    fuzz_must(fd >= 0 && write(fd, mapping.ptr, mapping.len) == (ssize_t)mapping.len && close(fd) == 0);
    fuzz_read(table, &(tmg_intake_options){.mapping = path, .offset_min = 240});
    fuzz_must(unlink(path) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    tmg_span rest = {(const char *)bytes, len}, mapping;
    const char *nul = len > 0 ? memchr(bytes, 0, len) : NULL;

    if (nul != NULL && tmg_span_split(&rest, '\0', &mapping)) {
        own_mapping(mapping, rest);
        return 0;
    }
    fuzz_read(rest,
              &(tmg_intake_options){.mapping = "korea", .mapping_dir = TAMGA_MAPPINGS, .offset_min = 240});
    fuzz_read(rest,
              &(tmg_intake_options){.mapping = "bacuda", .mapping_dir = TAMGA_MAPPINGS, .offset_min = 240});
    return 0;
}
