/* Values that are computed, and the one door to all values. */
#include "rule/lang_priv.h"

static bool cannot(tmg_rreader *r, const tmg_ast *n, const tmg_checked *a, const tmg_checked *b,
                   const char *doing)
{
    tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n), NULL, "%s and %s cannot be %s",
                   tmg_rtype_words(a->node->type), tmg_rtype_words(b->node->type), doing);
    return false;
}

/* Instants differ by durations; a duration moves an instant; everything else adds to its like. */
static bool check_add(tmg_rreader *r, const tmg_ast *n, tmg_checked *a, tmg_checked *b, tmg_checked *ret)
{
    bool minus = n->mark == '-';
    tmg_rtype x = a->node->type;
    tmg_rtype y = b->node->type;
    tmg_rtype sum = x;

    if (x == TMG_RT_INSTANT && y == TMG_RT_INSTANT && minus)
        sum = TMG_RT_DURATION;
    else if (x == TMG_RT_INSTANT && y == TMG_RT_DURATION)
        sum = TMG_RT_INSTANT;
    else if (x == TMG_RT_DURATION && y == TMG_RT_INSTANT && !minus)
        sum = TMG_RT_INSTANT;
    else if (x == TMG_RT_INSTANT || y == TMG_RT_INSTANT)
        return cannot(r, n, a, b, minus ? "subtracted" : "added");
    else if (!tmg_check_meet(r, a, b, n, minus ? "subtracted" : "added"))
        return false;
    *ret =
        (tmg_checked){tmg_node(r, minus ? TMG_R_SUB : TMG_R_ADD, sum, n), a->unit.loose ? b->unit : a->unit};
    return true;
}

static bool check_mul(tmg_rreader *r, const tmg_ast *n, tmg_checked *a, tmg_checked *b, tmg_checked *ret)
{
    int by = n->mark == '*' ? 1 : -1;
    tmg_rtype x = a->node->type;
    tmg_rtype y = b->node->type;
    tmg_rtype t = TMG_RT_NUMBER;
    tmg_unit u;

    if (x == TMG_RT_INSTANT || y == TMG_RT_INSTANT ||
        (x == TMG_RT_DURATION && y == TMG_RT_DURATION && by == 1) ||
        (x == TMG_RT_NUMBER && y == TMG_RT_DURATION && by == -1))
        return cannot(r, n, a, b, by == 1 ? "multiplied" : "divided");
    if ((x == TMG_RT_DURATION) != (y == TMG_RT_DURATION))
        t = TMG_RT_DURATION;
    /* 20% of something is a fifth of it */
    for (int i = 0; i < 2; i++) {
        tmg_checked *c = i == 0 ? a : b;

        if (c->node->op == TMG_R_NUMBER && c->unit.percent == 1 && c->node->number % 100 == 0) {
            c->node->number /= 100;
            c->unit = (tmg_unit){.loose = true};
        }
    }
    u = (tmg_unit){(int8_t)(a->unit.money + by * b->unit.money), (int8_t)(a->unit.mass + by * b->unit.mass),
                   (int8_t)(a->unit.percent + by * b->unit.percent), (int8_t)(a->unit.day + by * b->unit.day),
                   a->unit.loose && b->unit.loose};
    *ret = (tmg_checked){tmg_node(r, by == 1 ? TMG_R_MUL : TMG_R_DIV, t, n), u};
    return true;
}

static bool check_binary(tmg_rreader *r, const tmg_ast *n, tmg_checked *ret)
{
    tmg_checked a, b;

    if (!tmg_check_value(r, n->kids[0], &a) || !tmg_check_value(r, n->kids[1], &b))
        return false;
    for (int i = 0; i < 2; i++)
        if ((i == 0 ? a : b).node->op == TMG_R_NUMBER && (i == 0 ? a : b).node->texts != NULL) {
            tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n->kids[i]), "numbers are written without quotes",
                           "nothing can be computed with a text");
            return false;
        }
    if (n->mark == '+' || n->mark == '-' ? !check_add(r, n, &a, &b, ret) : !check_mul(r, n, &a, &b, ret))
        return false;
    ret->node->a = a.node;
    ret->node->b = b.node;
    return true;
}

static bool check_word(tmg_rreader *r, const tmg_ast *n, tmg_checked *ret)
{
    const tmg_rule_field *f = tmg_check_field(r, n);

    if (f == NULL)
        return false;
    if (f->kind != TMG_FK_NUMBER) {
        tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n), NULL, "expected a number here, but `%s` is %s",
                       f->name, tmg_rtype_words(f->type));
        return false;
    }
    *ret = (tmg_checked){tmg_node(r, TMG_R_FIELD, f->type, n), tmg_unit_of_field(f)};
    ret->node->field = f;
    return true;
}

static bool check_text(tmg_rreader *r, const tmg_ast *n, tmg_checked *ret)
{
    tmg_span *text = tmg_alloc(r->a, sizeof *text);

    *text = n->token.text;
    *ret = (tmg_checked){tmg_node(r, TMG_R_NUMBER, TMG_RT_TEXT, n), {0}};
    ret->node->texts = text;
    ret->node->text_count = 1;
    return true;
}

static bool check_neg(tmg_rreader *r, const tmg_ast *n, tmg_checked *ret)
{
    tmg_checked x;

    if (!tmg_check_value(r, n->kids[0], &x))
        return false;
    if (x.node->type == TMG_RT_INSTANT || x.node->type == TMG_RT_TEXT) {
        tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n), NULL, "%s has no sign",
                       tmg_rtype_words(x.node->type));
        return false;
    }
    *ret = (tmg_checked){tmg_node(r, TMG_R_NEG, x.node->type, n), x.unit};
    ret->node->a = x.node;
    return true;
}

bool tmg_check_value(tmg_rreader *r, const tmg_ast *n, tmg_checked *ret)
{
    tmg_checked call;

    switch (n->said) {
    case TMG_SAID_WORD:
        return check_word(r, n, ret);
    case TMG_SAID_NUMBER:
        return tmg_check_number(r, n, ret);
    case TMG_SAID_TEXT:
        return check_text(r, n, ret);
    case TMG_SAID_NEG:
        return check_neg(r, n, ret);
    case TMG_SAID_BINARY:
        if (n->mark < 128 && strchr("+-*/", n->mark) != NULL)
            return check_binary(r, n, ret);
        break;
    case TMG_SAID_CALL:
        if (tmg_is_list(n))
            break;
        if (!tmg_check_call(r, n, &call))
            return false;
        if (call.node->type == TMG_RT_BOOL)
            break;
        *ret = call;
        return true;
    default:
        break;
    }
    tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n), NULL, "expected a number here");
    return false;
}
