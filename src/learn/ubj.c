#include "learn/ubj_priv.h"

enum { MAX_LEVELS = 32 };

tmg_rc tmg_ubj_broken(const tmg_ubj *u, const char *what, tmg_err *err)
{
    return TMG_FAIL(err, TMG_E_INVALID, "byte %zu: %s", (size_t)(u->at - u->start), what);
}

static size_t left(const tmg_ubj *u)
{
    return (size_t)(u->end - u->at);
}

tmg_rc tmg_ubj_type(tmg_ubj *u, char *ret, tmg_err *err)
{
    do {
        if (u->at == u->end)
            return tmg_ubj_broken(u, "the file ends too early", err);
        *ret = (char)*u->at++;
    } while (*ret == 'N'); /* "no-op", allowed anywhere */
    return TMG_OK;
}

static size_t width_of(char type)
{
    switch (type) {
    case 'i':
    case 'U':
    case 'C':
        return 1;
    case 'I':
        return 2;
    case 'l':
    case 'd':
        return 4;
    case 'L':
    case 'D':
        return 8;
    default:
        return 0;
    }
}

static double as_real(uint64_t bits, char type)
{
    uint32_t low = (uint32_t)bits;
    float single;
    double wide;

    memcpy(&single, &low, sizeof single);
    memcpy(&wide, &bits, sizeof wide);
    switch (type) {
    case 'i':
        return (int8_t)bits;
    case 'I':
        return (int16_t)bits;
    case 'l':
        return (int32_t)bits;
    case 'L':
        return (double)(int64_t)bits;
    case 'd':
        return (double)single;
    case 'D':
        return wide;
    default:
        return (double)bits;
    }
}

static tmg_rc take_number(tmg_ubj *u, char type, double *ret, tmg_err *err)
{
    size_t width = width_of(type);
    uint64_t bits = 0;

    if (type == 'T' || type == 'F') {
        *ret = type == 'T';
        return TMG_OK;
    }
    if (width == 0 || type == 'C')
        return tmg_ubj_broken(u, "expected a number", err);
    if (left(u) < width)
        return tmg_ubj_broken(u, "the file ends within a number", err);
    for (size_t i = 0; i < width; i++)
        bits = bits << 8 | *u->at++;
    *ret = as_real(bits, type);
    return TMG_OK;
}

/* A length or count, which cannot be above the bytes that follow: every entry takes one at least. */
static tmg_rc take_length(tmg_ubj *u, size_t *ret, tmg_err *err)
{
    char type = 0;
    double v = 0;

    TMG_TRY(tmg_ubj_type(u, &type, err));
    if (strchr("iUIlL", type) == NULL)
        return tmg_ubj_broken(u, "expected a length", err);
    TMG_TRY(take_number(u, type, &v, err));
    if (v < 0 || v > (double)left(u))
        return tmg_ubj_broken(u, "a length that the file does not have", err);
    *ret = (size_t)v;
    return TMG_OK;
}

static tmg_rc take_bytes(tmg_ubj *u, tmg_span *ret, tmg_err *err)
{
    size_t len = 0;

    TMG_TRY(take_length(u, &len, err));
    *ret = (tmg_span){(const char *)u->at, len};
    u->at += len;
    return TMG_OK;
}

tmg_rc tmg_ubj_array(tmg_ubj *u, char *ret_type, size_t *ret_count, tmg_err *err)
{
    *ret_type = 0;
    *ret_count = SIZE_MAX;
    if (left(u) >= 2 && *u->at == '$') {
        *ret_type = (char)u->at[1];
        u->at += 2;
        if (width_of(*ret_type) == 0)
            return tmg_ubj_broken(u, "an array of this type is not read", err);
        if (left(u) == 0 || *u->at != '#')
            return tmg_ubj_broken(u, "an array with a type needs a count", err);
    }
    if (left(u) >= 1 && *u->at == '#') {
        u->at++;
        TMG_TRY(take_length(u, ret_count, err));
        if (*ret_type != 0 && *ret_count > left(u) / width_of(*ret_type))
            return tmg_ubj_broken(u, "an array that is longer than the file", err);
    }
    return TMG_OK;
}

bool tmg_ubj_more(tmg_ubj *u, size_t count, size_t taken)
{
    if (count != SIZE_MAX)
        return taken < count;
    while (left(u) > 0 && *u->at == 'N')
        u->at++;
    if (left(u) == 0 || *u->at != ']')
        return true; /* what is missing will be said by whoever reads the entry */
    u->at++;
    return false;
}

static tmg_rc skip_array(tmg_ubj *u, tmg_err *err)
{
    char all = 0, type = 0;
    size_t count = 0;

    TMG_TRY(tmg_ubj_array(u, &all, &count, err));
    if (all != 0) {
        u->at += count * width_of(all);
        return TMG_OK;
    }
    for (size_t i = 0; tmg_ubj_more(u, count, i); i++) {
        TMG_TRY(tmg_ubj_type(u, &type, err));
        TMG_TRY(tmg_ubj_skip(u, type, err));
    }
    return TMG_OK;
}

static tmg_rc skip_member(tmg_ubj *u, tmg_span key, char type, tmg_err *err)
{
    (void)key;
    return tmg_ubj_skip(u, type, err);
}

tmg_rc tmg_ubj_object(tmg_ubj *u, tmg_ubj_member *member, tmg_err *err)
{
    tmg_span key = {NULL, 0};
    char type = 0;

    if (++u->level > MAX_LEVELS)
        return TMG_FAIL(err, TMG_E_LIMIT, "byte %zu: more than %d levels of nesting",
                        (size_t)(u->at - u->start), MAX_LEVELS);
    if (left(u) > 0 && (*u->at == '$' || *u->at == '#'))
        return tmg_ubj_broken(u, "objects with a type or count are not read", err);
    for (;;) {
        while (left(u) > 0 && *u->at == 'N')
            u->at++;
        if (left(u) > 0 && *u->at == '}')
            break;
        TMG_TRY(take_bytes(u, &key, err));
        TMG_TRY(tmg_ubj_type(u, &type, err));
        TMG_TRY(member(u, key, type, err));
    }
    u->at++;
    u->level--;
    return TMG_OK;
}

tmg_rc tmg_ubj_skip(tmg_ubj *u, char type, tmg_err *err)
{
    tmg_span text;
    tmg_rc rc = TMG_OK;

    switch (type) {
    case 'Z':
    case 'T':
    case 'F':
        return TMG_OK;
    case 'S':
    case 'H':
        return take_bytes(u, &text, err);
    case '{':
        return tmg_ubj_object(u, skip_member, err);
    case '[':
        if (++u->level > MAX_LEVELS)
            return TMG_FAIL(err, TMG_E_LIMIT, "byte %zu: more than %d levels of nesting",
                            (size_t)(u->at - u->start), MAX_LEVELS);
        rc = skip_array(u, err);
        u->level--;
        return rc;
    default:
        break;
    }
    if (width_of(type) == 0 || left(u) < width_of(type))
        return tmg_ubj_broken(u, "expected a value", err);
    u->at += width_of(type);
    return TMG_OK;
}

tmg_rc tmg_ubj_text(tmg_ubj *u, char type, tmg_span *ret, tmg_err *err)
{
    if (type != 'S')
        return tmg_ubj_broken(u, "expected text", err);
    return take_bytes(u, ret, err);
}

tmg_rc tmg_ubj_numbers(tmg_ubj *u, char type, tmg_numbers *ret, tmg_err *err)
{
    char all = 0, one = 0;
    size_t count = 0, room = 0, n = 0;
    double *to = NULL;

    if (type != '[')
        return tmg_ubj_broken(u, "expected an array of numbers", err);
    TMG_TRY(tmg_ubj_array(u, &all, &count, err));
    while (tmg_ubj_more(u, count, n)) {
        if (n == room) {
            /* Without a count the array grows as its entries come; with one it is known to be in the file. */
            double *more =
                tmg_alloc_array(u->arena, room = count != SIZE_MAX ? count : 2 * room + 64, sizeof *more);

            if (n > 0)
                memcpy(more, to, n * sizeof *more);
            to = more;
        }
        if (tmg_arena_full(u->arena))
            return TMG_FAIL(err, TMG_E_LIMIT, "byte %zu: the model is too large", (size_t)(u->at - u->start));
        one = all;
        if (all == 0)
            TMG_TRY(tmg_ubj_type(u, &one, err));
        TMG_TRY(take_number(u, one, &to[n], err));
        n++;
    }
    *ret = (tmg_numbers){to, n};
    return TMG_OK;
}
