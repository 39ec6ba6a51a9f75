#include "casework/case_plan.h"
#include "base/ini.h"
#include "casework/flow_priv.h"

enum { CAP = 1 << 18, MOST_TASKS = 32 };

struct tmg_case_plan {
    tmg_arena *arena;
    tmg_need_to_know need;
    unsigned emergency_roles; /* bits 1 << tmg_role */
    int64_t emergency_ms;
    tmg_planned_task task[MOST_TASKS];
    size_t count;
};

static tmg_rc read_case(tmg_case_plan *p, const tmg_ini *ini, const tmg_ini_entry *e, tmg_err *err)
{
    static const char *const needs[] = {"never", "large", "always"};

    if (tmg_span_is(e->key, "need_to_know"))
        for (int i = 0; i < 3; i++)
            if (tmg_span_is(e->value, needs[i])) {
                p->need = (tmg_need_to_know)(i + 1);
                return TMG_OK;
            }
    return tmg_flow_fault(err, ini->name, e->line, "expected need_to_know = never, large or always");
}

static tmg_rc read_glass(tmg_case_plan *p, const tmg_ini *ini, const tmg_ini_entry *e, tmg_err *err)
{
    tmg_span rest = e->value, word;

    if (tmg_span_is(e->key, "for") && tmg_flow_duration(e->value, &p->emergency_ms) &&
        p->emergency_ms <= TMG_DAY_MS)
        return TMG_OK;
    if (!tmg_span_is(e->key, "roles"))
        return tmg_flow_fault(err, ini->name, e->line,
                              "expected roles = chief investigator, or for = 2 h (a day at most)");
    while (tmg_span_split(&rest, ' ', &word)) {
        tmg_role role = tmg_role_of(word);

        if (word.len == 0)
            continue;
        if (!tmg_role_may(role, TMG_MAY_CASE_WRITE))
            return tmg_flow_fault(err, ini->name, e->line, "\"%.*s\" is no role that leads cases",
                                  TMG_SPAN_ARG(word));
        p->emergency_roles |= 1u << role;
    }
    return TMG_OK;
}

/* The task of a section "task CODE", made when it is first named. */
static tmg_rc task_of(tmg_case_plan *p, const tmg_ini *ini, const tmg_ini_entry *e, tmg_planned_task **ret,
                      tmg_err *err)
{
    static const char head[] = "task ";
    tmg_span code;

    if (!tmg_span_starts(e->section, head) || e->section.len == sizeof head - 1)
        return tmg_flow_fault(err, ini->name, e->line, "expected [case] or [task NAME]");
    code = (tmg_span){e->section.ptr + sizeof head - 1, e->section.len - (sizeof head - 1)};
    for (size_t i = 0; i < p->count; i++)
        if (tmg_span_eq(p->task[i].code, code)) {
            *ret = &p->task[i];
            return TMG_OK;
        }
    if (p->count == MOST_TASKS)
        return tmg_flow_fault(err, ini->name, e->line, "more than %d tasks", MOST_TASKS);
    *ret = &p->task[p->count++];
    **ret = (tmg_planned_task){.code = code};
    return TMG_OK;
}

static tmg_rc read_task(tmg_case_plan *p, const tmg_ini *ini, const tmg_ini_entry *e, tmg_err *err)
{
    tmg_planned_task *t = NULL;

    TMG_TRY(task_of(p, ini, e, &t, err));
    for (size_t i = 0; i < TMG_FLOW_LANGUAGES; i++)
        if (tmg_span_is(e->key, tmg_flow_language_keys[i])) {
            t->words[i] = e->value;
            return TMG_OK;
        }
    if (tmg_span_is(e->key, "within") && tmg_flow_duration(e->value, &t->within_ms))
        return TMG_OK;
    if (tmg_span_is(e->key, "mandatory") && (tmg_span_is(e->value, "yes") || tmg_span_is(e->value, "no"))) {
        t->mandatory = tmg_span_is(e->value, "yes");
        return TMG_OK;
    }
    return tmg_flow_fault(err, ini->name, e->line,
                          "expected words.en, words.az, words.ru, within = 2 d, or mandatory = yes or no");
}

static tmg_rc read_file(tmg_case_plan *p, const char *path, tmg_err *err)
{
    tmg_ini ini = {0};

    TMG_TRY(tmg_ini_read_file(path, p->arena, &ini, err));
    for (size_t i = 0; i < ini.count; i++)
        TMG_TRY(tmg_span_is(ini.entries[i].section, "case") ? read_case(p, &ini, &ini.entries[i], err)
                : tmg_span_is(ini.entries[i].section, "break_glass")
                    ? read_glass(p, &ini, &ini.entries[i], err)
                    : read_task(p, &ini, &ini.entries[i], err));
    if ((p->emergency_roles != 0) != (p->emergency_ms != 0))
        return tmg_flow_fault(err, ini.name, 1, "[break_glass] needs both roles and for");
    if (p->need == 0)
        return tmg_flow_fault(err, ini.name, 1, "[case] need_to_know is missing");
    for (size_t i = 0; i < p->count; i++)
        for (size_t k = 0; k < TMG_FLOW_LANGUAGES; k++)
            if (p->task[i].within_ms == 0 || p->task[i].words[k].len == 0)
                return tmg_flow_fault(err, ini.name, 1, "task %.*s needs words in three languages and a time",
                                      TMG_SPAN_ARG(p->task[i].code));
    return TMG_OK;
}

tmg_rc tmg_case_plan_read(const char *path, tmg_case_plan **ret, tmg_err *err)
{
    tmg_case_plan *p = tmg_xcalloc(1, sizeof *p);

    p->arena = tmg_arena_new(CAP);
    tmg_rc rc = read_file(p, path, err);
    if (rc != TMG_OK) {
        tmg_case_plan_free(p);
        return rc;
    }
    *ret = p;
    return TMG_OK;
}

void tmg_case_plan_free(tmg_case_plan *p)
{
    if (p == NULL)
        return;
    tmg_arena_free(p->arena);
    free(p);
}

tmg_need_to_know tmg_case_plan_need(const tmg_case_plan *p)
{
    return p->need;
}

int64_t tmg_case_plan_emergency_ms(const tmg_case_plan *p, tmg_role role)
{
    return (p->emergency_roles >> role & 1u) != 0 ? p->emergency_ms : 0;
}

size_t tmg_case_plan_tasks(const tmg_case_plan *p, const tmg_planned_task **ret)
{
    *ret = p->task;
    return p->count;
}

const tmg_planned_task *tmg_planned_task_of(const tmg_case_plan *p, tmg_span code)
{
    for (size_t i = 0; i < p->count; i++)
        if (tmg_span_eq(p->task[i].code, code))
            return &p->task[i];
    return NULL;
}
