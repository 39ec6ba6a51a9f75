#include "risk_help.h"

static tmg_rc read_text(const char *text, tmg_mandatory **ret, tmg_err *err)
{
    folder f = folder_new("mandatory.ini");
    tmg_rc rc = tmg_file_write(f.file, tmg_span_of(text), 0600, err);
    if (rc == TMG_OK)
        rc = tmg_mandatory_read(f.file, ret, err);
    folder_remove(&f);
    return rc;
}

static tmg_mandatory *shipped(void)
{
    const char *source = getenv("TAMGA_SOURCE");
    char path[512];
    tmg_mandatory *m = NULL;
    tmg_err err = {0};
    if (source == NULL) {
        print_message("TAMGA_SOURCE does not name the source folder\n");
        skip();
        return NULL;
    }
    (void)snprintf(path, sizeof path, "%s/config/mandatory.ini", source);
    if (tmg_mandatory_read(path, &m, &err) != TMG_OK)
        fail_msg("%s", err.text);
    return m;
}

static void a_precursor_needs_its_licence(void **state)
{
    (void)state;
    tmg_mandatory *m = shipped();
    goods g;
    tmg_document licence = {TMG_SPAN("LICENCE"), TMG_SPAN("17/2026")},
                 other = {TMG_SPAN("CMR"), TMG_SPAN("1")};
    tmg_declaration *d = goods_of(&g, "2915240000", "IR");
    assert_true(tmg_span_is(tmg_mandatory_for(m, d),
                            "precursor of Table I without a licence (1988 Convention, art. 12)"));
    d->documents = &other;
    d->document_count = 1;
    assert_non_null(tmg_mandatory_for(m, d).ptr);
    d->documents = &licence;
    assert_null(tmg_mandatory_for(m, d).ptr);
    tmg_mandatory_free(m);
}

static void an_instruction_is_explained_in_each_language(void **state)
{
    (void)state;
    tmg_mandatory *m = NULL;
    tmg_instruction in;
    tmg_err err = {0};
    assert_int_equal(
        read_text("[instruction tea]\nhs = 0902\nwords = tea\nwords.ru = \xd1\x87\xd0\xb0\xd0\xb9\n"
                  "basis = order 7\n",
                  &m, &err),
        TMG_OK);
    assert_true(tmg_mandatory_explain(m, TMG_SPAN("tea (order 7)"), &in));
    assert_true(tmg_span_is(in.name, "tea"));
    assert_true(tmg_span_is(in.words_ru, "\xd1\x87\xd0\xb0\xd0\xb9"));
    assert_int_equal(in.words_az.len, 0);
    assert_false(in.beyond_capacity);
    assert_true(tmg_mandatory_explain(m, TMG_SPAN("tea (order 7); beyond the capacity"), &in));
    assert_true(in.beyond_capacity);
    assert_false(tmg_mandatory_explain(m, TMG_SPAN("coffee (order 7)"), &in));
    tmg_mandatory_free(m);
}

static void drugs_are_always_stopped_and_plain_goods_never(void **state)
{
    (void)state;
    tmg_mandatory *m = shipped();
    goods g;
    tmg_document licence = {TMG_SPAN("LICENCE"), TMG_SPAN("17/2026")};
    tmg_declaration *d = goods_of(&g, "130211", "IR");
    d->documents = &licence;
    d->document_count = 1;
    assert_non_null(tmg_mandatory_for(m, d).ptr);
    assert_null(tmg_mandatory_for(m, goods_of(&g, "870120", "DE")).ptr);
    assert_null(tmg_mandatory_for(m, goods_of(&g, "291411", "DE")).ptr); /* acetone, imported */
    d = goods_of(&g, "291411", "DE");
    d->regime = TMG_TRANSIT;
    assert_non_null(tmg_mandatory_for(m, d).ptr);
    tmg_mandatory_free(m);
}

static void all_conditions_must_hold(void **state)
{
    (void)state;
    tmg_mandatory *m = NULL;
    goods g;
    tmg_err err = {0};
    if (read_text("[instruction melons]\nhs = 0807, 0806\ndeparture = IR, TR\nregime = transit\nexpires = "
                  "2026-06-30\n"
                  "words = melons in transit\nbasis = order 12\n",
                  &m, &err) != TMG_OK)
        fail_msg("%s", err.text);
    tmg_declaration *d = goods_of(&g, "080711", "IR");
    d->regime = TMG_TRANSIT;
    assert_int_equal(tmg_instant_parse(TMG_SPAN("2026-06-30T23:59:59+04:00"), 0, &d->lodged, NULL), TMG_OK);
    assert_true(tmg_span_is(tmg_mandatory_for(m, d), "melons in transit (order 12)"));
    d->lodged.at_ms += TMG_SECOND_MS;
    assert_null(tmg_mandatory_for(m, d).ptr);
    d->lodged.at_ms -= TMG_DAY_MS;
    d->departure = TMG_SPAN("GE");
    assert_null(tmg_mandatory_for(m, d).ptr);
    d->departure = TMG_SPAN("TR");
    d->regime = TMG_IMPORT;
    assert_null(tmg_mandatory_for(m, d).ptr);
    d->regime = TMG_TRANSIT;
    g.item.hs = TMG_SPAN("08");
    assert_null(tmg_mandatory_for(m, d).ptr);
    tmg_mandatory_free(m);
}

typedef struct wrong {
    const char *text, *says;
} wrong;

static void a_wrong_file_is_refused_with_its_line(void **state)
{
    (void)state;
    static const wrong cases[] = {
        {"[instruction a]\nhs = 29X\n", "mandatory.ini:2: hs = 29X: expected 2 to 10 digits"},
        {"[instruction a]\nlist = table_iii\n", "mandatory.ini:2: list = table_iii: expected table_i"},
        {"[instruction a]\ndeparture = Iran\n", "mandatory.ini:2: departure = Iran"},
        {"[instruction a]\nregime = import, export, smuggling\n", "mandatory.ini:2: regime = smuggling"},
        {"[instruction a]\nexpires = soon\n", "mandatory.ini:2: expires = soon"},
        {"[instruction a]\nnationality = IR\n", "mandatory.ini:2: an instruction has no \"nationality\""},
        {"[rule a]\nhs = 29\n", "mandatory.ini:2: section [rule a]"},
        {"[instruction a]\nhs = 29\nwords = all chemicals\n", "instruction a needs words and a legal basis"},
        {"[instruction a]\nregime = transit\nwords = w\nbasis = b\n", "would stop everything"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        tmg_mandatory *m = NULL;
        tmg_err err = {0};
        assert_int_equal(read_text(cases[i].text, &m, &err), TMG_E_INVALID);
        assert_null(m);
        if (strstr(err.text, cases[i].says) == NULL)
            fail_msg("case %zu: \"%s\" does not say \"%s\"", i, err.text, cases[i].says);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_precursor_needs_its_licence),
        cmocka_unit_test(an_instruction_is_explained_in_each_language),
        cmocka_unit_test(drugs_are_always_stopped_and_plain_goods_never),
        cmocka_unit_test(all_conditions_must_hold),
        cmocka_unit_test(a_wrong_file_is_refused_with_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
