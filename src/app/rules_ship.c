/* The shipped rules, taken through the same steps as everybody's. */
#include "app/back_test.h"
#include "app/rules_priv.h"
#include "base/file.h"

#include <dirent.h>

enum { FILE_MAX = 1 << 20, MOST_FILES = 256, ARENA_MAX = 256 << 20 };

static const char note[] =
    "purpose: an indicator that customs services use everywhere; data: what declarations state "
    "and what controls found; effect: weight for the queue, documents asked for";

typedef struct shipping {
    tmg_centre *centre;
    tmg_actor author, approver;
    tmg_arena *arena;
    tmg_rule_kept kept;
    tmg_span text;
    tmg_back_test made;
    int64_t count;
} shipping;

static tmg_rc actor_of(tmg_db *db, tmg_span name, tmg_arena *a, tmg_actor *ret, tmg_err *err)
{
    tmg_account *all;
    size_t count;

    TMG_TRY(tmg_account_list(db, a, &all, &count, err));
    for (size_t i = 0; i < count; i++) {
        if (!tmg_span_eq(all[i].name, name) || all[i].closed)
            continue;
        *ret = tmg_actor_console();
        ret->account_id = all[i].id;
        ret->role = all[i].role;
        (void)snprintf(ret->name, sizeof ret->name, "%.*s", TMG_SPAN_ARG(all[i].name));
        (void)snprintf(ret->display, sizeof ret->display, "%.*s", TMG_SPAN_ARG(all[i].display));
        return TMG_OK;
    }
    return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no open account %.*s", TMG_SPAN_ARG(name));
}

static tmg_rc save(void *ctx, tmg_db *db, tmg_err *err)
{
    shipping *s = ctx;

    TMG_TRY(tmg_rule_keep(s->centre, db, &s->author, s->text, TMG_SPAN("shipped with Tamga"), s->arena,
                          &s->kept, err));
    if (tmg_reading_fails(&s->kept.reading))
        return TMG_FAIL(err, TMG_E_INVALID, "a shipped rule has faults: `tamga rule check` shows them");
    return TMG_OK;
}

static tmg_rc finish(void *ctx, tmg_db *db, tmg_err *err)
{
    shipping *s = ctx;
    tmg_span name = s->kept.version.name;
    tmg_rule_version v;
    int64_t id;

    TMG_TRY(tmg_back_test_keep(s->centre, db, &s->author, &s->made, s->text, &id, err));
    TMG_TRY(tmg_rule_step_take(s->centre, db, &s->author, name, 0, TMG_RULE_PROPOSE, tmg_span_of(note),
                               s->arena, &v, err));
    return tmg_rule_step_take(s->centre, db, &s->approver, name, 0, TMG_RULE_APPROVE, (tmg_span){"", 0},
                              s->arena, &v, err);
}

static tmg_rc ship_one(shipping *s, tmg_db *reader, tmg_err *err)
{
    tmg_back_test_ask ask = {.text = s->text, .from_day = INT32_MIN, .to_day = INT32_MIN};

    TMG_TRY(tmg_centre_write(s->centre, save, s, err));
    TMG_TRY(tmg_back_test_run(s->centre, reader, &s->author, &ask, s->arena, &s->made, err));
    TMG_TRY(tmg_centre_write(s->centre, finish, s, err));
    s->count++;
    return TMG_OK;
}

static tmg_rc ship_file(shipping *s, tmg_db *reader, const char *path, tmg_err *err)
{
    const tmg_rule_lexicon nothing = {.today = INT32_MIN};
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    TMG_AUTO_BUF text = {0};
    tmg_reading r;

    tmg_buf_init(&text, FILE_MAX);
    TMG_TRY(tmg_file_read(path, &text, err));
    tmg_rules_read(tmg_buf_as_span(&text), &nothing, a, &r);
    if (tmg_reading_fails(&r))
        return TMG_FAIL(err, TMG_E_INVALID, "%s, line %d: %s", path, r.faults[0].line, r.faults[0].said);
    for (size_t i = 0; i < r.rule_count; i++) {
        TMG_AUTO_ARENA own = tmg_arena_new(ARENA_MAX);

        s->arena = own;
        s->text = r.rules[i].text;
        if (ship_one(s, reader, err) != TMG_OK)
            return tmg_err_within(err, "rule %.*s", TMG_SPAN_ARG(r.rules[i].name));
    }
    return TMG_OK;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static tmg_rc list_files(const char *folder, tmg_arena *a, const char **ret, size_t *ret_count, tmg_err *err)
{
    DIR *dir = opendir(folder);
    struct dirent *e;

    *ret_count = 0;
    if (dir == NULL)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "%s: the shipped rules are not there", folder);
    while ((e = readdir(dir)) != NULL && *ret_count < MOST_FILES) {
        size_t len = strlen(e->d_name);

        if (len > 5 && strcmp(e->d_name + len - 5, ".rule") == 0)
            ret[(*ret_count)++] = tmg_path_join(a, folder, e->d_name);
    }
    closedir(dir);
    qsort(ret, *ret_count, sizeof *ret, by_name);
    return TMG_OK;
}

tmg_rc tmg_rules_ship(tmg_centre *c, tmg_span author, tmg_span approver, int64_t *ret_count, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 22);
    const char **files = tmg_alloc_array(a, MOST_FILES, sizeof *files);
    TMG_AUTO_DB reader = NULL;
    shipping s = {.centre = c};
    size_t count;

    TMG_TRY(actor_of(tmg_centre_db(c), author, a, &s.author, err));
    TMG_TRY(actor_of(tmg_centre_db(c), approver, a, &s.approver, err));
    TMG_TRY(tmg_centre_reader(c, &reader, err));
    TMG_TRY(list_files(tmg_share_path(c, a, "rules"), a, files, &count, err));
    for (size_t i = 0; i < count; i++)
        TMG_TRY(ship_file(&s, reader, files[i], err));
    *ret_count = s.count;
    return TMG_OK;
}
