/* Lists that rules look in: who may change and see them, and the leaves about it. */
#include "app/rules_priv.h"

enum { DETAILS_MAX = 1 << 18, NAME_MOST = 60 };

tmg_rc tmg_list_find(tmg_db *db, tmg_span name, tmg_arena *a, tmg_list_info *ret, tmg_err *err)
{
    tmg_list_info *all;
    size_t count;

    TMG_TRY(tmg_list_all(db, a, &all, &count, err));
    for (size_t i = 0; i < count; i++)
        if (tmg_span_eq(all[i].name, name)) {
            *ret = all[i];
            return TMG_OK;
        }
    return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no list %.*s: look for it among the lists, or make it",
                    TMG_SPAN_ARG(tmg_utf8_cut(name, NAME_MOST)));
}

bool tmg_list_readable(const tmg_actor *who, const tmg_list_info *l)
{
    return tmg_role_may(who->role, l->restricted ? TMG_MAY_LIST_READ_RESTRICTED : TMG_MAY_LIST_READ);
}

static tmg_object object_of(tmg_span name)
{
    tmg_object o;

    (void)snprintf(o.text, sizeof o.text, "list:%.*s", TMG_SPAN_ARG(tmg_utf8_cut(name, NAME_MOST)));
    return o;
}

/* Letters, digits, dot, hyphen and underscore, so that it can stand in a rule and in a path. */
static bool name_fits(tmg_span name)
{
    for (size_t i = 0; i < name.len; i++) {
        char ch = name.ptr[i];
        bool fits = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
                    ch == '.' || ch == '-' || ch == '_';

        if (!fits)
            return false;
    }
    return name.len > 0 && name.len <= NAME_MOST;
}

tmg_rc tmg_list_make_one(tmg_centre *c, tmg_db *db, const tmg_actor *who, const tmg_list_info *l,
                         tmg_err *err)
{
    TMG_AUTO_BUF b = {0};
    tmg_json_out j;

    (void)c;
    TMG_TRY(tmg_guard_may(who, TMG_MAY_LIST_WRITE, 0, err));
    if (!name_fits(l->name))
        return TMG_FAIL(err, TMG_E_INVALID,
                        "name: expected up to %d letters, digits, dots, hyphens or underscores", NAME_MOST);
    if (l->title.len == 0)
        return TMG_FAIL(err, TMG_E_INVALID, "title: say in a few words what is in the list");
    if (!tmg_span_is(l->kind, "code") && !tmg_span_is(l->kind, "name"))
        return TMG_FAIL(err, TMG_E_INVALID, "kind: expected code or name");
    TMG_TRY(tmg_list_make(db, l, who->account_id, err));
    TMG_TRY(tmg_rules_count_up(db, err));
    tmg_buf_init(&b, DETAILS_MAX);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    tmg_json_text(&j, "title", l->title);
    tmg_json_text(&j, "kind", l->kind);
    tmg_json_bool(&j, "restricted", l->restricted);
    tmg_json_end_object(&j);
    return tmg_guard_log(db, who, "list.made", object_of(l->name).text, tmg_members(&b), err);
}

/* The leaf of a restricted list says how many entries, not which: the log has other readers. */
static tmg_rc log_change(tmg_db *db, const tmg_actor *who, const char *action, const tmg_list_info *l,
                         const tmg_span *values, size_t count, tmg_err *err)
{
    TMG_AUTO_BUF b = {0};
    tmg_json_out j;

    tmg_buf_init(&b, DETAILS_MAX);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    tmg_json_i64(&j, "count", (int64_t)count);
    if (!l->restricted) {
        tmg_json_array(&j, "values");
        for (size_t i = 0; i < count; i++)
            tmg_json_text(&j, NULL, values[i]);
        tmg_json_end_array(&j);
    }
    tmg_json_end_object(&j);
    if (b.overflow)
        return TMG_FAIL(err, TMG_E_LIMIT, "too many entries at once: give a thousand at a time");
    return tmg_guard_log(db, who, action, object_of(l->name).text, tmg_members(&b), err);
}

tmg_rc tmg_list_add_all(tmg_centre *c, tmg_db *db, const tmg_actor *who, tmg_span list,
                        const tmg_list_entry *entries, size_t count, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new((size_t)64 << 20);
    tmg_span *values = tmg_alloc_array(a, count + 1, sizeof *values);
    tmg_list_info info;

    (void)c;
    TMG_TRY(tmg_guard_may(who, TMG_MAY_LIST_WRITE, 0, err));
    TMG_TRY(tmg_list_find(db, list, a, &info, err));
    for (size_t i = 0; i < count; i++) {
        tmg_list_entry e = entries[i];

        e.value = tmg_span_trim(e.value);
        if (e.value.len == 0)
            return TMG_FAIL(err, TMG_E_INVALID, "entry %zu: the value is empty", i + 1);
        if (e.from_ms == TMG_NONE)
            e.from_ms = tmg_now_ms();
        if (e.until_ms != TMG_NONE && e.until_ms <= e.from_ms)
            return TMG_FAIL(err, TMG_E_INVALID, "entry %zu: it would end before it begins", i + 1);
        if (tmg_list_add(db, list, &e, who->account_id, err) != TMG_OK)
            return tmg_err_within(err, "entry %zu", i + 1);
        values[i] = e.value;
    }
    TMG_TRY(tmg_rules_count_up(db, err));
    return log_change(db, who, "list.added", &info, values, count, err);
}

tmg_rc tmg_list_end_all(tmg_centre *c, tmg_db *db, const tmg_actor *who, tmg_span list,
                        const tmg_span *values, size_t count, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new((size_t)64 << 20);
    tmg_list_info info;

    (void)c;
    TMG_TRY(tmg_guard_may(who, TMG_MAY_LIST_WRITE, 0, err));
    TMG_TRY(tmg_list_find(db, list, a, &info, err));
    for (size_t i = 0; i < count; i++)
        TMG_TRY(tmg_list_end(db, list, values[i], who->account_id, err));
    TMG_TRY(tmg_rules_count_up(db, err));
    return log_change(db, who, "list.ended", &info, values, count, err);
}

tmg_rc tmg_list_log_read(tmg_db *db, const tmg_actor *who, tmg_span name, const char *purpose, tmg_err *err)
{
    TMG_AUTO_BUF b = {0};
    tmg_json_out j;

    tmg_buf_init(&b, 1 << 12);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    if (*purpose != '\0')
        tmg_json_z(&j, "purpose", purpose);
    tmg_json_end_object(&j);
    return tmg_guard_log(db, who, "list.read", object_of(name).text, tmg_members(&b), err);
}
