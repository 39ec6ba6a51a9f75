/* Cases: the list, opening, one, moving, and one change at a time. */
#include "web/case_priv.h"

enum { ARENA_MAX = 32 << 20, ROWS = 500 };

/* ---- reading ---- */

static tmg_rc write_short(tmg_json_out *j, tmg_call *c, tmg_db *db, const tmg_case *f, tmg_arena *a,
                          tmg_err *err)
{
    tmg_json_object(j, NULL);
    tmg_json_i64(j, "id", f->id);
    tmg_json_text(j, "number", f->number);
    tmg_json_text(j, "title", f->title);
    tmg_json_time(j, "opened", f->opened_ms, 0);
    tmg_json_bool(j, "compartment", f->compartment.len > 0);
    TMG_TRY(tmg_write_case_about(j, db, f, a, err));
    TMG_TRY(tmg_write_flow(j, "flow", c, db, &f->flow, false, NULL, a, err));
    tmg_json_end_object(j);
    return TMG_OK;
}

/* The one of a number, or those that the actor may read. */
static tmg_rc find_cases(tmg_call *c, tmg_db *db, tmg_arena *a, tmg_case **ret, size_t *ret_count,
                         tmg_err *err)
{
    tmg_span number = tmg_call_query(c, "number");
    int64_t id = 0;

    if (number.len == 0)
        return tmg_case_list(db, &c->who, ROWS, a, ret, ret_count, err);
    tmg_rc rc = tmg_case_by_number(db, &c->who, number, &id, err);
    *ret = tmg_alloc(a, sizeof **ret);
    *ret_count = rc == TMG_OK;
    if (rc != TMG_OK)
        return rc == TMG_E_NOT_FOUND ? TMG_OK : rc;
    return tmg_case_read(db, &c->who, id, a, *ret, err);
}

static tmg_rc list_cases(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    tmg_case *list;
    size_t count;
    tmg_json_out j;

    (void)ctx;
    TMG_TRY(find_cases(c, db, a, &list, &count, err));
    TMG_TRY(tmg_log_opened(c, db, "case.read", "cases", 0, err));
    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    tmg_json_array(&j, "items");
    for (size_t i = 0; i < count; i++)
        TMG_TRY(write_short(&j, c, db, &list[i], a, err));
    tmg_json_end_array(&j);
    tmg_json_end_object(&j);
    return TMG_OK;
}

void tmg_do_case_list(tmg_call *c)
{
    tmg_call_write(c, list_cases, NULL, NULL);
}

static tmg_rc read_case(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    const int64_t *id = ctx;

    TMG_TRY(tmg_case_may(db, &c->who, *id, err));
    TMG_TRY(tmg_log_opened(c, db, "case.read", "case", *id, err));
    return tmg_write_case(c, 200, db, *id, err);
}

void tmg_do_case_read(tmg_call *c)
{
    tmg_call_write_id(c, "case", read_case);
}

/* ---- opening and moving ---- */

static tmg_rc open_case(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 18);
    const tmg_json *links = tmg_json_member(c->json, "links"),
                   *seizures = tmg_json_member(c->json, "seizures");
    tmg_case f = {.title = tmg_body_text(c->json, "title"),
                  .compartment = tmg_body_text(c->json, "compartment"),
                  .article = tmg_body_text(c->json, "article"),
                  .fact_kind = tmg_body_text(c->json, "fact_kind")};

    (void)ctx;
    TMG_TRY(tmg_use_case_open(c->site->centre, db, &c->who, &f, a, err));
    for (size_t i = 0; i < tmg_json_count(links); i++) {
        tmg_span about = tmg_json_as_text(tmg_json_at(links, i));

        (void)snprintf(c->object, sizeof c->object, "%.*s", TMG_SPAN_ARG(tmg_utf8_cut(about, 60)));
        TMG_TRY(tmg_case_link(db, &c->who, f.id, about, err));
    }
    for (size_t i = 0; i < tmg_json_count(seizures); i++) {
        int64_t id = tmg_json_as_i64(tmg_json_at(seizures, i), 0);

        (void)snprintf(c->object, sizeof c->object, "seizure:%lld", (long long)id);
        TMG_TRY(tmg_case_take_seizure(db, &c->who, f.id, id, err));
    }
    return tmg_write_case(c, 201, db, f.id, err);
}

void tmg_do_case_open(tmg_call *c)
{
    tmg_call_write(c, open_case, NULL, NULL);
}

static tmg_rc move_case(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 18);
    const int64_t *id = ctx;
    tmg_case f;

    TMG_TRY(tmg_use_case_move(c->site->centre, db, &c->who, *id, tmg_body_text(c->json, "arrow"),
                              tmg_body_text(c->json, "note"), a, &f, err));
    return tmg_write_case(c, 201, db, *id, err);
}

void tmg_do_case_move(tmg_call *c)
{
    tmg_call_write_id(c, "case", move_case);
}

/* ---- one change ---- */

typedef tmg_rc (*change)(tmg_call *c, tmg_db *db, int64_t id, const tmg_json *v, tmg_err *err);

static tmg_rc link(tmg_call *c, tmg_db *db, int64_t id, const tmg_json *v, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    tmg_span about;

    TMG_TRY(tmg_case_about(db, tmg_json_as_text(v), a, &about, err));
    return tmg_case_link(db, &c->who, id, about, err);
}

static tmg_rc take_seizure(tmg_call *c, tmg_db *db, int64_t id, const tmg_json *v, tmg_err *err)
{
    return tmg_case_take_seizure(db, &c->who, id, tmg_json_as_i64(v, 0), err);
}

/* Who ends their own access has had the answer before: afterwards they may not read it. */
static bool ends_own(const tmg_call *c)
{
    const tmg_json *v = tmg_json_member(c->json, "access");

    return v != NULL && tmg_json_as_bool(tmg_json_member(v, "end"), false) &&
           tmg_span_is(tmg_body_text(v, "account"), c->who.name);
}

static tmg_rc set_access(tmg_call *c, tmg_db *db, int64_t id, const tmg_json *v, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    int64_t account, until = TMG_NONE;
    tmg_people people;

    TMG_TRY(tmg_people_read(db, a, &people, err));
    TMG_TRY(tmg_person_id(&people, tmg_body_text(v, "account"), &account, err));
    if (ends_own(c))
        TMG_TRY(tmg_write_case(c, 201, db, id, err));
    if (tmg_json_as_bool(tmg_json_member(v, "end"), false))
        return tmg_case_end_access(db, &c->who, id, account, err);
    TMG_TRY(tmg_body_time(c, v, "until", &until, err));
    return tmg_case_give_access(db, &c->who, id, account, until, tmg_body_text(v, "reason"), err);
}

static tmg_rc dispose(tmg_call *c, tmg_db *db, int64_t id, const tmg_json *v, tmg_err *err)
{
    return tmg_case_dispose(db, &c->who, id, tmg_json_as_text(v), err);
}

static tmg_rc note(tmg_call *c, tmg_db *db, int64_t id, const tmg_json *v, tmg_err *err)
{
    return tmg_case_note(db, &c->who, id, tmg_body_text(v, "kind"), tmg_body_text(v, "text"), err);
}

static tmg_rc add_task(tmg_call *c, tmg_db *db, int64_t id, const tmg_json *v, tmg_err *err)
{
    tmg_case_task t = {.case_id = id,
                       .title = tmg_body_text(v, "title"),
                       .mandatory = tmg_json_as_bool(tmg_json_member(v, "mandatory"), false),
                       .due_ms = TMG_NONE};

    TMG_TRY(tmg_body_time(c, v, "due", &t.due_ms, err));
    return tmg_task_add(db, &c->who, &t, err);
}

/* Is the task one of this case, or of one that was merged into it? */
static tmg_rc end_task(tmg_call *c, tmg_db *db, int64_t id, const tmg_json *v, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    int64_t task = tmg_body_i64(v, "id", 0);
    tmg_case_task *list;
    size_t count;

    TMG_TRY(tmg_task_list(db, id, a, &list, &count, err));
    for (size_t i = 0; i < count; i++)
        if (list[i].id == task)
            return tmg_task_done(db, &c->who, task, tmg_body_text(v, "note"), err);
    return TMG_FAIL(err, TMG_E_NOT_FOUND, "the case has no task %lld", (long long)task);
}

static tmg_rc add_group(tmg_call *c, tmg_db *db, int64_t id, const tmg_json *v, tmg_err *err)
{
    int64_t group;

    TMG_TRY(tmg_guard_may(&c->who, TMG_MAY_SUSPECT_WRITE, 0, err));
    return tmg_group_add(db, &c->who, id, tmg_json_as_text(v), &group, err);
}

static tmg_rc merge(tmg_call *c, tmg_db *db, int64_t id, const tmg_json *v, tmg_err *err)
{
    int64_t other = tmg_body_i64(v, "case", 0);
    tmg_span number = tmg_body_text(v, "number");

    if (number.len > 0)
        TMG_TRY(tmg_case_by_number(db, &c->who, number, &other, err));
    return tmg_json_as_bool(tmg_json_member(v, "undo"), false)
               ? tmg_case_merge_undo(db, &c->who, id, other, err)
               : tmg_case_merge(db, &c->who, id, other, tmg_body_text(v, "reason"), err);
}

static const struct {
    const char *name;
    change make;
} changes[] = {{"link", link},         {"seizure", take_seizure}, {"party", tmg_change_case_party},
               {"access", set_access}, {"disposition", dispose},  {"note", note},
               {"task", add_task},     {"task_done", end_task},   {"group", add_group},
               {"merge", merge}};

static tmg_rc change_case(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    const int64_t *id = ctx;

    const tmg_json *glass = tmg_json_member(c->json, "emergency");

    if (glass != NULL && tmg_json_count(c->json) == 1)
        TMG_TRY(
            tmg_use_case_break_glass(c->site->centre, db, &c->who, *id, tmg_body_text(glass, "reason"), err));
    TMG_TRY(tmg_case_may(db, &c->who, *id, err));
    if (tmg_json_count(c->json) != 1)
        return TMG_FAIL(err, TMG_E_INVALID,
                        "one change at a time: link, seizure, party, access, disposition, note, task, "
                        "task_done, group, merge or emergency");
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        const tmg_json *v = tmg_json_member(c->json, changes[i].name);

        if (v != NULL)
            TMG_TRY(changes[i].make(c, db, *id, v, err));
    }
    return ends_own(c) ? TMG_OK : tmg_write_case(c, 201, db, *id, err);
}

void tmg_do_case_change(tmg_call *c)
{
    tmg_call_write_id(c, "case", change_case);
}
