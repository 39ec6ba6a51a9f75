/* The words for attributes of natural persons that no rule may read: sex, ethnicity, religion, birth date
 * (age) and nationality, in English, Azerbaijani and Russian, with and without their special letters.
 *
 * A name is refused when one of its parts (between dots, underscores, hyphens and spaces) is one of these
 * words, or when its parts run together hold one of the long ones.  Codes and texts that goods are compared
 * with are not names: description like "*religious books*" speaks of goods.
 *
 * consignee.country and its like are no nationality: they are the country of the registered address of an
 * operator, a fact about where a business answers for itself that every declaration states. */
#include "rule/lang_priv.h"

static const struct {
    const char *attribute;
    const char *words; /* between bars */
} attributes[] = {
    {"the sex of a person",
     "|sex|sexes|gender|female|females|male|males|woman|women|man|men|cins|cinsi|cinsiyyət|cinsiyyet|"
     "qadın|qadin|kişi|kisi|пол|гендер|женщина|женщины|мужчина|мужчины|"},
    {"the ethnicity of a person",
     "|ethnic|ethnicity|ethnos|race|racial|tribe|etnik|etnos|irq|irqi|millət|millet|xalq|"
     "этнос|этничность|этнический|этническая|раса|расовая|народность|"},
    {"the religion of a person",
     "|religion|religious|faith|creed|belief|confession|church|muslim|muslims|christian|"
     "christians|jew|jews|din|dini|etiqad|məzhəb|mezheb|религия|вера|вероисповедание|"
     "конфессия|"},
    {"the age of a person",
     "|birth|born|birthdate|birthday|birthyear|dob|age|ages|yaş|yas|doğum|dogum|təvəllüd|tevellud|"
     "рождение|рождения|возраст|"},
    {"the nationality of a person",
     "|nationality|nationalities|national|nationals|citizen|citizens|citizenship|foreigner|"
     "foreigners|vətəndaş|vətəndaşlıq|vetendas|vetendasliq|milliyyət|milliyyet|"
     "национальность|гражданство|гражданин|граждане|"},
};
/* Long enough to be meant wherever they stand inside a name. */
static const struct {
    const char *attribute, *part;
} inside[] = {
    {"the sex of a person", "gender"},
    {"the ethnicity of a person", "ethnic"},
    {"the religion of a person", "religio"},
    {"the age of a person", "dateofbirth"},
    {"the age of a person", "birthdate"},
    {"the age of a person", "yearofbirth"},
    {"the nationality of a person", "nationality"},
    {"the nationality of a person", "citizen"},
    {"the sex of a person", "cinsiyy"},
    {"the nationality of a person", "vətəndaş"},
    {"the nationality of a person", "vetendas"},
    {"the nationality of a person", "гражданств"},
    {"the nationality of a person", "национальност"},
    {"the religion of a person", "вероисповедан"},
    {"the age of a person", "рождени"},
};

/* The capital letters of the three alphabets that are not ASCII, each with its small one. */
static const char *const capitals[][2] = {
    {"Ə", "ə"}, {"İ", "i"}, {"Ş", "ş"}, {"Ç", "ç"}, {"Ö", "ö"}, {"Ü", "ü"}, {"Ğ", "ğ"}, {"Ё", "ё"},
};

/* One character of `from` in small letters; how many bytes it took. */
static size_t fold(tmg_span from, tmg_buf *b)
{
    unsigned char c = (unsigned char)from.ptr[0];
    unsigned char d = from.len > 1 ? (unsigned char)from.ptr[1] : 0;

    for (size_t i = 0; i < sizeof capitals / sizeof *capitals; i++)
        if (tmg_span_starts(from, capitals[i][0])) {
            tmg_buf_z(b, capitals[i][1]);
            return strlen(capitals[i][0]);
        }
    if (c == 0xD0 && d >= 0x90 &&
        d <= 0xAF) { /* А..Я: the small ones are 0x20 further, over the lead byte's end */
        tmg_buf_char(b, (char)(d < 0xA0 ? 0xD0 : 0xD1));
        tmg_buf_char(b, (char)(d < 0xA0 ? d + 0x20 : d - 0x20));
        return 2;
    }
    tmg_buf_char(b, c >= 'A' && c <= 'Z' ? (char)(c + 32) : (char)c);
    return 1;
}

static bool between_parts(char c)
{
    return c == '.' || c == '_' || c == '-' || c == ' ' || c == '/' || c == ':';
}

/* Small letters; `parts` with a bar around every part, `whole` with nothing between them. */
static void fold_name(tmg_span word, tmg_buf *parts, tmg_buf *whole)
{
    tmg_buf_char(parts, '|');
    while (word.len > 0) {
        size_t used = 1;

        if (between_parts(word.ptr[0])) {
            tmg_buf_char(parts, '|');
        } else {
            size_t from = parts->len;

            used = fold(word, parts);
            tmg_buf_put(whole, parts->ptr + from, parts->len - from);
        }
        word = (tmg_span){word.ptr + used, word.len - used};
    }
    tmg_buf_char(parts, '|');
}

static const char *attribute_of(tmg_span word)
{
    TMG_AUTO_BUF parts = {0};
    TMG_AUTO_BUF whole = {0};
    TMG_AUTO_BUF one = {0};
    tmg_span rest, part;

    tmg_buf_init(&parts, 1024);
    tmg_buf_init(&whole, 1024);
    tmg_buf_init(&one, 1024);
    fold_name(tmg_utf8_cut(word, 256), &parts, &whole);
    rest = tmg_buf_as_span(&parts);
    while (tmg_span_split(&rest, '|', &part)) {
        tmg_buf_clear(&one);
        tmg_buf_fmt(&one, "|%.*s|", TMG_SPAN_ARG(part));
        for (size_t i = 0; part.len > 0 && i < sizeof attributes / sizeof *attributes; i++)
            if (strstr(attributes[i].words, one.ptr) != NULL)
                return attributes[i].attribute;
    }
    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++)
        if (strstr(whole.ptr, inside[i].part) != NULL)
            return inside[i].attribute;
    return NULL;
}

bool tmg_lang_protected(tmg_rreader *r, tmg_span word, tmg_place p)
{
    const char *attribute = attribute_of(word);
    tmg_span cut = tmg_utf8_cut(word, 60);

    if (attribute == NULL)
        return false;
    tmg_lang_fault(
        r, TMG_FAULT_PROTECTED, p,
        "speak of goods, routes, documents and the record of traders; for where an operator is registered "
        "there is `consignee.country`, for a vehicle `vehicle.country`",
        "`%.*s` names %s, which no rule may read; this is written into the log", TMG_SPAN_ARG(cut),
        attribute);
    return true;
}
