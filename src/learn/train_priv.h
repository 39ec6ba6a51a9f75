/* learn/train_priv.h - what tmg_train_run writes to tamga-train and what it hears: one JSON object as the
 * request, one JSON object a line as progress. */
#ifndef TMG_LEARN_TRAIN_PRIV_H
#define TMG_LEARN_TRAIN_PRIV_H

#include "learn/learn.h"

enum { TMG_MAX_TRAIN_REQUEST = 16384 };

/* `model` is where the trained file goes: ".json" at its end gives JSON, anything else UBJ. */
void tmg_train_request_write(const tmg_train_request *r, const char *model, tmg_buf *b);
/* What is not stated keeps the value of tmg_train_defaults; unknown members and values out of range are
 * refused.  The texts live in the arena. */
TMG_MUST_USE tmg_rc tmg_train_request_read(tmg_span json, tmg_arena *a, tmg_train_request *ret,
                                           const char **ret_model, tmg_err *err);

void tmg_train_progress_write(const tmg_train_progress *p, tmg_buf *b); /* with its line end */
TMG_MUST_USE tmg_rc tmg_train_progress_read(tmg_span line, tmg_train_progress *ret, tmg_err *err);

#endif
