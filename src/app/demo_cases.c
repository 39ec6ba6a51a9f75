/* The cases of the demonstration: what past controls seized is taken over from an older register, what its
 * own orders found has a case already.  Derived from the world's own results, so that the same world gives
 * the same cases; how far each has come is in demo_files.c. */
#include "app/demo_past_priv.h"

#include <stdlib.h>

enum { WORK_CAP = 32 << 20, MOST_CASES = 60, NAME = 96 };

/* ---- the seizure ---- */

static tmg_rc find_result(tmg_db *db, int64_t consignment_id, int64_t result_id, tmg_arena *a,
                          tmg_result *ret, tmg_err *err)
{
    tmg_result *list;
    size_t count;

    TMG_TRY(tmg_result_list(db, consignment_id, a, &list, &count, err));
    for (size_t i = 0; i < count; i++)
        if (list[i].id == result_id) {
            *ret = list[i];
            return TMG_OK;
        }
    return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no result %lld", (long long)result_id);
}

void tmg_demo_describe(tmg_seizure *z, unsigned means, size_t n, tmg_arena *a)
{
    static const char *const hidden[] = {"trailer_wall", "among_goods", "fuel_tank", "shaped_as_goods",
                                         "cab",          "axle",        "sacks",     "machinery"};
    static const unsigned order[] = {TMG_MEANS_DOCUMENTS, TMG_MEANS_DOG,   TMG_MEANS_XRAY,
                                     TMG_MEANS_DENSITY,   TMG_MEANS_SCALE, TMG_MEANS_UNLOADING};
    unsigned last = 0;

    z->concealment = tmg_span_of(hidden[n % (sizeof hidden / sizeof hidden[0])]);
    z->packages = 12 + (int64_t)(n * 37 % 400);
    z->unit = TMG_SPAN("operations team of the post");
    z->article = TMG_SPAN("Criminal Code, art. 206");
    z->conveyance_type = TMG_SPAN("articulated truck");
    z->in_group = n % 4 == 1;
    z->instruments = tmg_alloc_array(a, sizeof order / sizeof order[0], sizeof *z->instruments);
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        if ((means & order[i]) != 0) {
            last = order[i];
            z->instruments[z->instrument_count++] = (tmg_instrument_used){
                .means = last,
                .reaction = last == TMG_MEANS_DOCUMENTS ? TMG_REACTION_NONE : TMG_REACTION_SUSPECT};
        }
    if (last != 0)
        z->instruments[z->instrument_count - 1].reaction = TMG_REACTION_FOUND;
    for (size_t i = 0; i < z->line_count; i++)
        z->lines[i].form = z->lines[i].mass_mg % 3 == 0 ? TMG_SPAN("powder") : TMG_SPAN("other");
}

static tmg_rc record(tmg_demo_past *k, tmg_db *db, const tmg_result *r, const tmg_declaration *d, size_t n,
                     tmg_arena *a, tmg_seizure *z, tmg_err *err)
{
    tmg_selection s = {.by = n % 3 == 0 ? TMG_BY_RULE : TMG_BY_PROFILE};
    tmg_post post;

    TMG_TRY(tmg_post_by_code(db, d->post, a, &post, err));
    s.post_id = post.id;
    TMG_TRY(tmg_seizure_from_result(k->centre, db, &k->team, d, &s, r, 0, a, z, err));
    tmg_demo_describe(z, r->means, n, a);
    TMG_TRY(tmg_seizure_record(k->centre->codes, db, &k->team, z, a, err));
    return tmg_seizure_read(db, z->id, a, z, err);
}

/* ---- the case ---- */

/* Functions, not people: nobody is invented. */
/* Drivers come mostly from where their truck is registered. */
static tmg_span citizenship_of(tmg_span vehicle_country, size_t n)
{
    static const char *const others[] = {"AZ", "TR", "RU", "GE", "UA"};

    return vehicle_country.len != 2 || n % 3 == 0 ? tmg_span_of(others[n / 3 % 5]) : vehicle_country;
}

tmg_rc tmg_demo_persons(tmg_demo_past *k, tmg_db *db, const tmg_case *f, tmg_span country, size_t n,
                        tmg_err *err)
{
    static const char *const trades[] = {"driver",     "driver",       "driver",
                                         "unemployed", "entrepreneur", "worker"};
    char name[NAME];
    tmg_suspect x = {.case_id = f->id,
                     .role = TMG_SPAN("driver"),
                     .sex = TMG_SPAN("m"),
                     .birth_year = 1968 + (int32_t)(n * 7 % 39),
                     .citizenship = citizenship_of(country, n),
                     .occupation = tmg_span_of(trades[n % 6]),
                     .previous_record = n % 9 == 2};

    (void)snprintf(name, sizeof name, "driver, %.*s", TMG_SPAN_ARG(f->number));
    x.name = tmg_span_of(name);
    if (n % 8 == 1)
        TMG_TRY(tmg_group_add(db, &k->investigator, f->id, TMG_SPAN("organisers of the route"), &x.group_id,
                              err));
    TMG_TRY(tmg_suspect_add(k->centre->codes, db, &k->investigator, &x, err));
    if (n % 8 != 1)
        return TMG_OK;
    (void)snprintf(name, sizeof name, "second person, %.*s", TMG_SPAN_ARG(f->number));
    x.role = TMG_SPAN("organiser");
    x.sex = n % 24 == 1 ? TMG_SPAN("f") : TMG_SPAN("m");
    x.birth_year = 1961 + (int32_t)(n % 30);
    x.citizenship = TMG_SPAN("AZ");
    x.occupation = TMG_SPAN("entrepreneur");
    return tmg_suspect_add(k->centre->codes, db, &k->investigator, &x, err);
}

static tmg_rc open_file(tmg_demo_past *k, tmg_db *db, const tmg_seizure *z, size_t n, tmg_arena *a,
                        tmg_case *f, tmg_err *err)
{
    tmg_object about = tmg_object_of("consignment", z->consignment_id);

    *f = (tmg_case){.title = z->number,
                    .substance = z->lines[0].substance,
                    .post_id = z->post_id,
                    .opened_ms = z->seized_ms + 2 * TMG_HOUR_MS,
                    .article = z->article};
    if (n % 3 == 2)
        f->compartment = TMG_SPAN("need-to-know");
    TMG_TRY(tmg_use_case_open(k->centre, db, &k->investigator, f, a, err));
    TMG_TRY(tmg_case_take_seizure(db, &k->investigator, f->id, z->id, err));
    TMG_TRY(tmg_case_link(db, &k->investigator, f->id, tmg_span_of(about.text), err));
    TMG_TRY(tmg_case_party_add_offered(k->centre->codes, db, &k->investigator, f->id, err));
    /* One in nine is closed to the chief on shift, who did not need to know. */
    return f->compartment.len == 0 || n % 9 == 2
               ? TMG_OK
               : tmg_case_give_access(db, &k->investigator, f->id, k->chief.account_id, TMG_NONE,
                                      TMG_SPAN("was on shift when it was seized"), err);
}

/* ---- the exhibits ---- */

tmg_rc tmg_demo_confirm(tmg_demo_past *k, tmg_db *db, const tmg_substance_line *l, int64_t mass_mg,
                        tmg_err *err)
{
    tmg_substance_line c = *l;

    c.mass_mg = mass_mg;
    c.stage = TMG_SPAN("confirmed");
    c.purity_ppm = 350000 + l->mass_mg / 1000 % 500000;
    char report[32];
    (void)snprintf(report, sizeof report, "FX-%06lld", (long long)(7 * l->id + 1000));
    c.report_number = tmg_span_of(report);
    c.report_day = tmg_centre_today(k->centre);
    return tmg_use_confirm_line(k->centre, db, &k->investigator, l->id, &c, NULL, err);
}

/* ---- all of it ---- */

typedef struct past {
    int64_t result_id, consignment_id;
} past;

static tmg_rc find_past(tmg_db *db, past ret[MOST_CASES], size_t *ret_count, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db,
                    "SELECT r.id, r.consignment_id FROM result r WHERE EXISTS (SELECT 1 FROM seized z WHERE "
                    "z.result_id = r.id) AND NOT EXISTS (SELECT 1 FROM seizure q WHERE q.consignment_id = "
                    "r.consignment_id) ORDER BY r.happened_ms, r.id LIMIT $1",
                    &s, err));
    tmg_bind_i64(s, 1, MOST_CASES);
    for (*ret_count = 0;; (*ret_count)++) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        ret[*ret_count] = (past){tmg_col_i64(s, 0), tmg_col_i64(s, 1)};
    }
}

static tmg_rc take_over(tmg_demo_past *k, tmg_db *db, const past *p, size_t n, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(WORK_CAP);
    tmg_declaration d;
    tmg_seizure z;
    tmg_result r;
    tmg_case f;

    TMG_TRY(find_result(db, p->consignment_id, p->result_id, a, &r, err));
    TMG_TRY(tmg_declaration_load(db, r.declaration_id, a, &d, err));
    TMG_TRY(record(k, db, &r, &d, n, a, &z, err));
    TMG_TRY(open_file(k, db, &z, n, a, &f, err));
    const tmg_planned_task *plan;
    size_t count = tmg_case_plan_tasks(k->centre->case_plan, &plan);

    for (size_t i = 0; i < count; i++) {
        tmg_case_task t = {.case_id = f.id,
                           .title = plan[i].words[0],
                           .code = plan[i].code,
                           .due_ms = f.opened_ms + plan[i].within_ms,
                           .mandatory = plan[i].mandatory};

        TMG_TRY(tmg_task_add(db, &k->investigator, &t, err));
    }
    return TMG_OK;
}

tmg_rc tmg_demo_register(tmg_demo_past *k, tmg_db *db, tmg_err *err)
{
    past list[MOST_CASES];
    size_t count = 0;

    TMG_TRY(find_past(db, list, &count, err));
    for (size_t i = 0; i < count; i++)
        TMG_TRY(take_over(k, db, &list[i], i, err));
    return TMG_OK;
}

tmg_rc tmg_demo_cases(void *centre, tmg_db *db, tmg_err *err)
{
    tmg_demo_past p = {.centre = centre};
    tmg_rc rc = tmg_demo_cast(&p, db, err);

    if (rc == TMG_OK)
        rc = tmg_demo_register(&p, db, err);
    if (rc == TMG_OK)
        rc = tmg_demo_files(&p, db, err);
    free(p.files);
    return rc;
}
