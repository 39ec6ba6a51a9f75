#include "rule/lang_priv.h"

enum { LONGEST = 40 };

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* Optimal string alignment: insertions, deletions, changes and swaps of neighbours; case does not count. */
static size_t distance(tmg_span x, tmg_span y)
{
    size_t rows[3][LONGEST + 1];
    size_t *before = rows[0], *last = rows[1], *now = rows[2];

    for (size_t j = 0; j <= y.len; j++)
        last[j] = j;
    for (size_t i = 1; i <= x.len; i++) {
        size_t *spare = before;

        now[0] = i;
        for (size_t j = 1; j <= y.len; j++) {
            size_t change = last[j - 1] + (lower(x.ptr[i - 1]) != lower(y.ptr[j - 1]));
            size_t best = last[j] + 1 < now[j - 1] + 1 ? last[j] + 1 : now[j - 1] + 1;

            best = change < best ? change : best;
            if (i > 1 && j > 1 && lower(x.ptr[i - 1]) == lower(y.ptr[j - 2]) &&
                lower(x.ptr[i - 2]) == lower(y.ptr[j - 1]) && before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            now[j] = best;
        }
        before = last;
        last = now;
        now = spare;
    }
    return last[y.len];
}

tmg_guess tmg_guess_begin(tmg_span word)
{
    /* A third of the word may be wrong: more would be guessing at random. */
    return (tmg_guess){.word = word, .distance = word.len / 3 + 2};
}

void tmg_guess_try(tmg_guess *g, tmg_span candidate)
{
    size_t d;

    if (g->word.len > LONGEST || candidate.len > LONGEST || candidate.len == 0)
        return;
    d = distance(g->word, candidate);
    if (d < g->distance) {
        g->distance = d;
        g->best = candidate;
    }
}

const char *tmg_guess_end(tmg_rreader *r, const tmg_guess *g)
{
    return g->best.ptr != NULL ? tmg_lang_say(r, "did you mean `%.*s`?", TMG_SPAN_ARG(g->best)) : NULL;
}

/* Words that people bring along from other systems and forms. */
static const struct {
    const char *other, *ours;
} habits[] = {
    {"dest", "destination"},
    {"importer", "consignee"},
    {"exporter", "consignor"},
    {"buyer", "consignee"},
    {"seller", "consignor"},
    {"sender", "consignor"},
    {"recipient", "consignee"},
    {"broker", "declarant"},
    {"agent", "declarant"},
    {"weight", "gross"},
    {"net_mass", "net"},
    {"gross_mass", "gross"},
    {"price", "item.value"},
    {"plate", "vehicle"},
    {"truck", "vehicle"},
    {"goods", "description"},
    {"tariff", "hs"},
    {"code", "hs"},
    {"hscode", "hs"},
    {"country", "origin"},
    {"office", "post"},
    {"documents", "document"},
    {"containers_no", "container"},
    {"chapter", "hs2"},
    {"heading", "hs4"},
    {"transport", "mode"},
    {"licence", "document"},
    {"tir", "tir_carnet"},
};

const char *tmg_guess_field(tmg_rreader *r, tmg_span word)
{
    size_t count;
    const tmg_rule_field *fields = tmg_rule_fields(&count);
    tmg_guess g = tmg_guess_begin(word);

    for (size_t i = 0; i < sizeof habits / sizeof *habits; i++)
        if (tmg_span_equal_nocase(word, tmg_span_of(habits[i].other)) &&
            tmg_rule_field_by_name(tmg_span_of(habits[i].ours)) != NULL)
            return tmg_lang_say(r, "did you mean `%s`?", habits[i].ours);
    for (size_t i = 0; i < count; i++)
        tmg_guess_try(&g, tmg_span_of(fields[i].name));
    tmg_guess_functions(&g);
    if (g.best.ptr == NULL)
        return "`tamga rule fields` lists the fields; a code that looks like a name is written in quotes";
    return tmg_guess_end(r, &g);
}
