/* rule/rule.h - rules that analysts write: reading them, matching thousands at once, and saying exactly why.
 *
 * The language is described in docs/rules.md.  From text to hits:
 *
 *     text -> tmg_rules_read: checked rules, or faults with line and column        (rule/lex.c, parse.c, check.c)
 *          -> tmg_ruleset_build: one immutable compiled set                         (rule/compile.c, index.c)
 *          -> tmg_ruleset_match: every rule that hits a row, with its evidence      (rule/match.c, residual.c)
 *     what a row alone cannot tell (windows, references, lists, names, probabilities, signals) is asked of
 *     tmg_rule_senses; the centre's own answers come from a tmg_book                (rule/book.c, reference.c, lists.c)
 *
 * Protected attributes of natural persons (sex, ethnicity, religion, birth date, nationality) cannot be named: it is a
 * fault of kind TMG_FAULT_PROTECTED, which the caller also writes into the log.
 *
 * Thread rules stand with each part.  Floating point is not used: numbers are micro (rule/fields.h).
 */
#ifndef TMG_RULE_RULE_H
#define TMG_RULE_RULE_H

#include "base/hash.h"
#include "rule/fields.h"
#include "store/store.h"

/* ---- reading rules (pure; any thread) ---- */

typedef enum tmg_fault_kind {
    TMG_FAULT_SYNTAX,
    TMG_FAULT_TYPE,
    TMG_FAULT_UNKNOWN_NAME,
    TMG_FAULT_PROTECTED,
    TMG_FAULT_LIMIT,   /* too long, too deep, too costly */
    TMG_FAULT_TEST,    /* an inline test did not come out as it says */
    TMG_FAULT_WARNING  /* the rule works, but look here */
} tmg_fault_kind;
typedef struct tmg_fault {
    tmg_fault_kind kind;
    int line, column, length; /* from 1; bytes of the line */
    const char *said;         /* "expected a number after `<`, found the text \"IR\"" */
    const char *help;         /* "did you mean `consignee`?", or NULL */
    const char *form, *values; /* of `said`, as base/say.h has them */
    const char *help_form, *help_values; /* of `help`; NULL without one */
} tmg_fault;

typedef enum tmg_offence { TMG_OFFENCE_FRAUD = 1, TMG_OFFENCE_CRITICAL = 2 } tmg_offence; /* bits */

struct tmg_rnode;
enum { TMG_MAX_RULE_POSTS = 64, TMG_MAX_RULE_TEXT = 64 << 10, TMG_MAX_RULE_DEPTH = 64 };

/* What a rule says to people, and in which languages it may say it: `title.az "..."` beside `title "..."`. */
typedef enum tmg_rule_saying { TMG_SAYS_TITLE, TMG_SAYS_WHY, TMG_SAYS_TRADER, TMG_SAYINGS_OF_RULE } tmg_rule_saying;
typedef enum tmg_tongue { TMG_EN, TMG_AZ, TMG_RU, TMG_TONGUES } tmg_tongue;
const char *tmg_tongue_code(tmg_tongue t); /* "en" */
struct tmg_json_out;
/* A member with what is said in each language, of those in which it is: {"az": "...", "ru": "..."}. */
void tmg_tongues_write(struct tmg_json_out *j, const char *key, const tmg_span in[TMG_TONGUES]);

/* A checked rule.  Everything lives in the arena it was read into. */
typedef struct tmg_rule {
    tmg_span name;          /* "DRUG-IR-0042" */
    int32_t version;        /* as written; the registry counts its own */
    tmg_span title, owner, basis; /* what it is about; who answers for it; its legal basis */
    int32_t expires_day;    /* civil day; the rule is dead after it.  INT32_MIN when not given (drafts only) */
    unsigned scope;         /* bits 1 << tmg_regime; 0: all */
    tmg_span posts[TMG_MAX_RULE_POSTS];
    size_t post_count;      /* 0: every post */
    const struct tmg_rnode *when;
    tmg_lane lane;          /* 0: the rule only adds weight */
    int64_t share_ppm;      /* of the hits that are sent to that lane; 1,000,000 is all.  Others: as chance and profile say */
    int64_t weight_mdB;     /* weight of evidence the author gives it until results teach better; may be negative */
    unsigned offences;      /* tmg_offence bits: which probability it speaks about */
    unsigned means;         /* TMG_MEANS_ bits it asks for */
    tmg_span why;           /* note for officers; {field} and {ref} stand for values */
    tmg_span trader_reason; /* what the trader may be told; no need-to-know in it */
    tmg_span in[TMG_SAYINGS_OF_RULE][TMG_TONGUES]; /* the same in a language; absent where the rule does not say it in it.
                                                      Where only languages are given the plain ones are the first of them */
    tmg_span text;          /* the rule's own source */
    tmg_sha256 hash;        /* of the source without white space at line ends and comments */
    int64_t cost;           /* bound on its work per row in comparisons: 1 a comparison, more for lists, names and windows */
    int line;               /* where it starts in the source */
    const struct tmg_rule_layout *layout; /* its comments and tests, for tmg_rule_write */
} tmg_rule;

/* What checking needs to know of the centre; all may be absent. */
typedef struct tmg_rule_lexicon {
    const tmg_span *lists, *posts, *signals; /* names that exist: of lists, posts (codes) and kinds of signals */
    size_t list_count, post_count, signal_count;
    int32_t today; /* INT32_MIN: expiry is not checked */
    int offset_min;
} tmg_rule_lexicon;

typedef struct tmg_reading {
    tmg_rule *rules; /* those without faults, in order of the source */
    size_t rule_count;
    tmg_fault *faults; /* in order of the source, at most 100 */
    size_t fault_count;
} tmg_reading;
/* Reads a source of one or more rules; after a fault it goes on with the next rule.  Inline tests are run.  Never
 * fails: what is wrong is in ret->faults. */
void tmg_rules_read(tmg_span source, const tmg_rule_lexicon *lex, tmg_arena *a, tmg_reading *ret);
/* "7:15: error: ...", the line, a caret under the place, and the help. */
void tmg_fault_write(tmg_buf *b, const char *file, tmg_span source, const tmg_fault *f);
/* The rule in the house's own layout; reading it again gives the same tree. */
void tmg_rule_write(tmg_buf *b, const tmg_rule *r);
/* A whole source in that layout, with the comments between the rules.  For readings without faults only. */
void tmg_rules_format(tmg_buf *b, tmg_span source, const tmg_reading *reading);
const char *tmg_fault_kind_name(tmg_fault_kind k); /* "syntax", "type", "name", "protected", ... */

/* Selectivity criteria of ASYCUDA (++ and World) as Tamga rules in source form, one after the other.  What cannot be
 * carried over becomes a fault and the criterion is left out; the others stand. */
void tmg_asycuda_criteria(tmg_span source, tmg_span owner, tmg_arena *a, tmg_buf *ret_source, tmg_fault **ret_faults,
                          size_t *ret_count);

/* ---- what a row alone cannot tell ----
 * Each answers false for unknown.  NULL members answer unknown. */
struct tmg_window;
struct tmg_reference;
typedef struct tmg_rule_senses {
    void *ctx;
    bool (*window)(void *ctx, const tmg_row *row, const struct tmg_window *w, int64_t *ret_micro);
    bool (*reference)(void *ctx, const tmg_row *row, const struct tmg_reference *r, int64_t *ret_micro);
    bool (*first)(void *ctx, const tmg_row *row, tmg_code_field field, bool *ret);
    bool (*probability)(void *ctx, const tmg_row *row, tmg_harm harm, int64_t *ret_micro);
    bool (*repeats)(void *ctx, const tmg_row *row, bool *ret);
    bool (*signal)(void *ctx, const tmg_row *row, tmg_span kind, int64_t within_ms, bool *ret);
    bool (*listed)(void *ctx, const tmg_row *row, tmg_span list, tmg_span value, bool *ret);
    bool (*name_like)(void *ctx, const tmg_row *row, tmg_span list, tmg_span name, int64_t *ret_micro, tmg_span *ret_entry);
} tmg_rule_senses;

/* ---- the compiled set ----
 * Immutable once built: any number of threads may match with it at the same time, each with a tmg_matcher of its own.
 * It keeps copies of what it needs of the rules, not the rules. */
typedef struct tmg_ruleset tmg_ruleset;
/* Adds the rules' literals to the dictionary (so: on the dictionary's thread).  TMG_E_LIMIT when the rules together
 * would need more than 2 GiB. */
TMG_MUST_USE tmg_rc tmg_ruleset_build(const tmg_rule *const *rules, size_t count, tmg_dict *dict, tmg_ruleset **ret,
                                      tmg_err *err);
/* Sets are shared: hold adds an owner, let takes one away; the last one frees.  Atomic. */
tmg_ruleset *tmg_ruleset_hold(tmg_ruleset *s);
void tmg_ruleset_let(tmg_ruleset *s); /* NULL is accepted */
size_t tmg_ruleset_count(const tmg_ruleset *s);
/* What the set knows of rule i (order of building): borrowed while the set is held. */
const tmg_rule *tmg_ruleset_rule(const tmg_ruleset *s, size_t i);

/* One predicate that made a rule hit: "consignee.count 30d", "0", "<=", "1". */
typedef struct tmg_because {
    const char *fact;     /* as in the rule's source */
    const char *op;
    tmg_span value, limit; /* in words: values of this row, and what it was compared with */
} tmg_because;
typedef struct tmg_hit {
    uint32_t rule; /* index in the set */
    int32_t item_no;
} tmg_hit;
typedef struct tmg_matcher tmg_matcher;
tmg_matcher *tmg_matcher_new(tmg_ruleset *s); /* holds the set */
void tmg_matcher_free(tmg_matcher *m);
/* All rules that hit the row, in order of the set.  *ret_hits is the matcher's own and valid until its next call.  Also
 * counts how often each rule was unknown (tmg_matcher_unknown). */
size_t tmg_ruleset_match(tmg_matcher *m, const tmg_row *row, const tmg_rule_senses *senses, const tmg_hit **ret_hits);
/* How often rule i came out unknown since the matcher was made, and which fact was missing most recently. */
int64_t tmg_matcher_unknown(const tmg_matcher *m, size_t i, const char **ret_fact);
/* Why rule i hits the row: the predicates of its first true conjunction.  For those that hit only. */
void tmg_ruleset_because(tmg_matcher *m, uint32_t rule, const tmg_row *row, const tmg_rule_senses *senses, tmg_arena *a,
                         tmg_because **ret, size_t *ret_count);
/* The rule's sentence for officers with its {fields} filled in from the row. */
void tmg_ruleset_why(tmg_matcher *m, uint32_t rule, const tmg_row *row, const tmg_rule_senses *senses, tmg_buf *b);
/* The same in a language; nothing where the rule does not say it in that. */
void tmg_ruleset_why_in(tmg_matcher *m, uint32_t rule, tmg_tongue t, const tmg_row *row, const tmg_rule_senses *senses,
                        tmg_buf *b);
/* The slow and obvious way, for tests and for drafts: 1 hit, 0 miss, -1 unknown. */
int tmg_rule_judge(const tmg_rule *r, const tmg_row *row, const tmg_dict *dict, const tmg_rule_senses *senses);

/* ---- the book: everything lodged so far, as windows and references see it ----
 * Exact and as of any instant: an answer depends only on rows entered with at_ms before the asking row's, and on results
 * with known_at_ms not after it, whatever the order of entering.  One thread at a time. */
typedef struct tmg_book tmg_book;
tmg_book *tmg_book_new(const tmg_dict *dict);
void tmg_book_free(tmg_book *b);
/* All rows of one declaration.  A later version of the same consignment (by at_ms, then declaration_id) takes the
 * earlier one's place for whoever asks as of an instant after it; the same declaration entered again replaces itself.
 * First uses and ages count every version. */
void tmg_book_enter(tmg_book *b, const tmg_row *rows, size_t count);
void tmg_book_result(tmg_book *b, int64_t consignment_id, int64_t known_at_ms, bool found);
/* Windows and references that rules and models will ask for, so that the book keeps what they need; the book answers any
 * other too, slower. */
void tmg_book_prepare(tmg_book *b, const tmg_ruleset *s);
void tmg_book_prepare_these(tmg_book *b, const struct tmg_window *const *windows, size_t window_count,
                            const struct tmg_reference *const *references, size_t reference_count);
/* The book keeps 730 days before the recent instant, and 70 more; a window or reference that reaches further back than
 * what it keeps is unknown.  First uses and (prepared) ages are kept for good. */
bool tmg_book_window(tmg_book *b, const tmg_row *row, const struct tmg_window *w, int64_t *ret_micro);
bool tmg_book_reference(tmg_book *b, const tmg_row *row, const struct tmg_reference *r, int64_t *ret_micro);
bool tmg_book_first(tmg_book *b, const tmg_row *row, tmg_code_field field, bool *ret);
/* Fills window, reference, first, listed and name_like of *ret; the other members stay as they are.  The book and the
 * lists (either may be NULL) must outlive the use of *s, which becomes the context. */
typedef struct tmg_book_sight {
    tmg_book *book;
    const struct tmg_lists *lists;
} tmg_book_sight;
void tmg_book_senses(tmg_book_sight *s, tmg_rule_senses *ret);
size_t tmg_book_count(const tmg_book *b); /* rows */
size_t tmg_book_bytes(const tmg_book *b);

/* ---- lists: versioned, dated, need-to-know (rule/lists.c) ----
 * An entry holds from one instant to another; nothing is deleted, so a list can be read as of any instant. */
typedef struct tmg_lists tmg_lists;
typedef struct tmg_list_entry {
    int64_t id;
    tmg_span value;            /* a code, or a name where the list is of names */
    tmg_span note;
    int64_t from_ms, until_ms; /* until_ms TMG_NONE: for the time being */
} tmg_list_entry;
typedef struct tmg_list_info {
    tmg_span name, title, kind; /* kind: "code" or "name" */
    tmg_span owner;
    bool restricted;            /* its entries are shown to those with the right only */
    int64_t entries, changed_ms;
    int32_t version;            /* counts its changes */
} tmg_list_info;
TMG_MUST_USE tmg_rc tmg_list_all(tmg_db *db, tmg_arena *a, tmg_list_info **ret, size_t *ret_count, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_list_make(tmg_db *db, const tmg_list_info *l, int64_t account_id, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_list_entries(tmg_db *db, tmg_span list, int64_t as_of_ms, tmg_arena *a, tmg_list_entry **ret,
                                     size_t *ret_count, tmg_err *err);
/* Adds an entry, or ends one (by value) as of now.  Bumps the list's version. */
TMG_MUST_USE tmg_rc tmg_list_add(tmg_db *db, tmg_span list, const tmg_list_entry *e, int64_t account_id, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_list_end(tmg_db *db, tmg_span list, tmg_span value, int64_t account_id, tmg_err *err);
/* All lists in memory, for matching; immutable, so any number of threads may ask it. */
TMG_MUST_USE tmg_rc tmg_lists_load(tmg_db *db, tmg_lists **ret, tmg_err *err);
void tmg_lists_free(tmg_lists *l); /* NULL is accepted */
bool tmg_lists_has(const tmg_lists *l, tmg_span list, tmg_span value, int64_t at_ms, bool *ret); /* false: no such list */
/* The likest entry of a list of names: 1,000,000 is the same.  Folding (case, diacritics, az/ru/fa/tr/ka to Latin), word
 * order, initials and company forms do not count; typos count a little.  Trigrams find candidates, Jaro-Winkler per
 * word judges them. */
bool tmg_lists_likest(const tmg_lists *l, tmg_span list, tmg_span name, int64_t at_ms, int64_t *ret_micro,
                      tmg_span *ret_entry);
int64_t tmg_name_likeness(tmg_span x, tmg_span y); /* the same judgement of two names, micro */

#endif
