/* What stands around the condition: who answers for the rule, until when, and what it says to whom. */
#include "rule/lang_priv.h"

static tmg_place place(const tmg_rreader *r, tmg_clause c, const tmg_rule *rule)
{
    if (r->seen[c].raw.ptr != NULL)
        return tmg_place_token(&r->seen[c]);
    return (tmg_place){rule->line, 1, 4};
}

/* In any language will do. */
static bool is_said(const tmg_rreader *r, tmg_clause c)
{
    tmg_rule_saying s = c == TMG_CL_TITLE ? TMG_SAYS_TITLE : TMG_SAYS_WHY;
    bool said = r->seen[c].raw.ptr != NULL;

    for (int t = 0; (c == TMG_CL_TITLE || c == TMG_CL_WHY) && t < TMG_TONGUES; t++)
        said = said || r->seen[tmg_clause_in(s, (tmg_tongue)t)].raw.ptr != NULL;
    return said;
}

static void check_missing(tmg_rreader *r, const tmg_rule *rule)
{
    static const struct {
        tmg_clause clause;
        const char *why;
    } wanted[] = {
        {TMG_CL_TITLE, "a title: what the rule is about"},
        {TMG_CL_OWNER, "an owner: who answers for it"},
        {TMG_CL_BASIS, "a basis: the law or order it rests on"},
        {TMG_CL_EXPIRES, "an expiry: rules that nobody looks at again rot"},
        {TMG_CL_WHY, "a why: what officers are told"},
    };

    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (!is_said(r, wanted[i].clause))
            tmg_lang_fault(r, TMG_FAULT_WARNING, (tmg_place){rule->line, 1, 4},
                           "a draft may lack it, a proposal not", "the rule lacks %s", wanted[i].why);
    if (r->seen[TMG_CL_WHEN].raw.ptr == NULL)
        tmg_lang_fault(r, TMG_FAULT_SYNTAX, (tmg_place){rule->line, 1, 4},
                       "`when true` hits everything in scope", "the rule has no `when`");
    if (r->seen[TMG_CL_THEN].raw.ptr == NULL)
        tmg_lang_fault(r, TMG_FAULT_SYNTAX, (tmg_place){rule->line, 1, 4}, "as in `then lane red 100%`",
                       "the rule has no `then`");
}

static void check_expiry(tmg_rreader *r, const tmg_rule *rule)
{
    TMG_AUTO_BUF b = {0};

    if (r->lex == NULL || r->lex->today == INT32_MIN || rule->expires_day == INT32_MIN ||
        rule->expires_day >= r->lex->today)
        return;
    tmg_buf_init(&b, 64);
    tmg_day_write(&b, rule->expires_day);
    tmg_lang_fault(r, TMG_FAULT_LIMIT, place(r, TMG_CL_EXPIRES, rule), "give it a later day, or retire it",
                   "the rule expired on %s", b.ptr);
}

static bool has_reference(const tmg_rnode *n)
{
    return n != NULL && (n->op == TMG_R_REFERENCE || has_reference(n->a) || has_reference(n->b));
}

/* What may stand between { and } in the note. */
static void check_filling(tmg_rreader *r, const tmg_rule *rule, tmg_clause c, tmg_span name)
{
    tmg_place p = place(r, c, rule);

    if (tmg_rule_field_by_name(name) != NULL || tmg_lang_protected(r, name, p))
        return;
    if (tmg_span_starts(name, "ref.")) {
        static const char *const kinds[] = {"ref.median", "ref.quantile", "ref.mad", "ref.count"};

        for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
            if (tmg_span_is(name, kinds[i]) && (rule->when == NULL || has_reference(rule->when)))
                return;
    }
    tmg_lang_fault(r, TMG_FAULT_UNKNOWN_NAME, p, tmg_guess_field(r, name),
                   "{%.*s} in the note stands for no field and no reference of this rule",
                   TMG_SPAN_ARG(tmg_utf8_cut(name, 60)));
}

static void check_why(tmg_rreader *r, const tmg_rule *rule, tmg_clause c, tmg_span why)
{
    tmg_span rest = why;
    const char *open;

    while (rest.len > 0 && (open = memchr(rest.ptr, '{', rest.len)) != NULL) {
        size_t left = rest.len - (size_t)(open - rest.ptr);
        const char *close = memchr(open, '}', left);

        if (close == NULL) {
            tmg_lang_fault(r, TMG_FAULT_SYNTAX, place(r, c, rule), NULL, "a { in the note is not closed");
            return;
        }
        check_filling(r, rule, c, (tmg_span){open + 1, (size_t)(close - open - 1)});
        rest = (tmg_span){close + 1, left - (size_t)(close + 1 - open)};
    }
}

static void check_text(tmg_rreader *r, const tmg_rule *rule, tmg_clause c, tmg_span text)
{
    if (r->seen[c].raw.ptr == NULL)
        return;
    if (tmg_span_trim(text).len == 0)
        tmg_lang_fault(r, TMG_FAULT_TYPE, place(r, c, rule), NULL, "`%s` is empty", tmg_clause_word(c));
    if (text.len > TMG_MAX_TEXT)
        tmg_lang_fault(r, TMG_FAULT_LIMIT, place(r, c, rule), NULL, "`%s` has more than %d bytes",
                       tmg_clause_word(c), TMG_MAX_TEXT);
}

static void check_trader(tmg_rreader *r, const tmg_rule *rule, tmg_clause c, tmg_span text)
{
    if (text.len > 0 && memchr(text.ptr, '{', text.len) != NULL)
        tmg_lang_fault(r, TMG_FAULT_TYPE, place(r, c, rule), "only `why` may show values",
                       "what the trader is told shows no values of the rule");
}

static void check_tongues(tmg_rreader *r, const tmg_rule *rule)
{
    tmg_rule_saying s;
    tmg_tongue t;

    for (int i = TMG_CL_IN_TONGUES; i < TMG_CLAUSES; i++) {
        tmg_clause c = (tmg_clause)i;

        if (!tmg_clause_is_in_tongue(c, &s, &t) || r->seen[c].raw.ptr == NULL)
            continue;
        check_text(r, rule, c, rule->in[s][t]);
        if (s == TMG_SAYS_WHY)
            check_why(r, rule, c, rule->in[s][t]);
        else if (s == TMG_SAYS_TRADER)
            check_trader(r, rule, c, rule->in[s][t]);
    }
}

void tmg_check_metadata(tmg_rreader *r, tmg_rule *rule)
{
    check_missing(r, rule);
    check_expiry(r, rule);
    check_text(r, rule, TMG_CL_TITLE, rule->title);
    check_text(r, rule, TMG_CL_OWNER, rule->owner);
    check_text(r, rule, TMG_CL_BASIS, rule->basis);
    check_text(r, rule, TMG_CL_WHY, rule->why);
    check_text(r, rule, TMG_CL_TRADER, rule->trader_reason);
    if (r->seen[TMG_CL_WHY].raw.ptr != NULL)
        check_why(r, rule, TMG_CL_WHY, rule->why);
    if (r->seen[TMG_CL_TRADER].raw.ptr != NULL)
        check_trader(r, rule, TMG_CL_TRADER, rule->trader_reason);
    check_tongues(r, rule);
    if (rule->weight_mdB != 0 && rule->offences == 0)
        tmg_lang_fault(r, TMG_FAULT_TYPE, place(r, TMG_CL_THEN, rule),
                       "add `offence fraud`, `offence critical` or both",
                       "a weight needs to say of which offence it is evidence");
}
