/* rule/values.h - values of the rule language by themselves, for whoever wants numbers rather than hits.
 *
 * A source has a line for each: `name = value`, where the value is what may stand beside a comparison in a rule:
 * `history/consignee's month = count(declaration by consignee, 30d)`.  Empty lines and lines that begin with # are
 * passed over.  Read once, then immutable.
 */
#ifndef TMG_RULE_VALUES_H
#define TMG_RULE_VALUES_H

#include "rule/rule.h"

enum { TMG_MOST_VALUES = 200 };

typedef struct tmg_values tmg_values;
/* TMG_E_INVALID with the line and what is wrong with it. */
TMG_MUST_USE tmg_rc tmg_values_read(tmg_span source, tmg_values **ret, tmg_err *err);
void tmg_values_free(tmg_values *v); /* NULL is accepted */
size_t tmg_values_count(const tmg_values *v);
tmg_span tmg_values_name(const tmg_values *v, size_t i); /* borrowed */
/* What stands behind the name; borrowed. */
tmg_span tmg_values_text(const tmg_values *v, size_t i);
/* So that the book answers quickly; of the book's thread. */
void tmg_values_prepare(const tmg_values *v, tmg_book *b);
/* tmg_values_count numbers in micro; TMG_NONE is unknown. */
void tmg_values_of(const tmg_values *v, const tmg_row *row, const tmg_dict *dict, const tmg_rule_senses *senses,
                   int64_t *ret);

#endif
