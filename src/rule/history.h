/* rule/history.h - many rows in columns, for judging one rule over all of them: back-tests.
 *
 * A history keeps copies of rows (consignment, declaration, instant, codes, numbers, sets), a column per
 * field; a field that no row states costs nothing.  A declaration takes 200 to 260 bytes.  The
 * dictionary is borrowed.
 *
 * Thread rule: one thread adds; afterwards any number of threads may ask, if the senses they bring allow it.
 */
#ifndef TMG_RULE_HISTORY_H
#define TMG_RULE_HISTORY_H

#include "rule/rule.h"

typedef struct tmg_history tmg_history;
tmg_history *tmg_history_new(const tmg_dict *dict);
void tmg_history_free(tmg_history *h); /* NULL is accepted */
void tmg_history_add(tmg_history *h, const tmg_row *row);
size_t tmg_history_count(const tmg_history *h);
size_t tmg_history_bytes(const tmg_history *h);
/* Row i as it was added.  Its sets are borrowed from the history until the next add. */
void tmg_history_row(const tmg_history *h, size_t i, tmg_row *ret);

/* Judges the rule over every row, in order of adding.  Bit i % 64 of ret_hits[i / 64] says whether row i is
 * hit; the caller gives (count + 63) / 64 words.  *ret_unknown (may be NULL) is how many rows came out
 * unknown.  What the senses know is asked only of rows which the rest of the condition leaves open.  The
 * answer is tmg_rule_judge's.  Returns the number of hits. */
size_t tmg_history_hits(const tmg_history *h, const tmg_rule *r, const tmg_rule_senses *senses,
                        uint64_t *ret_hits, size_t *ret_unknown);

#endif
