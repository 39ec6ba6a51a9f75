/* Conditions on codes, texts and sets: in, under, has, like. */
#include "rule/lang_priv.h"

const tmg_rule_field *tmg_coded_field(const tmg_ast *n)
{
    const tmg_rule_field *f = n->said == TMG_SAID_WORD ? tmg_rule_field_by_name(n->token.raw) : NULL;

    return f != NULL && f->kind != TMG_FK_NUMBER ? f : NULL;
}

tmg_rnode *tmg_field_node(tmg_rreader *r, const tmg_rule_field *f, const tmg_ast *at)
{
    tmg_rnode *n = tmg_node(r, TMG_R_FIELD, f->type, at);

    n->field = f;
    return n;
}

static const tmg_rnode *number_in(tmg_rreader *r, const tmg_ast *n)
{
    const tmg_ast *set = n->kids[1];
    const tmg_rnode **terms;
    tmg_checked x;

    if (!tmg_check_value(r, n->kids[0], &x))
        return NULL;
    if (set->said != TMG_SAID_SET || set->kid_count == 0) {
        tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(set), NULL, "`in` needs numbers: {1, 2}");
        return NULL;
    }
    terms = tmg_alloc_array(r->scratch, set->kid_count, sizeof *terms);
    for (size_t i = 0; i < set->kid_count; i++) {
        tmg_rnode *is = tmg_node(r, TMG_R_EQ, TMG_RT_BOOL, n);
        tmg_checked v;

        if (!tmg_check_value(r, set->kids[i], &v) || !tmg_check_meet(r, &x, &v, set->kids[i], "compared"))
            return NULL;
        is->a = x.node;
        is->b = v.node;
        terms[i] = is;
    }
    return tmg_check_join(r, TMG_R_OR, terms, set->kid_count, n);
}

const tmg_rnode *tmg_check_in(tmg_rreader *r, const tmg_ast *n)
{
    const tmg_rule_field *f = tmg_coded_field(n->kids[0]);
    bool list = tmg_is_list(n->kids[1]);
    tmg_rnode *c = tmg_node(r, list ? TMG_R_IN_LIST : TMG_R_IN, TMG_RT_BOOL, n);
    tmg_span *name = tmg_alloc(r->a, sizeof *name);

    if (f == NULL && !list)
        return number_in(r, n);
    if (f == NULL && (f = tmg_check_field(r, n->kids[0])) == NULL)
        return NULL;
    if (f->kind == TMG_FK_NUMBER) {
        tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n->kids[0]), NULL,
                       "a list holds codes and names; `%s` is %s", f->name, tmg_rtype_words(f->type));
        return NULL;
    }
    c->a = tmg_field_node(r, f, n->kids[0]);
    if (list) {
        c->texts = name;
        c->text_count = 1;
        return tmg_check_list_name(r, n->kids[1], name) ? c : NULL;
    }
    if (f->type == TMG_RT_SET) {
        tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n), tmg_lang_say(r, "write `%s has {...}`", f->name),
                       "`%s` holds several codes", f->name);
        return NULL;
    }
    return tmg_check_literals(r, n->kids[1], f, false, &c->texts, &c->text_count) ? c : NULL;
}

static bool check_glob(tmg_rreader *r, const tmg_ast *n, tmg_rnode *like)
{
    tmg_span *glob = tmg_alloc(r->a, sizeof *glob);

    *glob = n->token.text;
    like->texts = glob;
    like->text_count = 1;
    if (n->said == TMG_SAID_TEXT && glob->len > 0)
        return true;
    tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n), NULL,
                   "`like` needs one text with * and ?, like \"*phone*\"");
    return false;
}

const tmg_rnode *tmg_check_coded(tmg_rreader *r, const tmg_ast *n)
{
    const tmg_rule_field *f = tmg_check_field(r, n->kids[0]);
    bool set = f != NULL && f->type == TMG_RT_SET;
    tmg_rnode *c;

    if (f == NULL)
        return NULL;
    c = tmg_node(r, TMG_R_LIKE, TMG_RT_BOOL, n);
    if (n->said == TMG_SAID_UNDER && !f->is_tree) {
        tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n),
                       "`under` is for commodity codes: hs, hs6, hs4, commodity", "`%s` is no tree of codes",
                       f->name);
        return NULL;
    }
    if (n->said == TMG_SAID_HAS && !set) {
        tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n), tmg_lang_say(r, "write `%s = ...`", f->name),
                       "`has` is for fields with several codes: route, document, container, seal, commodity");
        return NULL;
    }
    if (n->said == TMG_SAID_LIKE && (set || f->kind == TMG_FK_NUMBER)) {
        tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n), NULL, "`like` is for codes and texts; `%s` is %s",
                       f->name, tmg_rtype_words(f->type));
        return NULL;
    }
    if (n->said == TMG_SAID_UNDER)
        c->op = set ? TMG_R_HAS_UNDER : TMG_R_UNDER;
    else if (n->said == TMG_SAID_HAS)
        c->op = TMG_R_HAS;
    c->a = tmg_field_node(r, f, n->kids[0]);
    if (n->said == TMG_SAID_LIKE)
        return check_glob(r, n->kids[1], c) ? c : NULL;
    return tmg_check_literals(r, n->kids[1], f, c->op != TMG_R_HAS, &c->texts, &c->text_count) ? c : NULL;
}
