#include "risk_help.h"

#include "risk/chains_priv.h"

#define HEAD "[harm fraud]\nprior_bad = 0.2\nprior_n = 1\n[harm critical]\nprior_bad = 0.01\nprior_n = 1\n"

typedef struct wrong {
    const char *text, *says;
} wrong;

static void a_wrong_file_is_refused_with_its_line(void **state)
{
    (void)state;
    static const wrong cases[] = {
        {HEAD "[chain goods]\nlevels = hs2 | colour\nm = 2 2\n",
         "chains.ini:8: there is no feature \"colour\""},
        {HEAD "[chain goods]\nlevels = hs2 | hs4\nm = 2\n", "chains.ini:9: m has 1 numbers for 2 levels"},
        {HEAD "[chain goods]\nlevels = hs2\nm = 2 2\n", "chains.ini:9: m has more numbers"},
        {HEAD "[chain goods]\nlevels = hs2\nm = zero\n", "chains.ini:9: m = zero: expected a number"},
        {HEAD "[chain goods]\nlevels = hs2\nm = 0\n", "chains.ini:9: m = 0: expected a number"},
        {HEAD "[chain goods]\nlevels = hs2\nm = 2\nweight = 0.3\n", "chains.ini:10: weight = 0.3"},
        {HEAD "[chain goods]\nlevels = hs2\nm = 2\nrepeat = hs4\n", "chains.ini:10: repeat = hs4"},
        {HEAD "[chain goods]\nlevels = hs2\nm = 2\nspeed = 1\n", "chains.ini:10: [chain] knows"},
        {HEAD "[chain goods]\nlevels = hs2\n", "chain goods needs both levels and m"},
        {HEAD "[time]\nhalf_life_days = 3\n", "chains.ini:8: half_life_days = 3"},
        {HEAD "[time]\nlandmark = yesterday\n", "chains.ini:8: landmark = yesterday"},
        {HEAD "[time]\nhalf_life_days = 30\nlandmark = 1990-01-01\n[chain a]\nlevels = hs2\nm = 1\n",
         "choose a later one"},
        {"[harm smuggling]\nprior_n = 1\n", "chains.ini:2: there is no harm \"smuggling\""},
        {"[weights]\na = 1\n", "chains.ini:2: section [weights]"},
        {HEAD, "defines no [chain NAME]"},
        {"[chain goods]\nlevels = hs2\nm = 2\n", "[harm fraud] needs prior_bad and prior_n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        tmg_mind *m = NULL;
        tmg_err err = {0};
        assert_int_equal(mind_read(cases[i].text, &m, &err), TMG_E_INVALID);
        assert_null(m);
        if (strstr(err.text, cases[i].says) == NULL)
            fail_msg("case %zu: \"%s\" does not say \"%s\"", i, err.text, cases[i].says);
    }
}

static void attributes_of_persons_are_no_features(void **state)
{
    (void)state;
    static const char *const personal[] = {"sex",        "gender",      "ethnicity",
                                           "religion",   "nationality", "citizenship",
                                           "birth_year", "name",        "consignee_name"};
    for (size_t i = 0; i < sizeof personal / sizeof personal[0]; i++) {
        char text[512];
        tmg_mind *m = NULL;
        (void)snprintf(text, sizeof text, HEAD "[chain people]\nlevels = %s\nm = 1\n", personal[i]);
        assert_int_equal(mind_read(text, &m, NULL), TMG_E_INVALID);
    }
}

static void the_shipped_chains_are_read(void **state)
{
    (void)state;
    const char *source = getenv("TAMGA_SOURCE");
    assert_non_null(source); /* set by meson */
    char path[512];
    tmg_mind *m = NULL;
    tmg_err err = {0};
    (void)snprintf(path, sizeof path, "%s/config/chains.ini", source);
    if (tmg_mind_new(path, &m, &err) != TMG_OK)
        fail_msg("%s", err.text);
    tmg_mind_free(m);
}

static void unit_price_keeps_three_digits(void **state)
{
    (void)state;
    assert_int_equal(tmg_unit_price(10000, 3000000), 3330);    /* 100.00 over 3 kg: 33.33 */
    assert_int_equal(tmg_unit_price(123456, 1000000), 123000); /* 1,234.56 a kg */
    assert_int_equal(tmg_unit_price(99950, 100000000), 1000);  /* 9.995 a kg rounds up */
    assert_int_equal(tmg_unit_price(0, 1000000), 0);
    assert_int_equal(tmg_unit_price(100, 0), -1);
    assert_int_equal(tmg_unit_price(100, TMG_NONE), -1);
    assert_int_equal(tmg_unit_price(TMG_NONE, 1000000), -1);
    assert_int_equal(tmg_unit_price(INT64_MAX, 1), INT64_MAX); /* does not wrap */
}

static void mass_bands_double_in_two_steps(void **state)
{
    (void)state;
    assert_int_equal(tmg_half_octave(1), 0);
    assert_int_equal(tmg_half_octave(2), 2);
    assert_int_equal(tmg_half_octave(1414213), 40);
    assert_int_equal(tmg_half_octave(1482910), 40); /* 2^20.5 is 1482910.4 */
    assert_int_equal(tmg_half_octave(1482911), 41);
    assert_int_equal(tmg_half_octave(0), -1);
    assert_int_equal(tmg_half_octave(TMG_NONE), -1);
    assert_int_equal(tmg_half_octave(INT64_MAX), 125);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrong_file_is_refused_with_its_line),
        cmocka_unit_test(attributes_of_persons_are_no_features),
        cmocka_unit_test(the_shipped_chains_are_read),
        cmocka_unit_test(unit_price_keeps_three_digits),
        cmocka_unit_test(mass_bands_double_in_two_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
