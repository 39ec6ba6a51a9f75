#include "path.h"

#include "base/file.h"
#include "base/json.h"

enum { TEXTS_MAX = 1 << 30, RECORD_MAX = 8 << 20, JSON_MAX = 1 << 20 };

static void must(tmg_rc rc, const tmg_err *err)
{
    if (rc != TMG_OK)
        world_die(err->text);
}

static const char *joined(path *p, const char *folder, const char *name)
{
    TMG_AUTO_BUF b = {0};
    tmg_buf_init(&b, 4096);
    tmg_buf_fmt(&b, "%s/%s", folder, name);
    return tmg_strdup_n(p->kept, b.ptr, b.len);
}

static tmg_intake_options public_intake(path *p, const char *source)
{
    return (tmg_intake_options){.mapping = "korea", .mapping_dir = joined(p, source, "config/mappings")};
}

/* ---- models ---- */

static void train(path *p)
{
    tmg_training_options o = tmg_training_defaults();
    tmg_err err = {0};
    for (int h = 0; h < TMG_HARMS; h++) {
        o.request[h].rounds = PATH_TREES;
        o.request[h].depth = 6;
        o.request[h].held_ppm = 0; /* every tree is grown */
        o.request[h].refit = false;
    }
    must(tmg_training_run(&p->replay, p->replay.count, &o, &p->training, &err), &err);
    for (int h = 0; h < TMG_HARMS; h++)
        if (!p->training.model[h].made)
            world_die(p->training.model[h].why_not);
}

/* ---- rules ---- */

static void put_set(path *p, size_t at, const char *words, const tmg_rule *const *rules, size_t count)
{
    tmg_err err = {0};
    must(tmg_ruleset_build(rules, count, p->world.dict, &p->sets[at].set, &err), &err);
    p->sets[at].words = words;
    p->sets[at].matcher = tmg_matcher_new(p->sets[at].set);
    tmg_book_prepare(p->book, p->sets[at].set);
}

static size_t read_rules(path *p, tmg_span text, const tmg_rule **ret, size_t most)
{
    const tmg_rule_lexicon nothing = {.today = INT32_MIN};
    tmg_reading r;
    tmg_rules_read(text, &nothing, p->kept, &r);
    if (r.rule_count == 0 || r.rule_count > most)
        world_die(r.fault_count > 0 ? r.faults[0].said : "no rule can be read");
    for (size_t i = 0; i < r.rule_count; i++)
        ret[i] = &r.rules[i];
    return r.rule_count;
}

static size_t read_shipped(path *p, const char *source, const tmg_rule **ret, size_t most)
{
    static const char *const names[] = {"config/rules/goods.rule", "config/rules/journeys.rule",
                                        "config/rules/parties.rule"};
    size_t count = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        tmg_file f;
        tmg_err err = {0};
        must(tmg_file_map(joined(p, source, names[i]), &f, &err), &err);
        count += read_rules(p, tmg_span_copy(p->kept, f.bytes), ret + count, most - count);
        tmg_file_unmap(&f);
    }
    return count;
}

/* Fifty windows over consignees, declarants, carriers and goods; each is the whole condition of a rule, so
 * every one is asked of every row, and nearly none hits. */
static size_t window_rules(path *p, const tmg_rule **ret)
{
    static const struct {
        const char *ask;
        int least;
    } asks[] = {{"count(declaration by consignee, ", 1000000},
                {"sum(net by consignee, ", 2000000000},
                {"avg(unit_value by consignee, ", 2000000000},
                {"count(declaration by carrier, ", 1000000},
                {"distinct(hs4 by carrier, ", 1000000},
                {"count(declaration by declarant, ", 1000000},
                {"count(declaration by consignee, hs6, ", 1000000},
                {"found(consignee, ", 1000000},
                {"results(hs6, ", 1000000},
                {"max(value by consignee, ", 2000000000}};
    enum { ASKS = sizeof asks / sizeof *asks };
    static const int days[] = {7, 30, 90, 180, 365};
    TMG_AUTO_BUF b = {0};
    tmg_buf_init(&b, JSON_MAX);
    for (size_t i = 0; i < PATH_WINDOWS; i++) {
        tmg_buf_fmt(
            &b,
            "rule \"W-%zu\" version 1 {\n title \"w\"\n owner desk:bench\n basis \"bench\"\n"
            " expires 2099-01-01\n when %s%dd) > %d\n then weight +1 dB offence fraud\n why \"w\"\n}\n",
            i, asks[i % ASKS].ask, days[i / ASKS], asks[i % ASKS].least);
    }
    return read_rules(p, tmg_span_copy(p->kept, tmg_buf_as_span(&b)), ret, PATH_WINDOWS);
}

static void put_rules(path *p, const char *source)
{
    const tmg_rule *rules[PATH_RULES];
    for (size_t i = 0; i < PATH_RULES; i++)
        rules[i] = world_plain_rule(&p->world);
    put_set(p, 0, "1,000 rules", rules, PATH_RULES);
    size_t count = read_shipped(p, source, rules, PATH_RULES);
    put_set(p, 1, "shipped rules with their windows", rules, count);
    count = window_rules(p, rules);
    if (count != PATH_WINDOWS)
        world_die("a window cannot be asked for");
    put_set(p, 2, "50 window counters", rules, count);
}

/* ---- the book and what is judged ---- */

typedef void (*each)(path *p, const tmg_record *rec, tmg_arena *a, void *ctx);

static void each_record(path *p, tmg_span bytes, const tmg_intake_options *o, each f, void *ctx)
{
    static tmg_record rec;
    TMG_AUTO_ARENA a = tmg_arena_new(RECORD_MAX);
    tmg_reader *r = NULL;
    tmg_err err = {0};
    bool more = true;
    must(tmg_reader_open(bytes, o, &r, &err), &err);
    for (;;) {
        must(tmg_reader_next(r, a, &rec, &more, &err), &err);
        if (!more)
            break;
        if (rec.good)
            f(p, &rec, a, ctx);
        tmg_arena_reset(a);
    }
    tmg_reader_close(r);
}

static void enter(path *p, const tmg_record *rec, tmg_arena *a, void *ctx)
{
    tmg_declaration d = rec->declaration;
    tmg_row *rows;
    (void)ctx;
    d.consignment_id = d.id = p->next_id++;
    size_t count = tmg_rows_of(p->world.dict, &d, 0, a, &rows);
    tmg_book_enter(p->book, rows, count);
    if (rec->has_result)
        tmg_book_result(p->book, d.id, d.lodged.at_ms + 2 * TMG_DAY_MS,
                        rec->result.found[TMG_FRAUD] == TMG_FOUND_YES);
}

static void add_line(path *p, tmg_span line)
{
    p->declarations[p->count++] = tmg_span_copy(p->kept, line);
    p->bytes += line.len;
}

static void write_line(path *p, const tmg_record *rec, tmg_arena *a, void *ctx)
{
    tmg_buf *b = ctx;
    tmg_json_out j;
    (void)a;
    /* An unknown country is a remark in that file and a fault in JSON. */
    if (rec->finding_count > 0)
        return;
    tmg_buf_clear(b);
    tmg_json_begin(&j, b);
    tmg_declaration_write_json(&j, NULL, &rec->declaration);
    add_line(p, tmg_buf_as_span(b));
}

static size_t count_lines(tmg_span s)
{
    size_t n = 1;
    for (size_t i = 0; i < s.len; i++)
        n += s.ptr[i] == '\n';
    return n;
}

void path_read(path *p, const char *shared, const char *file)
{
    const char *source = file != NULL ? file : joined(p, shared, "data/customs-declarations/valid.csv");
    TMG_AUTO_BUF b = {0};
    tmg_file f;
    tmg_err err = {0};
    must(tmg_file_map(source, &f, &err), &err);
    p->declarations = tmg_xcalloc(count_lines(f.bytes), sizeof *p->declarations);
    tmg_buf_init(&b, JSON_MAX);
    tmg_intake_options o = file == NULL
                               ? public_intake(p, getenv("TAMGA_SOURCE") ? getenv("TAMGA_SOURCE") : ".")
                               : (tmg_intake_options){.format = "jsonl"};
    each_record(p, f.bytes, &o, write_line, &b);
    tmg_file_unmap(&f);
    if (p->count == 0)
        world_die("no declaration can be read");
}

static void fill_book(path *p, tmg_span train, const tmg_intake_options *o, size_t copies)
{
    for (size_t i = 0; i < copies; i++)
        each_record(p, train, o, enter, NULL);
}

void path_open(path *p, const char *source, const char *shared, size_t copies)
{
    tmg_err err = {0};
    tmg_file f;
    *p = (path){.kept = tmg_arena_new(TEXTS_MAX), .next_id = 1};
    world_new(&p->world, 100000, 1, false);
    if (!p->world.public_data)
        world_die("the public declarations are absent: nothing to learn from");
    tmg_intake_options o = public_intake(p, source);
    const char *train_csv = joined(p, shared, "data/customs-declarations/train.csv");
    must(tmg_replay_begin(&p->replay, joined(p, source, "config/chains.ini"), 0, &err), &err);
    must(tmg_replay_file(&p->replay, train_csv, &o, true, &err), &err);
    train(p);
    p->book = tmg_book_new(p->world.dict);
    tmg_values_prepare(p->replay.history, p->book);
    must(tmg_file_map(train_csv, &f, &err), &err);
    fill_book(p, f.bytes, &o, copies);
    tmg_file_unmap(&f);
    put_rules(p, source);
    tmg_mind_advance(p->replay.mind, p->replay.last_known_ms);
}

void path_close(path *p)
{
    for (size_t i = 0; i < PATH_SETS; i++) {
        tmg_matcher_free(p->sets[i].matcher);
        tmg_ruleset_let(p->sets[i].set);
    }
    tmg_book_free(p->book);
    tmg_training_done(&p->training);
    tmg_replay_done(&p->replay);
    free(p->declarations);
    world_free(&p->world);
    tmg_arena_free(p->kept);
}
