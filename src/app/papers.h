/* app/papers.h - official papers and the period's report of a centre: asked for, made, kept.
 *
 * A paper is made in three steps, so that nothing slow runs on the writer's thread: it is *prepared* in a
 * write job (rights; who reads persons is logged), *made* on any thread from one view of the registry and
 * kept as an evidence file, and *entered* in a write job (table paper, and the leaf "paper.issued" with its
 * hash).
 */
#ifndef TMG_APP_PAPERS_H
#define TMG_APP_PAPERS_H

#include "app/casework.h"
#include "report/parts.h"
#include "report/rows.h"

/* kind        about                                        what
 * target      consignment:ID or post:CODE                  the shift's target sheets, one per consignment
 * act         order:ID                                     inspection act
 * seizure     seizure:ID                                   seizure record with custody labels
 * dossier     case:ID                                      the case without its persons ...
 * dossier_persons  case:ID                                 ... and with them, for a stated purpose
 * custody_act, destruction_act  custody:ID                 act of sealing, weighing, handing over; of
 * destruction state, customs   period:FROM/TO or period:FROM/TO;FROM/TO  the period's report, compared with
 * another
 */
typedef struct tmg_paper_ask {
    tmg_span kind, about, language, purpose;
    tmg_span format; /* pdf, xlsx, csv; absent: pdf */
} tmg_paper_ask;

enum { TMG_PAPER_MAX = 32 << 20 };

typedef struct tmg_paper_made {
    tmg_paper_ask ask;
    int64_t issued_ms;
    tmg_suspect *persons; /* of dossier_persons */
    size_t person_count;
    int pages;
    size_t bytes;
    char hash[2 * TMG_SHA256_LEN + 1];
} tmg_paper_made;

TMG_MUST_USE tmg_rc tmg_paper_prepare(tmg_centre *c, tmg_db *db, const tmg_actor *who,
                                      const tmg_paper_ask *ask, tmg_arena *a, tmg_paper_made *ret,
                                      tmg_err *err);
/* db: a connection without an open transaction.  The file is appended to `pdf`. */
TMG_MUST_USE tmg_rc tmg_paper_make(tmg_centre *c, tmg_db *db, const tmg_actor *who, tmg_paper_made *m,
                                   tmg_arena *a, tmg_buf *pdf, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_paper_enter(tmg_db *db, const tmg_actor *who, const tmg_paper_made *m, tmg_err *err);

/* A paper that was issued, by its hash (64 hex digits), appended to `pdf`: for those who may read what it is
 * about; a leaf.  Inside a write transaction. */
TMG_MUST_USE tmg_rc tmg_paper_read(const tmg_centre *c, tmg_db *db, const tmg_actor *who, tmg_span hash,
                                   tmg_span purpose, tmg_arena *a, tmg_buf *pdf, tmg_err *err);

typedef struct tmg_report_ask {
    tmg_period now, before;
    bool compared;
    tmg_report_layout layout;
    bool publication; /* a copy without small counts of persons (config/publication.ini) */
} tmg_report_ask;
/* "2021-01-01/2021-09-30", or two of them parted by a semicolon. */
TMG_MUST_USE tmg_rc tmg_report_ask_read(tmg_span text, int offset_min, tmg_report_ask *ret, tmg_err *err);
/* The figures with what does not add up in them, and between them and the reports that were published of the
 * same period.  Inside a read transaction for one view. */
TMG_MUST_USE tmg_rc tmg_report_read(const tmg_centre *c, tmg_db *db, const tmg_report_ask *ask, tmg_arena *a,
                                    tmg_report *ret, tmg_err *err);
typedef struct tmg_parts_found {
    tmg_figure_part *list; /* those that `who` may read */
    size_t count, hidden;  /* ... and how many there are besides */
} tmg_parts_found;
/* What stands behind a figure: cases for those who may read them and whom their compartment lets, seizures
 * for those who may read them at their post.  Of persons only for a stated purpose and with the right to read
 * suspects: TMG_E_DENIED, TMG_E_INVALID.  Inside a read transaction. */
TMG_MUST_USE tmg_rc tmg_report_parts(tmg_db *db, const tmg_actor *who, const tmg_figure_ask *ask,
                                     tmg_span purpose, tmg_arena *a, tmg_parts_found *ret, tmg_err *err);
/* A published report held against itself and the registry. */
TMG_MUST_USE tmg_rc tmg_published_against(const tmg_centre *c, tmg_db *db, const tmg_published *p,
                                          tmg_arena *a, tmg_gap **ret, size_t *ret_count, tmg_err *err);
/* Keeps it by its code.  An earlier text is replaced by who kept it, or by who has report.replace
 * (TMG_E_DENIED), and stays readable; the same text again changes nothing.  Inside a write transaction; a
 * leaf. */
TMG_MUST_USE tmg_rc tmg_published_keep(tmg_db *db, const tmg_actor *who, const tmg_published *p,
                                       tmg_span json, tmg_err *err);
typedef struct tmg_published_kept {
    tmg_span code, title, source, by, figures; /* by: absent where nobody knows; figures: JSON, or absent */
    int32_t from_day, to_day;
    int64_t kept_ms, replaced_ms; /* TMG_NONE: not known; it stands */
} tmg_published_kept;
/* Those that stand, each followed by what it replaced, newest period first, at most 200; of one code with
 * their figures, of all (code absent) without. */
TMG_MUST_USE tmg_rc tmg_published_kept_list(tmg_db *db, tmg_span code, tmg_arena *a, tmg_published_kept **ret,
                                            size_t *ret_count, tmg_err *err);
/* The words of papers, with the centre's code lists behind them. */
TMG_MUST_USE tmg_rc tmg_centre_paper_words(const tmg_centre *c, tmg_span language, tmg_arena *a,
                                           tmg_paper_words **ret, tmg_err *err);

#endif
