/* Rules for people: lists, one rule's life, the leaderboard, a back-test. */
#include "base/json.h"
#include "base/qty.h"
#include "cli/rules_cli.h"

enum { ARENA_MAX = 256 << 20, MOST = 10000, DAYS_BACK = 365 };

static void print_day(int32_t day)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 32);
    if (day != INT32_MIN)
        tmg_day_write(&b, day);
    printf("%-10s", b.ptr);
}

static void print_time(int64_t at_ms, int offset_min)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 64);
    tmg_instant_write(&b, (tmg_instant){at_ms / 1000 * 1000, (int16_t)offset_min});
    printf("%s", b.ptr);
}

static tmg_span title_of(tmg_span text, tmg_arena *a)
{
    const tmg_rule_lexicon nothing = {.today = INT32_MIN};
    tmg_reading r;

    tmg_rules_read(text, &nothing, a, &r);
    return r.rule_count > 0 ? r.rules[0].title : (tmg_span){0};
}

tmg_rc tmg_print_rules(tmg_centre *c, const char *state, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    tmg_rule_query q = {.state = tmg_rule_state_of(tmg_span_of(state)), .most = MOST};
    tmg_rule_version *list;
    size_t count;

    if (state != NULL && q.state == 0)
        return TMG_FAIL(err, TMG_E_INVALID,
                        "--state: expected draft, shadow, proposed, live, expired, retired or withdrawn");
    TMG_TRY(tmg_rule_version_list(tmg_centre_db(c), &q, a, &list, &count, err));
    for (size_t i = 0; i < count; i++) {
        printf("%-24.*s %3d %-9s ", TMG_SPAN_ARG(list[i].name), list[i].version,
               tmg_rule_state_name(list[i].state));
        print_day(list[i].expires_day);
        printf(" %.*s\n", TMG_SPAN_ARG(title_of(list[i].text, a)));
    }
    if (count == 0)
        puts("no rules: `tamga rule add FILE` saves one as a draft");
    return TMG_OK;
}

static tmg_rc print_steps(tmg_centre *c, int64_t version_id, tmg_arena *a, tmg_err *err)
{
    tmg_rule_step *steps;
    size_t count;

    TMG_TRY(tmg_rule_steps(tmg_centre_db(c), version_id, a, &steps, &count, err));
    for (size_t i = 0; i < count; i++) {
        printf("  ");
        print_time(steps[i].at_ms, tmg_centre_settings(c)->offset_min);
        printf("  %-9s by %.*s%s%.*s\n", tmg_rule_state_name(steps[i].to), TMG_SPAN_ARG(steps[i].account),
               steps[i].note.len > 0 ? ": " : "", TMG_SPAN_ARG(steps[i].note));
    }
    return TMG_OK;
}

tmg_rc tmg_print_rule(tmg_centre *c, const char *name, int32_t version, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    tmg_back_test_row t;
    tmg_rule_version v;
    bool there;

    TMG_TRY(tmg_rule_version_find(tmg_centre_db(c), tmg_span_of(name), version, a, &v, err));
    printf("%.*s version %d: %s\n%.*s\n", TMG_SPAN_ARG(v.name), v.version, tmg_rule_state_name(v.state),
           TMG_SPAN_ARG(tmg_span_trim(v.text)));
    TMG_TRY(print_steps(c, v.id, a, err));
    TMG_TRY(tmg_back_test_newest(tmg_centre_db(c), v.hash, a, &t, &there, err));
    if (there)
        return tmg_print_back_test(t.report, err);
    puts("  no back-test of this text: `tamga rule test` runs one");
    return TMG_OK;
}

static void print_percent(const tmg_json *share)
{
    tmg_span digits;
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 12);
    int64_t ppm = 0;

    digits = tmg_json_as_decimal(share, a);
    if (share == NULL || tmg_json_kind_of(share) == TMG_JSON_NULL ||
        tmg_decimal_parse(digits, 6, TMG_ROUND_HALF_EVEN, &ppm, NULL) != TMG_OK)
        printf("-");
    else
        printf("%lld.%lld %%", (long long)(ppm / 10000), (long long)(ppm / 1000 % 10));
}

static void print_share(const char *words, const tmg_json *s)
{
    printf("  %-22s %lld of %lld: ", words, (long long)tmg_json_as_i64(tmg_json_member(s, "count"), 0),
           (long long)tmg_json_as_i64(tmg_json_member(s, "of"), 0));
    print_percent(tmg_json_member(s, "share"));
    printf(" (");
    print_percent(tmg_json_member(s, "low"));
    printf(" to ");
    print_percent(tmg_json_member(s, "high"));
    puts(")");
}

static void print_texts(const tmg_json *list)
{
    for (size_t i = 0; i < tmg_json_count(list); i++)
        printf("  note: %.*s\n", TMG_SPAN_ARG(tmg_json_as_text(tmg_json_at(list, i))));
}

tmg_rc tmg_print_back_test(tmg_span report, tmg_err *err)
{
    TMG_AUTO_JSON root = NULL;
    const tmg_json *precision, *samples, *work;

    TMG_TRY(tmg_json_read(report, &root, err));
    precision = tmg_json_member(root, "precision");
    samples = tmg_json_member(root, "samples");
    work = tmg_json_member(root, "workload");
    printf("back-test of %.*s, %.*s to %.*s\n", TMG_SPAN_ARG(tmg_json_as_text(tmg_json_member(root, "name"))),
           TMG_SPAN_ARG(tmg_json_as_text(tmg_json_member(root, "from"))),
           TMG_SPAN_ARG(tmg_json_as_text(tmg_json_member(root, "to"))));
    printf("  hits                   %lld of %lld consignments, %lld on the busiest day\n",
           (long long)tmg_json_as_i64(tmg_json_member(root, "hits"), 0),
           (long long)tmg_json_as_i64(tmg_json_member(root, "declarations"), 0),
           (long long)tmg_json_as_i64(tmg_json_member(work, "most"), 0));
    print_share("found anything", tmg_json_member(precision, "any"));
    print_share("found fraud", tmg_json_member(precision, "fraud"));
    print_share("found critical", tmg_json_member(precision, "critical"));
    print_share("all inspected", tmg_json_member(root, "inspected_all"));
    print_share("drawn at random", tmg_json_member(root, "random"));
    for (size_t i = 0; i < tmg_json_count(samples) && i < 5; i++) {
        const tmg_json *s = tmg_json_at(samples, i);

        printf("  %-22.*s %.*s\n", TMG_SPAN_ARG(tmg_json_as_text(tmg_json_member(s, "ref"))),
               TMG_SPAN_ARG(tmg_json_as_text(tmg_json_member(s, "words"))));
    }
    print_texts(tmg_json_member(root, "words"));
    printf("  took                   %lld ms, and %lld ms to read the history\n",
           (long long)tmg_json_as_i64(tmg_json_member(root, "took_us"), 0) / 1000,
           (long long)tmg_json_as_i64(tmg_json_member(root, "history_us"), 0) / 1000);
    return TMG_OK;
}

tmg_rc tmg_print_board(tmg_centre *c, const char *from, const char *to, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    int32_t last = tmg_centre_today(c), first;
    tmg_board b;

    if (to != NULL && tmg_day_parse(tmg_span_of(to), &last, err) != TMG_OK)
        return tmg_err_within(err, "--to");
    first = last - DAYS_BACK;
    if (from != NULL && tmg_day_parse(tmg_span_of(from), &first, err) != TMG_OK)
        return tmg_err_within(err, "--from");
    TMG_TRY(tmg_board_read(c, tmg_centre_db(c), first, last, a, &b, err));
    printf("%-24s %-9s %7s %9s %6s  %s\n", "", "state", "hits", "inspected", "found", "");
    for (size_t i = 0; i < b.count; i++) {
        const tmg_board_entry *e = &b.entries[i];

        printf("%-24.*s %-9s %7lld %9lld %6lld  %.*s\n", TMG_SPAN_ARG(e->name),
               e->by != 0 ? "choice" : tmg_rule_state_name(e->state), (long long)e->hits,
               (long long)e->inspected, (long long)e->found, TMG_SPAN_ARG(e->words));
    }
    return TMG_OK;
}
