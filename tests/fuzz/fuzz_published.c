/* Reports as others published them are sent in by hand: any bytes are answered; what is understood lies
 * within its limits. */
#include "base/json.h"
#include "report/published_priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void fuzz_must(bool truth)
{
    if (!truth)
        abort();
}

static void check_numbers(const tmg_published_number *list, size_t count)
{
    fuzz_must(count <= TMG_PUBLISHED_LIST);
    for (size_t i = 0; i < count; i++)
        fuzz_must(list[i].what.len > 0 && list[i].v >= 0 && list[i].v <= TMG_PUBLISHED_MOST);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    TMG_AUTO_ARENA a = tmg_arena_new(16 << 20);
    tmg_published *p;
    tmg_err err = {0};

    if (tmg_published_parse((tmg_span){(const char *)bytes, len}, a, &p, &err) != TMG_OK) {
        fuzz_must(err.text[0] != '\0');
        return 0;
    }
    fuzz_must(p->code.len > 0 && p->from_day <= p->to_day);
    check_numbers(p->line, p->line_count);
    check_numbers(p->count, p->count_count);
    fuzz_must(p->sum_count <= TMG_PUBLISHED_LIST && p->percentage_count <= TMG_PUBLISHED_LIST);
    return 0;
}
