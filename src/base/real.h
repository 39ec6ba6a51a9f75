/* base/real.h - natural logarithm and exponential from the four operations alone.
 *
 * IEEE 754 rounds + - * / the same everywhere, a C library's log and exp it does not: what is computed with these two
 * can be computed again bit for bit on any machine.  Both are within 2 units in the last place.
 *
 * Pure functions: any thread.
 */
#ifndef TMG_BASE_REAL_H
#define TMG_BASE_REAL_H

/* x finite and above 0. */
double tmg_ln(double x);
/* 0 below -700; above 700 as if x were 700. */
double tmg_exp(double x);
/* The probability of log-odds: 1 / (1 + e^-x). */
double tmg_logistic(double log_odds);

#endif
