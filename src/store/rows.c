#include "store/store_priv.h"

void *tmg_rows_next(tmg_rows *rows)
{
    if (rows->count == rows->room) {
        size_t room = rows->room == 0 ? 8 : 2 * rows->room;
        void *more = tmg_alloc_array(rows->arena, room, rows->size);

        if (rows->count > 0)
            memcpy(more, rows->at, rows->count * rows->size);
        rows->at = more;
        rows->room = room;
    }
    return (char *)rows->at + rows->size * rows->count++;
}

tmg_span tmg_row_text(tmg_stmt *s, int at, tmg_arena *a)
{
    return tmg_span_copy(a, tmg_col_text(s, at));
}
