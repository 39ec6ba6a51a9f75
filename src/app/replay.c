#include "app/replay_priv.h"
#include "base/file.h"
#include "store/stream.h"

enum {
    RECORD_CAP = 8 << 20,
    NAMES_CAP = 4 << 20,
    MOST_GROUPS = 256,
    DECLARATION_CAP = 64 << 20,
    ROWS_CAP = 64 << 20
};

tmg_rc tmg_replay_begin(tmg_replay *r, const char *chains, int offset_min, tmg_err *err)
{
    tmg_assessment as;
    static const tmg_declaration nothing = {.expected_ms = TMG_NONE};

    *r = (tmg_replay){.offset_min = offset_min, .names = tmg_arena_new(NAMES_CAP)};
    TMG_TRY(tmg_mind_new(chains, &r->mind, err));
    TMG_TRY(tmg_history_values(chains, &r->history, err));
    TMG_TRY(tmg_schema_make(r->mind, r->history, &r->schema, err));
    r->dict = tmg_dict_new();
    r->book = tmg_book_new(r->dict);
    r->rows = tmg_arena_new(ROWS_CAP);
    tmg_values_prepare(r->history, r->book);
    tmg_mind_assess(r->mind, &nothing, INT64_MIN, &as);
    r->chain_count = as.chain_count;
    for (int g = 0; g < TMG_GROUPINGS; g++) {
        r->group_name[g][0] = TMG_SPAN("others");
        r->group_count[g] = 1;
    }
    return TMG_OK;
}

void tmg_replay_done(tmg_replay *r)
{
    tmg_mind_free(r->mind);
    tmg_values_free(r->history);
    tmg_book_free(r->book);
    tmg_dict_free(r->dict);
    tmg_arena_free(r->rows);
    tmg_schema_done(&r->schema);
    free(r->example);
    free(r->x);
    tmg_arena_free(r->names);
    *r = (tmg_replay){0};
}

static void make_room(tmg_replay *r)
{
    if (r->count < r->room)
        return;
    r->room = r->room == 0 ? 4096 : r->room * 2;
    r->example = tmg_xrealloc(r->example, r->room * sizeof *r->example);
}

static size_t add_row(tmg_replay *r, const tmg_sight *sight, const tmg_declaration *d, int32_t item_no)
{
    if (r->row_count == r->row_room) {
        r->row_room = r->row_room == 0 ? 4096 : r->row_room * 2;
        r->x = tmg_xrealloc(r->x, r->row_room * r->schema.count * sizeof *r->x);
    }
    tmg_features_of(r->mind, r->history, sight, d, item_no, r->offset_min,
                    r->x + r->row_count * r->schema.count);
    return r->row_count++;
}

const float *tmg_example_features(const tmg_replay *r, size_t example, tmg_harm h)
{
    return r->x + r->example[example].row[h] * r->schema.count;
}

static uint32_t group_of(tmg_replay *r, int grouping, tmg_span code)
{
    tmg_span name = code.len > 0 ? code : TMG_SPAN("not stated");

    for (size_t i = 1; i < r->group_count[grouping]; i++)
        if (tmg_span_eq(r->group_name[grouping][i], name))
            return (uint32_t)i;
    if (r->group_count[grouping] == MOST_GROUPS)
        return 0;
    r->group_name[grouping][r->group_count[grouping]] = tmg_span_copy(r->names, name);
    return (uint32_t)r->group_count[grouping]++;
}

static const tmg_item *first_item(const tmg_declaration *d)
{
    static const tmg_item none;

    return d->item_count > 0 ? &d->items[0] : &none;
}

static tmg_sight sight_of(tmg_replay *r, const tmg_declaration *d)
{
    tmg_declaration numbered = *d;
    tmg_row *rows;

    if (d->id == 0)
        numbered.id = numbered.consignment_id = (int64_t)r->count + 1;
    tmg_arena_reset(r->rows);
    size_t count = tmg_rows_of(r->dict, &numbered, r->offset_min, r->rows, &rows);
    return (tmg_sight){r->book, r->dict, rows, count};
}

static void enter(tmg_replay *r, const tmg_sight *s, const tmg_result *result, bool learn)
{
    tmg_book_enter(r->book, s->rows, s->row_count);
    if (learn)
        tmg_book_result(r->book, s->rows[0].consignment_id, result->known_at_ms,
                        result->found[TMG_FRAUD] == TMG_FOUND_YES ||
                            result->found[TMG_CRITICAL] == TMG_FOUND_YES);
}

static void keep_thoughts(const tmg_assessment *as, tmg_example *e)
{
    for (int h = 0; h < TMG_HARMS; h++) {
        const tmg_harm_view *v = &as->harm[h];
        e->thought[h] = (tmg_thought){.whole_ppb = v->path[0].ppb, .raw_ppb = v->raw_ppb};
        memcpy(e->thought[h].chain_ppb, v->chain_ppb, sizeof v->chain_ppb);
    }
}

void tmg_replay_add(tmg_replay *r, const tmg_declaration *d, int64_t as_of_ms, const tmg_result *result,
                    bool learn)
{
    const tmg_item *it = first_item(d);
    tmg_assessment as;
    tmg_sight sight = {0};

    make_room(r);
    if (!r->without_features)
        sight = sight_of(r, d);
    tmg_example *e = &r->example[r->count];
    tmg_mind_assess(r->mind, d, as_of_ms, &as);
    *e = (tmg_example){
        .declaration_id = d->id,
        .at_ms = as_of_ms,
        .day = tmg_day_of(as_of_ms, r->offset_min),
        .repeats = as.repeats,
        .group = {group_of(r, TMG_BY_POST, d->post), group_of(r, TMG_BY_MODE, d->transport_mode),
                  group_of(r, TMG_BY_ORIGIN, it->origin)},
        .goods = tmg_hash64(0, it->hs.len > 0 ? it->hs.ptr : "", it->hs.len < 6 ? it->hs.len : 6)};
    keep_thoughts(&as, e);
    for (int h = 0; h < TMG_HARMS; h++) {
        bool same = h > 0 && as.harm[h].item_no == as.harm[0].item_no;
        e->found[h] = (int8_t)result->found[h];
        if (!r->without_features)
            e->row[h] = same ? e->row[0] : add_row(r, &sight, d, as.harm[h].item_no);
    }
    if (!r->without_features && d->id == 0)
        enter(r, &sight, result, learn);
    r->count++;
    if (result->known_at_ms > r->last_known_ms)
        r->last_known_ms = result->known_at_ms;
    if (learn)
        tmg_mind_learn(r->mind, d, result);
}

void tmg_example_assessment(const tmg_replay *r, const tmg_example *e, tmg_assessment *ret)
{
    *ret = (tmg_assessment){.chain_count = r->chain_count};
    for (int h = 0; h < TMG_HARMS; h++) {
        tmg_harm_view *v = &ret->harm[h];
        v->path[0].ppb = e->thought[h].whole_ppb;
        v->raw_ppb = v->ppb = v->profile_ppb = v->joined_ppb = e->thought[h].raw_ppb;
        v->model_ppb = TMG_NONE;
        memcpy(v->chain_ppb, e->thought[h].chain_ppb, sizeof v->chain_ppb);
    }
}

/* ---- from files ---- */

static tmg_rc add_record(tmg_replay *r, tmg_record *rec, bool learn, tmg_err *err)
{
    int64_t at = rec->declaration.lodged.at_ms;

    if (!rec->has_result || rec->result.found[TMG_FRAUD] == TMG_FOUND_UNKNOWN)
        return TMG_FAIL(err, TMG_E_INVALID,
                        "line %zu: learning and judging need a control result on every row", rec->line);
    if (learn && r->count > 0 && at < r->example[r->count - 1].at_ms)
        return TMG_FAIL(
            err, TMG_E_INVALID,
            "line %zu: this row was lodged before the one above it: sort the file by the instant of "
            "lodging",
            rec->line);
    tmg_declaration_sum(&rec->declaration);
    tmg_replay_add(r, &rec->declaration, at, &rec->result, learn);
    return TMG_OK;
}

static tmg_rc add_records(tmg_replay *r, tmg_reader *reader, bool learn, tmg_err *err)
{
    static _Thread_local tmg_record rec;
    TMG_AUTO_ARENA a = tmg_arena_new(RECORD_CAP);
    bool more = true;

    for (;;) {
        TMG_TRY(tmg_reader_next(reader, a, &rec, &more, err));
        if (!more)
            return TMG_OK;
        if (rec.good)
            TMG_TRY(add_record(r, &rec, learn, err));
        else
            r->bad_rows++;
        tmg_arena_reset(a);
    }
}

tmg_rc tmg_replay_file(tmg_replay *r, const char *path, const tmg_intake_options *o, bool learn, tmg_err *err)
{
    tmg_intake_options options = *o;
    tmg_reader *reader;
    tmg_file file;
    tmg_rc rc;

    TMG_TRY(tmg_file_map(path, &file, err));
    options.file_name = path;
    rc = tmg_reader_open(file.bytes, &options, &reader, err);
    if (rc == TMG_OK) {
        rc = add_records(r, reader, learn, err);
        tmg_reader_close(reader);
    }
    tmg_file_unmap(&file);
    return rc == TMG_OK ? rc : tmg_err_within(err, "%s", path);
}

/* ---- from a centre ---- */

static tmg_rc add_result(tmg_replay *r, tmg_db *db, const tmg_result *result, tmg_arena *a, tmg_err *err)
{
    tmg_declaration d;

    TMG_TRY(tmg_declaration_load(db, result->declaration_id, a, &d, err));
    tmg_replay_add(r, &d, d.known_at_ms, result, true);
    return TMG_OK;
}

static tmg_rc enter_stored(void *ctx, const tmg_declaration *d, tmg_err *err)
{
    tmg_replay *r = ctx;
    tmg_row *rows;

    (void)err;
    tmg_arena_reset(r->rows);
    size_t count = tmg_rows_of(r->dict, d, r->offset_min, r->rows, &rows);
    tmg_book_enter(r->book, rows, count);
    return TMG_OK;
}

static void enter_result(void *ctx, const tmg_result_brief *b)
{
    tmg_replay *r = ctx;

    tmg_book_result(r->book, b->consignment_id, b->known_at_ms, b->fraud || b->critical);
}

static tmg_rc fill_book(tmg_replay *r, tmg_db *db, tmg_err *err)
{
    TMG_TRY(tmg_declaration_each(db, 0, enter_stored, r, err));
    return tmg_result_brief_each(db, 0, enter_result, r, err);
}

tmg_rc tmg_replay_db(tmg_replay *r, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(DECLARATION_CAP);
    tmg_stmt *s = NULL;

    if (!r->without_features)
        TMG_TRY(fill_book(r, db, err));
    TMG_TRY(tmg_sql(
        db,
        "SELECT r.declaration_id, r.happened_ms, r.known_at_ms, r.found_fraud, r.found_critical "
        "FROM result r JOIN declaration d ON d.id = r.declaration_id WHERE NOT EXISTS (SELECT 1 FROM result "
        "n WHERE n.replaces = r.id) ORDER BY d.known_at_ms, r.id",
        &s, err));
    for (;;) {
        bool row = false;
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        tmg_result result = {.declaration_id = tmg_col_i64(s, 0),
                             .happened_ms = tmg_col_i64(s, 1),
                             .known_at_ms = tmg_col_i64(s, 2),
                             .found = {(tmg_found)tmg_col_i64(s, 3), (tmg_found)tmg_col_i64(s, 4)}};
        tmg_rc rc = add_result(r, db, &result, a, err);
        if (rc != TMG_OK) {
            tmg_reset(s);
            return rc;
        }
        tmg_arena_reset(a);
    }
}
