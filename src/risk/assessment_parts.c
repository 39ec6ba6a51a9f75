#include "risk/fusion_priv.h"

#include "base/json.h"

/* What fusion knew of one harm, so that it can be joined again and learned from. */
static void write_view(tmg_json_out *j, const char *key, const tmg_assessment *as, const tmg_harm_view *v)
{
    tmg_json_object(j, key);
    tmg_json_i64(j, "whole", v->path[0].ppb);
    tmg_json_array(j, "chains");
    for (size_t c = 0; c < as->chain_count; c++)
        tmg_json_i64(j, NULL, v->chain_ppb[c]);
    tmg_json_end_array(j);
    tmg_json_i64(j, "profiles", v->profile_ppb);
    if (v->model_ppb != TMG_NONE) {
        tmg_json_i64(j, "model", v->model_ppb);
        tmg_json_i64(j, "model_id", v->model_id);
    }
    tmg_json_i64(j, "joined", v->joined_ppb);
    tmg_json_end_object(j);
}

static void write_part(tmg_json_out *j, const tmg_part *p)
{
    tmg_json_object(j, NULL);
    tmg_json_z(j, "harm", tmg_harm_name(p->harm));
    tmg_json_text(j, "sense", p->sense);
    tmg_json_text(j, "name", p->name);
    tmg_json_i64(j, "mdB", p->weight_mdB);
    if (p->author_mdB != TMG_NONE)
        tmg_json_i64(j, "author_mdB", p->author_mdB);
    if (p->key.len > 0)
        tmg_json_text(j, "key", p->key);
    if (p->words.len > 0)
        tmg_json_text(j, "words", p->words);
    tmg_json_end_object(j);
}

void tmg_parts_write(const tmg_assessment *as, tmg_buf *b)
{
    tmg_json_out j;

    tmg_json_begin(&j, b);
    tmg_json_object(&j, NULL);
    for (int h = 0; h < TMG_HARMS; h++)
        write_view(&j, tmg_harm_name((tmg_harm)h), as, &as->harm[h]);
    tmg_json_array(&j, "parts");
    for (size_t i = 0; i < as->part_count; i++)
        write_part(&j, &as->parts[i]);
    tmg_json_end_array(&j);
    tmg_json_end_object(&j);
}

static void read_view(const tmg_json *from, tmg_assessment *as, tmg_harm_view *v)
{
    const tmg_json *chains = tmg_json_member(from, "chains");

    as->chain_count = tmg_json_count(chains) < TMG_MOST_CHAINS ? tmg_json_count(chains) : TMG_MOST_CHAINS;
    for (size_t c = 0; c < as->chain_count; c++)
        v->chain_ppb[c] = tmg_json_as_i64(tmg_json_at(chains, c), 0);
    /* Levels are stored to the millionth; fusion saw the whole flow to the billionth. */
    v->path[0].ppb = tmg_json_as_i64(tmg_json_member(from, "whole"), v->path[0].ppb);
    v->profile_ppb = tmg_json_as_i64(tmg_json_member(from, "profiles"), v->ppb);
    v->model_ppb = tmg_json_as_i64(tmg_json_member(from, "model"), TMG_NONE);
    v->model_id = tmg_json_as_i64(tmg_json_member(from, "model_id"), 0);
    v->joined_ppb = tmg_json_as_i64(tmg_json_member(from, "joined"), v->ppb);
}

static void read_parts(const tmg_json *list, tmg_assessment *as, tmg_arena *a)
{
    size_t count = tmg_json_count(list);
    tmg_part *parts = tmg_alloc_array(a, count + 1, sizeof *parts);

    for (size_t i = 0; i < count; i++) {
        const tmg_json *p = tmg_json_at(list, i);
        bool critical = tmg_span_is(tmg_json_as_text(tmg_json_member(p, "harm")), "critical");
        parts[i] = (tmg_part){.harm = critical ? TMG_CRITICAL : TMG_FRAUD,
                              .sense = tmg_json_copy_text(p, "sense", a),
                              .name = tmg_json_copy_text(p, "name", a),
                              .weight_mdB = tmg_json_as_i64(tmg_json_member(p, "mdB"), 0),
                              .author_mdB = tmg_json_as_i64(tmg_json_member(p, "author_mdB"), TMG_NONE),
                              .key = tmg_json_copy_text(p, "key", a),
                              .words = tmg_json_copy_text(p, "words", a)};
    }
    as->parts = parts;
    as->part_count = count;
}

tmg_rc tmg_assessment_parts_of(tmg_span text, tmg_assessment *as, tmg_arena *a, tmg_err *err)
{
    TMG_AUTO_JSON json = NULL;

    TMG_TRY(tmg_json_read(text, &json, err));
    for (int h = 0; h < TMG_HARMS; h++)
        read_view(tmg_json_member(json, tmg_harm_name((tmg_harm)h)), as, &as->harm[h]);
    read_parts(tmg_json_member(json, "parts"), as, a);
    return TMG_OK;
}

tmg_rc tmg_assessment_parts(tmg_db *db, tmg_assessment *as, tmg_arena *a, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db, "SELECT parts FROM assessment WHERE declaration_id = $1 AND as_of_ms = $2", &s, err));
    tmg_bind_i64(s, 1, as->declaration_id);
    tmg_bind_i64(s, 2, as->as_of_ms);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_OK;
    tmg_span text = tmg_col_text(s, 0);
    tmg_rc rc = text.ptr != NULL ? tmg_assessment_parts_of(text, as, a, err) : TMG_OK;
    tmg_reset(s);
    return rc;
}
