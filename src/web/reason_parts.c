/* Reasons as data: what a screen in any language makes its sentences of. */
#include "web/site_priv.h"

enum { PPB_SCALE = 9 };

static void write_facts(tmg_json_out *j, const tmg_mind *m, const tmg_declaration *d, int32_t item_no,
                        uint8_t depth)
{
    tmg_fact facts[TMG_MOST_FACTS];
    size_t count = tmg_level_facts(m, d, item_no, depth, facts);

    tmg_json_array(j, "facts");
    for (size_t i = 0; i < count; i++) {
        const tmg_fact *f = &facts[i];

        tmg_json_object(j, NULL);
        tmg_json_z(j, "feature", f->feature);
        if (f->stated && f->is_number) {
            tmg_json_decimal(j, "from", f->from, f->scale);
            tmg_json_decimal(j, "to", f->to, f->scale);
        } else if (f->stated) {
            tmg_json_text(j, "text", f->text);
        }
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
}

void tmg_write_levels(tmg_json_out *j, const char *key, const tmg_level *levels, size_t count, size_t telling,
                      const tmg_mind *m, int32_t item_no, const tmg_declaration *d)
{
    TMG_AUTO_BUF words = {0};

    tmg_buf_init(&words, 1 << 12);
    tmg_json_array(j, key);
    for (size_t i = 0; i < count; i++) {
        tmg_buf_clear(&words);
        tmg_level_words(m, d, item_no, levels[i].depth, &words);
        tmg_json_object(j, NULL);
        tmg_json_text(j, "group", tmg_buf_as_span(&words));
        write_facts(j, m, d, item_no, levels[i].depth);
        tmg_json_i64(j, "inspected", levels[i].n);
        tmg_json_i64(j, "bad", levels[i].bad);
        tmg_json_decimal(j, "probability", levels[i].ppb, PPB_SCALE);
        tmg_json_bool(j, "telling", i == telling);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
}

void tmg_write_reasons(tmg_json_out *j, const tmg_mind *m, const tmg_assessment *a, tmg_harm h,
                       const tmg_declaration *d)
{
    static const char *const codes[] = {[TMG_NOTHING_YET] = "nothing_yet",
                                        [TMG_NOTHING_ALIKE] = "nothing_alike",
                                        [TMG_FEW_ALIKE] = "few_alike",
                                        [TMG_ALIKE] = "alike",
                                        [TMG_GROUP] = "group"};
    tmg_clause clauses[TMG_MOST_CLAUSES];
    size_t count = tmg_assessment_clauses(a, h, clauses);

    tmg_json_array(j, "reasons");
    for (size_t i = 0; i < count; i++) {
        const tmg_level *l = clauses[i].level;

        tmg_json_object(j, NULL);
        tmg_json_z(j, "code", codes[clauses[i].kind]);
        if (l != NULL) {
            tmg_json_i64(j, "inspected", l->n);
            tmg_json_i64(j, "bad", l->bad);
            tmg_json_i64(j, "level", l->depth);
            write_facts(j, m, d, a->harm[h].item_no, l->depth);
        }
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
}

static void write_words(tmg_json_out *j, const char *language, tmg_span words)
{
    if (words.len > 0)
        tmg_json_text(j, language, words);
}

void tmg_write_instruction(tmg_json_out *j, const tmg_centre *c, const tmg_selection *s)
{
    tmg_instruction in;

    if (s->by != TMG_BY_MANDATORY || !tmg_mandatory_explain(tmg_centre_mandatory(c), s->why, &in))
        return;
    tmg_json_object(j, "instruction");
    tmg_json_text(j, "name", in.name);
    tmg_json_text(j, "basis", in.basis);
    tmg_json_bool(j, "beyond_capacity", in.beyond_capacity);
    tmg_json_object(j, "words");
    write_words(j, "en", in.words);
    write_words(j, "az", in.words_az);
    write_words(j, "ru", in.words_ru);
    tmg_json_end_object(j);
    tmg_json_end_object(j);
}
