#include "rule/rule.h"

static bool window(void *ctx, const tmg_row *row, const struct tmg_window *w, int64_t *ret_micro)
{
    const tmg_book_sight *s = ctx;
    return s->book != NULL && tmg_book_window(s->book, row, w, ret_micro);
}

static bool reference(void *ctx, const tmg_row *row, const struct tmg_reference *r, int64_t *ret_micro)
{
    const tmg_book_sight *s = ctx;
    return s->book != NULL && tmg_book_reference(s->book, row, r, ret_micro);
}

static bool first(void *ctx, const tmg_row *row, tmg_code_field field, bool *ret)
{
    const tmg_book_sight *s = ctx;
    return s->book != NULL && tmg_book_first(s->book, row, field, ret);
}

static bool listed(void *ctx, const tmg_row *row, tmg_span list, tmg_span value, bool *ret)
{
    const tmg_book_sight *s = ctx;
    return s->lists != NULL && tmg_lists_has(s->lists, list, value, row->at_ms, ret);
}

static bool name_like(void *ctx, const tmg_row *row, tmg_span list, tmg_span name, int64_t *ret_micro,
                      tmg_span *ret_entry)
{
    const tmg_book_sight *s = ctx;
    return s->lists != NULL && tmg_lists_likest(s->lists, list, name, row->at_ms, ret_micro, ret_entry);
}

void tmg_book_senses(tmg_book_sight *s, tmg_rule_senses *ret)
{
    ret->ctx = s;
    ret->window = window;
    ret->reference = reference;
    ret->first = first;
    ret->listed = listed;
    ret->name_like = name_like;
}
