/* The life of rules: from a text to a rule that is live, with a second person's word. */
#include "app/rules_priv.h"

enum { DETAILS_MAX = 1 << 16, MOST_SIGNALS = 1000 };

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

static tmg_rc read_signal_kinds(tmg_db *db, tmg_arena *a, tmg_rule_lexicon *lex, tmg_err *err)
{
    tmg_span *kinds = tmg_alloc_array(a, MOST_SIGNALS, sizeof *kinds);
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db, "SELECT DISTINCT kind FROM signal ORDER BY kind LIMIT 1000", &s, err));
    for (lex->signals = kinds;;) {
        bool row = false;

        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        kinds[lex->signal_count++] = tmg_span_copy(a, tmg_col_text(s, 0));
    }
}

tmg_rc tmg_rule_lexicon_read(const tmg_centre *c, tmg_db *db, tmg_arena *a, tmg_rule_lexicon *ret,
                             tmg_err *err)
{
    tmg_rule_lexicon lex = {.today = tmg_centre_today(c), .offset_min = c->settings.offset_min};
    tmg_list_info *lists;
    tmg_post *posts;
    tmg_span *names;

    TMG_TRY(tmg_list_all(db, a, &lists, &lex.list_count, err));
    names = tmg_alloc_array(a, lex.list_count + 1, sizeof *names);
    for (size_t i = 0; i < lex.list_count; i++)
        names[i] = lists[i].name;
    lex.lists = names;
    TMG_TRY(tmg_post_list(db, a, &posts, &lex.post_count, err));
    names = tmg_alloc_array(a, lex.post_count + 1, sizeof *names);
    for (size_t i = 0; i < lex.post_count; i++)
        names[i] = posts[i].code;
    lex.posts = names;
    TMG_TRY(read_signal_kinds(db, a, &lex, err));
    *ret = lex;
    return TMG_OK;
}

bool tmg_reading_fails(const tmg_reading *r)
{
    for (size_t i = 0; i < r->fault_count; i++)
        if (r->faults[i].kind != TMG_FAULT_WARNING)
            return true;
    return false;
}

static tmg_object rule_object(tmg_span name, int32_t version)
{
    tmg_object o;

    (void)snprintf(o.text, sizeof o.text, "rule:%.*s/%d", TMG_SPAN_ARG(tmg_utf8_cut(name, 72)), (int)version);
    return o;
}

/* Which word was tried: the fault's place in the text. */
static tmg_span word_at(tmg_span text, const tmg_fault *f)
{
    tmg_span line = {0};

    for (int n = 0; n < f->line; n++)
        if (!tmg_span_split(&text, '\n', &line))
            return (tmg_span){"", 0};
    if (f->column < 1 || (size_t)f->column > line.len + 1)
        return (tmg_span){"", 0};
    line.ptr += f->column - 1;
    line.len -= (size_t)f->column - 1;
    if (f->length >= 0 && (size_t)f->length < line.len)
        line.len = (size_t)f->length;
    return tmg_utf8_cut(line, 100);
}

void tmg_rule_protected_words(tmg_span text, const tmg_reading *r, tmg_buf *ret)
{
    for (size_t i = 0; i < r->fault_count; i++)
        if (r->faults[i].kind == TMG_FAULT_PROTECTED)
            tmg_buf_fmt(ret, "%.*s\n", TMG_SPAN_ARG(word_at(text, &r->faults[i])));
}

tmg_rc tmg_rule_log_protected(tmg_db *db, const tmg_actor *who, tmg_span text, const tmg_reading *r,
                              tmg_err *err)
{
    TMG_AUTO_BUF b = {0};
    tmg_json_out j;
    size_t count = 0;

    tmg_buf_init(&b, DETAILS_MAX);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    tmg_json_array(&j, "words");
    for (size_t i = 0; i < r->fault_count; i++)
        if (r->faults[i].kind == TMG_FAULT_PROTECTED) {
            tmg_json_text(&j, NULL, word_at(text, &r->faults[i]));
            count++;
        }
    tmg_json_end_array(&j);
    tmg_json_end_object(&j);
    if (count == 0)
        return TMG_OK;
    return tmg_guard_log(db, who, "rule.refused_protected", "rule", tmg_members(&b), err);
}

static tmg_rc log_rule(tmg_db *db, const tmg_actor *who, const char *action, const tmg_rule_version *v,
                       tmg_span note, tmg_err *err)
{
    TMG_AUTO_BUF b = {0};
    tmg_json_out j;

    tmg_buf_init(&b, DETAILS_MAX);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    tmg_json_text(&j, "hash", v->hash);
    if (note.len > 0)
        tmg_json_text(&j, "note", note);
    if (v->back_test_id != TMG_NONE)
        tmg_json_i64(&j, "back_test", v->back_test_id);
    tmg_json_end_object(&j);
    return tmg_guard_log(db, who, action, rule_object(v->name, v->version).text, tmg_members(&b), err);
}

static void tell(tmg_centre *c, const tmg_rule_version *v)
{
    TMG_AUTO_BUF b = {0};
    tmg_json_out j;

    tmg_buf_init(&b, 1 << 12);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    tmg_json_text(&j, "rule", v->name);
    tmg_json_i64(&j, "version", v->version);
    tmg_json_z(&j, "state", tmg_rule_state_name(v->state));
    tmg_json_end_object(&j);
    tmg_tell(c, "rule.changed", 0, 0, tmg_buf_as_span(&b));
}

tmg_span tmg_hash_text(const tmg_sha256 *h, tmg_arena *a)
{
    TMG_AUTO_BUF hex = {0};

    tmg_buf_init(&hex, 128);
    tmg_hex_write(&hex, h->b, sizeof h->b);
    return tmg_span_copy(a, tmg_buf_as_span(&hex));
}

/* ---- saving ---- */

static tmg_rc newest_of(tmg_db *db, tmg_span name, tmg_arena *a, tmg_rule_version *ret, bool *ret_there,
                        tmg_err *err)
{
    tmg_err why;
    tmg_rc rc = tmg_rule_version_find(db, name, 0, a, ret, &why);

    *ret_there = rc == TMG_OK;
    if (rc != TMG_OK && rc != TMG_E_NOT_FOUND && err != NULL)
        *err = why;
    return rc == TMG_E_NOT_FOUND ? TMG_OK : rc;
}

/* The same meaning again: a draft takes the new wording, anything else stands as it is. */
static tmg_rc keep_same(tmg_db *db, const tmg_actor *who, tmg_rule_version *v, tmg_span text, bool *ret_saved,
                        tmg_err *err)
{
    if (tmg_span_eq(v->text, text))
        return TMG_OK;
    if (v->state != TMG_RULE_DRAFT)
        return TMG_FAIL(err, TMG_E_CONFLICT, "version %d of %.*s, which is %s, says the same already",
                        (int)v->version, TMG_SPAN_ARG(v->name), tmg_rule_state_name(v->state));
    TMG_TRY(tmg_rule_version_retell(db, v->id, text, err));
    v->text = text;
    *ret_saved = true;
    return log_rule(db, who, "rule.saved", v, TMG_SPAN("wording only"), err);
}

static tmg_rc replace_draft(tmg_db *db, const tmg_actor *who, const tmg_rule_version *old, tmg_err *err)
{
    char note[64];

    (void)snprintf(note, sizeof note, "version %d takes its place", (int)old->version + 1);
    return tmg_rule_version_move(db, old, TMG_RULE_WITHDRAWN, who->account_id, tmg_span_of(note), err);
}

/* A report of the same hash from before belongs to this version too. */
static tmg_rc attach_earlier(tmg_db *db, tmg_rule_version *v, tmg_arena *a, tmg_err *err)
{
    tmg_back_test_row t;
    bool there;

    TMG_TRY(tmg_back_test_newest(db, v->hash, a, &t, &there, err));
    if (!there)
        return TMG_OK;
    v->back_test_id = t.id;
    return tmg_rule_version_attach(db, v->id, t.id, err);
}

static tmg_rc keep(tmg_centre *c, tmg_db *db, const tmg_actor *who, tmg_span text, tmg_span note,
                   tmg_arena *a, tmg_rule_kept *k, tmg_err *err)
{
    const tmg_rule *r = &k->reading.rules[0];
    tmg_span hash = tmg_hash_text(&r->hash, a);
    bool there;

    TMG_TRY(newest_of(db, r->name, a, &k->version, &there, err));
    if (there && tmg_span_eq(k->version.hash, hash) && k->version.state < TMG_RULE_EXPIRED)
        return keep_same(db, who, &k->version, text, &k->saved, err);
    if (there && (k->version.state == TMG_RULE_DRAFT || k->version.state == TMG_RULE_SHADOW)) {
        TMG_TRY(replace_draft(db, who, &k->version, err));
        TMG_TRY(tmg_rules_count_up(db, err));
    }
    k->version = (tmg_rule_version){.name = r->name,
                                    .hash = hash,
                                    .text = text,
                                    .author_id = who->account_id,
                                    .author = tmg_span_of(who->account_id != 0 ? who->name : "console"),
                                    .expires_day = r->expires_day};
    TMG_TRY(tmg_rule_version_add(db, &k->version, note, err));
    TMG_TRY(attach_earlier(db, &k->version, a, err));
    k->saved = true;
    TMG_TRY(log_rule(db, who, "rule.saved", &k->version, note, err));
    tell(c, &k->version);
    return TMG_OK;
}

tmg_rc tmg_rule_keep(tmg_centre *c, tmg_db *db, const tmg_actor *who, tmg_span text, tmg_span note,
                     tmg_arena *a, tmg_rule_kept *ret, tmg_err *err)
{
    tmg_rule_kept k = {0};
    tmg_rule_lexicon lex;

    TMG_TRY(tmg_guard_may(who, TMG_MAY_RULE_WRITE, 0, err));
    TMG_TRY(tmg_rule_lexicon_read(c, db, a, &lex, err));
    tmg_rules_read(text, &lex, a, &k.reading);
    if (tmg_reading_fails(&k.reading)) {
        TMG_TRY(tmg_rule_log_protected(db, who, text, &k.reading, err));
        *ret = k;
        return TMG_OK;
    }
    if (k.reading.rule_count != 1)
        return TMG_FAIL(err, TMG_E_INVALID, "expected a text with one rule, found %zu: save them one by one",
                        k.reading.rule_count);
    TMG_TRY(keep(c, db, who, text, note, a, &k, err));
    *ret = k;
    return TMG_OK;
}

/* ---- moving ---- */

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
            TMG_TRY(log_rule(db, who, "rule.retired", &all[i], tmg_span_of(note), err));
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
    TMG_TRY(log_rule(db, who, move_actions[m], &v, note, err));
    if (works(from) || works(move_targets[m]))
        TMG_TRY(tmg_rules_count_up(db, err));
    if (m == TMG_RULE_APPROVE || m == TMG_RULE_RETIRE)
        TMG_TRY(tmg_rules_apply_waiting(c, db, name, err));
    TMG_TRY(tmg_rule_version_find(db, name, v.version, a, ret, err));
    tell(c, ret);
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
        TMG_TRY(log_rule(db, &who, "rule.expired", &list[i], (tmg_span){"", 0}, err));
        list[i].state = TMG_RULE_EXPIRED;
        tell(c, &list[i]);
        ended++;
    }
    return ended > 0 ? tmg_rules_count_up(db, err) : TMG_OK;
}
