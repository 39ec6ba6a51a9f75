#include "rule/names_priv.h"

/* A trigram is three of the 32 signs that words are made of, with their start and end, from the sounds or the
 * bones. */
enum {
    SIGN_BITS = 5,
    KEYS = 2 << 3 * SIGN_BITS,
    EDGE = 31,
    MOST_KEYS = 2 * TMG_NAME_WORDS * TMG_WORD_LETTERS,
    VISIT_AT_MOST = 24000,
    SCORES = 4096
};

struct tmg_name_index {
    char *bytes; /* packed names */
    size_t used, room;
    uint32_t *starts; /* count + 1 */
    uint32_t count, starts_room;
    uint32_t *offsets, *postings; /* of key k: postings[offsets[k]...offsets[k + 1]) */
};

tmg_name_index *tmg_name_index_new(void)
{
    return tmg_xcalloc(1, sizeof(tmg_name_index));
}

void tmg_name_index_free(tmg_name_index *x)
{
    if (x == NULL)
        return;
    free(x->bytes);
    free(x->starts);
    free(x->offsets);
    free(x->postings);
    free(x);
}

void tmg_name_index_add(tmg_name_index *x, const tmg_name *name)
{
    if (x->used + sizeof *name > x->room) {
        x->room = 2 * x->room + sizeof *name;
        x->bytes = tmg_xrealloc(x->bytes, x->room);
    }
    if (x->count + 1 >= x->starts_room) {
        x->starts_room = x->starts_room > 0 ? 2 * x->starts_room : 64;
        x->starts = tmg_xrealloc(x->starts, x->starts_room * sizeof *x->starts);
    }
    char *at = x->bytes + x->used;
    *at++ = (char)name->script;
    *at++ = (char)name->count;
    for (uint8_t i = 0; i < name->count; i++) {
        const tmg_name_word *w = &name->words[i];
        *at++ = (char)w->len;
        *at++ = (char)w->bone_len;
        *at++ = (char)w->weight;
        *at++ = (char)w->is_number;
        memcpy(at, w->sound, w->len);
        memcpy(at + w->len, w->bone, w->bone_len);
        at += w->len + w->bone_len;
    }
    x->starts[x->count++] = (uint32_t)x->used;
    x->used = (size_t)(at - x->bytes);
    x->starts[x->count] = (uint32_t)x->used;
}

void tmg_name_index_name(const tmg_name_index *x, uint32_t i, tmg_name *ret)
{
    const char *at = x->bytes + x->starts[i];
    ret->script = (tmg_script)*at++;
    ret->count = (uint8_t)*at++;
    for (uint8_t k = 0; k < ret->count; k++) {
        tmg_name_word *w = &ret->words[k];
        w->len = (uint8_t)*at++;
        w->bone_len = (uint8_t)*at++;
        w->weight = (uint8_t)*at++;
        w->is_number = *at++ != 0;
        memcpy(w->sound, at, w->len);
        memcpy(w->bone, at + w->len, w->bone_len);
        at += w->len + w->bone_len;
    }
}

static uint32_t sign(char c)
{
    return c >= 'a' ? (uint32_t)(c - 'a') : (uint32_t)(c - '0') % 29;
}

static void add_key(uint32_t *keys, size_t *n, uint32_t key)
{
    for (size_t i = 0; i < *n; i++)
        if (keys[i] == key)
            return;
    keys[(*n)++] = key;
}

static void word_keys(const char *letters, uint8_t len, uint32_t kind, uint32_t *keys, size_t *n)
{
    uint32_t window = EDGE;
    for (uint8_t i = 0; i <= len && len > 0; i++) {
        window = (window << SIGN_BITS | (i < len ? sign(letters[i]) : EDGE)) & ((1u << 3 * SIGN_BITS) - 1);
        if (i > 0)
            add_key(keys, n, kind << 3 * SIGN_BITS | window);
    }
}

static size_t name_keys(const tmg_name *name, uint32_t keys[MOST_KEYS])
{
    size_t n = 0;
    for (uint8_t i = 0; i < name->count; i++) {
        word_keys(name->words[i].sound, name->words[i].len, 0, keys, &n);
        word_keys(name->words[i].bone, name->words[i].bone_len, 1, keys, &n);
    }
    return n;
}

void tmg_name_index_seal(tmg_name_index *x)
{
    uint32_t keys[MOST_KEYS], *fill = tmg_xcalloc(KEYS + 1, sizeof *fill);
    tmg_name name;

    x->offsets = tmg_xcalloc(KEYS + 1, sizeof *x->offsets);
    for (uint32_t i = 0; i < x->count; i++) {
        tmg_name_index_name(x, i, &name);
        for (size_t k = name_keys(&name, keys); k-- > 0;)
            x->offsets[keys[k] + 1]++;
    }
    for (size_t k = 0; k < KEYS; k++)
        x->offsets[k + 1] += x->offsets[k];
    memcpy(fill, x->offsets, (KEYS + 1) * sizeof *fill);
    x->postings = tmg_xcalloc(x->offsets[KEYS] + 1, sizeof *x->postings);
    for (uint32_t i = 0; i < x->count; i++) {
        tmg_name_index_name(x, i, &name);
        for (size_t k = name_keys(&name, keys); k-- > 0;)
            x->postings[fill[keys[k]]++] = i;
    }
    free(fill);
}

typedef struct wanted {
    uint32_t key, length;
} wanted;

static int by_length(const void *a, const void *b)
{
    const wanted *x = a, *y = b;
    if (x->length != y->length)
        return x->length < y->length ? -1 : 1;
    return x->key < y->key ? -1 : x->key > y->key;
}

/* Adds up what rare trigrams are worth; the common ones are left out once enough was visited. */
static size_t add_up(const tmg_name_index *x, const tmg_name *name, uint16_t *scores, uint32_t *touched)
{
    uint32_t keys[MOST_KEYS];
    wanted all[MOST_KEYS];
    size_t n = name_keys(name, keys), visited = 0, count = 0;

    for (size_t i = 0; i < n; i++)
        all[i] = (wanted){keys[i], x->offsets[keys[i] + 1] - x->offsets[keys[i]]};
    qsort(all, n, sizeof *all, by_length);
    for (size_t i = 0; i < n && (visited == 0 || visited + all[i].length <= VISIT_AT_MOST); i++) {
        if (all[i].length == 0)
            continue;
        visited += all[i].length;
        uint16_t worth = (uint16_t)(1 + 31 - __builtin_clz(x->count / all[i].length | 1));
        for (uint32_t p = x->offsets[all[i].key]; p < x->offsets[all[i].key + 1]; p++) {
            uint32_t who = x->postings[p];
            if (scores[who] == 0)
                touched[count++] = who;
            scores[who] = (uint16_t)(scores[who] + worth < SCORES ? scores[who] + worth : SCORES - 1);
        }
    }
    return count;
}

size_t tmg_name_index_find(const tmg_name_index *x, const tmg_name *name, uint32_t *ret, size_t most)
{
    uint16_t *scores = tmg_xcalloc(x->count + 1, sizeof *scores);
    uint32_t *touched = tmg_xcalloc(x->count + 1, sizeof *touched), by_score[SCORES] = {0}, starts[SCORES];
    size_t n = add_up(x, name, scores, touched), found = 0;

    for (size_t i = 0; i < n; i++)
        by_score[scores[touched[i]]]++;
    for (size_t s = SCORES; s-- > 0;) {
        starts[s] = (uint32_t)found;
        found += by_score[s];
    }
    for (size_t i = 0; i < n; i++) {
        uint32_t at = starts[scores[touched[i]]]++;
        if (at < most)
            ret[at] = touched[i];
    }
    free(scores);
    free(touched);
    return found < most ? found : most;
}
