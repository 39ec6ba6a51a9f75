/* How the demonstration's cases go on: each day every seizure takes the steps that its age allows, by the
 * calls that people use.  Some go slowly, so that every state of every workflow has something in it. */
#include "app/demo_past_priv.h"

enum { WORK_CAP = 16 << 20, NAME = 96 };

tmg_rc tmg_demo_cast(tmg_demo_past *p, tmg_db *db, tmg_err *err)
{
    struct {
        const char *name;
        tmg_actor *to;
    } who[] = {{"analyst", &p->analyst},
               {"chief", &p->chief},
               {"team", &p->team},
               {"teams", &p->teams},
               {"relief", &p->relief},
               {"custodian", &p->custodian},
               {"investigator", &p->investigator},
               {"investigator2", &p->second_investigator},
               {"custodian2", &p->second_custodian}};

    for (size_t i = 0; i < sizeof who / sizeof *who; i++)
        TMG_TRY(tmg_demo_actor(db, who[i].name, who[i].to, err));
    p->desk = tmg_actor_console();
    p->astara_id = tmg_demo_post(db, "AZAST001");
    p->relief_id = tmg_demo_post(db, "AZBIL001");
    return TMG_OK;
}

/* ---- the steps ---- */

/* One case on the desk. */
typedef struct desk {
    tmg_demo_past *p;
    tmg_db *db;
    tmg_demo_file *file;
    tmg_arena *arena;
    tmg_seizure z;
    char seal[3][NAME];
} desk;

static tmg_rc task_done(desk *k, const char *code, const char *note, tmg_err *err)
{
    tmg_case_task *list;
    size_t count;

    TMG_TRY(tmg_task_list(k->db, k->file->case_id, k->arena, &list, &count, err));
    for (size_t i = 0; i < count; i++)
        if (tmg_span_is(list[i].code, code) && list[i].done_ms <= 0)
            return tmg_task_done(k->db, &k->p->investigator, list[i].id, tmg_span_of(note), err);
    return TMG_OK;
}

static tmg_rc move_case(desk *k, const tmg_actor *who, const char *arrow, const char *note, tmg_err *err)
{
    tmg_case f;

    return tmg_use_case_move(k->p->centre, k->db, who, k->file->case_id, tmg_span_of(arrow),
                             tmg_span_of(note), k->arena, &f, err);
}

static tmg_rc hand_on(desk *k, const tmg_actor *who, const char *arrow, const char *to, const char *place,
                      int seal_old, int seal_new, int64_t net_mg, tmg_err *err)
{
    tmg_custody e = {.from_whom = tmg_span_of(who->display),
                     .to_whom = tmg_span_of(to),
                     .place = tmg_span_of(place),
                     .purpose = tmg_span_of(arrow),
                     .seal_old = tmg_span_of(k->seal[seal_old]),
                     .gross_mg = TMG_NONE,
                     .net_mg = net_mg,
                     .witness_1 = TMG_SPAN("officer D-1001"),
                     .witness_2 = TMG_SPAN("officer D-1002")};
    int64_t incident;

    if (strcmp(arrow, "destroy") == 0)
        e.ground = TMG_SPAN("decision on destruction, article 206 of the Criminal Code");
    if (seal_new >= 0)
        e.seal_new = tmg_span_of(k->seal[seal_new]);
    return tmg_use_custody(k->p->centre, k->db, who, k->file->exhibit_id, tmg_span_of(arrow), &e, NULL,
                           &incident, k->arena, err);
}

static unsigned means_used(const desk *k)
{
    unsigned means = 0;

    for (size_t i = 0; i < k->z.instrument_count; i++)
        means |= k->z.instruments[i].means;
    return means;
}

/* The team completes the record and seals what it found. */
static tmg_rc seal(desk *k, tmg_err *err)
{
    const tmg_actor *team = tmg_demo_team_at(k->p, k->z.post_id);
    tmg_custody sealing = {.from_whom = tmg_span_of(team->display),
                           .to_whom = TMG_SPAN("evidence store"),
                           .place = TMG_SPAN("the post"),
                           .purpose = TMG_SPAN("sealing at the place"),
                           .seal_new = tmg_span_of(k->seal[0]),
                           .gross_mg = TMG_NONE,
                           .net_mg = TMG_NONE};
    tmg_exhibit e = {.seizure_id = k->z.id, .line_id = k->z.lines[0].id, .retention_until_ms = TMG_NONE};
    char words[NAME];

    (void)snprintf(words, sizeof words, "%.*s of %.*s", TMG_SPAN_ARG(k->z.lines[0].substance),
                   TMG_SPAN_ARG(k->z.number));
    for (char *at = words; (at = strchr(at, '_')) != NULL;)
        *at = ' '; /* a code, for readers */
    e.words = tmg_span_of(words);
    if (tmg_span_is(k->z.concealment, "not_recorded")) {
        tmg_seizure full = k->z;

        tmg_demo_describe(&full, means_used(k), k->file->no, k->arena);
        full.lines = k->z.lines;
        full.instruments = k->z.instruments;
        full.instrument_count = k->z.instrument_count;
        TMG_TRY(tmg_seizure_amend(k->p->centre->codes, k->db, team, &full, k->arena, err));
    }
    TMG_TRY(tmg_use_exhibit(k->p->centre, k->db, team, &e, &sealing, k->arena, err));
    k->file->exhibit_id = e.id;
    return TMG_OK;
}

/* Whoever confirmed the seizure lets the investigator in where the case is need-to-know. */
static tmg_rc let_in(desk *k, const tmg_actor *by, const tmg_actor *whom, const char *why, tmg_err *err)
{
    tmg_err closed;

    if (tmg_case_may(k->db, whom, k->file->case_id, &closed) == TMG_OK)
        return TMG_OK;
    return tmg_case_give_access(k->db, by, k->file->case_id, whom->account_id, TMG_NONE, tmg_span_of(why),
                                err);
}

/* What was only counted - cartons, tablets - weighs something, too. */
static int64_t scale_shows(const tmg_substance_line *l)
{
    enum { PIECE_MG = 250000 };

    return l->mass_mg != TMG_NONE ? l->mass_mg : l->count * PIECE_MG;
}

static tmg_rc begin_work(desk *k, tmg_err *err)
{
    int64_t net = scale_shows(&k->z.lines[0]);

    TMG_TRY(hand_on(k, tmg_demo_team_at(k->p, k->z.post_id), "weigh", "evidence store", "the post", 0, 1, net,
                    err));
    /* Now and then a balance says something else than the one at the post: an incident. */
    TMG_TRY(hand_on(k, &k->p->custodian, "store", "evidence store", "store, room 2", 1, -1,
                    k->file->no % 17 == 9 ? net / 1000 * 991 : TMG_NONE, err));
    TMG_TRY(let_in(k, &k->p->chief, &k->p->investigator, "leads the case", err));
    TMG_TRY(task_done(k, "lead", "the investigator on duty leads it", err));
    TMG_TRY(task_done(k, "exhibits", "sealed and weighed, see the chain of custody", err));
    return move_case(k, &k->p->investigator, "investigate", "", err);
}

static tmg_rc hear_persons(desk *k, tmg_err *err)
{
    tmg_case f;
    tmg_span country = k->z.conveyance_country;

    TMG_TRY(tmg_case_read(k->db, &k->p->investigator, k->file->case_id, k->arena, &f, err));
    TMG_TRY(tmg_demo_persons(k->p, k->db, &f, country, k->file->no, err));
    TMG_TRY(task_done(k, "record", "completed by the team", err));
    TMG_TRY(task_done(k, "persons", "heard, see the file", err));
    if (k->file->no % 2 == 0)
        TMG_TRY(task_done(k, "partners", "told by the usual channel", err));
    return tmg_case_note(k->db, &k->p->investigator, k->file->case_id,
                         k->file->no % 3 == 0 ? TMG_SPAN("assessment") : TMG_SPAN("fact"),
                         k->file->no % 3 == 0
                             ? TMG_SPAN("The route and the late lodging are those of two earlier cases.")
                             : TMG_SPAN("The driver named the place of loading and the person who paid."),
                         err);
}

static tmg_rc send_sample(desk *k, tmg_err *err)
{
    return hand_on(k, &k->p->custodian, "to_lab", "forensic laboratory", "store, room 2", 1, -1, TMG_NONE,
                   err);
}

/* The laboratory's net mass is a little less than what the post weighed: packing. */
static tmg_rc take_finding(desk *k, tmg_err *err)
{
    const tmg_substance_line *l = &k->z.lines[0];
    int64_t mass = l->mass_mg - l->mass_mg / 1000 * (int64_t)(k->file->no * 5 % 9);

    TMG_TRY(tmg_demo_confirm(k->p, k->db, l, mass, err));
    TMG_TRY(hand_on(k, &k->p->custodian, "store", "evidence store", "store, room 2", 1, 2, TMG_NONE, err));
    return task_done(k, "laboratory", "the laboratory's finding is entered", err);
}

static tmg_rc submit(desk *k, tmg_err *err)
{
    if (k->file->no % 4 != 1)
        TMG_TRY(task_done(k, "lessons", "proposed to the analysts", err));
    return move_case(k, &k->p->investigator, "submit", "", err);
}

static tmg_rc end_case(desk *k, tmg_err *err)
{
    bool refer = k->file->no % 5 != 3;

    TMG_TRY(tmg_case_dispose(k->db, &k->p->investigator, k->file->case_id,
                             refer ? TMG_SPAN("referred for prosecution")
                                   : TMG_SPAN("closed: the owner of the goods could not be found"),
                             err));
    TMG_TRY(
        let_in(k, &k->p->investigator, &k->p->second_investigator, "checks the file before it ends", err));
    return move_case(k, &k->p->second_investigator, refer ? "refer" : "close", "checked", err);
}

static tmg_rc destroy(desk *k, tmg_err *err)
{
    tmg_custody *list;
    int64_t net = TMG_NONE;
    size_t count;

    TMG_TRY(tmg_custody_list(k->db, k->file->exhibit_id, k->arena, &list, &count, err));
    for (size_t i = 0; i < count; i++)
        net = list[i].net_mg != TMG_NONE ? list[i].net_mg : net;
    return hand_on(k, &k->p->second_custodian, "destroy", "incinerator", "the works", 2, -1, net, err);
}

static tmg_rc end_exhibit(desk *k, tmg_err *err)
{
    tmg_exhibit e;

    TMG_TRY(tmg_exhibit_read(k->db, k->file->exhibit_id, k->arena, &e, err));
    tmg_stmt *s = NULL;
    bool over = false;

    TMG_TRY(tmg_sql(k->db, "SELECT 1 FROM case_file WHERE id = $1 AND closed_ms IS NOT NULL", &s, err));
    tmg_bind_i64(s, 1, k->file->case_id);
    TMG_TRY(tmg_step(s, &over, err));
    tmg_reset(s);
    if (k->file->no % 3 == 1)
        return hand_on(k, &k->p->custodian, "to_court", "court", "store, room 2", 2, -1, TMG_NONE, err);
    return over ? destroy(k, err) : TMG_OK;
}

/* Days after the seizure, and up to how many more for some. */
static const struct {
    int days, more;
    tmg_rc (*take)(desk *k, tmg_err *err);
} steps[] = {{0, 1, seal},          {1, 2, begin_work}, {3, 5, hear_persons}, {5, 3, send_sample},
             {13, 9, take_finding}, {21, 12, submit},   {26, 18, end_case},   {40, 16, end_exhibit}};
enum { STEPS = sizeof steps / sizeof *steps };

static tmg_rc go_on(tmg_demo_past *p, tmg_db *db, tmg_demo_file *f, tmg_err *err)
{
    int64_t age = (tmg_now_ms() - f->seized_ms) / TMG_DAY_MS;

    while (f->step < STEPS &&
           age >= steps[f->step].days + (int64_t)((f->no * 7 + f->step) % (size_t)steps[f->step].more)) {
        TMG_AUTO_ARENA a = tmg_arena_new(WORK_CAP);
        desk k = {.p = p, .db = db, .file = f, .arena = a};

        TMG_TRY(tmg_seizure_read(db, f->seizure_id, a, &k.z, err));
        for (int i = 0; i < 3; i++)
            (void)snprintf(k.seal[i], sizeof k.seal[i], "AZ-%05lld-%d", (long long)(100 * f->seizure_id),
                           i + 1);
        if (k.z.line_count == 0)
            return TMG_OK;
        TMG_TRY(steps[f->step].take(&k, err));
        f->step++;
    }
    return TMG_OK;
}

/* ---- which seizures there are ---- */

static tmg_demo_file *file_of(tmg_demo_past *p, int64_t seizure_id)
{
    for (size_t i = 0; i < p->file_count; i++)
        if (p->files[i].seizure_id == seizure_id)
            return &p->files[i];
    return NULL;
}

static void take_up(tmg_demo_past *p, const tmg_demo_file *f)
{
    if (p->file_count == p->file_room) {
        p->file_room = p->file_room == 0 ? 64 : 2 * p->file_room;
        p->files = tmg_xrealloc(p->files, p->file_room * sizeof *p->files);
    }
    p->files[p->file_count] = *f;
    p->files[p->file_count].no = p->file_count;
    p->file_count++;
}

static tmg_rc find_new(tmg_demo_past *p, tmg_db *db, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db, "SELECT id, case_id, seized_ms FROM seizure WHERE case_id IS NOT NULL ORDER BY id",
                    &s, err));
    for (;;) {
        bool row = false;

        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        tmg_demo_file f = {
            .seizure_id = tmg_col_i64(s, 0), .case_id = tmg_col_i64(s, 1), .seized_ms = tmg_col_i64(s, 2)};
        if (file_of(p, f.seizure_id) == NULL)
            take_up(p, &f);
    }
}

tmg_rc tmg_demo_files(tmg_demo_past *p, tmg_db *db, tmg_err *err)
{
    TMG_TRY(find_new(p, db, err));
    for (size_t i = 0; i < p->file_count; i++)
        TMG_TRY(go_on(p, db, &p->files[i], err));
    return TMG_OK;
}

/* ---- cases of one matter ---- */

tmg_rc tmg_demo_merge(void *centre, tmg_db *db, tmg_err *err)
{
    tmg_actor investigator;
    tmg_stmt *s = NULL;
    int64_t kept = 0, merged = 0;
    bool row = false;

    (void)centre;
    TMG_TRY(tmg_demo_actor(db, "investigator", &investigator, err));
    TMG_TRY(
        tmg_sql(db,
                "SELECT x.case_id, y.case_id FROM seizure x JOIN seizure y ON y.case_id > x.case_id AND "
                "y.plates = x.plates JOIN flow_item i ON i.kind = 'case' AND i.about_id = x.case_id AND "
                "i.state = 'investigation' JOIN flow_item j ON j.kind = 'case' AND j.about_id = y.case_id "
                "AND j.state = 'investigation' ORDER BY y.case_id DESC LIMIT 1",
                &s, err));
    TMG_TRY(tmg_step(s, &row, err));
    if (row) {
        kept = tmg_col_i64(s, 0);
        merged = tmg_col_i64(s, 1);
        tmg_reset(s);
    }
    return row ? tmg_case_merge(db, &investigator, kept, merged, TMG_SPAN("the same vehicle in both"), err)
               : TMG_OK;
}
