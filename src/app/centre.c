#include "app/back_test_priv.h"
#include "app/casework_priv.h"
#include "base/file.h"
#include "base/json.h"

#include <dirent.h>

enum { SETTINGS_CAP = 1 << 20, SMALL = 1 << 16 };

static const char clock_setting[] = "clock.paused_at_ms";
static const char mind_setting[] = "mind.clock_ms";

static tmg_rc get_ms(tmg_db *db, const char *name, int64_t *ret, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(SMALL);
    tmg_span text;

    *ret = 0;
    TMG_TRY(tmg_setting_get(db, tmg_span_of(name), a, &text, err));
    if (text.ptr != NULL && !tmg_span_i64(text, ret))
        return TMG_FAIL(err, TMG_E_STORE, "the setting %s of the centre is damaged", name);
    return TMG_OK;
}

static tmg_rc put_ms(tmg_db *db, const char *name, int64_t v, tmg_err *err)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 32);
    tmg_buf_i64(&b, v);
    return tmg_setting_put(db, tmg_span_of(name), tmg_buf_as_span(&b), err);
}

static void show_time(int64_t now_ms)
{
    tmg_clock_shift(0);
    tmg_clock_shift(now_ms - tmg_now_ms());
}

static tmg_rc must_be_free(const char *home, tmg_err *err)
{
    DIR *dir = opendir(home);
    struct dirent *e;
    bool empty = true;

    if (dir == NULL)
        return TMG_OK;
    while ((e = readdir(dir)) != NULL)
        empty = empty && (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0);
    closedir(dir);
    if (!empty)
        return TMG_FAIL(err, TMG_E_CONFLICT, "%s is not empty: a new centre needs a folder of its own", home);
    return TMG_OK;
}

static tmg_rc log_opening(tmg_db *db, const char *name, tmg_err *err)
{
    tmg_actor who = tmg_actor_console();
    TMG_AUTO_BUF b = {0};
    tmg_json_out j;

    tmg_buf_init(&b, SMALL);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    tmg_json_z(&j, "name", name);
    tmg_json_end_object(&j);
    return tmg_guard_log(db, &who, "centre.opened", "centre", tmg_members(&b), err);
}

tmg_rc tmg_centre_make(const char *home, const char *name, bool demonstration, int64_t demonstration_now_ms,
                       tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(SMALL);
    TMG_AUTO_DB db = NULL;

    TMG_TRY(must_be_free(home, err));
    TMG_TRY(tmg_dir_make(home, 0750, err));
    TMG_TRY(tmg_dir_make(tmg_path_join(a, home, "evidence"), 0750, err));
    TMG_TRY(tmg_dir_make(tmg_path_join(a, home, "inbox"), 0770, err));
    TMG_TRY(tmg_guard_make_key(home, name, err));
    TMG_TRY(tmg_db_open(tmg_path_join(a, home, "centre.db"), TMG_DB_CREATE, &db, err));
    if (demonstration)
        show_time(demonstration_now_ms);
    TMG_TRY(tmg_begin(db, err));
    if (demonstration)
        TMG_TRY(put_ms(db, clock_setting, demonstration_now_ms, err));
    TMG_TRY(log_opening(db, name, err));
    TMG_TRY(tmg_commit(db, err));
    /* Last, because a folder with tamga.ini is a finished centre. */
    return tmg_settings_write(home, name, demonstration, err);
}

static tmg_rc open_mind(tmg_centre *c, tmg_err *err)
{
    int64_t clock_ms;

    TMG_TRY(tmg_mind_new(tmg_share_path(c, c->arena, "chains.ini"), &c->mind, err));
    TMG_TRY(tmg_begin(c->db, err));
    TMG_TRY(tmg_mind_load(c->mind, c->db, err));
    TMG_TRY(get_ms(c->db, mind_setting, &clock_ms, err));
    TMG_TRY(tmg_commit(c->db, err));
    tmg_mind_advance(c->mind, clock_ms);
    return tmg_centre_sync(c, c->db, err);
}

static tmg_rc set_clock(tmg_centre *c, tmg_err *err)
{
    int64_t paused_at;

    if (!c->settings.demonstration)
        return TMG_OK;
    TMG_TRY(get_ms(c->db, clock_setting, &paused_at, err));
    if (paused_at != 0)
        show_time(paused_at);
    return TMG_OK;
}

/* A new centre begins with the shipped list of substances; from then on it is the office's own. */
static tmg_rc first_substances(void *ctx, tmg_db *db, tmg_err *err)
{
    tmg_centre *c = ctx;
    TMG_AUTO_ARENA a = tmg_arena_new(SMALL);
    tmg_actor who = tmg_actor_centre();
    tmg_stmt *s;
    bool row;
    int64_t count;

    TMG_TRY(tmg_sql(db, "SELECT 1 FROM substance LIMIT 1", &s, err));
    TMG_TRY(tmg_step(s, &row, err));
    tmg_reset(s);
    return row ? TMG_OK : tmg_load_substances(db, &who, tmg_share_path(c, a, "substances.csv"), &count, err);
}

static tmg_rc open_parts(tmg_centre *c, const char *home, tmg_err *err)
{
    TMG_TRY(tmg_settings_read(home, c->arena, &c->settings, err));
    TMG_TRY(tmg_db_open(tmg_path_join(c->arena, home, "centre.db"), TMG_DB_CREATE, &c->db, err));
    TMG_TRY(set_clock(c, err));
    TMG_TRY(tmg_codes_load(c->db, err));
    TMG_TRY(tmg_mandatory_read(tmg_share_path(c, c->arena, "mandatory.ini"), &c->mandatory, err));
    TMG_TRY(tmg_workflows_read(tmg_share_path(c, c->arena, "workflows"), &c->flows, err));
    TMG_TRY(tmg_flows_fit(c->flows, c->db, err));
    TMG_TRY(tmg_code_lists_read(tmg_share_path(c, c->arena, "codes-casework.ini"), &c->codes, err));
    TMG_TRY(tmg_case_plan_read(tmg_share_path(c, c->arena, "case-opening.ini"), &c->case_plan, err));
    c->saver = tmg_saver_new(c->db);
    TMG_TRY(tmg_centre_write(c, first_substances, c, err));
    return open_mind(c, err);
}

tmg_rc tmg_centre_open(const char *home, tmg_centre **ret, tmg_err *err)
{
    tmg_centre *c = tmg_xcalloc(1, sizeof *c);
    tmg_rc rc;

    c->arena = tmg_arena_new(SETTINGS_CAP);
    c->trials = tmg_trials_new();
    rc = open_parts(c, home, err);
    if (rc != TMG_OK) {
        if (c->db != NULL)
            tmg_rollback(c->db);
        tmg_centre_close(c);
        return rc;
    }
    *ret = c;
    return TMG_OK;
}

/* The clock of a demonstration only moves forward: a command that ran beside the server must not turn it
 * back. */
static tmg_rc keep_clock(void *ctx, tmg_db *db, tmg_err *err)
{
    tmg_centre *c = ctx;
    int64_t kept;

    if (c->settings.demonstration) {
        TMG_TRY(get_ms(db, clock_setting, &kept, err));
        if (tmg_now_ms() > kept)
            TMG_TRY(put_ms(db, clock_setting, tmg_now_ms(), err));
    }
    return TMG_OK;
}

tmg_rc tmg_keep_clock(tmg_centre *c, tmg_db *db, tmg_err *err)
{
    return keep_clock(c, db, err);
}

tmg_rc tmg_keep_mind_clock(tmg_centre *c, tmg_db *db, tmg_err *err)
{
    return put_ms(db, mind_setting, tmg_mind_clock(c->mind), err);
}

void tmg_centre_close(tmg_centre *c)
{
    tmg_err ignored;

    if (c == NULL)
        return;
    if (c->mind != NULL && c->settings.demonstration)
        (void)!tmg_centre_write(c, keep_clock, c, &ignored);
    tmg_saver_free(c->saver);
    if (c->writer != NULL)
        tmg_writer_stop(c->writer);
    else
        tmg_db_close(c->db);
    tmg_rules_live_free(c->rules);
    tmg_trials_free(c->trials);
    tmg_mandatory_free(c->mandatory);
    tmg_flows_free(c->flows);
    tmg_code_lists_free(c->codes);
    tmg_case_plan_free(c->case_plan);
    tmg_mind_free(c->mind);
    tmg_serving_free(c->serving);
    for (size_t i = 0; i < c->retired_count; i++)
        tmg_mind_free(c->retired[i]);
    free(c->retired);
    tmg_arena_free(c->arena);
    free(c);
}

const tmg_settings *tmg_centre_settings(const tmg_centre *c)
{
    return &c->settings;
}

tmg_db *tmg_centre_db(tmg_centre *c)
{
    return c->db;
}

const tmg_mandatory *tmg_centre_mandatory(const tmg_centre *c)
{
    return c->mandatory;
}

tmg_mind *tmg_centre_mind(tmg_centre *c)
{
    return __atomic_load_n(&c->mind, __ATOMIC_ACQUIRE);
}

tmg_rc tmg_centre_reader(const tmg_centre *c, tmg_db **ret, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(SMALL);

    return tmg_db_open(tmg_path_join(a, c->settings.home, "centre.db"), TMG_DB_READ, ret, err);
}

int32_t tmg_centre_today(const tmg_centre *c)
{
    return tmg_day_of(tmg_now_ms(), c->settings.offset_min);
}

tmg_rc tmg_centre_start_writer(tmg_centre *c, tmg_writer **ret, tmg_err *err)
{
    TMG_TRY(tmg_writer_start(c->db, &c->writer, err));
    *ret = c->writer;
    return TMG_OK;
}

tmg_rc tmg_centre_write(tmg_centre *c, tmg_write_work work, void *ctx, tmg_err *err)
{
    tmg_rc rc;

    if (c->writer != NULL)
        return tmg_writer_run(c->writer, work, ctx, err);
    TMG_TRY(tmg_begin(c->db, err));
    rc = work(ctx, c->db, err);
    if (rc == TMG_OK)
        rc = tmg_commit(c->db, err);
    if (rc != TMG_OK) {
        tmg_rollback(c->db);
        tmg_saver_forget(c->saver);
    }
    return rc;
}

static tmg_rc newest_result(tmg_db *db, int64_t *ret, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db, "SELECT max(id) FROM result", &s, err));
    TMG_TRY(tmg_step(s, &row, err));
    *ret = row ? tmg_col_i64(s, 0) : 0;
    tmg_reset(s);
    return TMG_OK;
}

static tmg_rc think_again(tmg_centre *c, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(SMALL);
    tmg_mind *anew;
    tmg_rc rc;

    TMG_TRY(tmg_mind_new(tmg_share_path(c, a, "chains.ini"), &anew, err));
    rc = tmg_mind_load(anew, db, err);
    if (rc != TMG_OK) {
        tmg_mind_free(anew);
        return rc;
    }
    tmg_mind_advance(anew, tmg_now_ms());
    c->retired = tmg_xrealloc(c->retired, (c->retired_count + 1) * sizeof *c->retired);
    c->retired[c->retired_count++] = c->mind;
    __atomic_store_n(&c->mind, anew, __ATOMIC_RELEASE);
    c->learned_id = 0;
    return TMG_OK;
}

tmg_rc tmg_centre_sync(tmg_centre *c, tmg_db *db, tmg_err *err)
{
    int64_t newest;

    TMG_TRY(tmg_rules_notice(c, db, err));
    TMG_TRY(newest_result(db, &newest, err));
    if (newest < c->learned_id) {
        /* A transaction that the mind had already learned from was lost: think again from what is stored. */
        TMG_TRY(think_again(c, db, err));
    }
    if (newest != c->learned_id)
        TMG_TRY(tmg_mind_catch_up(c->mind, db, err));
    c->learned_id = newest;
    return tmg_serving_sync(c, db, err);
}

void tmg_centre_listen(tmg_centre *c, tmg_listener listener, void *ctx)
{
    c->listener = listener;
    c->listener_ctx = ctx;
}

void tmg_centre_jobs(tmg_centre *c, tmg_job_door door, void *ctx)
{
    c->job_door = door;
    c->job_door_ctx = ctx;
}

void tmg_tell(tmg_centre *c, const char *type, int64_t consignment_id, int64_t post_id, tmg_span data)
{
    bool general = consignment_id == 0 && post_id == 0;
    tmg_event e = {.type = type,
                   .consignment_id = consignment_id,
                   .post_id = post_id,
                   .data = data,
                   .right = general ? TMG_MAY_EVENT_READ : TMG_MAY_CONSIGNMENT_READ};

    tmg_tell_those(c, &e);
}

void tmg_tell_those(tmg_centre *c, const tmg_event *e)
{
    if (c->listener != NULL)
        c->listener(c->listener_ctx, e);
}

tmg_object tmg_object_of(const char *kind, int64_t id)
{
    tmg_object o;

    (void)snprintf(o.text, sizeof o.text, "%s:%lld", kind, (long long)id);
    return o;
}

tmg_span tmg_members(const tmg_buf *object)
{
    return object->len >= 2 ? (tmg_span){object->ptr + 1, object->len - 2} : (tmg_span){"", 0};
}
