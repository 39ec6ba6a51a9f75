/* A database of its own with one post, for the tests of what risk/ stores. */
#ifndef TESTS_UNIT_RISK_CENTRE_H
#define TESTS_UNIT_RISK_CENTRE_H

#include "risk_help.h"

#include "risk/choosing.h"
#include "store/records.h"

#define OK(c, call)                                                                                          \
    do {                                                                                                     \
        if ((call) != TMG_OK)                                                                                \
            fail_msg("%s: %s", #call, (c)->err.text);                                                        \
    } while (0)

typedef struct centre {
    folder folder;
    tmg_db *db;
    tmg_saver *saver;
    tmg_arena *arena;
    int64_t post_id, source_id;
    tmg_err err;
} centre;

static inline int centre_make(void **state)
{
    centre *c = tmg_xcalloc(1, sizeof *c);
    *state = c;
    c->folder = folder_new("centre.db");
    c->arena = tmg_arena_new(16 << 20);
    tmg_post p = {.code = TMG_SPAN("AZ001"), .name = TMG_SPAN("Astara")};
    if (tmg_db_open(c->folder.file, TMG_DB_CREATE, &c->db, &c->err) != TMG_OK ||
        tmg_begin(c->db, &c->err) != TMG_OK || tmg_post_save(c->db, &p, &c->post_id, &c->err) != TMG_OK ||
        tmg_source_begin(c->db, TMG_SPAN("test"), TMG_SPAN("csv"), (tmg_span){0}, 0, &c->source_id,
                         &c->err) != TMG_OK) {
        print_error("%s\n", c->err.text);
        return -1;
    }
    c->saver = tmg_saver_new(c->db);
    return 0;
}

static inline int centre_drop(void **state)
{
    centre *c = *state;
    tmg_saver_free(c->saver);
    tmg_db_close(c->db);
    tmg_arena_free(c->arena);
    folder_remove(&c->folder);
    free(c);
    return 0;
}

/* Stores a declaration of such goods; *g holds it. */
static inline tmg_declaration *lodge(centre *c, goods *g, const char *ref, const char *hs,
                                     const char *departure)
{
    tmg_saved saved;
    tmg_declaration *d = goods_of(g, hs, departure);
    d->ref = tmg_span_of(ref);
    d->post = TMG_SPAN("AZ001");
    OK(c, tmg_declaration_save(c->saver, d, c->source_id, false, &saved, &c->err));
    return d;
}

static inline int64_t count_rows(centre *c, const char *sql)
{
    tmg_stmt *s = NULL;
    bool row = false;
    OK(c, tmg_sql(c->db, sql, &s, &c->err));
    OK(c, tmg_step(s, &row, &c->err));
    int64_t n = tmg_col_i64(s, 0);
    tmg_reset(s);
    return n;
}

#endif
