#include "web/router.h"

/* Does the path fit the pattern?  Segments in braces become parameters. */
static bool fits(const char *pattern, tmg_span path, tmg_arena *a, tmg_span *params)
{
    tmg_span want = tmg_span_of(pattern), want_part, part;
    size_t n = 0;

    for (;;) {
        bool more = tmg_span_split(&want, '/', &want_part);

        if (tmg_span_split(&path, '/', &part) != more)
            return false;
        if (!more)
            return true;
        if (want_part.len > 0 && want_part.ptr[0] == '{') {
            if (n == TMG_MAX_PARAMS || part.len == 0 || !tmg_http_unescape(part, false, a, &params[n++]))
                return false;
        } else if (!tmg_span_eq(want_part, part)) {
            return false;
        }
    }
}

static void allow(tmg_match *m, const char *method)
{
    size_t at = strlen(m->allow);

    (void)snprintf(m->allow + at, sizeof m->allow - at, "%s%s", at > 0 ? ", " : "", method);
}

tmg_match tmg_route_find(const tmg_route *routes, size_t count, tmg_method method, tmg_span path,
                         tmg_arena *a)
{
    tmg_match m = {0};
    tmg_span params[TMG_MAX_PARAMS] = {{0}};

    for (size_t i = 0; i < count; i++) {
        const tmg_route *r = &routes[i];
        bool heads = r->method == TMG_GET && !r->streams;

        if (!fits(r->path, path, a, params))
            continue;
        m.path_known = true;
        allow(&m, tmg_method_name(r->method));
        if (heads)
            allow(&m, "HEAD");
        if (r->method == method || (method == TMG_HEAD && heads)) {
            m.route = r;
            memcpy(m.param, params, sizeof params);
        }
    }
    return m;
}
