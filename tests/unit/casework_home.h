/* A centre with the shipped workflows and codes, and guards that say yes unless a test turns them round. */
#ifndef CASEWORK_HOME_H
#define CASEWORK_HOME_H

#include "report_home.h"

#include "casework/casework.h"

typedef struct guards {
    bool refuse;
} guards;

static inline tmg_rc any_guard(void *ctx, tmg_db *db, const tmg_actor *who, const tmg_flow_item *item,
                               tmg_span note, tmg_err *err)
{
    (void)db;
    (void)who;
    (void)item;
    (void)note;
    return ((guards *)ctx)->refuse ? TMG_FAIL(err, TMG_E_CONFLICT, "the guard refuses") : TMG_OK;
}

static inline tmg_rc any_follow(void *ctx, tmg_db *db, const tmg_actor *who, const tmg_flow_item *item,
                                tmg_err *err)
{
    (void)ctx;
    (void)db;
    (void)who;
    (void)item;
    (void)err;
    return TMG_OK;
}

static inline tmg_rc never(tmg_db *db, int64_t about_id, int64_t *ret_ms, tmg_err *err)
{
    (void)db;
    (void)about_id;
    (void)err;
    *ret_ms = TMG_NONE;
    return TMG_OK;
}

static inline tmg_flows *flows_of(home *h, tmg_arena *a)
{
#define ANY(n)                                                                                               \
    {                                                                                                        \
        .name = (n), .guard = any_guard                                                                      \
    }
    static const tmg_flow_words known[] = {ANY("at_post"),
                                           ANY("has_result"),
                                           ANY("nothing_seized"),
                                           ANY("has_seizure"),
                                           ANY("two_witnesses"),
                                           ANY("net_weighed"),
                                           ANY("sealed_again"),
                                           ANY("seal_checked"),
                                           ANY("case_allows_destruction"),
                                           ANY("legal_ground"),
                                           ANY("need_to_know"),
                                           ANY("tasks_done"),
                                           ANY("has_disposition"),
                                           ANY("feedback_given"),
                                           ANY("other_hands"),
                                           ANY("interval_free"),
                                           {.name = "tell_chief", .follow = any_follow},
                                           {.name = "retention_passed", .follow = any_follow},
                                           {.name = "open_case", .follow = any_follow},
                                           {.name = "control_again", .follow = any_follow},
                                           {.name = "target_over", .follow = any_follow},
                                           {.name = "arrival", .moment = never, .kind = "order"},
                                           {.name = "dispatch_end", .moment = never, .kind = "dispatch"}};
#undef ANY
    tmg_flows *f = NULL;

    assert_ok(h, tmg_flows_read(source_path(a, "config/workflows"), known, sizeof known / sizeof known[0], &f,
                                &h->err));
    return f;
}

static inline tmg_code_lists *codes_of(home *h, tmg_arena *a)
{
    tmg_code_lists *l = NULL;

    assert_ok(h, tmg_code_lists_read(source_path(a, "config/codes-casework.ini"), &l, &h->err));
    return l;
}

static inline tmg_actor actor_of(int64_t id, tmg_role role)
{
    tmg_actor who = {.account_id = id, .role = role};

    snprintf(who.name, sizeof who.name, "account-%d", (int)id);
    return who;
}

#endif
