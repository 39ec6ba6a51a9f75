/* What a paper says beside a chain of custody: its incidents, and whether it answers to the log. */
#include "app/papers_priv.h"

static tmg_span incident_line(tmg_draft *d, tmg_stmt *s)
{
    tmg_span kind = tmg_col_text(s, 0), name = tmg_paper_word_or(d->words, "incident", kind, kind),
             at = tmg_draft_time(d, tmg_col_i64(s, 1));
    int64_t before = tmg_col_opt(s, 2), found = tmg_col_opt(s, 3);

    if (before != TMG_NONE && found != TMG_NONE)
        return tmg_paper_text(d->arena, "▲ %.*s  %.*s: %.*s → %.*s", TMG_SPAN_ARG(at), TMG_SPAN_ARG(name),
                              TMG_SPAN_ARG(tmg_paper_mass(d->words, d->arena, before)),
                              TMG_SPAN_ARG(tmg_paper_mass(d->words, d->arena, found)));
    if (tmg_col_text(s, 4).len > 0)
        return tmg_paper_text(d->arena, "▲ %.*s  %.*s: %.*s → %.*s", TMG_SPAN_ARG(at), TMG_SPAN_ARG(name),
                              TMG_SPAN_ARG(tmg_col_text(s, 4)), TMG_SPAN_ARG(tmg_col_text(s, 5)));
    return tmg_paper_text(d->arena, "▲ %.*s  %.*s", TMG_SPAN_ARG(at), TMG_SPAN_ARG(name));
}

static tmg_rc put_incidents(tmg_draft *d, int64_t exhibit_id, tmg_err *err)
{
    tmg_object about = tmg_object_of("exhibit", exhibit_id);
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(
        d->db,
        "SELECT kind, at_ms, before_mg, found_mg, seal_before, seal_found FROM incident WHERE about = $1 "
        "ORDER BY id",
        &s, err));
    tmg_bind_text(s, 1, tmg_span_of(about.text));
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        tmg_paper_line(d->paper, incident_line(d, s));
    }
}

tmg_rc tmg_draft_custody_proof(tmg_draft *d, int64_t exhibit_id, tmg_err *err)
{
    tmg_err why = {0};
    tmg_rc rc = tmg_custody_check(d->db, exhibit_id, &why);

    /* An exhibit that stands nowhere in its workflow has lost its records. */
    if (rc != TMG_OK && rc != TMG_E_NOT_FOUND &&
        (why.code == NULL || strcmp(why.code, "custody.broken") != 0)) {
        if (err != NULL)
            *err = why;
        return rc;
    }
    TMG_TRY(put_incidents(d, exhibit_id, err));
    tmg_paper_line(d->paper, rc == TMG_OK ? TMG_W(d, "custody", "whole")
                                          : tmg_paper_text(d->arena, "▲ %.*s",
                                                           TMG_SPAN_ARG(TMG_W(d, "custody", "broken"))));
    return TMG_OK;
}
