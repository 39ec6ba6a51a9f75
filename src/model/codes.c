#include "model/codes.h"

#include "model/countries.gen.h"

bool tmg_country_known(tmg_span alpha2)
{
    if (alpha2.len != 2)
        return false;
    unsigned first = (unsigned)(unsigned char)alpha2.ptr[0] - 'A';
    unsigned second = (unsigned)(unsigned char)alpha2.ptr[1] - 'A';
    return first < 26 && second < 26 && countries_known[26 * first + second];
}

/* ISO 6346 annex A: letters count from 10 upwards and leave out the multiples of 11. */
static unsigned letter_value(char letter)
{
    unsigned value = 10 + (unsigned)(letter - 'A');
    value += value >= 11;
    value += value >= 22;
    value += value >= 33;
    return value;
}

static bool is_container_shape(tmg_span number)
{
    if (number.len != 11)
        return false;
    for (size_t i = 0; i < 4; i++)
        if (number.ptr[i] < 'A' || number.ptr[i] > 'Z')
            return false;
    for (size_t i = 4; i < 11; i++)
        if (number.ptr[i] < '0' || number.ptr[i] > '9')
            return false;
    return strchr("UJZ", number.ptr[3]) != NULL;
}

tmg_container_check tmg_container_verify(tmg_span number)
{
    if (!is_container_shape(number))
        return TMG_CONTAINER_MALFORMED;
    unsigned sum = 0;
    for (size_t i = 0; i < 10; i++) {
        unsigned value = i < 4 ? letter_value(number.ptr[i]) : (unsigned)(number.ptr[i] - '0');
        sum += value << i;
    }
    unsigned stated = (unsigned)(number.ptr[10] - '0');
    return sum % 11 % 10 == stated ? TMG_CONTAINER_OK : TMG_CONTAINER_CHECK_DIGIT;
}
