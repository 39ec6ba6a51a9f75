/* base/qty.h - exact decimal quantities as 64-bit integers of a smallest unit; never floating point.
 *
 * Mass is milligrams, money minor currency units (ISO 4217 exponent of the currency; 2 where unknown), rates
 * basis points (1/100 of a per cent), supplementary quantity thousandths of the unit.
 *
 * Pure functions: any thread.
 */
#ifndef TMG_BASE_QTY_H
#define TMG_BASE_QTY_H

#include "base/text.h"

/* What to do with digits below the smallest unit. */
typedef enum tmg_rounding {
    TMG_ROUND_REFUSE,   /* more digits than the unit has are an error (unless they are zeros) */
    TMG_ROUND_HALF_EVEN /* banker's rounding, for foreign files written from floating point */
} tmg_rounding;

/* Decimal text ("-12", "0.5", "1234.50", "6.3e2") times 10^scale as an exact integer.  A decimal comma is not
 * accepted.  TMG_E_INVALID: not a number, too many digits below the unit; TMG_E_LIMIT: outside int64. */
TMG_MUST_USE tmg_rc tmg_decimal_parse(tmg_span s, int scale, tmg_rounding rounding, int64_t *ret, tmg_err *err);

/* The shortest decimal text that reads back to v: 1250 at scale 3 is "1.25". */
void tmg_decimal_write(tmg_buf *b, int64_t v, int scale);
/* The same with exactly `scale` digits, for money: 1250 at scale 2 is "12.50". */
void tmg_decimal_write_fixed(tmg_buf *b, int64_t v, int scale);

/* As a person reads it: with commas between thousands and at least `fixed` decimals: 1240000 at 2, 2 is "12,400.00",
 * 108500000 at 6, 0 is "108.5". */
void tmg_grouped_write(tmg_buf *b, int64_t v, int scale, int fixed);

/* Minor-unit exponent of an ISO 4217 code (JPY 0, AZN 2, KWD 3); 2 for a code that is not in the table. */
int tmg_currency_exponent(tmg_span code);
/* Is it a currency of ISO 4217, in capital letters? */
bool tmg_currency_known(tmg_span code);

/* a * b / c with a 128-bit intermediate, rounded half to even; c > 0.  What does not fit
 * is the nearest int64. */
int64_t tmg_mul_div(int64_t a, int64_t b, int64_t c);

#endif
