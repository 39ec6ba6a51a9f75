/* Official papers: another program must find on them what was put there. */
#include "report/paper.h"
#include "report_home.h"

#include "base/ini.h"

enum { PDF_MAX = 8 << 20, TEXT_MAX = 1 << 20 };

static tmg_paper_words *words_of(home *h, tmg_arena *a, const char *language)
{
    tmg_paper_words *w = NULL;

    assert_ok(h,
              tmg_paper_words_read(source_path(a, "config/papers"), tmg_span_of(language), a, &w, &h->err));
    return w;
}

static tmg_paper_head some_head(void)
{
    return (tmg_paper_head){.office = TMG_SPAN("Test Centre"),
                            .classification = TMG_SPAN("restricted"),
                            .issued_by = TMG_SPAN("L. Məmmədova"),
                            .snapshot = TMG_SPAN("42-abcdef"),
                            .subject = TMG_SPAN("case:1"),
                            .issued_ms = INT64_C(1789524000000),
                            .offset_min = 240};
}

static void put_some(tmg_paper *p, size_t rows)
{
    const tmg_paper_column_of columns[] = {{TMG_SPAN("Column One"), 20, false},
                                           {TMG_SPAN("Column Two"), 10, true}};
    const tmg_paper_field fields[] = {{TMG_SPAN("consignor"), TMG_SPAN("شرکت بازرگانی"), false},
                                      {TMG_SPAN("carrier"), TMG_SPAN("შპს გადაზიდვა"), false},
                                      {TMG_SPAN("name"), TMG_SPAN("Şəfəq Əliyeva"), false},
                                      {TMG_SPAN("nothing"), {NULL, 0}, false}};
    const tmg_span roles[] = {TMG_SPAN("Chief")};

    tmg_paper_sheet(p, TMG_SPAN("TITLE OF THE PAPER"), TMG_SPAN("N-17"), TMG_SPAN("a subtitle"),
                    TMG_SPAN("tamga:test/17"));
    tmg_paper_fields(p, fields, 4);
    tmg_paper_section(p, TMG_SPAN("Section"));
    tmg_paper_table(p, columns, 2);
    for (size_t i = 0; i < rows; i++) {
        const tmg_span cells[] = {TMG_SPAN("проверка строки"), TMG_SPAN("1648,104000")};
        tmg_paper_row(p, TMG_ROW_PLAIN, cells);
    }
    tmg_paper_signatures(p, roles, 1);
}

static int make(home *h, tmg_arena *a, size_t rows, tmg_buf *pdf)
{
    const tmg_paper_head head = some_head();
    tmg_paper_words *w = words_of(h, a, "az");
    TMG_AUTO_PAPER p = tmg_paper_new(&head, w, a);
    int pages = 0;

    tmg_buf_init(pdf, PDF_MAX);
    put_some(p, rows);
    assert_ok(h, tmg_paper_end(p, pdf, &pages, &h->err));
    return pages;
}

/* What a tool of poppler says about a PDF. */
static void ask_poppler(home *h, const char *tool, const tmg_buf *pdf, tmg_buf *ret)
{
    char path[128], command[256], piece[4096];
    size_t n;

    snprintf(path, sizeof path, "%s/paper.pdf", h->dir);
    assert_ok(h, tmg_file_write(path, tmg_buf_as_span(pdf), 0600, &h->err));
    snprintf(command, sizeof command, "%s '%s'%s 2>/dev/null", tool, path,
             strcmp(tool, "pdftotext") == 0 ? " -" : "");
    FILE *f = popen(command, "r");
    assert_non_null(f);
    tmg_buf_init(ret, TEXT_MAX);
    while ((n = fread(piece, 1, sizeof piece, f)) > 0)
        tmg_buf_put(ret, piece, n);
    if (pclose(f) != 0) {
        print_message("%s of poppler-utils is not here: skipped\n", tool);
        skip();
    }
}

static size_t times(const char *text, const char *what)
{
    size_t n = 0;

    for (const char *at = strstr(text, what); at != NULL; at = strstr(at + 1, what))
        n++;
    return n;
}

static void what_was_written_is_read_in_every_script(void **state)
{
    home *h = *state;
    TMG_AUTO_ARENA a = tmg_arena_new(32 << 20);
    TMG_AUTO_BUF pdf = {0}, text = {0};
    static const char *const expected[] = {"TITLE OF THE PAPER",
                                           "N-17",
                                           "a subtitle",
                                           "شرکت بازرگانی",
                                           "შპს გადაზიდვა",
                                           "Şəfəq Əliyeva",
                                           "проверка строки",
                                           "1648,104000",
                                           "Test Centre",
                                           "L. Məmmədova",
                                           "42-abcdef",
                                           "səhifə 1 / 1",
                                           "Məhdud: yalnız aidiyyəti olanlar üçün"};

    assert_int_equal(make(h, a, 1, &pdf), 1);
    ask_poppler(h, "pdftotext", &pdf, &text);
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
        if (strstr(text.ptr, expected[i]) == NULL)
            fail_msg("\"%s\" is not on the paper:\n%s", expected[i], text.ptr);
}

static void a_long_table_says_its_columns_on_every_page(void **state)
{
    home *h = *state;
    TMG_AUTO_ARENA a = tmg_arena_new(64 << 20);
    TMG_AUTO_BUF pdf = {0}, text = {0}, info = {0};
    char pages_said[32], last[32];

    int pages = make(h, a, 200, &pdf);
    assert_true(pages > 3);
    ask_poppler(h, "pdfinfo", &pdf, &info);
    snprintf(pages_said, sizeof pages_said, "Pages:           %d\n", pages);
    assert_non_null(strstr(info.ptr, pages_said));
    assert_non_null(strstr(info.ptr, "(A4)"));
    ask_poppler(h, "pdftotext", &pdf, &text);
    assert_int_equal(times(text.ptr, "проверка строки"), 200);
    assert_int_equal(times(text.ptr, "Column One"), (size_t)pages);
    assert_int_equal(times(text.ptr, "TITLE OF THE PAPER"), (size_t)pages);
    snprintf(last, sizeof last, "səhifə %d / %d", pages, pages);
    assert_non_null(strstr(text.ptr, last));
}

static void the_same_data_gives_the_same_bytes(void **state)
{
    home *h = *state;
    TMG_AUTO_ARENA a = tmg_arena_new(32 << 20);
    TMG_AUTO_BUF one = {0}, two = {0};

    (void)make(h, a, 30, &one);
    (void)make(h, a, 30, &two);
    assert_int_equal(one.len, two.len);
    assert_memory_equal(one.ptr, two.ptr, one.len);
}

static void a_missing_word_keeps_the_paper_back(void **state)
{
    home *h = *state;
    TMG_AUTO_ARENA a = tmg_arena_new(32 << 20);
    const tmg_paper_head head = some_head();
    tmg_paper_words *w = words_of(h, a, "ru");
    TMG_AUTO_PAPER p = tmg_paper_new(&head, w, a);
    TMG_AUTO_BUF pdf = {0};
    int pages = 0;

    tmg_buf_init(&pdf, PDF_MAX);
    put_some(p, 1);
    tmg_paper_line(p, tmg_paper_word(w, "target", "no_such_word"));
    assert_int_equal(tmg_paper_end(p, &pdf, &pages, &h->err), TMG_E_INVALID);
    assert_non_null(strstr(h->err.text, "[target] no_such_word"));
}

static void an_unknown_language_is_refused(void **state)
{
    home *h = *state;
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_paper_words *w;

    assert_int_equal(tmg_paper_words_read(source_path(a, "config/papers"), TMG_SPAN("../en"), a, &w, &h->err),
                     TMG_E_INVALID);
}

/* Every word of one language is in the two others, and says something. */
static void the_three_languages_have_the_same_words(void **state)
{
    static const char *const languages[] = {"config/papers/en.ini", "config/papers/az.ini",
                                            "config/papers/ru.ini"};
    home *h = *state;
    TMG_AUTO_ARENA a = tmg_arena_new(4 << 20);
    tmg_ini ini[3];

    for (int i = 0; i < 3; i++)
        assert_ok(h, tmg_ini_read_file(source_path(a, languages[i]), a, &ini[i], &h->err));
    for (int i = 0; i < 3; i++)
        for (size_t k = 0; k < ini[i].count; k++) {
            const tmg_ini_entry *e = &ini[i].entries[k];

            for (int other = 0; other < 3; other++)
                if (tmg_ini_get(&ini[other], tmg_span_z(a, e->section), tmg_span_z(a, e->key)).len == 0)
                    fail_msg("%s has no word for [%.*s] %.*s", languages[other], TMG_SPAN_ARG(e->section),
                             TMG_SPAN_ARG(e->key));
        }
}

static void quantities_are_written_as_the_language_writes_them(void **state)
{
    home *h = *state;
    TMG_AUTO_ARENA a = tmg_arena_new(4 << 20);
    tmg_paper_words *az = words_of(h, a, "az"), *en = words_of(h, a, "en");

    assert_string_equal(tmg_paper_mass(az, a, 6403647445).ptr, "6 t 403 kq 647,445 q");
    assert_string_equal(tmg_paper_mass(en, a, 6403647445).ptr, "6 t 403 kg 647.445 g");
    assert_string_equal(tmg_paper_mass(en, a, 1000000000).ptr, "1 t");
    assert_string_equal(tmg_paper_mass(en, a, 0).ptr, "0 g");
    assert_string_equal(tmg_paper_mass(en, a, -1).ptr, "−0.001 g");
    assert_string_equal(tmg_paper_kg(az, a, 1648104000).ptr, "1648,104000");
    assert_string_equal(tmg_paper_percent(az, a, 127534).ptr, "12,75 %");
    assert_string_equal(tmg_paper_money(en, a, 123456, TMG_SPAN("AZN")).ptr, "1234.56 AZN");
    assert_string_equal(tmg_paper_day(a, 18627).ptr, "31.12.2020");
}

static int fonts_back(void **state)
{
    (void)state;
    tmg_paper_fonts_done();
    return 0;
}

int main(void)
{
#define HERE(test) cmocka_unit_test_setup_teardown(test, home_make, home_drop)
    const struct CMUnitTest tests[] = {
        HERE(what_was_written_is_read_in_every_script),
        HERE(a_long_table_says_its_columns_on_every_page),
        HERE(the_same_data_gives_the_same_bytes),
        HERE(a_missing_word_keeps_the_paper_back),
        HERE(an_unknown_language_is_refused),
        HERE(the_three_languages_have_the_same_words),
        HERE(quantities_are_written_as_the_language_writes_them),
    };
    return cmocka_run_group_tests(tests, NULL, fonts_back);
}
