/* intake/asycuda_priv.h - the elements of an ASYCUDA World SAD document, gathered and then mapped to a
 * declaration.
 *
 * Gathering comes first because one field may stand in several elements (registered or only drafted, border
 * means or arrival means) and because the invoice currency stands behind the amounts. */
#ifndef TMG_INTAKE_ASYCUDA_PRIV_H
#define TMG_INTAKE_ASYCUDA_PRIV_H

#include "intake/intake_priv.h"

/* What is gathered of the whole document ... */
enum {
    SAD_OFFICE,
    SAD_TYPE,
    SAD_PROCEDURE,
    SAD_TRANSIT_TYPE,
    SAD_SERIAL,
    SAD_NUMBER,
    SAD_REGISTERED,
    SAD_DECLARED,
    SAD_EXPORTER_CODE,
    SAD_EXPORTER_NAME,
    SAD_CONSIGNEE_CODE,
    SAD_CONSIGNEE_NAME,
    SAD_DECLARANT_CODE,
    SAD_DECLARANT_NAME,
    SAD_DECLARANT_REF,
    SAD_DISPATCH,
    SAD_TRADING,
    SAD_DESTINATION,
    SAD_TRANSIT_COUNTRY,
    SAD_BORDER_MEANS,
    SAD_BORDER_NATION,
    SAD_BORDER_MODE,
    SAD_ARRIVAL_MEANS,
    SAD_ARRIVAL_NATION,
    SAD_INLAND_MODE,
    SAD_BORDER_OFFICE,
    SAD_PAYMENT,
    SAD_SEALS,
    SAD_INVOICE_CURRENCY,
    SAD_HEADS
};

/* ... and of each item. */
enum {
    SAD_COMMODITY,
    SAD_PRECISION,
    SAD_GOODS,
    SAD_TRADE_NAME,
    SAD_ORIGIN,
    SAD_GROSS,
    SAD_NET,
    SAD_PACKAGES,
    SAD_PACKAGE_KIND,
    SAD_UNIT,
    SAD_QUANTITY,
    SAD_PRICE,
    SAD_STATISTICAL,
    SAD_CIF,
    SAD_NATIONAL,
    SAD_FOREIGN,
    SAD_TAXES,
    SAD_TAX_CODE,
    SAD_TAX_RATE,
    SAD_REGIME_CODE,
    SAD_LINES
};

typedef struct tmg_sad_line {
    struct tmg_sad_line *next;
    tmg_span slot[SAD_LINES];
} tmg_sad_line;

typedef struct tmg_sad_pair {
    struct tmg_sad_pair *next;
    tmg_span code, number;
} tmg_sad_pair;

typedef struct tmg_asycuda {
    tmg_arena *arena;
    tmg_span head[SAD_HEADS];
    tmg_sad_line *lines, *line; /* first, and the one that is open */
    tmg_sad_pair *documents, *document;
    tmg_sad_pair *containers, *container; /* only `number` is used */
    size_t line_count;
} tmg_asycuda;

tmg_asycuda *tmg_asycuda_begin(tmg_arena *a);
/* An element opened or closed; `path` is relative to <ASYCUDA>. */
void tmg_asycuda_open(tmg_asycuda *doc, tmg_span path);
void tmg_asycuda_close(tmg_asycuda *doc, tmg_span path, tmg_span text);
/* The gathered document as a checked record. */
void tmg_asycuda_record(const tmg_asycuda *doc, const tmg_rules *rules, tmg_span national_currency,
                        tmg_record *ret);
/* Names of the elements, for messages; dates as ASYCUDA writes them. */
void tmg_asycuda_rules(tmg_rules *rules);

#endif
