#include "base/qty.h"
#include "rule/rows_priv.h"
#include "rule/tests_priv.h"

static void put_set(tmg_rtester *t, tmg_set_field at, const tmg_span *texts, size_t count, uint32_t also,
                    uint32_t and_also)
{
    uint32_t *codes = tmg_alloc_array(t->r->scratch, count + 2, sizeof *codes);
    size_t all = 0;

    for (size_t i = 0; i < count; i++)
        codes[all++] = tmg_dict_code(t->dict, texts[i]);
    codes[all++] = also;
    codes[all++] = and_also;
    tmg_row_put_set(&t->row, at, codes, all);
}

static void give_codes(tmg_rtester *t, const tmg_rule_field *f, const tmg_ast *value)
{
    const tmg_span *texts;
    size_t count;

    if (!tmg_check_literals(t->r, value, f, false, &texts, &count))
        return;
    if (f->kind == TMG_FK_SET) {
        put_set(t, (tmg_set_field)f->at, texts, count, TMG_CODE_NONE, TMG_CODE_NONE);
        t->has_set[f->at] = true;
    } else if (count == 1) {
        t->row.code[f->at] = tmg_dict_code(t->dict, texts[0]);
    } else {
        tmg_lang_fault(t->r, TMG_FAULT_TYPE, tmg_place_ast(value), NULL, "`%s` has one value", f->name);
    }
}

/* A literal in the unit of what it is given to. */
static bool take_number(tmg_rtester *t, const tmg_ast *value, const tmg_checked *to, int64_t *ret)
{
    tmg_checked v, target = *to;

    if (!tmg_check_value(t->r, value, &v) || !tmg_check_meet(t->r, &target, &v, value, "given to each other"))
        return false;
    if (v.node->op == TMG_R_NUMBER) {
        *ret = v.node->number;
        return true;
    }
    tmg_lang_fault(t->r, TMG_FAULT_TYPE, tmg_place_ast(value), NULL, "a test gives plain numbers");
    return false;
}

static bool take_yes(tmg_rtester *t, const tmg_ast *value, int64_t *ret)
{
    bool word = value->said == TMG_SAID_WORD;

    *ret = word && tmg_span_is(value->token.raw, "yes");
    if (word && (*ret || tmg_span_is(value->token.raw, "no")))
        return true;
    tmg_lang_fault(t->r, TMG_FAULT_TYPE, tmg_place_ast(value), NULL, "expected `yes` or `no` here");
    return false;
}

static void give_field(tmg_rtester *t, const tmg_given *g)
{
    const tmg_rule_field *f = tmg_check_field(t->r, g->what);
    tmg_checked field;

    if (f == NULL)
        return;
    if (f->kind != TMG_FK_NUMBER) {
        give_codes(t, f, g->value);
        return;
    }
    if (tmg_check_value(t->r, g->what, &field))
        (void)take_number(t, g->value, &field, &t->row.number[f->at]);
}

void tmg_test_give(tmg_rtester *t, const tmg_given *g)
{
    bool repeats = g->what->said == TMG_SAID_WORD && tmg_span_is(g->what->token.raw, "repeats");
    tmg_answer *answer = &t->answers[t->answer_count];
    tmg_checked call = {NULL, {0}};

    if (g->what->said == TMG_SAID_WORD && !repeats) {
        give_field(t, g);
        return;
    }
    if (repeats || g->what->said == TMG_SAID_IN) {
        answer->question = tmg_check_condition(t->r, g->what);
        if (answer->question != NULL && take_yes(t, g->value, &answer->number))
            t->answer_count++;
        return;
    }
    if (g->what->said != TMG_SAID_CALL || tmg_is_list(g->what)) {
        tmg_lang_fault(t->r, TMG_FAULT_TYPE, tmg_place_ast(g->what), NULL,
                       "expected a field or a function here");
        return;
    }
    if (!tmg_check_call(t->r, g->what, &call))
        return;
    answer->question = call.node;
    if (call.node->type == TMG_RT_BOOL ? take_yes(t, g->value, &answer->number)
                                       : take_number(t, g->value, &call, &answer->number))
        t->answer_count++;
}

static void derive_codes(tmg_rtester *t)
{
    static const struct {
        tmg_code_field at;
        size_t digits;
    } shorter[] = {{TMG_CF_HS6, 6}, {TMG_CF_HS4, 4}, {TMG_CF_HS2, 2}};
    tmg_row *row = &t->row;
    tmg_span hs = tmg_dict_text(t->dict, row->code[TMG_CF_HS]);

    for (size_t i = 0; i < sizeof shorter / sizeof *shorter; i++)
        if (row->code[shorter[i].at] == TMG_CODE_NONE && hs.ptr != NULL)
            row->code[shorter[i].at] = tmg_dict_code(
                t->dict, (tmg_span){hs.ptr, hs.len < shorter[i].digits ? hs.len : shorter[i].digits});
    if (!t->has_set[TMG_SF_COMMODITY])
        put_set(t, TMG_SF_COMMODITY, NULL, 0, row->code[TMG_CF_HS], TMG_CODE_NONE);
    if (!t->has_set[TMG_SF_ROUTE])
        put_set(t, TMG_SF_ROUTE, NULL, 0, row->code[TMG_CF_DEPARTURE], row->code[TMG_CF_DESTINATION]);
}

/* An answer about a field that is not given speaks of some value of it. */
static void derive_asked(tmg_rtester *t)
{
    for (size_t i = 0; i < t->answer_count; i++) {
        const tmg_rnode *q = t->answers[i].question;
        const tmg_rule_field *f = q->op == TMG_R_FIRST                                 ? q->field
                                  : q->op == TMG_R_IN_LIST || q->op == TMG_R_NAME_LIKE ? q->a->field
                                                                                       : NULL;

        if (f == NULL)
            continue;
        if (f->kind == TMG_FK_SET && t->row.set_count[f->at] == 0)
            put_set(t, (tmg_set_field)f->at, NULL, 0, tmg_dict_code(t->dict, TMG_SPAN("any")), TMG_CODE_NONE);
        else if (f->kind == TMG_FK_CODE && t->row.code[f->at] == TMG_CODE_NONE)
            t->row.code[f->at] = tmg_dict_code(t->dict, TMG_SPAN("any"));
    }
}

static int64_t per(int64_t a, int64_t b)
{
    return a == TMG_NONE || b == TMG_NONE || b <= 0 ? TMG_NONE : tmg_mul_div(a, 1000000, b);
}

static void derive(tmg_row *row, tmg_number_field at, int64_t v)
{
    if (row->number[at] == TMG_NONE)
        row->number[at] = v;
}

static void derive_times(tmg_rtester *t)
{
    int64_t *number = t->row.number;
    int offset = t->r->lex != NULL ? t->r->lex->offset_min : 0;
    int64_t when = number[TMG_NF_EXPECTED] != TMG_NONE ? number[TMG_NF_EXPECTED] : number[TMG_NF_LODGED];
    int32_t day;

    if (number[TMG_NF_LODGED] != TMG_NONE)
        t->row.at_ms = number[TMG_NF_LODGED];
    if (when == TMG_NONE)
        return;
    day = tmg_day_of(when, offset);
    derive(&t->row, TMG_NF_HOUR, (when - tmg_day_start_ms(day, offset)) / TMG_HOUR_MS * 1000000);
    derive(&t->row, TMG_NF_WEEKDAY,
           ((int64_t)((day + 3) % 7 + 7) % 7 + 1) * 1000000); /* day 0 was a Thursday */
    if (number[TMG_NF_EXPECTED] != TMG_NONE && number[TMG_NF_LODGED] != TMG_NONE)
        derive(&t->row, TMG_NF_LEAD, number[TMG_NF_EXPECTED] - number[TMG_NF_LODGED]);
}

void tmg_test_derive(tmg_rtester *t)
{
    int64_t *number = t->row.number;

    derive_codes(t);
    derive_asked(t);
    derive_times(t);
    derive(&t->row, TMG_NF_UNIT_VALUE,
           per(number[TMG_NF_ITEM_VALUE],
               number[TMG_NF_NET] != TMG_NONE ? number[TMG_NF_NET] : number[TMG_NF_ITEM_GROSS]));
    derive(&t->row, TMG_NF_PACKAGE_WEIGHT, per(number[TMG_NF_NET], number[TMG_NF_PACKAGES]));
    if (t->has_set[TMG_SF_SEAL])
        derive(&t->row, TMG_NF_SEALS, (int64_t)t->row.set_count[TMG_SF_SEAL] * 1000000);
    if (t->has_set[TMG_SF_CONTAINER])
        derive(&t->row, TMG_NF_CONTAINERS, (int64_t)t->row.set_count[TMG_SF_CONTAINER] * 1000000);
}
