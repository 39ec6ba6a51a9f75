#include "base/qty.h"

#define CODE(a, b, c) ((unsigned)(a) << 16 | (unsigned)(b) << 8 | (unsigned)(c))

/* ISO 4217, list one, amendment 176: the currencies whose minor unit is not a hundredth. */
int tmg_currency_exponent(tmg_span code)
{
    if (code.len != 3)
        return 2;
    switch (CODE((unsigned char)code.ptr[0], (unsigned char)code.ptr[1], (unsigned char)code.ptr[2])) {
    case CODE('B', 'I', 'F'):
    case CODE('C', 'L', 'P'):
    case CODE('D', 'J', 'F'):
    case CODE('G', 'N', 'F'):
    case CODE('I', 'S', 'K'):
    case CODE('J', 'P', 'Y'):
    case CODE('K', 'M', 'F'):
    case CODE('K', 'R', 'W'):
    case CODE('P', 'Y', 'G'):
    case CODE('R', 'W', 'F'):
    case CODE('U', 'G', 'X'):
    case CODE('U', 'Y', 'I'):
    case CODE('V', 'N', 'D'):
    case CODE('V', 'U', 'V'):
    case CODE('X', 'A', 'F'):
    case CODE('X', 'O', 'F'):
    case CODE('X', 'P', 'F'):
        return 0;
    case CODE('B', 'H', 'D'):
    case CODE('I', 'Q', 'D'):
    case CODE('J', 'O', 'D'):
    case CODE('K', 'W', 'D'):
    case CODE('L', 'Y', 'D'):
    case CODE('O', 'M', 'R'):
    case CODE('T', 'N', 'D'):
        return 3;
    case CODE('C', 'L', 'F'):
    case CODE('U', 'Y', 'W'):
        return 4;
    default:
        return 2;
    }
}

/* The same list: currencies and units of account that money is stated in; no metals, no test code. */
static const char known[] =
    "AEDAFNALLAMDAOAARSAUDAWGAZNBAMBBDBDTBGNBHDBIFBMDBNDBOBBOVBRLBSDBTNBWPBYNBZDCADCDFCHECHFCHWCLFCLP"
    "CNYCOPCOUCRCCUPCVECZKDJFDKKDOPDZDEGPERNETBEURFJDFKPGBPGELGHSGIPGMDGNFGTQGYDHKDHNLHTGHUFIDRILSINR"
    "IQDIRRISKJMDJODJPYKESKGSKHRKMFKPWKRWKWDKYDKZTLAKLBPLKRLRDLSLLYDMADMDLMGAMKDMMKMNTMOPMRUMURMVRMWK"
    "MXNMXVMYRMZNNADNGNNIONOKNPRNZDOMRPABPENPGKPHPPKRPLNPYGQARRONRSDRUBRWFSARSBDSCRSDGSEKSGDSHPSLESOS"
    "SRDSSPSTNSVCSYPSZLTHBTJSTMTTNDTOPTRYTTDTWDTZSUAHUGXUSDUSNUYIUYUUYWUZSVEDVESVNDVUVWSTXAFXCDXCGXOF"
    "XPFYERZARZMWZWG";

bool tmg_currency_known(tmg_span code)
{
    for (const char *at = known; code.len == 3 && *at != '\0'; at += 3)
        if (memcmp(at, code.ptr, 3) == 0)
            return true;
    return false;
}
