#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "model/model.h"

static void words_lead_back_to_their_codes(void **state)
{
    (void)state;
    for (int i = TMG_IMPORT; i <= TMG_TRANSIT; i++)
        assert_int_equal(tmg_regime_of(tmg_span_of(tmg_regime_name((tmg_regime)i))), i);
    for (int i = TMG_OUTCOME_NONE; i <= TMG_OUTCOME_OTHER; i++)
        assert_int_equal(tmg_outcome_of(tmg_span_of(tmg_outcome_name((tmg_outcome)i))), i);
    for (int i = TMG_LANE_GREEN; i <= TMG_LANE_RED; i++)
        assert_int_equal(tmg_lane_of(tmg_span_of(tmg_lane_name((tmg_lane)i))), i);
    for (int i = TMG_ACT_RELEASE; i <= TMG_ACT_WITHDRAW; i++)
        assert_int_equal(tmg_action_of(tmg_span_of(tmg_action_name((tmg_action)i))), i);
    unsigned all = 0;
    for (unsigned bit = 1; bit <= TMG_MEANS_ALL; bit <<= 1) {
        assert_int_equal(tmg_means_of(tmg_span_of(tmg_means_name(bit))), bit);
        all |= bit;
    }
    assert_int_equal(all, TMG_MEANS_ALL);
}

static void words_are_those_of_the_screens(void **state)
{
    (void)state;
    assert_string_equal(tmg_party_role_name(TMG_CARRIER), "carrier");
    assert_string_equal(tmg_harm_name(TMG_CRITICAL), "critical");
    assert_string_equal(tmg_selected_by_name(TMG_BY_RANDOM), "random");
    assert_string_equal(tmg_lane_name(TMG_LANE_YELLOW), "yellow");
    assert_string_equal(tmg_action_name(TMG_ACT_WAIT), "wait");
    assert_string_equal(tmg_outcome_name(TMG_OUTCOME_PRECURSOR), "precursor");
    assert_string_equal(tmg_means_name(TMG_MEANS_UNLOADING), "unloading");
}

static void unknown_words_have_no_code(void **state)
{
    (void)state;
    assert_int_equal(tmg_regime_of(TMG_SPAN("Import")), 0);
    assert_int_equal(tmg_outcome_of(TMG_SPAN("")), 0);
    assert_int_equal(tmg_lane_of(TMG_SPAN("greenish")), 0);
    assert_int_equal(tmg_action_of((tmg_span){NULL, 0}), 0);
    assert_int_equal(tmg_means_of(TMG_SPAN("nose")), 0);
}

static void a_damaged_code_still_has_a_word(void **state)
{
    (void)state;
    assert_string_equal(tmg_lane_name((tmg_lane)0), "unknown");
    assert_string_equal(tmg_lane_name((tmg_lane)77), "unknown");
    assert_string_equal(tmg_means_name(3), "unknown");
    assert_string_equal(tmg_means_name(1024), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_lead_back_to_their_codes),
        cmocka_unit_test(words_are_those_of_the_screens),
        cmocka_unit_test(unknown_words_have_no_code),
        cmocka_unit_test(a_damaged_code_still_has_a_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
