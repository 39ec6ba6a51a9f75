/* The dated list of substances: as of a day, or with everything that ever stood in it, and one change of it.
 */
#include "web/casework_priv.h"

enum { ARENA_MAX = 8 << 20 };

void tmg_write_substance(tmg_json_out *j, const tmg_substance *s)
{
    tmg_json_object(j, NULL);
    tmg_json_text(j, "code", s->code);
    tmg_write_words(j, "words", s->name);
    tmg_json_text(j, "class", s->class_name);
    tmg_write_said(j, "table", s->inn_table);
    tmg_write_said(j, "hs", s->hs);
    tmg_write_said(j, "cas", s->cas);
    tmg_json_text(j, "line", s->figure_line);
    tmg_write_stated(j, "large_mg", s->large_mg);
    tmg_write_day(j, "from", s->from_day);
    if (s->until_day != INT32_MAX)
        tmg_write_day(j, "until", s->until_day);
    tmg_json_end_object(j);
}

static tmg_rc write_list(tmg_call *c, tmg_db *db, int status, int32_t day, bool all, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    tmg_substance *list;
    size_t count;
    tmg_json_out j;

    TMG_TRY(all ? tmg_substance_history(db, a, &list, &count, err)
                : tmg_substance_list(db, day, a, &list, &count, err));
    tmg_call_json(c, status, &j);
    tmg_json_object(&j, NULL);
    tmg_json_array(&j, "items");
    for (size_t i = 0; i < count; i++)
        tmg_write_substance(&j, &list[i]);
    tmg_json_end_array(&j);
    tmg_json_end_object(&j);
    return TMG_OK;
}

void tmg_do_substance_list(tmg_call *c)
{
    int32_t day;
    tmg_err err;

    if (!tmg_call_query_day(c, "day", tmg_centre_today(c->site->centre), &day))
        return;
    if (write_list(c, c->db, 200, day, tmg_call_query_bool(c, "all"), &err) != TMG_OK)
        tmg_call_fail(c, &err);
    else
        tmg_call_send(c);
}

static tmg_rc day_of(const tmg_json *o, const char *key, int32_t *ret, tmg_err *err)
{
    tmg_span text = tmg_body_text(o, key);

    if (text.len > 0 && tmg_day_parse(text, ret, NULL) != TMG_OK)
        return TMG_FAIL(err, TMG_E_INVALID, "%s: expected a day like 2026-03-02", key);
    return TMG_OK;
}

static tmg_rc put_substance(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    const tmg_json *o = c->json, *words = tmg_json_member(o, "words");
    tmg_substance s = {
        .code = tmg_body_text(o, "code"),
        .name = {tmg_body_text(words, "en"), tmg_body_text(words, "az"), tmg_body_text(words, "ru")},
        .class_name = tmg_body_text(o, "class"),
        .inn_table = tmg_body_text(o, "table"),
        .hs = tmg_body_text(o, "hs"),
        .cas = tmg_body_text(o, "cas"),
        .figure_line = tmg_body_text(o, "line"),
        .large_mg = tmg_body_i64(o, "large_mg", TMG_NONE),
        .from_day = tmg_centre_today(c->site->centre),
        .until_day = INT32_MAX};

    (void)ctx;
    TMG_TRY(day_of(o, "from", &s.from_day, err));
    TMG_TRY(day_of(o, "until", &s.until_day, err));
    TMG_TRY(tmg_use_substance(c->site->centre, db, &c->who, &s, err));
    return write_list(c, db, 201, s.from_day, false, err);
}

void tmg_do_substance_put(tmg_call *c)
{
    tmg_call_write(c, put_substance, NULL, NULL);
}
