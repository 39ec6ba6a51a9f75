/* All lists in memory: a table of values per list, and an index of names where it is of names. */
#include "rule/names_priv.h"

enum { CANDIDATES = 64, ARENA_MOST = 1 << 30, MOST_KEY = TMG_NAME_WORDS * (TMG_WORD_LETTERS + 1) };

typedef struct held {
    tmg_span key, value; /* key: as compared; value: as written */
    int64_t from_ms, until_ms;
    uint32_t next; /* index + 1 of another with the same slot */
} held;

typedef struct list {
    tmg_span name;
    bool is_names;
    held *entries;
    uint32_t count, room;
    uint32_t *slots; /* index + 1; a power of two of them */
    size_t slot_count;
    tmg_name_index *index;
} list;

struct tmg_lists {
    tmg_arena *arena;
    list *lists;
    size_t count, room;
};

static bool holds(const held *e, int64_t at_ms)
{
    return e->from_ms <= at_ms && (e->until_ms == TMG_NONE || at_ms < e->until_ms);
}

/* The same for names that differ in letters' dress, word order and company form only. */
static tmg_span name_key(const tmg_name *n, char room[MOST_KEY])
{
    bool used[TMG_NAME_WORDS] = {false};
    size_t len = 0;
    for (uint8_t k = 0; k < n->count; k++) {
        const tmg_name_word *least = NULL;
        for (uint8_t i = 0; i < n->count; i++) {
            const tmg_name_word *w = &n->words[i];
            if (used[i])
                continue;
            size_t both = least != NULL && least->len < w->len ? least->len : w->len;
            int order = least != NULL ? memcmp(w->sound, least->sound, both) : -1;
            if (order < 0 || (order == 0 && w->len < least->len))
                least = w;
        }
        used[least - n->words] = true;
        memcpy(room + len, least->sound, least->len);
        len += least->len;
        room[len++] = ' ';
    }
    return (tmg_span){room, len};
}

static size_t slot_of(const list *l, tmg_span key)
{
    return (size_t)(tmg_hash64(0, key.ptr, key.len) & (l->slot_count - 1));
}

static void index_entries(list *l)
{
    l->slot_count = 16;
    while (l->slot_count < 2 * (size_t)l->count)
        l->slot_count *= 2;
    l->slots = tmg_xcalloc(l->slot_count, sizeof *l->slots);
    for (uint32_t i = 0; i < l->count; i++) {
        uint32_t *slot = &l->slots[slot_of(l, l->entries[i].key)];
        l->entries[i].next = *slot;
        *slot = i + 1;
    }
    if (l->index != NULL)
        tmg_name_index_seal(l->index);
}

static void add(tmg_lists *ls, list *l, const held *e)
{
    if (l->count == l->room) {
        l->room = l->room > 0 ? 2 * l->room : 16;
        l->entries = tmg_xrealloc(l->entries, l->room * sizeof *l->entries);
    }
    held *to = &l->entries[l->count++];
    *to = *e;
    to->value = tmg_span_copy(ls->arena, e->value);
    to->key = to->value;
    if (l->is_names) {
        char room[MOST_KEY];
        tmg_name name;
        tmg_name_read(e->value, &name);
        to->key = tmg_span_copy(ls->arena, name_key(&name, room));
        tmg_name_index_add(l->index, &name);
    }
}

static list *open_list(tmg_lists *ls, tmg_span name, tmg_span kind)
{
    if (ls->count == ls->room) {
        ls->room = ls->room > 0 ? 2 * ls->room : 16;
        ls->lists = tmg_xrealloc(ls->lists, ls->room * sizeof *ls->lists);
    }
    list *l = &ls->lists[ls->count++];
    *l = (list){.name = tmg_span_copy(ls->arena, name), .is_names = tmg_span_is(kind, "name")};
    if (l->is_names)
        l->index = tmg_name_index_new();
    return l;
}

static tmg_rc read_lists(tmg_db *db, tmg_lists *ls, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;
    list *l = NULL;

    TMG_TRY(
        tmg_sql(db,
                "SELECT l.name, l.kind, e.value, e.from_ms, e.until_ms FROM list l LEFT JOIN list_entry e ON "
                "e.list_id = l.id ORDER BY l.name, e.id",
                &s, err));
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        if (l == NULL || !tmg_span_eq(l->name, tmg_col_text(s, 0)))
            l = open_list(ls, tmg_col_text(s, 0), tmg_col_text(s, 1));
        const held e = {
            .value = tmg_col_text(s, 2), .from_ms = tmg_col_i64(s, 3), .until_ms = tmg_col_opt(s, 4)};
        if (e.value.ptr != NULL)
            add(ls, l, &e);
        if (tmg_arena_full(ls->arena)) {
            tmg_reset(s);
            return TMG_FAIL(err, TMG_E_LIMIT,
                            "the lists are larger than %d MiB together: end lists that nobody needs",
                            ARENA_MOST >> 20);
        }
    }
}

tmg_rc tmg_lists_load(tmg_db *db, tmg_lists **ret, tmg_err *err)
{
    tmg_lists *ls = tmg_xcalloc(1, sizeof *ls);
    ls->arena = tmg_arena_new(ARENA_MOST);
    tmg_rc rc = read_lists(db, ls, err);
    if (rc != TMG_OK) {
        tmg_lists_free(ls);
        return rc;
    }
    for (size_t i = 0; i < ls->count; i++)
        index_entries(&ls->lists[i]);
    *ret = ls;
    return TMG_OK;
}

void tmg_lists_free(tmg_lists *l)
{
    if (l == NULL)
        return;
    for (size_t i = 0; i < l->count; i++) {
        free(l->lists[i].entries);
        free(l->lists[i].slots);
        tmg_name_index_free(l->lists[i].index);
    }
    free(l->lists);
    tmg_arena_free(l->arena);
    free(l);
}

static const list *find(const tmg_lists *ls, tmg_span name)
{
    size_t low = 0, high = ls->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const tmg_span at = ls->lists[middle].name;
        int order = memcmp(at.ptr, name.ptr, at.len < name.len ? at.len : name.len);
        if (order == 0 && at.len == name.len)
            return &ls->lists[middle];
        if (order < 0 || (order == 0 && at.len < name.len))
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

bool tmg_lists_has(const tmg_lists *ls, tmg_span name, tmg_span value, int64_t at_ms, bool *ret)
{
    const list *l = name.len > 0 ? find(ls, name) : NULL;
    char room[MOST_KEY];
    tmg_name read;

    if (l == NULL)
        return false;
    tmg_span key = value;
    if (l->is_names) {
        tmg_name_read(value, &read);
        key = name_key(&read, room);
    }
    *ret = false;
    for (uint32_t i = key.len > 0 ? l->slots[slot_of(l, key)] : 0; i != 0; i = l->entries[i - 1].next)
        *ret = *ret || (tmg_span_eq(l->entries[i - 1].key, key) && holds(&l->entries[i - 1], at_ms));
    return true;
}

bool tmg_lists_likest(const tmg_lists *ls, tmg_span name, tmg_span value, int64_t at_ms, int64_t *ret_micro,
                      tmg_span *ret_entry)
{
    const list *l = name.len > 0 ? find(ls, name) : NULL;
    uint32_t candidates[CANDIDATES];
    tmg_name asked, other;

    if (l == NULL || !l->is_names)
        return false;
    tmg_name_read(value, &asked);
    *ret_micro = 0;
    *ret_entry = (tmg_span){NULL, 0};
    size_t n = tmg_name_index_find(l->index, &asked, candidates, CANDIDATES);
    for (size_t i = 0; i < n; i++) {
        const held *e = &l->entries[candidates[i]];
        if (!holds(e, at_ms))
            continue;
        tmg_name_index_name(l->index, candidates[i], &other);
        int64_t alike = tmg_names_likeness(&asked, &other);
        if (alike > *ret_micro) {
            *ret_micro = alike;
            *ret_entry = e->value;
        }
    }
    return true;
}
