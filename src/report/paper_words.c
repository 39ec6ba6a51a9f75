/* The words of papers, and quantities written as each language writes them. */
#include "base/file.h"
#include "base/qty.h"
#include "report/paper_priv.h"

#include <stdarg.h>

tmg_rc tmg_paper_words_read(const char *folder, tmg_span language, tmg_arena *a, tmg_paper_words **ret,
                            tmg_err *err)
{
    static const char *const known[] = {"en", "az", "ru"};
    tmg_paper_words *w = tmg_alloc(a, sizeof *w);
    char name[16];

    for (w->column = 0; w->column < 3 && !tmg_span_is(language, known[w->column]);)
        w->column++;
    if (w->column == 3)
        return TMG_FAIL(err, TMG_E_INVALID, "language: papers are written in az, en or ru, not \"%.*s\"",
                        TMG_SPAN_ARG(tmg_utf8_cut(language, 20)));
    w->language = tmg_span_of(known[w->column]);
    w->comma = w->column != 0;
    (void)snprintf(name, sizeof name, "%s.ini", known[w->column]);
    TMG_TRY(tmg_ini_read_file(tmg_path_join(a, folder, name), a, &w->ini, err));
    *ret = w;
    return TMG_OK;
}

tmg_span tmg_paper_word(tmg_paper_words *w, const char *section, const char *key)
{
    tmg_span word = tmg_ini_get(&w->ini, section, key);

    if (word.ptr != NULL)
        return word;
    if (w->missing[0] == '\0')
        (void)snprintf(w->missing, sizeof w->missing, "[%s] %s", section, key);
    return tmg_span_of(key);
}

tmg_span tmg_paper_word_or(tmg_paper_words *w, const char *section, tmg_span key, tmg_span otherwise)
{
    char name[128];

    (void)snprintf(name, sizeof name, "%.*s", TMG_SPAN_ARG(tmg_utf8_cut(key, sizeof name - 1)));
    tmg_span word = tmg_ini_get(&w->ini, section, name);

    return word.ptr != NULL ? word : otherwise;
}

void tmg_paper_words_lists(tmg_paper_words *w, tmg_paper_lister lister, void *ctx)
{
    w->lister = lister;
    w->lister_ctx = ctx;
}

tmg_span tmg_paper_listed(tmg_paper_words *w, const char *list, tmg_span code)
{
    tmg_span words = {NULL, 0};

    if (w->lister != NULL && code.len > 0)
        words = w->lister(w->lister_ctx, list, code, w->column);
    return words.ptr != NULL ? words : code;
}

int tmg_paper_column(const tmg_paper_words *w)
{
    return w->column;
}

tmg_span tmg_paper_text(tmg_arena *a, const char *fmt, ...)
{
    va_list args;
    char *text;

    va_start(args, fmt);
    int len = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    text = tmg_alloc(a, (size_t)len + 1);
    va_start(args, fmt);
    (void)vsnprintf(text, (size_t)len + 1, fmt, args);
    va_end(args);
    return (tmg_span){text, (size_t)len};
}

static tmg_span with_comma(const tmg_paper_words *w, tmg_arena *a, tmg_span text)
{
    char *copy = tmg_strdup_n(a, text.ptr, text.len);

    for (char *at = copy; w->comma && *at != '\0'; at++)
        if (*at == '.')
            *at = ',';
    return (tmg_span){copy, text.len};
}

/* "t 6 | kg 403 | g 647.445" with the language's units and decimal sign; nothing is rounded away. */
tmg_span tmg_paper_mass(tmg_paper_words *w, tmg_arena *a, int64_t mg)
{
    static const int64_t tonne = 1000000000, kilogram = 1000000;
    TMG_AUTO_BUF b = {0}, grams = {0};
    int64_t rest = mg < 0 ? -mg : mg;

    tmg_buf_init(&b, 256);
    tmg_buf_init(&grams, 64);
    if (mg < 0)
        tmg_buf_z(&b, "−");
    if (rest >= tonne)
        tmg_buf_fmt(&b, "%lld %.*s ", (long long)(rest / tonne),
                    TMG_SPAN_ARG(tmg_paper_word(w, "unit", "t")));
    if (rest % tonne >= kilogram)
        tmg_buf_fmt(&b, "%lld %.*s ", (long long)(rest % tonne / kilogram),
                    TMG_SPAN_ARG(tmg_paper_word(w, "unit", "kg")));
    if (rest % kilogram != 0 || rest == 0) {
        tmg_decimal_write(&grams, rest % kilogram, 3);
        tmg_buf_span(&b, with_comma(w, a, tmg_buf_as_span(&grams)));
        tmg_buf_fmt(&b, " %.*s", TMG_SPAN_ARG(tmg_paper_word(w, "unit", "g")));
    }
    return tmg_span_copy(a, tmg_span_trim(tmg_buf_as_span(&b)));
}

static tmg_span fixed(tmg_paper_words *w, tmg_arena *a, int64_t v, int scale, const char *unit)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 128);
    tmg_decimal_write_fixed(&b, v, scale);
    tmg_buf_z(&b, unit);
    return with_comma(w, a, tmg_buf_as_span(&b));
}

tmg_span tmg_paper_kg(tmg_paper_words *w, tmg_arena *a, int64_t mg)
{
    return fixed(w, a, mg, 6, "");
}

tmg_span tmg_paper_percent(tmg_paper_words *w, tmg_arena *a, int64_t ppm)
{
    return fixed(w, a, tmg_mul_div(ppm, 1, 100), 2, " %");
}

tmg_span tmg_paper_money(tmg_paper_words *w, tmg_arena *a, int64_t minor, tmg_span currency)
{
    char unit[16];

    (void)snprintf(unit, sizeof unit, " %.*s", TMG_SPAN_ARG(tmg_utf8_cut(currency, 8)));
    return fixed(w, a, minor, tmg_currency_exponent(currency), unit);
}

tmg_span tmg_paper_number(tmg_paper_words *w, tmg_arena *a, int64_t v)
{
    (void)w;
    return tmg_paper_text(a, "%lld", (long long)v);
}

tmg_span tmg_paper_day(tmg_arena *a, int32_t day)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 32);
    tmg_day_write(&b, day);
    return tmg_paper_text(a, "%.2s.%.2s.%.4s", b.ptr + 8, b.ptr + 5, b.ptr);
}

tmg_span tmg_paper_time(tmg_arena *a, int64_t at_ms, int offset_min)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 64);
    tmg_instant_write(&b, (tmg_instant){at_ms - at_ms % TMG_SECOND_MS, (int16_t)offset_min});
    return tmg_paper_text(a, "%.2s.%.2s.%.4s %.5s", b.ptr + 8, b.ptr + 5, b.ptr, b.ptr + 11);
}
