/* A name's bytes become words in Latin letters, and those become sounds. */
#include "rule/names_priv.h"

#define SH '{'
#define CH '|'
#define ZH '}'

enum { RAW_WORDS = 24, RAW_LETTERS = 48, WEIGHT_MOST = 8, WEIGHT_BASE = 2, WEIGHT_GENERIC = 2 };

typedef struct raw_word {
    char at[RAW_LETTERS];
    size_t len;
    int written; /* letters of the source */
} raw_word;

typedef struct raw_name {
    raw_word words[RAW_WORDS];
    size_t count;
    bool open; /* the last word goes on */
    int letters[4];
} raw_name;

/* Decodes one character; a byte that is none gives U+FFFD. */
static uint32_t letter_at(tmg_span s, size_t *at)
{
    const uint8_t *p = (const uint8_t *)s.ptr + *at;
    size_t left = s.len - *at, more = p[0] >= 0xf0 ? 3 : p[0] >= 0xe0 ? 2 : p[0] >= 0xc0 ? 1 : 0;
    uint32_t letter = p[0];

    *at += 1;
    if (p[0] < 0x80)
        return letter;
    if (more == 0 || left <= more)
        return 0xfffd;
    letter &= UINT32_C(0x3f) >> more;
    for (size_t i = 1; i <= more; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0xfffd;
        letter = letter << 6 | (p[i] & 0x3fu);
    }
    *at += more;
    return letter;
}

static void put(raw_name *n, const char *latin)
{
    if (latin[0] == ' ') {
        n->open = false;
        return;
    }
    if (!n->open && latin[0] != '\0') {
        if (n->count == RAW_WORDS)
            return;
        n->words[n->count++] = (raw_word){.len = 0};
        n->open = true;
    }
    if (n->open)
        n->words[n->count - 1].written++;
    for (; *latin != '\0'; latin++) {
        raw_word *w = &n->words[n->count - 1];
        if (w->len < RAW_LETTERS)
            w->at[w->len++] = *latin;
    }
}

static void put_ascii(raw_name *n, char c)
{
    if (c == '\'' || c == '`')
        return;
    char latin[2] = {c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c, '\0'};
    bool is_letter = latin[0] >= 'a' && latin[0] <= 'z';
    n->letters[TMG_SCRIPT_LATIN] += is_letter;
    put(n, is_letter || (c >= '0' && c <= '9') ? latin : " ");
}

static void read_raw(tmg_span text, raw_name *n)
{
    n->count = 0;
    n->open = false;
    memset(n->letters, 0, sizeof n->letters);
    for (size_t at = 0; at < text.len;) {
        uint32_t letter = letter_at(text, &at);
        if (letter < 0x80) {
            put_ascii(n, (char)letter);
            continue;
        }
        tmg_script script = TMG_SCRIPT_LATIN;
        const char *latin = tmg_letter_latin(letter, &script);
        n->letters[script] += latin[0] != '\0' && latin[0] != ' ';
        put(n, latin);
    }
}

static const struct {
    char written[5], sound;
} spellings[] = {{"shch", SH}, {"sch", SH}, {"dzh", 'j'}, {"sh", SH},  {"ch", CH},  {"zh", ZH},  {"kh", 'x'},
                 {"gh", 'g'},  {"ph", 'f'}, {"th", 't'},  {"ts", 'c'}, {"tz", 'c'}, {"dj", 'j'}, {"dz", 'z'},
                 {"ck", 'k'},  {"ee", 'i'}, {"oo", 'u'},  {"ou", 'u'}, {"w", 'v'}};

/* One sound from the letters at w[i...]; how many letters it takes. */
static size_t sound_at(const raw_word *w, size_t i, char *ret)
{
    if (strchr("sdczkgptoew", w->at[i]) != NULL)
        for (size_t k = 0; k < sizeof spellings / sizeof *spellings; k++) {
            const size_t len = strlen(spellings[k].written);
            const bool fits = w->len - i >= len && memcmp(w->at + i, spellings[k].written, len) == 0;
            if (fits &&
                (i == 0 || strcmp(spellings[k].written, "dj") != 0)) { /* inside a word d and j are two */
                *ret = spellings[k].sound;
                return len;
            }
        }
    *ret = w->at[i];
    return 1;
}

static bool is_vowel(char c)
{
    return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
}

/* A y that only softens what is before it, or lengthens an i: "gya" is "ga", "iye" is "ie". */
static bool is_soft(const raw_word *w, size_t i, const tmg_name_word *so_far)
{
    if (w->at[i] != 'y' || so_far->len == 0)
        return false;
    char before = so_far->sound[so_far->len - 1], after = i + 1 < w->len ? w->at[i + 1] : '\0';
    return before == 'i' || before == 'y' || after == 'i' || (!is_vowel(before) && is_vowel(after));
}

static void write_sounds(const raw_word *w, tmg_name_word *ret)
{
    for (size_t i = 0; i < w->len && ret->len < TMG_WORD_LETTERS;) {
        char sound = 0;
        if (is_soft(w, i, ret)) {
            i++;
            continue;
        }
        i += sound_at(w, i, &sound);
        if (ret->len == 0 || ret->sound[ret->len - 1] != sound)
            ret->sound[ret->len++] = sound;
    }
}

/* Consonants by class.  v and y inside a word stand for vowels in Persian, and h at its end. */
static void write_bones(tmg_name_word *w, tmg_script script)
{
    static const char class_of[] = {
        ['a' - 'a'] = 0,   ['b' - 'a'] = 'b', ['c' - 'a'] = 'j', ['d' - 'a'] = 't', ['f' - 'a'] = 'b',
        ['g' - 'a'] = 'k', ['h' - 'a'] = 'k', ['j' - 'a'] = 'j', ['k' - 'a'] = 'k', ['l' - 'a'] = 'l',
        ['m' - 'a'] = 'm', ['n' - 'a'] = 'n', ['p' - 'a'] = 'b', ['q' - 'a'] = 'k', ['r' - 'a'] = 'r',
        ['s' - 'a'] = 's', ['t' - 'a'] = 't', ['v' - 'a'] = 'b', ['x' - 'a'] = 'k', ['z' - 'a'] = 's',
        [SH - 'a'] = 's',  [CH - 'a'] = 'j',  [ZH - 'a'] = 'j'};
    for (uint8_t i = 0; i < w->len; i++) {
        char c = w->sound[i];
        bool is_last = i + 1 == w->len;
        if ((c == 'v' && i > 0 && !is_last) ||
            (c == 'h' && is_last && script == TMG_SCRIPT_ARABIC && w->len > 2))
            continue;
        char bone = c >= 'a' && c <= ZH ? class_of[c - 'a'] : c;
        if (bone != 0 && (w->bone_len == 0 || w->bone[w->bone_len - 1] != bone))
            w->bone[w->bone_len++] = bone;
    }
}

static void add_word(const raw_word *raw, tmg_name *ret)
{
    if (ret->count == TMG_NAME_WORDS)
        return;
    tmg_name_word *w = &ret->words[ret->count++];
    *w = (tmg_name_word){.is_number = false};
    for (size_t i = 0; i < raw->len; i++)
        w->is_number = w->is_number || (raw->at[i] >= '0' && raw->at[i] <= '9');
    if (w->is_number) {
        w->len = (uint8_t)(raw->len < TMG_WORD_LETTERS ? raw->len : TMG_WORD_LETTERS);
        memcpy(w->sound, raw->at, w->len);
    } else {
        write_sounds(raw, w);
        write_bones(w, ret->script);
    }
    w->weight = w->len == 1 && !w->is_number             ? 1
                : tmg_word_is_generic(raw->at, raw->len) ? WEIGHT_GENERIC
                : w->len + WEIGHT_BASE < WEIGHT_MOST     ? (uint8_t)(w->len + WEIGHT_BASE)
                                                         : WEIGHT_MOST;
}

/* "A.S." and "L. L. C." come as lone letters: do those from `at` on spell a company form?  How many they are.
 */
static size_t spelt_form(const raw_name *n, size_t at)
{
    char joined[RAW_LETTERS];
    size_t len = 0, spelt = 0;
    for (size_t i = at; i < n->count && n->words[i].written == 1 && len + n->words[i].len <= sizeof joined;
         i++) {
        memcpy(joined + len, n->words[i].at, n->words[i].len);
        len += n->words[i].len;
        if (i > at && tmg_word_is_form(joined, len))
            spelt = i + 1 - at;
    }
    return spelt;
}

void tmg_name_read(tmg_span text, tmg_name *ret)
{
    raw_name n;
    bool is_form[RAW_WORDS] = {false};
    size_t forms = 0;

    read_raw(text, &n);
    ret->count = 0;
    ret->script = TMG_SCRIPT_LATIN;
    for (int s = 0; s < 4; s++)
        if (n.letters[s] > n.letters[ret->script])
            ret->script = (tmg_script)s;
    for (size_t i = 0; i < n.count;) {
        size_t spelt = tmg_word_is_form(n.words[i].at, n.words[i].len) ? 1 : spelt_form(&n, i);
        for (size_t k = 0; k < spelt; k++)
            is_form[i + k] = true;
        forms += spelt;
        i += spelt > 0 ? spelt : 1;
    }
    for (size_t i = 0; i < n.count; i++)
        if (!is_form[i] || forms == n.count)
            add_word(&n.words[i], ret);
}
