/* How much one record may say.  The sums of a period stay exact: a million lines of the most fit into 63
 * bits. What lies between this and what is usual is asked about (app/unlikely.c). */
#include "casework/seizure_priv.h"

static const int64_t most_mg = INT64_C(10000) * 1000 * 1000 * 1000,
                     most_ul = INT64_C(10000) * 1000 * 1000 * 1000, most_count = INT64_C(1000) * 1000 * 1000,
                     most_minor = INT64_C(1000) * 1000 * 1000 * 1000 * 100;

static tmg_rc within(int64_t value, int64_t most, const char *field, const char *in_words, tmg_err *err)
{
    if (value == TMG_NONE || value <= most)
        return TMG_OK;
    return tmg_err_code(TMG_FAIL(err, TMG_E_INVALID, "%s: expected at most %s", field, in_words), err,
                        "over_limit", "field=%s\nmost=%s\n", field, in_words);
}

tmg_rc tmg_line_limits(const tmg_substance_line *l, tmg_err *err)
{
    TMG_TRY(within(l->mass_mg, most_mg, "mass_mg", "10000 t", err));
    TMG_TRY(within(l->volume_ul, most_ul, "volume_ul", "10000 m3", err));
    return within(l->count, most_count, "count", "1000000000", err);
}

tmg_rc tmg_value_limit(int64_t value_minor, tmg_err *err)
{
    return within(value_minor, most_minor, "value_minor", "1000000000000.00", err);
}

tmg_rc tmg_plain_text(const char *field, tmg_span text, tmg_err *err)
{
    for (size_t i = 0; i < text.len; i++) {
        const unsigned char *p = (const unsigned char *)text.ptr + i;
        bool turns = i + 2 < text.len && p[0] == 0xe2 &&
                     ((p[1] == 0x80 && p[2] >= 0xaa && p[2] <= 0xae) ||
                      (p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9));

        if (p[0] < 0x20 || p[0] == 0x7f || turns)
            return tmg_err_code(
                TMG_FAIL(err, TMG_E_INVALID,
                         "%s: a character that cannot be seen, or turns the line round, is in it", field),
                err, "text.unseen", "field=%s\n", field);
    }
    return TMG_OK;
}
