/* base/arena_priv.h - for readers that must not let one record of outside input run an arena past its end. */
#ifndef TMG_BASE_ARENA_PRIV_H
#define TMG_BASE_ARENA_PRIV_H

#include "base/arena.h"

size_t tmg_arena_left(const tmg_arena *a); /* bytes until its cap */

#endif
