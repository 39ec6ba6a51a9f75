/* One declaration from its bytes to its reasons, in one process and without a database. */
#ifndef BENCH_PATH_PATH_H
#define BENCH_PATH_PATH_H

#include "app/training_priv.h"
#include "../rules/world.h"

enum { PATH_WINDOWS = 50, PATH_RULES = 1000, PATH_SETS = 3, PATH_TREES = 400 };

/* Rules that are asked together. */
typedef struct asked {
    const char *words;
    tmg_ruleset *set;
    tmg_matcher *matcher;
} asked;

typedef struct path {
    tmg_arena *kept; /* texts of rules, declarations as JSON */
    world world;     /* whose dictionary and rules these are */
    tmg_replay replay;
    tmg_training training;
    asked sets[PATH_SETS]; /* made-up rules, shipped rules, one rule per window */
    tmg_book *book;
    tmg_span *declarations; /* one JSON object each */
    size_t count, items, bytes;
    int64_t next_id;
} path;

/* Learns the train file, trains both models, reads the rules and fills the book with `copies` of its
 * declarations. */
void path_open(path *p, const char *source, const char *shared, size_t copies);
/* What is to be judged: the lines of a file of declarations, or NULL for the public validation file as JSON.
 */
void path_read(path *p, const char *shared, const char *file);
void path_close(path *p);

#endif
