#include "world.h"

#include <sqlite3.h>

/* A column per field, NULL where it is not stated.  A set is one text, ",IR,AZ,", never NULL: asking an empty
 * set is false, not unknown. */

static char kind_of(const tmg_rule_field *f)
{
    return f->kind == TMG_FK_CODE ? 'c' : f->kind == TMG_FK_NUMBER ? 'n' : 's';
}

static void run(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        world_die(sqlite3_errmsg(db));
}

static void bind_row(const world *w, const tmg_row *row, sqlite3_stmt *s)
{
    size_t count;
    const tmg_rule_field *f = tmg_rule_fields(&count);
    sqlite3_bind_int64(s, 1, row->declaration_id);
    for (size_t i = 0; i < count; i++) {
        int at = (int)i + 2;
        tmg_buf b;
        tmg_span t;
        if (f[i].kind == TMG_FK_NUMBER) {
            if (row->number[f[i].at] != TMG_NONE)
                sqlite3_bind_int64(s, at, row->number[f[i].at]);
        } else if (f[i].kind == TMG_FK_CODE) {
            t = tmg_dict_text(w->dict, row->code[f[i].at]);
            if (t.ptr != NULL)
                sqlite3_bind_text(s, at, t.ptr, (int)t.len, SQLITE_TRANSIENT);
        } else {
            tmg_buf_init(&b, 1 << 16);
            tmg_buf_char(&b, ',');
            for (size_t k = 0; k < row->set_count[f[i].at]; k++)
                tmg_buf_fmt(&b, "%.*s,", TMG_SPAN_ARG(tmg_dict_text(w->dict, row->set[f[i].at][k])));
            sqlite3_bind_text(s, at, b.ptr, (int)b.len, SQLITE_TRANSIENT);
            tmg_buf_done(&b);
        }
    }
}

void world_sql_table(const world *w, sqlite3 *db)
{
    size_t count;
    const tmg_rule_field *f = tmg_rule_fields(&count);
    tmg_buf b, v;
    sqlite3_stmt *s;
    tmg_buf_init(&b, 1 << 16);
    tmg_buf_init(&v, 1 << 16);
    tmg_buf_z(&b, "CREATE TABLE d(id INTEGER PRIMARY KEY");
    tmg_buf_z(&v, "INSERT INTO d VALUES(?");
    for (size_t i = 0; i < count; i++) {
        tmg_buf_fmt(&b, ", %c%u %s", kind_of(&f[i]), f[i].at,
                    f[i].kind == TMG_FK_NUMBER ? "INTEGER" : "TEXT");
        tmg_buf_z(&v, ", ?");
    }
    tmg_buf_z(&b, ")");
    tmg_buf_z(&v, ")");
    run(db, b.ptr);
    run(db, "BEGIN");
    if (sqlite3_prepare_v2(db, v.ptr, -1, &s, NULL) != SQLITE_OK)
        world_die(sqlite3_errmsg(db));
    for (size_t i = 0; i < w->row_count; i++) {
        sqlite3_clear_bindings(s);
        bind_row(w, &w->rows[i], s);
        if (sqlite3_step(s) != SQLITE_DONE)
            world_die(sqlite3_errmsg(db));
        sqlite3_reset(s);
    }
    sqlite3_finalize(s);
    run(db, "COMMIT");
    for (size_t i = 0; i < count; i++) {
        tmg_buf_clear(&b);
        tmg_buf_fmt(&b, "CREATE INDEX i%c%u ON d(%c%u)", kind_of(&f[i]), f[i].at, kind_of(&f[i]), f[i].at);
        if (f[i].kind != TMG_FK_SET)
            run(db, b.ptr);
    }
    run(db, "ANALYZE");
    tmg_buf_done(&b);
    tmg_buf_done(&v);
}

/* ---- conditions ---- */

static void quoted(tmg_buf *b, const char *before, tmg_span t, const char *after)
{
    tmg_buf_fmt(b, "'%s", before);
    for (size_t i = 0; i < t.len; i++) {
        if (t.ptr[i] == '\'')
            tmg_buf_char(b, '\'');
        tmg_buf_char(b, t.ptr[i]);
    }
    tmg_buf_fmt(b, "%s'", after);
}

static void column(tmg_buf *b, const tmg_rnode *n)
{
    tmg_buf_fmt(b, "%c%u", kind_of(n->field), n->field->at);
}

static void value(tmg_buf *b, const tmg_rnode *n)
{
    if (n->op == TMG_R_FIELD) {
        column(b, n);
    } else if (n->op == TMG_R_NUMBER) {
        tmg_buf_i64(b, n->number);
    } else {
        tmg_buf_char(b, '(');
        value(b, n->a);
        tmg_buf_z(b, n->op == TMG_R_ADD ? "+" : "-");
        value(b, n->b);
        tmg_buf_char(b, ')');
    }
}

static void pattern(tmg_buf *b, tmg_span glob)
{
    char *copy = tmg_xcalloc(glob.len * 2 + 1, 1);
    size_t len = 0;
    for (size_t i = 0; i < glob.len; i++) {
        if (glob.ptr[i] == '%' || glob.ptr[i] == '_' || glob.ptr[i] == '\\')
            copy[len++] = '\\';
        copy[len++] = glob.ptr[i] == '*' ? '%' : glob.ptr[i] == '?' ? '_' : glob.ptr[i];
    }
    quoted(b, "", (tmg_span){copy, len}, "");
    tmg_buf_z(b, " ESCAPE '\\'");
    free(copy);
}

static void coded(tmg_buf *b, const tmg_rnode *n)
{
    for (size_t i = 0; i < n->text_count; i++) {
        tmg_span t = n->texts[i];
        tmg_buf_z(b, i > 0 ? " OR " : "");
        if (n->op == TMG_R_HAS || n->op == TMG_R_HAS_UNDER) {
            tmg_buf_z(b, "instr(");
            column(b, n->a);
            tmg_buf_char(b, ',');
            quoted(b, ",", t, n->op == TMG_R_HAS ? "," : "");
            tmg_buf_z(b, ")>0");
        } else if (n->op == TMG_R_UNDER) {
            tmg_buf_z(b, "substr(");
            column(b, n->a);
            tmg_buf_fmt(b, ",1,%zu)=", t.len);
            quoted(b, "", t, "");
        } else {
            column(b, n->a);
            tmg_buf_z(b, " LIKE ");
            pattern(b, t);
        }
    }
}

static void members(tmg_buf *b, const tmg_rnode *n)
{
    column(b, n->a);
    tmg_buf_z(b, n->op == TMG_R_NE ? " NOT IN (" : " IN (");
    for (size_t i = 0; i < n->text_count; i++) {
        tmg_buf_z(b, i > 0 ? "," : "");
        quoted(b, "", n->texts[i], "");
    }
    tmg_buf_char(b, ')');
}

void world_sql_condition(tmg_buf *b, const tmg_rnode *n)
{
    static const char *const marks[] = {"=", "!=", "<", "<=", ">", ">="};
    tmg_buf_char(b, '(');
    if (n->op == TMG_R_NOT) {
        tmg_buf_z(b, "NOT ");
        world_sql_condition(b, n->a);
    } else if (n->op == TMG_R_AND || n->op == TMG_R_OR) {
        world_sql_condition(b, n->a);
        tmg_buf_z(b, n->op == TMG_R_AND ? " AND " : " OR ");
        world_sql_condition(b, n->b);
    } else if (n->op == TMG_R_KNOWN) {
        column(b, n->a);
        tmg_buf_z(b, " IS NOT NULL");
    } else if (n->op == TMG_R_IN || n->text_count > 0) {
        (n->op == TMG_R_IN || n->op == TMG_R_EQ || n->op == TMG_R_NE ? members : coded)(b, n);
    } else {
        value(b, n->a);
        tmg_buf_z(b, marks[n->op - TMG_R_EQ]);
        value(b, n->b);
    }
    tmg_buf_char(b, ')');
}
