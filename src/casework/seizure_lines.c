#include "casework/seizure_priv.h"

enum { LEAST_WORDS = 3 };

bool tmg_said(tmg_span words)
{
    size_t letters = 0;

    for (size_t i = 0; i < words.len; i++) {
        unsigned char c = (unsigned char)words.ptr[i];

        letters += c >= 0x80 || (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
    }
    return letters >= LEAST_WORDS;
}

tmg_rc tmg_must_be_listed(const tmg_code_lists *codes, const char *field, const char *list, tmg_span code,
                          tmg_err *err)
{
    if (tmg_listed_code_of(codes, list, code) == NULL)
        return TMG_FAIL(err, TMG_E_INVALID, "%s: \"%.*s\" is not in the list of codes \"%s\"", field,
                        TMG_SPAN_ARG(code), list);
    return TMG_OK;
}

static tmg_rc is_substance(tmg_db *db, tmg_span code, int32_t day, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db,
                    "SELECT 1 FROM substance WHERE code = $1 AND from_day <= $2 AND (until_day IS NULL OR "
                    "until_day > $2)",
                    &s, err));
    tmg_bind_text(s, 1, code);
    tmg_bind_i64(s, 2, day);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_INVALID,
                        "substance: \"%.*s\" is not in the list of substances of that day",
                        TMG_SPAN_ARG(code));
    tmg_reset(s);
    return TMG_OK;
}

tmg_rc tmg_line_check(const tmg_code_lists *codes, tmg_db *db, const tmg_substance_line *l, int32_t day,
                      tmg_err *err)
{
    TMG_TRY(is_substance(db, l->substance, day, err));
    TMG_TRY(tmg_must_be_listed(codes, "form", "form", l->form, err));
    if (tmg_span_is(l->form, "other") && !tmg_said(l->words))
        return TMG_FAIL(err, TMG_E_INVALID,
                        "words: the form \"other\" needs words that say what it looks like");
    if (l->mass_mg == TMG_NONE && l->volume_ul == TMG_NONE && l->count == TMG_NONE)
        return TMG_FAIL(err, TMG_E_INVALID, "lines: %.*s needs a mass, a volume or a count",
                        TMG_SPAN_ARG(l->substance));
    if ((l->mass_mg != TMG_NONE && l->mass_mg <= 0) || (l->volume_ul != TMG_NONE && l->volume_ul <= 0) ||
        (l->count != TMG_NONE && l->count <= 0))
        return TMG_FAIL(err, TMG_E_INVALID, "lines: mass, volume and count of %.*s must be more than 0",
                        TMG_SPAN_ARG(l->substance));
    TMG_TRY(tmg_line_limits(l, err));
    if (l->count != TMG_NONE)
        TMG_TRY(tmg_must_be_listed(codes, "count_kind", "count_kind", l->count_kind, err));
    if (tmg_span_is(l->substance, "other") && !tmg_said(l->words))
        return TMG_FAIL(err, TMG_E_INVALID, "words: the substance \"other\" needs words that say what it is");
    if (l->growth.len > 0 && !tmg_span_is(l->growth, "cultivated") && !tmg_span_is(l->growth, "wild"))
        return TMG_FAIL(err, TMG_E_INVALID, "growth: plants are cultivated or wild");
    if (l->area_m2 < 0 || (l->area_m2 > 0 && l->growth.len == 0))
        return TMG_FAIL(err, TMG_E_INVALID,
                        "area_m2: whole square metres on which plants grew, with growth: cultivated or wild");
    if (l->purity_ppm != TMG_NONE && (l->purity_ppm < 0 || l->purity_ppm > 1000000))
        return TMG_FAIL(err, TMG_E_INVALID, "purity_ppm: expected 0 to 1000000 parts per million");
    return TMG_OK;
}

tmg_rc tmg_line_store(tmg_db *db, int64_t seizure_id, tmg_substance_line *l, tmg_err *err)
{
    tmg_stmt *s;

    TMG_TRY(tmg_sql(
        db,
        "INSERT INTO substance_line (seizure_id, substance, form, mass_mg, volume_ul, count, "
        "count_kind, gross, "
        "estimated, purity_ppm, stage, replaces, words, at_ms, account_id, growth, area_m2, report_number, "
        "report_day) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
        &s, err));
    tmg_bind_i64(s, 1, seizure_id);
    tmg_bind_text(s, 2, l->substance);
    tmg_bind_text(s, 3, l->form);
    tmg_bind_opt(s, 4, l->mass_mg);
    tmg_bind_opt(s, 5, l->volume_ul);
    tmg_bind_opt(s, 6, l->count);
    tmg_bind_text(s, 7, l->count_kind);
    tmg_bind_i64(s, 8, l->gross);
    tmg_bind_i64(s, 9, l->estimated);
    tmg_bind_opt(s, 10, l->purity_ppm);
    tmg_bind_text(s, 11, l->stage);
    tmg_bind_id(s, 12, l->replaces);
    tmg_bind_text(s, 13, l->words);
    tmg_bind_i64(s, 14, l->at_ms);
    tmg_bind_i64(s, 15, l->account_id);
    tmg_bind_text(s, 16, l->growth.len > 0 ? l->growth : (tmg_span){NULL, 0});
    tmg_bind_id(s, 17, l->area_m2);
    tmg_bind_text(s, 18, l->report_number);
    tmg_bind_id(s, 19, l->report_day);
    TMG_TRY(tmg_exec(s, err));
    l->id = tmg_last_id(db);
    return TMG_OK;
}

/* How plants grew is not seen in the laboratory: a newer line that does not say so keeps what was said. */
static tmg_rc keep_growth(tmg_db *db, int64_t line_id, tmg_substance_line *l, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    if (l->growth.len > 0)
        return TMG_OK;
    TMG_TRY(tmg_sql(db, "SELECT growth = 'wild', area_m2 FROM substance_line WHERE id = $1", &s, err));
    tmg_bind_i64(s, 1, line_id);
    TMG_TRY(tmg_step(s, &row, err));
    if (row && tmg_col_opt(s, 0) != TMG_NONE) {
        l->growth = tmg_col_i64(s, 0) != 0 ? TMG_SPAN("wild") : TMG_SPAN("cultivated");
        l->area_m2 = l->area_m2 != 0 ? l->area_m2 : tmg_col_i64(s, 1);
    }
    tmg_reset(s);
    return TMG_OK;
}

tmg_rc tmg_lines_read(tmg_db *db, tmg_seizure *z, tmg_arena *a, tmg_err *err)
{
    size_t room = 0;
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db,
                    "SELECT id, mass_mg, volume_ul, count, purity_ppm, replaces, at_ms, account_id, "
                    "substance, form, count_kind, "
                    "stage, words, gross, estimated, growth, area_m2, report_number, report_day FROM "
                    "substance_line WHERE seizure_id = "
                    "$1 ORDER BY id",
                    &s, err));
    tmg_bind_i64(s, 1, z->id);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        z->lines = tmg_grown(a, z->lines, z->line_count, &room, sizeof *z->lines);
        z->lines[z->line_count++] =
            (tmg_substance_line){.id = tmg_col_i64(s, 0),
                                 .mass_mg = tmg_col_opt(s, 1),
                                 .volume_ul = tmg_col_opt(s, 2),
                                 .count = tmg_col_opt(s, 3),
                                 .purity_ppm = tmg_col_opt(s, 4),
                                 .replaces = tmg_col_i64(s, 5),
                                 .at_ms = tmg_col_i64(s, 6),
                                 .account_id = tmg_col_i64(s, 7),
                                 .substance = tmg_span_copy(a, tmg_col_text(s, 8)),
                                 .form = tmg_span_copy(a, tmg_col_text(s, 9)),
                                 .count_kind = tmg_span_copy(a, tmg_col_text(s, 10)),
                                 .stage = tmg_span_copy(a, tmg_col_text(s, 11)),
                                 .words = tmg_span_copy(a, tmg_col_text(s, 12)),
                                 .gross = tmg_col_i64(s, 13) != 0,
                                 .estimated = tmg_col_i64(s, 14) != 0,
                                 .growth = tmg_span_copy(a, tmg_col_text(s, 15)),
                                 .area_m2 = tmg_col_i64(s, 16),
                                 .report_number = tmg_span_copy(a, tmg_col_text(s, 17)),
                                 .report_day = (int32_t)tmg_col_i64(s, 18)};
    }
}

tmg_rc tmg_line_add(const tmg_code_lists *codes, tmg_db *db, const tmg_actor *who, int64_t seizure_id,
                    tmg_substance_line *l, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_seizure z;
    tmg_leaf leaf;

    TMG_TRY(tmg_seizure_read(db, seizure_id, a, &z, err));
    TMG_TRY(tmg_case_not_over(db, z.case_id, err));
    TMG_TRY(tmg_line_check(codes, db, l, tmg_day_of(z.seized_ms, z.offset_min), err));
    l->stage = TMG_SPAN("seized");
    l->replaces = 0;
    l->at_ms = tmg_now_ms();
    l->account_id = who->account_id;
    TMG_TRY(tmg_line_store(db, seizure_id, l, err));
    tmg_leaf_begin(&leaf);
    tmg_json_i64(&leaf.j, "line", l->id);
    tmg_json_text(&leaf.j, "substance", l->substance);
    if (l->mass_mg != TMG_NONE)
        tmg_json_i64(&leaf.j, "mass_mg", l->mass_mg);
    return tmg_leaf_end(&leaf, db, who, "line.added", "seizure", seizure_id, err);
}

typedef struct old_line {
    int64_t seizure_id, seized_ms, case_id;
    int offset_min;
    bool replaced;
} old_line;

static tmg_rc find_line(tmg_db *db, int64_t line_id, old_line *ret, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db,
                    "SELECT l.seizure_id, z.seized_ms, z.offset_min, (SELECT count(*) FROM substance_line n "
                    "WHERE n.replaces = "
                    "l.id), z.case_id FROM substance_line l JOIN seizure z ON z.id = "
                    "l.seizure_id WHERE l.id = $1",
                    &s, err));
    tmg_bind_i64(s, 1, line_id);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no substance line %lld", (long long)line_id);
    *ret = (old_line){.seizure_id = tmg_col_i64(s, 0),
                      .seized_ms = tmg_col_i64(s, 1),
                      .offset_min = (int)tmg_col_i64(s, 2),
                      .replaced = tmg_col_i64(s, 3) > 0,
                      .case_id = tmg_col_i64(s, 4)};
    tmg_reset(s);
    return TMG_OK;
}

tmg_rc tmg_line_confirm(const tmg_code_lists *codes, tmg_db *db, const tmg_actor *who, int64_t line_id,
                        tmg_substance_line *l, tmg_err *err)
{
    old_line old = {0};
    tmg_leaf leaf;

    TMG_TRY(find_line(db, line_id, &old, err));
    TMG_TRY(tmg_case_not_over(db, old.case_id, err));
    if (old.replaced)
        return TMG_FAIL(err, TMG_E_CONFLICT, "line %lld was replaced already: confirm the newer one",
                        (long long)line_id);
    if (!tmg_span_is(l->stage, "confirmed") && !tmg_span_is(l->stage, "seized"))
        return TMG_FAIL(err, TMG_E_INVALID,
                        "stage: expected confirmed (by the laboratory) or seized (a correction)");
    TMG_TRY(keep_growth(db, line_id, l, err));
    TMG_TRY(tmg_line_check(codes, db, l, tmg_day_of(old.seized_ms, old.offset_min), err));
    l->replaces = line_id;
    l->at_ms = tmg_now_ms();
    l->account_id = who->account_id;
    TMG_TRY(tmg_line_store(db, old.seizure_id, l, err));
    tmg_leaf_begin(&leaf);
    tmg_json_i64(&leaf.j, "replaces", line_id);
    tmg_json_text(&leaf.j, "substance", l->substance);
    tmg_json_text(&leaf.j, "stage", l->stage);
    if (l->report_number.len > 0)
        tmg_json_text(&leaf.j, "report", l->report_number);
    if (l->words.len > 0)
        tmg_json_text(&leaf.j, "words", l->words);
    if (l->mass_mg != TMG_NONE)
        tmg_json_i64(&leaf.j, "mass_mg", l->mass_mg);
    return tmg_leaf_end(&leaf, db, who, "line.replaced", "seizure", old.seizure_id, err);
}
