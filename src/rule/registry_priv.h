/* rule/registry_priv.h - what the files of the registry share. */
#ifndef TMG_RULE_REGISTRY_PRIV_H
#define TMG_RULE_REGISTRY_PRIV_H

#include "rule/registry.h"

/* Rows collected in an arena. */
typedef struct tmg_found_rows {
    tmg_arena *arena;
    void *at;
    size_t count, room, size;
} tmg_found_rows;
void *tmg_found_next(tmg_found_rows *f);

#endif
