/* app/demo.h - what a demonstration centre has beside its declarations, so that no screen is empty.
 *
 * Everything is made by the calls that people use, so rights, workflows and leaves are those of a real
 * centre; who acts are the demonstration's accounts (functions, not people).  The same world gives the same
 * casework.  Each is a job of the writer with the centre as its context.
 *
 * Thread rule: the writer's thread, inside its transaction.  Errors are those of the calls that people use.
 */
#ifndef TMG_APP_DEMO_H
#define TMG_APP_DEMO_H

#include "app/app.h"

/* ---- living through the past (app/demo_past.c) ----
 * A simulated world (sim/sim.h) with lived days: what was lodged before the opening is imported with its
 * results, then each day is lived by the centre's clock as a real one would be - lodging, choosing by
 * committed keys, orders, results, confirmations, casework - with what the world hid as what examinations
 * find.  The clock must stand at the opening; the same world gives the same past.  Not while a writer runs.
 */
typedef struct tmg_demo_span {
    const char *world; /* its folder */
    int64_t opened_ms, now_ms;
    uint64_t seed;
} tmg_demo_span;
typedef struct tmg_demo_past tmg_demo_past;
/* Imports what was before the opening.  *ret is to be ended after a failure too. */
TMG_MUST_USE tmg_rc tmg_demo_begin(tmg_centre *c, const tmg_demo_span *span, tmg_demo_past **ret,
                                   tmg_import_summary *past, tmg_err *err);
/* Lives through the days that begin before until_ms, but not beyond the span's now.  Needs the
 * demonstration's accounts. */
TMG_MUST_USE tmg_rc tmg_demo_live(tmg_demo_past *p, int64_t until_ms, tmg_err *err);
int64_t tmg_demo_lodged(const tmg_demo_past *p); /* since the opening */
void tmg_demo_end(tmg_demo_past *p);             /* NULL is accepted */

/* Officers and instruments of the posts, a dog unit, and officers who are sent to a newly opened post. */
TMG_MUST_USE tmg_rc tmg_demo_staff(void *centre, tmg_db *db, tmg_err *err);
/* What controls of the past seized, where no day was lived through: seizures with cases, persons, exhibits
 * with their custody, as far as their age allows. */
TMG_MUST_USE tmg_rc tmg_demo_cases(void *centre, tmg_db *db, tmg_err *err);
/* Joins two cases under investigation in which the same vehicle came, where there are such. */
TMG_MUST_USE tmg_rc tmg_demo_merge(void *centre, tmg_db *db, tmg_err *err);
/* A few inspections that were ordered this morning at Bilasuvar and Samur, one of them under way. */
TMG_MUST_USE tmg_rc tmg_demo_orders(void *centre, tmg_db *db, tmg_err *err);
/* Day and night teams of three posts, in shifts from this morning on. */
TMG_MUST_USE tmg_rc tmg_demo_rota(void *centre, tmg_db *db, tmg_err *err);
/* Two that wait for the team at Astara, whose account a newcomer signs in with. */
TMG_MUST_USE tmg_rc tmg_demo_orders_at_astara(void *centre, tmg_db *db, tmg_err *err);

#endif
