/* app/papers_priv.h - what the files of the papers share while one is drafted. */
#ifndef TMG_APP_PAPERS_PRIV_H
#define TMG_APP_PAPERS_PRIV_H

#include "app/centre_priv.h"
#include "app/papers.h"

typedef struct tmg_draft {
    tmg_centre *centre;
    tmg_db *db;
    const tmg_actor *who;
    const tmg_paper_made *made;
    tmg_arena *arena;
    tmg_paper_words *words;
    tmg_paper *paper;
    int offset_min;
} tmg_draft;

/* The kinds of papers; each writes its sheets. */
TMG_MUST_USE tmg_rc tmg_draft_target(tmg_draft *d, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_draft_act(tmg_draft *d, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_draft_seizure(tmg_draft *d, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_draft_custody(tmg_draft *d, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_draft_dossier(tmg_draft *d, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_draft_report(tmg_draft *d, tmg_err *err);

/* "case:17" -> 17 */
TMG_MUST_USE tmg_rc tmg_about_id(tmg_span about, const char *kind, int64_t *ret, tmg_err *err);

/* The name of a row; absent when there is none. what: "account", "post", "officer", "instrument". */
tmg_span tmg_draft_name(tmg_draft *d, const char *what, int64_t id);
tmg_span tmg_draft_time(tmg_draft *d, int64_t at_ms); /* absent for TMG_NONE and 0 */
/* A word of the paper's own section. */
#define TMG_W(d, section, key) tmg_paper_word((d)->words, section, key)
/* Words of a code whose section of the words has one for each. */
tmg_span tmg_draft_code(tmg_draft *d, const char *section, const char *code);
tmg_span tmg_draft_state(tmg_draft *d, const char *flow, tmg_span state);
tmg_span tmg_draft_substance(tmg_draft *d, tmg_span code);
/* "25 kg, gross; 120 tablets" */
tmg_span tmg_draft_quantity(tmg_draft *d, const tmg_substance_line *l);
/* "IR > AZ > GE" */
tmg_span tmg_draft_route(tmg_draft *d, const tmg_declaration *decl);
tmg_span tmg_draft_party(tmg_draft *d, const tmg_party *p);
tmg_span tmg_draft_equipment(tmg_draft *d, const tmg_declaration *decl, tmg_equipment_kind kind);
/* The items of a declaration, as a section. */
void tmg_draft_goods(tmg_draft *d, const tmg_declaration *decl);
/* What the group of a level has in common: "HS 0807.11 + departure IR". */
tmg_span tmg_draft_group(tmg_draft *d, const tmg_declaration *decl, int32_t item_no, uint8_t depth);
/* What a control found, as a section. */
void tmg_draft_result(tmg_draft *d, const tmg_result *r, int64_t entered_by);
/* Lines of a seizure: as seized, and what took their place. */
void tmg_draft_lines(tmg_draft *d, const tmg_seizure *z);
/* Beside a chain of custody: its incidents, and whether it answers to the log. */
TMG_MUST_USE tmg_rc tmg_draft_custody_proof(tmg_draft *d, int64_t exhibit_id, tmg_err *err);

#endif
