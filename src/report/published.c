/* Reports as others published them: do they add up inside, and do they say what the registry says? */
#include "base/json.h"
#include "base/qty.h"
#include "report/figures_priv.h"
#include "report/gaps_priv.h"

enum { MOST = 64, PPM = 1000000 };

typedef struct named_sum {
    tmg_span what;
    int64_t total, parts, part_count;
} named_sum;

typedef struct percentage {
    tmg_span what;
    int64_t count, of_old, of_new, published_ppm;
} percentage;

struct tmg_published {
    tmg_span code, title, source;
    int32_t from_day, to_day;
    int64_t total_mg, lines_mg; /* TMG_NONE: not published */
    tmg_span line[MOST];
    int64_t line_mg[MOST];
    size_t line_count;
    tmg_span count_name[MOST];
    int64_t count[MOST];
    size_t count_count;
    named_sum sum[MOST];
    size_t sum_count;
    percentage percentage[MOST];
    size_t percentage_count;
};

typedef struct filling {
    tmg_published *p;
    tmg_arena *arena;
    bool bad;
} filling;

static void read_line(void *ctx, tmg_span key, const tmg_json *v)
{
    filling *f = ctx;
    tmg_published *p = f->p;

    if (p->line_count == MOST || tmg_json_kind_of(v) != TMG_JSON_INT) {
        f->bad = true;
        return;
    }
    p->line[p->line_count] = tmg_span_copy(f->arena, key);
    p->line_mg[p->line_count++] = tmg_json_as_i64(v, 0);
    p->lines_mg = (p->lines_mg == TMG_NONE ? 0 : p->lines_mg) + tmg_json_as_i64(v, 0);
}

static void read_count(void *ctx, tmg_span key, const tmg_json *v)
{
    filling *f = ctx;
    tmg_published *p = f->p;

    if (p->count_count == MOST || tmg_json_kind_of(v) != TMG_JSON_INT) {
        f->bad = true;
        return;
    }
    p->count_name[p->count_count] = tmg_span_copy(f->arena, key);
    p->count[p->count_count++] = tmg_json_as_i64(v, 0);
}

static void read_sum(void *ctx, tmg_span key, const tmg_json *v)
{
    filling *f = ctx;
    const tmg_json *parts = tmg_json_at(v, 1);
    named_sum *s;

    if (f->p->sum_count == MOST || tmg_json_kind_of(v) != TMG_JSON_ARRAY ||
        tmg_json_kind_of(parts) != TMG_JSON_ARRAY) {
        f->bad = true;
        return;
    }
    s = &f->p->sum[f->p->sum_count++];
    *s = (named_sum){.what = tmg_span_copy(f->arena, key), .total = tmg_json_as_i64(tmg_json_at(v, 0), 0)};
    for (size_t i = 0; i < tmg_json_count(parts); i++)
        s->parts += tmg_json_as_i64(tmg_json_at(parts, i), 0);
    s->part_count = (int64_t)tmg_json_count(parts);
}

static tmg_rc read_percentages(filling *f, const tmg_json *list, tmg_err *err)
{
    for (size_t i = 0; i < tmg_json_count(list) && i < MOST; i++) {
        const tmg_json *o = tmg_json_at(list, i);
        percentage *q = &f->p->percentage[f->p->percentage_count++];

        TMG_TRY(tmg_json_get_text(o, "what", true, &q->what, err));
        q->what = tmg_span_copy(f->arena, q->what);
        TMG_TRY(tmg_json_get_i64(o, "count", true, &q->count, err));
        TMG_TRY(tmg_json_get_i64(o, "of_old", true, &q->of_old, err));
        TMG_TRY(tmg_json_get_i64(o, "of_new", true, &q->of_new, err));
        TMG_TRY(tmg_json_get_i64(o, "published_ppm", true, &q->published_ppm, err));
    }
    return TMG_OK;
}

static tmg_rc read_day(const tmg_json *root, const char *key, int32_t *ret, tmg_err *err)
{
    tmg_span text = {NULL, 0};

    TMG_TRY(tmg_json_get_text(root, key, true, &text, err));
    if (tmg_day_parse(text, ret, NULL) != TMG_OK)
        return TMG_FAIL(err, TMG_E_INVALID, "%s: expected a day like 2021-09-30", key);
    return TMG_OK;
}

static tmg_rc read_head(filling *f, const tmg_json *root, tmg_err *err)
{
    tmg_published *p = f->p;

    TMG_TRY(tmg_json_get_text(root, "code", true, &p->code, err));
    TMG_TRY(tmg_json_get_text(root, "title", true, &p->title, err));
    TMG_TRY(tmg_json_get_text(root, "source", true, &p->source, err));
    p->code = tmg_span_copy(f->arena, p->code);
    p->title = tmg_span_copy(f->arena, p->title);
    p->source = tmg_span_copy(f->arena, p->source);
    TMG_TRY(read_day(root, "from", &p->from_day, err));
    TMG_TRY(read_day(root, "to", &p->to_day, err));
    return tmg_json_get_i64(root, "total_mg", false, &p->total_mg, err);
}

tmg_rc tmg_published_parse(tmg_span json, tmg_arena *a, tmg_published **ret, tmg_err *err)
{
    TMG_AUTO_JSON root = NULL;
    filling f = {.p = tmg_alloc(a, sizeof *f.p), .arena = a};

    f.p->total_mg = f.p->lines_mg = TMG_NONE;
    TMG_TRY(tmg_json_read(json, &root, err));
    TMG_TRY(read_head(&f, root, err));
    if (tmg_json_member(root, "lines") != NULL)
        tmg_json_each(tmg_json_member(root, "lines"), read_line, &f);
    if (tmg_json_member(root, "counts") != NULL)
        tmg_json_each(tmg_json_member(root, "counts"), read_count, &f);
    if (tmg_json_member(root, "sums") != NULL)
        tmg_json_each(tmg_json_member(root, "sums"), read_sum, &f);
    TMG_TRY(read_percentages(&f, tmg_json_member(root, "percentages"), err));
    if (f.bad)
        return TMG_FAIL(
            err, TMG_E_INVALID,
            "%.*s: lines and counts are whole numbers, sums are [total, [parts]], each at most %d",
            TMG_SPAN_ARG(f.p->code), MOST);
    *ret = f.p;
    return TMG_OK;
}

tmg_period tmg_published_period(const tmg_published *p, int offset_min)
{
    return (tmg_period){p->from_day, p->to_day, offset_min};
}

tmg_span tmg_published_title(const tmg_published *p)
{
    return p->title;
}

tmg_span tmg_published_code(const tmg_published *p)
{
    return p->code;
}

tmg_span tmg_published_source(const tmg_published *p)
{
    return p->source;
}

/* Rounded to a tenth of a per cent, as reports print it. */
static bool same_tenth(int64_t x_ppm, int64_t y_ppm)
{
    return (x_ppm + 500) / 1000 == (y_ppm + 500) / 1000;
}

static void check_percentage(tmg_gaps *g, const percentage *q)
{
    int64_t on_old = q->of_old == 0 ? 0 : tmg_mul_div(q->count, PPM, q->of_old);
    int64_t on_new = q->of_new == 0 ? 0 : tmg_mul_div(q->count, PPM, q->of_new);
    bool right = same_tenth(q->published_ppm, on_old);
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 1024);
    tmg_buf_fmt(&b, "%.*s: ", TMG_SPAN_ARG(q->what));
    tmg_amount_words(&b, q->published_ppm, "ppm");
    tmg_buf_fmt(&b, " was published; %lld of %lld before is ", (long long)q->count, (long long)q->of_old);
    tmg_amount_words(&b, on_old, "ppm");
    if (!right)
        tmg_buf_z(&b, same_tenth(q->published_ppm, on_new)
                          ? ": the share was taken of the new value, where a change is a share of the old one"
                          : ": neither the old nor the new value gives this share");
    tmg_gaps_say(g, "percentage", q->what, right ? on_old : q->published_ppm, on_old, "ppm",
                 tmg_span_copy(g->arena, tmg_buf_as_span(&b)));
    if (same_tenth(q->published_ppm, on_new))
        g->list[g->count - 1].reason = "percentage.new_base";
}

static bool counted_in(const tmg_count_of *list, size_t count, tmg_span what, int64_t *ret)
{
    *ret = 0;
    for (size_t i = 0; i < count; i++)
        if (tmg_span_eq(list[i].what, what))
            *ret = list[i].count;
    return true;
}

/* "kind.sale", "direction.import" (facts), "age.18-25", "occupation.driver" */
static bool own_class(const tmg_period_figures *f, tmg_span name, int64_t *ret)
{
    const tmg_persons *p = &f->persons;
    tmg_span rest = name, list = {NULL, 0};

    (void)tmg_span_split(&rest, '.', &list);
    if (rest.ptr == NULL)
        return false;
    if (tmg_span_is(list, "kind"))
        return counted_in(f->by_kind, f->kind_count, rest, ret);
    if (tmg_span_is(list, "direction"))
        return counted_in(f->facts_in, f->facts_in_count, rest, ret);
    if (tmg_span_is(list, "occupation"))
        return counted_in(p->by_occupation, p->occupation_count, rest, ret);
    for (int i = 0; tmg_span_is(list, "age") && i < TMG_AGE_CLASSES; i++)
        if (tmg_span_is(rest, p->age[i].name)) {
            *ret = p->age[i].count;
            return true;
        }
    return false;
}

static bool own_count(const tmg_period_figures *f, tmg_span name, int64_t *ret)
{
    const tmg_persons *p = &f->persons;
    const struct {
        const char *name;
        int64_t count;
    } known[] = {{"facts", f->facts},
                 {"seizures", f->seizures},
                 {"attempts", f->attempts},
                 {"large", f->large},
                 {"large_mg", f->large_mg},
                 {"groups", f->groups},
                 {"persons", p->total},
                 {"men", p->men},
                 {"women", p->women},
                 {"own", p->own},
                 {"foreign", p->foreign},
                 {"previous_record", p->previous_record},
                 {"previous_facts", p->previous_facts},
                 {"destroyed_cases", f->destroyed_cases},
                 {"destroyed_old_cases", f->destroyed_old_cases},
                 {"destroyed_mg", f->destroyed_mg}};

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (tmg_span_is(name, known[i].name)) {
            *ret = known[i].count;
            return true;
        }
    return own_class(f, name, ret) ||
           (name.len == 2 && counted_in(p->by_country, p->country_count, name, ret));
}

/* A report that prints its named lines in one sum is held against the same sum. */
static int64_t own_line(const tmg_period_figures *f, tmg_span line)
{
    bool all = tmg_span_is(line, "all named lines");
    int64_t sum = 0;

    for (size_t i = 0; i < f->line_count; i++) {
        const tmg_figure_line *l = &f->lines[i];
        bool named = tmg_class_in_total(l->class_name) && !tmg_span_is(l->class_name, "other");

        if (all ? named : tmg_span_eq(l->line, line))
            sum += l->now.mass_mg;
    }
    return sum;
}

static bool is_mass(tmg_span count_name)
{
    return count_name.len > 3 && memcmp(count_name.ptr + count_name.len - 3, "_mg", 3) == 0;
}

static void check_against_own(tmg_gaps *g, const tmg_published *p, const tmg_period_figures *own)
{
    if (p->total_mg != TMG_NONE)
        tmg_gaps_add(g, "own_total", TMG_SPAN("published total"), p->total_mg, own->total.mass_mg, "mg",
                     "the registry's own total of the period differs");
    for (size_t i = 0; i < p->line_count; i++)
        tmg_gaps_add(g, "own_line", p->line[i], p->line_mg[i], own_line(own, p->line[i]), "mg",
                     "the registry's own line differs");
    for (size_t i = 0; i < p->count_count; i++) {
        int64_t count;

        if (own_count(own, p->count_name[i], &count))
            tmg_gaps_add(g, "own_count", p->count_name[i], p->count[i], count,
                         is_mass(p->count_name[i]) ? "mg" : "counted", "the registry's own count differs");
    }
}

tmg_rc tmg_published_check(const tmg_published *p, const tmg_period_figures *own, tmg_arena *a, tmg_gap **ret,
                           size_t *ret_count, tmg_err *err)
{
    tmg_gaps g = {.arena = a};

    (void)err;
    if (p->total_mg != TMG_NONE && p->lines_mg != TMG_NONE)
        tmg_gaps_add(&g, "published_lines", TMG_SPAN("published total"), p->total_mg, p->lines_mg, "mg",
                     "the lines printed in the report do not add up to its total");
    for (size_t i = 0; i < p->sum_count; i++)
        tmg_gaps_add(&g, "published_sum", p->sum[i].what, p->sum[i].total, p->sum[i].parts, "counted",
                     "the parts printed in the report do not add up to its total");
    for (size_t i = 0; i < p->percentage_count; i++)
        check_percentage(&g, &p->percentage[i]);
    if (own != NULL)
        check_against_own(&g, p, own);
    *ret = g.list;
    *ret_count = g.count;
    return TMG_OK;
}
