#include "risk/chains_priv.h"

#include "base/hash.h"
#include "base/ini.h"
#include "base/qty.h"

#include <stdarg.h>

#define BAD(e, ...) bad_entry(err, ini, (e), __VA_ARGS__)

enum { CHAINS_TEXT_MAX = 65536 };

static tmg_rc bad_entry(tmg_err *err, const tmg_ini *ini, const tmg_ini_entry *e, const char *fmt, ...)
    TMG_PRINTF(4, 5);

static tmg_rc bad_entry(tmg_err *err, const tmg_ini *ini, const tmg_ini_entry *e, const char *fmt, ...)
{
    char what[360];
    va_list args;
    va_start(args, fmt);
    vsnprintf(what, sizeof what, fmt, args);
    va_end(args);
    return TMG_FAIL(err, TMG_E_INVALID, "%s:%d: %s", ini->name, e->line, what);
}

static tmg_rc read_milli(const tmg_ini *ini, const tmg_ini_entry *e, tmg_span text, int64_t least,
                         int64_t most, int64_t *ret, tmg_err *err)
{
    int64_t v = 0;
    if (tmg_decimal_parse(text, 3, TMG_ROUND_REFUSE, &v, NULL) != TMG_OK || v < least || v > most)
        return BAD(e, "%.*s = %.*s: expected a number from %lld.%03lld to %lld with at most three decimals",
                   TMG_SPAN_ARG(e->key), TMG_SPAN_ARG(text), (long long)(least / 1000),
                   (long long)(least % 1000), (long long)(most / 1000));
    *ret = v;
    return TMG_OK;
}

static tmg_rc read_time(tmg_chains *cs, const tmg_ini *ini, const tmg_ini_entry *e, tmg_err *err)
{
    if (tmg_span_is(e->key, "half_life_days")) {
        if (tmg_span_is(e->value, "none")) {
            cs->half_life_days = 0;
            return TMG_OK;
        }
        if (!tmg_span_i64(e->value, &cs->half_life_days) || cs->half_life_days < 30 ||
            cs->half_life_days > 36500)
            return BAD(e, "half_life_days = %.*s: expected whole days from 30 to 36500, or none",
                       TMG_SPAN_ARG(e->value));
        return TMG_OK;
    }
    if (tmg_span_is(e->key, "landmark")) {
        int32_t day = 0;
        if (tmg_day_parse(e->value, &day, NULL) != TMG_OK)
            return BAD(e, "landmark = %.*s: expected a day like 2020-01-01", TMG_SPAN_ARG(e->value));
        cs->landmark_ms = tmg_day_start_ms(day, 0);
        return TMG_OK;
    }
    return BAD(e, "[time] knows half_life_days and landmark, not \"%.*s\"", TMG_SPAN_ARG(e->key));
}

static tmg_rc read_harm(tmg_chains *cs, const tmg_ini *ini, const tmg_ini_entry *e, tmg_span harm,
                        tmg_err *err)
{
    int h = 0;
    while (h < TMG_HARMS && !tmg_span_is(harm, tmg_harm_name((tmg_harm)h)))
        h++;
    if (h == TMG_HARMS)
        return BAD(e, "there is no harm \"%.*s\": fraud and critical are known", TMG_SPAN_ARG(harm));
    if (tmg_span_is(e->key, "prior_bad"))
        return read_milli(ini, e, e->value, 1, 1000000, &cs->prior_bad_milli[h], err);
    if (tmg_span_is(e->key, "prior_n"))
        return read_milli(ini, e, e->value, 1, 1000000, &cs->prior_n_milli[h], err);
    return BAD(e, "[harm] knows prior_bad and prior_n, not \"%.*s\"", TMG_SPAN_ARG(e->key));
}

static tmg_rc read_level(tmg_chain_level *level, const tmg_ini *ini, const tmg_ini_entry *e, tmg_span names,
                         tmg_err *err)
{
    tmg_span name;
    while (tmg_span_split(&names, ',', &name)) {
        name = tmg_span_trim(name);
        const tmg_feature *f = tmg_feature_by_name(name);
        if (f == NULL) {
            TMG_AUTO_BUF known = {0};
            tmg_buf_init(&known, 512);
            tmg_feature_names(&known);
            return BAD(e, "there is no feature \"%.*s\"; known are %s", TMG_SPAN_ARG(name), known.ptr);
        }
        if (level->count == TMG_MAX_LEVEL_FEATURES)
            return BAD(e, "a level may join at most %d features", TMG_MAX_LEVEL_FEATURES);
        level->feature[level->count++] = f;
    }
    return TMG_OK;
}

static tmg_rc read_levels(tmg_chain *c, const tmg_ini *ini, const tmg_ini_entry *e, tmg_err *err)
{
    if (c->count > 0)
        return BAD(e, "chain %.*s has its levels already", TMG_SPAN_ARG(c->name));
    tmg_span rest = e->value, part;
    while (tmg_span_split(&rest, '|', &part)) {
        if (c->count == TMG_MAX_CHAIN_LEVELS)
            return BAD(e, "a chain may have at most %d levels", TMG_MAX_CHAIN_LEVELS);
        TMG_TRY(read_level(&c->level[c->count], ini, e, part, err));
        c->count++;
    }
    c->repeat_at = c->count;
    return TMG_OK;
}

static tmg_rc read_weights_of_parents(tmg_chain *c, const tmg_ini *ini, const tmg_ini_entry *e, tmg_err *err)
{
    tmg_span rest = e->value, part;
    size_t at = 0;
    while (tmg_span_split(&rest, ' ', &part)) {
        if (part.len == 0)
            continue;
        if (at == c->count)
            return BAD(e, "m has more numbers than the chain has levels (%zu); levels must stand before m",
                       c->count);
        TMG_TRY(read_milli(ini, e, part, 1, 1000000, &c->level[at].m_milli, err));
        c->level[at].m = (double)c->level[at].m_milli / 1000.0;
        at++;
    }
    if (at != c->count)
        return BAD(e, "m has %zu numbers for %zu levels", at, c->count);
    return TMG_OK;
}

static tmg_rc read_weight(tmg_chain *c, const tmg_ini *ini, const tmg_ini_entry *e, tmg_err *err)
{
    int64_t milli = 0;
    TMG_TRY(read_milli(ini, e, e->value, 250, 2000, &milli, err));
    if (milli % 250 != 0)
        return BAD(e, "weight = %.*s: expected a multiple of 0.25", TMG_SPAN_ARG(e->value));
    c->weight_quarters = (unsigned)(milli / 250);
    return TMG_OK;
}

static tmg_rc read_repeat_at(tmg_chain *c, const tmg_ini *ini, const tmg_ini_entry *e, tmg_err *err)
{
    for (size_t i = 0; i < c->count; i++)
        for (size_t f = 0; f < c->level[i].count; f++)
            if (tmg_span_is(e->value, c->level[i].feature[f]->name)) {
                c->repeat_at = i;
                return TMG_OK;
            }
    return BAD(e, "repeat = %.*s: no level before this line has that feature", TMG_SPAN_ARG(e->value));
}

static tmg_rc find_chain(tmg_chains *cs, const tmg_ini *ini, const tmg_ini_entry *e, tmg_span name,
                         tmg_chain **ret, tmg_err *err)
{
    for (size_t i = 0; i < cs->count; i++)
        if (tmg_span_eq(cs->chain[i].name, name)) {
            *ret = &cs->chain[i];
            return TMG_OK;
        }
    if (cs->count == TMG_MAX_CHAINS)
        return BAD(e, "at most %d chains can be defined", TMG_MAX_CHAINS);
    tmg_chain *c = &cs->chain[cs->count++];
    *c = (tmg_chain){.name = name, .weight_quarters = 4};
    *ret = c;
    return TMG_OK;
}

static tmg_rc read_chain(tmg_chains *cs, const tmg_ini *ini, const tmg_ini_entry *e, tmg_span name,
                         tmg_err *err)
{
    tmg_chain *c = NULL;
    TMG_TRY(find_chain(cs, ini, e, name, &c, err));
    if (tmg_span_is(e->key, "levels"))
        return read_levels(c, ini, e, err);
    if (tmg_span_is(e->key, "m"))
        return read_weights_of_parents(c, ini, e, err);
    if (tmg_span_is(e->key, "weight"))
        return read_weight(c, ini, e, err);
    if (tmg_span_is(e->key, "repeat"))
        return read_repeat_at(c, ini, e, err);
    return BAD(e, "[chain] knows levels, m, weight and repeat, not \"%.*s\"", TMG_SPAN_ARG(e->key));
}

static tmg_rc read_entry(tmg_chains *cs, const tmg_ini *ini, const tmg_ini_entry *e, tmg_err *err)
{
    tmg_span name = e->section, kind = {NULL, 0};
    if (tmg_span_is(name, "time"))
        return read_time(cs, ini, e, err);
    if (tmg_span_split(&name, ' ', &kind)) {
        name = tmg_span_trim(name);
        if (tmg_span_is(kind, "harm"))
            return read_harm(cs, ini, e, name, err);
        if (tmg_span_is(kind, "chain") && name.len > 0)
            return read_chain(cs, ini, e, name, err);
    }
    return BAD(e, "section [%.*s] is not [time], [harm NAME] or [chain NAME]", TMG_SPAN_ARG(e->section));
}

/* Weights grow as 2^(age since the landmark): past 24 half-lives they would no longer fit beside each other.
 */
static tmg_rc check_horizon(const tmg_chains *cs, const char *name, tmg_err *err)
{
    if (cs->half_life_days == 0)
        return TMG_OK;
    int64_t ends = cs->landmark_ms + 24 * cs->half_life_days * TMG_DAY_MS;
    if (ends >= tmg_now_ms())
        return TMG_OK;
    return TMG_FAIL(
        err, TMG_E_INVALID,
        "%s: with half_life_days = %lld the landmark must be less than 24 half-lives ago: choose a later one",
        name, (long long)cs->half_life_days);
}

static tmg_rc check_chains(tmg_chains *cs, const char *name, tmg_err *err)
{
    if (cs->count == 0)
        return TMG_FAIL(err, TMG_E_INVALID, "%s: defines no [chain NAME]", name);
    uint8_t depth = 1;
    for (size_t i = 0; i < cs->count; i++) {
        tmg_chain *c = &cs->chain[i];
        if (c->count == 0 || c->level[c->count - 1].m_milli == 0)
            return TMG_FAIL(err, TMG_E_INVALID, "%s: chain %.*s needs both levels and m", name,
                            TMG_SPAN_ARG(c->name));
        c->first_depth = depth;
        c->seed = tmg_hash64(i + 1, c->name.ptr, c->name.len);
        depth = (uint8_t)(depth + c->count);
    }
    for (int h = 0; h < TMG_HARMS; h++)
        if (cs->prior_bad_milli[h] >= cs->prior_n_milli[h])
            return TMG_FAIL(err, TMG_E_INVALID,
                            "%s: [harm %s] needs prior_bad and prior_n, prior_bad the smaller", name,
                            tmg_harm_name((tmg_harm)h));
    return check_horizon(cs, name, err);
}

static void write_canonical(tmg_chains *cs)
{
    TMG_AUTO_BUF b = {0};
    tmg_buf_init(&b, CHAINS_TEXT_MAX);
    tmg_buf_fmt(&b, "half_life_days %lld landmark_ms %lld\n", (long long)cs->half_life_days,
                (long long)cs->landmark_ms);
    for (int h = 0; h < TMG_HARMS; h++)
        tmg_buf_fmt(&b, "harm %s prior_milli %lld/%lld\n", tmg_harm_name((tmg_harm)h),
                    (long long)cs->prior_bad_milli[h], (long long)cs->prior_n_milli[h]);
    for (size_t i = 0; i < cs->count; i++) {
        const tmg_chain *c = &cs->chain[i];
        tmg_buf_fmt(&b, "chain %.*s quarters %u repeat_at %zu:", TMG_SPAN_ARG(c->name), c->weight_quarters,
                    c->repeat_at);
        for (size_t l = 0; l < c->count; l++) {
            for (size_t f = 0; f < c->level[l].count; f++)
                tmg_buf_fmt(&b, "%s%s", f == 0 ? " " : ",", c->level[l].feature[f]->name);
            tmg_buf_fmt(&b, "/%lld", (long long)c->level[l].m_milli);
        }
        tmg_buf_char(&b, '\n');
    }
    cs->text = tmg_span_copy(cs->arena, tmg_buf_as_span(&b));
}

tmg_rc tmg_chains_read(const char *path, tmg_chains *ret, tmg_err *err)
{
    *ret = (tmg_chains){.arena = tmg_arena_new(1 << 20)};
    tmg_ini ini = {0};
    TMG_TRY(tmg_ini_read_file(path, ret->arena, &ini, err));
    for (size_t i = 0; i < ini.count; i++)
        TMG_TRY(read_entry(ret, &ini, &ini.entries[i], err));
    TMG_TRY(check_chains(ret, ini.name, err));
    write_canonical(ret);
    return TMG_OK;
}

void tmg_chains_done(tmg_chains *c)
{
    tmg_arena_free(c->arena);
    *c = (tmg_chains){0};
}

void tmg_chain_keys(const tmg_chain *c, const tmg_declaration *d, const tmg_item *it,
                    uint64_t ret[TMG_MAX_CHAIN_LEVELS])
{
    uint64_t key = c->seed;
    for (size_t l = 0; l < c->count; l++) {
        for (size_t f = 0; f < c->level[l].count; f++)
            key = tmg_feature_mix(c->level[l].feature[f], key, d, it);
        ret[l] = key != 0 ? key : 1;
    }
}

bool tmg_chains_at(const tmg_chains *cs, uint8_t depth, const tmg_chain **ret_chain, size_t *ret_level)
{
    for (size_t i = 0; i < cs->count; i++) {
        const tmg_chain *c = &cs->chain[i];
        if (depth >= c->first_depth && (size_t)(depth - c->first_depth) < c->count) {
            *ret_chain = c;
            *ret_level = (size_t)(depth - c->first_depth);
            return true;
        }
    }
    return false;
}
