/* What an entry says that can be, but hardly is: it is asked about once more, and the log says that somebody
 * did. */
#include "app/casework_priv.h"
#include "base/json.h"
#include "base/qty.h"

#include <stdlib.h>

enum { WORK_CAP = 1 << 20, LEAST_NOTE = 3, USUAL_LINES = 50, USUAL_LEAST = 5, TIMES = 1000 };

/* An order of magnitude that no honest entry passes by chance. */
static const int64_t vehicle_mg = INT64_C(44000) * 1000 * 1000, most_count = 10 * 1000 * 1000,
                     ahead_ms = TMG_DAY_MS, shift_ms = 12 * TMG_HOUR_MS, clock_ms = 5 * 60 * TMG_SECOND_MS,
                     most_minutes = INT64_C(12) * 8 * 60;

/* What is looked at; of result, step, seizure, custody and person one is not NULL. */
typedef struct entry {
    tmg_db *db;
    const tmg_declaration *d;
    const tmg_selection *s;
    const tmg_result *result;
    const tmg_step_done *step;
    const tmg_seizure *seizure;
    const tmg_lab_view *lab; /* of a seizure's line that the laboratory found, or NULL */
    const tmg_custody *custody;
    const tmg_custody_difference *differs;
    const tmg_suspect *person;
    bool person_known; /* one like it stands in the case */
    int64_t now_ms, seized_mg;
} entry;

/* Which entries a rule looks at. */
enum { OF_RESULT = 1, OF_STEP = 2, OF_SEIZURE = 4, OF_CUSTODY = 8, OF_PERSON = 16 };

/* What a rule saw: the values of its sentence. */
typedef struct seen {
    char a[40], b[40];
} seen;

static void put_kg(char to[40], int64_t mg)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 40);
    tmg_decimal_write(&b, mg, 6);
    (void)snprintf(to, 40, "%s", b.ptr);
}

static void put_number(char to[40], int64_t n)
{
    (void)snprintf(to, 40, "%lld", (long long)n);
}

static bool was_released(const entry *e, seen *v)
{
    (void)v;
    return e->s->state == TMG_SEL_RELEASED;
}

static bool not_ordered(const entry *e, seen *v)
{
    (void)v;
    return e->s->state != TMG_SEL_ORDERED && e->s->state != TMG_SEL_RELEASED;
}

static bool not_arrived(const entry *e, seen *v)
{
    TMG_AUTO_BUF b = {0};

    if (e->d->expected_ms == TMG_NONE || e->d->expected_ms <= e->now_ms + ahead_ms)
        return false;
    tmg_buf_init(&b, 40);
    tmg_instant_write(&b, (tmg_instant){e->d->expected_ms, 0});
    (void)snprintf(v->a, sizeof v->a, "%s", b.ptr);
    return true;
}

static bool over_gross(const entry *e, seen *v)
{
    put_kg(v->a, e->seized_mg);
    put_kg(v->b, e->d == NULL ? 0 : e->d->gross_mg);
    return e->d != NULL && e->d->gross_mg != TMG_NONE && e->d->gross_mg > 0 && e->seized_mg > e->d->gross_mg;
}

static bool over_vehicle(const entry *e, seen *v)
{
    put_kg(v->a, e->seized_mg);
    put_kg(v->b, vehicle_mg);
    return e->seized_mg > vehicle_mg;
}

static int by_size(const void *x, const void *y)
{
    const int64_t *a = x, *b = y;

    return (*a > *b) - (*a < *b);
}

static const char usual_of_results[] =
    "SELECT mass_mg FROM seized WHERE lower(substance) = lower($1) AND mass_mg IS "
    "NOT NULL ORDER BY result_id DESC LIMIT $2",
                  usual_of_seizures[] =
                      "SELECT mass_mg FROM substance_line WHERE substance = $1 AND mass_mg IS NOT NULL "
                      "AND replaces IS NULL ORDER BY id DESC LIMIT $2";

/* The middle of the latest masses of this substance; 0 where too few were entered to say. */
static int64_t usual_mg(tmg_db *db, const char *sql, tmg_span substance)
{
    int64_t mass[USUAL_LINES];
    size_t count = 0;
    tmg_stmt *s = NULL;
    bool row = false;

    if (tmg_sql(db, sql, &s, NULL) != TMG_OK)
        return 0;
    tmg_bind_text(s, 1, substance);
    tmg_bind_i64(s, 2, USUAL_LINES);
    while (count < USUAL_LINES && tmg_step(s, &row, NULL) == TMG_OK && row)
        mass[count++] = tmg_col_i64(s, 0);
    tmg_reset(s);
    if (count < USUAL_LEAST)
        return 0;
    qsort(mass, count, sizeof *mass, by_size);
    return mass[count / 2];
}

/* What was seized, by a result or as a seizure. */
static size_t lines_of(const entry *e)
{
    return e->result != NULL ? e->result->seized_count : e->seizure->line_count;
}

static tmg_seized line_of(const entry *e, size_t i)
{
    if (e->result != NULL)
        return e->result->seized[i];
    return (tmg_seized){.substance = e->seizure->lines[i].substance,
                        .mass_mg = e->seizure->lines[i].mass_mg,
                        .count = e->seizure->lines[i].count};
}

static bool thousandfold(const entry *e, seen *v)
{
    const char *sql = e->result != NULL ? usual_of_results : usual_of_seizures;

    for (size_t i = 0; i < lines_of(e); i++) {
        tmg_seized one = line_of(e, i);
        int64_t usual = one.mass_mg == TMG_NONE ? 0 : usual_mg(e->db, sql, one.substance);

        if (usual > 0 && one.mass_mg / TIMES >= usual) {
            put_kg(v->a, one.mass_mg);
            put_kg(v->b, usual);
            return true;
        }
    }
    return false;
}

static bool many_pieces(const entry *e, seen *v)
{
    for (size_t i = 0; i < lines_of(e); i++) {
        tmg_seized one = line_of(e, i);

        if (one.count != TMG_NONE && one.count > most_count) {
            put_number(v->a, one.count);
            return true;
        }
    }
    return false;
}

static bool many_minutes(const entry *e, seen *v)
{
    put_number(v->a, e->result->minutes);
    put_number(v->b, most_minutes);
    return e->result->minutes != TMG_NONE && e->result->minutes > most_minutes;
}

static bool long_step(const entry *e, seen *v)
{
    int64_t took = e->step->ended_ms - e->step->started_ms;

    put_number(v->a, took / TMG_HOUR_MS);
    put_number(v->b, shift_ms / TMG_HOUR_MS);
    return took > shift_ms;
}

static bool step_ahead(const entry *e, seen *v)
{
    put_number(v->a, (e->step->ended_ms - e->now_ms) / (60 * TMG_SECOND_MS));
    return e->step->ended_ms > e->now_ms + clock_ms;
}

/* The one of these who is meant, if anybody is. */
static const tmg_officer *officer_of(tmg_db *db, int64_t id, tmg_arena *a)
{
    tmg_officer *list = NULL;
    size_t count = 0;

    if (id == 0 || tmg_officer_list(db, a, &list, &count, NULL) != TMG_OK)
        return NULL;
    for (size_t i = 0; i < count; i++)
        if (list[i].id == id)
            return &list[i];
    return NULL;
}

static const tmg_instrument *instrument_of(tmg_db *db, int64_t id, tmg_arena *a)
{
    tmg_instrument *list = NULL;
    size_t count = 0;

    if (id == 0 || tmg_instrument_list(db, 0, a, &list, &count, NULL) != TMG_OK)
        return NULL;
    for (size_t i = 0; i < count; i++)
        if (list[i].id == id)
            return &list[i];
    return NULL;
}

/* Somebody, or something, that would have been refused for this work did it all the same. */
static bool not_assigned(const entry *e, seen *v)
{
    TMG_AUTO_ARENA a = tmg_arena_new(WORK_CAP);
    const tmg_officer *o = officer_of(e->db, e->step->officer_id, a);
    const tmg_instrument *i = instrument_of(e->db, e->step->instrument_id, a);
    tmg_order order;
    tmg_err why = {0};

    if ((o == NULL && i == NULL) || tmg_order_read(e->db, e->step->order_id, a, &order, NULL) != TMG_OK ||
        tmg_assign_may(e->db, o, i, e->step->means, order.post_id, e->step->started_ms, &why) !=
            TMG_E_CONFLICT)
        return false;
    (void)snprintf(v->a, sizeof v->a, "%s", why.code != NULL ? why.code : "conflict");
    tmg_span name = tmg_utf8_cut(o != NULL ? o->name : i->name, sizeof v->b - 1);
    (void)snprintf(v->b, sizeof v->b, "%.*s", TMG_SPAN_ARG(name));
    return true;
}

static void put_text(char to[40], tmg_span text)
{
    tmg_span cut = tmg_utf8_cut(text, 30);

    (void)snprintf(to, 40, "%.*s", TMG_SPAN_ARG(cut));
}

static bool mass_differs(const entry *e, seen *v)
{
    put_kg(v->a, e->differs->before_mg);
    put_kg(v->b, e->differs->found_mg);
    return e->differs->mass;
}

static bool seal_differs(const entry *e, seen *v)
{
    put_text(v->a, e->differs->seal_before);
    put_text(v->b, e->differs->seal_found);
    return e->differs->seal;
}

static bool never_sent(const entry *e, seen *v)
{
    (void)v;
    return e->lab != NULL && !e->lab->sent;
}

/* Samples are taken and balances differ, but not by a hundredth. */
static bool lab_differs(const entry *e, seen *v)
{
    int64_t found = e->lab == NULL ? TMG_NONE : line_of(e, 0).mass_mg, known;

    if (found == TMG_NONE || e->lab->weighed_mg == TMG_NONE || e->seizure->lines[0].gross)
        return false;
    known = e->lab->weighed_mg;
    put_kg(v->a, known);
    put_kg(v->b, found);
    return (found > known ? found - known : known - found) > known / 100;
}

/* Without values: neither the answer nor the log names anybody. */
static bool same_person(const entry *e, seen *v)
{
    (void)v;
    return e->person_known;
}

/* Every rule there is.  `words` says it, with the values in braces; the name is what screens know it by. */
static const struct {
    const char *name, *words;
    unsigned of;
    bool (*sees)(const entry *e, seen *v);
} rules[] = {
    {"released", "the consignment was released", OF_RESULT, was_released},
    {"not_ordered", "no inspection of the consignment was ordered", OF_RESULT, not_ordered},
    {"not_arrived", "the consignment is expected only at {a}", OF_RESULT, not_arrived},
    {"over_gross", "{a} kg seized is more than the {b} kg gross that were declared", OF_RESULT | OF_SEIZURE,
     over_gross},
    {"over_vehicle", "{a} kg seized is more than the {b} kg that a vehicle weighs with its load",
     OF_RESULT | OF_SEIZURE, over_vehicle},
    {"thousandfold", "{a} kg is more than 1000 times the usual {b} kg of this substance",
     OF_RESULT | OF_SEIZURE, thousandfold},
    {"many_pieces", "{a} pieces are more than anybody carries", OF_RESULT | OF_SEIZURE, many_pieces},
    {"many_minutes", "{a} officer minutes are more than {b}, twelve officers for a shift", OF_RESULT,
     many_minutes},
    {"long_step", "the step took {a} hours, longer than {b}", OF_STEP, long_step},
    {"not_assigned", "{b} may not do this work here and now ({a})", OF_STEP, not_assigned},
    {"step_ahead", "the step ends {a} minutes ahead of now", OF_STEP, step_ahead},
    {"never_sent", "no exhibit of it was handed to the laboratory", OF_SEIZURE, never_sent},
    {"lab_differs", "the exhibits weigh {a} kg and the laboratory says {b} kg", OF_SEIZURE, lab_differs},
    {"mass_differs", "{a} kg net is known of it and {b} kg was weighed", OF_CUSTODY, mass_differs},
    {"seal_differs", "the seal {a} was put on it and {b} was read", OF_CUSTODY, seal_differs},
    {"same_person", "one of this name and year of birth stands in the case already", OF_PERSON, same_person},
};
enum { RULES = sizeof rules / sizeof rules[0] };

static void say(tmg_buf *to, const char *words, const seen *v)
{
    for (const char *at = words; *at != '\0'; at++) {
        if (*at != '{') {
            tmg_buf_char(to, *at);
            continue;
        }
        tmg_buf_z(to, at[1] == 'a' ? v->a : v->b);
        at += 2;
    }
}

static tmg_rc ask(const seen *v, const bool *hit, tmg_err *err)
{
    TMG_AUTO_BUF words = {0}, params = {0};

    tmg_buf_init(&words, 1 << 11);
    tmg_buf_init(&params, 1 << 11);
    for (size_t i = 0; i < RULES; i++)
        if (hit[i]) {
            tmg_buf_z(&words, words.len > 0 ? "; " : "");
            say(&words, rules[i].words, &v[i]);
            tmg_buf_fmt(&params, "%s=%s%s%s\n", rules[i].name, v[i].a, v[i].b[0] != '\0' ? ";" : "", v[i].b);
        }
    return tmg_err_code(
        TMG_FAIL(err, TMG_E_CONFLICT,
                 "%s: look again; if it is so, send it with \"confirmed\" and a note that says why",
                 words.ptr),
        err, "confirm", "%s", params.ptr);
}

static unsigned kind_of(const entry *e)
{
    return e->result != NULL    ? OF_RESULT
           : e->step != NULL    ? OF_STEP
           : e->seizure != NULL ? OF_SEIZURE
           : e->person != NULL  ? OF_PERSON
                                : OF_CUSTODY;
}

static tmg_object about_of(const entry *e)
{
    if (e->step != NULL)
        return tmg_object_of("order", e->step->order_id);
    if (e->custody != NULL)
        return tmg_object_of("evidence", e->custody->exhibit_id);
    if (e->person != NULL)
        return tmg_object_of("case", e->person->case_id);
    if (e->d != NULL)
        return tmg_object_of("consignment", e->d->consignment_id);
    return tmg_object_of("seizure", e->seizure->id);
}

static tmg_rc keep(const entry *e, const tmg_actor *who, tmg_span note, const seen *v, const bool *hit,
                   tmg_err *err)
{
    static const char *const names[] = {[OF_RESULT] = "result",
                                        [OF_STEP] = "step",
                                        [OF_SEIZURE] = "seizure",
                                        [OF_CUSTODY] = "custody",
                                        [OF_PERSON] = "person"};
    TMG_AUTO_BUF b = {0};
    tmg_json_out j;
    tmg_object about = about_of(e);

    tmg_buf_init(&b, 1 << 13);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    tmg_json_z(&j, "entry", names[kind_of(e)]);
    tmg_json_object(&j, "unlikely");
    for (size_t i = 0; i < RULES; i++)
        if (hit[i]) {
            tmg_json_array(&j, rules[i].name);
            if (v[i].a[0] != '\0')
                tmg_json_z(&j, NULL, v[i].a);
            if (v[i].b[0] != '\0')
                tmg_json_z(&j, NULL, v[i].b);
            tmg_json_end_array(&j);
        }
    tmg_json_end_object(&j);
    tmg_json_text(&j, "note", note);
    tmg_json_end_object(&j);
    return tmg_guard_log(e->db, who, "entry.confirmed", about.text, tmg_members(&b), err);
}

static tmg_rc look(const entry *e, const tmg_actor *who, bool confirmed, tmg_span note, tmg_err *err)
{
    seen v[RULES] = {0};
    bool hit[RULES] = {false}, any = false;

    for (size_t i = 0; i < RULES; i++) {
        if ((rules[i].of & kind_of(e)) != 0)
            hit[i] = rules[i].sees(e, &v[i]);
        any = any || hit[i];
    }
    if (!any)
        return TMG_OK;
    if (!confirmed)
        return ask(v, hit, err);
    if (tmg_span_trim(note).len < LEAST_NOTE)
        return tmg_err_named(
            TMG_FAIL(err, TMG_E_INVALID, "note: what is confirmed needs a few words that say why it is so"),
            err, "confirm.note");
    return keep(e, who, note, v, hit, err);
}

/* Of at most 100 lines, each far below a hundredth of what fits. */
static int64_t sum_mg(const entry *e)
{
    int64_t sum = 0;

    for (size_t i = 0; i < lines_of(e); i++) {
        int64_t mg = line_of(e, i).mass_mg;

        if (mg != TMG_NONE)
            sum += mg < INT64_MAX / 128 ? mg : INT64_MAX / 128;
    }
    return sum;
}

tmg_rc tmg_unlikely_result(tmg_db *db, const tmg_actor *who, const tmg_declaration *d, const tmg_selection *s,
                           const tmg_result *r, bool confirmed, tmg_span note, tmg_err *err)
{
    entry e = {.db = db, .d = d, .s = s, .result = r, .now_ms = tmg_now_ms()};

    e.seized_mg = sum_mg(&e);
    return look(&e, who, confirmed, note, err);
}

tmg_rc tmg_unlikely_step(tmg_db *db, const tmg_actor *who, const tmg_step_done *step, tmg_err *err)
{
    entry e = {.db = db, .step = step, .now_ms = tmg_now_ms()};

    return look(&e, who, step->confirmed,
                tmg_span_trim(step->confirm_note).len > 0 ? step->confirm_note : step->note, err);
}

tmg_rc tmg_unlikely_seizure(tmg_db *db, const tmg_actor *who, const tmg_declaration *d, const tmg_seizure *z,
                            const tmg_lab_view *lab, bool confirmed, tmg_span note, tmg_err *err)
{
    entry e = {.db = db, .d = d, .seizure = z, .lab = lab, .now_ms = tmg_now_ms()};

    e.seized_mg = sum_mg(&e);
    return look(&e, who, confirmed, note, err);
}

tmg_rc tmg_unlikely_custody(tmg_db *db, const tmg_actor *who, const tmg_custody *c,
                            const tmg_custody_difference *d, const tmg_sure *sure, tmg_err *err)
{
    entry e = {.db = db, .custody = c, .differs = d, .now_ms = tmg_now_ms()};

    return look(&e, who, sure->confirmed, sure->note, err);
}

tmg_rc tmg_unlikely_person(tmg_db *db, const tmg_actor *who, const tmg_suspect *x, const tmg_sure *sure,
                           tmg_err *err)
{
    entry e = {.db = db, .person = x, .now_ms = tmg_now_ms()};

    TMG_TRY(tmg_suspect_like(db, x, &e.person_known, err));
    return look(&e, who, sure->confirmed, sure->note, err);
}
