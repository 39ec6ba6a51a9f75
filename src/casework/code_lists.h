/* casework/code_lists.h - the code lists of seizure records: config/codes-casework.ini.
 *
 * Immutable once read: any thread.
 */
#ifndef TMG_CASEWORK_CODE_LISTS_H
#define TMG_CASEWORK_CODE_LISTS_H

#include "base/text.h"

typedef struct tmg_code_lists tmg_code_lists;
typedef struct tmg_listed_code {
    tmg_span code, words[3]; /* en, az, ru */
} tmg_listed_code;

TMG_MUST_USE tmg_rc tmg_code_lists_read(const char *path, tmg_code_lists **ret, tmg_err *err);
void tmg_code_lists_free(tmg_code_lists *l); /* NULL is accepted */
/* Names of the lists: "place", "direction", ... */
size_t tmg_code_list_names(const tmg_code_lists *l, const tmg_span **ret);
/* The codes of one list in the order of the file; 0 when there is no such list. */
size_t tmg_code_list(const tmg_code_lists *l, const char *list, const tmg_listed_code **ret);
/* NULL when the list does not have it. */
const tmg_listed_code *tmg_listed_code_of(const tmg_code_lists *l, const char *list, tmg_span code);

#endif
