/* Learned models in a centre: trained, approved by a second person, asked, explained, computed again, taken
 * back. */
#include "app/models.h"
#include "base/file.h"
#include "learn/learn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

#define OK(call)                                                                                             \
    do {                                                                                                     \
        if ((call) != TMG_OK)                                                                                \
            fail_msg("%s", w->err.text);                                                                     \
    } while (0)

typedef struct world {
    char folder[64], home[96], file[96];
    tmg_centre *centre;
    tmg_arena *arena;
    tmg_db *db;
    tmg_actor trainer, chief, analyst;
    tmg_err err;
} world;

enum { ROWS = 2400 };

/* Goods of heading 2915 are bad when they are light and cheap: a fact of the declaration, which groups of
 * results alone learn slowly because no mass and no price comes twice. */
static void write_history(const char *path)
{
    TMG_AUTO_BUF b = {0};
    uint64_t state = 11;

    tmg_buf_init(&b, 4 << 20);
    tmg_buf_z(
        &b,
        "Declaration ID,Date,Office ID,Process Type,Import Type,Import Use,Payment Type,Mode of Transport,"
        "Declarant ID,Importer ID,Seller ID,Courier ID,HS6 Code,Country of Departure,Country of Origin,Tax "
        "Rate,Tax Type,Country of Origin Indicator,Net Mass,Item Price,Fraud,Critical Fraud\n");
    for (int i = 0; i < ROWS; i++) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        unsigned r = (unsigned)(state >> 33), mass = 100 + r % 9973, price = 1000 + r / 7 % 99991;
        TMG_AUTO_BUF date = {0};
        tmg_buf_init(&date, 32);
        tmg_day_write(&date, 18262 + i / 20);
        tmg_buf_fmt(&b, "%d,%s,30,B,11,21,11,10,A%u,B%u,C,,%s,IR,IR,0.0,A,Y,%u.0,%u.0,%d,0\n", i + 1,
                    date.ptr, r % 50, r % 300, r % 3 == 0 ? "291524" : "610910", mass, price,
                    mass < 4000 && price < 50000 ? 1 : 0);
    }
    if (tmg_file_write(path, tmg_buf_as_span(&b), 0600, NULL) != TMG_OK)
        abort();
}

static int set_up(void **state)
{
    world *w = tmg_xcalloc(1, sizeof *w);

    (void)snprintf(w->folder, sizeof w->folder, "/tmp/tamga-unit-XXXXXX");
    assert_non_null(mkdtemp(w->folder));
    (void)snprintf(w->home, sizeof w->home, "%s/centre", w->folder);
    (void)snprintf(w->file, sizeof w->file, "%s/history.csv", w->folder);
    write_history(w->file);
    OK(tmg_centre_make(w->home, "unit", false, 0, &w->err));
    OK(tmg_centre_open(w->home, &w->centre, &w->err));
    w->arena = tmg_arena_new(64 << 20);
    w->db = tmg_centre_db(w->centre);
    w->trainer = (tmg_actor){.account_id = 1, .role = TMG_ADMINISTRATOR, .name = "trainer", .from = "test"};
    w->chief = (tmg_actor){.account_id = 2, .role = TMG_CHIEF, .name = "chief", .from = "test"};
    w->analyst = (tmg_actor){.account_id = 3, .role = TMG_ANALYST, .name = "analyst", .from = "test"};
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    world *w = *state;
    char command[160];

    tmg_centre_close(w->centre);
    tmg_arena_free(w->arena);
    (void)snprintf(command, sizeof command, "rm -rf %s", w->folder);
    (void)!system(command);
    free(w);
    return 0;
}

static bool can_train(void)
{
    if (tmg_model_can_train())
        return true;
    print_message("skipped: built without XGBoost\n");
    return false;
}

static int64_t train(world *w)
{
    tmg_train_options o = {.file = w->file, .intake = {.mapping = "korea"}};
    tmg_train_outcome out[TMG_HARMS];

    tmg_intake_prepare(w->centre, w->arena, &o.intake);
    OK(tmg_train_models(w->centre, &w->trainer, &o, out, &w->err));
    assert_true(out[TMG_FRAUD].made);
    assert_false(out[TMG_CRITICAL].made);
    assert_non_null(strstr(out[TMG_CRITICAL].why_not, "too few"));
    assert_true(out[TMG_FRAUD].model.auc[TMG_FRAUD] > out[TMG_FRAUD].profiles.auc[TMG_FRAUD] + 0.1);
    return out[TMG_FRAUD].id;
}

typedef struct taking {
    world *w;
    const tmg_actor *who;
    int64_t id;
    tmg_model_move move;
    const char *note;
} taking;

static tmg_rc take_job(void *ctx, tmg_db *db, tmg_err *err)
{
    taking *t = ctx;

    return tmg_model_take(t->w->centre, db, t->who, t->id, t->move, tmg_span_of(t->note), err);
}

static tmg_rc take(world *w, const tmg_actor *who, int64_t id, tmg_model_move move, const char *note)
{
    taking t = {w, who, id, move, note};

    return tmg_centre_write(w->centre, take_job, &t, &w->err);
}

static tmg_model_state state_of(world *w, int64_t id)
{
    tmg_model m;

    OK(tmg_model_get(w->db, id, w->arena, &m, &w->err));
    return m.state;
}

static int64_t count_leaves(world *w, const char *action)
{
    int64_t n = 0;
    tmg_span *entries = NULL;
    size_t count = 0;

    OK(tmg_guard_entries(w->db, 0, 1000000, w->arena, &entries, &count, &w->err));
    for (size_t i = 0; i < count; i++)
        n += memmem(entries[i].ptr, entries[i].len, action, strlen(action)) != NULL ? 1 : 0;
    return n;
}

/* Imports the same rows as the centre's own and gives the declaration of the last one. */
static int64_t import_rows(world *w)
{
    tmg_import_options o = {.intake = {.mapping = "korea"}, .source_name = "history", .make_posts = true};
    tmg_actor console = tmg_actor_console();
    tmg_import_summary s;
    tmg_declaration d;
    tmg_file file;
    int64_t id;

    tmg_intake_prepare(w->centre, w->arena, &o.intake);
    OK(tmg_file_map(w->file, &file, &w->err));
    OK(tmg_import(w->centre, &console, file.bytes, &o, &s, &w->err));
    tmg_file_unmap(&file);
    OK(tmg_consignment_by_ref(w->db, TMG_SPAN("2399"), &id, &w->err));
    OK(tmg_consignment_load(w->db, id, w->arena, &d, &w->err));
    return d.id;
}

static void make_champion(world *w, int64_t id)
{
    OK(take(w, &w->analyst, id, TMG_MODEL_CHALLENGE, "to see it work"));
    OK(take(w, &w->chief, id, TMG_MODEL_APPROVE, "better on the newest results"));
}

static void test_a_second_person_approves(void **state)
{
    world *w = *state;

    if (!can_train())
        skip();
    int64_t id = train(w);
    w->trainer.role = TMG_CHIEF;
    assert_int_equal(take(w, &w->chief, id, TMG_MODEL_APPROVE, "it has not been in the shadow"),
                     TMG_E_CONFLICT);
    assert_int_equal(state_of(w, id), TMG_MODEL_CANDIDATE);
    OK(take(w, &w->analyst, id, TMG_MODEL_CHALLENGE, "to see it work"));
    assert_int_equal(take(w, &w->trainer, id, TMG_MODEL_APPROVE, "I find my own work good"), TMG_E_DENIED);
    assert_non_null(strstr(w->err.text, "second person"));
    assert_int_equal(take(w, &w->analyst, id, TMG_MODEL_APPROVE, "an analyst may not"), TMG_E_DENIED);
    assert_int_equal(take(w, &w->chief, id, TMG_MODEL_APPROVE, "short"), TMG_E_INVALID);
    assert_int_equal(state_of(w, id), TMG_MODEL_CHALLENGER);
    assert_int_equal(take(w, &w->chief, id, TMG_MODEL_APPROVE, "better on the newest results"), TMG_OK);
    assert_int_equal(state_of(w, id), TMG_MODEL_CHAMPION);
    assert_int_equal(take(w, &w->chief, id, TMG_MODEL_CHALLENGE, "it is champion already"), TMG_E_CONFLICT);
    assert_int_equal(count_leaves(w, "\"model.trained\""), 1);
    assert_int_equal(count_leaves(w, "\"model.approved\""), 1);
}

static void test_the_same_training_gives_the_same_model(void **state)
{
    world *w = *state;

    if (!can_train())
        skip();
    assert_true(train(w) > 0);
    assert_int_equal(train(w), 0);
}

static void test_a_champion_is_asked_explained_and_computed_again(void **state)
{
    world *w = *state;
    tmg_model_reason *reasons = NULL;
    tmg_verified v;
    size_t count = 0;
    int64_t asked = 0, sum = 0;

    if (!can_train())
        skip();
    int64_t id = train(w);
    make_champion(w, id);
    int64_t declaration = import_rows(w);
    OK(tmg_model_reasons(w->db, w->home, declaration, TMG_FRAUD, w->arena, &reasons, &count, &asked,
                         &w->err));
    assert_int_equal(asked, id);
    assert_true(tmg_span_is(reasons[0].family, "mass") || tmg_span_is(reasons[0].family, "price"));
    for (size_t i = 0; i < count; i++)
        sum += reasons[i].weight_mdB;
    assert_true(sum != 0);
    OK(tmg_model_verify(w->centre, w->db, declaration, &v, &w->err));
    assert_true(v.same[TMG_FRAUD] && v.same[TMG_CRITICAL]);
    assert_true(v.model_again_ppb[TMG_FRAUD] != TMG_NONE);
    assert_int_equal(v.model_again_ppb[TMG_CRITICAL], TMG_NONE);
    /* A probability that somebody has changed does not come out again. */
    OK(tmg_db_run(w->db, "UPDATE assessment SET fraud_ppb = fraud_ppb + 1", &w->err));
    OK(tmg_model_verify(w->centre, w->db, declaration, &v, &w->err));
    assert_false(v.same[TMG_FRAUD]);
}

static int64_t score_of(world *w, int64_t declaration)
{
    tmg_assessment as;

    OK(tmg_assessment_load(w->db, declaration, &as, &w->err));
    OK(tmg_assessment_parts(w->db, &as, w->arena, &w->err));
    return as.harm[TMG_FRAUD].model_id;
}

static void test_a_challenger_scores_and_decides_nothing(void **state)
{
    world *w = *state;
    tmg_model_record record;
    tmg_model m;

    if (!can_train())
        skip();
    int64_t id = train(w);
    OK(take(w, &w->analyst, id, TMG_MODEL_CHALLENGE, "to see it work"));
    int64_t declaration = import_rows(w);
    assert_int_equal(score_of(w, declaration), 0);
    OK(tmg_model_get(w->db, id, w->arena, &m, &w->err));
    OK(tmg_model_record_of(w->db, &m, &record, &w->err));
    assert_int_equal(record.scored, ROWS);
    assert_int_equal(record.judged.test_rows, ROWS);
    assert_true(record.judged.auc[TMG_FRAUD] > 0.9);
}

static void test_a_champion_is_taken_back_in_one_step(void **state)
{
    world *w = *state;
    TMG_AUTO_BUF trouble = {0};

    if (!can_train())
        skip();
    int64_t id = train(w);
    make_champion(w, id);
    assert_int_equal(take(w, &w->analyst, id, TMG_MODEL_RETIRE, "an analyst may not end a champion"),
                     TMG_E_DENIED);
    OK(take(w, &w->chief, id, TMG_MODEL_ROLL_BACK, "officers saw nonsense"));
    assert_int_equal(state_of(w, id), TMG_MODEL_RETIRED);
    assert_int_equal(count_leaves(w, "\"model.rolled_back\""), 1);
    int64_t declaration = import_rows(w);
    assert_int_equal(score_of(w, declaration), 0);
    tmg_buf_init(&trouble, 4096);
    OK(tmg_model_trouble(w->centre, w->db, &trouble, &w->err));
    assert_non_null(strstr(trouble.ptr, "no learned model is in use"));
}

static void test_a_damaged_model_file_leaves_profiles_and_says_so(void **state)
{
    world *w = *state;
    TMG_AUTO_BUF trouble = {0};
    char command[200];

    if (!can_train())
        skip();
    int64_t id = train(w);
    make_champion(w, id);
    tmg_centre_close(w->centre);
    (void)snprintf(command, sizeof command, "rm -rf %s/evidence/*", w->home);
    (void)!system(command);
    OK(tmg_centre_open(w->home, &w->centre, &w->err));
    w->db = tmg_centre_db(w->centre);
    int64_t declaration = import_rows(w);
    assert_int_equal(score_of(w, declaration), 0);
    tmg_buf_init(&trouble, 4096);
    OK(tmg_model_trouble(w->centre, w->db, &trouble, &w->err));
    assert_non_null(strstr(trouble.ptr, "is not asked"));
}

static void test_without_the_training_program_it_is_said(void **state)
{
    world *w = *state;
    tmg_train_options o = {.file = w->file, .intake = {.mapping = "korea"}};
    tmg_train_outcome out[TMG_HARMS];

    tmg_intake_prepare(w->centre, w->arena, &o.intake);
    setenv("TAMGA_TRAIN", "/nowhere/tamga-train", 1);
    assert_int_equal(tmg_train_models(w->centre, &w->trainer, &o, out, &w->err), TMG_E_NOT_FOUND);
    unsetenv("TAMGA_TRAIN");
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_a_second_person_approves),
        T(test_the_same_training_gives_the_same_model),
        T(test_a_champion_is_asked_explained_and_computed_again),
        T(test_a_challenger_scores_and_decides_nothing),
        T(test_a_champion_is_taken_back_in_one_step),
        T(test_a_damaged_model_file_leaves_profiles_and_says_so),
        T(test_without_the_training_program_it_is_said),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
