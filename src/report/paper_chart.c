/* Bars that print well in black and white: this period's are filled, those of the period compared with
 * hatched. */
#include "report/paper_priv.h"

#define LABEL_W 118.0
#define VALUE_W 128.0
#define GAP     5.0
#define NOW_H   8.0
#define OLD_H   6.0
#define DARK    0.25
#define BARS_W  (WIDTH - LABEL_W - VALUE_W - 2 * GAP)

static double length_of(int64_t v, int64_t most)
{
    double length = most > 0 ? BARS_W * (double)v / (double)most : 0;

    return v > 0 && length < 0.8 ? 0.8 : length;
}

static void put_bar(tmg_paper *p, block *b, mark_kind kind, double y, double height, double length,
                    tmg_span words)
{
    double x = LABEL_W + GAP;

    if (length > 0)
        tmg_mark_box(p, b, kind, x, y, length, height, DARK);
    (void)tmg_mark_text(p, b, FONT_LABEL, words, x + length + GAP, y + height / 2 - 5, VALUE_W,
                        PANGO_ALIGN_LEFT, 0);
}

static int64_t most_of(const tmg_paper_bar *bars, size_t count)
{
    int64_t most = 0;

    for (size_t i = 0; i < count; i++) {
        most = bars[i].now > most ? bars[i].now : most;
        most = bars[i].before > most ? bars[i].before : most;
    }
    return most;
}

static void put_legend(tmg_paper *p, tmg_span now, tmg_span before)
{
    block *b = tmg_block_new(p);
    double at = LABEL_W + GAP, half = (WIDTH - at) / 2;

    tmg_mark_box(p, b, MARK_FILL, at, 3, 14, NOW_H, DARK);
    (void)tmg_mark_text(p, b, FONT_LABEL, now, at + 19, 2, half - 22, PANGO_ALIGN_LEFT, 0);
    if (before.len > 0) {
        tmg_mark_box(p, b, MARK_HATCH, at + half, 3, 14, NOW_H, DARK);
        (void)tmg_mark_text(p, b, FONT_LABEL, before, at + half + 19, 2, half - 22, PANGO_ALIGN_LEFT, 0);
    }
    b->height = 18;
    b->keep = true;
}

void tmg_paper_chart(tmg_paper *p, tmg_span title, tmg_span now, tmg_span before, const tmg_paper_bar *bars,
                     size_t count)
{
    int64_t most = most_of(bars, count);
    double row = before.len > 0 ? NOW_H + OLD_H + 9 : NOW_H + 7;

    p->table_head = NULL;
    tmg_paper_line(p, title);
    put_legend(p, now, before);
    for (size_t i = 0; i < count; i++) {
        block *b = tmg_block_new(p);

        b->height = row;
        b->keep = i + 1 < count;
        (void)tmg_mark_text(p, b, FONT_SMALL, bars[i].words, 0, 1, LABEL_W, PANGO_ALIGN_RIGHT, 0);
        tmg_mark_box(p, b, MARK_LINE, LABEL_W + GAP, 0, 0, row, 0.3);
        put_bar(p, b, MARK_FILL, 3, NOW_H, length_of(bars[i].now, most), bars[i].now_words);
        if (before.len > 0)
            put_bar(p, b, MARK_HATCH, 3 + NOW_H + 1, OLD_H, length_of(bars[i].before, most),
                    bars[i].before_words);
    }
}
