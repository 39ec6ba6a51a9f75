#include "base/json.h"
#include "learn/train_priv.h"

#include <stddef.h>

tmg_train_request tmg_train_defaults(const char *matrix)
{
    return (tmg_train_request){
        .matrix = matrix,
        .rounds = 400,
        .depth = 6,
        .eta_ppm = 100000,
        .min_child_weight_ppm = 1000000,
        .subsample_ppm = 1000000,
        .colsample_ppm = 1000000,
        .lambda_ppm = 1000000,
        .seed = 1,
        .patience = 30,
        .threads = 1,
        .timeout_ms = TMG_HOUR_MS,
    };
}

/* The numbers of a request; shares are in ppm and named so. */
static const struct number {
    const char *name;
    size_t at;
    int64_t least, most;
} numbers[] = {
    {"rounds", offsetof(tmg_train_request, rounds), 1, TMG_MAX_TREES},
    {"depth", offsetof(tmg_train_request, depth), 1, TMG_MAX_TREE_DEPTH},
    {"eta_ppm", offsetof(tmg_train_request, eta_ppm), 1000, 1000000},
    {"min_child_weight_ppm", offsetof(tmg_train_request, min_child_weight_ppm), 0, 1000000000},
    {"subsample_ppm", offsetof(tmg_train_request, subsample_ppm), 1000, 1000000},
    {"colsample_ppm", offsetof(tmg_train_request, colsample_ppm), 1000, 1000000},
    {"lambda_ppm", offsetof(tmg_train_request, lambda_ppm), 0, 1000000000},
    {"seed", offsetof(tmg_train_request, seed), 0, INT32_MAX},
    {"held_ppm", offsetof(tmg_train_request, held_ppm), 0, 900000},
    {"patience", offsetof(tmg_train_request, patience), 1, TMG_MAX_TREES},
    {"threads", offsetof(tmg_train_request, threads), 1, 64},
};
enum { NUMBERS = sizeof numbers / sizeof *numbers };

void tmg_train_request_write(const tmg_train_request *r, const char *model, tmg_buf *b)
{
    tmg_json_out j;

    tmg_json_begin(&j, b);
    tmg_json_object(&j, NULL);
    tmg_json_z(&j, "matrix", r->matrix);
    tmg_json_z(&j, "model", model);
    for (size_t i = 0; i < NUMBERS; i++) {
        int64_t v;

        memcpy(&v, (const char *)r + numbers[i].at, sizeof v);
        tmg_json_i64(&j, numbers[i].name, v);
    }
    tmg_json_bool(&j, "refit", r->refit);
    tmg_json_end_object(&j);
}

static void look_for_stranger(void *ctx, tmg_span key, const tmg_json *value)
{
    tmg_span *stranger = ctx;
    bool known = tmg_span_is(key, "matrix") || tmg_span_is(key, "model") || tmg_span_is(key, "refit");

    (void)value;
    for (size_t i = 0; i < NUMBERS; i++)
        known = known || tmg_span_is(key, numbers[i].name);
    if (!known)
        *stranger = key;
}

static tmg_rc read_number(const tmg_json *root, const struct number *n, tmg_train_request *r, tmg_err *err)
{
    int64_t v;

    memcpy(&v, (const char *)r + n->at, sizeof v);
    TMG_TRY(tmg_json_get_i64(root, n->name, false, &v, err));
    if (v < n->least || v > n->most)
        return TMG_FAIL(err, TMG_E_INVALID, "%s: expected %lld to %lld, not %lld", n->name,
                        (long long)n->least, (long long)n->most, (long long)v);
    memcpy((char *)r + n->at, &v, sizeof v);
    return TMG_OK;
}

tmg_rc tmg_train_request_read(tmg_span json, tmg_arena *a, tmg_train_request *ret, const char **ret_model,
                              tmg_err *err)
{
    TMG_AUTO_JSON root = NULL;
    tmg_train_request r = tmg_train_defaults(NULL);
    tmg_span matrix = {NULL, 0}, model = {NULL, 0}, stranger = {NULL, 0};

    TMG_TRY(tmg_json_read(json, &root, err));
    if (tmg_json_kind_of(root) != TMG_JSON_OBJECT)
        return TMG_FAIL(err, TMG_E_INVALID, "the request must be a JSON object");
    tmg_json_each(root, look_for_stranger, &stranger);
    if (stranger.ptr != NULL)
        return TMG_FAIL(err, TMG_E_INVALID, "%.*s: no such member", TMG_SPAN_ARG(tmg_utf8_cut(stranger, 60)));
    TMG_TRY(tmg_json_get_text(root, "matrix", true, &matrix, err));
    TMG_TRY(tmg_json_get_text(root, "model", true, &model, err));
    TMG_TRY(tmg_json_get_bool(root, "refit", false, &r.refit, err));
    for (size_t i = 0; i < NUMBERS; i++)
        TMG_TRY(read_number(root, &numbers[i], &r, err));
    r.matrix = tmg_span_z(a, matrix);
    *ret_model = tmg_span_z(a, model);
    *ret = r;
    return TMG_OK;
}

void tmg_train_progress_write(const tmg_train_progress *p, tmg_buf *b)
{
    tmg_json_out j;

    tmg_json_begin(&j, b);
    tmg_json_object(&j, NULL);
    tmg_json_i64(&j, "round", p->round);
    tmg_json_i64(&j, "rounds", p->rounds);
    tmg_json_i64(&j, "loss_ppm", p->loss_ppm);
    if (p->held_loss_ppm != TMG_NONE)
        tmg_json_i64(&j, "held_loss_ppm", p->held_loss_ppm);
    tmg_json_bool(&j, "refitting", p->refitting);
    tmg_json_end_object(&j);
    tmg_buf_char(b, '\n');
}

tmg_rc tmg_train_progress_read(tmg_span line, tmg_train_progress *ret, tmg_err *err)
{
    TMG_AUTO_JSON root = NULL;
    tmg_train_progress p = {.held_loss_ppm = TMG_NONE};

    TMG_TRY(tmg_json_read(line, &root, err));
    TMG_TRY(tmg_json_get_i64(root, "round", true, &p.round, err));
    TMG_TRY(tmg_json_get_i64(root, "rounds", true, &p.rounds, err));
    TMG_TRY(tmg_json_get_i64(root, "loss_ppm", true, &p.loss_ppm, err));
    TMG_TRY(tmg_json_get_i64(root, "held_loss_ppm", false, &p.held_loss_ppm, err));
    TMG_TRY(tmg_json_get_bool(root, "refitting", false, &p.refitting, err));
    *ret = p;
    return TMG_OK;
}
