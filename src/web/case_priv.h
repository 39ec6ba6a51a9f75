/* web/case_priv.h - what the routes of cases share. */
#ifndef TMG_WEB_CASE_PRIV_H
#define TMG_WEB_CASE_PRIV_H

#include "web/casework_priv.h"

enum { TMG_CASE_SEIZURES = 500 };

/* The answer with the whole case. */
TMG_MUST_USE tmg_rc tmg_write_case(tmg_call *c, int status, tmg_db *db, int64_t case_id, tmg_err *err);

#endif
