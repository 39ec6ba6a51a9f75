#include "guard/password_priv.h"

#include "guard/guard.h"

#include <pthread.h>
#include <sodium.h>

enum { PASSWORD_MIN = 12, PASSWORD_MAX = 256 };

_Static_assert(TMG_PASSWORD_HASH >= crypto_pwhash_STRBYTES, "room for libsodium's text");

tmg_rc tmg_password_hash(tmg_span password, char ret[TMG_PASSWORD_HASH], tmg_err *err)
{
    if (password.len < PASSWORD_MIN || password.len > PASSWORD_MAX || !tmg_utf8_valid(password))
        return TMG_FAIL(err, TMG_E_INVALID, "password: it must have %d to %d bytes of UTF-8", PASSWORD_MIN,
                        PASSWORD_MAX);
    if (sodium_init() < 0) /* it chooses the Argon2 that is fast on this processor */
        abort();
    if (crypto_pwhash_str(ret, password.ptr, password.len, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
        return TMG_FAIL(err, TMG_E_LIMIT,
                        "there is no memory to hash a password (64 MiB are needed): try again");
    return TMG_OK;
}

/* What the password of a name that nobody has is checked against, so that it takes as long as any other. */
static char nobodys_hash[crypto_pwhash_STRBYTES];

static void make_nobodys_hash(void)
{
    char secret[32];
    if (sodium_init() < 0)
        abort();
    tmg_random(secret, sizeof secret);
    if (crypto_pwhash_str(nobodys_hash, secret, sizeof secret, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
        abort();
    sodium_memzero(secret, sizeof secret);
}

bool tmg_password_fits(tmg_span stored, tmg_span password)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    char hash[crypto_pwhash_STRBYTES] = {0};
    pthread_once(&once, make_nobodys_hash);
    bool known = stored.len > 0 && stored.len < sizeof hash;
    if (known)
        memcpy(hash, stored.ptr, stored.len);
    else
        memcpy(hash, nobodys_hash, sizeof hash);
    if (password.len > PASSWORD_MAX)
        password.len = 0;
    bool fits = crypto_pwhash_str_verify(hash, password.ptr != NULL ? password.ptr : "", password.len) == 0;
    return known && fits;
}
