#include "risk/words_priv.h"

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
