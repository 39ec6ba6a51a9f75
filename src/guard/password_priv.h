/* guard/password_priv.h - the stored form of a password. */
#ifndef TMG_GUARD_PASSWORD_PRIV_H
#define TMG_GUARD_PASSWORD_PRIV_H

#include "base/text.h"

enum { TMG_PASSWORD_HASH = 128 };

/* Argon2id as libsodium writes it, NUL-terminated; TMG_E_INVALID when the password is too short, too long or
 * not UTF-8. */
TMG_MUST_USE tmg_rc tmg_password_hash(tmg_span password, char ret[TMG_PASSWORD_HASH], tmg_err *err);

#endif
