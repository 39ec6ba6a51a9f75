/* web/router.h - from method and path to a route of the API description.  Pure functions over read-only
 * tables: any thread.
 */
#ifndef TMG_WEB_ROUTER_H
#define TMG_WEB_ROUTER_H

#include "web/http_parse.h"
#include "web/schema.h"

typedef struct tmg_call tmg_call;

enum { TMG_MAX_PARAMS = 2, TMG_PUBLIC = -1, TMG_SIGNED_IN = -2 };

/* One file of api/, compiled by tools/api.py. */
typedef struct tmg_route {
    const char *name;
    tmg_method method;
    const char *path; /* "/api/consignments/{id}/decisions" */
    const char *summary;
    int permission;      /* a tmg_permission, TMG_PUBLIC or TMG_SIGNED_IN */
    bool from_here;      /* callers on this machine need no permission */
    bool streams;        /* answers with live events */
    const char *accepts; /* media types of the body, separated by spaces; NULL: takes none */
    size_t body_max;
    const tmg_schema *request; /* of a JSON body; NULL: the handler reads the body itself */
    bool defers;               /* `request` is checked by the handler (tmg_call_read_json), not before it */
    const tmg_schema_member *query; /* ended by a NULL name */
    void (*handler)(tmg_call *c);
} tmg_route;

typedef struct tmg_match {
    const tmg_route *route;         /* NULL: none */
    tmg_span param[TMG_MAX_PARAMS]; /* unescaped, in the arena */
    bool path_known;                /* some route has this path, with other methods */
    char allow[64];                 /* "GET, HEAD, POST": methods of the path */
} tmg_match;

/* HEAD finds the route of GET, unless it streams. */
tmg_match tmg_route_find(const tmg_route *routes, size_t count, tmg_method method, tmg_span path,
                         tmg_arena *a);

#endif
