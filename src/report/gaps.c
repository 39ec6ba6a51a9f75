#include "report/gaps_priv.h"

#include "base/qty.h"

static tmg_span sentence(tmg_gaps *g, tmg_span about, int64_t total, int64_t sum, const char *unit,
                         const char *why)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 2048);
    tmg_buf_span(&b, about);
    tmg_buf_z(&b, ": ");
    tmg_amount_words(&b, total, unit);
    if (total == sum) {
        tmg_buf_z(&b, ", and its parts add up to it");
    } else {
        tmg_buf_z(&b, " against ");
        tmg_amount_words(&b, sum, unit);
        tmg_buf_z(&b, " in its parts: ");
        tmg_amount_words(&b, total > sum ? total - sum : sum - total, unit);
        tmg_buf_z(&b, total > sum ? " are in no part; " : " too much in the parts; ");
        tmg_buf_z(&b, why);
    }
    return tmg_span_copy(g->arena, tmg_buf_as_span(&b));
}

static tmg_gap *room_for_one(tmg_gaps *g)
{
    if (g->count == g->room) {
        size_t room = g->room == 0 ? 16 : g->room * 2;
        tmg_gap *more = tmg_alloc_array(g->arena, room, sizeof *more);

        if (g->count > 0)
            memcpy(more, g->list, g->count * sizeof *more);
        g->list = more;
        g->room = room;
    }
    return &g->list[g->count++];
}

void tmg_gaps_say(tmg_gaps *g, const char *code, tmg_span about, int64_t total, int64_t sum, const char *unit,
                  tmg_span words)
{
    *room_for_one(g) = (tmg_gap){code, about, total, sum, total - sum, unit, total != sum, code, words};
}

void tmg_gaps_add(tmg_gaps *g, const char *code, tmg_span about, int64_t total, int64_t sum, const char *unit,
                  const char *why)
{
    tmg_gaps_say(g, code, about, total, sum, unit, sentence(g, about, total, sum, unit, why));
}

static void percent(tmg_buf *b, int64_t ppm)
{
    tmg_decimal_write_fixed(b, tmg_mul_div(ppm, 1, 100), 2);
    tmg_buf_z(b, " %");
}

void tmg_amount_words(tmg_buf *b, int64_t v, const char *unit)
{
    if (strcmp(unit, "mg") == 0)
        tmg_mass_words(b, v);
    else if (strcmp(unit, "ppm") == 0)
        percent(b, v);
    else if (strcmp(unit, "counted") == 0)
        tmg_buf_i64(b, v);
    else
        tmg_buf_fmt(b, "%lld %s", (long long)v, unit);
}

void tmg_share_words(tmg_buf *b, int64_t part, int64_t of)
{
    if (of == 0) {
        tmg_buf_z(b, "no base to take a share of");
        return;
    }
    percent(b, tmg_mul_div(part, 1000000, of));
    tmg_buf_z(b, " of the total");
}
