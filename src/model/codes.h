/* model/codes.h - code lists: countries, commodity codes, container numbers.
 *
 * Countries come from Debian's iso-codes (ISO 3166-1) compiled in at build time.  Commodity codes: chapters and the
 * headings that the centre itself speaks of are compiled in with short words of our own; an office loads its
 * complete list with `tamga codes import`, which store/ keeps and which tmg_codes_set_hs puts in front.
 * The compiled-in tables are read-only: any thread.
 */
#ifndef TMG_MODEL_CODES_H
#define TMG_MODEL_CODES_H

#include "base/text.h"

/* Is it an ISO 3166-1 alpha-2 code in use?  "XK" and "EU" are accepted as user-assigned; case matters. */
bool tmg_country_known(tmg_span alpha2);

/* Container number check by ISO 6346:2022: owner code, category U/J/Z, serial, check digit. */
typedef enum tmg_container_check {
    TMG_CONTAINER_OK,
    TMG_CONTAINER_MALFORMED,  /* not four letters and seven digits */
    TMG_CONTAINER_CHECK_DIGIT /* right shape, wrong check digit */
} tmg_container_check;
tmg_container_check tmg_container_verify(tmg_span number);

/* Words for a commodity code: the longest known prefix's text ("2915.24: acetic anhydride"); NULL when even the
 * chapter is unknown.  *ret_digits is how many digits the text covers. */
const char *tmg_hs_words(tmg_span hs, int *ret_digits);
/* "2915.24", "2915.24.00.00" from plain digits. */
void tmg_hs_write(tmg_buf *b, tmg_span hs);
/* Does the chapter exist in the Harmonized System (01..97 without 77, and 98, 99 for national use)? */
bool tmg_hs_chapter_known(tmg_span hs);

/* A loaded list in place of the compiled-in words: rows sorted by code.  The arrays must outlive every use; call
 * once at start-up. */
typedef struct tmg_hs_row {
    const char *code, *words;
} tmg_hs_row;
void tmg_codes_set_hs(const tmg_hs_row *rows, size_t count);

/* Precursors and drugs in the HS (UN 1988 Convention tables and headings for seized goods; domain study §2.5). */
typedef enum tmg_control_list { TMG_NOT_LISTED, TMG_TABLE_I, TMG_TABLE_II, TMG_DRUG } tmg_control_list;
tmg_control_list tmg_hs_control_list(tmg_span hs);

#endif
