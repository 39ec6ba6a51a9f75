/* app/centre_priv.h - the inside of an opened centre, shared by the files of app/. */
#ifndef TMG_APP_CENTRE_PRIV_H
#define TMG_APP_CENTRE_PRIV_H

#include "app/learned_priv.h"
#include "risk/choosing.h"

struct tmg_centre {
    tmg_arena *arena; /* settings live here */
    tmg_settings settings;
    tmg_db *db;         /* the write connection; the writer's once it runs */
    tmg_writer *writer; /* NULL until started */
    tmg_saver *saver;
    tmg_mind *mind;     /* read by other threads for its words: replaced, never changed in its definitions */
    tmg_mind **retired; /* minds that were replaced; readers may still speak with their words */
    size_t retired_count;
    tmg_mandatory *mandatory;
    struct tmg_flows *flows;      /* workflows and code lists of casework: read once */
    struct tmg_code_lists *codes;
    struct tmg_case_plan *case_plan;
    tmg_serving *serving;  /* learned models and fusion in use; replaced like the mind */
    int64_t serving_stamp; /* changes in the database with every step of a model and every fusion */
    int64_t learned_id;    /* newest result that the mind has been handed */
    int64_t api_source_id; /* 0 until the HTTP door lodges for the first time */
    struct tmg_rules_live *rules; /* NULL until something is lodged; the writer's (app/rules_live_priv.h) */
    struct tmg_trials *trials;    /* what back-tests share; NULL until the first (app/back_test_priv.h) */
    bool again_submitted;         /* a slice of what is owed stands in the writer's queue (app/again.c) */
    tmg_listener listener;
    void *listener_ctx;
    tmg_job_door job_door; /* NULL: the writer itself */
    void *job_door_ctx;
};

/* Reads <home>/tamga.ini into c->settings. */
TMG_MUST_USE tmg_rc tmg_settings_read(const char *home, tmg_arena *a, tmg_settings *ret, tmg_err *err);
/* Writes the tamga.ini of a new centre. */
TMG_MUST_USE tmg_rc tmg_settings_write(const char *home, const char *name, bool demonstration, tmg_err *err);

/* As tmg_enter_result, without judging again what waits: who enters many does that once after them. */
TMG_MUST_USE tmg_rc tmg_enter_result_alone(tmg_centre *c, tmg_db *db, const tmg_actor *who,
                                           int64_t consignment_id, tmg_result *r, tmg_moved *ret,
                                           tmg_err *err);

/* A path below the shipped configuration. */
const char *tmg_share_path(const tmg_centre *c, tmg_arena *a, const char *name);

/* Tells the listener, if there is one.  What is about a consignment or a post is for those who may see
 * consignments there. */
void tmg_tell(tmg_centre *c, const char *type, int64_t consignment_id, int64_t post_id, tmg_span data);
/* The same of what is for others, as *e says. */
void tmg_tell_those(tmg_centre *c, const tmg_event *e);

/* "consignment:17" */
typedef struct tmg_object {
    char text[96];
} tmg_object;
tmg_object tmg_object_of(const char *kind, int64_t id);

/* The centre itself as an actor: what the clock does. */
tmg_actor tmg_actor_centre(void);

/* Starts a details object for a log leaf or an event; finish with tmg_members, which gives what stands
 * between the braces. */
tmg_span tmg_members(const tmg_buf *object);

/* Lodges without logging or choosing; the batch import does both once per batch. *ret_day is the day to
 * choose for, or INT32_MIN. */
TMG_MUST_USE tmg_rc tmg_lodge_quietly(tmg_centre *c, tmg_db *db, int64_t source_id, bool make_posts,
                                      tmg_declaration *d, tmg_result *r, tmg_arena *a, tmg_lodged *ret,
                                      int64_t *ret_post, int32_t *ret_day, tmg_err *err);

/* The leaf and the event of a declaration that was lodged quietly and chosen for; fills in its selection. */
TMG_MUST_USE tmg_rc tmg_lodge_tell(tmg_centre *c, tmg_db *db, const tmg_actor *who, const tmg_declaration *d,
                                   int64_t post_id, tmg_arena *a, tmg_lodged *l, tmg_err *err);

/* ---- judging (app/judge.c) ----
 * Everything that judges a declaration of this centre goes through here: lodging, judging again, results. */

/* What profiles and models think of a declaration as of an instant.
 * Changes nothing in the database.  Parts and vectors live in the arena. */
TMG_MUST_USE tmg_rc tmg_judge(tmg_centre *c, tmg_db *db, const tmg_declaration *d, int64_t as_of_ms, tmg_arena *a,
                              tmg_judgement *ret, tmg_err *err);
/* Stores the assessment with its parts, and what each model scored from which vector. */
TMG_MUST_USE tmg_rc tmg_judgement_keep(tmg_db *db, const tmg_judgement *j, tmg_err *err);
/* Everything together: profiles, models, the rules at work (app/judge_rules.c) and the signals of other senses.  entry
 * says where rules and instructions send it; its assessment is left for the caller to point at. */
typedef struct tmg_judged_whole {
    tmg_judgement judgement;
    tmg_entry entry;
} tmg_judged_whole;
/* A stored declaration, for the first time: rules are matched and their hits stored. */
TMG_MUST_USE tmg_rc tmg_judge_whole(tmg_centre *c, tmg_db *db, const tmg_declaration *d, int64_t as_of_ms, tmg_arena *a,
                                    tmg_judged_whole *ret, tmg_err *err);
/* One that was judged before: what rules said when it was lodged stands, weighed with what is known now. */
TMG_MUST_USE tmg_rc tmg_judge_again(tmg_centre *c, tmg_db *db, const tmg_declaration *d, int64_t as_of_ms, tmg_arena *a,
                                    tmg_judged_whole *ret, tmg_err *err);
/* Takes up models and a fusion that were changed since, by whomever; part of tmg_centre_sync. */
TMG_MUST_USE tmg_rc tmg_serving_sync(tmg_centre *c, tmg_db *db, tmg_err *err);

/* Remembers where the clocks stand, in the open transaction. */
TMG_MUST_USE tmg_rc tmg_keep_clock(tmg_centre *c, tmg_db *db, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_keep_mind_clock(tmg_centre *c, tmg_db *db, tmg_err *err);

/* Chooses for one post and day; the day's key is committed in the log before anything is drawn with it. */
TMG_MUST_USE tmg_rc tmg_choose(tmg_db *db, int64_t post_id, int32_t day, tmg_err *err);

/* The part of tmg_tick that turns the day: what is over is stated and its key published, the keys of today and
 * tomorrow are committed. */
TMG_MUST_USE tmg_rc tmg_turn_day(tmg_centre *c, tmg_db *db, tmg_err *err);
/* Makes this the key of a day that has none yet, and commits it in the log.  A day that has one keeps it. */
TMG_MUST_USE tmg_rc tmg_day_key_commit(tmg_db *db, int32_t day, const uint8_t key[32], tmg_err *err);

/* The members of a log leaf by which its draw can be checked once the day's key is published: post, day, share and
 * draw, and those of its rule. */
void tmg_describe_draw(struct tmg_json_out *j, const tmg_selection *s);

/* Logs what was drawn for a day that is over, before its key is published. */
TMG_MUST_USE tmg_rc tmg_state_draws(tmg_centre *c, tmg_db *db, int32_t day, tmg_err *err);
/* Looks for drift, once a day; an alarm is logged and told. */
TMG_MUST_USE tmg_rc tmg_watch_day(tmg_centre *c, tmg_db *db, tmg_err *err);

/* Judges again what is open and ahead and moved by it: at once, or in slices where much waits (app/again_priv.h). */
TMG_MUST_USE tmg_rc tmg_reassess_now(tmg_centre *c, tmg_db *db, tmg_err *err);

/* The calibration of the mind, in the open transaction. */
TMG_MUST_USE tmg_rc tmg_calibrate_now(tmg_centre *c, tmg_db *db, const tmg_actor *who, tmg_err *err);

#endif
