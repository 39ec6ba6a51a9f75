/* app/demo.h - what a demonstration centre has beside its declarations, so that no screen is empty.
 *
 * Everything is made by the calls that people use, so rights, workflows and leaves are those of a real
 * centre; who acts are the demonstration's accounts (functions, not people).  The same world gives the same
 * casework.  Each is a job of the writer with the centre as its context.
 */
#ifndef TMG_APP_DEMO_H
#define TMG_APP_DEMO_H

#include "app/app.h"

/* Officers and instruments of the posts, a dog unit, and officers who are sent to a newly opened post. */
TMG_MUST_USE tmg_rc tmg_demo_staff(void *centre, tmg_db *db, tmg_err *err);
/* What controls of the past seized: seizures with cases in all states, persons, exhibits with their custody.
 */
TMG_MUST_USE tmg_rc tmg_demo_cases(void *centre, tmg_db *db, tmg_err *err);
/* A few inspections that were ordered this morning at Bilasuvar and Samur, one of them under way. */
TMG_MUST_USE tmg_rc tmg_demo_orders(void *centre, tmg_db *db, tmg_err *err);

#endif
