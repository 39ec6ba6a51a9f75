#include "report/rows.h"

#include "base/qty.h"

enum { MOST_ROWS = 2000, PPM = 1000000 };

typedef struct listing {
    const tmg_report *r;
    tmg_paper_words *w;
    tmg_arena *arena;
    tmg_report_row *rows;
    size_t count;
} listing;

static tmg_report_row *add(listing *l, const char *section, tmg_span code, tmg_span words, tmg_row_kind kind,
                           const char *unit, int64_t value, int64_t before)
{
    tmg_report_row *row = &l->rows[l->count < MOST_ROWS ? l->count++ : MOST_ROWS - 1];

    *row = (tmg_report_row){.section = section,
                            .code = code,
                            .words = words,
                            .kind = kind,
                            .unit = unit,
                            .value = value,
                            .seized = TMG_NONE,
                            .before = l->r->before != NULL ? before : TMG_NONE,
                            .of_total_ppm = TMG_NONE};
    return row;
}

/* A row named by a word of [report]. */
static tmg_report_row *named(listing *l, const char *section, const char *key, tmg_row_kind kind,
                             const char *unit, int64_t value, int64_t before)
{
    return add(l, section, tmg_span_of(key), tmg_paper_word(l->w, "report", key), kind, unit, value, before);
}

#define BEFORE(l, member) ((l)->r->before != NULL ? (l)->r->before->member : 0)
#define BOTH(l, member)   (l)->r->now->member, BEFORE(l, member)

static int64_t share(int64_t part, int64_t of)
{
    return of == 0 ? TMG_NONE : tmg_mul_div(part, PPM, of);
}

static int64_t count_in(const tmg_count_of *list, size_t count, tmg_span what)
{
    for (size_t i = 0; i < count; i++)
        if (tmg_span_eq(list[i].what, what))
            return list[i].count;
    return 0;
}

typedef tmg_span (*namer)(listing *l, tmg_span code);

/* What either period counted: now's order first, then what only the earlier one has. */
static void counted(listing *l, const char *section, namer name, const char *unit, const tmg_count_of *now,
                    size_t now_count, const tmg_count_of *before, size_t before_count)
{
    for (size_t i = 0; i < now_count; i++)
        add(l, section, now[i].what, name(l, now[i].what), TMG_ROW_PART, unit, now[i].count,
            count_in(before, before_count, now[i].what));
    for (size_t i = 0; i < before_count; i++)
        if (count_in(now, now_count, before[i].what) == 0)
            add(l, section, before[i].what, name(l, before[i].what), TMG_ROW_PART, unit, 0, before[i].count);
}

static tmg_span kind_name(listing *l, tmg_span code)
{
    return tmg_paper_listed(l->w, "fact_kind", code);
}

static tmg_span direction_name(listing *l, tmg_span code)
{
    return tmg_paper_listed(l->w, "direction", code);
}

static tmg_span country_name(listing *l, tmg_span code)
{
    return tmg_paper_word_or(l->w, "country", code, code);
}

static void facts(listing *l)
{
    const tmg_period_figures *n = l->r->now, *b = l->r->before;

    named(l, "facts", "facts", TMG_ROW_TOTAL, "cases", BOTH(l, facts));
    counted(l, "facts", kind_name, "cases", n->by_kind, n->kind_count, b != NULL ? b->by_kind : NULL,
            b != NULL ? b->kind_count : 0);
}

static void directions(listing *l)
{
    const tmg_period_figures *n = l->r->now, *b = l->r->before;

    named(l, "direction", "seizures", TMG_ROW_TOTAL, "cases", BOTH(l, seizures));
    counted(l, "direction", direction_name, "cases", n->by_direction, n->direction_count,
            b != NULL ? b->by_direction : NULL, b != NULL ? b->direction_count : 0);
    named(l, "direction", "attempts", TMG_ROW_TOTAL, "cases", BOTH(l, attempts));
}

/* ---- substances ---- */

static const tmg_figure_line *line_in(const tmg_period_figures *f, const tmg_figure_line *like)
{
    for (size_t i = 0; f != NULL && i < f->line_count; i++)
        if (tmg_span_eq(f->lines[i].line, like->line) &&
            tmg_span_eq(f->lines[i].class_name, like->class_name))
            return &f->lines[i];
    return NULL;
}

static bool is_class(const tmg_figure_line *line, const char *class_name)
{
    /* What the total of narcotic and psychotropic substances holds. */
    if (strcmp(class_name, "total") == 0)
        return tmg_span_is(line->class_name, "narcotic") || tmg_span_is(line->class_name, "psychotropic") ||
               tmg_span_is(line->class_name, "other");
    return tmg_span_is(line->class_name, class_name);
}

static void pieces(listing *l, const char *section, tmg_span code, tmg_span words, const tmg_amount *now,
                   const tmg_amount *before)
{
    for (int p = 0; p < TMG_PIECES; p++) {
        if (now->count[p] == 0 && before->count[p] == 0)
            continue;
        tmg_span unit = tmg_paper_word(l->w, "piece", tmg_piece_name((tmg_piece)p));

        add(l, section, tmg_paper_text(l->arena, "%.*s.%s", TMG_SPAN_ARG(code), tmg_piece_name((tmg_piece)p)),
            tmg_paper_text(l->arena, "%.*s, %.*s", TMG_SPAN_ARG(words), TMG_SPAN_ARG(unit)), TMG_ROW_PART,
            "pieces", now->count[p], before->count[p]);
    }
}

static void one_line(listing *l, const char *section, const tmg_figure_line *line, int64_t total_mg)
{
    static const tmg_figure_line none = {0};
    const tmg_figure_line *now = line_in(l->r->now, line), *before = line_in(l->r->before, line);
    tmg_span words = tmg_paper_word_or(l->w, "line", line->line, line->line);

    now = now != NULL ? now : &none;
    before = before != NULL ? before : &none;
    if (now->now.mass_mg != 0 || before->now.mass_mg != 0 || now->seized.mass_mg != 0) {
        tmg_report_row *row =
            add(l, section, line->line, words, TMG_ROW_PART, "mg", now->now.mass_mg, before->now.mass_mg);

        row->seized = now->seized.mass_mg;
        if (total_mg > 0)
            row->of_total_ppm = share(now->now.mass_mg, total_mg);
    }
    if (now->now.volume_ul != 0 || before->now.volume_ul != 0)
        add(l, section, tmg_paper_text(l->arena, "%.*s.volume", TMG_SPAN_ARG(line->line)), words,
            TMG_ROW_PART, "ul", now->now.volume_ul, before->now.volume_ul);
    pieces(l, section, line->line, words, &now->now, &before->now);
}

/* The heaviest first; what has no line of its own at the end. */
static int by_mass(const void *x, const void *y)
{
    const tmg_figure_line *p = *(const tmg_figure_line *const *)x, *q = *(const tmg_figure_line *const *)y;
    bool p_other = tmg_span_is(p->class_name, "other"), q_other = tmg_span_is(q->class_name, "other");

    if (p_other != q_other)
        return p_other ? 1 : -1;
    return (p->now.mass_mg < q->now.mass_mg) - (p->now.mass_mg > q->now.mass_mg);
}

static void lines_of(listing *l, const char *section, const char *class_name, int64_t total_mg)
{
    const tmg_period_figures *n = l->r->now, *b = l->r->before;
    const tmg_figure_line **lines = tmg_alloc_array(l->arena, n->line_count + 1, sizeof(tmg_figure_line *));
    size_t count = 0;

    for (size_t i = 0; i < n->line_count; i++)
        if (is_class(&n->lines[i], class_name))
            lines[count++] = &n->lines[i];
    qsort(lines, count, sizeof(tmg_figure_line *), by_mass);
    for (size_t i = 0; i < count; i++)
        one_line(l, section, lines[i], total_mg);
    for (size_t i = 0; b != NULL && i < b->line_count; i++)
        if (is_class(&b->lines[i], class_name) && line_in(n, &b->lines[i]) == NULL)
            one_line(l, section, &b->lines[i], total_mg);
}

static void substances(listing *l)
{
    static const char *const classes[] = {"potent", "toxic", "precursor", "plant"};
    int64_t total = l->r->now->total.mass_mg;
    tmg_report_row *row = named(l, "substances", "total", TMG_ROW_TOTAL, "mg", BOTH(l, total.mass_mg));

    row->of_total_ppm = share(total, total);
    lines_of(l, "substances", "total", total);
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++)
        lines_of(l, classes[i], classes[i], 0);
}

/* ---- persons, money, the rest ---- */

static void persons(listing *l)
{
    const tmg_persons *n = &l->r->now->persons, *b = l->r->before != NULL ? &l->r->before->persons : NULL;

    named(l, "persons", "persons", TMG_ROW_TOTAL, "persons", BOTH(l, persons.total));
    named(l, "persons", "men", TMG_ROW_PART, "persons", BOTH(l, persons.men));
    named(l, "persons", "women", TMG_ROW_PART, "persons", BOTH(l, persons.women));
    for (int i = 0; i < TMG_AGE_CLASSES; i++)
        if (n->age[i].count > 0 || (b != NULL && b->age[i].count > 0))
            add(l, "persons", tmg_span_of(n->age[i].name), tmg_paper_word(l->w, "age", n->age[i].name),
                TMG_ROW_PART, "persons", n->age[i].count, b != NULL ? b->age[i].count : 0);
    named(l, "persons", "own", TMG_ROW_TOTAL, "persons", BOTH(l, persons.own));
    named(l, "persons", "foreign", TMG_ROW_TOTAL, "persons", BOTH(l, persons.foreign));
    counted(l, "persons", country_name, "persons", n->by_country, n->country_count,
            b != NULL ? b->by_country : NULL, b != NULL ? b->country_count : 0);
    named(l, "persons", "previous_record", TMG_ROW_TOTAL, "persons", BOTH(l, persons.previous_record));
    named(l, "persons", "groups", TMG_ROW_TOTAL, "cases", BOTH(l, groups));
}

static void large_and_destroyed(listing *l)
{
    named(l, "large", "large", TMG_ROW_TOTAL, "cases", BOTH(l, large));
    named(l, "large", "large_mg", TMG_ROW_PART, "mg", BOTH(l, large_mg));
    named(l, "destroyed", "destroyed", TMG_ROW_TOTAL, "cases", BOTH(l, destroyed));
    named(l, "destroyed", "destroyed_mg", TMG_ROW_PART, "mg", BOTH(l, destroyed_mg));
}

static void value(listing *l)
{
    const tmg_period_figures *n = l->r->now, *b = l->r->before;

    for (size_t i = 0; i < n->value_count; i++)
        named(l, "value", "value", TMG_ROW_TOTAL, "minor", n->value[i].count,
              b != NULL ? count_in(b->value, b->value_count, n->value[i].what) : 0)
            ->currency = n->value[i].what;
}

void tmg_report_rows(const tmg_report *r, tmg_paper_words *w, tmg_arena *a, tmg_report_row **ret,
                     size_t *ret_count)
{
    listing l = {r, w, a, tmg_alloc_array(a, MOST_ROWS, sizeof *l.rows), 0};

    facts(&l);
    if (r->layout == TMG_LAYOUT_STATE) {
        substances(&l);
        value(&l);
        persons(&l);
        directions(&l);
    } else {
        directions(&l);
        substances(&l);
        persons(&l);
        value(&l);
    }
    large_and_destroyed(&l);
    *ret = l.rows;
    *ret_count = l.count;
}
