#include "base/qty.h"
#include "report/figures.h"

static void grams(tmg_buf *b, int64_t mg)
{
    int64_t thousandths = mg % 1000;

    tmg_buf_i64(b, mg / 1000);
    if (thousandths != 0) {
        char digits[8];

        (void)snprintf(digits, sizeof digits, "%03d", (int)thousandths);
        tmg_buf_char(b, '.');
        tmg_buf_z(b, digits);
        while (b->ptr[b->len - 1] == '0')
            b->ptr[--b->len] = '\0';
    }
    tmg_buf_z(b, " g");
}

void tmg_mass_words(tmg_buf *b, int64_t mg)
{
    static const int64_t tonne = 1000000000, kilogram = 1000000;
    int64_t rest = mg < 0 ? -mg : mg;

    if (mg < 0)
        tmg_buf_z(b, "-");
    if (rest >= tonne) {
        tmg_buf_fmt(b, "%lld t", (long long)(rest / tonne));
        rest %= tonne;
        if (rest == 0)
            return;
        tmg_buf_char(b, ' ');
    }
    if (rest >= kilogram) {
        tmg_buf_fmt(b, "%lld kg", (long long)(rest / kilogram));
        rest %= kilogram;
        if (rest == 0)
            return;
        tmg_buf_char(b, ' ');
    }
    grams(b, rest);
}

tmg_change_of tmg_compare(int64_t before, int64_t now)
{
    return (tmg_change_of){before, now, now - before,
                           before == 0 ? TMG_NONE : tmg_mul_div(now - before, 1000000, before)};
}
