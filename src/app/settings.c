#include "app/centre_priv.h"
#include "base/file.h"
#include "base/ini.h"
#include "model/codes.h"

#include <limits.h>
#include <unistd.h>

static const char *const known_keys[] = {
    "centre/name",     "centre/demonstration", "centre/offset",
    "centre/currency", "centre/country",       "centre/languages",
    "server/listen",   "server/port",          "intake/result_delay_hours",
    "intake/inbox",
};

static tmg_rc check_keys(const tmg_ini *ini, tmg_err *err)
{
    for (size_t i = 0; i < ini->count; i++) {
        const tmg_ini_entry *e = &ini->entries[i];
        char name[128];
        bool known = false;

        (void)snprintf(name, sizeof name, "%.*s/%.*s", TMG_SPAN_ARG(e->section), TMG_SPAN_ARG(e->key));
        for (size_t k = 0; k < sizeof known_keys / sizeof *known_keys; k++)
            known = known || strcmp(name, known_keys[k]) == 0;
        if (!known)
            return TMG_FAIL(err, TMG_E_INVALID, "%s:%d: there is no setting \"%.*s\" in section [%.*s]",
                            ini->name, e->line, TMG_SPAN_ARG(e->key), TMG_SPAN_ARG(e->section));
    }
    return TMG_OK;
}

static tmg_rc get_number(const tmg_ini *ini, const char *section, const char *key, int64_t least,
                         int64_t most, int *ret, tmg_err *err)
{
    tmg_span text = tmg_ini_get(ini, section, key);
    int64_t v = 0;

    if (text.ptr == NULL)
        return TMG_OK;
    if (!tmg_span_i64(text, &v) || v < least || v > most)
        return TMG_FAIL(err, TMG_E_INVALID,
                        "%s: [%s] %s: expected a whole number from %lld to %lld, not \"%.*s\"", ini->name,
                        section, key, (long long)least, (long long)most, TMG_SPAN_ARG(text));
    *ret = (int)v;
    return TMG_OK;
}

static tmg_rc get_flag(const tmg_ini *ini, const char *section, const char *key, bool *ret, tmg_err *err)
{
    tmg_span text = tmg_ini_get(ini, section, key);

    if (text.ptr == NULL)
        return TMG_OK;
    if (!tmg_span_is(text, "yes") && !tmg_span_is(text, "no"))
        return TMG_FAIL(err, TMG_E_INVALID, "%s: [%s] %s: expected yes or no, not \"%.*s\"", ini->name,
                        section, key, TMG_SPAN_ARG(text));
    *ret = tmg_span_is(text, "yes");
    return TMG_OK;
}

static tmg_rc get_offset(const tmg_ini *ini, int *ret, tmg_err *err)
{
    tmg_span text = tmg_ini_get(ini, "centre", "offset");
    unsigned hours = 0, minutes = 0;
    char sign = '+', z[8] = "", end = 0;

    if (text.ptr == NULL)
        return TMG_OK;
    (void)snprintf(z, sizeof z, "%.*s", TMG_SPAN_ARG(text));
    if (text.len != 6 || sscanf(z, "%c%2u:%2u%c", &sign, &hours, &minutes, &end) != 3 ||
        (sign != '+' && sign != '-') || hours > 14 || minutes > 59)
        return TMG_FAIL(err, TMG_E_INVALID,
                        "%s: [centre] offset: expected local time as +04:00, not \"%.*s\"", ini->name,
                        TMG_SPAN_ARG(text));
    *ret = (int)(hours * 60 + minutes) * (sign == '-' ? -1 : 1);
    return TMG_OK;
}

static tmg_rc get_country(const tmg_ini *ini, tmg_arena *a, const char **ret, tmg_err *err)
{
    tmg_span text = tmg_ini_get(ini, "centre", "country");

    if (text.ptr == NULL)
        return TMG_OK;
    if (!tmg_country_known(text))
        return TMG_FAIL(err, TMG_E_INVALID, "%s: [centre] country: \"%.*s\" is no ISO 3166 alpha-2 country",
                        ini->name, TMG_SPAN_ARG(text));
    *ret = tmg_span_z(a, text);
    return TMG_OK;
}

static tmg_rc get_languages(const tmg_ini *ini, tmg_arena *a, const char **ret, tmg_err *err)
{
    tmg_span text = tmg_ini_get(ini, "centre", "languages"), rest = text, part;

    while (tmg_span_split(&rest, ',', &part)) {
        part = tmg_span_trim(part);
        if (!tmg_span_is(part, "az") && !tmg_span_is(part, "en") && !tmg_span_is(part, "ru"))
            return TMG_FAIL(err, TMG_E_INVALID, "%s: [centre] languages: \"%.*s\" is none of az, en, ru",
                            ini->name, TMG_SPAN_ARG(part));
    }
    if (text.len > 0)
        *ret = tmg_span_z(a, text);
    return TMG_OK;
}

tmg_rc tmg_share_find(tmg_arena *a, const char **ret, tmg_err *err)
{
    const char *named = getenv("TAMGA_SHARE");
    char path[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", path, sizeof path - 1);

    if (named != NULL) {
        *ret = named;
        return TMG_OK;
    }
    path[len > 0 ? len : 0] = '\0';
    for (int up = 0; up < 6; up++) {
        char *slash = strrchr(path, '/');

        if (slash == NULL)
            break;
        *slash = '\0';
        for (int kind = 0; kind < 2; kind++) {
            const char *dir = tmg_path_join(a, path, kind == 0 ? "share/tamga" : "config");

            if (tmg_path_exists(tmg_path_join(a, dir, "chains.ini"))) {
                *ret = dir;
                return TMG_OK;
            }
        }
    }
    return TMG_FAIL(
        err, TMG_E_NOT_FOUND,
        "the shipped configuration (chains.ini) was not found beside the program: set TAMGA_SHARE");
}

tmg_rc tmg_settings_read(const char *home, tmg_arena *a, tmg_settings *ret, tmg_err *err)
{
    const char *path = tmg_path_join(a, home, "tamga.ini");
    tmg_settings s = {.home = tmg_span_z(a, tmg_span_of(home)),
                      .name = "tamga",
                      .offset_min = 240,
                      .currency = "AZN",
                      .country = "AZ",
                      .languages = "az, en, ru",
                      .listen_host = "127.0.0.1",
                      .listen_port = 8480,
                      .result_delay_h = 24};
    bool inbox = true;
    tmg_ini ini;
    tmg_span text;

    if (!tmg_path_exists(path))
        return TMG_FAIL(err, TMG_E_NOT_FOUND,
                        "%s holds no centre (no tamga.ini): make one with `tamga init %s`", home, home);
    TMG_TRY(tmg_ini_read_file(path, a, &ini, err));
    TMG_TRY(check_keys(&ini, err));
    TMG_TRY(get_number(&ini, "server", "port", 0, 65535, &s.listen_port, err));
    TMG_TRY(get_number(&ini, "intake", "result_delay_hours", 0, 8760, &s.result_delay_h, err));
    TMG_TRY(get_flag(&ini, "centre", "demonstration", &s.demonstration, err));
    TMG_TRY(get_flag(&ini, "intake", "inbox", &inbox, err));
    TMG_TRY(get_offset(&ini, &s.offset_min, err));
    if ((text = tmg_ini_get(&ini, "centre", "name")).len > 0)
        s.name = tmg_span_z(a, text);
    if ((text = tmg_ini_get(&ini, "centre", "currency")).len > 0)
        s.currency = tmg_span_z(a, text);
    TMG_TRY(get_country(&ini, a, &s.country, err));
    TMG_TRY(get_languages(&ini, a, &s.languages, err));
    if ((text = tmg_ini_get(&ini, "server", "listen")).len > 0)
        s.listen_host = tmg_span_z(a, text);
    if (inbox)
        s.inbox = tmg_path_join(a, home, "inbox");
    TMG_TRY(tmg_share_find(a, &s.share, err));
    *ret = s;
    return TMG_OK;
}

tmg_rc tmg_settings_write(const char *home, const char *name, bool demonstration, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 1 << 16);
    tmg_buf_fmt(&b,
                "; Settings of this centre; docs/operation.md says what each does.\n"
                "[centre]\n"
                "name = %s\n"
                "demonstration = %s\n"
                "offset = +04:00\n"
                "currency = AZN\n"
                "country = AZ\n"
                "languages = az, en, ru\n"
                "\n"
                "[server]\n"
                "listen = 127.0.0.1\n"
                "port = 8480\n"
                "\n"
                "[intake]\n"
                "inbox = yes\n"
                "result_delay_hours = 24\n",
                name, demonstration ? "yes" : "no");
    return tmg_file_write(tmg_path_join(a, home, "tamga.ini"), tmg_buf_as_span(&b), 0640, err);
}

const char *tmg_share_path(const tmg_centre *c, tmg_arena *a, const char *name)
{
    return tmg_path_join(a, c->settings.share, name);
}
