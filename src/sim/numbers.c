#include "sim/sim_priv.h"

void sim_pattern(char ret[SIM_NUMBER], const char *pattern, sim_rng *r)
{
    static const char shared[] = "ABCEHKMOPTXY";
    static const char either[] = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    size_t n = 0;
    for (const char *p = pattern; *p != '\0' && n + 1 < SIM_NUMBER; p++) {
        switch (*p) {
        case '9':
            ret[n++] = (char)('0' + sim_below(r, 10));
            break;
        case 'A':
            ret[n++] = (char)('A' + sim_below(r, 26));
            break;
        case '@':
            ret[n++] = shared[sim_below(r, sizeof shared - 1)];
            break;
        case '~':
            ret[n++] = either[sim_below(r, sizeof either - 1)];
            break;
        case '\\':
            p++;
            ret[n++] = *p;
            break;
        default:
            ret[n++] = *p;
        }
    }
    ret[n] = '\0';
}

void sim_plate(char ret[SIM_NUMBER], const char *country, sim_rng *r)
{
    static const struct {
        const char *country, *pattern;
    } plates[] = {
        {"AZ", "99-AA-999"},  {"IR", "99E999-99"}, {"TR", "99AAA999"},  {"GE", "AA-999-AA"},
        {"RU", "@999@@99"},   {"KZ", "999AAA09"},  {"UA", "@@9999@@"},  {"UZ", "99999AAA"},
        {"TM", "AA9999\\AG"}, {"BG", "@@9999@@"},  {"DE", "B-AA 9999"}, {"PL", "WA99999"},
    };
    const char *pattern = "AA9999AA";
    for (size_t i = 0; i < sizeof plates / sizeof plates[0]; i++)
        if (tmg_span_is(tmg_span_of(country), plates[i].country))
            pattern = plates[i].pattern;
    sim_pattern(ret, pattern, r);
}

/* Weight of a character in ISO 6346: A = 10, B = 12, ... leaving out the multiples of 11. */
static int character_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    int v = 10 + (c - 'A');
    return v + (v > 10 ? 1 : 0) + (v > 20 ? 1 : 0) + (v > 30 ? 1 : 0);
}

static int check_remainder(const char *text, size_t len)
{
    int64_t sum = 0;
    for (size_t i = 0; i < len; i++)
        sum += ((int64_t)character_value(text[i])) << i;
    return (int)(sum % 11);
}

void sim_container(char ret[SIM_NUMBER], sim_rng *r)
{
    static const char *const owners[] = {"QXZU", "XVJU", "ZQYU", "JXWU", "VZQU", "WQXU"};
    int remainder;
    do {
        sim_pattern(ret, "\\A\\A\\A\\A999999", r);
        memcpy(ret, owners[sim_below(r, sizeof owners / sizeof owners[0])], 4);
        remainder = check_remainder(ret, 10);
    } while (remainder == 10); /* the standard advises against such serials: 10 would be written 0 */
    ret[10] = (char)('0' + remainder);
    ret[11] = '\0';
}

void sim_reference(char ret[SIM_NUMBER], uint64_t seed, uint64_t serial, int year)
{
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    uint64_t v = sim_mix(sim_mix(seed + SIM_S_REF) + serial);
    ret[0] = (char)('0' + year / 10 % 10);
    ret[1] = (char)('0' + year % 10);
    ret[2] = 'A';
    ret[3] = 'Z';
    for (size_t i = 0; i < 13; i++, v /= 36)
        ret[16 - i] = digits[v % 36];
    ret[17] = (char)('0' + check_remainder(ret, 17) % 10);
    ret[18] = '\0';
}
