/* Lists that rules look in. */
#include "web/rules_priv.h"

enum { ARENA_MAX = 64 << 20, MOST_ENTRIES = 1000 };

static void write_list(tmg_json_out *j, const char *key, const tmg_actor *who, const tmg_list_info *l)
{
    tmg_json_object(j, key);
    tmg_json_text(j, "name", l->name);
    tmg_json_text(j, "title", l->title);
    tmg_json_text(j, "kind", l->kind);
    tmg_json_text(j, "owner", l->owner.ptr != NULL ? l->owner : TMG_SPAN(""));
    tmg_json_bool(j, "restricted", l->restricted);
    tmg_json_bool(j, "readable", tmg_list_readable(who, l));
    tmg_json_i64(j, "entries", l->entries);
    tmg_json_time(j, "changed", l->changed_ms, 0);
    tmg_json_i64(j, "version", l->version);
    tmg_json_end_object(j);
}

static tmg_rc list_lists(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    tmg_list_info *all;
    size_t count;
    tmg_json_out j;

    (void)ctx;
    TMG_TRY(tmg_list_all(db, a, &all, &count, err));
    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    tmg_json_array(&j, "items");
    for (size_t i = 0; i < count; i++)
        write_list(&j, NULL, &c->who, &all[i]);
    tmg_json_end_array(&j);
    tmg_json_end_object(&j);
    return TMG_OK;
}

void tmg_do_list_list(tmg_call *c)
{
    tmg_call_offload(c, list_lists, NULL, NULL);
}

/* ---- reading one ---- */

typedef struct reading {
    int64_t as_of_ms;
} reading;

static void write_entries(tmg_json_out *j, const tmg_list_entry *e, size_t count)
{
    tmg_json_array(j, "items");
    for (size_t i = 0; i < count; i++) {
        tmg_json_object(j, NULL);
        tmg_json_text(j, "value", e[i].value);
        tmg_json_text(j, "note", e[i].note);
        tmg_json_time(j, "from", e[i].from_ms, 0);
        if (e[i].until_ms == TMG_NONE)
            tmg_json_null(j, "until");
        else
            tmg_json_time(j, "until", e[i].until_ms, 0);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
}

/* By the writer, because who read it is a leaf in the same transaction. */
static tmg_rc read_list(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    const reading *r = ctx;
    tmg_list_entry *entries;
    tmg_list_info info;
    size_t count;
    tmg_json_out j;

    TMG_TRY(tmg_list_find(db, c->match.param[0], a, &info, err));
    if (info.restricted)
        TMG_TRY(tmg_guard_may(&c->who, TMG_MAY_LIST_READ_RESTRICTED, 0, err));
    TMG_TRY(tmg_list_entries(db, info.name, r->as_of_ms, a, &entries, &count, err));
    TMG_TRY(tmg_list_log_read(db, &c->who, info.name, tmg_call_purpose(c), err));
    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    write_list(&j, "list", &c->who, &info);
    tmg_json_time(&j, "as_of", r->as_of_ms, 0);
    write_entries(&j, entries, count);
    tmg_json_end_object(&j);
    return TMG_OK;
}

static void name_object(tmg_call *c)
{
    (void)snprintf(c->object, sizeof c->object, "list:%.*s",
                   TMG_SPAN_ARG(tmg_utf8_cut(c->match.param[0], 50)));
}

void tmg_do_list_read(tmg_call *c)
{
    reading *r = tmg_alloc(c->req->arena, sizeof *r);
    tmg_span as_of = tmg_call_query(c, "as_of");
    tmg_instant at = {.at_ms = tmg_now_ms()};
    tmg_err err;

    name_object(c);
    if (as_of.ptr != NULL &&
        tmg_instant_parse(as_of, tmg_centre_settings(c->site->centre)->offset_min, &at, &err) != TMG_OK) {
        (void)tmg_err_within(&err, "as_of");
        tmg_call_fail(c, &err);
        return;
    }
    r->as_of_ms = at.at_ms;
    tmg_call_write(c, read_list, NULL, r);
}

/* ---- changing one ---- */

static tmg_rc read_time(const tmg_json *o, const char *key, int offset_min, int64_t *ret, tmg_err *err)
{
    const tmg_json *v = tmg_json_member(o, key);
    tmg_instant at;

    *ret = TMG_NONE;
    if (v == NULL)
        return TMG_OK;
    if (tmg_instant_parse(tmg_json_as_text(v), offset_min, &at, err) != TMG_OK)
        return tmg_err_within(err, "%s", key);
    *ret = at.at_ms;
    return TMG_OK;
}

static tmg_rc read_entries(tmg_call *c, tmg_list_entry *list, size_t count, tmg_err *err)
{
    const tmg_json *entries = tmg_json_member(c->json, "entries");
    int offset = tmg_centre_settings(c->site->centre)->offset_min;

    for (size_t i = 0; i < count; i++) {
        const tmg_json *o = tmg_json_at(entries, i);

        list[i].value = tmg_json_as_text(tmg_json_member(o, "value"));
        list[i].note = tmg_json_as_text(tmg_json_member(o, "note"));
        if (read_time(o, "from", offset, &list[i].from_ms, err) != TMG_OK ||
            read_time(o, "until", offset, &list[i].until_ms, err) != TMG_OK)
            return tmg_err_within(err, "entries[%zu]", i);
    }
    return TMG_OK;
}

static tmg_rc end_entries(tmg_call *c, tmg_db *db, const tmg_list_entry *list, size_t count, tmg_arena *a,
                          tmg_err *err)
{
    tmg_span *values = tmg_alloc_array(a, count + 1, sizeof *values);

    for (size_t i = 0; i < count; i++)
        values[i] = list[i].value;
    return tmg_list_end_all(c->site->centre, db, &c->who, c->match.param[0], values, count, err);
}

static tmg_rc make_list(tmg_call *c, tmg_db *db, tmg_err *err)
{
    tmg_span kind = tmg_json_as_text(tmg_json_member(c->json, "kind"));
    tmg_span owner = tmg_json_as_text(tmg_json_member(c->json, "owner"));
    tmg_list_info l = {.name = c->match.param[0],
                       .title = tmg_json_as_text(tmg_json_member(c->json, "title")),
                       .kind = kind.ptr != NULL ? kind : TMG_SPAN("code"),
                       .owner = owner.ptr != NULL ? owner : tmg_span_of(c->who.name),
                       .restricted = tmg_json_as_bool(tmg_json_member(c->json, "restricted"), false)};

    return tmg_list_make_one(c->site->centre, db, &c->who, &l, err);
}

static tmg_rc change_list(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    size_t count = tmg_json_count(tmg_json_member(c->json, "entries"));
    tmg_list_entry *list = tmg_alloc_array(a, count + 1, sizeof *list);
    tmg_span change = tmg_json_as_text(tmg_json_member(c->json, "change"));
    tmg_list_info info;
    tmg_json_out j;

    (void)ctx;
    TMG_TRY(read_entries(c, list, count, err));
    if (tmg_span_is(change, "make"))
        TMG_TRY(make_list(c, db, err));
    else if (count == 0)
        return TMG_FAIL(err, TMG_E_INVALID, "entries: expected at least one");
    if (tmg_span_is(change, "end"))
        TMG_TRY(end_entries(c, db, list, count, a, err));
    else if (count > 0)
        TMG_TRY(tmg_list_add_all(c->site->centre, db, &c->who, c->match.param[0], list, count, err));
    TMG_TRY(tmg_list_find(db, c->match.param[0], a, &info, err));
    tmg_call_json(c, 201, &j);
    tmg_json_object(&j, NULL);
    write_list(&j, "list", &c->who, &info);
    tmg_json_i64(&j, "changed", (int64_t)count);
    tmg_json_end_object(&j);
    return TMG_OK;
}

void tmg_do_list_change(tmg_call *c)
{
    name_object(c);
    tmg_call_write(c, change_list, NULL, NULL);
}
