/* What papers about a consignment share: its goods, what its groups have in common, what a control found. */
#include "app/papers_priv.h"

#include "base/qty.h"
#include "model/codes.h"

void tmg_draft_goods(tmg_draft *d, const tmg_declaration *decl)
{
    const tmg_paper_column_of columns[] = {
        {TMG_W(d, "target", "no"), 5, true},      {TMG_W(d, "target", "hs"), 13, false},
        {TMG_W(d, "target", "goods"), 44, false}, {TMG_W(d, "target", "packages"), 10, true},
        {TMG_W(d, "target", "net"), 13, true},    {TMG_W(d, "target", "worth"), 16, true}};

    tmg_paper_section(d->paper, TMG_W(d, "target", "goods_section"));
    tmg_paper_table(d->paper, columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < decl->item_count; i++) {
        const tmg_item *item = &decl->items[i];
        TMG_AUTO_BUF hs = {0};

        tmg_buf_init(&hs, 64);
        tmg_hs_write(&hs, item->hs);
        const tmg_span cells[] = {
            tmg_paper_number(d->words, d->arena, item->no),
            tmg_span_copy(d->arena, tmg_buf_as_span(&hs)),
            item->description,
            item->packages == TMG_NONE ? TMG_SPAN("—") : tmg_paper_number(d->words, d->arena, item->packages),
            item->net_mg == TMG_NONE ? TMG_SPAN("—") : tmg_paper_kg(d->words, d->arena, item->net_mg),
            item->value_minor == TMG_NONE
                ? TMG_SPAN("—")
                : tmg_paper_money(d->words, d->arena, item->value_minor, decl->currency)};

        tmg_paper_row(d->paper, TMG_ROW_PLAIN, cells);
    }
}

static void put_fact(tmg_draft *d, const tmg_fact *f, tmg_buf *b)
{
    tmg_buf_z(b, b->len > 0 ? " + " : "");
    tmg_buf_span(b, tmg_draft_code(d, "feature", f->feature));
    tmg_buf_char(b, ' ');
    if (!f->stated)
        tmg_buf_z(b, "—");
    else if (!f->is_number)
        tmg_buf_span(b, f->text);
    else {
        tmg_decimal_write(b, f->from, f->scale);
        if (f->to != f->from) {
            tmg_buf_z(b, "–");
            tmg_decimal_write(b, f->to, f->scale);
        }
    }
}

tmg_span tmg_draft_group(tmg_draft *d, const tmg_declaration *decl, int32_t item_no, uint8_t depth)
{
    TMG_AUTO_BUF b = {0};
    tmg_fact facts[TMG_MOST_FACTS];
    size_t count = tmg_level_facts(tmg_centre_mind(d->centre), decl, item_no, depth, facts);

    if (count == 0)
        return TMG_W(d, "target", "whole_flow");
    tmg_buf_init(&b, 4096);
    for (size_t i = 0; i < count; i++)
        /* The finer code says what the coarser ones did. */
        if (i + 1 == count || strncmp(facts[i].feature, "hs", 2) != 0 ||
            strncmp(facts[i + 1].feature, "hs", 2) != 0)
            put_fact(d, &facts[i], &b);
    return tmg_span_copy(d->arena, tmg_buf_as_span(&b));
}

static tmg_span means_words(tmg_draft *d, unsigned means)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 1024);
    for (unsigned bit = 1; bit <= TMG_MEANS_UNLOADING; bit <<= 1)
        if ((means & bit) != 0) {
            tmg_buf_z(&b, b.len > 0 ? ", " : "");
            tmg_buf_span(&b, tmg_draft_code(d, "means", tmg_means_name(bit)));
        }
    return tmg_span_copy(d->arena, tmg_buf_as_span(&b));
}

void tmg_draft_result(tmg_draft *d, const tmg_result *r, int64_t entered_by)
{
    const tmg_paper_field fields[] = {
        {TMG_W(d, "act", "outcome"), tmg_draft_code(d, "outcome", tmg_outcome_name(r->outcome)), false},
        {TMG_W(d, "act", "found_at"), tmg_draft_time(d, r->happened_ms), false},
        {TMG_W(d, "act", "used"), means_words(d, r->means), false},
        {TMG_W(d, "act", "minutes"),
         r->minutes == TMG_NONE ? (tmg_span){NULL, 0} : tmg_paper_number(d->words, d->arena, r->minutes),
         false},
        {TMG_W(d, "act", "entered_by"), tmg_draft_name(d, "account", entered_by), false},
        {TMG_W(d, "act", "remark"), r->note, true}};

    tmg_paper_section(d->paper, TMG_W(d, "act", "result_section"));
    tmg_paper_fields(d->paper, fields, r->note.len > 0 ? 6 : 5);
}
