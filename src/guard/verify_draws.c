/* The random draws, computed again from the published key: an implementation of its own, so that the centre's
 * and this one check each other.  draw = the first 63 bits of HMAC-SHA-256(key, reference), scaled to [0,
 * 1e9); of a rule the same over the reference, a line feed and "rule". */
#include "guard/verify_priv.h"

#include "base/hash.h"

__extension__ typedef unsigned __int128 wide;

enum { DRAWS = 1000000000, PLAIN_COLUMNS = 7, RULE_COLUMNS = 11, REF_MAX = 256, TEXT = 16, DAY_TEXT = 24 };

typedef struct row {
    char *ref;
    int64_t post;
    char lane[TEXT], by[TEXT], state[TEXT], rule_lane[TEXT];
    int64_t share, draw, rule_share_ppm, rule_draw; /* rule_share_ppm 0: no rule */
} row;

typedef struct day {
    char name[DAY_TEXT];
    row *rows;
    size_t count, room;
} day;

/* Who was lodged to stand for choice on a day whose key is not published yet. */
typedef struct lodged {
    char *ref; /* NULL: free */
    char day[DAY_TEXT];
} lodged;

struct tmg_draw_check {
    day *days;
    size_t day_count, day_room;
    lodged *table; /* open addressing by the hash of the reference */
    size_t used, room;
};

tmg_draw_check *tmg_draw_check_new(void)
{
    return tmg_xcalloc(1, sizeof(tmg_draw_check));
}

static void free_rows(day *d)
{
    for (size_t i = 0; i < d->count; i++)
        free(d->rows[i].ref);
    free(d->rows);
    *d = (day){0};
}

void tmg_draw_check_free(tmg_draw_check *c)
{
    if (c == NULL)
        return;
    for (size_t i = 0; i < c->day_count; i++)
        free_rows(&c->days[i]);
    for (size_t i = 0; i < c->room; i++)
        free(c->table[i].ref);
    free(c->days);
    free(c->table);
    free(c);
}

static char *text_copy(tmg_span s)
{
    char *copy = tmg_xcalloc(s.len + 1, 1);

    memcpy(copy, s.ptr, s.len);
    return copy;
}

static lodged *slot_of(const tmg_draw_check *c, tmg_span ref)
{
    size_t at = (size_t)tmg_hash64(0, ref.ptr, ref.len) & (c->room - 1);

    while (c->table[at].ref != NULL && !tmg_span_is(ref, c->table[at].ref))
        at = (at + 1) & (c->room - 1);
    return &c->table[at];
}

static void make_room(tmg_draw_check *c)
{
    tmg_draw_check old = *c;

    if (c->room > 0 && 2 * c->used < c->room)
        return;
    c->room = old.room > 0 ? 2 * old.room : 1024;
    c->table = tmg_xcalloc(c->room, sizeof *c->table);
    for (size_t i = 0; i < old.room; i++)
        if (old.table[i].ref != NULL)
            *slot_of(c, tmg_span_of(old.table[i].ref)) = old.table[i];
    free(old.table);
}

/* An amendment may move it to another day: the last word counts. */
void tmg_draw_check_lodged(tmg_draw_check *c, const tmg_json *entry)
{
    tmg_span ref = tmg_json_as_text(tmg_json_member(entry, "ref")),
             name = tmg_json_as_text(tmg_json_member(entry, "day"));

    if (ref.len == 0 || name.len == 0 || name.len >= DAY_TEXT)
        return;
    make_room(c);
    lodged *l = slot_of(c, ref);

    if (l->ref == NULL) {
        l->ref = text_copy(ref);
        c->used++;
    }
    (void)snprintf(l->day, sizeof l->day, "%.*s", TMG_SPAN_ARG(name));
}

static day *day_of(tmg_draw_check *c, const char *name, bool make)
{
    for (size_t i = 0; i < c->day_count; i++)
        if (strcmp(c->days[i].name, name) == 0)
            return &c->days[i];
    if (!make)
        return NULL;
    if (c->day_count == c->day_room) {
        c->day_room = c->day_room > 0 ? 2 * c->day_room : 8;
        c->days = tmg_xrealloc(c->days, c->day_room * sizeof *c->days);
    }
    day *d = &c->days[c->day_count++];

    *d = (day){0};
    (void)snprintf(d->name, sizeof d->name, "%s", name);
    return d;
}

static void word(char to[TEXT], const tmg_json *j)
{
    tmg_span s = tmg_json_as_text(j);

    (void)snprintf(to, TEXT, "%.*s", TMG_SPAN_ARG(s));
}

static tmg_rc read_row(const tmg_json *j, row *r, const char *name, tmg_err *err)
{
    size_t columns = tmg_json_count(j);
    tmg_span ref = tmg_json_as_text(tmg_json_at(j, 0));

    if ((columns != PLAIN_COLUMNS && columns != RULE_COLUMNS) || ref.len == 0 || ref.len > REF_MAX)
        return TMG_FAIL(err, TMG_E_INVALID, "a stated draw of day %s does not have its %d or %d members",
                        name, PLAIN_COLUMNS, RULE_COLUMNS);
    word(r->lane, tmg_json_at(j, 1));
    word(r->by, tmg_json_at(j, 2));
    word(r->state, tmg_json_at(j, 3));
    r->share = tmg_json_as_i64(tmg_json_at(j, 4), -1);
    r->draw = tmg_json_as_i64(tmg_json_at(j, 5), -1);
    if (columns == RULE_COLUMNS) {
        word(r->rule_lane, tmg_json_at(j, 8));
        r->rule_share_ppm = tmg_json_as_i64(tmg_json_at(j, 9), 0);
        r->rule_draw = tmg_json_as_i64(tmg_json_at(j, 10), -1);
    }
    r->ref = text_copy(ref);
    return TMG_OK;
}

static bool is_free(const row *r)
{
    return strcmp(r->state, "open") == 0 || strcmp(r->state, "waiting") == 0;
}

static bool is_red(const row *r)
{
    return strcmp(r->lane, "red") == 0;
}

tmg_rc tmg_draw_check_stated(tmg_draw_check *c, const tmg_json *entry, tmg_err *err)
{
    char name[DAY_TEXT];
    tmg_span text;
    int64_t post = 0, random_ppm = 0;
    const tmg_json *list = tmg_json_member(entry, "drawn_from");

    TMG_TRY(tmg_json_get_text(entry, "day", true, &text, err));
    TMG_TRY(tmg_json_get_i64(entry, "post", true, &post, err));
    TMG_TRY(tmg_json_get_i64(entry, "random_ppm", true, &random_ppm, err));
    (void)snprintf(name, sizeof name, "%.*s", TMG_SPAN_ARG(text));
    day *d = day_of(c, name, true);

    for (size_t i = 0; i < tmg_json_count(list); i++) {
        row r = {.post = post};

        TMG_TRY(read_row(tmg_json_at(list, i), &r, name, err));
        if (d->count == d->room) {
            d->room = d->room > 0 ? 2 * d->room : 256;
            d->rows = tmg_xrealloc(d->rows, d->room * sizeof *d->rows);
        }
        d->rows[d->count++] = r;
        if (is_free(&r) && strcmp(r.by, "mandatory") != 0 && r.share < random_ppm * 1000)
            return TMG_FAIL(err, TMG_E_INVALID,
                            "%s of day %s stood for the draw with less than the random share", r.ref, name);
    }
    return TMG_OK;
}

static int64_t compute(const uint8_t *key, size_t key_len, const char *ref, bool of_rule)
{
    char message[REF_MAX + 8];
    int len = snprintf(message, sizeof message, "%s%s", ref, of_rule ? "\nrule" : "");
    tmg_sha256 mac = tmg_hmac_sha256(key, key_len, message, (size_t)len);
    uint64_t first = 0;

    for (int i = 0; i < 8; i++)
        first = first << 8 | mac.b[i];
    return (int64_t)((wide)(first >> 1) * DRAWS >> 63);
}

static tmg_rc check_row(const day *d, const row *r, const uint8_t *key, size_t key_len, tmg_err *err)
{
    bool by_chance = strcmp(r->by, "random") == 0 || strcmp(r->by, "exploration") == 0;
    bool has_rule = r->rule_share_ppm > 0;

    if (compute(key, key_len, r->ref, false) != r->draw ||
        (has_rule && compute(key, key_len, r->ref, true) != r->rule_draw))
        return TMG_FAIL(err, TMG_E_INVALID,
                        "the draw stated for %s on day %s is not the one that its key gives", r->ref,
                        d->name);
    if (by_chance && r->draw >= r->share)
        return TMG_FAIL(err, TMG_E_INVALID, "%s was not drawn on day %s, but is said to be red by chance",
                        r->ref, d->name);
    if (strcmp(r->by, "rule") == 0 && (!has_rule || r->rule_draw >= r->rule_share_ppm * 1000))
        return TMG_FAIL(err, TMG_E_INVALID, "%s was not drawn for its rule on day %s, but is said to be",
                        r->ref, d->name);
    return TMG_OK;
}

/* Drawn and not red is right only where chance asked for more places than there were: then the lowest draws
 * in proportion to their shares have them, and nobody is red by rank. */
static tmg_rc check_left_out(const day *d, const row *r, tmg_err *err)
{
    if (!is_free(r) || is_red(r) || strcmp(r->by, "mandatory") == 0 || r->draw >= r->share)
        return TMG_OK;
    for (size_t i = 0; i < d->count; i++) {
        const row *o = &d->rows[i];
        bool by_chance = strcmp(o->by, "random") == 0 || strcmp(o->by, "exploration") == 0;

        if (o->post != r->post || !is_free(o) || !is_red(o))
            continue;
        if (strcmp(o->by, "profile") == 0 ||
            (by_chance && (wide)o->draw * (wide)r->share > (wide)r->draw * (wide)o->share + (wide)r->share))
            return TMG_FAIL(err, TMG_E_INVALID,
                            "%s was drawn on day %s and left out, while %s has a red place", r->ref, d->name,
                            o->ref);
    }
    return TMG_OK;
}

static int by_ref(const void *a, const void *b)
{
    return strcmp(((const row *)a)->ref, ((const row *)b)->ref);
}

/* All that was lodged for the day must have stood for the draw; it is not waited for any longer. */
static tmg_rc check_complete(tmg_draw_check *c, const day *d, const char *name, tmg_err *err)
{
    for (size_t i = 0; i < c->room; i++) {
        row key = {.ref = c->table[i].ref};

        if (key.ref == NULL || strcmp(c->table[i].day, name) != 0)
            continue;
        c->table[i].day[0] = '\0';
        if (d == NULL || d->count == 0 || bsearch(&key, d->rows, d->count, sizeof key, by_ref) == NULL)
            return TMG_FAIL(err, TMG_E_INVALID, "%s was lodged for day %s, but did not stand for its draw",
                            key.ref, name);
    }
    return TMG_OK;
}

static void forget_past(tmg_draw_check *c)
{
    tmg_draw_check old = *c;

    c->table = old.room > 0 ? tmg_xcalloc(old.room, sizeof *c->table) : NULL;
    c->used = 0;
    for (size_t i = 0; i < old.room; i++) {
        if (old.table[i].ref == NULL)
            continue;
        if (old.table[i].day[0] == '\0') {
            free(old.table[i].ref);
            continue;
        }
        *slot_of(c, tmg_span_of(old.table[i].ref)) = old.table[i];
        c->used++;
    }
    free(old.table);
}

tmg_rc tmg_draw_check_day(tmg_draw_check *c, const char *name, const uint8_t *key, size_t key_len,
                          tmg_verify_report *report, tmg_err *err)
{
    day *d = day_of(c, name, false);

    if (d != NULL)
        qsort(d->rows, d->count, sizeof *d->rows, by_ref);
    for (size_t i = 0; d != NULL && i < d->count; i++)
        TMG_TRY(check_row(d, &d->rows[i], key, key_len, err));
    for (size_t i = 0; d != NULL && i < d->count; i++)
        TMG_TRY(check_left_out(d, &d->rows[i], err));
    TMG_TRY(check_complete(c, d, name, err));
    forget_past(c);
    if (d == NULL)
        return TMG_OK;
    report->days_stated++;
    report->draws_checked += d->count;
    free_rows(d);
    *d = c->days[--c->day_count];
    return TMG_OK;
}
