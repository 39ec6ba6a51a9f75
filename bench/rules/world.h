/* Rows and rules for measuring the engine and for holding it against SQLite. */
#ifndef BENCH_RULES_WORLD_H
#define BENCH_RULES_WORLD_H

#include "rule/rule.h"
#include "rule/tree_priv.h"

typedef struct world {
    tmg_dict *dict;
    tmg_arena *arena;
    tmg_row *rows;
    size_t row_count;
    bool public_data; /* drawn from the public declarations; otherwise made up in their shape */
    uint64_t dice;
} world;

uint32_t world_roll(world *w, uint32_t sides);
/* `count` rows drawn with replacement; `gaps` leaves out facts and adds routes and documents. */
void world_new(world *w, size_t count, uint64_t seed, bool gaps);
void world_free(world *w);

/* The workload of the study: 2 to 5 predicates - equality, IN of 2 to 10, chapters, headings and subheadings,
 * !=, ranges - around a row that exists; each rule true for at most 1 % of the rows. */
const tmg_rule *world_plain_rule(world *w);
/* Conditions of every operator that SQL has too, nested, with `not`, and about facts that are often missing.
 */
const tmg_rule *world_rich_rule(world *w);

/* What SQLite is asked: the rows as a table, a condition as an expression. */
struct sqlite3;
void world_sql_table(const world *w, struct sqlite3 *db);
void world_sql_condition(tmg_buf *b, const tmg_rnode *n);

/* Rules and the first `rows` rows as JSON, for the engines of the Node world. */
void world_write_peers(const world *w, const tmg_rule *const *rules, size_t count, size_t rows,
                       const char *folder);

_Noreturn void world_die(const char *why);

#endif
