/* Names across scripts and habits of writing: the same ones are found, other ones are told apart.  All are
 * invented. */
#include "rule/names_priv.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static int64_t alike(const char *x, const char *y)
{
    int64_t there = tmg_name_likeness(tmg_span_of(x), tmg_span_of(y));
    int64_t back = tmg_name_likeness(tmg_span_of(y), tmg_span_of(x));
    if (there != back)
        fail_msg("%s and %s: %lld one way, %lld the other", x, y, (long long)there, (long long)back);
    return there;
}

static void at_least(int64_t least, const char *x, const char *y)
{
    if (alike(x, y) < least)
        fail_msg("%s and %s are alike to %lld only", x, y, (long long)alike(x, y));
}

static void at_most(int64_t most, const char *x, const char *y)
{
    if (alike(x, y) > most)
        fail_msg("%s and %s are alike to %lld", x, y, (long long)alike(x, y));
}

static void same(const char *x, const char *y)
{
    at_least(1000000, x, y);
}

static void letters_of_every_script_become_latin(void **state)
{
    (void)state;
    same("Çağrı Şəfəq", "chagri shefeq");
    same("İLHAM Əşrəf", "ilham eshref");
    same("Щукин Жора", "shchukin zhora");
    same("پرتو چمن", "prtv chmn");
    same("حسن‌زاده", "hsnzadh"); /* the joiner inside a word does not part it */
    same("ჭიათურა", "chiatura");
    same("Café-Noir & Söhne 7", "cafe noir sohne 7");
    same("O'Neva", "oneva");
    same("\xff\xfe ab\xc3", "ab");
    same("۱۲", "12");
}

static void dress_does_not_count(void **state)
{
    (void)state;
    assert_int_equal(alike("XƏZƏR NURLANI MMC", "nurlani xezer"), 1000000);
    assert_int_equal(alike("Bozqurd Yolu A.Ş.", "BOZQURD YOLU LTD. ŞTİ."), 1000000);
    assert_int_equal(alike("ООО \"Полярис-Груз\"", "Полярис Груз, ЗАО"), 1000000);
    at_least(950000, "Orqun Səlcan", "O. Səlcan");
    at_least(970000, "Toral Həsən zadə", "Həsənzadə Toral");
    assert_int_equal(alike("Ltd", "LTD"), 1000000); /* a name of forms only is still a name */
    assert_int_equal(alike("", "Toral"), 0);
}

static void the_same_name_in_other_scripts_is_found(void **state)
{
    (void)state;
    at_least(950000, "Elçin Turabxanlı", "Эльчин Турабханлы");
    at_least(950000, "Ceyhun Bağırlı", "Джейхун Багирлы");
    at_least(950000, "Ceyhun Bağırlı", "Jeyhun Baghirli");
    at_least(950000, "Xəyal Rəşadlı", "Хаял Рашадлы");
    at_least(950000, "Gəncə Toxuma MMC", "ООО Гянджа Тохума");
    at_least(950000, "Məmmədcan Anarlı", "Mammadjan Anarli");
    at_least(930000, "Hüseynqulu Vaqif", "Гусейнгулу Вагиф");
    at_least(840000, "Mehdi Qasımlı", "مهدی قاسملی");
    at_least(840000, "Rza Həsənzadə", "رضا حسن‌زاده");
    at_least(930000, "შპს ყაზბეგის გზა", "Qazbegis Gza LLC");
    at_least(930000, "Öztürkan Nakliyat", "ოზთურქან ნაქლიათ");
}

static void typos_count_a_little(void **state)
{
    (void)state;
    at_least(930000, "Turabxan Səlimov", "Turabxan Səlmov");
    at_least(900000, "Xəzər Nurları", "Xəzər Nurlari");
    assert_true(alike("Turabxan Səlimov", "Turabxan Səlmov") < 1000000);
}

static void other_names_are_told_apart(void **state)
{
    (void)state;
    at_most(600000, "emma dalton", "EMMA LLC");                       /* one word of two is not the name */
    at_most(700000, "Ibrahim Talat Mosulli", "Ibrahim Talat Durili"); /* the last word contradicts */
    at_most(850000, "Elçin Əlixanlı", "Elçin Vəlixanlı");
    at_most(850000, "Elçin Həsənli", "Elçin Hüseynli");
    at_most(500000, "Elçin Məmmədli", "Elçin Əhmədli");
    at_most(850000, "Kaspi Ulduz 7", "Kaspi Ulduz 8");
    at_most(400000, "Alma Trading Group LLC", "Armud Trading Group LLC"); /* only what all have is the same */
    at_most(100000, "Vüqar Nəsirli", "Bəxtiyar Tağı");
}

static void a_patronymic_may_be_left_out(void **state)
{
    (void)state;
    at_least(900000, "Anar Turab oğlu Səlimli", "Anar Səlimli");
    at_least(900000, "Анар Тураб оглы Салимли", "Anar Səlimli");
}

/* Many names like each other: the one that was meant comes first. */
static void the_index_finds_what_was_meant(void **state)
{
    (void)state;
    static const char *const part[] = {"bar", "ken", "tul", "mor", "sab", "ril", "dun", "pek",
                                       "zan", "gol", "vas", "hem", "lor", "fik", "nad", "jus"};
    enum { PARTS = 16, COUNT = 4096 };
    tmg_name_index *x = tmg_name_index_new();
    tmg_name name, typo;
    char text[80];
    uint32_t found[64];

    for (uint32_t i = 0; i < COUNT; i++) {
        snprintf(text, sizeof text, "%s%s %s%s", part[i % PARTS], part[i / PARTS % PARTS],
                 part[i * 7 % PARTS], part[i / 256 % PARTS]);
        tmg_name_read(tmg_span_of(text), &name);
        tmg_name_index_add(x, &name);
    }
    tmg_name_index_seal(x);
    size_t hits = 0;
    for (uint32_t i = 0; i < COUNT; i += 16) {
        tmg_name_index_name(x, i, &name);
        typo = name;
        typo.words[0].sound[2] = 'x'; /* one letter wrong */
        size_t n = tmg_name_index_find(x, &typo, found, 64);
        int64_t best = 0, own = tmg_names_likeness(&typo, &name);
        bool among = false;
        for (size_t k = 0; k < n; k++) {
            tmg_name other;
            tmg_name_index_name(x, found[k], &other);
            int64_t v = tmg_names_likeness(&typo, &other);
            best = v > best ? v : best;
            among = among || found[k] == i;
        }
        hits += among && best == own;
    }
    assert_true(hits >= COUNT / 16 * 98 / 100);
    tmg_name nobody;
    tmg_name_read(TMG_SPAN(""), &nobody);
    assert_int_equal(tmg_name_index_find(x, &nobody, found, 64), 0);
    tmg_name_index_free(x);
}

static void any_bytes_are_a_name(void **state)
{
    (void)state;
    uint64_t seed = 77;
    char text[300];
    for (int round = 0; round < 20000; round++) {
        size_t len = seed % sizeof text;
        for (size_t i = 0; i < len; i++) {
            seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
            text[i] = (char)(seed >> 40);
        }
        int64_t v = tmg_name_likeness((tmg_span){text, len}, (tmg_span){text + len / 3, len - len / 3});
        assert_true(v >= 0 && v <= 1000000);
        seed++;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_of_every_script_become_latin),
        cmocka_unit_test(dress_does_not_count),
        cmocka_unit_test(the_same_name_in_other_scripts_is_found),
        cmocka_unit_test(typos_count_a_little),
        cmocka_unit_test(other_names_are_told_apart),
        cmocka_unit_test(a_patronymic_may_be_left_out),
        cmocka_unit_test(the_index_finds_what_was_meant),
        cmocka_unit_test(any_bytes_are_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
