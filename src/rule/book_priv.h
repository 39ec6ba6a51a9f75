/* rule/book_priv.h - how the book keeps what was lodged.
 *
 * A *version* is one declaration as entered, its rows packed into bytes (book_pack.c).  An *axis* is one way
 * to sort versions into groups: by one to three code fields, through a filter, one event per consignment,
 * item or control result (axis.c).  A group's events are ordered by time and carry running sums, so that a
 * window is two binary searches (book_windows.c).  What has no axis is answered by reading the versions one
 * by one (book_scan.c).
 *
 * A version that a later one replaced lives on in the *former* list of its groups: for whoever asks as of an
 * instant before the replacement it is still in force.
 */
#ifndef TMG_RULE_BOOK_PRIV_H
#define TMG_RULE_BOOK_PRIV_H

#include "rule/rule.h"
#include "rule/tree_priv.h"

__extension__ typedef __int128 tmg_i128;

#define TMG_FOREVER    INT64_MAX /* until_ms of the version in force */
#define TMG_NEVER      INT64_MIN /* until_ms of a version that was entered again under the same id */
#define TMG_HORIZON_MS (730 * TMG_DAY_MS)
#define TMG_YEAR_MS    (365 * TMG_DAY_MS)
#define TMG_MICRO      INT64_C(1000000)
#define TMG_NO_REF     UINT32_MAX

enum {
    TMG_AXIS_BY = 3,
    TMG_AXIS_COLUMNS = 8,
    TMG_MAX_AXES = 512,
    TMG_LEAST_REFERENCE = 5,
    TMG_FORGET_EVERY = 1 << 16
};

/* ---- versions ---- */

typedef struct tmg_version {
    int64_t at_ms, until_ms; /* until_ms: at_ms of the version that took its place */
    int64_t declaration_id;
    uint32_t consignment; /* index */
    uint32_t older;       /* ref, or TMG_NO_REF */
    char *packed;
    uint32_t packed_len, rows;
} tmg_version;

typedef struct tmg_consignment_entry {
    int64_t id;
    uint32_t newest; /* ref, or TMG_NO_REF while only results are known */
    uint32_t result; /* index + 1 of its newest result */
} tmg_consignment_entry;

typedef struct tmg_result_entry {
    int64_t known_ms;
    uint32_t next; /* index + 1 */
    bool found;
} tmg_result_entry;

/* Packs rows of one declaration; unpacks them again, without their sets.  Facts of the declaration are kept
 * once. */
typedef struct tmg_row_shape {
    uint64_t header_codes, header_numbers; /* bits of the facts that are the same in all rows */
} tmg_row_shape;
tmg_row_shape tmg_row_shape_of_fields(void);
void tmg_rows_pack(tmg_buf *b, tmg_row_shape s, const tmg_row *rows, size_t count);
size_t tmg_rows_unpack(const char *packed, tmg_row **scratch, size_t *scratch_room);

/* ---- first seen ---- */

/* The two consignments that had a key first: two, so that the asking consignment can be left out. */
typedef struct tmg_first_seen {
    uint64_t key;
    int64_t at_ms[2], consignment_id[2]; /* at_ms TMG_FOREVER: nobody */
} tmg_first_seen;
typedef struct tmg_firsts {
    tmg_first_seen *slots; /* key 0: empty */
    size_t room, used;
} tmg_firsts;
void tmg_firsts_expect(const tmg_firsts *f, uint64_t key); /* it will be added soon: fetch its place */
void tmg_firsts_add(tmg_firsts *f, uint64_t key, int64_t at_ms, int64_t consignment_id);
/* at_ms of the first consignment other than this; TMG_FOREVER when there is none. */
int64_t tmg_firsts_other(const tmg_firsts *f, uint64_t key, int64_t consignment_id);

/* ---- filters ---- */

typedef struct tmg_where tmg_where; /* conditions joined by AND, compiled from a tree */
/* False when the tree holds what a filter cannot; NULL gives NULL. */
bool tmg_where_of(const tmg_rnode *n, tmg_where **ret);
void tmg_where_free(tmg_where *w);
uint64_t tmg_where_hash(const tmg_where *w); /* 0 for NULL */
bool tmg_where_true(tmg_where *w, const tmg_dict *dict, const tmg_row *row);

/* ---- axes ---- */

typedef enum tmg_unit { TMG_UNIT_CONSIGNMENT, TMG_UNIT_ITEM, TMG_UNIT_RESULT } tmg_unit;
typedef enum tmg_column_kind { TMG_COL_NUMBER, TMG_COL_CODE, TMG_COL_RESULT } tmg_column_kind;

typedef struct tmg_axis_spec {
    tmg_unit unit;
    uint8_t by_count, by[TMG_AXIS_BY]; /* tmg_code_field */
    tmg_where *where;
    uint64_t where_hash;
} tmg_axis_spec;

typedef struct tmg_key {
    uint32_t code[TMG_AXIS_BY];
} tmg_key;

/* What one event says in one column. */
typedef struct tmg_fact {
    int64_t number; /* of a result: known_ms */
    uint32_t code;  /* of a result: was something found? */
} tmg_fact;

/* Sorted values of a sliding stretch [low, high) of a group's events, for order statistics. */
typedef struct tmg_sorted tmg_sorted;
typedef struct tmg_stretch {
    tmg_sorted *values;
    uint32_t low, high, far; /* far: questions in a row that lay elsewhere */
} tmg_stretch;

typedef struct tmg_former {
    int64_t until_ms;
    uint32_t ref;
} tmg_former;

/* Events [0, clean) are in order and their columns are running sums; the rest waits, raw, for
 * tmg_group_clean. */
typedef struct tmg_group {
    char *block; /* at_ms[room], the columns, ref[room] */
    uint32_t n, clean, room;
    uint32_t former_n, former_room;
    bool former_stale;
    tmg_former *former;     /* ascending by until_ms */
    tmg_stretch *stretches; /* NULL, or one per column of the axis */
} tmg_group;

typedef struct tmg_group_slot {
    tmg_key key;
    uint32_t group; /* index + 1; 0: empty */
} tmg_group_slot;

/* Where a code was last in a group: keyed by group and code, giving index + 1. */
typedef struct tmg_last_slot {
    uint64_t key;
    uint32_t at;
} tmg_last_slot;
typedef struct tmg_last {
    tmg_last_slot *slots;
    size_t room, used;
} tmg_last;

typedef struct tmg_column {
    tmg_column_kind kind;
    uint8_t field;
    size_t offset;   /* bytes per event before it */
    tmg_last last;   /* TMG_COL_CODE */
    int64_t largest; /* TMG_COL_NUMBER: of all absolute values */
} tmg_column;

typedef struct tmg_axis {
    tmg_axis_spec spec;
    tmg_column column[TMG_AXIS_COLUMNS];
    size_t column_count, event_bytes;
    tmg_firsts *firsts; /* when ages are asked */
    tmg_group_slot *slots;
    size_t room;
    tmg_group *groups;
    uint32_t group_count, group_room;
    tmg_key last_key; /* of the last look-up */
    uint32_t last_group;
    bool fresh;  /* not filled yet */
} tmg_axis;

typedef struct tmg_prepared {
    uint64_t key; /* of the window or reference; 0: empty */
    uint16_t axis;
    uint8_t column;
} tmg_prepared;

struct tmg_book {
    const tmg_dict *dict;
    tmg_version *versions; /* in order of entering; ref - base is the index */
    size_t version_count, version_room;
    uint32_t base;
    tmg_consignment_entry *consignments;
    uint32_t *by_id; /* index + 1 */
    size_t consignment_count, consignment_room, by_id_room;
    tmg_result_entry *results;
    size_t result_count, result_room;
    bool is_coded[TMG_CODE_FIELDS]; /* codes, not free words: their first use is noted */
    tmg_firsts firsts[TMG_CODE_FIELDS];
    tmg_axis *axes[TMG_MAX_AXES];
    size_t axis_count;
    tmg_prepared *prepared;
    size_t prepared_room, prepared_used;
    tmg_row_shape shape;
    tmg_buf packing;
    tmg_row *scratch;
    size_t scratch_room;
    size_t rows, packed_bytes;
    int64_t forgotten_ms; /* what was lodged before this is gone; INT64_MIN: nothing */
    size_t entered;       /* versions since the last forgetting */
    /* the asking row's own version in force, as last looked up */
    int64_t own_id, own_at_ms;
    uint32_t own_ref;
    bool own_valid;
};

/* book.c */
tmg_version *tmg_book_version(const tmg_book *b, uint32_t ref);
static inline bool tmg_version_in_force(const tmg_version *v, int64_t at_ms)
{
    return v->at_ms < at_ms && v->until_ms >= at_ms;
}
size_t tmg_version_rows(tmg_book *b, const tmg_version *v, tmg_row **ret); /* in the book's scratch */
uint32_t tmg_book_own(tmg_book *b, int64_t consignment_id, int64_t at_ms); /* in force then; TMG_NO_REF */

void tmg_book_index_consignments(tmg_book *b, size_t room);

/* book_forget.c: lets go of what lies more than the horizon back. */
void tmg_book_forget(tmg_book *b);

/* axis.c */
tmg_axis *tmg_axis_new(const tmg_axis_spec *spec); /* takes spec's filter */
void tmg_axis_free(tmg_axis *x);
void tmg_axis_empty(tmg_axis *x);                                            /* without events again */
bool tmg_axis_key(const tmg_axis_spec *s, const tmg_row *row, tmg_key *ret); /* false: not stated */
uint64_t tmg_key_mixed(const tmg_key *k);                                    /* of one or two codes: itself */
tmg_group *tmg_axis_find(tmg_axis *x, const tmg_key *k, uint32_t *ret_index); /* NULL when there is none */
void tmg_axis_expect(const tmg_axis *x, const tmg_row *row);                  /* it will be entered soon */
size_t tmg_axis_add_column(tmg_axis *x, tmg_column_kind kind, uint8_t field); /* of an empty axis */
/* Enters the events of a version; a version that is no more in force goes to the former ones. */
void tmg_axis_enter(tmg_book *b, tmg_axis *x, uint32_t ref, const tmg_row *rows, size_t count);
void tmg_axis_enter_result(tmg_book *b, tmg_axis *x, uint32_t ref, const tmg_row *rows, size_t count,
                           const tmg_result_entry *r);
/* Until_ms of the version has changed: its groups put themselves in order when they are next asked. */
void tmg_axis_upset(tmg_book *b, tmg_axis *x, uint32_t ref, const tmg_row *rows, size_t count);
/* What the version says under this key, one fact per event.  *facts grows as needed. */
size_t tmg_spec_facts(tmg_book *b, const tmg_axis_spec *s, const tmg_key *k, tmg_column_kind kind,
                      uint8_t field, const tmg_version *v, tmg_fact **facts, size_t *room);

/* group.c */
static inline int64_t *tmg_group_at(const tmg_group *g)
{
    return (int64_t *)(void *)g->block;
}
static inline uint32_t *tmg_group_ref(const tmg_axis *x, const tmg_group *g)
{
    return (uint32_t *)(void *)(g->block + (x->event_bytes - 4) * g->room);
}
/* A column of numbers: running sums modulo 2^64, then how many are stated; of codes: the code, then index + 1
 * of the event before that had it. */
static inline uint64_t *tmg_group_sums(const tmg_axis *x, const tmg_group *g, size_t column)
{
    return (uint64_t *)(void *)(g->block + x->column[column].offset * g->room);
}
static inline uint32_t *tmg_group_stated(const tmg_axis *x, const tmg_group *g, size_t column)
{
    return (uint32_t *)(void *)(g->block + (x->column[column].offset + 8) * g->room);
}
static inline uint32_t *tmg_group_codes(const tmg_axis *x, const tmg_group *g, size_t column)
{
    return (uint32_t *)(void *)(g->block + x->column[column].offset * g->room);
}
static inline uint32_t *tmg_group_before(const tmg_axis *x, const tmg_group *g, size_t column)
{
    return (uint32_t *)(void *)(g->block + (x->column[column].offset + 4) * g->room);
}
/* The only column of an axis of results. */
static inline int64_t *tmg_result_known(const tmg_group *g)
{
    return (int64_t *)(void *)(g->block + sizeof(int64_t) * g->room);
}
static inline int64_t *tmg_result_latest(const tmg_group *g)
{
    return (int64_t *)(void *)(g->block + 2 * sizeof(int64_t) * g->room);
}
static inline uint32_t *tmg_result_found(const tmg_group *g)
{
    return (uint32_t *)(void *)(g->block + 3 * sizeof(int64_t) * g->room);
}
void tmg_group_append(tmg_axis *x, uint32_t index, uint32_t ref, int64_t at_ms, const tmg_fact *facts);
void tmg_group_add_former(tmg_group *g, int64_t until_ms, uint32_t ref);
/* The clean events from `from` on turn raw again. */
void tmg_group_dirty(tmg_axis *x, tmg_group *g, uint32_t from);
void tmg_group_clean(tmg_book *b, tmg_axis *x, uint32_t index);
/* Lets go of what was lodged before; the group is raw afterwards.  Formers by their versions. */
void tmg_group_drop(tmg_book *b, tmg_axis *x, tmg_group *g, int64_t before_ms);
void tmg_group_free(const tmg_axis *x, tmg_group *g);
size_t tmg_group_bytes(const tmg_axis *x, const tmg_group *g);
uint32_t tmg_group_lower(const tmg_group *g, int64_t at_ms); /* first clean event at or after */
static inline int64_t tmg_group_number(const uint64_t *sums, uint32_t i)
{
    return (int64_t)(i == 0 ? sums[0] : sums[i] - sums[i - 1]);
}
static inline bool tmg_group_is_stated(const uint32_t *stated, uint32_t i)
{
    return stated[i] != (i == 0 ? 0 : stated[i - 1]);
}
uint32_t tmg_last_get(const tmg_last *l, uint64_t key);
void tmg_last_set(tmg_last *l, uint64_t key, uint32_t at);
void tmg_last_clear(tmg_last *l);

/* sorted.c: an order statistic's sorted values. */
void tmg_sorted_free(tmg_sorted *o); /* NULL is accepted */
tmg_sorted *tmg_sorted_new(void);
void tmg_sorted_insert(tmg_sorted *o, int64_t v);
void tmg_sorted_remove(tmg_sorted *o, int64_t v);
size_t tmg_sorted_count(const tmg_sorted *o);
int64_t tmg_sorted_at(const tmg_sorted *o, size_t k);        /* k-th smallest, from 0 */
size_t tmg_sorted_not_above(const tmg_sorted *o, int64_t v); /* how many are <= v */
size_t tmg_sorted_bytes(const tmg_sorted *o);

/* reference.c: the group's events from `from` on are about to move. */
void tmg_stretches_retreat(const tmg_axis *x, tmg_group *g, uint32_t from);
void tmg_stretches_free(const tmg_axis *x, tmg_group *g);

/* book_windows.c */
/* A stretch of time as one group sees it. */
typedef struct tmg_view {
    tmg_book *book;
    tmg_axis *axis;
    tmg_group *group; /* clean */
    const tmg_key *key;
    int64_t from_ms, at_ms; /* lodged after, lodged before */
    uint32_t low, high;     /* its events in there */
    uint32_t own;           /* the asking consignment's version, or TMG_NO_REF */
} tmg_view;
/* False: nothing was ever lodged with this key. */
bool tmg_view_open(tmg_book *b, tmg_axis *x, const tmg_key *key, const tmg_row *row, int64_t from_ms,
                   tmg_view *ret);
/* Do [low, high) hold all that counts, and nothing of the asking consignment? */
bool tmg_view_is_plain(const tmg_view *v);
/* Former versions that were in force then, other than the own one, from the `at`-th on; NULL after the last.
 */
const tmg_version *tmg_view_former(const tmg_view *v, uint32_t *at);

/* book_prepare.c: what a window or a reference needs of the book. */
typedef struct tmg_need {
    tmg_axis_spec spec; /* owns its filter */
    bool has_column;
    tmg_column_kind kind;
    uint8_t field;
} tmg_need;
bool tmg_window_need(const tmg_window *w, tmg_need *ret); /* false: not to be answered */
void tmg_reference_need(const tmg_reference *r, tmg_need *ret);
const tmg_prepared *tmg_book_prepared(const tmg_book *b, uint64_t key);

/* book_scan.c: what windows add up, one version at a time. */
typedef struct tmg_tally {
    int64_t n, stated, found;
    tmg_i128 sum;
    int64_t least, most;
    bool has_latest;
    int64_t latest_ms; /* of ages: the first */
    uint32_t *set;     /* of codes, with room for set_room */
    size_t set_used, set_room;
} tmg_tally;
void tmg_tally_facts(tmg_tally *t, tmg_measure m, const tmg_fact *facts, size_t count, int64_t at_ms,
                     int64_t asked_ms);
void tmg_tally_done(tmg_tally *t);
bool tmg_tally_answer(const tmg_tally *t, tmg_measure m, int64_t asked_ms, int64_t *ret_micro);
int64_t tmg_window_from(const tmg_window *w, int64_t at_ms); /* what was lodged after it counts */
bool tmg_book_scan_window(tmg_book *b, const tmg_row *row, const tmg_window *w, int64_t *ret_micro);
void tmg_values_add(int64_t **values, size_t *n, size_t *room, int64_t v); /* TMG_NONE is left out */
/* The values that a reference is over, gathered without an axis. */
size_t tmg_book_scan_values(tmg_book *b, const tmg_row *row, const tmg_reference *r, int64_t **ret);

#endif
