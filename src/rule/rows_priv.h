/* rule/rows_priv.h - how codes stand in the sets of a row and of a condition. */
#ifndef TMG_RULE_ROWS_PRIV_H
#define TMG_RULE_ROWS_PRIV_H

#include "rule/fields.h"

void tmg_codes_sort(uint32_t *codes, size_t count); /* ascending */
/* Ascending, each once, without those not stated.  The array stays the row's. */
void tmg_row_put_set(tmg_row *row, tmg_set_field field, uint32_t *codes, size_t count);

#endif
