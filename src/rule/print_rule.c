/* A whole rule in the house's own layout, its comments before the clauses they stood in or before. */
#include "base/qty.h"
#include "rule/lang_priv.h"

enum { WIDE = 100, INDENT = 10 };

/* Which clause a comment belongs to: the one it stands in or behind on the same line, else the next; -1: the
 * end. */
static ptrdiff_t clause_of(const tmg_rule_layout *l, tmg_span comment)
{
    for (size_t i = 0; i < l->clause_count; i++) {
        const tmg_clause_at *c = &l->clauses[i];

        if (comment.ptr < c->to)
            return (ptrdiff_t)i;
        if (memchr(c->to, '\n', (size_t)(comment.ptr - c->to)) == NULL)
            return (ptrdiff_t)i;
    }
    return -1;
}

static void write_comments(tmg_buf *b, const tmg_rule *r, int clause, ptrdiff_t which)
{
    const tmg_rule_layout *l = r->layout;

    for (size_t i = 0; l != NULL && i < l->comment_count; i++) {
        ptrdiff_t at = clause_of(l, l->comments[i]);

        if (at == which || (which == -2 && at >= 0 && l->clauses[at].clause == clause))
            tmg_buf_fmt(b, "  %.*s\n", TMG_SPAN_ARG(l->comments[i]));
    }
}

static void head(tmg_buf *b, const tmg_rule *r, tmg_clause c)
{
    write_comments(b, r, (int)c, -2);
    tmg_buf_fmt(b, "  %-7s ", tmg_clause_word(c));
}

static void text_clause(tmg_buf *b, const tmg_rule *r, tmg_clause c, tmg_span text)
{
    if (text.ptr == NULL)
        return;
    head(b, r, c);
    tmg_text_write(b, text);
    tmg_buf_char(b, '\n');
}

static bool was_written(const tmg_rule *r, tmg_clause c)
{
    for (size_t i = 0; r->layout != NULL && i < r->layout->clause_count; i++)
        if (r->layout->clauses[i].clause == (int)c)
            return true;
    return r->layout == NULL;
}

/* The plain saying, unless it only stands for that of a language, and behind it each language's. */
static void sayings(tmg_buf *b, const tmg_rule *r, tmg_clause plain, tmg_span text, tmg_rule_saying s)
{
    if (was_written(r, plain))
        text_clause(b, r, plain, text);
    for (int t = 0; t < TMG_TONGUES; t++)
        text_clause(b, r, tmg_clause_in(s, (tmg_tongue)t), r->in[s][t]);
}

/* Bare where its letters are those of codes. */
static void write_owner(tmg_buf *b, tmg_span s)
{
    bool bare = s.len > 0 && ((s.ptr[0] >= 'a' && s.ptr[0] <= 'z') || (s.ptr[0] >= 'A' && s.ptr[0] <= 'Z') ||
                              (s.ptr[0] >= '0' && s.ptr[0] <= '9'));

    for (size_t i = 0; i < s.len; i++)
        bare = bare && ((s.ptr[i] >= 'a' && s.ptr[i] <= 'z') || (s.ptr[i] >= 'A' && s.ptr[i] <= 'Z') ||
                        (s.ptr[i] >= '0' && s.ptr[i] <= '9') || strchr("._:/-", s.ptr[i]) != NULL);
    if (bare)
        tmg_buf_span(b, s);
    else
        tmg_text_write(b, s);
}

static void write_where(tmg_buf *b, const tmg_rule *r)
{
    const char *between = "";

    if (r->scope != 0) {
        head(b, r, TMG_CL_SCOPE);
        for (int i = TMG_IMPORT; i <= TMG_TRANSIT; i++)
            if ((r->scope & 1U << i) != 0) {
                tmg_buf_fmt(b, "%s%s", between, tmg_regime_name((tmg_regime)i));
                between = ", ";
            }
        tmg_buf_char(b, '\n');
    }
    if (r->post_count > 0) {
        head(b, r, TMG_CL_POSTS);
        for (size_t i = 0; i < r->post_count; i++) {
            tmg_buf_z(b, i > 0 ? ", " : "");
            write_owner(b, r->posts[i]);
        }
        tmg_buf_char(b, '\n');
    }
}

/* On one line when it fits, else one term to a line. */
static void write_when(tmg_buf *b, const tmg_rule *r)
{
    TMG_AUTO_BUF line = {0};
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    const tmg_rnode **terms = tmg_alloc_array(a, TMG_MAX_RULE_TEXT, sizeof *terms);
    tmg_rop op = r->when->op == TMG_R_OR ? TMG_R_OR : TMG_R_AND;
    size_t count;

    head(b, r, TMG_CL_WHEN);
    tmg_buf_init(&line, 1 << 20);
    tmg_node_write(&line, r->when);
    if (line.len <= WIDE - INDENT) {
        tmg_buf_span(b, tmg_buf_as_span(&line));
        tmg_buf_char(b, '\n');
        return;
    }
    count = tmg_node_terms(r->when, op, terms, TMG_MAX_RULE_TEXT);
    for (size_t i = 0; i < count;) {
        if (i > 0)
            tmg_buf_fmt(b, "%*s%-3s ", INDENT - 4, "", op == TMG_R_OR ? "or" : "and");
        i += tmg_node_write_group(b, terms + i, count - i, op);
        tmg_buf_char(b, '\n');
    }
}

static void write_means(tmg_buf *b, unsigned means)
{
    const char *between = "";

    for (unsigned bit = 1; bit <= TMG_MEANS_ALL; bit <<= 1)
        if ((means & bit) != 0) {
            tmg_buf_fmt(b, "%s%s", between, tmg_means_name(bit));
            between = ", ";
        }
}

static void write_then(tmg_buf *b, const tmg_rule *r)
{
    const char *before = "";

    head(b, r, TMG_CL_THEN);
    if (r->lane != 0) {
        tmg_buf_fmt(b, "lane %s ", tmg_lane_name(r->lane));
        tmg_decimal_write(b, r->share_ppm, 4);
        tmg_buf_char(b, '%');
        before = "  ";
    }
    if (r->weight_mdB != 0 || r->lane == 0) {
        tmg_buf_fmt(b, "%sweight %s", before, r->weight_mdB >= 0 ? "+" : "");
        tmg_decimal_write(b, r->weight_mdB, 3);
        tmg_buf_z(b, " dB");
    }
    if (r->offences != 0)
        tmg_buf_fmt(b, "  offence %s%s%s", (r->offences & TMG_OFFENCE_FRAUD) != 0 ? "fraud" : "",
                    r->offences == (TMG_OFFENCE_FRAUD | TMG_OFFENCE_CRITICAL) ? ", " : "",
                    (r->offences & TMG_OFFENCE_CRITICAL) != 0 ? "critical" : "");
    if (r->means != 0) {
        tmg_buf_z(b, "  check ");
        write_means(b, r->means);
    }
    tmg_buf_char(b, '\n');
}

/* Tests are kept as they were written, but for blanks. */
static void write_tests(tmg_buf *b, const tmg_rule *r)
{
    const tmg_rule_layout *l = r->layout;

    for (size_t i = 0; l != NULL && i < l->clause_count; i++) {
        const tmg_clause_at *c = &l->clauses[i];
        bool in_text = false, in_comment = false, blank = false;

        if (c->clause != TMG_CL_TEST)
            continue;
        write_comments(b, r, 0, (ptrdiff_t)i);
        tmg_buf_z(b, "  test   ");
        for (const char *p = c->from + strlen("test"); p < c->to; p++) {
            in_comment = !in_text && (in_comment ? *p != '\n' : *p == '#');
            if (in_comment || (!in_text && strchr(" \t\r\n", *p) != NULL)) {
                blank = true;
                continue;
            }
            if (blank)
                tmg_buf_char(b, ' ');
            blank = false;
            if (in_text && *p == '\\' && p + 1 < c->to)
                tmg_buf_char(b, *p++);
            else if (*p == '"')
                in_text = !in_text;
            tmg_buf_char(b, *p);
        }
        tmg_buf_char(b, '\n');
    }
}

void tmg_rule_write(tmg_buf *b, const tmg_rule *r)
{
    tmg_buf_z(b, "rule ");
    tmg_text_write(b, r->name);
    tmg_buf_fmt(b, " version %d {\n", r->version);
    sayings(b, r, TMG_CL_TITLE, r->title, TMG_SAYS_TITLE);
    if (r->owner.ptr != NULL) {
        head(b, r, TMG_CL_OWNER);
        write_owner(b, r->owner);
        tmg_buf_char(b, '\n');
    }
    text_clause(b, r, TMG_CL_BASIS, r->basis);
    if (r->expires_day != INT32_MIN) {
        head(b, r, TMG_CL_EXPIRES);
        tmg_day_write(b, r->expires_day);
        tmg_buf_char(b, '\n');
    }
    write_where(b, r);
    write_when(b, r);
    write_then(b, r);
    sayings(b, r, TMG_CL_WHY, r->why, TMG_SAYS_WHY);
    sayings(b, r, TMG_CL_TRADER, r->trader_reason, TMG_SAYS_TRADER);
    write_tests(b, r);
    write_comments(b, r, 0, -1);
    tmg_buf_z(b, "}\n");
}

/* What stands before, between and behind rules: comments, and one blank line for any number. */
static void write_between(tmg_buf *b, tmg_span text)
{
    tmg_span line;
    bool blank = false;

    if (b->len > 0 && tmg_span_starts(text, "\n")) /* the end of the rule's own line */
        text = (tmg_span){text.ptr + 1, text.len - 1};
    while (tmg_span_split(&text, '\n', &line)) {
        line = tmg_span_trim(line);
        if (line.len > 0 && blank && b->len > 0)
            tmg_buf_char(b, '\n');
        if (line.len > 0)
            tmg_buf_fmt(b, "%.*s\n", TMG_SPAN_ARG(line));
        blank = line.len == 0 && (blank || text.ptr != NULL);
    }
    if (blank && b->len > 0)
        tmg_buf_char(b, '\n');
}

void tmg_rules_format(tmg_buf *b, tmg_span source, const tmg_reading *reading)
{
    size_t at = 0;

    for (size_t i = 0; i < reading->rule_count; i++) {
        const tmg_rule *r = &reading->rules[i];
        size_t before = b->len;

        write_between(b, (tmg_span){source.ptr + at, r->layout->at - at});
        if (i > 0 && b->len == before)
            tmg_buf_char(b, '\n');
        tmg_rule_write(b, r);
        at = r->layout->at + r->text.len;
    }
    while (source.len > at && strchr(" \t\r\n", source.ptr[source.len - 1]) != NULL)
        source.len--;
    if (source.len > at)
        write_between(b, (tmg_span){source.ptr + at, source.len - at});
}
