/* Judges the mind on two labelled files, without a centre: learn from the first, score the second. */
#include "app/centre_priv.h"
#include "base/file.h"

enum { RECORD_CAP = 8 << 20 };

typedef struct pairs {
    int64_t *raw[TMG_HARMS];
    bool *label[TMG_HARMS];
    size_t count, room;
} pairs;

typedef struct test_rows {
    tmg_judged *row;
    bool *seen;
    size_t count, room;
} test_rows;

typedef struct judge {
    tmg_mind *mind;
    pairs pairs;
    test_rows test;
    int64_t bad_rows;
    int64_t last_known_ms;
} judge;

typedef tmg_rc (*each_record)(judge *j, const tmg_record *rec, tmg_err *err);

static void grow_pairs(pairs *p)
{
    if (p->count < p->room)
        return;
    p->room = p->room == 0 ? 4096 : p->room * 2;
    for (int h = 0; h < TMG_HARMS; h++) {
        p->raw[h] = tmg_xrealloc(p->raw[h], p->room * sizeof *p->raw[h]);
        p->label[h] = tmg_xrealloc(p->label[h], p->room * sizeof *p->label[h]);
    }
}

static tmg_rc must_be_labelled(const tmg_record *rec, tmg_err *err)
{
    if (!rec->has_result || rec->result.found[TMG_FRAUD] == TMG_FOUND_UNKNOWN)
        return TMG_FAIL(err, TMG_E_INVALID, "line %zu: judging needs a control result on every row",
                        rec->line);
    return TMG_OK;
}

static tmg_rc learn(judge *j, const tmg_record *rec, tmg_err *err)
{
    tmg_assessment as;
    pairs *p = &j->pairs;

    TMG_TRY(must_be_labelled(rec, err));
    tmg_mind_assess(j->mind, &rec->declaration, rec->declaration.lodged.at_ms, &as);
    grow_pairs(p);
    for (int h = 0; h < TMG_HARMS; h++) {
        p->raw[h][p->count] = as.harm[h].raw_ppb;
        p->label[h][p->count] = rec->result.found[h] == TMG_FOUND_YES;
    }
    p->count++;
    if (rec->result.known_at_ms > j->last_known_ms)
        j->last_known_ms = rec->result.known_at_ms;
    tmg_mind_learn(j->mind, &rec->declaration, &rec->result);
    return TMG_OK;
}

static tmg_rc score(judge *j, const tmg_record *rec, tmg_err *err)
{
    test_rows *t = &j->test;
    tmg_assessment as;
    tmg_judged *row;

    TMG_TRY(must_be_labelled(rec, err));
    if (t->count == t->room) {
        t->room = t->room == 0 ? 4096 : t->room * 2;
        t->row = tmg_xrealloc(t->row, t->room * sizeof *t->row);
        t->seen = tmg_xrealloc(t->seen, t->room * sizeof *t->seen);
    }
    tmg_mind_assess(j->mind, &rec->declaration, rec->declaration.lodged.at_ms, &as);
    row = &t->row[t->count];
    *row = (tmg_judged){.day = tmg_day_of(rec->declaration.lodged.at_ms, rec->declaration.lodged.offset_min),
                        .fraud = rec->result.found[TMG_FRAUD] == TMG_FOUND_YES,
                        .critical = rec->result.found[TMG_CRITICAL] == TMG_FOUND_YES};
    for (int h = 0; h < TMG_HARMS; h++) {
        row->ppb[h] = as.harm[h].ppb;
        row->raw_ppb[h] = as.harm[h].raw_ppb;
    }
    t->seen[t->count++] = as.repeats;
    return TMG_OK;
}

static tmg_rc each_of_reader(judge *j, tmg_reader *reader, each_record visit, tmg_err *err)
{
    static _Thread_local tmg_record rec;
    TMG_AUTO_ARENA a = tmg_arena_new(RECORD_CAP);
    bool more = true;

    while (more) {
        TMG_TRY(tmg_reader_next(reader, a, &rec, &more, err));
        if (!more)
            break;
        if (rec.good) {
            tmg_declaration_sum(&rec.declaration);
            TMG_TRY(visit(j, &rec, err));
        } else {
            j->bad_rows++;
        }
        tmg_arena_reset(a);
    }
    return TMG_OK;
}

static tmg_rc each_of_file(judge *j, const char *path, const tmg_intake_options *o, each_record visit,
                           int64_t *ret_bad, tmg_err *err)
{
    tmg_intake_options options = *o;
    tmg_reader *reader;
    tmg_file file;
    tmg_rc rc;

    j->bad_rows = 0;
    TMG_TRY(tmg_file_map(path, &file, err));
    options.file_name = path;
    rc = tmg_reader_open(file.bytes, &options, &reader, err);
    if (rc == TMG_OK) {
        rc = each_of_reader(j, reader, visit, err);
        tmg_reader_close(reader);
    }
    tmg_file_unmap(&file);
    *ret_bad = j->bad_rows;
    return rc == TMG_OK ? rc : tmg_err_within(err, "%s", path);
}

/* The first half of the scores was given by a mind that knew little: only the later half says how its scores
 * mean. */
static void fit(judge *j)
{
    size_t from = j->pairs.count / 2;

    for (int h = 0; h < TMG_HARMS; h++)
        if (j->pairs.count > 0)
            tmg_mind_fit(j->mind, (tmg_harm)h, j->pairs.raw[h] + from, j->pairs.label[h] + from,
                         j->pairs.count - from);
    tmg_mind_advance(j->mind, j->last_known_ms);
}

static void judge_part(const judge *j, bool seen, double w, tmg_evaluation *ret, int64_t *ret_count)
{
    tmg_judged *part = tmg_xcalloc(j->test.count + 1, sizeof *part);
    size_t n = 0;

    for (size_t i = 0; i < j->test.count; i++)
        if (j->test.seen[i] == seen)
            part[n++] = j->test.row[i];
    tmg_evaluate(part, n, w, ret);
    *ret_count = (int64_t)n;
    free(part);
}

static tmg_rc run(judge *j, const char *train, const char *test, const tmg_intake_options *o, double w,
                  tmg_verdict *ret, tmg_err *err)
{
    tmg_verdict v = {0};

    TMG_TRY(each_of_file(j, train, o, learn, &v.train_bad_rows, err));
    fit(j);
    TMG_TRY(each_of_file(j, test, o, score, &v.test_bad_rows, err));
    tmg_evaluate(j->test.row, j->test.count, w, &v.all);
    v.all.train_rows = (int64_t)j->pairs.count;
    judge_part(j, true, w, &v.seen, &v.seen_rows);
    judge_part(j, false, w, &v.fresh, &v.fresh_rows);
    *ret = v;
    return TMG_OK;
}

tmg_rc tmg_evaluate_files(const char *chains, const char *train, const char *test,
                          const tmg_intake_options *o, double w, tmg_verdict *ret, tmg_err *err)
{
    judge j = {0};
    tmg_rc rc;

    TMG_TRY(tmg_mind_new(chains, &j.mind, err));
    rc = run(&j, train, test, o, w, ret, err);
    for (int h = 0; h < TMG_HARMS; h++) {
        free(j.pairs.raw[h]);
        free(j.pairs.label[h]);
    }
    free(j.test.row);
    free(j.test.seen);
    tmg_mind_free(j.mind);
    return rc;
}
