#include "base/file.h"
#include "base/json.h"
#include "world.h"

/* Plain rules only: a chain of `and`.  Numbers are micro and stay exact in a double. */

enum { MOST_BYTES = 1 << 30 };

/* A dot means "member of" to others. */
static const char *plain_name(const tmg_rule_field *f, char to[64])
{
    (void)snprintf(to, 64, "%s", f->name);
    for (char *c = to; *c != '\0'; c++)
        *c = *c == '.' ? '_' : *c;
    return to;
}

static void write_row(tmg_json_out *j, const world *w, const tmg_row *row)
{
    size_t count;
    char name[64];
    const tmg_rule_field *f = tmg_rule_fields(&count);
    tmg_json_object(j, NULL);
    for (size_t i = 0; i < count; i++) {
        if (f[i].kind == TMG_FK_NUMBER && row->number[f[i].at] != TMG_NONE)
            tmg_json_i64(j, plain_name(&f[i], name), row->number[f[i].at]);
        if (f[i].kind == TMG_FK_CODE && row->code[f[i].at] != TMG_CODE_NONE)
            tmg_json_text(j, plain_name(&f[i], name), tmg_dict_text(w->dict, row->code[f[i].at]));
    }
    tmg_json_end_object(j);
}

static void write_condition(tmg_json_out *j, const tmg_rnode *n)
{
    static const char *const marks[] = {"=", "!=", "<", "<=", ">", ">="};
    char name[64];
    if (n->op == TMG_R_AND) {
        write_condition(j, n->a);
        write_condition(j, n->b);
        return;
    }
    tmg_json_object(j, NULL);
    tmg_json_z(j, "field", plain_name(n->a->field, name));
    tmg_json_z(j, "op", n->op == TMG_R_IN ? "in" : marks[n->op - TMG_R_EQ]);
    if (n->text_count == 0) {
        tmg_json_i64(j, "number", n->b->number);
    } else {
        tmg_json_array(j, "texts");
        for (size_t i = 0; i < n->text_count; i++)
            tmg_json_text(j, NULL, n->texts[i]);
        tmg_json_end_array(j);
    }
    tmg_json_end_object(j);
}

static void keep(tmg_buf *b, const char *folder, const char *name)
{
    char path[512];
    tmg_err err;
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    if (tmg_file_write(path, tmg_buf_as_span(b), 0644, &err) != TMG_OK)
        world_die(err.text);
    tmg_buf_done(b);
}

void world_write_peers(const world *w, const tmg_rule *const *rules, size_t count, size_t rows,
                       const char *folder)
{
    tmg_buf b;
    tmg_json_out j;
    tmg_buf_init(&b, MOST_BYTES);
    tmg_json_begin(&j, &b);
    tmg_json_array(&j, NULL);
    for (size_t i = 0; i < count; i++) {
        tmg_json_array(&j, NULL);
        write_condition(&j, rules[i]->when);
        tmg_json_end_array(&j);
    }
    tmg_json_end_array(&j);
    keep(&b, folder, "rules.json");
    tmg_buf_init(&b, MOST_BYTES);
    tmg_json_begin(&j, &b);
    tmg_json_array(&j, NULL);
    for (size_t i = 0; i < rows && i < w->row_count; i++)
        write_row(&j, w, &w->rows[i]);
    tmg_json_end_array(&j);
    keep(&b, folder, "rows.json");
}
