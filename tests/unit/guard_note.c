#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "guard/note_priv.h"

#define DASH "\xe2\x80\x94 "

/* Made with OpenSSL and a few lines of Python from the seed 00 01 02 ... 1f, not with this code. */
static const char vkey[] = "tamga/test-centre+90f89310+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4";
static const char skey[] =
    "PRIVATE+KEY+tamga/test-centre+90f89310+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";
static const char note[] =
    "tamga/test-centre\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n\n" DASH
    "tamga/test-centre kPiTEIqqu1Q8tBA9h2XBqsOCjIckYSCEOgCF/qfpImWnuLGaP69odLRlSMxscnLUR"
    "psmRjgn1ZKhclDVfdVC2csgYAM=\n";

static tmg_note_key verifier(void)
{
    tmg_note_key k;
    assert_int_equal(tmg_note_vkey_read(tmg_span_of(vkey), &k, NULL), TMG_OK);
    return k;
}

static void opens_a_note_made_elsewhere(void **state)
{
    (void)state;
    tmg_note_key k = verifier();
    tmg_span text, origin;
    uint64_t size;
    tmg_sha256 root;
    assert_string_equal(k.name, "tamga/test-centre");
    assert_int_equal(tmg_note_open(&k, tmg_span_of(note), &text, NULL), TMG_OK);
    assert_int_equal(tmg_checkpoint_read(text, &origin, &size, &root, NULL), TMG_OK);
    assert_true(tmg_span_is(origin, "tamga/test-centre"));
    assert_int_equal(size, 8);
    assert_int_equal(root.b[0], 0x5d);
    assert_int_equal(root.b[31], 0x28);
}

static void signs_byte_for_byte_like_others(void **state)
{
    (void)state;
    tmg_note_key k, known = verifier();
    tmg_sha256 root;
    tmg_span origin, text;
    uint64_t size;
    assert_int_equal(tmg_note_skey_read(tmg_span_of(skey), &k, NULL), TMG_OK);
    assert_memory_equal(k.public_key, known.public_key, sizeof k.public_key);
    assert_int_equal(tmg_note_open(&k, tmg_span_of(note), &text, NULL), TMG_OK);
    assert_int_equal(tmg_checkpoint_read(text, &origin, &size, &root, NULL), TMG_OK);

    TMG_AUTO_BUF checkpoint, mine, key;
    tmg_buf_init(&checkpoint, 1000);
    tmg_buf_init(&mine, 1000);
    tmg_buf_init(&key, 1000);
    tmg_checkpoint_write(&checkpoint, k.name, 8, &root);
    tmg_note_sign(&k, tmg_buf_as_span(&checkpoint), &mine);
    assert_string_equal(mine.ptr, note);
    tmg_note_vkey_write(&k, &key);
    assert_string_equal(key.ptr, vkey);
    tmg_buf_clear(&key);
    tmg_note_skey_write(&k, &key);
    assert_string_equal(key.ptr, skey);
}

static void a_new_key_opens_only_its_own_notes(void **state)
{
    (void)state;
    tmg_note_key a, b;
    tmg_span text;
    tmg_err err;
    TMG_AUTO_BUF signed_note;
    tmg_buf_init(&signed_note, 1000);
    tmg_note_key_make(&a, "tamga/test-centre");
    tmg_note_key_make(&b, "tamga/test-centre");
    tmg_note_sign(&a, TMG_SPAN("one\ntwo\n"), &signed_note);
    assert_int_equal(tmg_note_open(&a, tmg_buf_as_span(&signed_note), &text, &err), TMG_OK);
    assert_true(tmg_span_is(text, "one\ntwo\n"));
    assert_int_equal(tmg_note_open(&b, tmg_buf_as_span(&signed_note), &text, &err), TMG_E_INVALID);
    assert_non_null(strstr(err.text, "not signed by the key tamga/test-centre"));
}

static void any_changed_byte_is_noticed(void **state)
{
    (void)state;
    tmg_note_key k = verifier();
    const size_t len = sizeof note - 1;
    char copy[sizeof note];
    tmg_span text;
    for (size_t i = 0; i < len; i++)
        for (int bit = 0; bit < 8; bit++) {
            memcpy(copy, note, sizeof note);
            copy[i] = (char)(copy[i] ^ (1 << bit));
            assert_int_equal(tmg_note_open(&k, (tmg_span){copy, len}, &text, NULL), TMG_E_INVALID);
        }
    for (size_t cut = 0; cut < len; cut++)
        assert_int_equal(tmg_note_open(&k, (tmg_span){note, cut}, &text, NULL), TMG_E_INVALID);
}

static void others_may_sign_beside(void **state)
{
    (void)state;
    tmg_note_key k = verifier(), witness;
    tmg_span text;
    TMG_AUTO_BUF both, beside;
    tmg_buf_init(&both, 2000);
    tmg_buf_init(&beside, 2000);
    tmg_note_key_make(&witness, "witness");
    assert_int_equal(tmg_note_open(&k, tmg_span_of(note), &text, NULL), TMG_OK);
    tmg_note_sign(&witness, text, &beside);
    tmg_buf_z(&both, note);
    tmg_buf_z(&both, beside.ptr + text.len + 1);
    assert_int_equal(tmg_note_open(&k, tmg_buf_as_span(&both), &text, NULL), TMG_OK);
    assert_int_equal(tmg_note_open(&witness, tmg_buf_as_span(&both), &text, NULL), TMG_OK);
}

static void malformed_notes_and_keys_are_refused(void **state)
{
    (void)state;
    static const char *const notes[] = {"",
                                        "\n",
                                        "\n\n",
                                        "\n\n\n",
                                        "text\n",
                                        "text\n\n",
                                        "text\n\nno dash\n",
                                        "text\n\n" DASH "\n",
                                        "text\n\n" DASH "name\n",
                                        "text\n\n" DASH "name \n",
                                        "text\n\n" DASH "name AAAA\n",
                                        "text\n\n" DASH "name !!!!\n",
                                        "text\n\n" DASH "na+me AAAAAAAA\n",
                                        "te\txt\n\n" DASH "name AAAAAAAA\n",
                                        "te\xffxt\n\n" DASH "name AAAAAAAA\n"};
    static const char *const keys[] = {
        "",
        "+",
        "++",
        "name+90f89310",
        "tamga/test-centre+90f89311+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
        "tamga/other+90f89310+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
        "tamga/test-centre+90f89310+AgOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
        "tamga/test-centre+90f89310+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQS",
        "two words+90f89310+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"};
    tmg_note_key k = verifier(), untouched = k;
    tmg_span text = TMG_SPAN("untouched");
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
        assert_int_equal(tmg_note_open(&k, tmg_span_of(notes[i]), &text, NULL), TMG_E_INVALID);
        assert_true(tmg_span_is(text, "untouched"));
    }
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        assert_int_equal(tmg_note_vkey_read(tmg_span_of(keys[i]), &k, NULL), TMG_E_INVALID);
        assert_memory_equal(&k, &untouched, sizeof k);
    }
    assert_int_equal(tmg_note_skey_read(tmg_span_of(vkey), &k, NULL), TMG_E_INVALID);
}

static void malformed_checkpoints_are_refused(void **state)
{
    (void)state;
#define ROOT "XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n"
    static const char *const bad[] = {"",
                                      "\n",
                                      "origin\n",
                                      "origin\n8\n",
                                      "\n8\n" ROOT,
                                      "origin\n-1\n" ROOT,
                                      "o\n08\n" ROOT,
                                      "o\n\n" ROOT,
                                      "o\n8 \n" ROOT,
                                      "o\n99999999999999999999\n" ROOT,
                                      "o\n8\nXcna\n",
                                      "o\n8\nabc"};
    tmg_span origin;
    uint64_t size;
    tmg_sha256 root;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(tmg_checkpoint_read(tmg_span_of(bad[i]), &origin, &size, &root, NULL),
                         TMG_E_INVALID);
    assert_int_equal(
        tmg_checkpoint_read(TMG_SPAN("o\n0\n" ROOT "an extension\n"), &origin, &size, &root, NULL), TMG_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_a_note_made_elsewhere),
        cmocka_unit_test(signs_byte_for_byte_like_others),
        cmocka_unit_test(a_new_key_opens_only_its_own_notes),
        cmocka_unit_test(any_changed_byte_is_noticed),
        cmocka_unit_test(others_may_sign_beside),
        cmocka_unit_test(malformed_notes_and_keys_are_refused),
        cmocka_unit_test(malformed_checkpoints_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
