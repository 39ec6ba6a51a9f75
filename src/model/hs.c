#include "model/hs_priv.h"

static const tmg_hs_row *loaded;
static size_t loaded_count;

void tmg_codes_set_hs(const tmg_hs_row *rows, size_t count)
{
    loaded = rows;
    loaded_count = count;
}

static int compare(const char *code, tmg_span wanted)
{
    size_t len = strlen(code);
    int order = memcmp(code, wanted.ptr, len < wanted.len ? len : wanted.len);
    return order != 0 ? order : (len > wanted.len) - (len < wanted.len);
}

static const char *find(const tmg_hs_row *rows, size_t count, tmg_span code)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare(rows[middle].code, code);
        if (order == 0)
            return rows[middle].words;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static size_t leading_digits(tmg_span s, size_t max)
{
    size_t n = 0;
    while (n < s.len && n < max && s.ptr[n] >= '0' && s.ptr[n] <= '9')
        n++;
    return n;
}

const char *tmg_hs_words(tmg_span hs, int *ret_digits)
{
    for (size_t len = leading_digits(hs, 10); len >= 2; len--) {
        tmg_span prefix = {hs.ptr, len};
        const char *words = find(loaded, loaded_count, prefix);
        if (words == NULL)
            words = find(tmg_hs_builtin, tmg_hs_builtin_count, prefix);
        if (words != NULL) {
            *ret_digits = (int)len;
            return words;
        }
    }
    return NULL;
}

void tmg_hs_write(tmg_buf *b, tmg_span hs)
{
    for (size_t i = 0; i < hs.len; i++) {
        if (i >= 4 && i % 2 == 0)
            tmg_buf_char(b, '.');
        tmg_buf_char(b, hs.ptr[i]);
    }
}

bool tmg_hs_chapter_known(tmg_span hs)
{
    if (leading_digits(hs, 2) < 2)
        return false;
    int chapter = (hs.ptr[0] - '0') * 10 + hs.ptr[1] - '0';
    return chapter != 0 && chapter != 77;
}

/* Sorted by code.  Where only a part of a subheading is scheduled ("ex" in the UN lists) the whole subheading
 * is listed: the code alone cannot tell them apart, and a listing is a question for papers, not a suspicion.
 */
static const struct {
    int code;
    tmg_control_list list;
} listed[] = {
    {120791, TMG_DRUG},     {121130, TMG_DRUG},     {121140, TMG_DRUG},     {121150, TMG_DRUG},
    {121190, TMG_DRUG},     {130190, TMG_DRUG},     {130211, TMG_DRUG},     {280610, TMG_TABLE_II},
    {280700, TMG_TABLE_II}, {284161, TMG_TABLE_I},  {290230, TMG_TABLE_II}, {290911, TMG_TABLE_II},
    {291411, TMG_TABLE_II}, {291412, TMG_TABLE_II}, {291431, TMG_TABLE_I},  {291524, TMG_TABLE_I},
    {291634, TMG_TABLE_I},  {291830, TMG_TABLE_I},  {291899, TMG_TABLE_I},  {292146, TMG_DRUG},
    {292231, TMG_DRUG},     {292243, TMG_TABLE_II}, {292250, TMG_DRUG},     {292423, TMG_TABLE_I},
    {292429, TMG_TABLE_I},  {292640, TMG_TABLE_I},  {293291, TMG_TABLE_I},  {293292, TMG_TABLE_I},
    {293293, TMG_TABLE_I},  {293294, TMG_TABLE_I},  {293299, TMG_TABLE_I},  {293332, TMG_TABLE_II},
    {293333, TMG_DRUG},     {293334, TMG_DRUG},     {293336, TMG_TABLE_I},  {293337, TMG_TABLE_I},
    {293911, TMG_DRUG},     {293941, TMG_TABLE_I},  {293942, TMG_TABLE_I},  {293944, TMG_TABLE_I},
    {293945, TMG_DRUG},     {293951, TMG_DRUG},     {293961, TMG_TABLE_I},  {293962, TMG_TABLE_I},
    {293963, TMG_TABLE_I},  {293972, TMG_DRUG},     {300341, TMG_TABLE_I},  {300342, TMG_TABLE_I},
    {300441, TMG_TABLE_I},  {300442, TMG_TABLE_I},
};

tmg_control_list tmg_hs_control_list(tmg_span hs)
{
    if (leading_digits(hs, 6) < 6)
        return TMG_NOT_LISTED;
    int code = 0;
    for (size_t i = 0; i < 6; i++)
        code = code * 10 + hs.ptr[i] - '0';
    size_t low = 0, high = sizeof listed / sizeof listed[0];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (listed[middle].code == code)
            return listed[middle].list;
        if (listed[middle].code < code)
            low = middle + 1;
        else
            high = middle;
    }
    return TMG_NOT_LISTED;
}
