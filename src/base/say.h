/* base/say.h - a sentence of the program as data: its code and what was filled in.
 *
 * A sentence is made by a printf format.  Its code is the format with the conversions numbered: "%d of %s" is
 * "{1} of {2}".  Its values are what each conversion wrote.  With both a screen says the same in another
 * language: the words for each code lie in ui/src/i18n/<language>/said.json, and tests/lint/said.py fails
 * where one is missing.  Formats are static strings.  No function here fails; what finds no room is left out.
 */
#ifndef TMG_BASE_SAY_H
#define TMG_BASE_SAY_H

#include "base/err.h"
#include "base/text.h"

#include <stdarg.h>

enum { TMG_MOST_SAID = 480, TMG_MOST_KEPT = 1024 };

/* The code of a format. */
void tmg_say_code(tmg_buf *b, const char *fmt);

/* What the conversions write, as lines "1=...", "2=..."; a line feed in a value becomes a blank, a value is
 * cut at a character.  `args` is used up.  Conversions: d i u x c s with any length, and f e g; * and .* too.
 */
void tmg_say_values(char *ret, size_t room, const char *fmt, va_list args);

/* A sentence that is kept as one text: its English on the first line, its code on the second, then its
 * values. Several are divided by an empty line. */
void tmg_say_keep(tmg_buf *b, const char *english, const char *fmt, const char *values);

/* Makes a sentence and keeps it so. */
void tmg_say_kept(tmg_buf *b, const char *fmt, ...) TMG_PRINTF(2, 3);
void tmg_say_kept_list(tmg_buf *b, const char *fmt, va_list args) TMG_PRINTF(2, 0);

/* Takes the next sentence off a kept text; `code` and `values` are absent where it is a plain text from
 * before sentences were kept so.  False at its end. */
typedef struct tmg_kept_said {
    tmg_span english, code, values;
} tmg_kept_said;
bool tmg_say_next(tmg_span *rest, tmg_kept_said *ret);

/* The English of a kept text alone, sentences divided by "; ". */
void tmg_say_english(tmg_buf *b, tmg_span kept);

#endif
