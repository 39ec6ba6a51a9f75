/* XML from foreign systems: read element by element, with everything dangerous refused. */
#include "base/xml.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

/* The events as "+path" and "-path=text", or the error. */
static tmg_rc show(tmg_span xml, tmg_buf *to, tmg_err *err)
{
    tmg_xml_event event = TMG_XML_OPEN;
    tmg_xml *x = NULL;
    tmg_rc rc = tmg_xml_open(xml, &x, err);

    while (rc == TMG_OK) {
        rc = tmg_xml_next(x, &event, err);
        if (rc != TMG_OK || event == TMG_XML_END_OF_DOCUMENT)
            break;
        if (event == TMG_XML_OPEN)
            tmg_buf_fmt(to, "+%.*s ", TMG_SPAN_ARG(tmg_xml_path(x)));
        else
            tmg_buf_fmt(to, "-%.*s=%.*s ", TMG_SPAN_ARG(tmg_xml_name(x)), TMG_SPAN_ARG(tmg_xml_text(x)));
    }
    tmg_xml_free(x);
    return rc;
}

static void elements_are_reported_with_path_and_text(void **state)
{
    static const struct {
        tmg_span xml;
        const char *events;
    } cases[] = {
        {TMG_SPAN_INIT("<a/>"), "+a -a= "},
        {TMG_SPAN_INIT("<a>  text\n</a>"), "+a -a=text "},
        {TMG_SPAN_INIT("<a>one<b>two</b>three</a>"), "+a +a/b -b=two -a=onethree "},
        {TMG_SPAN_INIT("<a><b/><b>x</b><c><d>y</d></c></a>"),
         "+a +a/b -b= +a/b -b=x +a/c +a/c/d -d=y -c= -a= "},
        {TMG_SPAN_INIT("<a><![CDATA[<b>&]]> &lt;&amp;&#233;&quot;</a>"), "+a -a=<b>& <&\xC3\xA9\" "},
        {TMG_SPAN_INIT("<?xml version=\"1.0\"?><!-- <x> --><a><!-- <y/> -->1<?p <z>?>2</a><!-- -->"),
         "+a -a=12 "},
        {TMG_SPAN_INIT("<n:a xmlns:n=\"urn:x\" k=\">\"><n:b k='/>'/></n:a>"), "+a +a/b -b= -a= "},
        {TMG_SPAN_INIT("<a><v><null/></v></a>"), "+a +a/v +a/v/null -null= -v= -a= "},
        {TMG_SPAN_INIT("<v><null/>x</v>"), "+v +v/null -null= -v=x "},
        {TMG_SPAN_INIT("<v/>"), "+v -v= "},
        {TMG_SPAN_INIT("\xEF\xBB\xBF<a>\xC9\x99</a>"), "+a -a=\xC9\x99 "},
        {TMG_SPAN_INIT("<?xml version=\"1.0\" encoding=\"windows-1251\"?><a>\xC1\xE0\xEA\xF3</a>"),
         "+a -a=\xD0\x91\xD0\xB0\xD0\xBA\xD1\x83 "},
        {TMG_SPAN_INIT("<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><a>\xE9</a>"), "+a -a=\xC3\xA9 "},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        TMG_AUTO_BUF b;
        tmg_err err;

        tmg_buf_init(&b, 10000);
        if (show(cases[i].xml, &b, &err) != TMG_OK)
            fail_msg("case %zu: %s", i, err.text);
        assert_string_equal(b.ptr, cases[i].events);
    }
}

static void dangerous_and_broken_documents_are_refused(void **state)
{
    static const struct {
        tmg_span xml;
        const char *message;
    } cases[] = {
        {TMG_SPAN_INIT("<!DOCTYPE a [<!ENTITY x \"xxxxxxxx\"><!ENTITY y \"&x;&x;\">]><a>&y;</a>"), "DOCTYPE"},
        {TMG_SPAN_INIT(
             "<?xml version=\"1.0\"?>\n<!-- c -->\n<!DOCTYPE a SYSTEM \"http://127.0.0.1:1/x\"><a/>"),
         "DOCTYPE"},
        {TMG_SPAN_INIT("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>"), "DOCTYPE"},
        {TMG_SPAN_INIT("<a>&x;</a>"), "line 1: Entity 'x' not defined"},
        {TMG_SPAN_INIT(""), "empty"},
        {{NULL, 0}, "empty"},
        {TMG_SPAN_INIT("not xml"), "line 1: "},
        {TMG_SPAN_INIT("<a>\n<b>\n</a>"), "line 3: "},
        {TMG_SPAN_INIT("<a>"), "line 1: "},
        {TMG_SPAN_INIT("<a/><b/>"), "line 1: "},
        {TMG_SPAN_INIT("<a>\xFF</a>"), "line 1: "},
        {TMG_SPAN_INIT("<a>\x01</a>"), "line 1: "},
        {TMG_SPAN_INIT("<a k=1/>"), "line 1: "},
        {TMG_SPAN_INIT("<abcd>\0</abcd>"), "line 1: "},
        {TMG_SPAN_INIT("\xFF\xFE<\0a\0/\0>\0"), "UTF-16"},
        {TMG_SPAN_INIT("<\0a\0/\0>\0"), "UTF-16"},
        {TMG_SPAN_INIT("<?xml version=\"1.0\" encoding=\"UTF-7\"?><a>+ADw-b/+AD4-</a>"), ""},
        {TMG_SPAN_INIT("<?xml version=\"1.0\" encoding=\"UTF-7\"?>+ADwAIQ-DOCTYPE a+AD4APA-a/+AD4-"),
         "DOCTYPE"},
        {TMG_SPAN_INIT("<?xml version=\"1.0\" encoding=\"nonsense\"?><a/>"), ""},
        {TMG_SPAN_INIT("<?xml version=\"1.0\" encoding=\"ISO-2022-JP\"?><a/>"),
         "encoding ISO-2022-JP is not accepted"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        TMG_AUTO_BUF b;
        tmg_err err;

        tmg_buf_init(&b, 10000);
        if (show(cases[i].xml, &b, &err) != TMG_E_INVALID)
            fail_msg("case %zu was accepted", i);
        if (strstr(err.text, cases[i].message) == NULL || strchr(err.text, '\n') != NULL)
            fail_msg("case %zu: %s", i, err.text);
    }
}

static void depth_and_text_are_limited(void **state)
{
    TMG_AUTO_BUF xml;
    TMG_AUTO_BUF b;
    tmg_err err;

    (void)state;
    tmg_buf_init(&xml, 1 << 20);
    tmg_buf_init(&b, 1 << 20);
    for (int i = 0; i < 64; i++)
        tmg_buf_z(&xml, "<a>");
    for (int i = 0; i < 64; i++)
        tmg_buf_z(&xml, "</a>");
    assert_int_equal(show(tmg_buf_as_span(&xml), &b, &err), TMG_OK);
    tmg_buf_clear(&xml);
    for (int i = 0; i < 2000; i++)
        tmg_buf_z(&xml, "<a>");
    assert_int_equal(show(tmg_buf_as_span(&xml), &b, &err), TMG_E_LIMIT);
    assert_string_equal(err.text, "line 1: more than 64 levels of elements");

    tmg_buf_clear(&xml);
    tmg_buf_fmt(&xml, "<a><b>%065536d</b><b>%065536d</b></a>", 1, 2);
    assert_int_equal(show(tmg_buf_as_span(&xml), &b, &err), TMG_OK);
    tmg_buf_clear(&xml);
    tmg_buf_fmt(&xml, "<a><b>%065537d</b></a>", 1);
    assert_int_equal(show(tmg_buf_as_span(&xml), &b, &err), TMG_E_LIMIT);
    assert_string_equal(err.text, "line 1: a/b holds more than 65536 bytes of text");

    tmg_buf_clear(&xml);
    tmg_buf_z(&xml, "<list>");
    for (int i = 0; i < 20000; i++)
        tmg_buf_z(&xml, "\n    <a/>");
    tmg_buf_z(&xml, "</list>");
    assert_int_equal(show(tmg_buf_as_span(&xml), &b, &err), TMG_OK);

    tmg_buf_clear(&xml);
    for (int i = 0; i < 10; i++)
        tmg_buf_fmt(&xml, "<a%02000d>", i);
    assert_int_equal(show(tmg_buf_as_span(&xml), &b, &err), TMG_E_LIMIT);
}

/* The raw bytes of each record can be cut out of the input by the offsets. */
static void offsets_and_lines_point_into_the_input(void **state)
{
    TMG_AUTO_BUF xml;
    tmg_xml_event event;
    tmg_xml *x;
    tmg_err err;
    size_t from = 0;
    int records = 0;

    (void)state;
    tmg_buf_init(&xml, 1 << 20);
    tmg_buf_z(&xml, "<?xml version=\"1.0\"?>\n<list note=\"a > b\">\n");
    for (int i = 0; i < 500; i++)
        tmg_buf_fmt(&xml, "<rec id='<%d>'>\n<!-- </rec> --><v>%d</v><![CDATA[</rec>]]><w a=\"/>\"/></rec>\n",
                    i, i);
    /* "<" cannot stand in an attribute; write it as it must be written. */
    for (char *p = xml.ptr; (p = strstr(p, "'<")) != NULL;)
        p[1] = '(';
    tmg_buf_z(&xml, "</list>");
    assert_int_equal(tmg_xml_open(tmg_buf_as_span(&xml), &x, &err), TMG_OK);
    for (;;) {
        if (tmg_xml_next(x, &event, &err) != TMG_OK)
            fail_msg("%s", err.text);
        if (event == TMG_XML_END_OF_DOCUMENT)
            break;
        if (tmg_span_is(tmg_xml_path(x), "list") && event == TMG_XML_OPEN) {
            assert_int_equal(tmg_xml_line(x), 2);
            assert_int_equal(tmg_xml_depth(x), 1);
            from = tmg_xml_offset(x);
        }
        if (tmg_span_is(tmg_xml_path(x), "list/rec") && event == TMG_XML_OPEN)
            assert_int_equal(tmg_xml_line(x), 3 + 2 * records);
        if (tmg_span_is(tmg_xml_path(x), "list/rec") && event == TMG_XML_CLOSE) {
            char expected[200];
            tmg_span raw = {xml.ptr + from, tmg_xml_offset(x) - from};

            (void)snprintf(expected, sizeof expected,
                           "<rec id='(%d>'>\n<!-- </rec> --><v>%d</v><![CDATA[</rec>]]><w a=\"/>\"/></rec>",
                           records, records);
            assert_true(tmg_span_is(tmg_span_trim(raw), expected));
            assert_true(tmg_span_is(tmg_xml_text(x), "</rec>"));
            assert_int_equal(tmg_xml_depth(x), 2);
            from = tmg_xml_offset(x);
            records++;
        }
    }
    assert_int_equal(records, 500);
    assert_int_equal(tmg_xml_offset(x), xml.len);
    tmg_xml_free(x);
    tmg_xml_free(NULL);
}

static void nothing_is_printed(void **state)
{
    static const char *const bad[] = {"<a>&x;</a>",
                                      "<a><b></a>",
                                      "<x:a/>",
                                      "",
                                      "\xFF",
                                      "<a xml:lang='<'/>",
                                      "<?xml version=\"1.0\" encoding=\"nonsense\"?><a/>"};
    int kept = dup(STDERR_FILENO);
    char seen[100];
    int both[2];

    (void)state;
    assert_int_equal(pipe2(both, O_NONBLOCK), 0);
    assert_int_equal(dup2(both[1], STDERR_FILENO), STDERR_FILENO);
    for (size_t i = 0; i < COUNT(bad); i++) {
        TMG_AUTO_BUF b;

        tmg_buf_init(&b, 1000);
        (void)show(tmg_span_of(bad[i]), &b, NULL);
    }
    (void)fflush(stderr);
    assert_int_equal(dup2(kept, STDERR_FILENO), STDERR_FILENO);
    assert_int_equal(read(both[0], seen, sizeof seen), -1);
    (void)close(kept);
    (void)close(both[0]);
    (void)close(both[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_are_reported_with_path_and_text),
        cmocka_unit_test(dangerous_and_broken_documents_are_refused),
        cmocka_unit_test(depth_and_text_are_limited),
        cmocka_unit_test(offsets_and_lines_point_into_the_input),
        cmocka_unit_test(nothing_is_printed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
