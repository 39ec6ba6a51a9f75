/* What a seizure lists beside its lines: the means in the order of their use, and its documents. */
#include "casework/seizure_priv.h"

enum { MOST_NUMBER = 120, MOST_DOCUMENT_WORDS = 240 };

tmg_rc tmg_seizure_lists_check(const tmg_code_lists *codes, const tmg_seizure *z, tmg_err *err)
{
    for (size_t i = 0; i < z->instrument_count; i++) {
        const tmg_instrument_used *u = &z->instruments[i];

        if (u->reaction == 0 || u->means == 0 || (u->means & (u->means - 1)) != 0)
            return TMG_FAIL(err, TMG_E_INVALID, "instruments[%zu]: name one means and its reaction", i);
    }
    for (size_t i = 0; i < z->document_count; i++) {
        const tmg_seizure_document *d = &z->documents[i];

        TMG_TRY(tmg_must_be_listed(codes, "documents", "document", d->kind, err));
        if (tmg_span_trim(d->number).len == 0 || d->number.len > MOST_NUMBER)
            return TMG_FAIL(err, TMG_E_INVALID, "documents[%zu]: give its number in at most %d bytes", i,
                            MOST_NUMBER);
        if (d->words.len > MOST_DOCUMENT_WORDS)
            return TMG_FAIL(err, TMG_E_LIMIT, "documents[%zu]: words of at most %d bytes", i,
                            MOST_DOCUMENT_WORDS);
        if (tmg_span_is(d->kind, "other") && !tmg_said(d->words))
            return TMG_FAIL(err, TMG_E_INVALID, "documents[%zu]: \"other\" needs words that say what it is",
                            i);
    }
    return TMG_OK;
}

static tmg_rc store_instruments(tmg_db *db, const tmg_seizure *z, tmg_err *err)
{
    tmg_stmt *s;

    for (size_t i = 0; i < z->instrument_count; i++) {
        const tmg_instrument_used *u = &z->instruments[i];

        TMG_TRY(tmg_sql(db,
                        "INSERT INTO seizure_instrument (seizure_id, no, means, again, reaction, words) "
                        "VALUES ($1, $2, $3, $4, $5, $6)",
                        &s, err));
        tmg_bind_i64(s, 1, z->id);
        tmg_bind_i64(s, 2, (int64_t)i + 1);
        tmg_bind_i64(s, 3, u->means);
        tmg_bind_i64(s, 4, u->again);
        tmg_bind_text(s, 5, tmg_span_of(tmg_reaction_name(u->reaction)));
        tmg_bind_text(s, 6, u->words);
        TMG_TRY(tmg_exec(s, err));
    }
    return TMG_OK;
}

static tmg_rc store_documents(tmg_db *db, const tmg_seizure *z, tmg_err *err)
{
    tmg_stmt *s;

    for (size_t i = 0; i < z->document_count; i++) {
        const tmg_seizure_document *d = &z->documents[i];

        TMG_TRY(
            tmg_sql(db,
                    "INSERT INTO seizure_document (seizure_id, no, kind, number, day, words) VALUES ($1, $2, "
                    "$3, $4, $5, $6)",
                    &s, err));
        tmg_bind_i64(s, 1, z->id);
        tmg_bind_i64(s, 2, (int64_t)i + 1);
        tmg_bind_text(s, 3, d->kind);
        tmg_bind_text(s, 4, d->number);
        tmg_bind_opt(s, 5, d->day == TMG_NO_DAY ? TMG_NONE : d->day);
        tmg_bind_text(s, 6, d->words);
        TMG_TRY(tmg_exec(s, err));
    }
    return TMG_OK;
}

tmg_rc tmg_seizure_lists_store(tmg_db *db, const tmg_seizure *z, tmg_err *err)
{
    TMG_TRY(store_instruments(db, z, err));
    return store_documents(db, z, err);
}

static tmg_rc forget(tmg_db *db, const char *sql, int64_t seizure_id, tmg_err *err)
{
    tmg_stmt *s;

    TMG_TRY(tmg_sql(db, sql, &s, err));
    tmg_bind_i64(s, 1, seizure_id);
    return tmg_exec(s, err);
}

tmg_rc tmg_seizure_lists_replace(tmg_db *db, const tmg_seizure *z, tmg_err *err)
{
    TMG_TRY(forget(db, "DELETE FROM seizure_instrument WHERE seizure_id = $1", z->id, err));
    TMG_TRY(forget(db, "DELETE FROM seizure_document WHERE seizure_id = $1", z->id, err));
    return tmg_seizure_lists_store(db, z, err);
}

static tmg_rc read_instruments(tmg_db *db, tmg_seizure *z, tmg_arena *a, tmg_err *err)
{
    size_t room = 0;
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(
        db, "SELECT means, again, reaction, words FROM seizure_instrument WHERE seizure_id = $1 ORDER BY no",
        &s, err));
    tmg_bind_i64(s, 1, z->id);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        z->instruments = tmg_grown(a, z->instruments, z->instrument_count, &room, sizeof *z->instruments);
        z->instruments[z->instrument_count++] =
            (tmg_instrument_used){.means = (unsigned)tmg_col_i64(s, 0),
                                  .again = tmg_col_i64(s, 1) != 0,
                                  .reaction = tmg_reaction_of(tmg_col_text(s, 2)),
                                  .words = tmg_span_copy(a, tmg_col_text(s, 3))};
    }
}

static tmg_rc read_documents(tmg_db *db, tmg_seizure *z, tmg_arena *a, tmg_err *err)
{
    size_t room = 0;
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db,
                    "SELECT kind, number, day, words FROM seizure_document WHERE seizure_id = $1 ORDER BY no",
                    &s, err));
    tmg_bind_i64(s, 1, z->id);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        int64_t day = tmg_col_opt(s, 2);
        z->documents = tmg_grown(a, z->documents, z->document_count, &room, sizeof *z->documents);
        z->documents[z->document_count++] =
            (tmg_seizure_document){.kind = tmg_span_copy(a, tmg_col_text(s, 0)),
                                   .number = tmg_span_copy(a, tmg_col_text(s, 1)),
                                   .day = day == TMG_NONE ? TMG_NO_DAY : (int32_t)day,
                                   .words = tmg_span_copy(a, tmg_col_text(s, 3))};
    }
}

tmg_rc tmg_seizure_lists_read(tmg_db *db, tmg_seizure *z, tmg_arena *a, tmg_err *err)
{
    TMG_TRY(read_instruments(db, z, a, err));
    return read_documents(db, z, a, err);
}

void tmg_seizure_write_instruments(tmg_json_out *j, const char *key, const tmg_seizure *z)
{
    tmg_json_array(j, key);
    for (size_t i = 0; i < z->instrument_count; i++) {
        const tmg_instrument_used *u = &z->instruments[i];

        tmg_json_object(j, NULL);
        tmg_json_z(j, "means", tmg_means_name(u->means));
        tmg_json_bool(j, "again", u->again);
        tmg_json_z(j, "reaction", tmg_reaction_name(u->reaction));
        if (u->words.len > 0)
            tmg_json_text(j, "words", u->words);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
}

void tmg_seizure_write_documents(tmg_json_out *j, const char *key, const tmg_seizure *z)
{
    TMG_AUTO_BUF day = {0};

    tmg_buf_init(&day, 32);
    tmg_json_array(j, key);
    for (size_t i = 0; i < z->document_count; i++) {
        const tmg_seizure_document *d = &z->documents[i];

        tmg_json_object(j, NULL);
        tmg_json_text(j, "kind", d->kind);
        tmg_json_text(j, "number", d->number);
        if (d->day != TMG_NO_DAY) {
            tmg_buf_clear(&day);
            tmg_day_write(&day, d->day);
            tmg_json_text(j, "day", tmg_buf_as_span(&day));
        }
        if (d->words.len > 0)
            tmg_json_text(j, "words", d->words);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
}
