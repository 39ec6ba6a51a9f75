/* What can be said about choosing, from the command line. */
#include "base/qty.h"
#include "cli/cli.h"

enum { DAYS = 90, MOST_SHARES = 6, ROWS_ROOM_MB = 768 };

typedef struct span_of_days {
    int32_t from, to;
    tmg_outcome_row *rows;
    size_t count;
} span_of_days;

static tmg_rc read_span(tmg_centre *c, const tmg_option *from, const tmg_option *to, tmg_arena *a,
                        span_of_days *ret, tmg_err *err)
{
    ret->to = tmg_centre_today(c);
    TMG_TRY(tmg_arg_day(to, &ret->to, err));
    ret->from = ret->to - DAYS + 1;
    TMG_TRY(tmg_arg_day(from, &ret->from, err));
    return tmg_outcomes_read(tmg_centre_db(c), NULL, 0, ret->from, ret->to,
                             tmg_centre_settings(c)->offset_min, a, &ret->rows, &ret->count, err);
}

/* "1.31 % (0.62 to 2.74)"; without an estimate "- (0.00 to 12.30)". */
static void print_rate(const tmg_rate *r)
{
    char text[64] = "-";

    if (r->low_ppm == TMG_NONE) {
        printf(" %24s", text);
        return;
    }
    if (r->ppm == TMG_NONE)
        (void)snprintf(text, sizeof text, "- (%.2f to %.2f %%)", (double)r->low_ppm / 1e4,
                       (double)r->high_ppm / 1e4);
    else
        (void)snprintf(text, sizeof text, "%.2f %% (%.2f to %.2f)", (double)r->ppm / 1e4,
                       (double)r->low_ppm / 1e4, (double)r->high_ppm / 1e4);
    printf(" %24s", text);
}

static void print_estimate(const char *harm, const char *what, const tmg_estimate *e)
{
    printf("%-9s %-13s %9lld %8lld %8lld %9lld", harm, what, (long long)e->of, (long long)e->certain,
           (long long)e->beyond, (long long)e->known);
    print_rate(&e->rate);
    putchar('\n');
}

static void print_flow(const span_of_days *s, const tmg_chosen_set *set, tmg_arena *a)
{
    tmg_flow_estimate f;

    printf("%-9s %-13s %9s %8s %8s %9s %24s\n", "harm", "of", "reached", "certain", "beyond", "results",
           "hit rate (95 %)");
    for (int harm = 0; harm <= TMG_ANY_HARM; harm++) {
        const char *name = harm == TMG_ANY_HARM ? "any" : tmg_harm_name((tmg_harm)harm);

        tmg_estimate_flow(s->rows, s->count, harm, set, a, &f);
        print_estimate(name, "whole flow", &f.whole);
        print_estimate(name, "not examined", &f.not_examined);
        if (set != NULL)
            print_estimate(name, "would choose", &f.chosen);
    }
    printf("%zu arrived; %lld of them were never chosen among (history) and are not spoken about\n", s->count,
           (long long)f.history);
}

tmg_rc cmd_estimate(int argc, char **argv, tmg_err *err)
{
    enum { HOME, FROM, TO, RULE, MODEL, SHARE, OPTIONS };
    tmg_option o[] = {{"home", "FOLDER", "the centre", NULL},
                      {"from", "DATE", "first day; 89 days before the last", NULL},
                      {"to", "DATE", "last day; today", NULL},
                      {"rule", "NAME", "also of what this rule hit, live or not", NULL},
                      {"model", "HASH", "also of what this learned model puts highest", NULL},
                      {"share", "PPM", "of the flow that the model would choose; 50000", NULL}};
    TMG_AUTO_CENTRE c = NULL;
    TMG_AUTO_ARENA a = tmg_arena_new((size_t)ROWS_ROOM_MB << 20);
    span_of_days s;
    tmg_chosen_set set = {0};
    int64_t share = 50000;
    int n;

    TMG_TRY(tmg_args(argc, argv, o, OPTIONS, 0, 0, &n, err));
    TMG_TRY(tmg_arg_number(&o[SHARE], 1000, 1000000, &share, err));
    TMG_TRY(tmg_open_here(o[HOME].given, &c, err));
    TMG_TRY(read_span(c, &o[FROM], &o[TO], a, &s, err));
    if (o[RULE].given != NULL)
        TMG_TRY(tmg_chosen_by_rule(tmg_centre_db(c), tmg_span_of(o[RULE].given), a, &set, err));
    else if (o[MODEL].given != NULL)
        TMG_TRY(tmg_chosen_by_model(tmg_centre_db(c), tmg_span_of(o[MODEL].given), share, s.rows, s.count, a,
                                    &set, err));
    print_flow(&s, o[RULE].given != NULL || o[MODEL].given != NULL ? &set : NULL, a);
    return TMG_OK;
}

static void print_finds(const tmg_finds *f)
{
    char text[48];

    (void)snprintf(text, sizeof text, "%.1f (%.1f to %.1f)%s", (double)f->milli / 1000,
                   (double)f->low_milli / 1000, (double)f->high_milli / 1000,
                   f->checked == TMG_CHECKED_NOT          ? "?"
                   : f->checked == TMG_CHECKED_BY_RESULTS ? "*"
                                                          : "");
    printf(" %24s", text);
}

static void print_scenario(const tmg_scenario *s)
{
    char name[32] = "as it was";

    if (!s->as_it_was)
        (void)snprintf(name, sizeof name, "%g %%", (double)s->share_ppm / 1e4);
    printf("%-10s %8lld %8lld", name, (long long)s->chosen, (long long)s->known);
    for (int h = 0; h < TMG_HARMS; h++) {
        print_finds(&s->found[h]);
        print_finds(&s->missed[h]);
    }
    printf(" %9.3f\n", (double)s->seized_mg / 1e6);
}

tmg_rc cmd_what_if(int argc, char **argv, tmg_err *err)
{
    enum { HOME, FROM, TO, SHARES, WORTH, OPTIONS };
    tmg_option o[] = {{"home", "FOLDER", "the centre", NULL},
                      {"from", "DATE", "first day; 89 days before the last", NULL},
                      {"to", "DATE", "last day; today", NULL},
                      {"shares", "LIST", "capacities in per cent of each post's flow; 3,5,8", NULL},
                      {"w", "AMOUNT", "what finding a critical case is worth; the dial as it stands", NULL}};
    TMG_AUTO_CENTRE c = NULL;
    TMG_AUTO_ARENA a = tmg_arena_new((size_t)ROWS_ROOM_MB << 20);
    span_of_days span;
    int64_t shares[MOST_SHARES], w;
    size_t count;
    int n;

    TMG_TRY(tmg_args(argc, argv, o, OPTIONS, 0, 0, &n, err));
    TMG_TRY(tmg_shares_read(tmg_span_of(o[SHARES].given != NULL ? o[SHARES].given : "3,5,8"), shares,
                            MOST_SHARES, &count, err));
    TMG_TRY(tmg_open_here(o[HOME].given, &c, err));
    TMG_TRY(tmg_dial_get(tmg_centre_db(c), &w, err));
    if (o[WORTH].given != NULL &&
        tmg_decimal_parse(tmg_span_of(o[WORTH].given),
                          tmg_currency_exponent(tmg_span_of(tmg_centre_settings(c)->currency)),
                          TMG_ROUND_REFUSE, &w, err) != TMG_OK)
        return tmg_err_within(err, "--w");
    TMG_TRY(read_span(c, &o[FROM], &o[TO], a, &span, err));
    printf("%-10s %8s %8s %24s %24s %24s %24s %9s\n", "capacity", "chosen", "results", "frauds found",
           "frauds missed", "critical found", "critical missed", "kg known");
    for (size_t i = 0; i <= count; i++) {
        tmg_scenario s = {.as_it_was = i == 0, .share_ppm = i == 0 ? 0 : shares[i - 1], .w_minor = w};

        tmg_what_if(span.rows, span.count, &s, a);
        print_scenario(&s);
    }
    printf("What nobody examined counts with its probability, corrected by results of chance; in brackets 95 "
           "%%.\n"
           "* Chance did not look: at most the rate found among examined ones of like probability, an upper "
           "estimate.\n"
           "? Nothing checks the probabilities.\n");
    return TMG_OK;
}

static void print_group(const tmg_group *g, const char *name)
{
    static const char *const alerts[] = {"", "notice", "ALARM"};

    printf("%-14s %-20s %8lld", g->by, name, (long long)g->arrived);
    print_rate(&g->selected_rate);
    print_rate(&g->hit_rate);
    if (g->ratio_ppm == TMG_NONE)
        printf(" %6s", "-");
    else
        printf(" %6.2f", (double)g->ratio_ppm / 1e6);
    if (g->waited_min == TMG_NONE)
        printf(" %7s", "-");
    else
        printf(" %7lld", (long long)g->waited_min);
    printf(" %s\n", alerts[g->alert]);
}

tmg_rc cmd_fairness(int argc, char **argv, tmg_err *err)
{
    tmg_option o[] = {{"home", "FOLDER", "the centre", NULL},
                      {"from", "DATE", "first day; 89 days before the last", NULL},
                      {"to", "DATE", "last day; today", NULL}};
    TMG_AUTO_CENTRE c = NULL;
    TMG_AUTO_ARENA a = tmg_arena_new((size_t)ROWS_ROOM_MB << 20);
    span_of_days s;
    tmg_group *g;
    tmg_post *posts;
    size_t count, post_count;
    int n;

    TMG_TRY(tmg_args(argc, argv, o, 3, 0, 0, &n, err));
    TMG_TRY(tmg_open_here(o[0].given, &c, err));
    TMG_TRY(read_span(c, &o[1], &o[2], a, &s, err));
    TMG_TRY(tmg_post_list(tmg_centre_db(c), a, &posts, &post_count, err));
    TMG_TRY(tmg_fairness(tmg_centre_db(c), s.rows, s.count, s.to, tmg_centre_settings(c)->offset_min, a, &g,
                         &count, err));
    printf("%-14s %-20s %8s %24s %24s %6s %7s\n", "by", "group", "arrived", "selected", "hits", "ratio",
           "minutes");
    for (size_t i = 0; i < count; i++) {
        const char *name = g[i].name.ptr;
        int64_t id;

        for (size_t p = 0; p < post_count; p++)
            if (strcmp(g[i].by, "post") == 0 && tmg_span_i64(g[i].name, &id) && posts[p].id == id)
                name = tmg_span_z(a, posts[p].code);
        print_group(&g[i], name);
    }
    return TMG_OK;
}
