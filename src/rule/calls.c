/* Functions: everything that is asked beyond the row. */
#include "rule/lang_priv.h"

typedef struct function {
    const char *name;
    const char *form; /* how it is written, for messages */
    bool (*check)(tmg_rreader *r, const tmg_ast *n, const struct function *f, tmg_checked *ret);
    int what;
} function;

static bool window(tmg_rreader *r, const tmg_ast *n, const function *f, tmg_checked *ret)
{
    return tmg_check_window(r, n, (tmg_measure)f->what, ret);
}

static bool reference(tmg_rreader *r, const tmg_ast *n, const function *f, tmg_checked *ret)
{
    return tmg_check_reference(r, n, (tmg_statistic)f->what, ret);
}

static bool check_args(tmg_rreader *r, const tmg_ast *n, size_t least, size_t most, const char *form)
{
    bool plain = n->arg_count >= least && n->arg_count <= most;

    for (size_t i = 0; i < n->arg_count; i++)
        plain = plain && n->args[i].value != NULL && n->args[i].by == NULL && n->args[i].where == NULL;
    if (!plain)
        tmg_lang_fault(r, TMG_FAULT_SYNTAX, tmg_place_ast(n), NULL, "expected %s", form);
    return plain;
}

/* first(consignee): its first consignment ever, in this centre. */
static bool first(tmg_rreader *r, const tmg_ast *n, const function *f, tmg_checked *ret)
{
    const tmg_rule_field *field;

    if (!check_args(r, n, 1, 1, f->form) || (field = tmg_check_field(r, n->args[0].value)) == NULL)
        return false;
    if (field->kind != TMG_FK_CODE || !field->entity) {
        tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n->args[0].value),
                       "entities are such as consignor, consignee, declarant, carrier, vehicle, origin, hs6",
                       "no history is kept by `%s`", field->name);
        return false;
    }
    *ret = (tmg_checked){tmg_node(r, TMG_R_FIRST, TMG_RT_BOOL, n), {0}};
    ret->node->field = field;
    return true;
}

static bool probability(tmg_rreader *r, const tmg_ast *n, const function *f, tmg_checked *ret)
{
    const tmg_ast *harm;

    if (!check_args(r, n, 1, 1, f->form))
        return false;
    harm = n->args[0].value;
    *ret = (tmg_checked){tmg_node(r, TMG_R_P, TMG_RT_NUMBER, n), {0}};
    for (int h = 0; h < TMG_HARMS; h++)
        if (harm->said == TMG_SAID_WORD && tmg_span_is(harm->token.raw, tmg_harm_name((tmg_harm)h))) {
            ret->node->number = h;
            return true;
        }
    tmg_lang_fault(r, TMG_FAULT_UNKNOWN_NAME, tmg_place_ast(harm), NULL,
                   "probabilities are p(fraud) and p(critical)");
    return false;
}

static tmg_rnode *text_field(tmg_rreader *r, const tmg_ast *n)
{
    const tmg_rule_field *f = tmg_check_field(r, n);
    tmg_rnode *node;

    if (f == NULL)
        return NULL;
    if (f->type != TMG_RT_TEXT) {
        tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n),
                       "names are such as consignor.name, consignee.name", "`%s` is %s, not a text", f->name,
                       tmg_rtype_words(f->type));
        return NULL;
    }
    node = tmg_node(r, TMG_R_FIELD, f->type, n);
    node->field = f;
    return node;
}

static bool name_like(tmg_rreader *r, const tmg_ast *n, const function *f, tmg_checked *ret)
{
    tmg_span *list = tmg_alloc(r->a, sizeof *list);
    bool listed;

    if (!check_args(r, n, 2, 2, f->form))
        return false;
    listed = n->args[1].value->said == TMG_SAID_CALL;
    *ret =
        (tmg_checked){tmg_node(r, listed ? TMG_R_NAME_LIKE : TMG_R_NAME_LIKE_FIELD, TMG_RT_NUMBER, n), {0}};
    ret->node->a = text_field(r, n->args[0].value);
    if (ret->node->a == NULL)
        return false;
    if (!listed)
        return (ret->node->b = text_field(r, n->args[1].value)) != NULL;
    ret->node->texts = list;
    ret->node->text_count = 1;
    return tmg_check_list_name(r, n->args[1].value, list);
}

static bool known_signal(tmg_rreader *r, const tmg_ast *n)
{
    const tmg_rule_lexicon *lex = r->lex;
    tmg_guess g = tmg_guess_begin(n->token.text);

    if (lex == NULL || lex->signal_count == 0)
        return true;
    for (size_t i = 0; i < lex->signal_count; i++) {
        if (tmg_span_eq(lex->signals[i], n->token.text))
            return true;
        tmg_guess_try(&g, lex->signals[i]);
    }
    tmg_lang_fault(r, TMG_FAULT_UNKNOWN_NAME, tmg_place_ast(n), tmg_guess_end(r, &g),
                   "no sense sends \"%.*s\"", TMG_SPAN_ARG(tmg_utf8_cut(n->token.text, 60)));
    return false;
}

static bool signal_within(tmg_rreader *r, const tmg_ast *n, const function *f, tmg_checked *ret)
{
    tmg_span *kind = tmg_alloc(r->a, sizeof *kind);

    if (!check_args(r, n, 2, 2, f->form))
        return false;
    if (n->args[0].value->said != TMG_SAID_TEXT) {
        tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n->args[0].value), NULL, "expected %s", f->form);
        return false;
    }
    *kind = n->args[0].value->token.text;
    *ret = (tmg_checked){tmg_node(r, TMG_R_SIGNAL, TMG_RT_BOOL, n), {0}};
    ret->node->texts = kind;
    ret->node->text_count = 1;
    return !tmg_lang_protected(r, *kind, tmg_place_ast(n->args[0].value)) &&
           known_signal(r, n->args[0].value) && tmg_check_span(r, n->args[1].value, &ret->node->number);
}

static const function functions[] = {
    {"count", "count(declaration by consignee, 30d)", window, TMG_W_COUNT},
    {"sum", "sum(net by consignee, 90d)", window, TMG_W_SUM},
    {"avg", "avg(unit_value by consignee, 90d)", window, TMG_W_AVG},
    {"min", "min(unit_value by consignee, 90d)", window, TMG_W_MIN},
    {"max", "max(unit_value by consignee, 90d)", window, TMG_W_MAX},
    {"distinct", "distinct(hs4 by carrier, 180d)", window, TMG_W_DISTINCT},
    {"days_since", "days_since(declaration by consignee, 365d)", window, TMG_W_DAYS_SINCE},
    {"age", "age(consignee)", window, TMG_W_AGE_DAYS},
    {"results", "results(by consignee, 365d)", window, TMG_W_RESULTS},
    {"found", "found(by consignee, 365d)", window, TMG_W_FOUND},
    {"ref.median", "ref.median(unit_value by hs6, origin)", reference, TMG_S_MEDIAN},
    {"ref.quantile", "ref.quantile(unit_value by hs6, origin, 90%)", reference, TMG_S_QUANTILE},
    {"ref.mad", "ref.mad(unit_value by hs6, origin)", reference, TMG_S_MAD},
    {"ref.count", "ref.count(unit_value by hs6, origin)", reference, TMG_S_COUNT},
    {"first", "first(consignee)", first, 0},
    {"p", "p(fraud)", probability, 0},
    {"name_like", "name_like(consignor.name, list(\"NAMES\"))", name_like, 0},
    {"signal", "signal(\"track.seal_opened\", 24h)", signal_within, 0},
};
enum { FUNCTIONS = sizeof functions / sizeof *functions };

void tmg_guess_functions(tmg_guess *g)
{
    for (size_t i = 0; i < FUNCTIONS; i++)
        tmg_guess_try(g, tmg_span_of(functions[i].name));
}

const char *tmg_function_form(tmg_measure m)
{
    return functions[m].form;
}

bool tmg_check_call(tmg_rreader *r, const tmg_ast *n, tmg_checked *ret)
{
    tmg_guess g = tmg_guess_begin(n->token.raw);

    for (size_t i = 0; i < FUNCTIONS; i++)
        if (tmg_span_is(n->token.raw, functions[i].name))
            return functions[i].check(r, n, &functions[i], ret);
    if (tmg_lang_protected(r, n->token.raw, tmg_place_token(&n->token)))
        return false;
    tmg_guess_functions(&g);
    tmg_lang_fault(r, TMG_FAULT_UNKNOWN_NAME, tmg_place_token(&n->token), tmg_guess_end(r, &g),
                   "there is no function `%.*s`", TMG_SPAN_ARG(tmg_utf8_cut(n->token.raw, 60)));
    return false;
}
