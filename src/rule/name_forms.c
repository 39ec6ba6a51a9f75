/* Words of names that do not tell who it is, as they are after folding to Latin letters. */
#include "rule/names_priv.h"

/* Company forms of the countries around the Caspian and beyond, titles, and the small words of patronymics.
 */
static const char *const forms[] = {
    "ab",     "ag",           "ao",      "as",           "asc",   "ash",  "bv",   "cjsc",
    "co",     "company",      "corp",    "corporation",  "dmmc",  "fze",  "fzco", "gmbh",
    "gizi",   "ibn",          "inc",     "incorporated", "ip",    "isp",  "jsc",  "kft",
    "kizi",   "kyzi",         "limited", "limitid",      "llc",   "llp",  "ltd",  "mchj",
    "mehdud", "mesuliyyetli", "mmc",     "mr",           "mrs",   "ms",   "nv",   "oao",
    "oglou",  "oghlu",        "oglu",    "ogli",         "ogly",  "ojsc", "ooo",  "oy",
    "pao",    "pjsc",         "plc",     "pte",          "pty",   "pvt",  "qizi", "kizi",
    "qsc",    "sa",           "sarl",    "shirketi",     "shrkt", "shps", "sia",  "sp",
    "spa",    "srl",          "ss",      "sti",          "shti",  "tdk",  "too",  "uab",
    "zao",    "ve",           "and",     "cemiyyeti",    "khas",  "am",
};
/* Words that many companies share. */
static const char *const generic[] = {
    "agro",      "bazrgany", "commerce",  "commercial", "export",        "exports", "firma",    "firmasi",
    "food",      "foods",    "general",   "global",     "group",         "grup",    "gruppa",   "holding",
    "import",    "imports",  "industry",  "industries", "international", "invest",  "kholding", "kompani",
    "kompaniya", "logistic", "logistics", "logistika",  "market",        "sanayi",  "sanoat",   "san",
    "service",   "services", "servis",    "shop",       "snty",          "supply",  "ticaret",  "tic",
    "tijarat",   "tjart",    "torg",      "torgoviy",   "trade",         "trading", "trans",    "transport",
    "treyd",     "treyding", "nakliyat",  "daxili",     "dis",           "dom",
};

static bool among(const char *const *list, size_t count, const char *fold, size_t len)
{
    for (size_t i = 0; i < count; i++)
        if (list[i][0] == fold[0] && strncmp(list[i], fold, len) == 0 && list[i][len] == '\0')
            return true;
    return false;
}

bool tmg_word_is_form(const char *fold, size_t len)
{
    return len > 1 && among(forms, sizeof forms / sizeof *forms, fold, len);
}

bool tmg_word_is_generic(const char *fold, size_t len)
{
    return len > 1 && among(generic, sizeof generic / sizeof *generic, fold, len);
}
