/* rule/history_priv.h - the columns of a history. */
#ifndef TMG_RULE_HISTORY_PRIV_H
#define TMG_RULE_HISTORY_PRIV_H

#include "rule/history.h"

typedef struct tmg_set_column {
    uint64_t *first; /* of the row's codes in the pool; NULL where no row has any */
    uint16_t *count;
    uint32_t *pool;
    size_t used, room;
} tmg_set_column;

struct tmg_history {
    const tmg_dict *dict;
    size_t count, room;
    int64_t *consignment_id, *declaration_id, *at_ms;
    int32_t *item_no;
    uint32_t *code[TMG_CODE_FIELDS]; /* NULL where no row states it */
    int64_t *number[TMG_NUMBER_FIELDS];
    tmg_set_column set[TMG_SET_FIELDS];
};

#endif
