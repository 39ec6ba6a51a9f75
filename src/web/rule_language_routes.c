/* The words of the rule language, for an editor that completes and colours. */
#include "web/rules_priv.h"

enum { ARENA_MAX = 16 << 20 };

static const char *const keywords[] = {
    "rule",   "version", "title",   "owner", "basis",     "expires",     "scope",  "posts",   "when",
    "then",   "lane",    "weight",  "dB",    "offence",   "check",       "why",    "trader",  "test",
    "and",    "or",      "not",     "in",    "under",     "has",         "like",   "known",   "between",
    "list",   "by",      "where",   "true",  "repeats",   "hit",         "miss",   "unknown", "red",
    "yellow", "blue",    "green",   "fraud", "critical",  "import",      "export", "transit", "documents",
    "xray",   "dog",     "density", "scale", "unloading", "declaration", "yes",    "no"};

typedef struct function {
    const char *name, *form, *words;
} function;

static const function functions[] = {
    {"count", "count(declaration by consignee, 30d)",
     "how many earlier consignments had the same code in that field"},
    {"sum", "sum(net by consignee, 90d)", "the sum of a number over them"},
    {"avg", "avg(unit_value by consignee, 90d)", "its mean; unknown when there is none"},
    {"min", "min(unit_value by consignee, 90d)", "its least; unknown when there is none"},
    {"max", "max(unit_value by consignee, 90d)", "its largest; unknown when there is none"},
    {"distinct", "distinct(hs4 by carrier, 180d)", "how many different codes a field had in them"},
    {"days_since", "days_since(declaration by consignee, 365d)",
     "full days since the last one; unknown when there is none"},
    {"age", "age(consignee)", "full days since the first one ever; 0 when this is the first"},
    {"results", "results(by consignee, 365d)", "how many of them were controlled, as known by then"},
    {"found", "found(by consignee, 365d)", "how many of those controls found fraud or something critical"},
    {"ref.median", "ref.median(unit_value by hs6, origin)",
     "the median over a year of items like this; unknown under five"},
    {"ref.quantile", "ref.quantile(unit_value by hs6, origin, 90%)", "that quantile of the same"},
    {"ref.mad", "ref.mad(unit_value by hs6, origin)", "the median distance from the median of the same"},
    {"ref.count", "ref.count(unit_value by hs6, origin)", "how many items that is"},
    {"first", "first(consignee)", "the first consignment ever with this code in that field, in this centre"},
    {"p", "p(fraud)", "what the centre thinks of it: p(fraud) or p(critical), between 0 and 1"},
    {"name_like", "name_like(consignor.name, list(\"NAMES\"))",
     "how like the likest name of a list is: 1 is the same"},
    {"signal", "signal(\"track.seal_opened\", 24h)",
     "another sense of the centre has said this about the consignment"},
};

static const char template[] = "rule \"NAME-0001\" version 1 {\n"
                               "  title   \"what it is about\"\n"
                               "  owner   desk:targeting\n"
                               "  basis   \"Customs Code\"\n"
                               "  expires 2027-06-30\n"
                               "  scope   import, transit\n"
                               "  when    first(consignee)\n"
                               "      and hs under {0802, 0806}\n"
                               "  then    weight +3 dB  offence fraud  check documents\n"
                               "  why     \"first consignment of {consignee}\"\n"
                               "  trader  \"documents are to be shown\"\n"
                               "  test    { hs 080211 } => unknown\n"
                               "}\n";

static const char *type_name(tmg_rtype t)
{
    static const char *const names[] = {"bool", "code", "text", "set", "number", "instant", "duration"};

    return names[t];
}

static void write_fields(tmg_json_out *j)
{
    size_t count;
    const tmg_rule_field *f = tmg_rule_fields(&count);

    tmg_json_array(j, "fields");
    for (size_t i = 0; i < count; i++) {
        tmg_json_object(j, NULL);
        tmg_json_z(j, "name", f[i].name);
        tmg_json_z(j, "words", f[i].words);
        tmg_json_z(j, "unit", f[i].unit);
        tmg_json_z(j, "type", type_name(f[i].type));
        tmg_json_bool(j, "tree", f[i].is_tree);
        tmg_json_bool(j, "of_item", f[i].of_item);
        tmg_json_bool(j, "entity", f[i].entity);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
}

static void write_words(tmg_json_out *j)
{
    tmg_json_array(j, "keywords");
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        tmg_json_z(j, NULL, keywords[i]);
    tmg_json_end_array(j);
    write_fields(j);
    tmg_json_array(j, "functions");
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        tmg_json_object(j, NULL);
        tmg_json_z(j, "name", functions[i].name);
        tmg_json_z(j, "form", functions[i].form);
        tmg_json_z(j, "words", functions[i].words);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
}

static tmg_rc write_lists(tmg_json_out *j, tmg_db *db, tmg_arena *a, tmg_err *err)
{
    tmg_list_info *lists;
    tmg_post *posts;
    size_t count;

    TMG_TRY(tmg_list_all(db, a, &lists, &count, err));
    tmg_json_array(j, "lists");
    for (size_t i = 0; i < count; i++) {
        tmg_json_object(j, NULL);
        tmg_json_text(j, "name", lists[i].name);
        tmg_json_text(j, "title", lists[i].title);
        tmg_json_text(j, "kind", lists[i].kind);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
    TMG_TRY(tmg_post_list(db, a, &posts, &count, err));
    tmg_json_array(j, "posts");
    for (size_t i = 0; i < count; i++) {
        tmg_json_object(j, NULL);
        tmg_json_text(j, "code", posts[i].code);
        tmg_json_text(j, "name", posts[i].name);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
    return TMG_OK;
}

static tmg_rc read_language(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    tmg_rule_lexicon lex;
    tmg_json_out j;

    (void)ctx;
    TMG_TRY(tmg_rule_lexicon_read(c->site->centre, db, a, &lex, err));
    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    write_words(&j);
    TMG_TRY(write_lists(&j, db, a, err));
    tmg_json_array(&j, "signals");
    for (size_t i = 0; i < lex.signal_count; i++)
        tmg_json_text(&j, NULL, lex.signals[i]);
    tmg_json_end_array(&j);
    tmg_json_z(&j, "template", template);
    tmg_json_end_object(&j);
    return TMG_OK;
}

void tmg_do_rule_language(tmg_call *c)
{
    tmg_call_offload(c, read_language, NULL, NULL);
}
