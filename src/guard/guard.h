/* guard/guard.h - who may do what, and the log that proves what was done.
 *
 * Every use of the centre by a person goes through here: sign-in gives an *actor*; each use is checked against the
 * actor's role (permission) and need-to-know (posts), default deny; what the law wants recorded becomes a leaf of
 * the tamper-evident log in the same transaction as the act itself (LED 2016/680 art. 25: who, when, what, why).
 *
 * Roles: analyst, chief, team, auditor, administrator, investigator, custodian, statistician.  Which permission
 * each has is data: guard/permissions.txt, compiled in, the same file the API description and the tests read.
 *
 * Thread rule: calls use the caller's connection; tmg_guard_log appends and so needs the write transaction
 * (TMG_E_CONFLICT without one); the other calls that write make one of their own when none is open.  The
 * head of the log lives in the database, so several processes may append in turn.
 */
#ifndef TMG_GUARD_GUARD_H
#define TMG_GUARD_GUARD_H

#include "model/model.h"
#include "store/store.h"

typedef enum tmg_role {
    TMG_ROLE_NONE,
    TMG_ANALYST,
    TMG_CHIEF,
    TMG_TEAM,
    TMG_AUDITOR,
    TMG_ADMINISTRATOR,
    TMG_INVESTIGATOR,
    TMG_CUSTODIAN,    /* of the evidence store */
    TMG_STATISTICIAN, /* the period's figures */
    TMG_ROLES
} tmg_role;
const char *tmg_role_name(tmg_role r);
tmg_role tmg_role_of(tmg_span word); /* TMG_ROLE_NONE when unknown */

/* Generated from guard/permissions.txt: TMG_MAY_DECLARATION_LODGE, ... */
#include "guard/permissions.gen.h"
const char *tmg_permission_name(tmg_permission p); /* "declaration.lodge" */
bool tmg_role_may(tmg_role r, tmg_permission p);

enum { TMG_MAX_ACTOR_POSTS = 64 };

/* Who is asking.  The command line acts as the system account of the operating system user that runs it
 * (account_id 0, role administrator, name "os:<user>"). */
typedef struct tmg_actor {
    int64_t account_id;
    tmg_role role;
    char name[64];
    char display[96];
    size_t post_count; /* 0: every post */
    int64_t posts[TMG_MAX_ACTOR_POSTS];
    char from[64];     /* network address, or "console" */
} tmg_actor;

tmg_actor tmg_actor_console(void);
/* Is the post within the actor's need-to-know?  0, no post: always. */
bool tmg_actor_sees(const tmg_actor *who, int64_t post_id);

/* TMG_E_DENIED with a sentence naming the missing right, unless the actor's role has it and post_id (0: no post
 * is concerned) is within its need-to-know.  Refusals are logged by the caller with tmg_guard_log_refusal. */
TMG_MUST_USE tmg_rc tmg_guard_may(const tmg_actor *who, tmg_permission p, int64_t post_id, tmg_err *err);

/* ---- accounts ---- */
/* name: 1 to 63 of a-z 0-9 . _ - @.  display: 1 to 95 bytes of UTF-8.  password: 12 to 256 bytes of UTF-8; kept as Argon2id (libsodium, INTERACTIVE limits or above; 64 MiB).
 * TMG_E_CONFLICT when the name is taken. posts: codes, none means every post. */
TMG_MUST_USE tmg_rc tmg_account_add(tmg_db *db, tmg_span name, tmg_span display, tmg_role role, tmg_span password,
                                    const tmg_span *posts, size_t post_count, int64_t *ret_id, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_account_set_password(tmg_db *db, tmg_span name, tmg_span password, tmg_err *err); /* ends its sessions */
TMG_MUST_USE tmg_rc tmg_account_close(tmg_db *db, tmg_span name, tmg_err *err);
typedef struct tmg_account {
    int64_t id;
    tmg_span name, display;
    tmg_role role;
    tmg_span posts; /* codes, comma separated */
    bool closed;
} tmg_account;
TMG_MUST_USE tmg_rc tmg_account_list(tmg_db *db, tmg_arena *a, tmg_account **ret, size_t *ret_count, tmg_err *err);

/* Slow on purpose (about 0.1 s of CPU): call it outside any transaction and off the event loop.  The stored hash is
 * read with tmg_account_secret; a wrong name must take the same time (pass the absent span as stored). */
TMG_MUST_USE tmg_rc tmg_account_secret(tmg_db *db, tmg_span name, tmg_arena *a, tmg_span *ret_stored, tmg_err *err);
bool tmg_password_fits(tmg_span stored, tmg_span password);

/* ---- sessions ---- */
enum { TMG_TOKEN_TEXT = 44 };
typedef struct tmg_session {
    char token[TMG_TOKEN_TEXT + 1]; /* base64url of 32 random bytes; only its hash is stored */
    char csrf[TMG_TOKEN_TEXT + 1];  /* to be sent back in X-CSRF-Token with every unsafe request */
    int64_t expires_ms;
} tmg_session;
/* Call with the outcome of tmg_password_fits.  Fitting: makes a session (12 h, ended by 60 min of silence) and logs
 * the sign-in.  Not fitting: counts it, logs it, after 5 failures in a row locks the account for 5 minutes, and returns TMG_E_DENIED
 * "the name or the password is wrong (...)" for wrong name, wrong password, locked and closed account alike.  What a
 * refusal writes must be kept: a job of the writer remembers TMG_E_DENIED elsewhere and itself returns TMG_OK. */
TMG_MUST_USE tmg_rc tmg_session_open(tmg_db *db, tmg_span name, bool fits, tmg_span from, tmg_session *ret,
                                     tmg_actor *ret_who, tmg_err *err);
/* The actor behind a cookie; TMG_E_DENIED when there is none, it is over, or the account is closed.  Reads only.
 * `from` is left empty for the caller to fill in; ret_csrf and ret_seen_ms may be NULL. */
TMG_MUST_USE tmg_rc tmg_session_actor(tmg_db *db, tmg_span token, tmg_actor *ret_who, char ret_csrf[TMG_TOKEN_TEXT + 1],
                                      int64_t *ret_seen_ms, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_session_touch(tmg_db *db, tmg_span token, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_session_close(tmg_db *db, const tmg_actor *who, tmg_span token, tmg_err *err);
/* Compares in constant time what came in X-CSRF-Token with the session's; false when either is empty. */
bool tmg_csrf_fits(const char *expected, tmg_span sent);

/* ---- the tamper-evident log ----
 *
 * Leaves are JSON objects {"seq","at","actor","role","from","action","object",...details}.  Leaf and node hashes as
 * RFC 6962 §2.1; checkpoints are C2SP tlog-checkpoint notes signed with Ed25519 (C2SP signed-note), origin
 * "tamga/<centre name>".  The key lies in <home>/keys/log.key (mode 0600), its public form in <home>/keys/log.vkey. */

/* Appends one leaf inside the open write transaction.  `action` is a word of docs/log.md ("consignment.read");
 * `object` names what it is about ("consignment:17"); `details` is "" or JSON members without braces
 * ("\"reason\":\"...\""), which must come from tmg_json_out and name none of the seven members above. */
TMG_MUST_USE tmg_rc tmg_guard_log(tmg_db *db, const tmg_actor *who, const char *action, const char *object,
                                  tmg_span details, tmg_err *err);
/* Appends "access.refused": who wanted `what` (a permission or an action) of `object`, and the sentence of refusal. */
TMG_MUST_USE tmg_rc tmg_guard_log_refusal(tmg_db *db, const tmg_actor *who, const char *what, const char *object,
                                          const tmg_err *why, tmg_err *err);

/* Signs the present head, stores and returns the note (when the head has not moved since the last one, that one). */
TMG_MUST_USE tmg_rc tmg_guard_checkpoint(tmg_db *db, const char *home, tmg_buf *ret_note, tmg_err *err);
/* Makes the key pair of a new centre; TMG_E_CONFLICT when there is one.  The key is named "tamga/<centre>" with '-' for
 * white space and '+', which the note format keeps for itself; at most 95 bytes. */
TMG_MUST_USE tmg_rc tmg_guard_make_key(const char *home, const char *centre, tmg_err *err);
/* Writes entries.jsonl, checkpoint (signed now), checkpoints/ (all earlier ones) and log.vkey into a new folder, for
 * `tamga-verify FOLDER` on another machine.  TMG_E_CONFLICT when the folder is there already. */
TMG_MUST_USE tmg_rc tmg_guard_export(tmg_db *db, const char *home, const char *folder, tmg_err *err);
/* Leaves from..from+most-1 as they were written. */
TMG_MUST_USE tmg_rc tmg_guard_entries(tmg_db *db, int64_t from, size_t most, tmg_arena *a, tmg_span **ret, size_t *ret_count, tmg_err *err);
typedef struct tmg_log_query {
    tmg_span actor, action; /* exactly; absent: any */
    tmg_span object;        /* what it begins with; absent: any */
    int64_t from_ms, to_ms; /* instants [from_ms, to_ms) */
    int64_t before;         /* leaves before this one */
    size_t most;
} tmg_log_query;
/* The newest leaves that fit, the oldest of them first.  *ret_more: earlier ones fit too. */
TMG_MUST_USE tmg_rc tmg_guard_find(tmg_db *db, const tmg_log_query *q, tmg_arena *a, tmg_span **ret, size_t *ret_count, bool *ret_more, tmg_err *err);
/* Every leaf about an exhibit but those of reading it, oldest first. */
TMG_MUST_USE tmg_rc tmg_guard_of_evidence(tmg_db *db, int64_t exhibit_id, tmg_arena *a, tmg_span **ret, size_t *ret_count,
                                          tmg_err *err);
TMG_MUST_USE tmg_rc tmg_guard_size(tmg_db *db, int64_t *ret_size, tmg_err *err);
/* RFC 6962 §2.1.1 inclusion proof of leaf `seq` in the tree of `size` leaves. */
TMG_MUST_USE tmg_rc tmg_guard_inclusion(tmg_db *db, int64_t seq, int64_t size, tmg_sha256 *ret_path, size_t max, size_t *ret_count, tmg_err *err);

#endif
