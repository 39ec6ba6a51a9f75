/* app/replay_priv.h - the past lived through again: each declaration as the centre saw it when it was lodged.
 *
 * A fresh mind goes through declarations in the order in which they became known.  Each is judged with what
 * was known at that instant; its own result, and every later one, is learned afterwards, when it became
 * known.  So no feature holds what came later (tests/unit/app_replay.c turns later labels round and finds
 * every earlier row unchanged).
 */
#ifndef TMG_APP_REPLAY_PRIV_H
#define TMG_APP_REPLAY_PRIV_H

#include "app/learned_priv.h"

/* What profiles thought of one harm, as much as fusion needs. */
typedef struct tmg_thought {
    int64_t whole_ppb, raw_ppb, chain_ppb[TMG_MOST_CHAINS];
} tmg_thought;

/* Codes that fairness is judged by, as numbers of tmg_replay.group_name. */
enum { TMG_BY_POST, TMG_BY_MODE, TMG_BY_ORIGIN, TMG_GROUPINGS };

typedef struct tmg_example {
    int64_t declaration_id; /* 0: of a file */
    int64_t at_ms;
    int32_t day;
    int8_t found[TMG_HARMS]; /* tmg_found */
    bool repeats;
    tmg_thought thought[TMG_HARMS];
    uint32_t group[TMG_GROUPINGS];
    uint64_t goods; /* hash of the subheading */
    size_t
        row[TMG_HARMS]; /* in x: the features of the item that decided that harm; often the same for both */
} tmg_example;

typedef struct tmg_replay {
    tmg_mind *mind;
    tmg_values *history;
    tmg_dict *dict;
    tmg_book *book;
    tmg_arena *rows; /* of the declaration at hand */
    tmg_schema schema;
    int offset_min;
    bool without_features; /* examples keep what profiles thought and no rows in x */
    size_t chain_count;
    tmg_example *example;
    float *x; /* rows of schema.count */
    size_t count, room, row_count, row_room;
    int64_t last_known_ms;
    tmg_arena *names;
    tmg_span group_name[TMG_GROUPINGS][256]; /* number 0: all others */
    size_t group_count[TMG_GROUPINGS];
    int64_t bad_rows; /* of files: could not be read */
} tmg_replay;

TMG_MUST_USE tmg_rc tmg_replay_begin(tmg_replay *r, const char *chains, int offset_min, tmg_err *err);
void tmg_replay_done(tmg_replay *r); /* after a failure too */
/* Judges d as of `as_of_ms` and keeps the example; learns the result when `learn`.  A declaration without id is entered
 * into the book afterwards; those of a centre are there beforehand, and the book tells nothing of what came later. */
void tmg_replay_add(tmg_replay *r, const tmg_declaration *d, int64_t as_of_ms, const tmg_result *result,
                    bool learn);
/* Every row of a labelled file, in its order, which must be that of lodging. */
TMG_MUST_USE tmg_rc tmg_replay_file(tmg_replay *r, const char *path, const tmg_intake_options *o, bool learn,
                                    tmg_err *err);
/* Every control result of a centre with its declaration, in the order in which the declarations became known.
 */
TMG_MUST_USE tmg_rc tmg_replay_db(tmg_replay *r, tmg_db *db, tmg_err *err);

const float *tmg_example_features(const tmg_replay *r, size_t example, tmg_harm h);
/* The assessment that fusion would see of an example. */
void tmg_example_assessment(const tmg_replay *r, const tmg_example *e, tmg_assessment *ret);

#endif
