/* What the handlers of all routes share: the site, one call, and the ways to work for it. */
#ifndef TMG_WEB_SITE_PRIV_H
#define TMG_WEB_SITE_PRIV_H

#include "app/app.h"
#include "base/json.h"
#include "base/log.h"
#include "base/qty.h"
#include "web/events_priv.h"
#include "web/front.h"
#include "web/http.h"
#include "web/limit_priv.h"
#include "web/metrics_priv.h"
#include "web/pool.h"
#include "web/router.h"

#include <stdatomic.h>

#include "web/handlers.gen.h"

extern const tmg_route TMG_ROUTES[];
extern const size_t TMG_ROUTE_COUNT;

/* Which protected words an account tried while typing, so that a draft that is checked at every key makes one
 * leaf.  On the writer's thread only; what it has forgotten is logged again. */
enum { TMG_TRIED = 256 };
typedef struct tmg_tried {
    struct {
        uint64_t what;
        int64_t at_ms;
    } last[TMG_TRIED];
    size_t next;
} tmg_tried;

typedef struct tmg_site {
    tmg_centre *centre;
    tmg_writer *writer; /* NULL once the centre is closed */
    tmg_pool *readers, *passwords, *imports, *trials;
    atomic_bool stopping; /* what takes long ends early */
    tmg_hub *hub;
    tmg_metrics *metrics;
    tmg_limit *sign_ins;
    tmg_tried tried;
    tmg_front *front; /* NULL: not built */
    int64_t started_ms;
} tmg_site;

/* Data of one event loop. */
typedef struct tmg_place {
    tmg_site *site;
    tmg_loop *loop;
    tmg_db *db;
    tmg_live *live; /* its live streams */
} tmg_place;

typedef struct tmg_pair {
    tmg_span name, value;
} tmg_pair;
enum { TMG_MAX_QUERY = 16 };

/* One request as the handlers see it.  Lives in the request's arena. */
struct tmg_call {
    tmg_req *req;
    tmg_site *site;
    tmg_db *db; /* the loop's read connection: on the loop's thread only, and not after the loop's end */
    tmg_match match;
    tmg_actor who;
    tmg_span token; /* of the session; absent without one */
    char csrf[TMG_TOKEN_TEXT + 1];
    int64_t seen_ms;
    tmg_json *json; /* the body, checked against the route's schema */
    tmg_pair query[TMG_MAX_QUERY];
    size_t query_count;
    char object[64];    /* what it is about, for the log of refusals: "consignment:17" */
    int refused_status; /* answered before the body is read: refused, or a file of the front end */
    bool refused_is_leaf;
    tmg_err refusal;
    tmg_faults *faults; /* NULL until there is one; see tmg_call_faults */
    void (*cleanup)(void *arg);
    void *cleanup_arg;
};

/* The hooks of the HTTP server for this site. */
tmg_http_app tmg_site_app(tmg_site *s);

/* ---- asking ---- */
tmg_span tmg_call_query(const tmg_call *c, const char *name); /* absent when not given */
int64_t tmg_call_query_i64(const tmg_call *c, const char *name, int64_t otherwise);
bool tmg_call_query_bool(const tmg_call *c, const char *name);
/* A day given as query parameter; false when it was refused and answered. */
bool tmg_call_query_day(tmg_call *c, const char *name, int32_t otherwise, int32_t *ret);
/* The path parameter as an id; false when it is none and 404 was answered. */
bool tmg_call_id(tmg_call *c, size_t param, const char *what, int64_t *ret);
/* X-Purpose, or the query parameter "purpose"; "" when neither is given. */
const char *tmg_call_purpose(tmg_call *c);
bool tmg_call_sees_post(const tmg_call *c, int64_t post_id);

/* Is the body of this media type? */
bool tmg_call_body_is(const tmg_call *c, const char *media_type);
/* Reads the JSON body into c->json and checks it against the route's schema: c->json NULL or c->faults say
 * what is wrong.  Any thread that has the call. */
TMG_MUST_USE tmg_rc tmg_call_read_json(tmg_call *c, tmg_err *err);
/* What an import is to read, and how: the body itself or, of a JSON body, the text of `member` and the
 * mapping beside it; format and mapping as query parameters.  Any thread that has the call. */
TMG_MUST_USE tmg_rc tmg_call_input(tmg_call *c, const char *member, tmg_intake_options *ret_o,
                                   tmg_span *ret_bytes, tmg_err *err);
/* The answer to a failure of tmg_call_read_json; false when there was none of that kind. */
bool tmg_call_answer_body(tmg_call *c, const tmg_err *err);

/* ---- answering ---- */
/* The faults of this call's input, made when first asked for. */
tmg_faults *tmg_call_faults(tmg_call *c);
/* Begins a JSON answer. */
void tmg_call_json(tmg_call *c, int status, tmg_json_out *j);
void tmg_call_send(tmg_call *c);
/* A problem by the failure's code; what was denied is logged first. */
void tmg_call_fail(tmg_call *c, const tmg_err *err);
void tmg_call_problem(tmg_call *c, int status, const char *name, const tmg_err *why,
                      const tmg_faults *faults);
int tmg_rc_status(tmg_rc rc);
/* The same of another status or name than the failure's own. */
void tmg_call_problem_of(tmg_call *c, int status, const char *name, const tmg_err *why);
/* RFC 9457 into req->resp, with the stable code of the failure and what its sentence needs.  `why` may be
 * NULL: the code is then the name. */
void tmg_problem_write(tmg_req *req, int status, const char *name, const char *detail,
                       const tmg_faults *faults, const tmg_err *why);

/* ---- working elsewhere; the call is held meanwhile ---- */
typedef tmg_rc (*tmg_call_work)(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err);
/* On the loop again.  NULL stands for: answer what `work` prepared, or the problem.  Must not use c->db. */
typedef void (*tmg_call_then)(tmg_call *c, void *ctx, tmg_rc rc, const tmg_err *err);
void tmg_call_write(tmg_call *c, tmg_call_work work, tmg_call_then then,
                    void *ctx); /* by the writer; then: it is durable */
void tmg_call_offload(tmg_call *c, tmg_call_work work, tmg_call_then then,
                      void *ctx); /* by a reader of the pool */
void tmg_call_trial(tmg_call *c, tmg_call_work work, tmg_call_then then,
                    void *ctx); /* by a reader of its own, one after another: back-tests */
void tmg_call_slow(tmg_call *c, tmg_call_work work, tmg_call_then then,
                   void *ctx); /* passwords; db is NULL */
void tmg_call_import(tmg_call *c, tmg_call_work work, tmg_call_then then,
                     void *ctx); /* what takes minutes, one after another; db is NULL */

/* The outcome of a reader's work as a leaf before the answer leaves: `action` about `object`, as `ctx`, a
 * tmg_opened, says: for `then` of tmg_call_offload. */
typedef struct tmg_opened {
    const char *action; /* NULL: no leaf */
    char object[64];
    char details[256]; /* JSON members without braces, from tmg_opened_details */
} tmg_opened;
void tmg_opened_details(tmg_opened *o, const tmg_buf *json_object);
void tmg_call_log_opened(tmg_call *c, void *ctx, tmg_rc rc, const tmg_err *err);

/* A write job of the site itself. `free_ctx` (or NULL) is called at the end. */
typedef tmg_rc (*tmg_site_work)(tmg_site *s, void *ctx, tmg_db *db, tmg_err *err);
void tmg_site_write(tmg_site *s, tmg_site_work work, void *ctx, void (*free_ctx)(void *ctx));
/* Sends a live event of this type (static text) to whoever listens; takes over `data`, which is on the heap. */
void tmg_site_tell(tmg_site *s, const char *type, tmg_buf *data);

/* ---- the parts of an answer that several routes share ---- */
/* "code" and "params" of a sentence made by `form` (base/say.h). */
void tmg_write_code(tmg_json_out *j, const char *form, const char *values);
/* A kept text: its English as `key`, its sentences as data as `key`_said. */
void tmg_write_kept(tmg_json_out *j, const char *key, tmg_span kept);
void tmg_write_selection(tmg_json_out *j, const char *key, const tmg_selection *s);
void tmg_write_day(tmg_json_out *j, const char *key, int32_t day);
void tmg_write_means(tmg_json_out *j, const char *key, unsigned means);
void tmg_write_looked_at(tmg_json_out *j, unsigned looked_at);
unsigned tmg_read_means(const tmg_json *array);
/* {"probability", "raw", "item", "words", "path": [...]} per harm. */
void tmg_write_assessment(tmg_json_out *j, const char *key, const tmg_mind *m, const tmg_assessment *a,
                          const tmg_declaration *d);
/* {"probability", "words"} per harm, as members of the open object. */
void tmg_write_harms(tmg_json_out *j, const tmg_mind *m, const tmg_assessment *a, const tmg_declaration *d);
/* An array of the levels of a path, each with its group in words and as facts. */
void tmg_write_levels(tmg_json_out *j, const char *key, const tmg_level *levels, size_t count, size_t telling,
                      const tmg_mind *m, int32_t item_no, const tmg_declaration *d);
/* "reasons": the clauses of the harm's sentence as data. */
void tmg_write_reasons(tmg_json_out *j, const tmg_mind *m, const tmg_assessment *a, tmg_harm h,
                       const tmg_declaration *d);
/* "instruction", when a standing one selected it. */
void tmg_write_instruction(tmg_json_out *j, const tmg_centre *c, const tmg_selection *s);
/* "findings" of a record. */
void tmg_write_findings(tmg_json_out *j, const tmg_record *r);
/* One party as an object of that name, when it is stated. */
void tmg_write_party(tmg_json_out *j, const tmg_declaration *d, tmg_party_role role);
/* For what need not be there: TMG_E_NOT_FOUND is no failure, *ret_there is then false. */
TMG_MUST_USE tmg_rc tmg_if_there(tmg_rc rc, bool *ret_there);
/* Is the consignment's post within the actor's need-to-know?  TMG_E_DENIED, or TMG_E_NOT_FOUND. Fills
 * *ret_post_id. */
TMG_MUST_USE tmg_rc tmg_may_see(tmg_call *c, tmg_db *db, const tmg_declaration *d, int64_t *ret_post_id,
                                tmg_err *err);

#endif
