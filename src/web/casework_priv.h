/* web/casework_priv.h - what the routes of casework share. */
#ifndef TMG_WEB_CASEWORK_PRIV_H
#define TMG_WEB_CASEWORK_PRIV_H

#include "app/casework.h"
#include "web/site_priv.h"

/* Names of accounts by id, read once per answer. */
typedef struct tmg_people {
    tmg_account *list;
    size_t count;
} tmg_people;
TMG_MUST_USE tmg_rc tmg_people_read(tmg_db *db, tmg_arena *a, tmg_people *ret, tmg_err *err);
tmg_span tmg_person(const tmg_people *p, int64_t account_id); /* "centre" for 0 */
/* TMG_E_INVALID when nobody has this name. */
TMG_MUST_USE tmg_rc tmg_person_id(const tmg_people *p, tmg_span name, int64_t *ret, tmg_err *err);

/* The first column of the row of that id; absent when there is none. `sql` is static text. */
tmg_span tmg_name_of(tmg_db *db, const char *sql, int64_t id, tmg_arena *a);
#define TMG_POST_CODE   "SELECT code FROM post WHERE id = $1"
#define TMG_CASE_NUMBER "SELECT number FROM case_file WHERE id = $1"

/* {"en","az","ru"} */
void tmg_write_words(tmg_json_out *j, const char *key, const tmg_span words[3]);
/* A member when the text is not empty, or the number is stated. */
void tmg_write_said(tmg_json_out *j, const char *key, tmg_span text);
void tmg_write_stated(tmg_json_out *j, const char *key, int64_t number);
void tmg_write_stated_time(tmg_json_out *j, const char *key, int64_t at_ms);

/* Why something may not be: "code" and "params", the parameters given as in tmg_err. */
void tmg_write_reason(tmg_json_out *j, tmg_span code, tmg_span params);

/* Where a thing stands: state, words, deadline; with `whole` also what the actor may do next and what was
 * done. */
TMG_MUST_USE tmg_rc tmg_write_flow(tmg_json_out *j, const char *key, tmg_call *c, tmg_db *db,
                                   const tmg_flow_item *item, bool whole, const tmg_people *people,
                                   tmg_arena *a, tmg_err *err);

/* Hands the writer's work the path's id, unless it is none and 404 was answered. */
void tmg_call_write_id(tmg_call *c, const char *what, tmg_call_work work);

/* A member of the body as an instant; *ret keeps its value where the member is absent. */
TMG_MUST_USE tmg_rc tmg_body_time(tmg_call *c, const tmg_json *o, const char *key, int64_t *ret,
                                  tmg_err *err);
tmg_span tmg_body_text(const tmg_json *o, const char *key);
int64_t tmg_body_i64(const tmg_json *o, const char *key, int64_t otherwise);

/* The members of the body that are codes make sense, and with what z says. */
TMG_MUST_USE tmg_rc tmg_seizure_fields_check(const tmg_json *body, const tmg_seizure *z, tmg_err *err);

/* Members "client_key", "confirmed" and "confirm_note" of the body. */
tmg_once tmg_body_once(const tmg_call *c, const char *what, int64_t about_id);
tmg_sure tmg_body_sure(const tmg_json *o);

/* "order.read" and its like: who read what, why. */
TMG_MUST_USE tmg_rc tmg_log_opened(tmg_call *c, tmg_db *db, const char *action, const char *kind, int64_t id,
                                   tmg_err *err);

/* Evidence has no post of its own: it is seen by who may see the post that seized it, and moved by who keeps
 * the store, or may work with the seizure. */
TMG_MUST_USE tmg_rc tmg_call_may_exhibits(tmg_call *c, tmg_db *db, tmg_permission p, int64_t seizure_id,
                                          tmg_err *err);

/* The code of a post in the body, as its id; *ret stays where the member is absent. */
TMG_MUST_USE tmg_rc tmg_body_post(tmg_db *db, const tmg_json *o, const char *key, tmg_arena *a, int64_t *ret,
                                  tmg_err *err);

/* One seizure as an object.  The case and what led to it are left out for whom the case does not name. */
TMG_MUST_USE tmg_rc tmg_write_seizure(tmg_json_out *j, const char *key, tmg_call *c, tmg_db *db,
                                      const tmg_seizure *z, const tmg_people *people, tmg_arena *a,
                                      tmg_err *err);
void tmg_write_substance(tmg_json_out *j, const tmg_substance *s);
/* The incidents of an exhibit. */
TMG_MUST_USE tmg_rc tmg_write_incidents(tmg_json_out *j, const char *key, tmg_call *c, tmg_db *db,
                                        int64_t exhibit_id, const tmg_people *people, tmg_arena *a,
                                        tmg_err *err);
TMG_MUST_USE tmg_rc tmg_write_media(tmg_json_out *j, const char *key, tmg_db *db, const char *about,
                                    tmg_err *err);

#endif
