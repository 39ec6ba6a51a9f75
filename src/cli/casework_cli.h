/* cli/casework_cli.h - what the commands of casework share. */
#ifndef TMG_CLI_CASEWORK_CLI_H
#define TMG_CLI_CASEWORK_CLI_H

#include "app/casework.h"
#include "cli/rules_cli.h"

/* Writes that the actor looked at "kind:id" (id 0: at the list). */
TMG_MUST_USE tmg_rc tmg_note_reading(tmg_db *db, const tmg_actor *who, const char *action, const char *kind,
                                     int64_t id, tmg_err *err);
/* A refusal is written down in a transaction of its own; gives *err back as it was. */
tmg_rc tmg_note_refusal(tmg_centre *c, const tmg_actor *who, const char *wanted, const char *kind, int64_t id,
                        tmg_err *err);
/* "2026-09-16 08:40" by the centre's clock, in the buffer. */
void tmg_put_minute(tmg_buf *b, const tmg_centre *c, int64_t at_ms);

#endif
