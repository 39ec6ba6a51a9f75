/* model/hs_priv.h - the compiled-in words for commodity codes, sorted by code. */
#ifndef TMG_MODEL_HS_PRIV_H
#define TMG_MODEL_HS_PRIV_H

#include "model/codes.h"

extern const tmg_hs_row tmg_hs_builtin[];
extern const size_t tmg_hs_builtin_count;

#endif
