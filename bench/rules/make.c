#include "world.h"

enum { SAMPLE = 2000, MOST_HITS = SAMPLE / 100 };

/* ---- nodes ---- */

static tmg_rnode *node(world *w, tmg_rop op)
{
    tmg_rnode *n = tmg_alloc(w->arena, sizeof *n);
    n->op = op;
    n->type = TMG_RT_BOOL;
    return n;
}

static const tmg_rnode *two(world *w, tmg_rop op, const tmg_rnode *a, const tmg_rnode *b)
{
    tmg_rnode *n = node(w, op);
    n->a = a;
    n->b = b;
    return n;
}

static const tmg_rnode *field(world *w, const char *name)
{
    tmg_rnode *n = node(w, TMG_R_FIELD);
    n->field = tmg_rule_field_by_name(tmg_span_of(name));
    n->type = n->field->type;
    return n;
}

static const tmg_rnode *number(world *w, int64_t v)
{
    tmg_rnode *n = node(w, TMG_R_NUMBER);
    n->number = v;
    n->type = TMG_RT_NUMBER;
    return n;
}

static tmg_rnode *texts(world *w, tmg_rop op, const char *name, const tmg_span *from, size_t count)
{
    tmg_rnode *n = node(w, op);
    tmg_span *to = tmg_alloc_array(w->arena, count, sizeof *to);
    memcpy(to, from, count * sizeof *to);
    n->a = field(w, name);
    n->texts = to;
    n->text_count = count;
    return n;
}

static const tmg_rule *rule_of(world *w, const tmg_rnode *when)
{
    tmg_rule *r = tmg_alloc(w->arena, sizeof *r);
    r->name = TMG_SPAN("R");
    r->when = when;
    return r;
}

/* ---- facts of rows ---- */

static const char *const codes[] = {"post",     "process_type",  "import_type", "import_use", "payment_type",
                                    "mode",     "declarant",     "consignee",   "consignor",  "carrier",
                                    "hs6",      "hs4",           "hs2",         "departure",  "origin",
                                    "tax_type", "origin_marking"};
static const char *const numbers[] = {"net", "item.value", "tax_rate"};
enum { CODES = sizeof codes / sizeof codes[0], NUMBERS = sizeof numbers / sizeof numbers[0] };

static const tmg_row *any_row(world *w)
{
    return &w->rows[world_roll(w, (uint32_t)w->row_count)];
}

static tmg_span text_in(const world *w, const tmg_row *row, const char *name)
{
    return tmg_dict_text(w->dict, row->code[tmg_rule_field_by_name(tmg_span_of(name))->at]);
}

static int64_t number_in(const tmg_row *row, const char *name)
{
    return row->number[tmg_rule_field_by_name(tmg_span_of(name))->at];
}

/* `first`, and others that rows have in the field, so many as can be found. */
static size_t some_texts(world *w, const char *name, tmg_span first, size_t want, tmg_span *ret)
{
    size_t count = 0;
    if (first.ptr != NULL)
        ret[count++] = first;
    for (size_t tries = 0; tries < want * 4 && count < want; tries++) {
        tmg_span t = text_in(w, any_row(w), name);
        bool there = t.ptr == NULL;
        for (size_t i = 0; i < count; i++)
            there = there || tmg_span_eq(ret[i], t);
        if (!there)
            ret[count++] = t;
    }
    if (count == 0)
        ret[count++] = TMG_SPAN("NONE");
    return count;
}

/* ---- the plain workload ---- */

static const tmg_rnode *plain_code(world *w, const char *name, tmg_span here)
{
    tmg_span some[10];
    size_t count;
    if (world_roll(w, 8) == 0) {
        tmg_span other = text_in(w, any_row(w), name);
        return texts(w, TMG_R_NE, name, other.ptr != NULL ? &other : &TMG_SPAN("NONE"), 1);
    }
    if (world_roll(w, 3) > 0)
        return texts(w, TMG_R_EQ, name, &here, 1);
    count = some_texts(w, name, here, 2 + world_roll(w, 9), some);
    return texts(w, TMG_R_IN, name, some, count);
}

static const tmg_rnode *plain_number(world *w, const char *name, int64_t here)
{
    int64_t other = number_in(any_row(w), name);
    if (other == TMG_NONE || here == TMG_NONE)
        return two(w, TMG_R_GE, field(w, name), number(w, 0));
    if (world_roll(w, 3) == 0)
        return two(w, TMG_R_AND, two(w, TMG_R_GE, field(w, name), number(w, here < other ? here : other)),
                   two(w, TMG_R_LE, field(w, name), number(w, here < other ? other : here)));
    return two(w, here >= other ? TMG_R_GE : TMG_R_LE, field(w, name), number(w, other));
}

static const tmg_rnode *plain(world *w)
{
    const tmg_row *row = any_row(w);
    const tmg_rnode *all = NULL;
    bool used[CODES + NUMBERS] = {false};
    for (uint32_t left = 2 + world_roll(w, 4); left > 0;) {
        uint32_t at = world_roll(w, CODES + NUMBERS);
        const tmg_rnode *one;
        if (used[at] ||
            (at < CODES && text_in(w, row, codes[at]).ptr == NULL)) /* about what the row states */
            continue;
        used[at] = true;
        left--;
        one = at < CODES ? plain_code(w, codes[at], text_in(w, row, codes[at]))
                         : plain_number(w, numbers[at - CODES], number_in(row, numbers[at - CODES]));
        all = all == NULL ? one : two(w, TMG_R_AND, all, one);
    }
    return all;
}

const tmg_rule *world_plain_rule(world *w)
{
    for (;;) {
        const tmg_rule *r = rule_of(w, plain(w));
        size_t hits = 0, sample = w->row_count < SAMPLE ? w->row_count : SAMPLE;
        for (size_t i = 0; i < sample && hits <= MOST_HITS; i++)
            hits += tmg_rule_judge(r, &w->rows[i], w->dict, NULL) == 1;
        if (hits <= MOST_HITS)
            return r;
    }
}

/* ---- rich conditions ---- */

static const tmg_rnode *rich_code(world *w)
{
    static const tmg_rop ops[] = {TMG_R_EQ, TMG_R_NE, TMG_R_IN, TMG_R_UNDER, TMG_R_LIKE};
    const char *name = codes[world_roll(w, CODES)];
    tmg_rop op = ops[world_roll(w, 5)];
    tmg_span some[12], here = text_in(w, any_row(w), name);
    size_t count =
        some_texts(w, name, here, op == TMG_R_IN || op == TMG_R_UNDER ? 1 + world_roll(w, 10) : 1, some);
    if (op == TMG_R_UNDER)
        for (size_t i = 0; i < count; i++)
            some[i].len = 1 + world_roll(w, (uint32_t)some[i].len);
    if (op == TMG_R_LIKE) {
        char *glob = tmg_strdup_n(w->arena, some[0].ptr, some[0].len);
        glob[world_roll(w, (uint32_t)some[0].len)] = world_roll(w, 2) ? '*' : '?';
        some[0].ptr = glob;
    }
    return texts(w, op, name, some, count);
}

static const tmg_rnode *rich_set(world *w)
{
    static const struct {
        const char *name, *from;
    } sets[] = {{"route", "origin"}, {"commodity", "hs"}, {"document", NULL}};
    uint32_t at = world_roll(w, 3);
    bool under = at == 1 && world_roll(w, 2);
    tmg_span some[4];
    size_t count;
    if (sets[at].from == NULL)
        return texts(w, TMG_R_HAS, "document", world_roll(w, 2) ? &TMG_SPAN("CMR") : &TMG_SPAN("PEN"), 1);
    count = some_texts(w, sets[at].from, text_in(w, any_row(w), sets[at].from), 1 + world_roll(w, 3), some);
    if (under)
        for (size_t i = 0; i < count; i++)
            some[i].len = some[i].len < 2 ? some[i].len : 2 + world_roll(w, (uint32_t)some[i].len - 1);
    return texts(w, under ? TMG_R_HAS_UNDER : TMG_R_HAS, sets[at].name, some, count);
}

static const tmg_rnode *rich_number(world *w)
{
    static const tmg_rop ops[] = {TMG_R_EQ, TMG_R_NE, TMG_R_LT, TMG_R_LE, TMG_R_GT, TMG_R_GE};
    const char *name = numbers[world_roll(w, NUMBERS)], *other = numbers[world_roll(w, NUMBERS)];
    tmg_rop op = ops[world_roll(w, 6)];
    int64_t limit = number_in(any_row(w), name);
    limit = limit == TMG_NONE ? 0 : limit;
    if (world_roll(w, 5) == 0)
        return two(w, op, field(w, name),
                   two(w, world_roll(w, 2) ? TMG_R_ADD : TMG_R_SUB, field(w, other), number(w, limit)));
    if (world_roll(w, 4) == 0)
        return two(w, op, number(w, limit), field(w, name));
    return two(w, op, field(w, name), number(w, limit));
}

static const tmg_rnode *rich(world *w, int depth)
{
    uint32_t what = world_roll(w, depth > 0 ? 14 : 7);
    if (what < 3)
        return rich_code(w);
    if (what == 3)
        return rich_set(w);
    if (what == 4)
        return rich_number(w);
    if (what == 5)
        return two(w, TMG_R_KNOWN, field(w, codes[world_roll(w, CODES)]), NULL);
    if (what == 6)
        return two(w, world_roll(w, 2) ? TMG_R_EQ : TMG_R_NE, field(w, "origin"), field(w, "departure"));
    if (what == 7)
        return two(w, TMG_R_NOT, rich(w, depth - 1), NULL);
    return two(w, what < 12 ? TMG_R_AND : TMG_R_OR, rich(w, depth - 1), rich(w, depth - 1));
}

const tmg_rule *world_rich_rule(world *w)
{
    return rule_of(w, rich(w, 1 + (int)world_roll(w, 5)));
}
