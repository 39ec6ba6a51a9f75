/* app/demo_past_priv.h - the past of a demonstration centre as it is lived through, day by day. */
#ifndef TMG_APP_DEMO_PAST_PRIV_H
#define TMG_APP_DEMO_PAST_PRIV_H

#include "app/demo_priv.h"
#include "base/file.h"

/* What an examination of a consignment would find. */
typedef struct tmg_demo_finding {
    tmg_span ref;
    tmg_result result;
} tmg_demo_finding;

/* Work that people will get to: the result of an inspection, its confirmation. */
typedef enum tmg_demo_work { TMG_DEMO_RESULT, TMG_DEMO_CONFIRM } tmg_demo_work;
typedef struct tmg_demo_due {
    int64_t at_ms, consignment_id;
    tmg_demo_work work;
    const tmg_demo_finding *finding; /* NULL: nothing is in it */
} tmg_demo_due;

/* One seizure on its way through the hands of investigator and custodians (app/demo_files.c). */
typedef struct tmg_demo_file {
    int64_t seizure_id, case_id, exhibit_id, seized_ms;
    size_t no, step;
} tmg_demo_file;

struct tmg_demo_past {
    tmg_centre *centre;
    tmg_demo_span span;
    tmg_arena *arena; /* of findings */
    tmg_actor desk, analyst, chief, team, teams, relief, investigator, second_investigator, custodian,
        second_custodian;
    int64_t astara_id, relief_id; /* posts of the accounts "team" and "relief" */

    tmg_demo_finding *findings; /* by reference */
    size_t finding_count;
    tmg_demo_due *due;
    size_t due_count, due_room;
    tmg_demo_file *files;
    size_t file_count, file_room;
    bool registered;   /* the cases of before the opening are taken over */

    /* declarations.jsonl, read as far as it was lodged */
    tmg_file file;
    tmg_reader *reader;
    tmg_record
        *next; /* read, not lodged yet; its texts lie in one of the two arenas, which take turns by day */
    bool more;
    tmg_arena *records[2];
    int64_t source_id;
    tmg_source_counts counts;
    int32_t day; /* being lived */
};

const tmg_demo_finding *tmg_demo_finding_of(const tmg_demo_past *p, tmg_span ref);

/* What people do at an instant: results that are there, confirmations, decisions about what arrives before
 * until_ms.  Inside the day's transaction. */
TMG_MUST_USE tmg_rc tmg_demo_people(tmg_demo_past *p, tmg_db *db, int64_t until_ms, tmg_err *err);
/* A day's casework: every seizure that has a case goes as far as its age allows. */
TMG_MUST_USE tmg_rc tmg_demo_files(tmg_demo_past *p, tmg_db *db, tmg_err *err);
/* Who acts: the demonstration's accounts. */
TMG_MUST_USE tmg_rc tmg_demo_cast(tmg_demo_past *p, tmg_db *db, tmg_err *err);
/* The team whose post it is. */
const tmg_actor *tmg_demo_team_at(const tmg_demo_past *p, int64_t post_id);

/* ---- pieces of a case (app/demo_cases.c) ---- */

/* Cases of what was seized before the centre was there. */
TMG_MUST_USE tmg_rc tmg_demo_register(tmg_demo_past *p, tmg_db *db, tmg_err *err);
/* What a team completes of the n-th seizure. */
void tmg_demo_describe(tmg_seizure *z, unsigned means, size_t n, tmg_arena *a);
TMG_MUST_USE tmg_rc tmg_demo_persons(tmg_demo_past *p, tmg_db *db, const tmg_case *f, tmg_span country,
                                     size_t n, tmg_err *err);
/* What the laboratory found of a line. */
TMG_MUST_USE tmg_rc tmg_demo_confirm(tmg_demo_past *p, tmg_db *db, const tmg_substance_line *l,
                                     int64_t mass_mg, tmg_err *err);

#endif
