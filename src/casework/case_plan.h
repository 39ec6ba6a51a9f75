/* casework/case_plan.h - what a case begins with when a seizure is confirmed: config/case-opening.ini.
 *
 * Immutable once read: any thread.
 */
#ifndef TMG_CASEWORK_CASE_PLAN_H
#define TMG_CASEWORK_CASE_PLAN_H

#include "guard/guard.h"

typedef enum tmg_need_to_know { TMG_NEED_NEVER = 1, TMG_NEED_LARGE, TMG_NEED_ALWAYS } tmg_need_to_know;

typedef struct tmg_planned_task {
    tmg_span code, words[3]; /* en, az, ru */
    int64_t within_ms;
    bool mandatory;
} tmg_planned_task;

typedef struct tmg_case_plan tmg_case_plan;

/* TMG_E_INVALID names file, line and what is wrong. */
TMG_MUST_USE tmg_rc tmg_case_plan_read(const char *path, tmg_case_plan **ret, tmg_err *err);
void tmg_case_plan_free(tmg_case_plan *p); /* NULL is accepted */
tmg_need_to_know tmg_case_plan_need(const tmg_case_plan *p);
/* For how long the role may open a case that does not name it, in an emergency; 0: not at all. */
int64_t tmg_case_plan_emergency_ms(const tmg_case_plan *p, tmg_role role);
size_t tmg_case_plan_tasks(const tmg_case_plan *p, const tmg_planned_task **ret);
/* NULL when the plan has no task of this code. */
const tmg_planned_task *tmg_planned_task_of(const tmg_case_plan *p, tmg_span code);

#endif
