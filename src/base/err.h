/* base/err.h - how every function of Tamga says that it failed.
 *
 * A function that can fail returns tmg_rc and takes a caller-owned tmg_err as its last argument.  On failure
 * the error holds one sentence that may be shown to the user: what is wrong, where, what to do.  It holds no
 * secret and no personal data beyond what the caller sent.  Outputs named ret_* are untouched on failure.
 * Library code never logs; the program's outermost layer does, once.  `err` may be NULL when only the code
 * matters.  A tmg_err belongs to one thread.
 */
#ifndef TMG_BASE_ERR_H
#define TMG_BASE_ERR_H

typedef enum tmg_rc {
    TMG_OK = 0,
    TMG_E_INVALID = -1,   /* the input is wrong                      HTTP 400/422, exit 2 */
    TMG_E_NOT_FOUND = -2, /* it names something that is not there    HTTP 404,     exit 3 */
    TMG_E_DENIED = -3,    /* the caller may not                      HTTP 403,     exit 4 */
    TMG_E_CONFLICT = -4,  /* it does not fit the present state       HTTP 409,     exit 5 */
    TMG_E_LIMIT = -5,     /* a stated maximum is passed              HTTP 413/429, exit 6 */
    TMG_E_STORE = -6,     /* the database refused or failed          HTTP 503,     exit 7 */
    TMG_E_IO = -7,        /* a file, socket or process failed        HTTP 500,     exit 8 */
} tmg_rc;

typedef struct tmg_err {
    tmg_rc rc;
    int line;         /* where in the source the error was made */
    const char *file; /* static string */
    char text[480];   /* one sentence, UTF-8, cut at a character boundary */
    const char
        *code; /* stable name of this very failure, for screens in other languages; NULL: it has none */
    const char
        *form; /* the format of the sentence, static: what it is known by without a name (base/say.h) */
    char params[480]; /* what the sentence needs: "name=value" lines; those of the format are 1, 2, ..., and
                         "in" is what tmg_err_within put before it */
} tmg_err;

#define TMG_MUST_USE          __attribute__((warn_unused_result))
#define TMG_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* Fills *err (when not NULL) and returns rc, so that `return TMG_FAIL(err, TMG_E_INVALID, "...")` reads well.
 */
#define TMG_FAIL(err, rc, ...) tmg_err_set((err), (rc), __FILE__, __LINE__, __VA_ARGS__)

/* Leaves the calling function with the failure of `call`. */
#define TMG_TRY(call)                                                                                        \
    do {                                                                                                     \
        tmg_rc tmg_try_rc_ = (call);                                                                         \
        if (tmg_try_rc_ != TMG_OK)                                                                           \
            return tmg_try_rc_;                                                                              \
    } while (0)

tmg_rc tmg_err_set(tmg_err *err, tmg_rc rc, const char *file, int line, const char *fmt, ...)
    TMG_PRINTF(5, 6);

/* Puts "<context>: " in front of the sentence already in *err; returns err->rc.  For the layer that knows the
 * file, row or record in which the failure happened.  Without an err the code is lost: TMG_E_INVALID. */
tmg_rc tmg_err_within(tmg_err *err, const char *fmt, ...) TMG_PRINTF(2, 3);

/* Names the failure that was just made: `return tmg_err_code(TMG_FAIL(err, TMG_E_CONFLICT, "..."), err,
 * "decision.closed", "consignment=%lld", id)`.  `code` is a static string; `params` as in tmg_err.  Returns
 * rc. */
tmg_rc tmg_err_named(tmg_rc rc, tmg_err *err, const char *code); /* whose sentence needs nothing */
tmg_rc tmg_err_code(tmg_rc rc, tmg_err *err, const char *code, const char *params, ...) TMG_PRINTF(4, 5);

/* "invalid", "not_found", ...: the stable name of a code, used in API problem types and in logs. */
const char *tmg_rc_name(tmg_rc rc);

/* Exit status of the command line for a code: 0 for TMG_OK, 2..8 as listed above. */
int tmg_rc_exit(tmg_rc rc);

#endif
