/* What in a declaration is new against its party's own past. */
#include "app/centre_priv.h"
#include "base/qty.h"

enum { HEADING = 4, MOST_HEADINGS = 3, LEAST_VALUES = 3, TIMES = 3, WORDS = 400 };

typedef struct comparing {
    tmg_db *db;
    const tmg_declaration *d;
    tmg_party_role role;
    const tmg_past *past[TMG_PAST_LOOKED_AT];
    size_t count;
    tmg_arena *a;
    tmg_difference *found;
    size_t found_count;
} comparing;

/* What occurs most often among those that state it. */
typedef struct usual {
    tmg_span value;
    int64_t count, of;
} usual;

typedef tmg_span (*part)(const tmg_past *p);

static tmg_span heading_of(tmg_span hs)
{
    return (tmg_span){hs.ptr, hs.len < HEADING ? hs.len : HEADING};
}

static tmg_span past_departure(const tmg_past *p)
{
    return p->departure;
}

static tmg_span past_post(const tmg_past *p)
{
    return p->post;
}

static tmg_span past_heading(const tmg_past *p)
{
    return heading_of(p->hs);
}

static usual usual_of(const comparing *c, part of)
{
    usual u = {.count = 0};

    for (size_t i = 0; i < c->count; i++) {
        tmg_span value = of(c->past[i]);
        int64_t same = 0;

        for (size_t k = 0; k < c->count; k++)
            same += tmg_span_eq(of(c->past[k]), value);
        u.of += value.len > 0;
        if (value.len > 0 && same > u.count) {
            u.value = value;
            u.count = same;
        }
    }
    return u;
}

static bool occurred(const comparing *c, part of, tmg_span value)
{
    for (size_t i = 0; i < c->count; i++)
        if (tmg_span_eq(of(c->past[i]), value))
            return true;
    return false;
}

static void add(comparing *c, const char *what, const tmg_buf *words, tmg_span now, const usual *u)
{
    if (c->found_count < TMG_MAX_DIFFERENCES)
        c->found[c->found_count++] = (tmg_difference){.role = c->role,
                                                      .what = what,
                                                      .words = tmg_span_copy(c->a, tmg_buf_as_span(words)),
                                                      .now = now,
                                                      .usual = u->value,
                                                      .usual_count = u->count,
                                                      .of = u->of};
}

/* Of one or two nobody would say "usually", nor of fewer than half. */
static const char *how_often(const usual *u)
{
    return u->of <= 2 ? "before" : 2 * u->count >= u->of ? "usually" : "most often";
}

/* "first time <now>; usually <before> (12 of 14)" */
static void add_first_time(comparing *c, const char *what, tmg_span now, const char *now_words,
                           const usual *u, const char *usual_words)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, WORDS);
    tmg_buf_fmt(&b, "first time %s; %s %s (%lld of %lld)", now_words, how_often(u), usual_words,
                (long long)u->count, (long long)u->of);
    add(c, what, &b, now, u);
}

static void compare_departure(comparing *c)
{
    usual u = usual_of(c, past_departure);
    char words[40];

    if (c->d->departure.len == 0 || u.of == 0 || occurred(c, past_departure, c->d->departure))
        return;
    (void)snprintf(words, sizeof words, "from %.*s", TMG_SPAN_ARG(tmg_utf8_cut(c->d->departure, 30)));
    add_first_time(c, "departure", c->d->departure, words, &u, tmg_span_z(c->a, u.value));
}

static tmg_rc post_name(comparing *c, tmg_span code, const char **ret, tmg_err *err)
{
    tmg_post post;

    TMG_TRY(tmg_post_by_code(c->db, code, c->a, &post, err));
    *ret = tmg_span_z(c->a, tmg_utf8_cut(post.name, 100));
    return TMG_OK;
}

static tmg_rc compare_post(comparing *c, tmg_err *err)
{
    usual u = usual_of(c, past_post);
    const char *now, *before;
    char words[120];

    if (occurred(c, past_post, c->d->post))
        return TMG_OK;
    TMG_TRY(post_name(c, c->d->post, &now, err));
    TMG_TRY(post_name(c, u.value, &before, err));
    (void)snprintf(words, sizeof words, "at %s", now);
    add_first_time(c, "post", c->d->post, words, &u, before);
    return TMG_OK;
}

/* Among all items of what came before: their first items alone would make much look new. */
static tmg_rc had_heading(const comparing *c, tmg_span heading, bool *ret, tmg_err *err)
{
    *ret = occurred(c, past_heading, heading);
    for (size_t i = 0; !*ret && i < c->count; i++)
        TMG_TRY(tmg_past_has_heading(c->db, c->past[i], heading, ret, err));
    return TMG_OK;
}

static bool stands_before(const tmg_declaration *d, size_t item)
{
    for (size_t i = 0; i < item; i++)
        if (tmg_span_eq(heading_of(d->items[i].hs), heading_of(d->items[item].hs)))
            return true;
    return false;
}

static tmg_rc compare_headings(comparing *c, tmg_err *err)
{
    usual u = usual_of(c, past_heading);

    for (size_t i = 0, named = 0; i < c->d->item_count && named < MOST_HEADINGS && u.of > 0; i++) {
        tmg_span heading = heading_of(c->d->items[i].hs);
        char words[40];
        bool had;

        if (heading.len < HEADING || stands_before(c->d, i))
            continue;
        TMG_TRY(had_heading(c, heading, &had, err));
        if (had)
            continue;
        named++;
        (void)snprintf(words, sizeof words, "goods of heading %.*s", TMG_SPAN_ARG(heading));
        add_first_time(c, "heading", heading, words, &u, tmg_span_z(c->a, u.value));
    }
    return TMG_OK;
}

static int by_amount(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static tmg_span amount(const comparing *c, int64_t minor)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 64);
    tmg_decimal_write_fixed(&b, minor, tmg_currency_exponent(c->d->currency));
    return tmg_span_copy(c->a, tmg_buf_as_span(&b));
}

static void add_value(comparing *c, int64_t median, int64_t of)
{
    int scale = tmg_currency_exponent(c->d->currency);
    usual u = {.value = amount(c, median), .count = of, .of = of};
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, WORDS);
    tmg_buf_z(&b, "value ");
    tmg_grouped_write(&b, c->d->value_minor, scale, scale);
    tmg_buf_fmt(&b, " %.*s is ", TMG_SPAN_ARG(c->d->currency));
    tmg_grouped_write(&b, tmg_mul_div(c->d->value_minor, 10, median), 1, 0);
    tmg_buf_z(&b, " times the usual ");
    tmg_grouped_write(&b, median, scale, scale);
    tmg_buf_fmt(&b, " (median of %lld)", (long long)of);
    add(c, "value", &b, amount(c, c->d->value_minor), &u);
}

static void compare_value(comparing *c)
{
    int64_t values[TMG_PAST_LOOKED_AT];
    size_t n = 0;

    for (size_t i = 0; i < c->count; i++)
        if (c->past[i]->value_minor != TMG_NONE && tmg_span_eq(c->past[i]->currency, c->d->currency))
            values[n++] = c->past[i]->value_minor;
    if (n < LEAST_VALUES || c->d->value_minor == TMG_NONE)
        return;
    qsort(values, n, sizeof values[0], by_amount);
    int64_t lower = values[(n - 1) / 2], median = lower + (values[n / 2] - lower) / 2;

    if (median > 0 && c->d->value_minor > tmg_mul_div(median, TIMES, 1))
        add_value(c, median, (int64_t)n);
}

static void add_first(comparing *c)
{
    static const usual none;
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, WORDS);
    tmg_buf_fmt(&b, "first consignment of this %s", tmg_party_role_name(c->role));
    add(c, "first", &b, (tmg_span){NULL, 0}, &none);
}

tmg_rc tmg_differences(tmg_db *db, const tmg_declaration *d, tmg_party_role role, const tmg_past *past,
                       size_t count, tmg_arena *a, tmg_difference *ret, size_t *ret_count, tmg_err *err)
{
    comparing c = {.db = db, .d = d, .role = role, .a = a, .found = ret};

    *ret_count = 0;
    if (d->party[role].code.len == 0)
        return TMG_OK;
    for (size_t i = 0; i < count && c.count < TMG_PAST_LOOKED_AT; i++)
        if (past[i].consignment_id != d->consignment_id)
            c.past[c.count++] = &past[i];
    if (c.count == 0) {
        add_first(&c);
    } else {
        TMG_TRY(compare_headings(&c, err));
        compare_departure(&c);
        TMG_TRY(compare_post(&c, err));
        compare_value(&c);
    }
    *ret_count = c.found_count;
    return TMG_OK;
}
