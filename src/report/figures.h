/* report/figures.h - the figures of a period, exact to the milligram, and what does not add up.
 *
 * Everything is counted from the records: cases, seizures with their substance lines, suspects (as counts
 * alone), custody. A *fact* is a case opened in the period that stands alone; what belongs to a case that was
 * merged, over however many steps, belongs to the fact of the case that keeps it. A substance line counts
 * with its newest stage (what the laboratory confirmed takes the place of what was seized; both sums are
 * given).  A period is whole days by the centre's clock, both ends included.
 *
 * Definitions that differ, and so give different counts: a *case* may have several seizures; a *prevented
 * attempt* is a seizure on a transit that was stopped; a *large seizure* has a line of at least the
 * substance's large mass. Class, line and large mass of a substance are those of the list on the day of the
 * seizure.  A quantity beyond what a record can say (TMG_SANE_...) is left out of every figure, and counted.
 * Source of the layout: the period reports of the State Commission and the State
 * Customs Committee, study of the domain §4.
 *
 * Ownership: what is read lives in the arena.  Thread rule: the connection's thread, inside a read
 * transaction for one view.
 */
#ifndef TMG_REPORT_FIGURES_H
#define TMG_REPORT_FIGURES_H

#include "model/model.h"
#include "store/store.h"

typedef struct tmg_period {
    int32_t from_day, to_day;
    int offset_min;
} tmg_period;

/* What no entry reaches: of it a million records still add up exactly. */
#define TMG_SANE_MASS  INT64_C(10000000000000)
#define TMG_SANE_COUNT INT64_C(1000000000)
#define TMG_SANE_AREA  INT64_C(1000000000000)
#define TMG_SANE_MONEY INT64_C(100000000000000)

/* Kinds of pieces that are counted apart. */
typedef enum tmg_piece {
    TMG_PIECE_TABLET,
    TMG_PIECE_CAPSULE,
    TMG_PIECE_AMPOULE,
    TMG_PIECE_PLANT,
    TMG_PIECE_OTHER,
    TMG_PIECES
} tmg_piece;
const char *tmg_piece_name(tmg_piece p); /* "tablet", ..., "piece" */

typedef struct tmg_amount {
    int64_t mass_mg, volume_ul, count[TMG_PIECES], lines; /* lines: how many are in it */
    int64_t estimated_mg, gross_mg; /* how much of the mass was estimated, or weighed with packing */
} tmg_amount;

typedef struct tmg_figure_line {
    tmg_span line, class_name; /* "heroin", "narcotic" */
    tmg_amount now, seized;    /* newest stage; as seized */
} tmg_figure_line;

/* The same by substance of the list, so that tablets of methadone are told from those of tramadol. */
typedef struct tmg_substance_sum {
    tmg_span code, line, class_name, name[3]; /* names: English, Azerbaijani, Russian */
    tmg_amount now;
} tmg_substance_sum;

typedef struct tmg_count_of {
    tmg_span what;
    int64_t count;
} tmg_count_of;

/* Plants by how they grew. */
typedef enum tmg_growth {
    TMG_GROWTH_CULTIVATED,
    TMG_GROWTH_WILD,
    TMG_GROWTH_UNSTATED,
    TMG_GROWTHS
} tmg_growth;
const char *tmg_growth_name(tmg_growth g); /* "cultivated", "wild", "unstated" */
typedef struct tmg_plants {
    int64_t count, mass_mg, area_m2;
} tmg_plants;

/* A calendar month, cut to the period. */
typedef struct tmg_month_sum {
    int32_t from_day, to_day;
    int64_t mass_mg, seizures, facts; /* mass: of the total */
} tmg_month_sum;

/* Age classes in the year in which the fact was opened: the official layout's.  The last is "not stated". */
enum { TMG_AGE_CLASSES = 6 };
typedef struct tmg_age_class {
    const char *name; /* "under 16", "16-18", "18-25", "26-29", "30 and over", "not stated" */
    int64_t count;
} tmg_age_class;

typedef struct tmg_persons {
    int64_t total, men, women, sex_not_stated, own, foreign, citizenship_not_stated, previous_record;
    int64_t previous_facts,
        previous_mg; /* facts with one of them; mass of the total in those facts' seizures */
    tmg_age_class age[TMG_AGE_CLASSES];
    tmg_count_of *by_country;    /* foreign ones, most first */
    tmg_count_of *by_occupation; /* most first; "" where it is not stated */
    size_t country_count, occupation_count;
} tmg_persons;

typedef struct tmg_period_figures {
    tmg_period period;
    int64_t records, beyond; /* lines, values and destructions; of these with a quantity left out */
    int64_t large_other_mg;  /* of large seizures too, of classes that the total leaves out */
    int64_t facts_seized, facts_in_group, facts_in_group_named; /* with a seizure; one in a group; so named */
    int64_t seizures_with_case, seizures_in_facts; /* of a case; of a case that is a fact of the period */
    int64_t facts, seizures, attempts, large, large_mg, groups, group_cases, destroyed, destroyed_mg;
    int64_t destroyed_cases, destroyed_old_cases, destroyed_old_mg; /* old: opened before the period */
    tmg_count_of *by_kind, *by_direction, *facts_in; /* facts by kind; seizures, and facts, by direction */
    size_t kind_count, direction_count, facts_in_count;
    int64_t facts_by_direction; /* sum over directions of the facts that have a seizure in it */
    tmg_figure_line *lines;     /* heaviest first within a class */
    size_t line_count;
    tmg_substance_sum *substances; /* by class and code */
    size_t substance_count;
    tmg_plants plants[TMG_GROWTHS]; /* lines whose substance is of the class plant, or that say how it grew */
    tmg_month_sum *months;
    size_t month_count;
    tmg_amount total; /* narcotic and psychotropic substances and what is not classed otherwise */
    tmg_persons persons;
    tmg_count_of *value; /* by currency: minor units */
    size_t value_count;
} tmg_period_figures;
/* Nothing happened in it: no fact, seizure, person or destruction. */
bool tmg_period_is_empty(const tmg_period_figures *f);
/* home: ISO 3166 of the own country, for citizenship. */
TMG_MUST_USE tmg_rc tmg_figures_of(tmg_db *db, const tmg_period *p, tmg_span home, tmg_arena *a,
                                   tmg_period_figures *ret, tmg_err *err);

/* ---- what does not add up (report/reconcile.c) ---- */

typedef struct tmg_gap {
    const char *code;        /* "lines", "facts_by_kind", "published_total", ...: what screens translate */
    tmg_span about;          /* the line or report it is about, or absent */
    int64_t total, sum, gap; /* in the unit; gap = total - sum; both TMG_NONE where a share has no base */
    const char *unit;        /* "mg", "cases", "persons", "ppm" */
    bool open;               /* is there a gap? */
    const char *reason;      /* why, as a key of [gap_why]; the code where it has one reason only */
    tmg_span words;          /* one sentence: what differs by how much, and why where it is known */
} tmg_gap;
/* Every total held against its parts; those that fit are listed too (open false). */
TMG_MUST_USE tmg_rc tmg_reconcile(const tmg_period_figures *f, tmg_arena *a, tmg_gap **ret, size_t *ret_count,
                                  tmg_err *err);

/* ---- reports as they were published (report/published.c) ---- */

/* JSON: {"code","title","from","to","source","total_mg","lines":{name:
 * mg},"counts":{...},"sums":{name:[total,[parts]]},
 * "percentages":[{"what","count","of_old","of_new","published_ppm","decimals"}]} (docs/figures.md).
 * TMG_E_INVALID with the place of what is not understood. */
typedef struct tmg_published tmg_published;
TMG_MUST_USE tmg_rc tmg_published_parse(tmg_span json, tmg_arena *a, tmg_published **ret, tmg_err *err);
tmg_period tmg_published_period(const tmg_published *p, int offset_min);
tmg_span tmg_published_title(const tmg_published *p);
tmg_span tmg_published_code(const tmg_published *p);
tmg_span tmg_published_source(const tmg_published *p);
/* The gaps inside a published report, and those between it and the registry's own figures (NULL: only
 * inside). */
TMG_MUST_USE tmg_rc tmg_published_check(const tmg_published *p, const tmg_period_figures *own, tmg_arena *a,
                                        tmg_gap **ret, size_t *ret_count, tmg_err *err);

/* ---- comparison ---- */

/* A change against another period, always with its base. */
typedef struct tmg_change_of {
    int64_t before, now, change;
    int64_t of_before_ppm; /* change in parts per million of the earlier value; TMG_NONE where that is 0 */
} tmg_change_of;
tmg_change_of tmg_compare(int64_t before, int64_t now);

/* "6 t 403 kg 647.445 g"; nothing is rounded away. */
void tmg_mass_words(tmg_buf *b, int64_t mg);

#endif
