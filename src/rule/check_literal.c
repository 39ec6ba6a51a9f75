/* Codes and texts that fields are compared with. */
#include "model/codes.h"
#include "rule/lang_priv.h"

bool tmg_is_list(const tmg_ast *n)
{
    return n->said == TMG_SAID_CALL && tmg_span_is(n->token.raw, "list");
}

bool tmg_check_list_name(tmg_rreader *r, const tmg_ast *n, tmg_span *ret)
{
    const tmg_rule_lexicon *lex = r->lex;
    const tmg_ast *name;
    tmg_guess g;

    if (!tmg_is_list(n) || n->arg_count != 1 || n->args[0].value == NULL ||
        n->args[0].value->said != TMG_SAID_TEXT || n->args[0].by != NULL || n->args[0].where != NULL) {
        tmg_lang_fault(r, TMG_FAULT_SYNTAX, tmg_place_ast(n), "a list is written list(\"NAME\")",
                       "expected a list here");
        return false;
    }
    name = n->args[0].value;
    *ret = name->token.text;
    if (tmg_lang_protected(r, *ret, tmg_place_ast(name)))
        return false;
    if (lex == NULL || lex->list_count == 0)
        return true;
    g = tmg_guess_begin(*ret);
    for (size_t i = 0; i < lex->list_count; i++) {
        if (tmg_span_eq(lex->lists[i], *ret))
            return true;
        tmg_guess_try(&g, lex->lists[i]);
    }
    tmg_lang_fault(r, TMG_FAULT_UNKNOWN_NAME, tmg_place_ast(name), tmg_guess_end(r, &g),
                   "there is no list \"%.*s\"", TMG_SPAN_ARG(tmg_utf8_cut(*ret, 60)));
    return false;
}

/* 2915.24 is written with dots for the eye. */
static tmg_span without_dots(tmg_rreader *r, tmg_span s)
{
    char *copy;
    size_t len = 0;

    if (memchr(s.ptr, '.', s.len) == NULL)
        return s;
    copy = tmg_alloc(r->a, s.len + 1);
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] != '.')
            copy[len++] = s.ptr[i];
    return (tmg_span){copy, len};
}

/* How many digits codes of the field have; 0 for any from 4 to 10. */
static size_t digits_of(const tmg_rule_field *f)
{
    if (f->kind != TMG_FK_CODE)
        return 0;
    return f->at == TMG_CF_HS6 ? 6 : f->at == TMG_CF_HS4 ? 4 : f->at == TMG_CF_HS2 ? 2 : 0;
}

static bool check_commodity(tmg_rreader *r, const tmg_ast *n, const tmg_rule_field *f, bool prefix,
                            tmg_span code)
{
    size_t exact = digits_of(f);
    size_t least = prefix ? 2 : exact > 0 ? exact : 4;
    size_t most = exact > 0 ? exact : 10;

    for (size_t i = 0; i < code.len; i++)
        if (code.ptr[i] < '0' || code.ptr[i] > '9')
            most = 0;
    if (code.len < least || code.len > most) {
        const char *few = exact == 0 && !prefix && code.len >= 2 && most > 0
                              ? "for all codes below it write `under`"
                              : NULL;

        if (least == exact)
            tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n), few, "a code of `%s` has %zu digits", f->name,
                           exact);
        else
            tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n), few,
                           "a commodity code here has %zu to %zu digits (leading zeros count)", least,
                           exact > 0 ? exact : (size_t)10);
        return false;
    }
    if (!tmg_hs_chapter_known(code))
        tmg_lang_fault(r, TMG_FAULT_WARNING, tmg_place_ast(n), "leading zeros count: chapter 8 is 08",
                       "the Harmonized System has no chapter %.2s", code.ptr);
    return true;
}

static bool is_country(const tmg_rule_field *f)
{
    if (f->kind == TMG_FK_SET)
        return f->at == TMG_SF_ROUTE;
    return f->at == TMG_CF_ORIGIN || f->at == TMG_CF_DEPARTURE || f->at == TMG_CF_DESTINATION ||
           f->at == TMG_CF_CONSIGNOR_COUNTRY || f->at == TMG_CF_CONSIGNEE_COUNTRY ||
           f->at == TMG_CF_VEHICLE_COUNTRY;
}

static bool check_code(tmg_rreader *r, const tmg_ast *n, const tmg_rule_field *f, bool prefix, tmg_span *code)
{
    if (code->len == 0) {
        tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n), "write `not known field` for what is not stated",
                       "an empty text is never stated");
        return false;
    }
    if (f->is_tree) {
        *code = without_dots(r, *code);
        return check_commodity(r, n, f, prefix, *code);
    }
    if (f->kind == TMG_FK_CODE && f->at == TMG_CF_REGIME && tmg_regime_of(*code) == 0) {
        tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n), NULL, "a regime is import, export or transit");
        return false;
    }
    if (is_country(f) && !prefix && !tmg_country_known(*code))
        tmg_lang_fault(r, TMG_FAULT_WARNING, tmg_place_ast(n),
                       "countries are ISO 3166 codes of two capital letters", "%.*s is no country",
                       TMG_SPAN_ARG(tmg_utf8_cut(*code, 60)));
    return true;
}

static bool take_literal(tmg_rreader *r, const tmg_ast *n, const tmg_rule_field *f, bool prefix,
                         tmg_span *ret)
{
    if (n->said == TMG_SAID_TEXT || n->said == TMG_SAID_NUMBER) {
        *ret = n->token.text;
    } else if (n->said == TMG_SAID_WORD) {
        if (tmg_rule_field_by_name(n->token.raw) != NULL) {
            tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n),
                           "a code that is written like a field stands in quotes",
                           "expected a code here, found the field `%.*s`", TMG_SPAN_ARG(n->token.raw));
            return false;
        }
        *ret = n->token.raw;
    } else {
        tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n), NULL,
                       "expected a code or a text to compare `%s` with", f->name);
        return false;
    }
    if (n->said == TMG_SAID_NUMBER && n->unit.ptr >= n->token.raw.ptr + n->token.raw.len && n->unit.len > 0) {
        tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n), NULL, "`%s` is %s, not a number", f->name,
                       tmg_rtype_words(f->type));
        return false;
    }
    if (f->type == TMG_RT_TEXT && n->said != TMG_SAID_TEXT) {
        tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n), "texts stand between double quotes",
                       "`%s` is a text and is compared with a text", f->name);
        return false;
    }
    return check_code(r, n, f, prefix, ret);
}

bool tmg_check_literals(tmg_rreader *r, const tmg_ast *n, const tmg_rule_field *f, bool prefix,
                        const tmg_span **ret, size_t *ret_count)
{
    size_t count = n->said == TMG_SAID_SET ? n->kid_count : 1;
    tmg_span *codes = tmg_alloc_array(r->a, count > 0 ? count : 1, sizeof *codes);
    size_t used = 0;
    bool good = true;

    if (f->kind == TMG_FK_NUMBER) {
        tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n), NULL, "`%s` is %s and has no codes", f->name,
                       tmg_rtype_words(f->type));
        return false;
    }
    if (count == 0) {
        tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n), NULL, "there is nothing between the braces");
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const tmg_ast *one = n->said == TMG_SAID_SET ? n->kids[i] : n;

        good = take_literal(r, one, f, prefix, &codes[used]) && good;
        used++;
    }
    *ret = codes;
    *ret_count = used;
    return good;
}
