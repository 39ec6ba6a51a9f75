/* What a case is about and who its parties are, as JSON; the registry of parties. */
#include "web/case_priv.h"

enum { ARENA_MAX = 4 << 20, FOUND = 20 };

static tmg_rc write_substance(tmg_json_out *j, tmg_db *db, const tmg_case *f, tmg_arena *a, tmg_err *err)
{
    tmg_substance *list;
    size_t count;

    if (f->substance.len == 0)
        return TMG_OK;
    TMG_TRY(tmg_substance_list(db, tmg_day_of(f->opened_ms, 0), a, &list, &count, err));
    tmg_json_text(j, "substance", f->substance);
    for (size_t i = 0; i < count; i++)
        if (tmg_span_eq(list[i].code, f->substance))
            tmg_write_words(j, "words", list[i].name);
    return TMG_OK;
}

tmg_rc tmg_write_case_about(tmg_json_out *j, tmg_db *db, const tmg_case *f, tmg_arena *a, tmg_err *err)
{
    tmg_write_said(j, "merged_into_number", f->into);
    if (f->merged_into != 0)
        tmg_json_i64(j, "merged_into", f->merged_into);
    if (f->substance.len == 0 && f->post_id == 0)
        return TMG_OK;
    tmg_json_object(j, "about");
    TMG_TRY(write_substance(j, db, f, a, err));
    tmg_write_said(j, "post", tmg_name_of(db, TMG_POST_CODE, f->post_id, a));
    tmg_write_said(j, "post_name", tmg_name_of(db, "SELECT name FROM post WHERE id = $1", f->post_id, a));
    tmg_json_end_object(j);
    return TMG_OK;
}

static void write_party(tmg_json_out *j, const tmg_case_party *p, const tmg_people *people)
{
    tmg_json_object(j, NULL);
    if (p->id != 0)
        tmg_json_i64(j, "id", p->id);
    tmg_write_said(j, "role", p->role);
    tmg_json_text(j, "code", p->code);
    tmg_write_said(j, "name", p->name);
    tmg_write_said(j, "country", p->country);
    if (p->id != 0) {
        tmg_json_time(j, "at", p->at_ms, 0);
        tmg_json_text(j, "by", tmg_person(people, p->account_id));
    }
    if (p->ended_ms != TMG_NONE) {
        tmg_json_time(j, "ended", p->ended_ms, 0);
        tmg_json_text(j, "ended_by", tmg_person(people, p->ended_by));
        tmg_json_text(j, "reason", p->end_reason);
    }
    tmg_json_end_object(j);
}

static void write_list(tmg_json_out *j, const char *key, const tmg_case_party *list, size_t count,
                       const tmg_people *people)
{
    tmg_json_array(j, key);
    for (size_t i = 0; i < count; i++)
        write_party(j, &list[i], people);
    tmg_json_end_array(j);
}

tmg_rc tmg_write_case_parties(tmg_json_out *j, tmg_db *db, int64_t case_id, const tmg_people *people,
                              tmg_arena *a, tmg_err *err)
{
    tmg_case_party *list, *offers;
    size_t count, offer_count;

    TMG_TRY(tmg_case_party_list(db, case_id, a, &list, &count, err));
    TMG_TRY(tmg_case_party_offers(db, case_id, a, &offers, &offer_count, err));
    write_list(j, "parties", list, count, people);
    write_list(j, "party_offers", offers, offer_count, people);
    return TMG_OK;
}

tmg_rc tmg_change_case_party(tmg_call *c, tmg_db *db, int64_t case_id, const tmg_json *v, tmg_err *err)
{
    const tmg_code_lists *codes = tmg_centre_codes(c->site->centre);
    int64_t end = tmg_body_i64(v, "end", 0);

    if (tmg_json_as_bool(tmg_json_member(v, "offered"), false))
        return tmg_case_party_add_offered(codes, db, &c->who, case_id, err);
    if (end != 0)
        return tmg_case_party_end(db, &c->who, case_id, end, tmg_body_text(v, "reason"), err);
    return tmg_case_party_add(codes, db, &c->who, case_id, tmg_body_text(v, "code"), tmg_body_text(v, "role"),
                              err);
}

/* ---- the registry ---- */

/* What was looked for is as telling as what was found. */
static tmg_rc log_search(tmg_call *c, tmg_db *db, tmg_span words, tmg_err *err)
{
    TMG_AUTO_BUF b = {0};
    tmg_json_out j;

    tmg_buf_init(&b, 1 << 12);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    tmg_json_text(&j, "words", words);
    tmg_json_z(&j, "purpose", tmg_call_purpose(c));
    tmg_json_end_object(&j);
    return tmg_guard_log(db, &c->who, "party.read", "parties", (tmg_span){b.ptr + 1, b.len - 2}, err);
}

static tmg_rc find_parties(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    tmg_span words = tmg_call_query(c, "words");
    tmg_case_party *list;
    size_t count;
    tmg_json_out j;

    (void)ctx;
    TMG_TRY(tmg_party_find(db, words, FOUND, a, &list, &count, err));
    TMG_TRY(log_search(c, db, words, err));
    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    write_list(&j, "items", list, count, NULL);
    tmg_json_end_object(&j);
    return TMG_OK;
}

void tmg_do_party_find(tmg_call *c)
{
    tmg_call_write(c, find_parties, NULL, NULL);
}
