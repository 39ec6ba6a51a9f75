#include "base/json.h"
#include "base/qty.h"
#include "cli/cli.h"
#include "model/codes.h"

enum { LIST_CAP = 64 << 20 };

typedef struct row_view {
    tmg_selection selection;
    tmg_declaration declaration;
    tmg_assessment assessment;
} row_view;

/* The harm that weighs more in this consignment's expected value is the one to speak of. */
static tmg_harm telling_harm(const tmg_selection *s, const tmg_declaration *d)
{
    int64_t fraud = tmg_utility(s->fraud_ppb, 0, d->value_minor, s->w_minor);

    return fraud >= s->utility_minor - fraud ? TMG_FRAUD : TMG_CRITICAL;
}

static tmg_rc load_row(tmg_db *db, const tmg_selection *s, tmg_arena *a, row_view *ret, tmg_err *err)
{
    ret->selection = *s;
    TMG_TRY(tmg_declaration_load(db, s->declaration_id, a, &ret->declaration, err));
    return tmg_assessment_load(db, s->declaration_id, &ret->assessment, err);
}

static void print_time(int64_t at_ms, int offset_min)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 64);
    tmg_instant_write(&b, (tmg_instant){at_ms, (int16_t)offset_min});
    printf("%.5s %.5s", b.len >= 16 ? b.ptr + 5 : b.ptr, b.len >= 16 ? b.ptr + 11 : "");
}

static void print_row(tmg_centre *c, size_t place, const row_view *v)
{
    const tmg_declaration *d = &v->declaration;
    tmg_harm harm = telling_harm(&v->selection, d);
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 4096);
    printf("%3zu  %-6s  ", place, tmg_lane_name(v->selection.lane));
    print_time(d->expected_ms != TMG_NONE ? d->expected_ms : d->lodged.at_ms,
               tmg_centre_settings(c)->offset_min);
    tmg_buf_z(&b, "fraud ");
    tmg_percent(&b, v->selection.fraud_ppb);
    tmg_buf_z(&b, ", critical ");
    tmg_percent(&b, v->selection.critical_ppb);
    printf("  %.*s  %.*s > %.*s  %s\n", TMG_SPAN_ARG(d->post), TMG_SPAN_ARG(d->departure),
           TMG_SPAN_ARG(d->destination), b.ptr);
    printf("     %.*s, %.*s\n", TMG_SPAN_ARG(d->ref), TMG_SPAN_ARG(d->party[TMG_CONSIGNEE].name));
    if (d->item_count > 0) {
        tmg_buf_clear(&b);
        tmg_hs_write(&b, d->items[0].hs);
        printf("     HS %s %.*s\n", b.ptr, TMG_SPAN_ARG(d->items[0].description));
    }
    tmg_buf_clear(&b);
    tmg_assessment_words(tmg_centre_mind(c), &v->assessment, d, harm, &b);
    printf("     %s: %s\n     %.*s\n", tmg_harm_name(harm), b.ptr, TMG_SPAN_ARG(v->selection.why));
}

static tmg_rc print_queue(tmg_centre *c, const tmg_queue_query *q, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(LIST_CAP);
    tmg_selection *list;
    size_t count;

    TMG_TRY(tmg_queue(tmg_centre_db(c), q, a, &list, &count, err));
    for (size_t i = 0; i < count; i++) {
        TMG_AUTO_ARENA row = tmg_arena_new(1 << 20);
        row_view v;

        TMG_TRY(load_row(tmg_centre_db(c), &list[i], row, &v, err));
        print_row(c, q->skip + i + 1, &v);
    }
    if (count == 0)
        puts("Nothing waits for a decision. `tamga import` feeds declarations; --from and --to choose other "
             "days.");
    return TMG_OK;
}

static tmg_rc queue_json(tmg_centre *c, const tmg_queue_query *q, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(LIST_CAP);
    TMG_AUTO_BUF b = {0};
    tmg_selection *list;
    size_t count;

    tmg_buf_init(&b, 1 << 20);
    TMG_TRY(tmg_queue(tmg_centre_db(c), q, a, &list, &count, err));
    for (size_t i = 0; i < count; i++) {
        TMG_AUTO_ARENA row = tmg_arena_new(1 << 20);
        TMG_AUTO_BUF words = {0};
        tmg_json_out j;
        row_view v;

        TMG_TRY(load_row(tmg_centre_db(c), &list[i], row, &v, err));
        tmg_buf_init(&words, 4096);
        tmg_assessment_words(tmg_centre_mind(c), &v.assessment, &v.declaration,
                             telling_harm(&list[i], &v.declaration), &words);
        tmg_buf_clear(&b);
        tmg_json_begin(&j, &b);
        tmg_json_object(&j, NULL);
        tmg_json_i64(&j, "consignment", list[i].consignment_id);
        tmg_json_text(&j, "ref", v.declaration.ref);
        tmg_json_text(&j, "post", v.declaration.post);
        tmg_json_z(&j, "lane", tmg_lane_name(list[i].lane));
        tmg_json_z(&j, "selected_by", tmg_selected_by_name(list[i].by));
        tmg_json_i64(&j, "propensity_ppb", list[i].propensity_ppb);
        tmg_json_i64(&j, "rank", list[i].rank);
        tmg_json_i64(&j, "utility_minor", list[i].utility_minor);
        tmg_json_i64(&j, "fraud_ppb", list[i].fraud_ppb);
        tmg_json_i64(&j, "critical_ppb", list[i].critical_ppb);
        tmg_json_z(&j, "state", tmg_sel_state_name(list[i].state));
        if (list[i].wake_ms != TMG_NONE)
            tmg_json_time(&j, "wake", list[i].wake_ms, 0);
        tmg_json_text(&j, "why", list[i].why);
        tmg_json_z(&j, "reason", words.ptr);
        tmg_json_end_object(&j);
        puts(b.ptr);
    }
    return TMG_OK;
}

/* What the queue shows is read by a person too. */
static tmg_rc log_reading(void *ctx, tmg_db *db, tmg_err *err)
{
    const tmg_queue_query *q = ctx;
    tmg_actor who = tmg_console_as(TMG_CHIEF);
    char details[64];

    (void)snprintf(details, sizeof details, "\"most\":%zu", q->most);
    return tmg_guard_log(db, &who, "queue.read", "queue", tmg_span_of(details), err);
}

tmg_rc cmd_queue(int argc, char **argv, tmg_err *err)
{
    enum { HOME, POST, FROM, TO, TODAY, LANE, MOST, ALL, SNOOZED, JSON, OPTION_COUNT };
    tmg_option o[] = {{"home", "FOLDER", "the centre", NULL},
                      {"post", "CODE", "one post only", NULL},
                      {"from", "DATE", "expected from this day on (today)", NULL},
                      {"to", "DATE", "expected up to this day (tomorrow)", NULL},
                      {"today", NULL, "expected today only", NULL},
                      {"lane", "LANE", "red, yellow, blue or green only", NULL},
                      {"most", "N", "at most so many (10)", NULL},
                      {"all", NULL, "also what is decided already", NULL},
                      {"snoozed", NULL, "what waits until a time", NULL},
                      {"json", NULL, "one JSON object per line", NULL}};
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    TMG_AUTO_CENTRE c = NULL;
    tmg_queue_query q = {.only_open = true};
    int64_t most = 10;
    tmg_post post;
    int n;

    TMG_TRY(tmg_args(argc, argv, o, OPTION_COUNT, 0, 0, &n, err));
    TMG_TRY(tmg_open_here(o[HOME].given, &c, err));
    q.day_from = tmg_centre_today(c);
    q.day_to = o[TODAY].given != NULL ? q.day_from : q.day_from + 1;
    TMG_TRY(tmg_arg_day(&o[FROM], &q.day_from, err));
    TMG_TRY(tmg_arg_day(&o[TO], &q.day_to, err));
    TMG_TRY(tmg_arg_number(&o[MOST], 1, 100000, &most, err));
    q.most = (size_t)most;
    q.only_open = o[ALL].given == NULL;
    q.part = o[SNOOZED].given != NULL ? TMG_QUEUE_SNOOZED : q.only_open ? TMG_QUEUE_AWAKE : TMG_QUEUE_ALL;
    if (o[LANE].given != NULL && (q.lane = (int)tmg_lane_of(tmg_span_of(o[LANE].given))) == 0)
        return TMG_FAIL(err, TMG_E_INVALID, "--lane: expected red, yellow, blue or green, not \"%s\"",
                        o[LANE].given);
    if (o[POST].given != NULL) {
        TMG_TRY(tmg_post_by_code(tmg_centre_db(c), tmg_span_of(o[POST].given), a, &post, err));
        q.post_ids = &post.id;
        q.post_count = 1;
    }
    TMG_TRY(tmg_centre_write(c, log_reading, &q, err));
    return o[JSON].given != NULL ? queue_json(c, &q, err) : print_queue(c, &q, err);
}
