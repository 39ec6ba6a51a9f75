/* store/declarations_priv.h - how a declaration's row is read; shared by what joins it. */
#ifndef TMG_STORE_DECLARATIONS_PRIV_H
#define TMG_STORE_DECLARATIONS_PRIV_H

#include "store/records.h"
#include "store/store_priv.h"

/* Columns of `declaration d` that tmg_declaration_read expects, and how many. */
#define TMG_DECLARATION_COLUMNS                                                                              \
    "d.id, d.consignment_id, d.version, d.ref, d.lodged_ms, d.lodged_offset_min, d.expected_ms, "            \
    "d.known_at_ms, d.regime, d.departure, d.destination, d.transport_mode, d.process_type, d.import_type, " \
    "d.import_use, d.payment_type, d.currency, d.value_minor, d.gross_mg, d.taxes_minor, d.vehicle, "        \
    "d.vehicle_country, d.trailer, d.tir_carnet, d.more, d.post_id, d.consignor_id, d.consignee_id, "        \
    "d.declarant_id, d.carrier_id"
enum { TMG_DECLARATION_COLUMN_COUNT = 30, TMG_DECLARATION_MORE = 24 };
/* Those columns without more, post and parties; texts are copied into the arena, or borrowed from the statement when it
 * is NULL. */
tmg_declaration tmg_declaration_header(tmg_stmt *s, int from, tmg_arena *a);

/* An item from its columns no to taxes_minor, in the order of the table; texts are copied into the arena. */
tmg_item tmg_row_item(tmg_stmt *s, int from, tmg_arena *a);

/* Reads the columns starting at `from`, then items, equipment and parties by their own statements. */
TMG_MUST_USE tmg_rc tmg_declaration_read(tmg_db *db, tmg_stmt *s, int from, tmg_arena *a,
                                         tmg_declaration *ret, tmg_err *err);

/* The member `more` of the row: what has no column of its own.  `differs` has a bit per party role whose
 * name, country or address is said otherwise than in the party's row. */
void tmg_more_write(tmg_buf *b, const tmg_declaration *d, unsigned differs);
TMG_MUST_USE tmg_rc tmg_more_read(tmg_span more, tmg_arena *a, tmg_declaration *d, tmg_err *err);

#endif
