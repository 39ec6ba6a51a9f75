/* Learned models: the register, their steps, their reasons. */
#include "app/models.h"
#include "base/say.h"
#include "cli/cli.h"
#include "cli/rules_cli.h"

enum { MODEL_CAP = 64 << 20 };
enum { HOME, NOTE, AS };

static void print_day(const char *what, int64_t at_ms, int offset_min)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 64);
    tmg_instant_write(&b, (tmg_instant){at_ms, (int16_t)offset_min});
    printf("  %-12s %s", what, b.ptr);
}

static tmg_rc list(tmg_centre *c, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(MODEL_CAP);
    TMG_AUTO_BUF trouble = {0}, english = {0};
    tmg_model *models = NULL;
    size_t count = 0;

    TMG_TRY(tmg_model_list(tmg_centre_db(c), a, &models, &count, err));
    for (size_t i = 0; i < count; i++) {
        const tmg_model *m = &models[i];
        TMG_AUTO_BUF b = {0};

        tmg_buf_init(&b, 64);
        tmg_instant_write(&b, (tmg_instant){m->made_ms, (int16_t)tmg_centre_settings(c)->offset_min});
        printf("%5lld  %.12s  %-8s  %-10s  %.16s  %.*s\n", (long long)m->id, m->hash.ptr,
               tmg_harm_name(m->harm), tmg_model_state_name(m->state), b.ptr, TMG_SPAN_ARG(m->made_by));
    }
    tmg_buf_init(&trouble, 4096);
    TMG_TRY(tmg_model_trouble(c, tmg_centre_db(c), &trouble, err));
    tmg_buf_init(&english, 4096);
    tmg_say_english(&english, tmg_buf_as_span(&trouble));
    if (english.len > 0)
        printf("%s\n", english.ptr);
    return TMG_OK;
}

static tmg_rc print_record(tmg_db *db, const tmg_model *m, tmg_err *err)
{
    tmg_model_record r;
    const tmg_evaluation *e = &r.judged;

    TMG_TRY(tmg_model_record_of(db, m, &r, err));
    printf("  scored       %lld declarations here; results came for %lld, %lld of them finds",
           (long long)r.scored, (long long)e->test_rows,
           (long long)(m->harm == TMG_FRAUD ? e->test_fraud : e->test_critical));
    if (e->auc[m->harm] >= 0)
        printf("; AUC %.4f, calibration error %.4f", e->auc[m->harm], e->ece[m->harm]);
    putchar('\n');
    return TMG_OK;
}

static tmg_rc show(tmg_centre *c, const char *name, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(MODEL_CAP);
    int offset = tmg_centre_settings(c)->offset_min;
    tmg_db *db = tmg_centre_db(c);
    tmg_model_step *steps = NULL;
    size_t count = 0;
    tmg_model m;

    TMG_TRY(tmg_model_find(db, tmg_span_of(name), a, &m, err));
    printf("model %lld of %s, %s\n  hash         %.*s\n", (long long)m.id, tmg_harm_name(m.harm),
           tmg_model_state_name(m.state), TMG_SPAN_ARG(m.hash));
    print_day("trained", m.made_ms, offset);
    printf(" by %.*s\n", TMG_SPAN_ARG(m.made_by));
    if (m.approved_ms != TMG_NONE) {
        print_day("approved", m.approved_ms, offset);
        printf(" by %.*s\n", TMG_SPAN_ARG(m.approved_name));
    }
    TMG_TRY(print_record(db, &m, err));
    TMG_TRY(tmg_model_steps(db, m.id, a, &steps, &count, err));
    for (size_t i = 0; i < count; i++) {
        print_day("step", steps[i].at_ms, offset);
        printf(" %.*s: %.*s%s%.*s %.*s\n", TMG_SPAN_ARG(steps[i].account), TMG_SPAN_ARG(steps[i].from_state),
               steps[i].from_state.len > 0 ? " -> " : "", TMG_SPAN_ARG(steps[i].to_state),
               TMG_SPAN_ARG(steps[i].note));
    }
    printf("  card         %.*s\n", TMG_SPAN_ARG(m.card));
    return TMG_OK;
}

typedef struct step_job {
    tmg_centre *centre;
    const tmg_actor *who;
    int64_t id;
    tmg_model_move move;
    tmg_span note;
} step_job;

static tmg_rc step(void *ctx, tmg_db *db, tmg_err *err)
{
    step_job *j = ctx;

    return tmg_model_take(j->centre, db, j->who, j->id, j->move, j->note, err);
}

static tmg_rc move(tmg_centre *c, tmg_model_move what, const char *name, const tmg_option *o, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(MODEL_CAP);
    bool chief = what == TMG_MODEL_APPROVE || what == TMG_MODEL_ROLL_BACK;
    tmg_actor who;
    tmg_model m;

    TMG_TRY(tmg_model_find(tmg_centre_db(c), tmg_span_of(name), a, &m, err));
    chief = chief || (what == TMG_MODEL_RETIRE && m.state == TMG_MODEL_CHAMPION);
    TMG_TRY(tmg_act_as(c, o[AS].given, chief ? TMG_CHIEF : TMG_ADMINISTRATOR, &who, err));
    step_job j = {c, &who, m.id, what, tmg_span_of(o[NOTE].given)};
    TMG_TRY(tmg_centre_write(c, step, &j, err));
    TMG_TRY(tmg_model_find(tmg_centre_db(c), tmg_span_of(name), a, &m, err));
    printf("model %lld is %s now\n", (long long)m.id, tmg_model_state_name(m.state));
    return TMG_OK;
}

static tmg_rc verify(tmg_centre *c, const char *name, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(MODEL_CAP);
    tmg_declaration d;
    tmg_verified v;
    int64_t id;
    bool same = true;

    TMG_TRY(tmg_find_consignment(tmg_centre_db(c), name, &id, err));
    TMG_TRY(tmg_consignment_load(tmg_centre_db(c), id, a, &d, err));
    TMG_TRY(tmg_model_verify(c, tmg_centre_db(c), d.id, &v, err));
    print_day("judged", v.as_of_ms, d.lodged.offset_min);
    printf(v.fusion_id != 0 ? ", fusion %lld\n" : ", by profiles alone\n", (long long)v.fusion_id);
    for (int h = 0; h < TMG_HARMS; h++) {
        printf("  %-12s stored %lld ppb, again %lld ppb", tmg_harm_name((tmg_harm)h),
               (long long)v.stored_ppb[h], (long long)v.again_ppb[h]);
        if (v.model_hash[h][0] != '\0')
            printf("; model %.12s stored %lld ppb, again %lld ppb", v.model_hash[h],
                   (long long)v.model_stored_ppb[h], (long long)v.model_again_ppb[h]);
        printf(": %s\n", v.same[h] ? "the same" : "NOT the same");
        same = same && v.same[h];
    }
    if (!same)
        return TMG_FAIL(
            err, TMG_E_CONFLICT,
            "the stored probability cannot be computed again from what is stored beside it: the database or "
            "the program was changed");
    return TMG_OK;
}

tmg_rc tmg_print_parts(tmg_centre *c, int64_t declaration_id, tmg_harm h, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(MODEL_CAP);
    tmg_db *db = tmg_centre_db(c);
    tmg_model_reason *reasons = NULL;
    size_t count = 0;
    int64_t model_id = 0;
    tmg_assessment as;

    TMG_TRY(tmg_assessment_load(db, declaration_id, &as, err));
    TMG_TRY(tmg_assessment_parts(db, &as, a, err));
    for (size_t i = 0; i < as.part_count; i++) {
        const tmg_part *p = &as.parts[i];
        if (p->harm == h)
            printf("    %+8.1f dB  %.*s: %.*s%s%.*s\n", (double)p->weight_mdB / 1000, TMG_SPAN_ARG(p->sense),
                   TMG_SPAN_ARG(p->name), p->words.len > 0 ? ", " : "", TMG_SPAN_ARG(p->words));
    }
    TMG_TRY(tmg_model_reasons(db, tmg_centre_settings(c)->home, declaration_id, h, a, &reasons, &count,
                              &model_id, err));
    for (size_t i = 0; i < count && i < 5; i++)
        printf("%s%.*s%s", i == 0 ? "    the model: " : ", ", TMG_SPAN_ARG(reasons[i].words),
               i + 1 == count || i == 4 ? "\n" : "");
    return TMG_OK;
}

tmg_rc cmd_model(int argc, char **argv, tmg_err *err)
{
    tmg_option o[] = {
        {"home", "FOLDER", "the centre", NULL},
        {"note", "TEXT", "why; needed where the champion changes", NULL},
        {"as", "ACCOUNT", "act as this account; its password is read from standard input", NULL}};
    TMG_AUTO_CENTRE c = NULL;
    int n;

    TMG_TRY(tmg_args(argc, argv, o, 3, 1, 2, &n, err));
    TMG_TRY(tmg_open_here(o[HOME].given, &c, err));
    if (n == 1 && strcmp(argv[1], "list") == 0)
        return list(c, err);
    if (n == 2 && strcmp(argv[1], "show") == 0)
        return show(c, argv[2], err);
    if (n == 2 && strcmp(argv[1], "verify") == 0)
        return verify(c, argv[2], err);
    tmg_model_move what = n == 2 ? tmg_model_move_of(tmg_span_of(argv[1])) : (tmg_model_move)0;
    if (what != 0)
        return move(c, what, argv[2], o, err);
    return TMG_FAIL(
        err, TMG_E_INVALID,
        "expected `tamga model list`, `tamga model show MODEL`, `tamga model challenge | approve | retire | "
        "roll-back MODEL`, or `tamga model verify CONSIGNMENT`");
}
