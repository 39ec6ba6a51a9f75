/* Letters of names in Latin: what Azerbaijani, Turkish, Russian, Persian, Georgian and English clerks would
 * write for them.  A letter that has no sound gives "", a sign that parts words " ". */
#include "rule/names_priv.h"

/* clang-format off */
static const char latin[][5] = {
    "a", "a", "a", "a", "a", "a", "ae", "ch", "e", "e", "e", "e", "i", "i", "i", "i", "d", "n", "o", "o",
    "o", "o", "o", " ", "o", "u", "u", "u", "u", "y", "th", "ss", "a", "a", "a", "a", "a", "a", "ae", "ch",
    "e", "e", "e", "e", "i", "i", "i", "i", "d", "n", "o", "o", "o", "o", "o", " ", "o", "u", "u", "u", "u",
    "y", "th", "y", "a", "a", "a", "a", "a", "a", "c", "c", "c", "c", "c", "c", "ch", "ch", "d", "d", "d",
    "d", "e", "e", "e", "e", "e", "e", "e", "e", "e", "e", "g", "g", "g", "g", "g", "g", "g", "g", "h", "h",
    "h", "h", "i", "i", "i", "i", "i", "i", "i", "i", "i", "i", "ij", "ij", "j", "j", "k", "k", "k", "l",
    "l", "l", "l", "l", "l", "l", "l", "l", "l", "n", "n", "n", "n", "n", "n", "n", "n", "n", "o", "o", "o",
    "o", "o", "o", "oe", "oe", "r", "r", "r", "r", "r", "r", "s", "s", "s", "s", "sh", "sh", "sh", "sh",
    "t", "t", "t", "t", "t", "t", "u", "u", "u", "u", "u", "u", "u", "u", "u", "u", "u", "u", "w", "w", "y",
    "y", "y", "z", "z", "z", "z", "zh", "zh", "s", "", "", "", "", "", "", "", "", "", "", "", "", "", "",
    "", "e", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "o", "o", "", "", "", "", "",
    "", "", "", "", "", "", "", "", "u", "u", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "",
    "", "", "", "", "dz", "dz", "dz", "lj", "lj", "lj", "nj", "nj", "nj", "a", "a", "i", "i", "o", "o", "u",
    "u", "u", "u", "u", "u", "u", "u", "u", "u", "e", "a", "a", "a", "a", "", "", "", "", "g", "g", "k",
    "k", "o", "o", "o", "o", "", "", "j", "dz", "dz", "dz", "g", "g", "", "", "n", "n", "a", "a", "", "",
    "", "", "a", "a", "a", "a", "e", "e", "e", "e", "i", "i", "i", "i", "o", "o", "o", "o", "r", "r", "r",
    "r", "u", "u", "u", "u", "s", "s", "t", "t", "", "", "h", "h", "", "", "", "", "", "", "a", "a", "e",
    "e", "o", "o", "o", "o", "o", "o", "o", "o", "y", "y", "", "", "", "j", "", "", "", "", "", "", "", "",
    "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "",
};
static const char cyrillic[][5] = {
    "e", "yo", "dj", "g", "ye", "dz", "i", "yi", "y", "lj", "nj", "c", "k", "i", "u", "dzh", "a", "b", "v",
    "g", "d", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "kh", "ts",
    "ch", "sh", "shch", "", "i", "", "e", "yu", "ya", "a", "b", "v", "g", "d", "e", "zh", "z", "i", "y",
    "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "", "i", "", "e",
    "yu", "ya", "e", "yo", "dj", "g", "ye", "dz", "i", "yi", "y", "lj", "nj", "c", "k", "i", "u", "dzh", "",
    "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "",
    "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "g", "g", "gh",
    "gh", "", "", "j", "j", "z", "z", "q", "q", "g", "g", "", "", "k", "k", "n", "n", "", "", "", "", "",
    "", "s", "s", "", "", "u", "u", "u", "u", "h", "h", "", "", "j", "j", "j", "j", "h", "h", "", "", "",
    "", "", "zh", "zh", "", "", "", "", "", "", "", "", "", "", "", "", "", "a", "a", "a", "a", "", "", "e",
    "e", "e", "e", "e", "e", "zh", "zh", "z", "z", "", "", "i", "i", "i", "i", "o", "o", "o", "o", "o", "o",
    "e", "e", "u", "u", "u", "u", "u", "u", "ch", "ch", "", "", "y", "y", "", "", "", "", "", "",
};
static const char arabic[][5] = {
    "", "", "", "", "", "", " ", " ", " ", " ", " ", " ", " ", " ", " ", " ", "", "", "", "", "", "", "",
    "", "", "", "", " ", "", " ", " ", " ", "", "", "a", "a", "v", "i", "y", "a", "b", "h", "t", "s", "j",
    "h", "kh", "d", "z", "r", "z", "s", "sh", "s", "z", "t", "z", "", "gh", "", "", "", "", "", "", "f",
    "q", "k", "l", "m", "n", "h", "v", "y", "y", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "",
    "", "", "", "", "", "", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", " ", " ", " ", " ", "", "",
    "", "a", "", "", "", "", "", "", "", "", "", "", "", "", "p", "", "", "", "", "", "", "", "ch", "", "",
    "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "zh", "", "", "", "", "", "", "", "", "",
    "", "", "v", "", "", "", "", "k", "", "", "", "n", "", "g", "", "", "", "", "", "", "", "", "", "", "",
    "", "", "", "h", "", "h", "h", "", "", "", "", "o", "", "", "", "", "", "y", "", "e", "", "", "", "y",
    "", " ", "e", "", "", "", "", "", "", "", "", " ", "", "", "", "", "", "", "", "", "", "", " ", "", "",
    "", "", "", "", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "", "", "", " ", " ", "",
};
static const char georgian[][5] = {
    "a", "b", "g", "d", "e", "v", "z", "t", "i", "k", "l", "m", "n", "o", "p", "zh", "r", "s", "t", "u",
    "p", "k", "gh", "q", "sh", "ch", "ts", "dz", "ts", "ch", "kh", "j", "h", "", "", "", "", "", "", "", "",
    "", "", "", "", "", "", "", "a", "b", "g", "d", "e", "v", "z", "t", "i", "k", "l", "m", "n", "o", "p",
    "zh", "r", "s", "t", "u", "p", "k", "gh", "q", "sh", "ch", "ts", "dz", "ts", "ch", "kh", "j", "h", "",
    "", "", "", "", "", "", "", "", "", "", "", "", "", "",
};
static const char mtavruli[][5] = {
    "a", "b", "g", "d", "e", "v", "z", "t", "i", "k", "l", "m", "n", "o", "p", "zh", "r", "s", "t", "u",
    "p", "k", "gh", "q", "sh", "ch", "ts", "dz", "ts", "ch", "kh", "j", "h", "", "", "", "", "", "", "", "",
    "", "", "", "", "", "", "",
};
static const char schwa[][5] = {"e"}; /* U+0259; its capital U+018F is among the Latin ones */
/* clang-format on */

#define RUN(first, table, script)                                                                            \
    {                                                                                                        \
        first, first + sizeof table / sizeof *table, table, script                                           \
    }
static const struct {
    uint32_t first, end;
    const char (*letters)[5];
    tmg_script script;
} runs[] = {
    RUN(0xc0, latin, TMG_SCRIPT_LATIN),    RUN(0x400, cyrillic, TMG_SCRIPT_CYRILLIC),
    RUN(0x600, arabic, TMG_SCRIPT_ARABIC), RUN(0x10a0, georgian, TMG_SCRIPT_GEORGIAN),
    RUN(0x259, schwa, TMG_SCRIPT_LATIN),   RUN(0x1c90, mtavruli, TMG_SCRIPT_GEORGIAN),
};

const char *tmg_letter_latin(uint32_t letter, tmg_script *ret_script)
{
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++)
        if (letter >= runs[i].first && letter < runs[i].end) {
            *ret_script = runs[i].script;
            return runs[i].letters[letter - runs[i].first];
        }
    /* Combining marks and the joiners inside Persian words have no sound; anything else parts words. */
    return (letter >= 0x300 && letter < 0x370) || (letter >= 0x2b9 && letter < 0x2c0) || letter == 0x200c ||
                   letter == 0x200d || letter == 0x2019
               ? ""
               : " ";
}
