/* Papers: who may have them, how they are made and kept. */
#include "app/papers_priv.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "report/export.h"

static const struct paper_kind {
    const char *kind, *about;
    tmg_permission permission;
    const char *classification;
    tmg_rc (*draft)(tmg_draft *d, tmg_err *err);
} kinds[] = {
    {"target", "", TMG_MAY_CONSIGNMENT_READ, "official", tmg_draft_target},
    {"act", "order", TMG_MAY_ORDER_READ, "official", tmg_draft_act},
    {"seizure", "seizure", TMG_MAY_SEIZURE_READ, "restricted", tmg_draft_seizure},
    {"dossier", "case", TMG_MAY_CASE_READ, "restricted", tmg_draft_dossier},
    {"dossier_persons", "case", TMG_MAY_SUSPECT_READ, "personal", tmg_draft_dossier},
    {"custody_act", "custody", TMG_MAY_EVIDENCE_READ, "restricted", tmg_draft_custody},
    {"destruction_act", "custody", TMG_MAY_EVIDENCE_READ, "restricted", tmg_draft_custody},
    {"state", "", TMG_MAY_REPORT_READ, "official", tmg_draft_report},
    {"customs", "", TMG_MAY_REPORT_READ, "official", tmg_draft_report},
    {"state_public", "", TMG_MAY_REPORT_READ, "public", tmg_draft_report},
    {"customs_public", "", TMG_MAY_REPORT_READ, "public", tmg_draft_report},
};

static const struct paper_kind *kind_of(tmg_span kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (tmg_span_is(kind, kinds[i].kind))
            return &kinds[i];
    return NULL;
}

static tmg_rc known_kind(tmg_span kind, const struct paper_kind **ret, tmg_err *err)
{
    *ret = kind_of(kind);
    if (*ret == NULL)
        return TMG_FAIL(
            err, TMG_E_INVALID,
            "kind: there is no paper \"%.*s\"; there are target, act, seizure, dossier, "
            "dossier_persons, custody_act, destruction_act, state, customs, state_public and customs_public",
            TMG_SPAN_ARG(tmg_utf8_cut(kind, 40)));
    return TMG_OK;
}

tmg_rc tmg_about_id(tmg_span about, const char *kind, int64_t *ret, tmg_err *err)
{
    tmg_span rest = about, first;

    if (!tmg_span_split(&rest, ':', &first) || !tmg_span_is(first, kind) || !tmg_span_i64(rest, ret))
        return TMG_FAIL(err, TMG_E_INVALID, "about: expected \"%s:NUMBER\", not \"%.*s\"", kind,
                        TMG_SPAN_ARG(tmg_utf8_cut(about, 80)));
    return TMG_OK;
}

/* The post of an order or a seizure; 0 when it has none. */
static tmg_rc post_of(tmg_db *db, const char *sql, int64_t id, int64_t *ret, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db, sql, &s, err));
    tmg_bind_i64(s, 1, id);
    TMG_TRY(tmg_step(s, &row, err));
    *ret = row ? tmg_col_i64(s, 0) : 0;
    tmg_reset(s);
    return TMG_OK;
}

/* The post of a target sheet: the one it is for, or the one to which its consignment goes. */
static tmg_rc target_post(tmg_db *db, tmg_span about, tmg_arena *a, int64_t *ret, tmg_err *err)
{
    tmg_post post;
    int64_t id = 0;

    if (tmg_span_starts(about, "post:")) {
        TMG_TRY(tmg_post_by_code(db, (tmg_span){about.ptr + 5, about.len - 5}, a, &post, err));
        *ret = post.id;
        return TMG_OK;
    }
    TMG_TRY(tmg_about_id(about, "consignment", &id, err));
    return post_of(db,
                   "SELECT post_id FROM declaration WHERE consignment_id = $1 AND superseded_at_ms IS NULL",
                   id, ret, err);
}

/* Need-to-know: the post of what the paper is about, or the case. */
static tmg_rc may_about(tmg_db *db, const tmg_actor *who, const struct paper_kind *k, tmg_span about,
                        tmg_arena *a, tmg_err *err)
{
    int64_t id = 0, post = 0;

    if (k->permission == TMG_MAY_CONSIGNMENT_READ)
        TMG_TRY(target_post(db, about, a, &post, err));
    if (k->about[0] != '\0')
        TMG_TRY(tmg_about_id(about, k->about, &id, err));
    if (strcmp(k->about, "case") == 0)
        return tmg_case_may(db, who, id, err);
    if (k->permission == TMG_MAY_ORDER_READ)
        TMG_TRY(post_of(db, "SELECT post_id FROM inspection_order WHERE id = $1", id, &post, err));
    if (k->permission == TMG_MAY_EVIDENCE_READ)
        TMG_TRY(post_of(
            db,
            "SELECT z.post_id FROM custody u JOIN exhibit e ON e.id = u.exhibit_id JOIN seizure z ON z.id = "
            "e.seizure_id WHERE u.id = $1",
            id, &post, err));
    if (k->permission == TMG_MAY_SEIZURE_READ)
        TMG_TRY(post_of(db, "SELECT post_id FROM seizure WHERE id = $1", id, &post, err));
    return tmg_guard_may(who, k->permission, post, err);
}

tmg_rc tmg_paper_prepare(tmg_centre *c, tmg_db *db, const tmg_actor *who, const tmg_paper_ask *ask,
                         tmg_arena *a, tmg_paper_made *ret, tmg_err *err)
{
    const struct paper_kind *k;
    int64_t id = 0;

    (void)c;
    TMG_TRY(tmg_guard_may(who, TMG_MAY_PAPER_ISSUE, 0, err));
    TMG_TRY(known_kind(ask->kind, &k, err));
    TMG_TRY(tmg_guard_may(who, k->permission, 0, err));
    TMG_TRY(may_about(db, who, k, ask->about, a, err));
    *ret = (tmg_paper_made){.ask = *ask, .issued_ms = tmg_now_ms()};
    if (k->permission != TMG_MAY_SUSPECT_READ)
        return TMG_OK;
    TMG_TRY(tmg_about_id(ask->about, "case", &id, err));
    return tmg_suspect_list(db, who, id, ask->purpose, a, &ret->persons, &ret->person_count, err);
}

static tmg_span listed_words(void *ctx, const char *list, tmg_span code, int column)
{
    const tmg_listed_code *found = tmg_listed_code_of(ctx, list, code);

    return found != NULL ? found->words[column] : (tmg_span){NULL, 0};
}

tmg_rc tmg_centre_paper_words(const tmg_centre *c, tmg_span language, tmg_arena *a, tmg_paper_words **ret,
                              tmg_err *err)
{
    TMG_TRY(tmg_paper_words_read(tmg_share_path(c, a, "papers"), language, a, ret, err));
    tmg_paper_words_lists(*ret, listed_words, c->codes);
    return TMG_OK;
}

/* Where the log stood when the registry was read: anyone with the log can tell what was known then. */
static tmg_rc snapshot_of(tmg_db *db, tmg_arena *a, tmg_span *ret, tmg_err *err)
{
    TMG_AUTO_BUF b = {0};
    tmg_span *leaf;
    size_t count;
    int64_t size;

    TMG_TRY(tmg_guard_size(db, &size, err));
    tmg_buf_init(&b, 128);
    tmg_buf_i64(&b, size);
    if (size > 0) {
        TMG_TRY(tmg_guard_entries(db, size - 1, 1, a, &leaf, &count, err));
        tmg_sha256 h = tmg_sha256_tagged(0, leaf[0].ptr, leaf[0].len, NULL, 0);
        tmg_buf_char(&b, '-');
        tmg_hex_write(&b, h.b, 8);
    }
    *ret = tmg_span_copy(a, tmg_buf_as_span(&b));
    return TMG_OK;
}

/* Beside the paper, from the same draft: what a spreadsheet takes for a formula is a text. */
static tmg_rc in_format(tmg_paper *paper, const tmg_paper_made *m, tmg_buf *file, int *ret_pages,
                        tmg_err *err)
{
    const tmg_grid *rows = tmg_paper_rows(paper);

    *ret_pages = 1;
    if (tmg_span_is(m->ask.format, "xlsx"))
        return tmg_grids_xlsx(&rows, 1, m->issued_ms, file, err);
    if (!tmg_span_is(m->ask.format, "csv"))
        return tmg_paper_end(paper, file, ret_pages, err);
    tmg_grid_csv(rows, file);
    return TMG_OK;
}

static tmg_rc draft(tmg_draft *d, const struct paper_kind *k, tmg_buf *pdf, int *ret_pages, tmg_err *err)
{
    const tmg_paper_made *m = d->made;
    tmg_paper_head head = {.office = tmg_span_of(tmg_centre_settings(d->centre)->name),
                           .classification = tmg_span_of(k->classification),
                           .issued_by =
                               tmg_span_of(d->who->display[0] != '\0' ? d->who->display : d->who->name),
                           .subject = m->ask.about,
                           .issued_ms = m->issued_ms,
                           .offset_min = d->offset_min};
    TMG_AUTO_PAPER paper = NULL;

    TMG_TRY(snapshot_of(d->db, d->arena, &head.snapshot, err));
    paper = tmg_paper_new(&head, d->words, d->arena);
    d->paper = paper;
    TMG_TRY(k->draft(d, err));
    return in_format(paper, m, pdf, ret_pages, err);
}

tmg_rc tmg_paper_make(tmg_centre *c, tmg_db *db, const tmg_actor *who, tmg_paper_made *m, tmg_arena *a,
                      tmg_buf *pdf, tmg_err *err)
{
    tmg_draft d = {.centre = c,
                   .db = db,
                   .who = who,
                   .made = m,
                   .arena = a,
                   .offset_min = tmg_centre_settings(c)->offset_min};
    TMG_AUTO_BUF hex = {0};
    tmg_sha256 hash;

    TMG_TRY(tmg_centre_paper_words(c, m->ask.language, a, &d.words, err));
    TMG_TRY(tmg_begin_read(db, err));
    tmg_rc rc = draft(&d, kind_of(m->ask.kind), pdf, &m->pages, err);
    tmg_rollback(db);
    TMG_TRY(rc);
    TMG_TRY(tmg_evidence_put(tmg_centre_settings(c)->home, tmg_buf_as_span(pdf), &hash, err));
    tmg_buf_init(&hex, 128);
    tmg_hex_write(&hex, hash.b, sizeof hash.b);
    memcpy(m->hash, hex.ptr, sizeof m->hash);
    m->bytes = pdf->len;
    return TMG_OK;
}

static tmg_rc log_paper(tmg_db *db, const tmg_actor *who, const char *action, const tmg_paper_made *m,
                        int64_t id, tmg_err *err)
{
    TMG_AUTO_BUF b = {0};
    tmg_json_out j;

    tmg_buf_init(&b, 1 << 14);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    tmg_json_text(&j, "kind", m->ask.kind);
    tmg_json_text(&j, "about", m->ask.about);
    tmg_json_text(&j, "language", m->ask.language);
    if (m->ask.format.len > 0)
        tmg_json_text(&j, "format", m->ask.format);
    tmg_json_i64(&j, "pages", m->pages);
    tmg_json_z(&j, "sha256", m->hash);
    if (m->ask.purpose.len > 0)
        tmg_json_text(&j, "purpose", m->ask.purpose);
    tmg_json_end_object(&j);
    return tmg_guard_log(db, who, action, tmg_object_of("paper", id).text, tmg_members(&b), err);
}

tmg_rc tmg_paper_enter(tmg_db *db, const tmg_actor *who, const tmg_paper_made *m, tmg_err *err)
{
    tmg_stmt *s;

    TMG_TRY(
        tmg_sql(db,
                "INSERT INTO paper (kind, about, language, hash, pages, at_ms, account_id) VALUES ($1, $2, "
                "$3, $4, $5, $6, $7)",
                &s, err));
    tmg_bind_text(s, 1, m->ask.kind);
    tmg_bind_text(s, 2, m->ask.about);
    tmg_bind_text(s, 3, m->ask.language);
    tmg_bind_text(s, 4, tmg_span_of(m->hash));
    tmg_bind_i64(s, 5, m->pages);
    tmg_bind_i64(s, 6, m->issued_ms);
    tmg_bind_i64(s, 7, who->account_id);
    TMG_TRY(tmg_exec(s, err));
    return log_paper(db, who, "paper.issued", m, tmg_last_id(db), err);
}

/* A seizure record holds what whoever issued it may know: of a need-to-know case it is given to the issuer
 * and to those whom the case names. */
static tmg_rc may_read_record(tmg_db *db, const tmg_actor *who, const struct paper_kind *k, int64_t issuer,
                              tmg_span about, tmg_err *err)
{
    int64_t id, case_id = 0;

    if (k->permission != TMG_MAY_SEIZURE_READ || issuer == who->account_id)
        return TMG_OK;
    TMG_TRY(tmg_about_id(about, "seizure", &id, err));
    TMG_TRY(post_of(db, "SELECT case_id FROM seizure WHERE id = $1", id, &case_id, err));
    return case_id == 0 ? TMG_OK : tmg_case_may(db, who, case_id, err);
}

static tmg_rc find_paper(tmg_db *db, tmg_span hash, tmg_arena *a, tmg_paper_made *ret, int64_t *ret_id,
                         int64_t *ret_issuer, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(
        db,
        "SELECT id, kind, about, language, pages, account_id FROM paper WHERE hash = $1 ORDER BY id LIMIT 1",
        &s, err));
    tmg_bind_text(s, 1, hash);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "no paper with this hash was issued here");
    *ret_id = tmg_col_i64(s, 0);
    *ret_issuer = tmg_col_i64(s, 5);
    *ret = (tmg_paper_made){.ask = {.kind = tmg_span_copy(a, tmg_col_text(s, 1)),
                                    .about = tmg_span_copy(a, tmg_col_text(s, 2)),
                                    .language = tmg_span_copy(a, tmg_col_text(s, 3))},
                            .pages = (int)tmg_col_i64(s, 4)};
    (void)snprintf(ret->hash, sizeof ret->hash, "%.*s", TMG_SPAN_ARG(hash));
    tmg_reset(s);
    return TMG_OK;
}

tmg_rc tmg_paper_read(const tmg_centre *c, tmg_db *db, const tmg_actor *who, tmg_span hash, tmg_span purpose,
                      tmg_arena *a, tmg_buf *pdf, tmg_err *err)
{
    const struct paper_kind *k;
    tmg_paper_made m;
    tmg_sha256 sha;
    int64_t id = 0, issuer = 0;

    if (!tmg_hex_read(hash, sha.b, sizeof sha.b))
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "a paper is named by its SHA-256 in 64 hexadecimal digits");
    TMG_TRY(find_paper(db, hash, a, &m, &id, &issuer, err));
    TMG_TRY(known_kind(m.ask.kind, &k, err));
    TMG_TRY(tmg_guard_may(who, k->permission, 0, err));
    TMG_TRY(may_about(db, who, k, m.ask.about, a, err));
    TMG_TRY(may_read_record(db, who, k, issuer, m.ask.about, err));
    if (k->permission == TMG_MAY_SUSPECT_READ && tmg_span_trim(purpose).len < 3)
        return TMG_FAIL(err, TMG_E_INVALID, "purpose: persons of a case are read for a stated purpose");
    m.ask.purpose = purpose;
    TMG_TRY(tmg_evidence_get(tmg_centre_settings(c)->home, &sha, pdf, err));
    return log_paper(db, who, "paper.read", &m, id, err);
}
