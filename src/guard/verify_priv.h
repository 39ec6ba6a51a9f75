/* guard/verify_priv.h - checking an exported log on a machine that trusts nobody; the whole of tamga-verify.
 *
 * Streams: memory grows with the number of checkpoints (8 bytes each), of day keys, and of what was lodged for
 * days whose key is not published yet; not with the entries.
 */
#ifndef TMG_GUARD_VERIFY_PRIV_H
#define TMG_GUARD_VERIFY_PRIV_H

#include "base/json.h"
#include "guard/merkle.h"

enum { TMG_VERIFY_MAX_SEEN = 16, TMG_VERIFY_LINE_MAX = 1 << 20 };

typedef struct tmg_verify_request {
    const char *folder;
    const char *vkey; /* the key itself or a file with it; NULL: the folder's own log.vkey */
    const char *seen[TMG_VERIFY_MAX_SEEN]; /* files with checkpoints that the checker kept from earlier */
    size_t seen_count;
} tmg_verify_request;

typedef struct tmg_verify_report {
    uint64_t entries, checkpoints; /* the signed head counts as one checkpoint */
    uint64_t days_committed, days_published;
    uint64_t days_stated, draws_checked; /* days whose draws were computed again, and how many draws */
    uint64_t backwards; /* entries that lie more than a minute before the latest time seen so far */
    uint64_t first_backwards_line; /* counted from 1; 0 when none */
    tmg_note_key key;
} tmg_verify_report;

/* TMG_OK: the log is whole.  Anything else: the sentence names the line or checkpoint that is wrong. */
TMG_MUST_USE tmg_rc tmg_verify_folder(const tmg_verify_request *rq, tmg_verify_report *ret, tmg_err *err);

/* ---- its parts ---- */

/* Lines of a file, however large the file is. */
typedef struct tmg_lines {
    FILE *file;
    const char *name;
    char *room; /* TMG_VERIFY_LINE_MAX bytes, made when the first line is read */
    size_t have, used;
    uint64_t line; /* number of the line last read, from 1 */
} tmg_lines;
/* *ret is the absent span at the end.  A line over 1 MiB, or a last one without its end, is TMG_E_INVALID. */
TMG_MUST_USE tmg_rc tmg_lines_next(tmg_lines *l, tmg_span *ret, tmg_err *err);
void tmg_lines_done(tmg_lines *l);

/* What the random draws of a day must satisfy once its key is known.  "declaration.lodged" says which reference stood
 * for choice on which day, "draws.stated" what became of all of them. */
typedef struct tmg_draw_check tmg_draw_check;
tmg_draw_check *tmg_draw_check_new(void);
void tmg_draw_check_free(tmg_draw_check *c); /* NULL is accepted */
void tmg_draw_check_lodged(tmg_draw_check *c, const tmg_json *entry);
TMG_MUST_USE tmg_rc tmg_draw_check_stated(tmg_draw_check *c, const tmg_json *entry, tmg_err *err);
/* Computes the draws of the day with its key; forgets the day. */
TMG_MUST_USE tmg_rc tmg_draw_check_day(tmg_draw_check *c, const char *day, const uint8_t *key, size_t key_len,
                                       tmg_verify_report *report, tmg_err *err);

/* What the entries themselves must satisfy: own number, readable time, day keys as they were committed. */
typedef struct tmg_day_commitment {
    char day[24];
    tmg_sha256 commitment;
    bool published;
} tmg_day_commitment;
typedef struct tmg_entry_check {
    tmg_day_commitment *days; /* in the order of the log */
    size_t day_count, day_room;
    int64_t latest_ms;
    tmg_draw_check *draws;
    tmg_verify_report *report;
} tmg_entry_check;
TMG_MUST_USE tmg_rc tmg_entry_check_next(tmg_entry_check *c, tmg_span line, uint64_t seq, tmg_err *err);
void tmg_entry_check_done(tmg_entry_check *c);

#endif
