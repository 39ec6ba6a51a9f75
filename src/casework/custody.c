#include "base/hash.h"
#include "casework/custody_priv.h"
#include "casework/incidents.h"

static const tmg_span evidence = {"evidence", 8};

static tmg_rc store_exhibit(tmg_db *db, tmg_exhibit *e, tmg_err *err)
{
    tmg_stmt *s;

    TMG_TRY(tmg_sql(db,
                    "INSERT INTO exhibit (number, seizure_id, line_id, words, made_ms, retention_until_ms) "
                    "VALUES ($1, $2, $3, $4, $5, $6)",
                    &s, err));
    tmg_bind_text(s, 1, e->number);
    tmg_bind_i64(s, 2, e->seizure_id);
    tmg_bind_i64(s, 3, e->line_id);
    tmg_bind_text(s, 4, e->words);
    tmg_bind_i64(s, 5, e->made_ms);
    tmg_bind_opt(s, 6, e->retention_until_ms);
    TMG_TRY(tmg_exec(s, err));
    e->id = tmg_last_id(db);
    return TMG_OK;
}

static void hash_text(tmg_buf *b, tmg_span text)
{
    tmg_buf_i64(b, text.ptr == NULL ? -1 : (int64_t)text.len);
    tmg_buf_char(b, ':');
    tmg_buf_span(b, text);
    tmg_buf_char(b, '\n');
}

/* Over everything the event states and the hash before it; lengths stand before texts, so that no two events
 * run together to the same bytes. */
static void hash_event(const tmg_custody *c, tmg_buf *ret_hex)
{
    const tmg_span texts[] = {c->act,       c->from_whom,  c->to_whom,      c->place,
                              c->seal_old,  c->seal_new,   c->purpose,      c->witness_1,
                              c->witness_2, c->photo_hash, c->previous_hash};
    const int64_t numbers[] = {c->exhibit_id, c->no, c->at_ms, c->gross_mg, c->net_mg, c->account_id};
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 1 << 14);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        tmg_buf_i64(&b, numbers[i]);
        tmg_buf_char(&b, '\n');
    }
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        hash_text(&b, texts[i]);
    if (c->ground.len > 0) /* events from before it could be stated have the hash that they had */
        hash_text(&b, c->ground);
    tmg_sha256 h = tmg_sha256_of(b.ptr, b.len);
    tmg_buf_clear(ret_hex);
    tmg_hex_write(ret_hex, h.b, sizeof h.b);
}

static tmg_custody event_of(tmg_stmt *s, tmg_arena *a)
{
    tmg_custody c = {.id = tmg_col_i64(s, 0),
                     .exhibit_id = tmg_col_i64(s, 1),
                     .no = (int32_t)tmg_col_i64(s, 2),
                     .at_ms = tmg_col_i64(s, 3),
                     .gross_mg = tmg_col_opt(s, 4),
                     .net_mg = tmg_col_opt(s, 5),
                     .account_id = tmg_col_i64(s, 6)};
    tmg_span *texts[] = {&c.act,     &c.from_whom, &c.to_whom,   &c.place,      &c.seal_old,      &c.seal_new,
                         &c.purpose, &c.witness_1, &c.witness_2, &c.photo_hash, &c.previous_hash, &c.hash};

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        *texts[i] = tmg_span_copy(a, tmg_col_text(s, 7 + (int)i));
    c.ground = tmg_span_copy(a, tmg_col_text(s, 7 + (int)(sizeof texts / sizeof texts[0])));
    return c;
}

tmg_rc tmg_custody_list(tmg_db *db, int64_t exhibit_id, tmg_arena *a, tmg_custody **ret, size_t *ret_count,
                        tmg_err *err)
{
    tmg_custody *list = NULL;
    size_t room = 0, count = 0;
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(
        db,
        "SELECT id, exhibit_id, no, at_ms, gross_mg, net_mg, account_id, act, from_whom, "
        "to_whom, place, seal_old, "
        "seal_new, purpose, witness_1, witness_2, photo_hash, previous_hash, hash, ground FROM custody "
        "WHERE exhibit_id = $1 ORDER BY no",
        &s, err));
    tmg_bind_i64(s, 1, exhibit_id);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        list = tmg_grown(a, list, count, &room, sizeof *list);
        list[count++] = event_of(s, a);
    }
    *ret = list;
    *ret_count = count;
    return TMG_OK;
}

static tmg_rc store_event(tmg_db *db, const tmg_custody *c, tmg_err *err)
{
    const tmg_span texts[] = {c->act,       c->from_whom,  c->to_whom,       c->place,
                              c->seal_old,  c->seal_new,   c->purpose,       c->witness_1,
                              c->witness_2, c->photo_hash, c->previous_hash, c->hash};
    tmg_stmt *s;

    TMG_TRY(tmg_sql(
        db,
        "INSERT INTO custody (exhibit_id, no, at_ms, gross_mg, net_mg, account_id, act, from_whom, "
        "to_whom, place, "
        "seal_old, seal_new, purpose, witness_1, witness_2, photo_hash, previous_hash, hash, ground) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
        &s, err));
    tmg_bind_i64(s, 1, c->exhibit_id);
    tmg_bind_i64(s, 2, c->no);
    tmg_bind_i64(s, 3, c->at_ms);
    tmg_bind_opt(s, 4, c->gross_mg);
    tmg_bind_opt(s, 5, c->net_mg);
    tmg_bind_i64(s, 6, c->account_id);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        tmg_bind_text(s, 7 + (int)i, texts[i]);
    tmg_bind_text(s, 7 + (int)(sizeof texts / sizeof texts[0]),
                  c->ground.len > 0 ? c->ground : (tmg_span){NULL, 0});
    return tmg_exec(s, err);
}

static tmg_rc log_event(tmg_db *db, const tmg_actor *who, const tmg_custody *c, tmg_err *err)
{
    tmg_leaf l;

    tmg_leaf_begin(&l);
    tmg_json_i64(&l.j, "no", c->no);
    tmg_json_text(&l.j, "act", c->act);
    if (c->net_mg != TMG_NONE)
        tmg_json_i64(&l.j, "net_mg", c->net_mg);
    tmg_json_text(&l.j, "hash", c->hash);
    return tmg_leaf_end(&l, db, who, "custody.entered", "evidence", c->exhibit_id, err);
}

/* Chains the event behind the last one of its exhibit and stores it. */
static tmg_rc append(tmg_db *db, const tmg_actor *who, tmg_custody *c, const tmg_custody *last, tmg_arena *a,
                     tmg_err *err)
{
    TMG_AUTO_BUF hex = {0};

    tmg_buf_init(&hex, 128);
    c->no = last != NULL ? last->no + 1 : 1;
    c->at_ms = tmg_now_ms();
    c->account_id = who->account_id;
    c->previous_hash = last != NULL ? last->hash : TMG_SPAN("");
    tmg_span *needed[] = {&c->from_whom, &c->to_whom, &c->place, &c->purpose};
    static const char *const names[] = {"from_whom", "to_whom", "place", "purpose"};
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
        if (tmg_span_trim(*needed[i]).len == 0)
            return TMG_FAIL(err, TMG_E_INVALID,
                            "%s: every step of custody says who, to whom, where and what for", names[i]);
    hash_event(c, &hex);
    c->hash = tmg_span_copy(a, tmg_buf_as_span(&hex));
    TMG_TRY(store_event(db, c, err));
    c->id = tmg_last_id(db);
    return log_event(db, who, c, err);
}

static tmg_rc log_exhibit(tmg_db *db, const tmg_actor *who, const tmg_exhibit *e, tmg_err *err)
{
    tmg_leaf l;
    tmg_stmt *s;
    bool row;

    tmg_leaf_begin(&l);
    tmg_json_text(&l.j, "number", e->number);
    tmg_json_i64(&l.j, "seizure", e->seizure_id);
    tmg_json_i64(&l.j, "line", e->line_id);
    tmg_json_text(&l.j, "words", e->words);
    TMG_TRY(tmg_sql(db, "SELECT substance, mass_mg FROM substance_line WHERE id = $1", &s, err));
    tmg_bind_i64(s, 1, e->line_id);
    TMG_TRY(tmg_step(s, &row, err));
    if (row) {
        tmg_json_text(&l.j, "substance", tmg_col_text(s, 0));
        if (tmg_col_opt(s, 1) != TMG_NONE)
            tmg_json_i64(&l.j, "mass_mg", tmg_col_opt(s, 1));
        tmg_reset(s);
    }
    return tmg_leaf_end(&l, db, who, "exhibit.made", "evidence", e->id, err);
}

tmg_rc tmg_exhibit_make(const tmg_flows *f, tmg_db *db, const tmg_actor *who, tmg_exhibit *e,
                        const tmg_custody *sealing, tmg_arena *a, tmg_err *err)
{
    tmg_custody c = *sealing;

    if (tmg_span_trim(c.seal_new).len == 0)
        return TMG_FAIL(err, TMG_E_INVALID,
                        "seal_new: an exhibit is sealed when it is made: give the seal's number");
    TMG_TRY(tmg_plain_text("words", e->words, err));
    e->made_ms = tmg_now_ms();
    TMG_TRY(tmg_next_number(db, "exhibit", 'E', e->made_ms, a, &e->number, err));
    TMG_TRY(store_exhibit(db, e, err));
    c.exhibit_id = e->id;
    c.act = TMG_SPAN("sealed");
    TMG_TRY(tmg_custody_sense(f, db, &c, err));
    TMG_TRY(log_exhibit(db, who, e, err));
    TMG_TRY(tmg_flow_enter(f, db, who, evidence, e->id, 0, &e->flow, a, err));
    return append(db, who, &c, NULL, a, err);
}

static tmg_rc open_incidents(const tmg_flows *f, tmg_db *db, const tmg_actor *who, const tmg_custody *c,
                             const tmg_custody_difference *d, int64_t *ret_id, tmg_arena *a, tmg_err *err)
{
    int64_t change = d->found_mg > d->before_mg ? d->found_mg - d->before_mg : d->before_mg - d->found_mg;
    tmg_incident mass = {.exhibit_id = c->exhibit_id,
                         .custody_no = c->no,
                         .kind = TMG_SPAN("weight_change"),
                         .before_mg = d->before_mg,
                         .found_mg = d->found_mg},
                 seal = {.exhibit_id = c->exhibit_id,
                         .custody_no = c->no,
                         .kind = TMG_SPAN("seal_differs"),
                         .before_mg = TMG_NONE,
                         .found_mg = TMG_NONE,
                         .seal_before = d->seal_before,
                         .seal_found = d->seal_found};
    char words[1200];

    if (d->mass) {
        (void)snprintf(words, sizeof words, "net mass was %lld mg and is %lld mg: %lld mg %s",
                       (long long)d->before_mg, (long long)d->found_mg, (long long)change,
                       d->found_mg < d->before_mg ? "missing" : "more");
        mass.words = tmg_span_of(words);
        TMG_TRY(tmg_incident_open(f, db, who, &mass, a, err));
        *ret_id = mass.id;
    }
    if (!d->seal)
        return TMG_OK;
    (void)snprintf(words, sizeof words, "the seal should be %.*s and was found to be %.*s",
                   TMG_SPAN_ARG(d->seal_before), TMG_SPAN_ARG(d->seal_found));
    seal.words = tmg_span_of(words);
    TMG_TRY(tmg_incident_open(f, db, who, &seal, a, err));
    *ret_id = seal.id;
    return TMG_OK;
}

tmg_rc tmg_custody_move(const tmg_flows *f, tmg_db *db, const tmg_actor *who, int64_t exhibit_id,
                        tmg_span arrow, tmg_custody *c, int64_t tolerance_ppm, int64_t *ret_incident,
                        void *ctx, tmg_arena *a, tmg_err *err)
{
    tmg_custody_difference differs;
    tmg_custody *list = NULL;
    tmg_flow_item item;
    size_t count = 0;

    *ret_incident = 0;
    TMG_TRY(tmg_flow_at(db, evidence, exhibit_id, a, &item, err));
    TMG_TRY(tmg_custody_list(db, exhibit_id, a, &list, &count, err));
    TMG_TRY(tmg_flow_move(f, db, who, &item, arrow, c->purpose, ctx, a, err));
    c->exhibit_id = exhibit_id;
    c->act = item.state;
    TMG_TRY(tmg_custody_sense(f, db, c, err));
    TMG_TRY(tmg_custody_compare(db, c, tolerance_ppm, a, &differs, err));
    TMG_TRY(append(db, who, c, count > 0 ? &list[count - 1] : NULL, a, err));
    return open_incidents(f, db, who, c, &differs, ret_incident, a, err);
}

tmg_rc tmg_custody_chain_check(const tmg_exhibit *e, const tmg_custody *list, size_t count, tmg_err *err)
{
    TMG_AUTO_BUF hex = {0};

    tmg_buf_init(&hex, 128);
    for (size_t i = 0; i < count; i++) {
        tmg_span before = i > 0 ? list[i - 1].hash : TMG_SPAN("");

        hash_event(&list[i], &hex);
        if (list[i].no != (int32_t)i + 1 || !tmg_span_eq(list[i].previous_hash, before) ||
            !tmg_span_eq(tmg_buf_as_span(&hex), list[i].hash))
            return tmg_err_code(
                TMG_FAIL(err, TMG_E_STORE, "%.*s: event %lld does not fit the chain before it",
                         TMG_SPAN_ARG(e->number), (long long)i + 1),
                err, "custody.broken", "exhibit=%.*s\nwhat=event %lld does not fit the chain before it\n",
                TMG_SPAN_ARG(e->number), (long long)i + 1);
    }
    return TMG_OK;
}
