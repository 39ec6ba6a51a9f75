/* web/case_priv.h - what the routes of cases share. */
#ifndef TMG_WEB_CASE_PRIV_H
#define TMG_WEB_CASE_PRIV_H

#include "web/casework_priv.h"

enum { TMG_CASE_SEIZURES = 500 };

/* What the centre opened it about, as codes and words; nothing for a case that a person opened about
 * something else. */
TMG_MUST_USE tmg_rc tmg_write_case_about(tmg_json_out *j, tmg_db *db, const tmg_case *f, tmg_arena *a,
                                         tmg_err *err);
/* Its parties, and those whom its consignments offer. */
TMG_MUST_USE tmg_rc tmg_write_case_parties(tmg_json_out *j, tmg_db *db, int64_t case_id,
                                           const tmg_people *people, tmg_arena *a, tmg_err *err);
/* One change: adds a party, adds all that are offered, or takes one out. */
TMG_MUST_USE tmg_rc tmg_change_case_party(tmg_call *c, tmg_db *db, int64_t case_id, const tmg_json *v,
                                          tmg_err *err);

/* The answer with the whole case. */
/* What a case is linked to, given as the number of a declaration or of an order, or as "consignment:17". */
TMG_MUST_USE tmg_rc tmg_case_about(tmg_db *db, tmg_span text, tmg_arena *a, tmg_span *ret, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_write_case(tmg_call *c, int status, tmg_db *db, int64_t case_id, tmg_err *err);

#endif
