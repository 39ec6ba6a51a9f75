#include "rule/asycuda_priv.h"

/* The words of criteria for the boxes of the SAD, and what they are in a rule.  Offices extend ASYCUDA by
 * words of their own; a word that is not here leaves its criterion out, with a fault that names both. */
static const tmg_asy_word words[] = {
    {"ComCod", "hs", TMG_ASY_TREE, NULL}, /* box 33 */
    {"HSCod", "hs", TMG_ASY_TREE, NULL},
    {"TarCod", "hs", TMG_ASY_TREE, NULL},
    {"CtyOrigCod", "origin", TMG_ASY_CODE, NULL}, /* box 34 */
    {"CtyOriCod", "origin", TMG_ASY_CODE, NULL},
    {"CtyExpCod", "departure", TMG_ASY_CODE, NULL},    /* box 15 */
    {"CtyDestCod", "destination", TMG_ASY_CODE, NULL}, /* box 17 */
    {"CtyDesCod", "destination", TMG_ASY_CODE, NULL},
    {"CmpConCod", "consignee", TMG_ASY_CODE, NULL}, /* box 8 */
    {"CmpConNam", "consignee.name", TMG_ASY_CODE, NULL},
    {"CmpExpCod", "consignor", TMG_ASY_CODE, NULL}, /* box 2 */
    {"CmpExpNam", "consignor.name", TMG_ASY_CODE, NULL},
    {"DecCod", "declarant", TMG_ASY_CODE, NULL}, /* box 14 */
    {"DecNam", "declarant.name", TMG_ASY_CODE, NULL},
    {"CarCod", "carrier", TMG_ASY_CODE, NULL},
    {"CuoCod", "post", TMG_ASY_CODE, NULL}, /* box A */
    {"OffCod", "post", TMG_ASY_CODE, NULL},
    {"MotCod", "mode", TMG_ASY_CODE, NULL},    /* box 25 */
    {"MotIde", "vehicle", TMG_ASY_CODE, NULL}, /* box 18 */
    {"CtyMotCod", "vehicle.country", TMG_ASY_CODE, NULL},
    {"CurCod", "currency", TMG_ASY_CODE, NULL},     /* box 22 */
    {"PckCod", "package_kind", TMG_ASY_CODE, NULL}, /* box 31 */
    {"CpCod", "process_type", TMG_ASY_CODE, NULL},  /* box 37 */
    {"ExtCpCod", "process_type", TMG_ASY_CODE, NULL},
    {"GdsDsc", "description", TMG_ASY_CODE, NULL}, /* box 31 */
    {"TypDec", "regime", TMG_ASY_REGIME, NULL},    /* box 1 */
    {"DecTyp", "regime", TMG_ASY_REGIME, NULL},
    {"CtnFlg", "containers", TMG_ASY_FLAG, NULL},   /* box 19 */
    {"GrsMas", "item.gross", TMG_ASY_NUMBER, NULL}, /* box 35 */
    {"NetMas", "net", TMG_ASY_NUMBER, NULL},        /* box 38 */
    {"TotGrsMas", "gross", TMG_ASY_NUMBER, NULL},
    {"TotItm", "items", TMG_ASY_NUMBER, NULL},       /* box 5 */
    {"PckNbr", "packages", TMG_ASY_NUMBER, NULL},    /* box 31 */
    {"SupUnt", "quantity", TMG_ASY_NUMBER, NULL},    /* box 41 */
    {"StatVal", "item.value", TMG_ASY_NUMBER, NULL}, /* box 46 */
    {"ItmVal", "item.value", TMG_ASY_NUMBER, NULL},  /* box 42 */
    {"TotVal", "value", TMG_ASY_NUMBER, NULL},
    {"TaxRat", "tax_rate", TMG_ASY_NUMBER, NULL}, /* box 47 */
    {"GetValue", "unit_value", TMG_ASY_NUMBER, NULL},
    {"ValMin", "ref.quantile(unit_value by hs6, origin, 5%)", TMG_ASY_NUMBER,
     "ValMin of ASYCUDA's table becomes the 5% quantile of a year's unit values of the same subheading and "
     "origin"},
    {"ValMax", "ref.quantile(unit_value by hs6, origin, 95%)", TMG_ASY_NUMBER,
     "ValMax of ASYCUDA's table becomes the 95% quantile of a year's unit values of the same subheading and "
     "origin"},
};
enum { WORDS = sizeof words / sizeof *words };

const tmg_asy_word *tmg_asy_find(tmg_span word)
{
    for (size_t i = 0; i < WORDS; i++)
        if (tmg_span_equal_nocase(word, tmg_span_of(words[i].word)))
            return &words[i];
    return NULL;
}

void tmg_asy_guess(tmg_guess *g)
{
    for (size_t i = 0; i < WORDS; i++)
        tmg_guess_try(g, tmg_span_of(words[i].word));
}

const char *tmg_asy_regime(tmg_span type)
{
    static const struct {
        const char *type, *regime;
    } types[] = {{"IM", "import"},  {"EX", "export"},  {"T", "transit"},
                 {"T1", "transit"}, {"T2", "transit"}, {"TR", "transit"}};

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (tmg_span_equal_nocase(type, tmg_span_of(types[i].type)))
            return types[i].regime;
    return NULL;
}
