/* casework/seizure_priv.h - what the files of seizures share. */
#ifndef TMG_CASEWORK_SEIZURE_PRIV_H
#define TMG_CASEWORK_SEIZURE_PRIV_H

#include "casework/reading_priv.h"

/* Are these words - three letters or digits at least -, not blanks or dots? */
bool tmg_said(tmg_span words);
TMG_MUST_USE tmg_rc tmg_must_be_listed(const tmg_code_lists *codes, const char *field, const char *list,
                                       tmg_span code, tmg_err *err);
/* The head of a seizure: codes, words, limits. */
TMG_MUST_USE tmg_rc tmg_seizure_check(const tmg_code_lists *codes, const tmg_seizure *s, tmg_err *err);
/* Instruments and documents. */
TMG_MUST_USE tmg_rc tmg_seizure_lists_check(const tmg_code_lists *codes, const tmg_seizure *z, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_seizure_lists_store(tmg_db *db, const tmg_seizure *z, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_seizure_lists_replace(tmg_db *db, const tmg_seizure *z, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_seizure_lists_read(tmg_db *db, tmg_seizure *z, tmg_arena *a, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_line_check(const tmg_code_lists *codes, tmg_db *db, const tmg_substance_line *l,
                                   int32_t day, tmg_err *err);
/* What one line, or one seizure, may say at most (casework/limits.c). */
TMG_MUST_USE tmg_rc tmg_line_limits(const tmg_substance_line *l, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_value_limit(int64_t value_minor, tmg_err *err);
/* No control characters and none that turn the writing round: what is read is what stands there. */
TMG_MUST_USE tmg_rc tmg_plain_text(const char *field, tmg_span text, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_line_store(tmg_db *db, int64_t seizure_id, tmg_substance_line *l, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_lines_read(tmg_db *db, tmg_seizure *z, tmg_arena *a, tmg_err *err);

#endif
