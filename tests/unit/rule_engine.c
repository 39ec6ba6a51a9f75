/* The engine by examples: what hits, what is unknown and why, evidence and words. */
#include "rule_engine_help.h"

#define MICRO INT64_C(1000000)

typedef struct bench {
    tmg_arena *a;
    tmg_dict *dict;
    const tmg_rule *rules[200];
    size_t count;
    tmg_matcher *m;
    tmg_row row;
} bench;

static bench *bench_new(void)
{
    bench *b = tmg_xcalloc(1, sizeof *b);
    b->a = tmg_arena_new(64 << 20);
    b->dict = tmg_dict_new();
    for (size_t i = 0; i < TMG_NUMBER_FIELDS; i++)
        b->row.number[i] = TMG_NONE;
    return b;
}

static void bench_free(bench *b)
{
    tmg_matcher_free(b->m);
    tmg_dict_free(b->dict);
    tmg_arena_free(b->a);
    free(b);
}

static tmg_rule *add(bench *b, const tmg_rnode *when)
{
    tmg_rule *r = rule_of(b->a, "EXAMPLE", when);
    b->rules[b->count++] = r;
    return r;
}

static void build(bench *b)
{
    tmg_ruleset *set;
    tmg_err err;
    if (tmg_ruleset_build(b->rules, b->count, b->dict, &set, &err) != TMG_OK)
        fail_msg("%s", err.text);
    b->m = tmg_matcher_new(set);
    tmg_ruleset_let(set); /* the matcher holds it */
}

static void state_code(bench *b, const char *name, const char *text)
{
    b->row.code[field(name)->at] = tmg_dict_code(b->dict, tmg_span_of(text));
}

static void state_number(bench *b, const char *name, int64_t micro)
{
    b->row.number[field(name)->at] = micro;
}

static size_t match(bench *b, const tmg_rule_senses *senses, const tmg_hit **ret)
{
    return tmg_ruleset_match(b->m, &b->row, senses, ret);
}

static bool hits(bench *b, uint32_t rule)
{
    const tmg_hit *list;
    size_t count = match(b, NULL, &list);
    for (size_t i = 0; i < count; i++)
        if (list[i].rule == rule)
            return true;
    return false;
}

static void an_empty_set_hits_nothing(void **state)
{
    bench *b = bench_new();
    const tmg_hit *list;
    (void)state;
    build(b);
    assert_int_equal(match(b, NULL, &list), 0);
    bench_free(b);
}

static void prefixes_reach_codes_made_after_building(void **state)
{
    bench *b = bench_new();
    (void)state;
    add(b, texts(b->a, TMG_R_UNDER, "hs", "0802 2008"));
    add(b, two(b->a, TMG_R_NOT, texts(b->a, TMG_R_UNDER, "hs", "0802"), NULL));
    add(b, texts(b->a, TMG_R_LIKE, "hs", "0802*9"));
    build(b);
    state_code(b, "hs", "0802119999");
    assert_true(hits(b, 0));
    assert_false(hits(b, 1));
    assert_true(hits(b, 2));
    state_code(b, "hs", "0803");
    assert_false(hits(b, 0));
    assert_true(hits(b, 1));
    state_code(b, "hs", "0802"); /* a prefix may be as long as the code */
    assert_true(hits(b, 0));
    bench_free(b);
}

static void codes_compare_exactly_and_patterns_without_case(void **state)
{
    bench *b = bench_new();
    (void)state;
    add(b, texts(b->a, TMG_R_EQ, "origin", "IR"));
    add(b, texts(b->a, TMG_R_LIKE, "consignee.name", "*TRADE?"));
    build(b);
    state_code(b, "origin", "ir");
    assert_false(hits(b, 0));
    state_code(b, "consignee.name", "Green Trade\xC9\x99");
    assert_true(hits(b, 1)); /* ? is one letter, whatever its bytes */
    bench_free(b);
}

static void unknown_never_hits_and_names_what_is_missing(void **state)
{
    bench *b = bench_new();
    const char *fact;
    (void)state;
    add(b, two(b->a, TMG_R_AND, texts(b->a, TMG_R_EQ, "origin", "IR"),
               two(b->a, TMG_R_GT, of_field(b->a, "net"), of_number(b->a, MICRO))));
    add(b, two(b->a, TMG_R_NOT, two(b->a, TMG_R_GT, of_field(b->a, "net"), of_number(b->a, MICRO)), NULL));
    add(b, two(b->a, TMG_R_KNOWN, of_field(b->a, "net"), NULL));
    build(b);
    state_code(b, "origin", "IR");
    assert_false(hits(b, 0));
    assert_int_equal(tmg_matcher_unknown(b->m, 0, &fact), 1);
    assert_string_equal(fact, "net");
    assert_int_equal(tmg_matcher_unknown(b->m, 1, &fact), 1);
    assert_int_equal(tmg_matcher_unknown(b->m, 2, &fact), 0);
    state_code(b, "origin", "TR"); /* false, whatever the mass may be */
    assert_false(hits(b, 0));
    assert_int_equal(tmg_matcher_unknown(b->m, 0, &fact), 1);
    state_number(b, "net", 2 * MICRO);
    state_code(b, "origin", "IR");
    assert_true(hits(b, 0));
    assert_true(hits(b, 2));
    assert_int_equal(tmg_matcher_unknown(b->m, 0, &fact), 1);
    bench_free(b);
}

static void an_overflow_and_a_division_by_zero_are_unknown(void **state)
{
    bench *b = bench_new();
    const char *fact;
    (void)state;
    add(b, two(b->a, TMG_R_GT, two(b->a, TMG_R_DIV, of_field(b->a, "net"), of_field(b->a, "packages")),
               of_number(b->a, 0)));
    add(b, two(b->a, TMG_R_GT, two(b->a, TMG_R_MUL, of_field(b->a, "net"), of_field(b->a, "net")),
               of_number(b->a, 0)));
    build(b);
    state_number(b, "net", INT64_MAX);
    state_number(b, "packages", 0);
    assert_false(hits(b, 0));
    assert_int_equal(tmg_matcher_unknown(b->m, 0, &fact), 1);
    assert_int_equal(tmg_matcher_unknown(b->m, 1, &fact), 1);
    state_number(b, "net", 3 * MICRO);
    state_number(b, "packages", MICRO);
    assert_true(hits(b, 0));
    assert_true(hits(b, 1));
    bench_free(b);
}

static void a_rule_hits_at_its_posts_and_in_its_regimes_only(void **state)
{
    bench *b = bench_new();
    (void)state;
    tmg_rule *r = add(b, texts(b->a, TMG_R_EQ, "origin", "IR"));
    r->scope = 1U << TMG_TRANSIT;
    r->posts[0] = TMG_SPAN("ASTARA");
    r->post_count = 1;
    build(b);
    state_code(b, "origin", "IR");
    state_code(b, "regime", "transit");
    state_code(b, "post", "ASTARA");
    assert_true(hits(b, 0));
    state_code(b, "post", "SADARAK");
    assert_false(hits(b, 0));
    state_code(b, "post", "ASTARA");
    state_code(b, "regime", "import");
    assert_false(hits(b, 0));
    bench_free(b);
}

/* 2^12 terms: far beyond what is spread out. */
static void a_condition_too_wide_to_spread_out_still_hits(void **state)
{
    static const char *const fields[] = {"post",         "consignor",   "consignee",  "declarant",
                                         "carrier",      "departure",   "mode",       "vehicle",
                                         "process_type", "import_type", "import_use", "unit"};
    bench *b = bench_new();
    const tmg_rnode *all = NULL;
    (void)state;
    for (size_t i = 0; i < 12; i++) {
        const tmg_rnode *one = two(b->a, TMG_R_OR, texts(b->a, TMG_R_EQ, fields[i], "A"),
                                   texts(b->a, TMG_R_EQ, fields[(i + 1) % 12], "B"));
        all = all == NULL ? one : two(b->a, TMG_R_AND, all, one);
    }
    add(b, all);
    build(b);
    for (size_t i = 0; i < 12; i++)
        state_code(b, fields[i], "A");
    assert_true(hits(b, 0));
    for (size_t i = 0; i < 12; i++)
        state_code(b, fields[i], "B");
    assert_true(hits(b, 0));
    state_code(b, "vehicle", "C");
    assert_false(hits(b, 0));
    bench_free(b);
}

static bool a_count(void *ctx, const tmg_row *row, const tmg_window *w, int64_t *ret)
{
    (void)row;
    (*(int *)ctx)++;
    *ret = w->key == 1 ? 0 : 7 * MICRO;
    return true;
}

static const tmg_rnode *window(bench *b, uint64_t key)
{
    tmg_window *w = tmg_alloc(b->a, sizeof *w);
    tmg_rnode *n = node(b->a, TMG_R_WINDOW);
    *w = (tmg_window){.by = {field("consignee")}, .by_count = 1, .span_ms = 30 * TMG_DAY_MS, .key = key};
    n->window = w;
    n->type = TMG_RT_NUMBER;
    return n;
}

static void a_window_is_asked_once_and_only_when_all_else_holds(void **state)
{
    bench *b = bench_new();
    const tmg_hit *list;
    int asked = 0;
    tmg_rule_senses senses = {.ctx = &asked, .window = a_count};
    (void)state;
    for (int i = 0; i < 100; i++)
        add(b, two(b->a, TMG_R_AND, two(b->a, TMG_R_LE, window(b, 1), of_number(b->a, i * MICRO)),
                   texts(b->a, TMG_R_EQ, "origin", "IR")));
    build(b);
    state_code(b, "origin", "TR");
    assert_int_equal(match(b, &senses, &list), 0);
    assert_int_equal(asked, 0);
    state_code(b, "origin", "IR");
    assert_int_equal(match(b, &senses, &list), 100);
    assert_int_equal(asked, 1);
    for (size_t i = 0; i < 100; i++)
        assert_int_equal(list[i].rule, i);
    bench_free(b);
}

static void assert_because(const tmg_because *b, const char *fact, const char *op, const char *value,
                           const char *limit)
{
    assert_string_equal(b->fact, fact);
    assert_string_equal(b->op, op);
    if (!tmg_span_is(b->value, value) || !tmg_span_is(b->limit, limit))
        fail_msg("%s: %.*s against %.*s", fact, TMG_SPAN_ARG(b->value), TMG_SPAN_ARG(b->limit));
}

static void a_hit_says_why(void **state)
{
    bench *b = bench_new();
    tmg_because *why;
    size_t count;
    int asked = 0;
    tmg_rule_senses senses = {.ctx = &asked, .window = a_count};
    const tmg_hit *list;
    tmg_buf words;
    (void)state;
    const tmg_rnode *when = two(
        b->a, TMG_R_AND,
        two(b->a, TMG_R_OR, texts(b->a, TMG_R_EQ, "origin", "TR"), texts(b->a, TMG_R_IN, "origin", "IR AF")),
        two(b->a, TMG_R_AND, two(b->a, TMG_R_NOT, texts(b->a, TMG_R_UNDER, "hs", "2008"), NULL),
            two(b->a, TMG_R_AND,
                two(b->a, TMG_R_LT, of_field(b->a, "unit_value"), of_number(b->a, 3 * MICRO)),
                two(b->a, TMG_R_LE, window(b, 1), of_number(b->a, MICRO)))));
    add(b, when)->why =
        TMG_SPAN("{origin}: unit value {unit_value}, {net} net, carrier {carrier}; {nothing}");
    build(b);
    state_code(b, "origin", "IR");
    state_code(b, "hs", "0802119000");
    state_code(b, "currency", "AZN");
    state_number(b, "unit_value", 1234567);
    state_number(b, "net", 20500 * MICRO);
    assert_int_equal(match(b, &senses, &list), 1);
    tmg_ruleset_because(b->m, 0, &b->row, &senses, b->a, &why, &count);
    assert_int_equal(count, 4);
    assert_because(&why[0], "origin", "in", "IR", "IR, AF");
    assert_because(&why[1], "hs", "not under", "0802119000", "2008");
    assert_because(&why[2], "unit_value", "<", "1.23 AZN", "3.00 AZN");
    assert_because(&why[3], "count(declaration by consignee, 30d)", "<=", "0", "1");
    tmg_buf_init(&words, 4096);
    tmg_ruleset_why(b->m, 0, &b->row, &senses, &words);
    assert_string_equal(words.ptr, "IR: unit value 1.23 AZN, 20,500 kg net, carrier not stated; {nothing}");
    tmg_buf_clear(&words);
    tmg_ruleset_why_in(b->m, 0, TMG_RU, &b->row, &senses, &words);
    assert_int_equal(words.len, 0);
    tmg_buf_done(&words);
    bench_free(b);
}

static void a_hit_says_why_in_a_language(void **state)
{
    bench *b = bench_new();
    tmg_rule_senses senses = {0};
    const tmg_hit *list;
    TMG_AUTO_BUF words = {0};
    (void)state;
    tmg_rule *r = add(b, texts(b->a, TMG_R_EQ, "origin", "IR"));

    r->why = TMG_SPAN("of {consignee}");
    r->in[TMG_SAYS_WHY][TMG_AZ] = TMG_SPAN("{consignee}: {net}, {unit_value}, {carrier}");
    build(b);
    state_code(b, "origin", "IR");
    state_code(b, "consignee", "1700123456");
    state_code(b, "consignee.name", "Xəzər MMC");
    state_code(b, "currency", "AZN");
    state_number(b, "net", 20500 * MICRO);
    state_number(b, "unit_value", 1234567);
    assert_int_equal(match(b, &senses, &list), 1);
    tmg_buf_init(&words, 4096);
    tmg_ruleset_why_in(b->m, 0, TMG_AZ, &b->row, &senses, &words);
    assert_string_equal(words.ptr, "Xəzər MMC: 20\u00a0500 kg, 1,23 AZN, göstərilməyib");
    bench_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_set_hits_nothing),
        cmocka_unit_test(prefixes_reach_codes_made_after_building),
        cmocka_unit_test(codes_compare_exactly_and_patterns_without_case),
        cmocka_unit_test(unknown_never_hits_and_names_what_is_missing),
        cmocka_unit_test(an_overflow_and_a_division_by_zero_are_unknown),
        cmocka_unit_test(a_rule_hits_at_its_posts_and_in_its_regimes_only),
        cmocka_unit_test(a_condition_too_wide_to_spread_out_still_hits),
        cmocka_unit_test(a_window_is_asked_once_and_only_when_all_else_holds),
        cmocka_unit_test(a_hit_says_why),
        cmocka_unit_test(a_hit_says_why_in_a_language),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
