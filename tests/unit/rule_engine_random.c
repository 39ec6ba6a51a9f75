/* The engine against the judge: random conditions of every operator on rows with much that is not stated. */
#include "rule/history.h"
#include "rule_engine_help.h"

enum { RULES = 600, ROWS = 400, SETS = 6, VALUES = 9 };

static const char *const values[VALUES] = {"08",   "0802", "080211", "0802119000", "08021",
                                           "2008", "IR",   "A",      "ir"};
static const char *const code_fields[] = {
    "hs", "hs6", "hs4", "origin", "consignee", "post", "consignee.name", "regime"};
static const char *const set_fields[] = {"route", "commodity", "document"};
static const char *const number_fields[] = {"net", "unit_value", "value", "packages", "hour"};
#define PICK(d, list) list[roll(d, sizeof list / sizeof list[0])]

/* ---- senses: what they say follows from the row and the question ---- */

static uint64_t mixed(const tmg_row *row, uint64_t question)
{
    uint64_t parts[2] = {(uint64_t)row->declaration_id, question};
    return tmg_hash64(7, parts, sizeof parts);
}

typedef struct asking {
    size_t windows;
} asking;

static bool a_window(void *ctx, const tmg_row *row, const tmg_window *w, int64_t *ret)
{
    uint64_t h = mixed(row, w->key);
    ((asking *)ctx)->windows++;
    *ret = (int64_t)(h % 6) * 1000000;
    return h % 7 != 0;
}

static bool a_reference(void *ctx, const tmg_row *row, const tmg_reference *r, int64_t *ret)
{
    uint64_t h = mixed(row, r->key + 100);
    (void)ctx;
    *ret = (int64_t)(h % 6) * 1000000;
    return h % 5 != 0;
}

static bool a_first(void *ctx, const tmg_row *row, tmg_code_field f, bool *ret)
{
    uint64_t h = mixed(row, 200 + (uint64_t)f);
    (void)ctx;
    *ret = h % 2 == 0;
    return h % 5 != 0;
}

static bool a_probability(void *ctx, const tmg_row *row, tmg_harm harm, int64_t *ret)
{
    uint64_t h = mixed(row, 300 + (uint64_t)harm);
    (void)ctx;
    *ret = (int64_t)(h % 6) * 1000000;
    return h % 5 != 0;
}

static bool a_repeat(void *ctx, const tmg_row *row, bool *ret)
{
    uint64_t h = mixed(row, 400);
    (void)ctx;
    *ret = h % 2 == 0;
    return h % 3 != 0;
}

static bool a_signal(void *ctx, const tmg_row *row, tmg_span kind, int64_t within_ms, bool *ret)
{
    (void)ctx;
    *ret = mixed(row, tmg_hash64((uint64_t)within_ms, kind.ptr, kind.len)) % 2 == 0;
    return true;
}

static bool in_a_list(void *ctx, const tmg_row *row, tmg_span list, tmg_span value, bool *ret)
{
    uint64_t h = tmg_hash64(tmg_hash64(9, list.ptr, list.len), value.ptr, value.len);
    (void)ctx;
    (void)row;
    *ret = h % 3 == 0;
    return !tmg_span_is(list, "GONE");
}

static bool a_name(void *ctx, const tmg_row *row, tmg_span list, tmg_span name, int64_t *ret,
                   tmg_span *ret_entry)
{
    (void)ctx;
    (void)row;
    *ret = (int64_t)(tmg_hash64(3, name.ptr, name.len) % 6) * 1000000;
    *ret_entry = name;
    return !tmg_span_is(list, "GONE");
}

static asking counted;
static const tmg_rule_senses senses = {.ctx = &counted,
                                       .window = a_window,
                                       .reference = a_reference,
                                       .first = a_first,
                                       .probability = a_probability,
                                       .repeats = a_repeat,
                                       .signal = a_signal,
                                       .listed = in_a_list,
                                       .name_like = a_name};

/* ---- random conditions ---- */

static const char *words(dice *d, tmg_arena *a, uint32_t most)
{
    tmg_buf b;
    tmg_buf_init(&b, 1024);
    for (uint32_t n = 1 + roll(d, most); n > 0; n--)
        tmg_buf_fmt(&b, "%s%s", b.len > 0 ? " " : "", PICK(d, values));
    const char *kept = tmg_strdup_n(a, b.ptr, b.len);
    tmg_buf_done(&b);
    return kept;
}

static const tmg_window *a_window_of(tmg_arena *a, uint64_t key)
{
    tmg_window *w = tmg_alloc(a, sizeof *w);
    *w = (tmg_window){.by = {field("consignee")}, .by_count = 1, .span_ms = TMG_DAY_MS, .key = key};
    return w;
}

static const tmg_reference *a_reference_of(tmg_arena *a, uint64_t key)
{
    tmg_reference *r = tmg_alloc(a, sizeof *r);
    *r = (tmg_reference){.of = field("unit_value"), .by = {field("hs6")}, .by_count = 1, .key = key};
    return r;
}

static const tmg_rnode *a_value(dice *d, tmg_arena *a, int depth)
{
    tmg_rnode *n;
    switch (roll(d, depth > 0 ? 12 : 4)) {
    case 0:
    case 1:
        return of_number(a, (int64_t)roll(d, 6) * 1000000);
    case 2:
    case 3:
        return of_field(a, PICK(d, number_fields));
    case 4:
        return two(a, TMG_R_ADD, a_value(d, a, depth - 1), a_value(d, a, depth - 1));
    case 5:
        return two(a, roll(d, 2) ? TMG_R_SUB : TMG_R_DIV, a_value(d, a, depth - 1), a_value(d, a, depth - 1));
    case 6:
        return two(a, TMG_R_MUL, a_value(d, a, depth - 1), a_value(d, a, depth - 1));
    case 7:
        return two(a, TMG_R_NEG, a_value(d, a, depth - 1), NULL);
    case 8:
        n = node(a, TMG_R_WINDOW);
        n->window = a_window_of(a, 11 + roll(d, 3));
        return n;
    case 9:
        n = node(a, TMG_R_REFERENCE);
        n->reference = a_reference_of(a, 21 + roll(d, 2));
        return n;
    case 10:
        n = node(a, TMG_R_P);
        n->number = (int64_t)roll(d, 2);
        return n;
    default:
        n = (tmg_rnode *)(uintptr_t)texts(a, TMG_R_NAME_LIKE, "consignee.name", roll(d, 4) ? "L1" : "GONE");
        return n;
    }
}

static const tmg_rnode *a_sensed(dice *d, tmg_arena *a)
{
    tmg_rnode *n;
    switch (roll(d, 4)) {
    case 0:
        n = (tmg_rnode *)(uintptr_t)texts(a, TMG_R_SIGNAL, "hs", roll(d, 2) ? "seal" : "weight");
        n->a = NULL;
        n->number = (int64_t)roll(d, 3);
        return n;
    case 1:
        return node(a, TMG_R_REPEATS);
    case 2:
        n = node(a, TMG_R_FIRST);
        n->field = field(PICK(d, code_fields));
        return n;
    default:
        return texts(a, TMG_R_IN_LIST, roll(d, 2) ? PICK(d, code_fields) : PICK(d, set_fields),
                     roll(d, 4) ? "L1" : "GONE");
    }
}

static const tmg_rnode *a_leaf(dice *d, tmg_arena *a)
{
    static const char *const globs[] = {"08*", "*1?", "?R", "*", "i*r", "0802*9*"};
    static const tmg_rop comparisons[] = {TMG_R_EQ, TMG_R_NE, TMG_R_LT, TMG_R_LE, TMG_R_GT, TMG_R_GE};
    switch (roll(d, 14)) {
    case 0:
    case 1:
        return texts(a, roll(d, 3) ? TMG_R_EQ : TMG_R_NE, PICK(d, code_fields), words(d, a, 1));
    case 2:
        return texts(a, TMG_R_IN, PICK(d, code_fields), words(d, a, 5));
    case 3:
    case 4:
        return texts(a, TMG_R_UNDER, PICK(d, code_fields), words(d, a, 3));
    case 5:
        return texts(a, roll(d, 2) ? TMG_R_HAS : TMG_R_HAS_UNDER, PICK(d, set_fields), words(d, a, 3));
    case 6:
        return texts(a, TMG_R_LIKE, PICK(d, code_fields), PICK(d, globs));
    case 7:
    case 8:
        return two(a, PICK(d, comparisons), of_field(a, PICK(d, number_fields)),
                   of_number(a, (int64_t)roll(d, 6) * 1000000));
    case 9:
        return two(a, PICK(d, comparisons), of_number(a, (int64_t)roll(d, 6) * 1000000),
                   of_field(a, PICK(d, number_fields)));
    case 10:
        return two(a, PICK(d, comparisons), a_value(d, a, 2), a_value(d, a, 2));
    case 11:
        return two(a, TMG_R_KNOWN,
                   roll(d, 2) ? a_value(d, a, 1)
                              : of_field(a, roll(d, 2) ? PICK(d, code_fields) : PICK(d, set_fields)),
                   NULL);
    case 12:
        return two(a, roll(d, 2) ? TMG_R_EQ : TMG_R_NE, of_field(a, "origin"), of_field(a, "consignee"));
    default:
        return a_sensed(d, a);
    }
}

static const tmg_rnode *a_condition(dice *d, tmg_arena *a, int depth)
{
    uint32_t what = roll(d, depth > 0 ? 8 : 1);
    if (depth > 0 && roll(d, 200) == 0)
        return node(a, TMG_R_TRUE);
    if (what <= 1)
        return a_leaf(d, a);
    if (what == 2)
        return two(a, TMG_R_NOT, a_condition(d, a, depth - 1), NULL);
    return two(a, what <= 5 ? TMG_R_AND : TMG_R_OR, a_condition(d, a, depth - 1),
               a_condition(d, a, depth - 1));
}

static const tmg_rule *a_rule(dice *d, tmg_arena *a)
{
    tmg_rule *r = rule_of(a, "R", a_condition(d, a, 1 + (int)roll(d, 6)));
    if (roll(d, 10) == 0)
        r->scope = roll(d, 8) << 1;
    if (roll(d, 10) == 0) {
        r->post_count = 1;
        r->posts[0] = tmg_span_of(PICK(d, values));
    }
    return r;
}

/* ---- random rows ---- */

static uint32_t a_code(dice *d, tmg_dict *dict)
{
    uint32_t what = roll(d, 40);
    char text[16];
    if (what < 8)
        return TMG_CODE_NONE;
    if (what == 8)
        return TMG_CODE_UNKNOWN;
    if (what > 12)
        return tmg_dict_code(dict, tmg_span_of(PICK(d, values)));
    (void)snprintf(text, sizeof text, "0802%u", (unsigned)roll(d, 1000)); /* a text that no rule names */
    return tmg_dict_code(dict, tmg_span_of(text));
}

static void a_row(dice *d, tmg_dict *dict, tmg_arena *a, int64_t id, tmg_row *row)
{
    static const char *const regimes[] = {"import", "export", "transit"};
    *row = (tmg_row){.declaration_id = id, .item_no = (int32_t)id};
    for (size_t i = 0; i < TMG_CODE_FIELDS; i++)
        row->code[i] = a_code(d, dict);
    if (roll(d, 3) > 0)
        row->code[TMG_CF_REGIME] = tmg_dict_code(dict, tmg_span_of(PICK(d, regimes)));
    for (size_t i = 0; i < TMG_NUMBER_FIELDS; i++)
        row->number[i] = roll(d, 4) == 0 ? TMG_NONE : (int64_t)roll(d, 6) * 1000000;
    for (size_t i = 0; i < TMG_SET_FIELDS; i++) {
        uint32_t *codes = tmg_alloc_array(a, 4, sizeof *codes);
        for (uint32_t n = roll(d, 4); n > 0; n--) {
            uint32_t code = a_code(d, dict);
            if (code != TMG_CODE_NONE && (row->set_count[i] == 0 || codes[row->set_count[i] - 1] < code))
                codes[row->set_count[i]++] = code;
        }
        row->set[i] = codes;
    }
}

/* ---- the comparison ---- */

static void compare(tmg_matcher *m, const tmg_rule *const *rules, const tmg_row *row, const tmg_dict *dict,
                    const tmg_rule_senses *with, int64_t *unknown, size_t seen[3])
{
    const tmg_hit *hits;
    size_t count = tmg_ruleset_match(m, row, with, &hits), at = 0;
    for (uint32_t i = 0; i < RULES; i++) {
        int should = tmg_rule_judge(rules[i], row, dict, with);
        bool hit = at < count && hits[at].rule == i;
        const char *fact;
        at += hit;
        unknown[i] += should == -1;
        if (hit != (should == 1) || tmg_matcher_unknown(m, i, &fact) != unknown[i])
            fail_msg("rule %u on row %lld: the judge says %d", i, (long long)row->declaration_id, should);
        if (should == -1)
            assert_non_null(fact);
        seen[should + 1]++;
    }
    assert_int_equal(at, count);
}

/* The same rows in columns, rule by rule. */
static void compare_history(const tmg_history *h, const tmg_rule *r, const tmg_dict *dict)
{
    uint64_t hits[(ROWS + 63) / 64];
    size_t unknown, unknown_should = 0, hits_should = 0,
                    found = tmg_history_hits(h, r, &senses, hits, &unknown);
    for (size_t i = 0; i < ROWS; i++) {
        tmg_row row;
        tmg_history_row(h, i, &row);
        int should = tmg_rule_judge(r, &row, dict, &senses);
        unknown_should += should == -1;
        hits_should += should == 1;
        assert_int_equal(hits[i / 64] >> (i % 64) & 1, should == 1);
    }
    assert_int_equal(unknown, unknown_should);
    assert_int_equal(found, hits_should);
}

static void history_agrees_with_the_judge(void **state)
{
    TMG_AUTO_ARENA a = tmg_arena_new(256 << 20);
    dice d = {4711};
    tmg_dict *dict = tmg_dict_new();
    tmg_history *h = tmg_history_new(dict);
    (void)state;
    for (int64_t i = 0; i < ROWS; i++) {
        tmg_row row;
        a_row(&d, dict, a, i, &row);
        tmg_history_add(h, &row);
    }
    assert_int_equal(tmg_history_count(h), ROWS);
    for (size_t i = 0; i < RULES; i++)
        compare_history(h, a_rule(&d, a), dict);
    tmg_history_free(h);
    tmg_dict_free(dict);
}

static void agrees_with_the_judge(void **state)
{
    size_t seen[3] = {0};
    (void)state;
    for (uint64_t seed = 1; seed <= SETS; seed++) {
        TMG_AUTO_ARENA a = tmg_arena_new(256 << 20);
        dice d = {seed * 7919};
        tmg_dict *dict = tmg_dict_new();
        const tmg_rule *rules[RULES];
        int64_t unknown[RULES] = {0};
        tmg_ruleset *set = NULL;
        tmg_err err;
        for (size_t i = 0; i < RULES; i++)
            rules[i] = a_rule(&d, a);
        assert_int_equal(tmg_ruleset_build(rules, RULES, dict, &set, &err), TMG_OK);
        tmg_matcher *m = tmg_matcher_new(set);
        tmg_ruleset_let(set);
        for (int64_t i = 0; i < ROWS; i++) {
            tmg_row row;
            a_row(&d, dict, a, i, &row);
            compare(m, rules, &row, dict, roll(&d, 10) == 0 ? NULL : &senses, unknown, seen);
        }
        tmg_matcher_free(m);
        tmg_dict_free(dict);
    }
    /* The comparison says something only when all three answers came often. */
    for (size_t i = 0; i < 3; i++)
        assert_true(seen[i] > (size_t)SETS * RULES * ROWS / 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_the_judge),
        cmocka_unit_test(history_agrees_with_the_judge),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
