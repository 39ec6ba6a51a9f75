/* report/gaps_priv.h - a growing list of totals held against their parts. */
#ifndef TMG_REPORT_GAPS_PRIV_H
#define TMG_REPORT_GAPS_PRIV_H

#include "report/figures.h"

typedef struct tmg_gaps {
    tmg_arena *arena;
    tmg_gap *list;
    size_t count, room;
} tmg_gaps;

/* Adds one with its sentence: "<total> against <sum>: <gap> ...; why". */
void tmg_gaps_add(tmg_gaps *g, const char *code, tmg_span about, int64_t total, int64_t sum, const char *unit,
                  const char *why);
/* Adds one with a sentence of its own. */
void tmg_gaps_say(tmg_gaps *g, const char *code, tmg_span about, int64_t total, int64_t sum, const char *unit,
                  tmg_span words);
/* "2 kg 500 g", "12.80 %", "35 cases" */
void tmg_amount_words(tmg_buf *b, int64_t v, const char *unit);
/* "12.75 % of 4195": a share always with its base. */
void tmg_share_words(tmg_buf *b, int64_t part, int64_t of);

#endif
