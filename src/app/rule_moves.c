/* The life of rules: from a draft to a rule that is live, with a second person's word, and to its end. */
#include "app/rules_priv.h"

static const char *const move_names[TMG_RULE_MOVES] = {"",       "propose",  "approve", "refuse",
                                                       "shadow", "withdraw", "retire"};
static const char *const move_actions[TMG_RULE_MOVES] = {
    "", "rule.proposed", "rule.approved", "rule.refused", "rule.shadowed", "rule.withdrawn", "rule.retired"};
static const tmg_rule_state move_targets[TMG_RULE_MOVES] = {0,
                                                            TMG_RULE_PROPOSED,
                                                            TMG_RULE_LIVE,
                                                            TMG_RULE_DRAFT,
                                                            TMG_RULE_SHADOW,
                                                            TMG_RULE_WITHDRAWN,
                                                            TMG_RULE_RETIRED};

const char *tmg_rule_move_name(tmg_rule_move m)
{
    return m > 0 && m < TMG_RULE_MOVES ? move_names[m] : "";
}

tmg_rule_move tmg_rule_move_of(tmg_span word)
{
    for (int m = TMG_RULE_PROPOSE; m < TMG_RULE_MOVES; m++)
        if (tmg_span_is(word, move_names[m]))
            return (tmg_rule_move)m;
    return 0;
}

static tmg_rc must_be(const tmg_rule_version *v, unsigned states, const char *what, tmg_err *err)
{
    if ((states & (1U << v->state)) != 0)
        return TMG_OK;
    return TMG_FAIL(err, TMG_E_CONFLICT, "version %d of %.*s is %s: it cannot be %s", (int)v->version,
                    TMG_SPAN_ARG(v->name), tmg_rule_state_name(v->state), what);
}

static tmg_rc may_propose(const tmg_centre *c, const tmg_rule_version *v, tmg_err *err)
{
    TMG_TRY(must_be(v, 1U << TMG_RULE_DRAFT | 1U << TMG_RULE_SHADOW, "proposed", err));
    if (v->back_test_id == TMG_NONE)
        return TMG_FAIL(err, TMG_E_CONFLICT,
                        "no back-test of exactly this text is attached: test %.*s on history first",
                        TMG_SPAN_ARG(v->name));
    if (v->expires_day == INT32_MIN || v->expires_day < tmg_centre_today(c))
        return TMG_FAIL(err, TMG_E_CONFLICT, "%.*s has no expiry that lies ahead: add one, such as `expires`",
                        TMG_SPAN_ARG(v->name));
    return TMG_OK;
}

static tmg_rc may_approve(const tmg_centre *c, const tmg_actor *who, const tmg_rule_version *v, tmg_err *err)
{
    TMG_TRY(tmg_guard_may(who, TMG_MAY_RULE_APPROVE, 0, err));
    TMG_TRY(must_be(v, 1U << TMG_RULE_PROPOSED, "approved", err));
    if (who->account_id == 0)
        return TMG_FAIL(err, TMG_E_DENIED,
                        "approving a rule needs an account of its own: sign in with --as NAME");
    if (who->account_id == v->author_id)
        return TMG_FAIL(err, TMG_E_DENIED,
                        "%.*s was written by this account: a second person must approve it",
                        TMG_SPAN_ARG(v->name));
    if (v->expires_day < tmg_centre_today(c))
        return TMG_FAIL(err, TMG_E_CONFLICT,
                        "%.*s has expired meanwhile: refuse it, so that it gets a new expiry",
                        TMG_SPAN_ARG(v->name));
    return TMG_OK;
}

tmg_rc tmg_rule_may_move(const tmg_centre *c, const tmg_actor *who, const tmg_rule_version *v,
                         tmg_rule_move m, tmg_err *err)
{
    TMG_TRY(tmg_guard_may(who, TMG_MAY_RULE_WRITE, 0, err));
    switch (m) {
    case TMG_RULE_PROPOSE:
        return may_propose(c, v, err);
    case TMG_RULE_APPROVE:
        return may_approve(c, who, v, err);
    case TMG_RULE_REFUSE:
        TMG_TRY(tmg_guard_may(who, TMG_MAY_RULE_APPROVE, 0, err));
        return must_be(v, 1U << TMG_RULE_PROPOSED, "refused", err);
    case TMG_RULE_TO_SHADOW:
        return must_be(v, 1U << TMG_RULE_DRAFT, "put into shadow", err);
    case TMG_RULE_WITHDRAW:
        return must_be(v, 1U << TMG_RULE_DRAFT | 1U << TMG_RULE_SHADOW | 1U << TMG_RULE_PROPOSED, "withdrawn",
                       err);
    case TMG_RULE_RETIRE:
        TMG_TRY(tmg_guard_may(who, TMG_MAY_RULE_APPROVE, 0, err));
        return must_be(v, 1U << TMG_RULE_LIVE, "retired", err);
    case TMG_RULE_MOVES:
        break;
    }
    return TMG_FAIL(err, TMG_E_INVALID, "expected propose, approve, refuse, shadow, withdraw or retire");
}

static tmg_rc check_note(tmg_rule_move m, tmg_span note, tmg_err *err)
{
    if (m == TMG_RULE_PROPOSE && note.len < TMG_RULE_NOTE_LEAST)
        return TMG_FAIL(
            err, TMG_E_INVALID,
            "note: say what the rule is for, what data it reads and what it will change (%d characters "
            "at least)",
            TMG_RULE_NOTE_LEAST);
    if ((m == TMG_RULE_REFUSE || m == TMG_RULE_RETIRE) && note.len < TMG_RULE_NOTE_LEAST)
        return TMG_FAIL(err, TMG_E_INVALID, "note: say why (%d characters at least)", TMG_RULE_NOTE_LEAST);
    return TMG_OK;
}

/* A draft may lack these; who is to approve it must be able to read them. */
static tmg_rc check_complete(const tmg_rule *r, tmg_err *err)
{
    if (r->title.len > 0 && r->owner.len > 0 && r->basis.len > 0 && r->why.len > 0)
        return TMG_OK;
    return TMG_FAIL(err, TMG_E_CONFLICT, "%.*s lacks its %s: a proposal needs title, owner, basis and why",
                    TMG_SPAN_ARG(r->name),
                    r->title.len == 0   ? "title"
                    : r->owner.len == 0 ? "owner"
                    : r->basis.len == 0 ? "basis"
                                        : "why");
}

/* What was right when it was saved may name a list or a post that is gone. */
static tmg_rc check_text(tmg_centre *c, tmg_db *db, const tmg_rule_version *v, tmg_rule_move m, tmg_arena *a,
                         tmg_err *err)
{
    tmg_rule_lexicon lex;
    tmg_reading r;

    TMG_TRY(tmg_rule_lexicon_read(c, db, a, &lex, err));
    tmg_rules_read(v->text, &lex, a, &r);
    for (size_t i = 0; i < r.fault_count; i++)
        if (r.faults[i].kind != TMG_FAULT_WARNING)
            return TMG_FAIL(err, TMG_E_CONFLICT, "the text no longer stands, line %d: %s", r.faults[i].line,
                            r.faults[i].said);
    for (size_t i = 0; i < r.rule_count && m != TMG_RULE_TO_SHADOW; i++)
        TMG_TRY(check_complete(&r.rules[i], err));
    return TMG_OK;
}

static tmg_rc retire_older(tmg_db *db, const tmg_actor *who, const tmg_rule_version *v, tmg_arena *a,
                           tmg_err *err)
{
    tmg_rule_version *all;
    size_t count;
    char note[64];

    (void)snprintf(note, sizeof note, "version %d takes its place", (int)v->version);
    TMG_TRY(tmg_rule_versions(db, v->name, a, &all, &count, err));
    for (size_t i = 0; i < count; i++)
        if (all[i].id != v->id && (all[i].state == TMG_RULE_LIVE || all[i].state == TMG_RULE_SHADOW)) {
            TMG_TRY(tmg_rule_version_move(db, &all[i], TMG_RULE_RETIRED, who->account_id, tmg_span_of(note),
                                          err));
            TMG_TRY(tmg_rule_log(db, who, "rule.retired", &all[i], tmg_span_of(note), err));
        }
    return TMG_OK;
}

static bool works(tmg_rule_state s)
{
    return s == TMG_RULE_LIVE || s == TMG_RULE_SHADOW;
}

tmg_rc tmg_rule_step_take(tmg_centre *c, tmg_db *db, const tmg_actor *who, tmg_span name, int32_t version,
                          tmg_rule_move m, tmg_span note, tmg_arena *a, tmg_rule_version *ret, tmg_err *err)
{
    tmg_rule_version v;
    tmg_rule_state from;

    TMG_TRY(tmg_rule_version_find(db, name, version, a, &v, err));
    TMG_TRY(tmg_rule_may_move(c, who, &v, m, err));
    TMG_TRY(check_note(m, note, err));
    if (m == TMG_RULE_PROPOSE || m == TMG_RULE_APPROVE || m == TMG_RULE_TO_SHADOW)
        TMG_TRY(check_text(c, db, &v, m, a, err));
    if (m == TMG_RULE_APPROVE)
        TMG_TRY(retire_older(db, who, &v, a, err));
    from = v.state;
    TMG_TRY(tmg_rule_version_move(db, &v, move_targets[m], who->account_id, note, err));
    TMG_TRY(tmg_rule_log(db, who, move_actions[m], &v, note, err));
    if (works(from) || works(move_targets[m]))
        TMG_TRY(tmg_rules_count_up(db, err));
    if (m == TMG_RULE_APPROVE || m == TMG_RULE_RETIRE)
        TMG_TRY(tmg_rules_apply_waiting(c, db, name, err));
    TMG_TRY(tmg_rule_version_find(db, name, v.version, a, ret, err));
    tmg_rule_tell(c, ret);
    return TMG_OK;
}

tmg_rc tmg_rules_tick(tmg_centre *c, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new((size_t)256 << 20);
    tmg_actor who = tmg_actor_centre();
    int32_t today = tmg_centre_today(c);
    tmg_rule_version *list;
    size_t count, ended = 0;

    TMG_TRY(tmg_rule_versions_working(db, a, &list, &count, err));
    for (size_t i = 0; i < count; i++) {
        if (list[i].expires_day == INT32_MIN || list[i].expires_day >= today)
            continue;
        TMG_TRY(
            tmg_rule_version_move(db, &list[i], TMG_RULE_EXPIRED, -1, TMG_SPAN("its day has passed"), err));
        TMG_TRY(tmg_rule_log(db, &who, "rule.expired", &list[i], (tmg_span){"", 0}, err));
        list[i].state = TMG_RULE_EXPIRED;
        tmg_rule_tell(c, &list[i]);
        ended++;
    }
    return ended > 0 ? tmg_rules_count_up(db, err) : TMG_OK;
}
