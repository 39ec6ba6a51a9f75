/* risk/wide_priv.h - 128-bit integers for products of two 64-bit ones; a compiler extension, named once. */
#ifndef TMG_RISK_WIDE_PRIV_H
#define TMG_RISK_WIDE_PRIV_H

__extension__ typedef __int128 tmg_wide;
__extension__ typedef unsigned __int128 tmg_uwide;

#endif
