#include "risk/words_priv.h"

#include "base/qty.h"

static void group_digits(tmg_buf *b, const char *digits, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            tmg_buf_char(b, ',');
        tmg_buf_char(b, digits[i]);
    }
}

void tmg_grouped_write(tmg_buf *b, int64_t v, int scale, int fixed)
{
    TMG_AUTO_BUF plain = {0};
    tmg_buf_init(&plain, 64);
    tmg_decimal_write_fixed(&plain, v, scale);
    const char *p = plain.ptr;
    if (*p == '-') {
        tmg_buf_char(b, '-');
        p++;
    }
    size_t whole = strcspn(p, ".");
    group_digits(b, p, whole);
    size_t decimals = strlen(p) > whole ? strlen(p) - whole - 1 : 0;
    while (decimals > (size_t)fixed && p[whole + decimals] == '0')
        decimals--;
    if (decimals > 0)
        tmg_buf_put(b, p + whole, decimals + 1);
}

void tmg_percent_write(tmg_buf *b, int64_t ppb)
{
    const int64_t one_percent = 10000000;
    int64_t step = 1;
    while (step < one_percent && ppb >= 100 * step)
        step *= 10;
    int64_t rounded = (ppb + step / 2) / step * step;
    tmg_decimal_write(b, rounded, 7);
    tmg_buf_z(b, " %");
}
