/* base/log.h - the operator's log: one logfmt line per event on standard error (https://brandur.org/logfmt).
 *
 * Only program code (app, web, cli) logs; rooms return errors.  Not to be confused with the tamper-evident log of
 * guard/.  Any thread; one write(2) per line.
 */
#ifndef TMG_BASE_LOG_H
#define TMG_BASE_LOG_H

#include "base/err.h"

typedef enum tmg_log_level { TMG_LOG_ERROR, TMG_LOG_WARN, TMG_LOG_INFO } tmg_log_level;

/* `fields` is a printf format for "key=value key=\"text\"" pairs after ts, level, mod and msg. */
void tmg_log(tmg_log_level level, const char *mod, const char *msg, const char *fields, ...) TMG_PRINTF(4, 5);

#endif
