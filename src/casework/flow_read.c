#include "base/file.h"
#include "base/ini.h"
#include "casework/flow_priv.h"

#include <dirent.h>
#include <errno.h>

enum { READ_CAP = 4 << 20 };

typedef struct reading {
    tmg_flows *set;
    tmg_flow *flow;
    const tmg_ini *ini;
    const tmg_ini_entry *entry;
} reading;

#define SAY(err, r, ...) tmg_flow_fault((err), (r)->ini->name, (r)->entry->line, __VA_ARGS__)

const tmg_flow_words *tmg_flow_word(const tmg_flows *f, tmg_span name)
{
    for (size_t i = 0; i < f->known_count; i++)
        if (tmg_span_is(name, f->known[i].name))
            return &f->known[i];
    return NULL;
}

const tmg_flow *tmg_flow_of(const tmg_flows *f, tmg_span kind)
{
    for (size_t i = 0; i < f->count; i++)
        if (tmg_span_eq(f->kind[i], kind))
            return f->flow[i];
    return NULL;
}

const tmg_flow_state *tmg_flow_state_of(const tmg_flow *w, tmg_span state)
{
    for (size_t i = 0; i < w->state_count; i++)
        if (tmg_span_eq(w->state[i].name, state))
            return &w->state[i];
    return NULL;
}

bool tmg_flow_duration(tmg_span text, int64_t *ret_ms)
{
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"min", 60 * TMG_SECOND_MS}, {"h", TMG_HOUR_MS}, {"d", TMG_DAY_MS}};
    tmg_span rest = text, number;
    int64_t n;

    if (!tmg_span_split(&rest, ' ', &number) || !tmg_span_i64(number, &n) || n < 1 || n > 100000)
        return false;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (tmg_span_is(tmg_span_trim(rest), units[i].unit)) {
            *ret_ms = n * units[i].ms;
            return true;
        }
    return false;
}

/* Words between spaces. */
static tmg_rc read_names(const reading *r, tmg_span *to, size_t most, size_t *ret_count, tmg_err *err)
{
    tmg_span rest = r->entry->value, part;

    while (tmg_span_split(&rest, ' ', &part)) {
        if (part.len == 0)
            continue;
        if (*ret_count == most)
            return SAY(err, r, "more than %zu names", most);
        to[(*ret_count)++] = part;
    }
    return TMG_OK;
}

static bool read_words(const reading *r, tmg_span words[TMG_FLOW_LANGUAGES])
{
    for (size_t i = 0; i < TMG_FLOW_LANGUAGES; i++)
        if (tmg_span_is(r->entry->key, tmg_flow_language_keys[i])) {
            words[i] = r->entry->value;
            return true;
        }
    return false;
}

static tmg_rc read_yes(const reading *r, const char *yes, bool *ret, tmg_err *err)
{
    *ret = tmg_span_is(r->entry->value, yes);
    if (!*ret && !tmg_span_is(r->entry->value, "no"))
        return SAY(err, r, "%.*s is %s or no", TMG_SPAN_ARG(r->entry->key), yes);
    return TMG_OK;
}

static tmg_rc read_roles(const reading *r, unsigned *ret, tmg_err *err)
{
    tmg_span names[TMG_ROLES];
    size_t count = 0;

    TMG_TRY(read_names(r, names, TMG_ROLES, &count, err));
    for (size_t i = 0; i < count; i++) {
        tmg_role role = tmg_role_of(names[i]);

        if (role == TMG_ROLE_NONE)
            return SAY(err, r, "there is no role \"%.*s\" (docs/operation.md lists them)",
                       TMG_SPAN_ARG(names[i]));
        *ret |= 1u << role;
    }
    return TMG_OK;
}

static tmg_rc read_state(const reading *r, tmg_flow_state *s, tmg_err *err)
{
    if (read_words(r, s->words))
        return TMG_OK;
    if (tmg_span_is(r->entry->key, "overdue")) {
        s->overdue = r->entry->value;
        return TMG_OK;
    }
    if (tmg_span_is(r->entry->key, "counts_from")) {
        s->counts_from = r->entry->value;
        return TMG_OK;
    }
    if (!tmg_span_is(r->entry->key, "deadline"))
        return SAY(
            err, r,
            "a state has no \"%.*s\": known are words.en, words.az, words.ru, deadline, counts_from and "
            "overdue",
            TMG_SPAN_ARG(r->entry->key));
    if (!tmg_flow_duration(r->entry->value, &s->deadline_ms))
        return SAY(err, r, "deadline = %.*s: expected a length of time like \"30 min\", \"4 h\" or \"2 d\"",
                   TMG_SPAN_ARG(r->entry->value));
    return TMG_OK;
}

static tmg_rc read_arrow(const reading *r, tmg_flow_arrow *w, tmg_err *err)
{
    tmg_span key = r->entry->key;

    if (read_words(r, w->words))
        return TMG_OK;
    if (tmg_span_is(key, "from"))
        return read_names(r, w->from, TMG_MAX_FLOW_STATES, &w->from_count, err);
    if (tmg_span_is(key, "to")) {
        w->to = r->entry->value;
        return TMG_OK;
    }
    if (tmg_span_is(key, "roles"))
        return read_roles(r, &w->roles, err);
    if (tmg_span_is(key, "guard"))
        return read_names(r, w->guards, sizeof w->guards / sizeof w->guards[0], &w->guard_count, err);
    if (tmg_span_is(key, "then"))
        return read_names(r, w->follow, sizeof w->follow / sizeof w->follow[0], &w->follow_count, err);
    if (tmg_span_is(key, "four_eyes"))
        return read_yes(r, "yes", &w->four_eyes, err);
    if (tmg_span_is(key, "by_clock"))
        return read_yes(r, "yes", &w->by_clock, err);
    if (tmg_span_is(key, "note"))
        return read_yes(r, "required", &w->needs_note, err);
    return SAY(
        err, r,
        "an arrow has no \"%.*s\": known are words.en, words.az, words.ru, from, to, roles, guard, then, "
        "four_eyes, by_clock and note",
        TMG_SPAN_ARG(key));
}

static tmg_rc find_state(const reading *r, tmg_span name, tmg_flow_state **ret, tmg_err *err)
{
    tmg_flow *w = r->flow;

    for (size_t i = 0; i < w->state_count; i++)
        if (tmg_span_eq(w->state[i].name, name)) {
            *ret = &w->state[i];
            return TMG_OK;
        }
    if (w->state_count == TMG_MAX_FLOW_STATES)
        return SAY(err, r, "more than %d states", TMG_MAX_FLOW_STATES);
    w->state_line[w->state_count] = r->entry->line;
    *ret = &w->state[w->state_count++];
    **ret = (tmg_flow_state){.name = name, .deadline_ms = TMG_NONE, .final = true};
    return TMG_OK;
}

static tmg_rc find_arrow(const reading *r, tmg_span name, tmg_flow_arrow **ret, tmg_err *err)
{
    tmg_flow *w = r->flow;

    for (size_t i = 0; i < w->arrow_count; i++)
        if (tmg_span_eq(w->arrow[i].name, name)) {
            *ret = &w->arrow[i];
            return TMG_OK;
        }
    if (w->arrow_count == TMG_MAX_FLOW_ARROWS)
        return SAY(err, r, "more than %d arrows", TMG_MAX_FLOW_ARROWS);
    w->arrow_line[w->arrow_count] = r->entry->line;
    *ret = &w->arrow[w->arrow_count++];
    **ret = (tmg_flow_arrow){.name = name};
    return TMG_OK;
}

static tmg_rc read_head(const reading *r, tmg_err *err)
{
    if (tmg_span_is(r->entry->key, "kind")) {
        r->flow->kind = r->entry->value;
    } else if (tmg_span_is(r->entry->key, "first")) {
        r->flow->first = r->entry->value;
        r->flow->line = r->entry->line;
    } else {
        return SAY(err, r, "[workflow] has no \"%.*s\": known are kind and first",
                   TMG_SPAN_ARG(r->entry->key));
    }
    return TMG_OK;
}

static tmg_rc read_entry(const reading *r, tmg_err *err)
{
    tmg_span name = r->entry->section, what = {NULL, 0};
    tmg_flow_state *state = NULL;
    tmg_flow_arrow *arrow = NULL;

    if (tmg_span_is(name, "workflow"))
        return read_head(r, err);
    bool named = tmg_span_split(&name, ' ', &what);
    name = tmg_span_trim(name);
    if (named && name.len > 0 && tmg_span_is(what, "state")) {
        TMG_TRY(find_state(r, name, &state, err));
        return read_state(r, state, err);
    }
    if (named && name.len > 0 && tmg_span_is(what, "arrow")) {
        TMG_TRY(find_arrow(r, name, &arrow, err));
        return read_arrow(r, arrow, err);
    }
    return SAY(err, r, "section [%.*s] is none of [workflow], [state NAME] and [arrow NAME]",
               TMG_SPAN_ARG(r->entry->section));
}

/* A second description of something would quietly change the first: an arrow that loses its second pair of
 * eyes further down the file. */
static tmg_rc said_once(const reading *r, size_t at, tmg_err *err)
{
    const tmg_ini_entry *e = &r->ini->entries[at];

    for (size_t i = 0; i < at; i++) {
        const tmg_ini_entry *before = &r->ini->entries[i];

        if (!tmg_span_eq(before->section, e->section))
            continue;
        if (tmg_span_eq(before->key, e->key))
            return SAY(err, r, "[%.*s] says %.*s a second time, after line %d", TMG_SPAN_ARG(e->section),
                       TMG_SPAN_ARG(e->key), before->line);
        if (!tmg_span_eq(r->ini->entries[at - 1].section, e->section))
            return SAY(err, r, "[%.*s] stands here a second time, after line %d", TMG_SPAN_ARG(e->section),
                       before->line);
    }
    return TMG_OK;
}

static tmg_rc read_file(tmg_flows *f, const char *path, tmg_err *err)
{
    tmg_ini ini = {0};
    tmg_flow *w = tmg_alloc(f->arena, sizeof *w);

    if (f->count == TMG_MAX_FLOWS)
        return TMG_FAIL(err, TMG_E_LIMIT, "%s: more than %d workflows", path, TMG_MAX_FLOWS);
    TMG_TRY(tmg_ini_read_file(path, f->arena, &ini, err));
    w->file = ini.name;
    for (size_t i = 0; i < ini.count; i++) {
        reading r = {f, w, &ini, &ini.entries[i]};

        TMG_TRY(said_once(&r, i, err));
        TMG_TRY(read_entry(&r, err));
    }
    TMG_TRY(tmg_flow_check(f, w, err));
    f->kind[f->count] = w->kind;
    f->flow[f->count++] = w;
    return TMG_OK;
}

static int is_ini(const struct dirent *e)
{
    size_t len = strlen(e->d_name);

    return e->d_name[0] != '.' && len > 4 && strcmp(e->d_name + len - 4, ".ini") == 0;
}

/* With `faults`, a file that cannot be used is told and the others are read all the same. */
typedef struct fault_door {
    void (*told)(void *ctx, const char *fault);
    void *ctx;
    size_t count;
} fault_door;

static tmg_rc read_folder(tmg_flows *f, const char *folder, size_t *ret_files, fault_door *door, tmg_err *err)
{
    struct dirent **list = NULL;
    int count = scandir(folder, &list, is_ini, alphasort);
    tmg_rc rc = TMG_OK;

    if (count < 0)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "%s: the workflows cannot be read: %s", folder,
                        strerror(errno));
    for (int i = 0; i < count; i++) {
        if (rc == TMG_OK) {
            tmg_err why = {0};

            rc = read_file(f, tmg_path_join(f->arena, folder, list[i]->d_name), &why);
            if (rc != TMG_OK && door != NULL) {
                door->told(door->ctx, why.text);
                door->count++;
                rc = TMG_OK;
            } else if (rc != TMG_OK && err != NULL) {
                *err = why;
            }
        }
        free(list[i]);
    }
    *ret_files = (size_t)count;
    free(list);
    return rc;
}

tmg_rc tmg_flows_read(const char *folder, const tmg_flow_words *known, size_t count, tmg_flows **ret,
                      tmg_err *err)
{
    tmg_flows *f = tmg_xcalloc(1, sizeof *f);

    f->arena = tmg_arena_new(READ_CAP);
    f->known = known;
    f->known_count = count;
    size_t files;
    tmg_rc rc = read_folder(f, folder, &files, NULL, err);
    if (rc != TMG_OK) {
        tmg_flows_free(f);
        return rc;
    }
    *ret = f;
    return TMG_OK;
}

tmg_rc tmg_flows_faults(const char *folder, const tmg_flow_words *known, size_t count,
                        void (*told)(void *ctx, const char *fault), void *ctx, size_t *ret_files,
                        size_t *ret_faults, tmg_err *err)
{
    tmg_flows *f = tmg_xcalloc(1, sizeof *f);
    fault_door all = {told, ctx, 0};

    f->arena = tmg_arena_new(READ_CAP);
    f->known = known;
    f->known_count = count;
    tmg_rc rc = read_folder(f, folder, ret_files, &all, err);
    tmg_flows_free(f);
    *ret_faults = all.count;
    return rc;
}

void tmg_flows_free(tmg_flows *f)
{
    if (f == NULL)
        return;
    tmg_arena_free(f->arena);
    free(f);
}

size_t tmg_flow_kinds(const tmg_flows *f, const tmg_span **ret)
{
    *ret = f->kind;
    return f->count;
}

tmg_rc tmg_flow_begins(const tmg_flows *f, tmg_span kind, tmg_span *ret_first, const char **ret_file,
                       tmg_err *err)
{
    const tmg_flow *w = tmg_flow_of(f, kind);

    if (w == NULL)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no workflow for %.*s", TMG_SPAN_ARG(kind));
    *ret_first = w->first;
    *ret_file = w->file;
    return TMG_OK;
}

tmg_rc tmg_flow_describe(const tmg_flows *f, tmg_span kind, const tmg_flow_state **ret_states,
                         size_t *ret_state_count, const tmg_flow_arrow **ret_arrows, size_t *ret_arrow_count,
                         tmg_err *err)
{
    const tmg_flow *w = tmg_flow_of(f, kind);

    if (w == NULL)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no workflow for %.*s", TMG_SPAN_ARG(kind));
    *ret_states = w->state;
    *ret_state_count = w->state_count;
    *ret_arrows = w->arrow;
    *ret_arrow_count = w->arrow_count;
    return TMG_OK;
}
