/* One declaration before the rules at work: what they say, and what is kept of it. */
#include "app/rules_live_priv.h"

enum { EVIDENCE_MAX = 1 << 16, MOST_SIGNALS = 1000, PPB_PER_MICRO = 1000 };

/* ---- senses ---- */

/* What the senses of one declaration answer from. */
typedef struct sensing_ctx {
    tmg_book_sight sight; /* first: what it answers takes this for the whole */
    bool assessed, repeats;
    int64_t ppb[TMG_HARMS];
    const tmg_signal *signals;
    size_t signal_count;
} sensing_ctx;

static bool probability(void *ctx, const tmg_row *row, tmg_harm harm, int64_t *ret)
{
    const sensing_ctx *s = ctx;

    (void)row;
    *ret = s->ppb[harm] / PPB_PER_MICRO;
    return s->assessed;
}

static bool repeats(void *ctx, const tmg_row *row, bool *ret)
{
    const sensing_ctx *s = ctx;

    (void)row;
    *ret = s->repeats;
    return s->assessed;
}

/* As known when the declaration was lodged. */
static bool signal_seen(void *ctx, const tmg_row *row, tmg_span kind, int64_t within_ms, bool *ret)
{
    const sensing_ctx *s = ctx;

    *ret = false;
    for (size_t i = 0; i < s->signal_count; i++)
        *ret = *ret ||
               (tmg_span_eq(s->signals[i].kind, kind) && s->signals[i].happened_ms > row->at_ms - within_ms);
    return true;
}

static tmg_rule_senses senses_of(sensing_ctx *s)
{
    tmg_rule_senses senses = {0};

    tmg_book_senses(&s->sight, &senses);
    senses.probability = probability;
    senses.repeats = repeats;
    senses.signal = signal_seen;
    return senses;
}

static tmg_rc read_signals(tmg_db *db, int64_t consignment_id, int64_t at_ms, tmg_arena *a, sensing_ctx *ret,
                           tmg_err *err)
{
    tmg_signal *list = tmg_alloc_array(a, MOST_SIGNALS, sizeof *list);
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db,
                    "SELECT kind, happened_ms FROM signal WHERE consignment_id = $1 AND known_at_ms <= $2 "
                    "ORDER BY known_at_ms DESC LIMIT 1000",
                    &s, err));
    tmg_bind_i64(s, 1, consignment_id);
    tmg_bind_i64(s, 2, at_ms);
    for (ret->signals = list;;) {
        bool row = false;

        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        list[ret->signal_count++] =
            (tmg_signal){.kind = tmg_span_copy(a, tmg_col_text(s, 0)), .happened_ms = tmg_col_i64(s, 1)};
    }
}

/* ---- matching ---- */

static tmg_rule_said *said_by(tmg_rule_said *said, size_t count, int64_t version_id)
{
    for (size_t i = 0; i < count; i++)
        if (said[i].version_id == version_id)
            return &said[i];
    return NULL;
}

static void say(tmg_rules_live *l, const tmg_hit *hit, const tmg_row *row, const tmg_rule_senses *senses,
                tmg_arena *a, tmg_rule_said *ret)
{
    const tmg_working *w = &l->working[hit->rule];
    TMG_AUTO_BUF words = {0};

    *ret = (tmg_rule_said){.version_id = w->version.id,
                           .name = w->version.name,
                           .version = w->version.version,
                           .shadow = w->version.state == TMG_RULE_SHADOW,
                           .restricted = w->restricted,
                           .rule = w->rule,
                           .item_no = row->item_no,
                           .items = 1};
    tmg_buf_init(&words, EVIDENCE_MAX);
    tmg_ruleset_why(l->matcher, hit->rule, row, senses, &words);
    ret->words = tmg_span_copy(a, tmg_buf_as_span(&words));
    for (int t = 0; t < TMG_TONGUES; t++) {
        tmg_buf_clear(&words);
        tmg_ruleset_why_in(l->matcher, hit->rule, (tmg_tongue)t, row, senses, &words);
        ret->words_in[t] = tmg_span_copy(a, tmg_buf_as_span(&words));
    }
    tmg_ruleset_because(l->matcher, hit->rule, row, senses, a, &ret->because, &ret->because_count);
}

static size_t match_rows(tmg_rules_live *l, const tmg_row *rows, size_t count, const tmg_rule_senses *senses,
                         tmg_arena *a, tmg_rule_said **ret)
{
    tmg_rule_said *said = NULL;
    size_t n = 0, room = 0;

    for (size_t i = 0; i < count; i++) {
        const tmg_hit *found;
        size_t hits = tmg_ruleset_match(l->matcher, &rows[i], senses, &found);
        tmg_hit *mine = tmg_alloc_array(a, hits + 1, sizeof *mine);

        if (hits > 0)
            memcpy(mine, found, hits * sizeof *mine);
        for (size_t k = 0; k < hits; k++) {
            tmg_rule_said *known = said_by(said, n, l->working[mine[k].rule].version.id);

            if (known != NULL) {
                known->items++;
                continue;
            }
            if (n == room) {
                tmg_rule_said *more = tmg_alloc_array(a, room = 2 * room + 8, sizeof *more);

                if (n > 0)
                    memcpy(more, said, n * sizeof *more);
                said = more;
            }
            say(l, &mine[k], &rows[i], senses, a, &said[n++]);
        }
    }
    *ret = said;
    return n;
}

/* ---- evidence ---- */

static tmg_span or_empty(tmg_span text)
{
    return text.ptr != NULL ? text : TMG_SPAN("");
}

static void write_evidence(tmg_buf *b, const tmg_rule_said *s, bool restricted)
{
    tmg_json_out j;

    tmg_buf_clear(b);
    tmg_json_begin(&j, b);
    tmg_json_object(&j, NULL);
    tmg_json_text(&j, "title", s->rule->title);
    tmg_tongues_write(&j, "title_in", s->rule->in[TMG_SAYS_TITLE]);
    tmg_json_text(&j, "words", s->words);
    tmg_tongues_write(&j, "words_in", s->words_in);
    tmg_json_text(&j, "trader", or_empty(s->rule->trader_reason));
    tmg_tongues_write(&j, "trader_in", s->rule->in[TMG_SAYS_TRADER]);
    tmg_json_bool(&j, "restricted", restricted);
    tmg_json_i64(&j, "items", (int64_t)s->items);
    tmg_json_array(&j, "because");
    for (size_t i = 0; i < s->because_count; i++) {
        tmg_json_object(&j, NULL);
        tmg_json_z(&j, "fact", s->because[i].fact);
        tmg_json_z(&j, "op", s->because[i].op);
        tmg_json_text(&j, "value", s->because[i].value);
        tmg_json_text(&j, "limit", s->because[i].limit);
        tmg_json_end_object(&j);
    }
    tmg_json_end_array(&j);
    tmg_json_end_object(&j);
}

static bool must_hide(const tmg_json *evidence, const tmg_actor *who)
{
    return tmg_json_as_bool(tmg_json_member(evidence, "restricted"), true) &&
           !tmg_role_may(who->role, TMG_MAY_LIST_READ_RESTRICTED);
}

tmg_span tmg_rule_evidence_words(tmg_span evidence, const tmg_actor *who, tmg_arena *a)
{
    TMG_AUTO_JSON root = NULL;

    if (tmg_json_read(evidence, &root, NULL) != TMG_OK)
        return (tmg_span){"", 0};
    return tmg_span_copy(a,
                         tmg_json_as_text(tmg_json_member(root, must_hide(root, who) ? "title" : "words")));
}

static void write_tongues(tmg_json_out *j, const char *key, const tmg_json *in)
{
    tmg_span said[TMG_TONGUES];

    for (int t = 0; t < TMG_TONGUES; t++)
        said[t] = tmg_json_as_text(tmg_json_member(in, tmg_tongue_code((tmg_tongue)t)));
    tmg_tongues_write(j, key, said);
}

void tmg_rule_evidence_words_in(tmg_json_out *j, const char *key, tmg_span evidence, const tmg_actor *who)
{
    TMG_AUTO_JSON root = NULL;

    if (tmg_json_read(evidence, &root, NULL) == TMG_OK)
        write_tongues(j, key, tmg_json_member(root, must_hide(root, who) ? "title_in" : "words_in"));
}

void tmg_rule_evidence_write(tmg_json_out *j, const char *key, tmg_span evidence, const tmg_actor *who)
{
    TMG_AUTO_JSON root = NULL;

    if (tmg_json_read(evidence, &root, NULL) != TMG_OK) {
        tmg_json_null(j, key);
        return;
    }
    if (!must_hide(root, who)) {
        tmg_json_raw(j, key, evidence);
        return;
    }
    tmg_json_object(j, key);
    tmg_json_text(j, "title", tmg_json_as_text(tmg_json_member(root, "title")));
    tmg_json_text(j, "words", tmg_json_as_text(tmg_json_member(root, "title")));
    write_tongues(j, "words_in", tmg_json_member(root, "title_in"));
    tmg_json_text(j, "trader", or_empty(tmg_json_as_text(tmg_json_member(root, "trader"))));
    tmg_json_bool(j, "restricted", true);
    tmg_json_i64(j, "items", tmg_json_as_i64(tmg_json_member(root, "items"), 1));
    tmg_json_array(j, "because");
    tmg_json_end_array(j);
    tmg_json_end_object(j);
}

static bool is_restricted(const tmg_rules_live *l, int64_t version_id)
{
    for (size_t i = 0; i < l->count; i++)
        if (l->working[i].version.id == version_id)
            return l->working[i].restricted;
    return true;
}

static tmg_rc store_hits(tmg_rules_live *l, tmg_db *db, int64_t declaration_id, bool is_new, int64_t at_ms,
                         const tmg_rule_said *said, size_t count, tmg_err *err)
{
    TMG_AUTO_BUF b = {0};

    if (!is_new)
        TMG_TRY(tmg_rule_hits_forget(db, declaration_id, err));
    tmg_buf_init(&b, EVIDENCE_MAX);
    for (size_t i = 0; i < count; i++) {
        write_evidence(&b, &said[i], is_restricted(l, said[i].version_id));
        TMG_TRY(tmg_rule_hit_save(db, declaration_id, said[i].version_id, at_ms, said[i].item_no,
                                  tmg_buf_as_span(&b), err));
    }
    return TMG_OK;
}

static void take_assessment(sensing_ctx *s, const tmg_assessment *as)
{
    if (as == NULL)
        return;
    s->assessed = true;
    s->repeats = as->repeats;
    for (int h = 0; h < TMG_HARMS; h++)
        s->ppb[h] = as->harm[h].ppb;
}

tmg_rc tmg_rules_apply(tmg_centre *c, tmg_db *db, const tmg_declaration *d, const tmg_assessment *as,
                       int64_t at_ms, tmg_arena *a, tmg_rule_said **ret, size_t *ret_count, tmg_err *err)
{
    tmg_rules_live *l;
    tmg_row *rows;
    bool is_new;

    TMG_TRY(tmg_rules_live_of(c, db, d->id, &l, err));
    *ret_count = 0;
    if (l->count == 0 && l->asked == NULL)
        return TMG_OK;
    is_new = d->id > l->declaration_id;
    size_t count = tmg_rows_of(l->dict, d, c->settings.offset_min, a, &rows);
    sensing_ctx sensing = {.sight = {.book = l->book, .lists = l->lists}};

    take_assessment(&sensing, as);
    if (l->signals)
        TMG_TRY(read_signals(db, d->consignment_id, at_ms, a, &sensing, err));
    tmg_rule_senses senses = senses_of(&sensing);
    *ret_count = match_rows(l, rows, count, &senses, a, ret);
    if (is_new) {
        tmg_book_enter(l->book, rows, count);
        l->declaration_id = d->id;
    }
    return store_hits(l, db, d->id, is_new, at_ms, *ret, *ret_count, err);
}

static const tmg_working *working_of(const tmg_rules_live *l, int64_t version_id)
{
    for (size_t i = 0; i < l->count; i++)
        if (l->working[i].version.id == version_id)
            return &l->working[i];
    return NULL;
}

static tmg_span stored_words(tmg_span evidence, tmg_arena *a)
{
    TMG_AUTO_JSON root = NULL;

    if (tmg_json_read(evidence, &root, NULL) != TMG_OK)
        return (tmg_span){"", 0};
    return tmg_span_copy(a, tmg_json_as_text(tmg_json_member(root, "words")));
}

tmg_rc tmg_rules_said(tmg_centre *c, tmg_db *db, int64_t declaration_id, tmg_arena *a, tmg_rule_said **ret,
                      size_t *ret_count, tmg_err *err)
{
    tmg_rules_live *l;
    tmg_rule_hit_row *hits;
    size_t count;

    *ret_count = 0;
    TMG_TRY(tmg_rules_live_of(c, db, INT64_MAX, &l, err));
    if (l->count == 0)
        return TMG_OK;
    TMG_TRY(tmg_rule_hits_of(db, declaration_id, a, &hits, &count, err));
    *ret = tmg_alloc_array(a, count + 1, sizeof **ret);
    for (size_t i = 0; i < count; i++) {
        const tmg_working *w = working_of(l, hits[i].version_id);

        if (w != NULL)
            (*ret)[(*ret_count)++] = (tmg_rule_said){.version_id = w->version.id,
                                                     .name = w->version.name,
                                                     .version = w->version.version,
                                                     .shadow = w->version.state == TMG_RULE_SHADOW,
                                                     .restricted = w->restricted,
                                                     .rule = w->rule,
                                                     .item_no = hits[i].item_no,
                                                     .items = 1,
                                                     .words = stored_words(hits[i].evidence, a)};
    }
    return TMG_OK;
}
