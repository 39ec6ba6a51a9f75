/* What a rule's text may name, what is logged and told of a rule, and the saving of a text. */
#include "app/rules_priv.h"

enum { DETAILS_MAX = 1 << 16, MOST_SIGNALS = 1000 };

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

tmg_rc tmg_rule_log(tmg_db *db, const tmg_actor *who, const char *action, const tmg_rule_version *v,
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

void tmg_rule_tell(tmg_centre *c, const tmg_rule_version *v)
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
    return tmg_rule_log(db, who, "rule.saved", v, TMG_SPAN("wording only"), err);
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
    TMG_TRY(tmg_rule_log(db, who, "rule.saved", &k->version, note, err));
    tmg_rule_tell(c, &k->version);
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
