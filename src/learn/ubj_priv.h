/* learn/ubj_priv.h - reads Universal Binary JSON (draft 12) as far as XGBoost writes it: big-endian numbers,
 * typed and counted arrays, objects without type and count.  Every length is checked against the bytes that
 * follow. */
#ifndef TMG_LEARN_UBJ_PRIV_H
#define TMG_LEARN_UBJ_PRIV_H

#include "learn/trees_priv.h"

typedef struct tmg_ubj {
    const unsigned char *at, *end, *start;
    int level;
    tmg_arena *arena;
    tmg_booster_file *to;
    tmg_tree_file *tree; /* the one that is read */
} tmg_ubj;

/* Takes or skips the value of a member; its type byte was taken. */
typedef tmg_rc tmg_ubj_member(tmg_ubj *u, tmg_span key, char type, tmg_err *err);

tmg_rc tmg_ubj_broken(const tmg_ubj *u, const char *what, tmg_err *err); /* TMG_E_INVALID with the place */
TMG_MUST_USE tmg_rc tmg_ubj_type(tmg_ubj *u, char *ret, tmg_err *err);
/* Behind '{': each member to `member`. */
TMG_MUST_USE tmg_rc tmg_ubj_object(tmg_ubj *u, tmg_ubj_member *member, tmg_err *err);
/* What follows '[': the type of all entries or 0, their number or SIZE_MAX when ']' ends them. */
TMG_MUST_USE tmg_rc tmg_ubj_array(tmg_ubj *u, char *ret_type, size_t *ret_count, tmg_err *err);
/* Is there one more entry?  Swallows the ']' of an array without count. */
bool tmg_ubj_more(tmg_ubj *u, size_t count, size_t taken);
TMG_MUST_USE tmg_rc tmg_ubj_skip(tmg_ubj *u, char type, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_ubj_text(tmg_ubj *u, char type, tmg_span *ret,
                                 tmg_err *err); /* borrowed from the file */
TMG_MUST_USE tmg_rc tmg_ubj_numbers(tmg_ubj *u, char type, tmg_numbers *ret, tmg_err *err);

#endif
