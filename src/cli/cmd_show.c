#include "base/json.h"
#include "base/qty.h"
#include "cli/cli.h"
#include "model/codes.h"

enum { SHOW_CAP = 16 << 20, HISTORY = 10 };

static void print_instant(const char *what, int64_t at_ms, int offset_min)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 64);
    tmg_instant_write(&b, (tmg_instant){at_ms, (int16_t)offset_min});
    printf("  %-12s %s\n", what, b.ptr);
}

static void print_declaration(const tmg_declaration *d)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 4096);
    printf("%.*s, version %d, consignment %lld\n", TMG_SPAN_ARG(d->ref), d->version,
           (long long)d->consignment_id);
    printf("  %-12s %s, %.*s > %.*s at %.*s\n", "regime", tmg_regime_name(d->regime),
           TMG_SPAN_ARG(d->departure), TMG_SPAN_ARG(d->destination), TMG_SPAN_ARG(d->post));
    print_instant("lodged", d->lodged.at_ms, d->lodged.offset_min);
    if (d->expected_ms != TMG_NONE)
        print_instant("expected", d->expected_ms, d->lodged.offset_min);
    for (int r = 0; r < TMG_PARTY_ROLES; r++)
        if (d->party[r].code.len > 0)
            printf("  %-12s %.*s %.*s\n", tmg_party_role_name((tmg_party_role)r),
                   TMG_SPAN_ARG(d->party[r].code), TMG_SPAN_ARG(d->party[r].name));
    if (d->vehicle.len > 0)
        printf("  %-12s %.*s %.*s\n", "vehicle", TMG_SPAN_ARG(d->vehicle), TMG_SPAN_ARG(d->trailer));
    for (size_t i = 0; i < d->item_count; i++) {
        const tmg_item *item = &d->items[i];
        int digits = 0;
        const char *words = tmg_hs_words(item->hs, &digits);

        tmg_buf_clear(&b);
        tmg_hs_write(&b, item->hs);
        if (words != NULL)
            tmg_buf_fmt(&b, " (%s)", words);
        tmg_buf_fmt(&b, " %.*s", TMG_SPAN_ARG(item->description));
        if (item->net_mg != TMG_NONE) {
            tmg_buf_z(&b, ", ");
            tmg_decimal_write(&b, item->net_mg, 6);
            tmg_buf_z(&b, " kg");
        }
        if (item->value_minor != TMG_NONE) {
            tmg_buf_z(&b, ", ");
            tmg_decimal_write_fixed(&b, item->value_minor, tmg_currency_exponent(d->currency));
            tmg_buf_fmt(&b, " %.*s", TMG_SPAN_ARG(d->currency));
        }
        printf("  item %-7d %s\n", item->no, b.ptr);
    }
}

static void print_path(tmg_centre *c, const tmg_harm_view *v, const tmg_declaration *d)
{
    for (size_t i = 0; i < v->path_len; i++) {
        const tmg_level *l = &v->path[i];
        TMG_AUTO_BUF words = {0}, p = {0};

        tmg_buf_init(&words, 1024);
        tmg_buf_init(&p, 64);
        tmg_level_words(tmg_centre_mind(c), d, v->item_no, l->depth, &words);
        tmg_percent(&p, l->ppb);
        printf("    %s %8lld inspected, %6lld bad, %9s  %s\n", i == v->telling ? ">" : " ", (long long)l->n,
               (long long)l->bad, p.ptr, words.ptr);
    }
}

static tmg_rc print_assessment(tmg_centre *c, const tmg_declaration *d, tmg_err *err)
{
    tmg_assessment as;
    tmg_rc rc = tmg_assessment_load(tmg_centre_db(c), d->id, &as, err);

    if (rc == TMG_E_NOT_FOUND)
        return TMG_OK;
    TMG_TRY(rc);
    for (int h = 0; h < TMG_HARMS; h++) {
        TMG_AUTO_BUF b = {0};

        tmg_buf_init(&b, 4096);
        tmg_percent(&b, as.harm[h].ppb);
        tmg_buf_z(&b, ": ");
        tmg_assessment_words(tmg_centre_mind(c), &as, d, (tmg_harm)h, &b);
        printf("\n  %-10s %s\n", tmg_harm_name((tmg_harm)h), b.ptr);
        print_path(c, &as.harm[h], d);
        TMG_TRY(tmg_print_parts(c, d->id, (tmg_harm)h, err));
    }
    return TMG_OK;
}

static tmg_rc print_selection(tmg_db *db, int64_t id, tmg_arena *a, tmg_err *err)
{
    tmg_selection s;
    tmg_rc rc = tmg_selection_get(db, id, a, &s, err);

    if (rc == TMG_E_NOT_FOUND)
        return TMG_OK;
    TMG_TRY(rc);
    printf("\n  lane %s, %s, %s\n  %.*s\n", tmg_lane_name(s.lane), tmg_selected_by_name(s.by),
           tmg_sel_state_name(s.state), TMG_SPAN_ARG(s.why));
    return TMG_OK;
}

static void print_decision(const tmg_decision *one, int offset_min)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 1024);
    tmg_buf_fmt(&b, "%s", tmg_action_name(one->action));
    for (unsigned bit = 1; bit <= TMG_MEANS_UNLOADING; bit <<= 1)
        if (one->means & bit)
            tmg_buf_fmt(&b, " %s", tmg_means_name(bit));
    if (one->reason.len > 0)
        tmg_buf_fmt(&b, ": %.*s", TMG_SPAN_ARG(one->reason));
    tmg_buf_z(&b, ", ");
    tmg_instant_write(&b, (tmg_instant){one->at_ms, (int16_t)offset_min});
    printf("  %-12s %s\n", "decision", b.ptr);
}

static tmg_rc print_past(tmg_db *db, const tmg_declaration *d, tmg_arena *a, tmg_err *err)
{
    tmg_decision *decisions;
    tmg_result *results;
    tmg_past *past;
    size_t n;

    TMG_TRY(tmg_decision_list(db, d->consignment_id, a, &decisions, &n, err));
    for (size_t i = 0; i < n; i++)
        print_decision(&decisions[i], d->lodged.offset_min);
    TMG_TRY(tmg_result_list(db, d->consignment_id, a, &results, &n, err));
    for (size_t i = 0; i < n; i++) {
        TMG_AUTO_BUF b = {0};
        tmg_json_out j;

        tmg_buf_init(&b, 1 << 16);
        tmg_json_begin(&j, &b);
        tmg_result_write_json(&j, NULL, &results[i]);
        printf("  result       %s\n", b.ptr);
    }
    TMG_TRY(tmg_party_history(db, d->party[TMG_CONSIGNEE].code, TMG_CONSIGNEE, d->lodged.at_ms, HISTORY, a,
                              &past, &n, err));
    printf("\n  the consignee's last %zu consignments\n", n);
    for (size_t i = 0; i < n; i++)
        printf("    %.*s  HS %.*s  %.*s > %.*s at %.*s  %s\n", TMG_SPAN_ARG(past[i].ref),
               TMG_SPAN_ARG(past[i].hs), TMG_SPAN_ARG(past[i].departure), TMG_SPAN_ARG(past[i].destination),
               TMG_SPAN_ARG(past[i].post),
               past[i].outcome != 0 ? tmg_outcome_name((tmg_outcome)past[i].outcome) : "not controlled");
    return TMG_OK;
}

static tmg_rc log_reading(void *ctx, tmg_db *db, tmg_err *err)
{
    tmg_actor who = tmg_console_as(TMG_CHIEF);

    return tmg_log_read(db, &who, *(const int64_t *)ctx, "tamga show", err);
}

tmg_rc cmd_show(int argc, char **argv, tmg_err *err)
{
    tmg_option o[] = {{"home", "FOLDER", "the centre", NULL},
                      {"json", NULL, "the declaration as JSON", NULL}};
    TMG_AUTO_ARENA a = tmg_arena_new(SHOW_CAP);
    TMG_AUTO_CENTRE c = NULL;
    tmg_declaration d;
    int64_t id;
    int n;

    TMG_TRY(tmg_args(argc, argv, o, 2, 1, 1, &n, err));
    TMG_TRY(tmg_open_here(o[0].given, &c, err));
    TMG_TRY(tmg_find_consignment(tmg_centre_db(c), argv[1], &id, err));
    TMG_TRY(tmg_centre_write(c, log_reading, &id, err));
    TMG_TRY(tmg_consignment_load(tmg_centre_db(c), id, a, &d, err));
    if (o[1].given != NULL) {
        TMG_AUTO_BUF b = {0};
        tmg_json_out j;

        tmg_buf_init(&b, 4 << 20);
        tmg_json_begin(&j, &b);
        tmg_declaration_write_json(&j, NULL, &d);
        puts(b.ptr);
        return TMG_OK;
    }
    print_declaration(&d);
    TMG_TRY(print_assessment(c, &d, err));
    TMG_TRY(print_selection(tmg_centre_db(c), id, a, err));
    return print_past(tmg_centre_db(c), &d, a, err);
}
