/* How long a hundred pages take: sheets like those of a shift, each with fields, goods, a table of means,
 * blanks and signatures, in Azerbaijani with a Persian and a Georgian name.
 *
 *     tamga-bench-papers CONFIG/papers [REPEATS]
 *
 * CPU time of the whole process; the first round also finds and loads the fonts. */
#include "report/paper.h"

enum { PAGES = 100, MOST_ROUNDS = 99, ARENA = 256 << 20, PDF = 32 << 20 };

static void put_sheet(tmg_paper *p, tmg_arena *a, int i)
{
    const tmg_paper_field fields[] = {
        {TMG_SPAN("bəyannamə"), tmg_paper_text(a, "26AZ0IURK4R6JM%04d", i), false},
        {TMG_SPAN("yoxlama əmri"), tmg_paper_text(a, "O-2026-%06d", i), false},
        {TMG_SPAN("post"), TMG_SPAN("Astara"), false},
        {TMG_SPAN("marşrut"), TMG_SPAN("IR → AZ → GE → BG"), false},
        {TMG_SPAN("nəqliyyat vasitəsi"), TMG_SPAN("MH-195-DT"), false},
        {TMG_SPAN("qoşqu"), TMG_SPAN("IM-456-WS"), false},
        {TMG_SPAN("göndərən"), TMG_SPAN("شرکت بازرگانی نیلنوش"), false},
        {TMG_SPAN("daşıyıcı"), TMG_SPAN("შპს გოლდახიკარგო"), false},
        {TMG_SPAN("nə axtarılır"), TMG_SPAN("yanacaq çənlərinə baxmaq"), true}};
    const tmg_paper_column_of goods[] = {{TMG_SPAN("№"), 5, true},          {TMG_SPAN("kod"), 13, false},
                                         {TMG_SPAN("mal"), 44, false},      {TMG_SPAN("yer sayı"), 10, true},
                                         {TMG_SPAN("xalis, kq"), 13, true}, {TMG_SPAN("dəyər"), 16, true}};
    const tmg_paper_column_of means[] = {
        {TMG_SPAN("vasitə"), 22, false},    {TMG_SPAN("başlandı"), 12, false},
        {TMG_SPAN("bitdi"), 12, false},     {TMG_SPAN("reaksiya"), 16, false},
        {TMG_SPAN("göstərici"), 22, false}, {TMG_SPAN("əməkdaş"), 22, false}};
    const tmg_span item[] = {TMG_SPAN("1"),   TMG_SPAN("3902.10.00.00"), TMG_SPAN("Polypropylene granules"),
                             TMG_SPAN("389"), TMG_SPAN("9716,800000"),   TMG_SPAN("18018,83 AZN")};
    const tmg_span step[6] = {TMG_SPAN("rentgen")};
    const tmg_span blanks[] = {TMG_SPAN("nə tapıldı"), TMG_SPAN("kütlə, say, yer")};
    const tmg_span roles[] = {TMG_SPAN("Qrupun rəhbəri"), TMG_SPAN("Növbə rəisi")};

    tmg_paper_sheet(p, TMG_SPAN("NÖVBƏNİN YOXLAMA VƏRƏQİ"), tmg_paper_text(a, "O-2026-%06d", i),
                    (tmg_span){NULL, 0}, tmg_paper_text(a, "tamga:consignment/26AZ0IURK4R6JM%04d", i));
    tmg_paper_fields(p, fields, sizeof fields / sizeof fields[0]);
    tmg_paper_section(p, TMG_SPAN("Bəyan edilmiş mallar"));
    tmg_paper_table(p, goods, 6);
    for (int k = 0; k < 6; k++)
        tmg_paper_row(p, TMG_ROW_PLAIN, item);
    tmg_paper_section(p, TMG_SPAN("Təyin edilmiş vasitələr"));
    tmg_paper_table(p, means, 6);
    for (int k = 0; k < 4; k++)
        tmg_paper_row(p, TMG_ROW_PLAIN, step);
    tmg_paper_section(p, TMG_SPAN("Nəticə"));
    tmg_paper_blanks(p, blanks, 2);
    tmg_paper_signatures(p, roles, 2);
}

static tmg_rc one_round(const char *folder, double *ret_seconds, size_t *ret_bytes, tmg_err *err)
{
    const tmg_paper_head head = {.office = TMG_SPAN("Targeting centre"),
                                 .classification = TMG_SPAN("official"),
                                 .issued_by = TMG_SPAN("bench"),
                                 .snapshot = TMG_SPAN("1-abc"),
                                 .subject = TMG_SPAN("bench"),
                                 .issued_ms = INT64_C(1789524000000),
                                 .offset_min = 240};
    clock_t from = clock();
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA);
    TMG_AUTO_BUF pdf = {0};
    TMG_AUTO_PAPER p = NULL;
    tmg_paper_words *w;
    int pages = 0;

    TMG_TRY(tmg_paper_words_read(folder, TMG_SPAN("az"), a, &w, err));
    p = tmg_paper_new(&head, w, a);
    for (int i = 0; i < PAGES; i++)
        put_sheet(p, a, i);
    tmg_buf_init(&pdf, PDF);
    TMG_TRY(tmg_paper_end(p, &pdf, &pages, err));
    *ret_seconds = (double)(clock() - from) / CLOCKS_PER_SEC;
    *ret_bytes = pdf.len;
    return pages == PAGES ? TMG_OK : TMG_FAIL(err, TMG_E_INVALID, "%d pages, not %d", pages, PAGES);
}

static int by_size(const void *x, const void *y)
{
    const double *p = x, *q = y;

    return (*p > *q) - (*p < *q);
}

int main(int argc, char **argv)
{
    double seconds[MOST_ROUNDS];
    int64_t rounds = 9;
    size_t bytes = 0;
    tmg_err err = {0};

    if (argc < 2 ||
        (argc > 2 && (!tmg_span_i64(tmg_span_of(argv[2]), &rounds) || rounds < 2 || rounds > MOST_ROUNDS))) {
        fputs("usage: tamga-bench-papers CONFIG/papers [REPEATS, 2 to 99]\n", stderr);
        return 2;
    }
    for (int64_t i = 0; i < rounds; i++)
        if (one_round(argv[1], &seconds[i], &bytes, &err) != TMG_OK) {
            fprintf(stderr, "%s\n", err.text);
            return 1;
        }
    double first = seconds[0];

    qsort(seconds + 1, (size_t)rounds - 1, sizeof *seconds, by_size);
    printf("%d pages, %zu kB: first %.3f s of CPU, then median %.3f s\n", PAGES, bytes / 1024, first,
           seconds[1 + (rounds - 1) / 2]);
    tmg_paper_fonts_done();
    return 0;
}
