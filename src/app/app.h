/* app/app.h - what the centre can do, as one call per use: the place where rooms are wired together.
 *
 * A *centre* is a folder (TAMGA_HOME): tamga.ini, centre.db, keys/, evidence/, inbox/.  Both doors, the
 * command line and HTTP, change things only through app/: declarations, control, queue, capacity and clock here,
 * and app/rules.h, app/models.h, app/casework.h, app/papers.h for their subjects (app/back_test.h changes nothing,
 * app/demo.h serves the demonstration).  Each use checks the
 * actor's right, does its work in one transaction and writes its leaf in the log inside it.
 *
 * Thread rule: a tmg_centre is opened once per process.  Functions taking `tmg_centre *` and a `tmg_db *` run
 * on the writer's thread with its connection (tmg_writer_run / _submit), or in a single-threaded command.
 */
#ifndef TMG_APP_APP_H
#define TMG_APP_APP_H

#include "guard/guard.h"
#include "intake/intake.h"
#include "risk/choosing.h"
#include "store/records.h"

typedef struct tmg_settings {
    const char *home, *name; /* name of the centre */
    const char *share; /* where shipped configuration lies (config/ of the source or of the installation) */
    int offset_min;    /* local time of the centre: 240 for Baku */
    const char *currency;
    const char *country;   /* ISO 3166 alpha-2, of which the posts are */
    const char *languages; /* of the screens, the first one to begin with: "az, en, ru" */
    const char *listen_host;
    int listen_port;
    bool demonstration; /* clock stands still while the centre is stopped; accounts may be shown */
    int result_delay_h; /* a foreign label becomes known so long after lodging */
    const char *inbox;  /* watched folder, or NULL */
} tmg_settings;

typedef struct tmg_centre tmg_centre;

/* The folder of shipped configuration: $TAMGA_SHARE, else share/tamga or config in a folder above the program
 * (an installed one, or one run from its build folder in the source). */
TMG_MUST_USE tmg_rc tmg_share_find(tmg_arena *a, const char **ret, tmg_err *err);

/* Makes a new centre in an empty or missing folder. */
TMG_MUST_USE tmg_rc tmg_centre_make(const char *home, const char *name, bool demonstration,
                                    int64_t demonstration_now_ms, tmg_err *err);
/* Reads tamga.ini, opens the database (migrating forward), loads codes and the mind. */
TMG_MUST_USE tmg_rc tmg_centre_open(const char *home, tmg_centre **ret, tmg_err *err);
void tmg_centre_close(tmg_centre *c); /* keeps the demonstration clock; NULL is accepted */
const tmg_settings *tmg_centre_settings(const tmg_centre *c);
tmg_db *tmg_centre_db(tmg_centre *c); /* the write connection */
/* Starts the writer thread on the write connection; from now on every change goes through it.
 * tmg_centre_close stops it. */
TMG_MUST_USE tmg_rc tmg_centre_start_writer(tmg_centre *c, tmg_writer **ret, tmg_err *err);
/* Runs a write job now: on the writer's thread when there is one, else here in a transaction of its own. */
TMG_MUST_USE tmg_rc tmg_centre_write(tmg_centre *c, tmg_write_work work, void *ctx, tmg_err *err);
tmg_mind *tmg_centre_mind(tmg_centre *c);
const tmg_mandatory *
tmg_centre_mandatory(const tmg_centre *c); /* the same while the centre is open: any thread */
TMG_MUST_USE tmg_rc tmg_centre_reader(const tmg_centre *c, tmg_db **ret,
                                      tmg_err *err); /* another, read-only connection */
int32_t tmg_centre_today(const tmg_centre *c);
/* Brings the mind level with the database: results that another process stored, or a rolled-back transaction
 * lost. First thing in every write job. */
TMG_MUST_USE tmg_rc tmg_centre_sync(tmg_centre *c, tmg_db *db, tmg_err *err);

/* ---- lodging ---- */
typedef struct tmg_lodged {
    tmg_saved saved;
    int64_t consignment_id, declaration_id;
    int32_t version;
    bool selected; /* it is ahead of us and has a selection */
    tmg_selection selection;
    tmg_assessment assessment;
} tmg_lodged;

/* Stores, assesses and selects one checked declaration, with the control result that came with it (or NULL),
 * and logs it.  A declaration with a result, or expected (without an expected arrival: lodged) before
 * today, is *history*: it is assessed as of its lodging and gets no selection.  Runs inside the caller's transaction. */
TMG_MUST_USE tmg_rc tmg_lodge_one(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t source_id,
                                  tmg_declaration *d, tmg_result *r, tmg_arena *a, tmg_lodged *ret,
                                  tmg_err *err);
/* Keeps a bad record for a person: its first faulty field, all that is wrong in words, its original bytes.
 * *ret_id is the row in which it waits, which may be that of an earlier import of the same bytes. */
TMG_MUST_USE tmg_rc tmg_quarantine_record(tmg_db *db, int64_t source_id, const tmg_record *rec,
                                          int64_t *ret_id, tmg_err *err);
/* The source that stands for the HTTP door since this start of the program. */
TMG_MUST_USE tmg_rc tmg_api_source(tmg_centre *c, tmg_db *db, int64_t *ret_id, tmg_err *err);

typedef struct tmg_import_options {
    tmg_intake_options intake;
    const char *source_name;
    bool make_posts; /* unknown office codes become posts (foreign test data) */
    const tmg_sha256
        *input_hash; /* of the whole input where the caller has it already; NULL: computed here */
    /* After each batch: the first `bytes` of the input are done with and may be given back to the system. */
    void (*progress)(void *ctx, size_t bytes, size_t of, const tmg_source_counts *counts);
    void *progress_ctx;
    /* Asked after each batch; true ends the import there with TMG_E_STORE. NULL: never. */
    bool (*stop)(void *progress_ctx);
} tmg_import_options;
typedef struct tmg_import_summary {
    int64_t source_id;
    tmg_source_counts counts;
    int64_t results, remarks;
} tmg_import_summary;
/* A whole input, in transactions of 20,000 records (500 when a writer runs, so that others get their turn);
 * bad records go to quarantine.  What was committed before a failure stays.  Not from the writer's own
 * thread. */
TMG_MUST_USE tmg_rc tmg_import(tmg_centre *c, const tmg_actor *who, tmg_span bytes,
                               const tmg_import_options *o, tmg_import_summary *ret, tmg_err *err);

/* Fills in what reading for this centre needs: where shipped mappings lie, the offset, the currency. */
void tmg_intake_prepare(const tmg_centre *c, tmg_arena *a, tmg_intake_options *o);

/* A look at the head of an input: what an import would make of it. */
typedef struct tmg_look {
    const char *format; /* NULL when it is none */
    char separator;     /* of a CSV file; 0 of another */
    tmg_span *columns;  /* of a CSV file */
    size_t column_count;
    tmg_record *records; /* their texts live until tmg_look_close */
    size_t record_count;
    tmg_err problem;  /* why it cannot be read at all; rc TMG_OK: it can */
    int mapping_line; /* of the mapping, that the problem is about, or 0 */
    tmg_reader *reader;
} tmg_look;
/* Reads the first `most` records.  A post that the centre does not have is a fault, unless make_posts.  What
 * cannot be read is told in ret->problem; a failure is one of the database.  Any thread; `head` and `o` must
 * outlive *ret, which tmg_look_close ends after a failure too. */
TMG_MUST_USE tmg_rc tmg_import_look(const tmg_centre *c, tmg_db *db, tmg_span head,
                                    const tmg_intake_options *o, bool make_posts, size_t most, tmg_arena *a,
                                    tmg_look *ret, tmg_err *err);
void tmg_look_close(tmg_look *l);

/* ---- what is new about a consignment ---- */

/* Something that a party has not done before, or not to this extent. */
typedef struct tmg_difference {
    tmg_party_role role;
    const char *what;        /* "first", "heading", "departure", "post" or "value" */
    tmg_span words;          /* "first time at Bilasuvar; usually Astara (12 of 14)" */
    tmg_span now, usual;     /* heading, country, code of the post, or amount; absent for "first" */
    int64_t usual_count, of; /* how many of the earlier ones were as usual; for a value both are how many */
} tmg_difference;

enum { TMG_PAST_LOOKED_AT = 50, TMG_MAX_DIFFERENCES = 8 };

/* Compares d with earlier consignments of its party in that role (tmg_party_history, the newest
 * TMG_PAST_LOOKED_AT are looked at): a heading of the goods, a country of departure or a post that is not
 * among them, a value of more than three times their median (of the same currency, at least three), or no
 * earlier one at all.  Writes at most TMG_MAX_DIFFERENCES.  Nothing when the role is not stated. */
TMG_MUST_USE tmg_rc tmg_differences(tmg_db *db, const tmg_declaration *d, tmg_party_role role,
                                    const tmg_past *past, size_t count, tmg_arena *a, tmg_difference *ret,
                                    size_t *ret_count, tmg_err *err);

/* ---- deciding and closing ---- */
/* Stores d (at_ms, account_id and ids are filled in), moves the selection's state. Release, wait and escalate
 * against the lane, and inspection of a green one, need a reason of at least 3 characters; TMG_E_CONFLICT
 * when a result has closed it.  What waits until a time (at most 30 days ahead) is opened by tmg_tick then.
 */
TMG_MUST_USE tmg_rc tmg_decide(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t consignment_id,
                               tmg_decision *d, tmg_err *err);

/* Takes back the last decision about a consignment, within TMG_WITHDRAW_MS and by the account that made it;
 * the selection stands as before it.  The decision stays on record, the withdrawal is one more.
 * TMG_E_CONFLICT says why not: nothing to take back, another account's, too late, closed by a result. */
#define TMG_WITHDRAW_MS INT64_C(60000)
TMG_MUST_USE tmg_rc tmg_withdraw(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t consignment_id,
                                 tmg_err *err);

/* Of all decisions about a consignment, oldest first: the one that holds, once those taken back are left out;
 * NULL when none does. */
const tmg_decision *tmg_decision_in_force(const tmg_decision *list, size_t count);

typedef struct tmg_moved {
    tmg_assessment before, after; /* of the consignment's declaration, as if it arrived again */
} tmg_moved;
/* Stores the result, teaches the mind at once, closes the selection, and judges again what is open and ahead: at once,
 * or in slices after it where more than 400 wait. */
TMG_MUST_USE tmg_rc tmg_enter_result(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t consignment_id,
                                     tmg_result *r, tmg_moved *ret, tmg_err *err);

TMG_MUST_USE tmg_rc tmg_set_capacity(tmg_centre *c, tmg_db *db, const tmg_actor *who, tmg_span post_code,
                                     int32_t day_or_none, const tmg_capacity *cap,
                                     tmg_err *err); /* chooses again for the days concerned */
/* What a post's shift has of each means; those not named stay as they are.  Chooses again as for the capacity. */
TMG_MUST_USE tmg_rc tmg_set_means(tmg_centre *c, tmg_db *db, const tmg_actor *who, tmg_span post_code,
                                  int32_t day_or_none, int32_t shift, const tmg_slots *slots, size_t count,
                                  tmg_err *err);
TMG_MUST_USE tmg_rc tmg_set_dial(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t w_minor,
                                 tmg_err *err);
/* Reading a consignment is a leaf in the log too. */
TMG_MUST_USE tmg_rc tmg_log_read(tmg_db *db, const tmg_actor *who, int64_t consignment_id,
                                 const char *purpose, tmg_err *err);
/* Wakes what slept until now, opens the day's key (committed in the log), publishes past ones, signs a
 * checkpoint.  The scheduler calls it every minute. */
TMG_MUST_USE tmg_rc tmg_tick(tmg_centre *c, tmg_db *db, tmg_err *err);

/* ---- events for the live doors ---- */
typedef struct tmg_event {
    const char *type; /* "declaration.lodged", "decision.made", "consignment.woke", "selection.changed", "result.entered",
                         "capacity.set", "means.set", "dial.set", "watch.alarm" */
    int64_t consignment_id, post_id;
    tmg_span data;        /* JSON object */
    tmg_permission right; /* who hears of it: whoever has this right at the post, */
    int64_t case_id;      /* and may read this case; 0: of no case */
} tmg_event;
typedef void (*tmg_listener)(void *ctx, const tmg_event *e);
/* Called on the writer's thread after each use, before its commit is durable: listeners hold events back
 * until then. */
void tmg_centre_listen(tmg_centre *c, tmg_listener listener, void *ctx);
/* Jobs that the centre gives itself (slices of what is owed) go to the writer through this, so that who listens can hold
 * back their events too; without it they go there directly. */
typedef void (*tmg_job_door)(void *ctx, tmg_write_work work, void *work_ctx);
void tmg_centre_jobs(tmg_centre *c, tmg_job_door door, void *ctx);

/* ---- the watched folder ----
 * Imports what lies complete (untouched for 2 s, no .part or .tmp) in <home>/inbox and its subfolders; a
 * subfolder's name is the mapping of its files.  Afterwards a file lies in inbox/.done or inbox/.failed with
 * the reason beside it. Calls told with one line per file. */
TMG_MUST_USE tmg_rc tmg_inbox_scan(tmg_centre *c, const tmg_actor *who,
                                   void (*told)(void *ctx, const char *line), void *ctx, tmg_err *err);

/* ---- first contents of a centre ---- */
/* Posts with their standing capacity from a JSON array (docs/operation.md). */
TMG_MUST_USE tmg_rc tmg_load_posts(tmg_centre *c, const tmg_actor *who, const char *path, int64_t *ret_count,
                                   tmg_err *err);
/* A complete commodity code list: CSV with columns for code and words (found by header: hscode|code,
 * description|words). */
TMG_MUST_USE tmg_rc tmg_load_codes(tmg_centre *c, const tmg_actor *who, tmg_span csv, int64_t *ret_count,
                                   int64_t *ret_skipped, tmg_err *err);
/* Assesses again, with what is known now, everything that is still open and ahead, and chooses anew. */
TMG_MUST_USE tmg_rc tmg_reassess_ahead(tmg_centre *c, const tmg_actor *who, tmg_err *err);
/* Refits the calibration from stored results. */
TMG_MUST_USE tmg_rc tmg_calibrate(tmg_centre *c, const tmg_actor *who, tmg_err *err);

/* ---- judging two files without a centre: `tamga evaluate` ---- */
typedef struct tmg_verdict {
    tmg_evaluation all, seen,
        fresh; /* seen: its finest-but-price group occurs in the training file; fresh: it does not */
    int64_t seen_rows, fresh_rows;
    int64_t train_bad_rows, test_bad_rows; /* could not be read */
} tmg_verdict;
/* The same for learned models: trained on the first file, judged on the second, four ways side by side. */
typedef enum tmg_way {
    TMG_WAY_PROFILES, /* alone, as tmg_evaluate_files */
    TMG_WAY_MODEL,    /* the learned models alone */
    TMG_WAY_FUSION,   /* both together, as a centre would use them */
    TMG_WAY_GOODS,    /* the rule of thumb to compare with: how often goods of that subheading were fraud */
    TMG_WAYS
} tmg_way;
struct tmg_train_progress; /* learn/learn.h */
typedef struct tmg_training_watch {
    void (*progress)(void *ctx, tmg_harm h, const char *stage, const struct tmg_train_progress *p);
    void *ctx;
} tmg_training_watch;
TMG_MUST_USE tmg_rc tmg_evaluate_learned(const char *chains, const char *train, const char *test,
                                         const tmg_intake_options *o, double w, const tmg_training_watch *watch,
                                         tmg_verdict ret[TMG_WAYS], tmg_err *err);
TMG_MUST_USE tmg_rc tmg_evaluate_files(const char *chains, const char *train, const char *test,
                                       const tmg_intake_options *o, double w, tmg_verdict *ret, tmg_err *err);

#endif
