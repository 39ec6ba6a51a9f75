/* risk/words_priv.h - numbers as an officer reads them. */
#ifndef TMG_RISK_WORDS_PRIV_H
#define TMG_RISK_WORDS_PRIV_H

#include "base/text.h"

/* v units of 10^-scale with commas between thousands and at least `fixed` decimals: 1240000 at 2, 2 is
 * "12,400.00", 108500000 at 6, 0 is "108.5". */
void tmg_grouped_write(tmg_buf *b, int64_t v, int scale, int fixed);
/* A probability in per cent with two significant digits below 10 %: "31 %", "4.2 %", "0.016 %". */
void tmg_percent_write(tmg_buf *b, int64_t ppb);

#endif
