/* risk/words_priv.h - numbers as an officer reads them. */
#ifndef TMG_RISK_WORDS_PRIV_H
#define TMG_RISK_WORDS_PRIV_H

#include "base/qty.h"

/* A probability in per cent with two significant digits below 10 %: "31 %", "4.2 %", "0.016 %". */
void tmg_percent_write(tmg_buf *b, int64_t ppb);

#endif
