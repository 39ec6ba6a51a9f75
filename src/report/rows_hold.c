/* What a copy for publication holds back, so that nobody is found in a count. */
#include "report/rows_priv.h"

typedef struct side {
    int64_t (*value)(const tmg_report_row *row);
    bool *(*held)(tmg_report_row *row);
} side;

static int64_t value_now(const tmg_report_row *row)
{
    return row->value;
}

static int64_t value_before(const tmg_report_row *row)
{
    return row->before == TMG_NONE ? 0 : row->before;
}

static bool *held_now(tmg_report_row *row)
{
    return &row->held;
}

static bool *held_before(tmg_report_row *row)
{
    return &row->before_held;
}

/* One held class alone is the total less the others: the smallest of those is held with it. */
static void hold_class(tmg_report_row *rows, size_t count, const char *parts_of, int64_t least, const side *s)
{
    tmg_report_row *smallest = NULL;
    size_t held = 0;

    for (size_t i = 0; i < count; i++) {
        int64_t v = s->value(&rows[i]);

        if (rows[i].parts_of == NULL || strcmp(rows[i].parts_of, parts_of) != 0 || v == 0)
            continue;
        if (v < least) {
            *s->held(&rows[i]) = true;
            held++;
        } else if (smallest == NULL || v < s->value(smallest)) {
            smallest = &rows[i];
        }
    }
    if (held == 1 && smallest != NULL)
        *s->held(smallest) = true;
}

/* Where the foreign citizens are held, their countries would add up to them. */
static void hold_countries(tmg_report_row *rows, size_t count, const side *s)
{
    bool foreign = false;

    for (size_t i = 0; i < count; i++)
        foreign = foreign || (tmg_span_is(rows[i].code, "foreign") && *s->held(&rows[i]));
    for (size_t i = 0; foreign && i < count; i++)
        if (rows[i].parts_of != NULL && strcmp(rows[i].parts_of, "country") == 0)
            *s->held(&rows[i]) = true;
}

/* Few persons in all: nothing about them is told. */
static void hold_all(tmg_report_row *rows, size_t count, int64_t least, const side *s)
{
    int64_t total = 0;

    for (size_t i = 0; i < count; i++)
        if (tmg_span_is(rows[i].code, "persons"))
            total = s->value(&rows[i]);
    for (size_t i = 0; total > 0 && total < least && i < count; i++)
        if (strcmp(rows[i].unit, "persons") == 0)
            *s->held(&rows[i]) = true;
}

void tmg_rows_hold(tmg_report_row *rows, size_t count, int64_t least)
{
    static const side sides[] = {{value_now, held_now}, {value_before, held_before}};
    static const char *const classes[] = {"sex", "age", "citizenship", "country", "occupation", "previous"};

    for (size_t i = 0; i < sizeof sides / sizeof sides[0]; i++) {
        for (size_t k = 0; k < sizeof classes / sizeof classes[0]; k++)
            hold_class(rows, count, classes[k], least, &sides[i]);
        hold_countries(rows, count, &sides[i]);
        hold_all(rows, count, least, &sides[i]);
    }
}
