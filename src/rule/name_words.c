/* Two words by sound: Jaro-Winkler (Winkler 1990) where letters that scripts and habits confuse count almost
 * as equal. */
#include "rule/names_priv.h"

#define L(letter) (UINT32_C(1) << ((letter) - 'a'))
#define SH        '{'
#define CH        '|'
#define ZH        '}'

enum {
    SAME = 1000000,
    NEAR = 85,             /* of 100: letters confused within one script */
    NEAR_ACROSS = 92,      /* ... and between scripts */
    OTHER_SPELLING = 8000, /* a letter, when nothing else differs */
    PREFIX_MOST = 4,
    PREFIX_PERCENT = 10,
    OTHER_START = 75000, /* what another first letter, other consonants and another first vowel take off */
    OTHER_BONES = 30000,
    OTHER_VOWEL = 40000,
    BARE = 930000, /* the same consonants, where one side writes no vowels */
    BARE_SHORT = 860000,
    BARE_LEAST = 3
};

static const uint32_t near_within['}' - 'a' + 1] = {
    ['a' - 'a'] = L('e'),          ['e' - 'a'] = L('a'),
    ['i' - 'a'] = L('y'),          ['y' - 'a'] = L('i'),
    ['q' - 'a'] = L('g') | L('k'), ['g' - 'a'] = L('q'),
    ['k' - 'a'] = L('q') | L('c'), ['x' - 'a'] = L('h'),
    ['h' - 'a'] = L('x'),          ['c' - 'a'] = L('j') | L('k') | L(CH),
    ['j' - 'a'] = L('c') | L(ZH),  ['s' - 'a'] = L(SH),
    [SH - 'a'] = L('s'),           [CH - 'a'] = L('c'),
    [ZH - 'a'] = L('j'),
};
static const uint32_t near_across['}' - 'a' + 1] = {
    ['a' - 'a'] = L('e') | L('o'),
    ['e' - 'a'] = L('a') | L('i') | L('o'),
    ['i' - 'a'] = L('y') | L('e') | L('u'),
    ['y' - 'a'] = L('i') | L('j'),
    ['o' - 'a'] = L('u') | L('e') | L('a'),
    ['u' - 'a'] = L('o') | L('i') | L('v'),
    ['q' - 'a'] = L('g') | L('k') | L('x'),
    ['g' - 'a'] = L('q') | L('h') | L('k'),
    ['k' - 'a'] = L('q') | L('c') | L('g') | L('x'),
    ['x' - 'a'] = L('h') | L('k') | L('q'),
    ['h' - 'a'] = L('x') | L('g'),
    ['c' - 'a'] = L('j') | L('k') | L('s') | L(CH),
    ['j' - 'a'] = L('c') | L(ZH) | L('y'),
    ['s' - 'a'] = L('z') | L(SH) | L('c'),
    ['z' - 'a'] = L('s') | L(ZH),
    ['t' - 'a'] = L('d'),
    ['d' - 'a'] = L('t'),
    ['b' - 'a'] = L('p') | L('v'),
    ['p' - 'a'] = L('b') | L('f'),
    ['f' - 'a'] = L('v') | L('p'),
    ['v' - 'a'] = L('f') | L('b') | L('u'),
    [SH - 'a'] = L('s'),
    [CH - 'a'] = L('c'),
    [ZH - 'a'] = L('j') | L('z'),
};

static bool is_near(const uint32_t *near, char a, char b)
{
    return (near[a - 'a'] >> (b - 'a') & 1) != 0;
}

typedef struct matches {
    int exact, near, out_of_order;
} matches;

/* Letters of a and b that match no further apart than Jaro's window, equal ones first. */
static matches match(const char *a, int la, const char *b, int lb, const uint32_t *near)
{
    const int window = (la > lb ? la : lb) / 2 > 1 ? (la > lb ? la : lb) / 2 - 1 : 0;
    uint32_t used_a = 0, used_b = 0;
    matches m = {0, 0, 0};

    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < la; i++) {
            if (used_a >> i & 1)
                continue;
            const int from = i > window ? i - window : 0, to = i + window < lb - 1 ? i + window : lb - 1;
            for (int k = from; k <= to; k++) {
                if (used_b >> k & 1 || !(pass == 0 ? a[i] == b[k] : is_near(near, a[i], b[k])))
                    continue;
                used_a |= UINT32_C(1) << i;
                used_b |= UINT32_C(1) << k;
                *(pass == 0 ? &m.exact : &m.near) += 1;
                break;
            }
        }
    for (; used_a != 0; used_a &= used_a - 1, used_b &= used_b - 1) {
        char x = a[__builtin_ctz(used_a)], y = b[__builtin_ctz(used_b)];
        m.out_of_order += x != y && !is_near(near, x, y);
    }
    return m;
}

static int64_t jaro_winkler(const char *a, int la, const char *b, int lb, const uint32_t *near,
                            int near_percent)
{
    const matches m = match(a, la, b, lb, near);
    const int64_t all = m.exact + m.near;

    if (all == 0)
        return 0;
    const int64_t hundredths = 100 * (int64_t)m.exact + (int64_t)near_percent * m.near;
    const int64_t part = SAME / 100;
    int64_t jaro =
        (hundredths * part / la + hundredths * part / lb + (2 * all - m.out_of_order) * SAME / (2 * all)) / 3;
    int prefix = 0;
    while (prefix < PREFIX_MOST && prefix < la && prefix < lb &&
           (a[prefix] == b[prefix] || is_near(near, a[prefix], b[prefix])))
        prefix++;
    return jaro + (SAME - jaro) * prefix * PREFIX_PERCENT / 100;
}

static bool is_same(const char *a, uint8_t la, const char *b, uint8_t lb)
{
    return la == lb && memcmp(a, b, la) == 0;
}

static int64_t without_vowels(const tmg_name_word *x, const tmg_name_word *y)
{
    static const uint32_t none['}' - 'a' + 1] = {0};
    if (is_same(x->bone, x->bone_len, y->bone, y->bone_len))
        return x->bone_len >= BARE_LEAST ? BARE : x->bone_len > 0 ? BARE_SHORT : 0;
    if (x->bone_len <= BARE_LEAST || y->bone_len <= BARE_LEAST)
        return 0;
    return jaro_winkler(x->bone, x->bone_len, y->bone, y->bone_len, none, 0) * (BARE / 1000) / (SAME / 1000);
}

/* The same letter by letter but for confused ones, such as one spelling of a name and another: *ret says how
 * many. */
static bool is_other_spelling(const tmg_name_word *x, const tmg_name_word *y, const uint32_t *near, int *ret)
{
    *ret = 0;
    for (int i = 0; x->len == y->len && i < x->len; i++) {
        if (x->sound[i] == y->sound[i])
            continue;
        if (!is_near(near, x->sound[i], y->sound[i]))
            return false;
        ++*ret;
    }
    return x->len == y->len;
}

static char first_vowel(const tmg_name_word *w)
{
    for (int i = 0; i < w->len; i++)
        if (strchr("aeiou", w->sound[i]) != NULL)
            return w->sound[i];
    return 'a';
}

int64_t tmg_words_likeness(const tmg_name_word *x, tmg_script of_x, const tmg_name_word *y, tmg_script of_y)
{
    if (is_same(x->sound, x->len, y->sound, y->len))
        return SAME;
    if (of_x != of_y && (of_x == TMG_SCRIPT_ARABIC || of_y == TMG_SCRIPT_ARABIC))
        return without_vowels(x, y);
    const uint32_t *near = of_x != of_y ? near_across : near_within;
    int confused = 0;
    if (is_other_spelling(x, y, near, &confused))
        return SAME - confused * OTHER_SPELLING;
    if (of_x != of_y)
        return jaro_winkler(x->sound, x->len, y->sound, y->len, near_across, NEAR_ACROSS);
    int64_t alike = jaro_winkler(x->sound, x->len, y->sound, y->len, near_within, NEAR);
    if (x->sound[0] != y->sound[0] && !is_near(near_within, x->sound[0], y->sound[0]))
        alike -= OTHER_START;
    if (!is_same(x->bone, x->bone_len, y->bone, y->bone_len))
        alike -= OTHER_BONES;
    char vowel_x = first_vowel(x), vowel_y = first_vowel(y);
    if (vowel_x != vowel_y && !is_near(near_within, vowel_x, vowel_y))
        alike -= OTHER_VOWEL;
    return alike > 0 ? alike : 0;
}
