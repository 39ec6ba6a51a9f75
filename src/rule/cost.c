/* What a rule costs at most per row, in comparisons, and what makes two sources the same rule. */
#include "rule/lang_priv.h"

/* Round figures on the cautious side: a list is a hash and a search, a window walks one entity's days, a
 * reference sorts nothing but reads a summary, names are searched by trigrams and judged word by word. */
enum {
    COST_LIKE = 8,
    COST_LIST = 4,
    COST_SENSE = 8,
    COST_WINDOW = 64,
    COST_REFERENCE = 32,
    COST_NAMES = 4000,
    COST_NAME = 200
};

static int64_t of_one(const tmg_rnode *n)
{
    switch (n->op) {
    case TMG_R_LIKE:
        return COST_LIKE * (int64_t)n->text_count;
    case TMG_R_IN:
    case TMG_R_UNDER:
    case TMG_R_HAS:
    case TMG_R_HAS_UNDER:
        return (int64_t)n->text_count;
    case TMG_R_IN_LIST:
        return COST_LIST;
    case TMG_R_SIGNAL:
    case TMG_R_REPEATS:
    case TMG_R_FIRST:
    case TMG_R_P:
        return COST_SENSE;
    case TMG_R_WINDOW:
        return COST_WINDOW + (n->window->where != NULL ? tmg_rule_cost(n->window->where) : 0);
    case TMG_R_REFERENCE:
        return COST_REFERENCE;
    case TMG_R_NAME_LIKE:
        return COST_NAMES;
    case TMG_R_NAME_LIKE_FIELD:
        return COST_NAME;
    case TMG_R_AND:
    case TMG_R_OR:
    case TMG_R_NOT:
    case TMG_R_TRUE:
    case TMG_R_FIELD:
    case TMG_R_NUMBER:
        return 0;
    default:
        return 1;
    }
}

int64_t tmg_rule_cost(const tmg_rnode *n)
{
    return of_one(n) + (n->a != NULL ? tmg_rule_cost(n->a) : 0) + (n->b != NULL ? tmg_rule_cost(n->b) : 0);
}

/* The line up to a # outside a text, without white space at its end. */
static tmg_span without_comment(tmg_span line)
{
    bool in_text = false;
    size_t len = line.len;

    for (size_t i = 0; i < line.len; i++) {
        if (in_text && line.ptr[i] == '\\')
            i++;
        else if (line.ptr[i] == '"')
            in_text = !in_text;
        else if (line.ptr[i] == '#' && !in_text) {
            len = i;
            break;
        }
    }
    while (len > 0 && strchr(" \t\r", line.ptr[len - 1]) != NULL)
        len--;
    return (tmg_span){line.ptr, len};
}

tmg_sha256 tmg_rule_hash(tmg_span text)
{
    TMG_AUTO_BUF b = {0};
    tmg_span line;

    tmg_buf_init(&b, text.len + 2);
    while (tmg_span_split(&text, '\n', &line)) {
        line = without_comment(line);
        if (line.len == 0)
            continue;
        tmg_buf_span(&b, line);
        tmg_buf_char(&b, '\n');
    }
    return tmg_sha256_of(b.ptr, b.len);
}
