/* The first page: what this is and how to go on.  Plain HTML without script or style. */
#include "web/site_priv.h"

static void put_text(tmg_buf *b, const char *z)
{
    for (; *z != '\0'; z++) {
        if (*z == '<')
            tmg_buf_z(b, "&lt;");
        else if (*z == '>')
            tmg_buf_z(b, "&gt;");
        else if (*z == '&')
            tmg_buf_z(b, "&amp;");
        else if (*z == '"')
            tmg_buf_z(b, "&quot;");
        else
            tmg_buf_char(b, *z);
    }
}

static const char *right_words(const tmg_route *r)
{
    if (r->permission == TMG_PUBLIC)
        return "everyone";
    return r->permission == TMG_SIGNED_IN ? "who is signed in"
                                          : tmg_permission_name((tmg_permission)r->permission);
}

static void put_routes(tmg_buf *b)
{
    tmg_buf_z(b, "<table>\n<caption>What can be asked</caption>\n<thead><tr><th scope=\"col\">Method</th>"
                 "<th scope=\"col\">Path</th><th scope=\"col\">What it does</th><th "
                 "scope=\"col\">Right</th></tr></thead>\n"
                 "<tbody>\n");
    for (size_t i = 0; i < TMG_ROUTE_COUNT; i++) {
        const tmg_route *r = &TMG_ROUTES[i];

        tmg_buf_fmt(b, "<tr><td>%s</td><td><code>", tmg_method_name(r->method));
        put_text(b, r->path);
        tmg_buf_z(b, "</code></td><td>");
        put_text(b, r->summary);
        tmg_buf_z(b, "</td><td>");
        put_text(b, right_words(r));
        tmg_buf_z(b, "</td></tr>\n");
    }
    tmg_buf_z(b, "</tbody>\n</table>\n");
}

void tmg_do_page(tmg_call *c)
{
    const tmg_settings *settings = tmg_centre_settings(c->site->centre);
    tmg_buf *b = &c->req->resp.body;

    c->req->resp.status = 200;
    c->req->resp.type = "text/html; charset=utf-8";
    tmg_buf_z(b, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                 "<meta name=\"viewport\" content=\"width=device-width\">\n<title>Tamga: ");
    put_text(b, settings->name);
    tmg_buf_z(b, "</title>\n</head>\n<body>\n<main>\n<h1>");
    put_text(b, settings->name);
    tmg_buf_z(b, "</h1>\n<p>This is Tamga, a customs targeting centre: it says of every consignment on its "
                 "way to a border "
                 "post how likely it does harm, why, and which few to stop.</p>\n");
    if (settings->demonstration)
        tmg_buf_z(b, "<p>This centre is a demonstration: its world is made up, and the file "
                     "<code>accounts.txt</code> in its "
                     "folder names accounts and passwords.</p>\n");
    tmg_buf_z(
        b, "<p>The whole interface is described at <a href=\"/api/openapi.json\">/api/openapi.json</a>.</p>\n"
           "<h2>Signing in</h2>\n<p>Send <code>{\"name\": \"...\", \"password\": \"...\"}</code> as "
           "<code>application/json</code> to <code>POST /api/session</code>. The answer sets a cookie and "
           "carries "
           "<code>csrf</code>: send that value back in the header <code>X-CSRF-Token</code> with every "
           "request that "
           "changes something.</p>\n");
    put_routes(b);
    tmg_buf_z(b, "</main>\n</body>\n</html>\n");
    tmg_call_send(c);
}
