/* The case dossier: everything that belongs to a case; its persons only on the paper that was asked for them.
 */
#include "app/papers_priv.h"

enum { SEIZURES = 500, ORDERS = 500 };

#define FILES "(SELECT $1 UNION SELECT id FROM case_file WHERE merged_into = $1)"

/* Texts of a statement that takes the case, parted by commas; dashes come by themselves. */
static tmg_rc texts_of(tmg_draft *d, const char *sql, int64_t case_id, tmg_span *ret, tmg_err *err)
{
    TMG_AUTO_BUF b = {0};
    tmg_stmt *s;
    bool row;

    tmg_buf_init(&b, 1 << 16);
    TMG_TRY(tmg_sql(d->db, sql, &s, err));
    tmg_bind_i64(s, 1, case_id);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        tmg_buf_z(&b, b.len > 0 ? ", " : "");
        tmg_buf_span(&b, tmg_col_text(s, 0));
    }
    *ret = tmg_span_copy(d->arena, tmg_buf_as_span(&b));
    return TMG_OK;
}

static tmg_rc ids_of(tmg_draft *d, const char *sql, int64_t case_id, int64_t *ret, size_t room,
                     size_t *ret_count, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(d->db, sql, &s, err));
    tmg_bind_i64(s, 1, case_id);
    for (*ret_count = 0;; (*ret_count)++) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        if (*ret_count == room) {
            tmg_reset(s);
            return TMG_FAIL(err, TMG_E_LIMIT,
                            "the case has more than %zu records of a kind: too many for a paper", room);
        }
        ret[*ret_count] = tmg_col_i64(s, 0);
    }
}

/* What the centre opened it about, and the words of whoever opened it. */
static tmg_span subject_of(tmg_draft *d, const tmg_case *c)
{
    tmg_span post = tmg_draft_name(d, "post", c->post_id),
             substance = c->substance.len > 0 ? tmg_draft_substance(d, c->substance) : c->substance;

    return tmg_paper_text(d->arena, "%.*s%s%.*s%s%.*s", TMG_SPAN_ARG(substance),
                          substance.len > 0 ? ", " : "", TMG_SPAN_ARG(c->title), post.len > 0 ? ", " : "",
                          TMG_SPAN_ARG(post));
}

static bool with_persons(const tmg_draft *d)
{
    return tmg_span_is(d->made->ask.kind, "dossier_persons");
}

static tmg_rc put_head(tmg_draft *d, const tmg_case *c, tmg_err *err)
{
    tmg_span merged, groups = {NULL, 0}, goods;

    TMG_TRY(
        texts_of(d, "SELECT number FROM case_file WHERE merged_into = $1 ORDER BY id", c->id, &merged, err));
    if (with_persons(d))
        TMG_TRY(texts_of(d, "SELECT name FROM crime_group WHERE case_id IN " FILES " ORDER BY id", c->id,
                         &groups, err));
    TMG_TRY(
        texts_of(d,
                 "SELECT DISTINCT c.ref FROM declaration c WHERE c.superseded_at_ms IS NULL AND "
                 "c.consignment_id IN (SELECT CAST(substr(about, 13) AS INTEGER) FROM case_link WHERE about "
                 "LIKE 'consignment:%' AND case_id IN " FILES " UNION SELECT consignment_id FROM seizure "
                 "WHERE case_id IN " FILES ") ORDER BY 1",
                 c->id, &goods, err));
    const tmg_paper_field fields[] = {
        {TMG_W(d, "dossier", "subject"), subject_of(d, c), true},
        {TMG_W(d, "dossier", "opened"), tmg_draft_time(d, c->opened_ms), false},
        {TMG_W(d, "dossier", "opened_by"), tmg_draft_name(d, "account", c->opened_by), false},
        {TMG_W(d, "dossier", "state"), tmg_draft_state(d, "case", c->flow.state), false},
        {TMG_W(d, "dossier", "closed"), tmg_draft_time(d, c->closed_ms), false},
        {TMG_W(d, "dossier", "fact_kind"), tmg_paper_listed(d->words, "fact_kind", c->fact_kind), false},
        {TMG_W(d, "seizure", "article"), c->article, false},
        {TMG_W(d, "dossier", "compartment"), c->compartment, false},
        {TMG_W(d, "dossier", "merged"), merged, false},
        {TMG_W(d, "dossier", "merged_into"), c->into, false},
        {TMG_W(d, "dossier", "consignments"), goods, true},
        {TMG_W(d, "dossier", "groups"), groups, true},
        {TMG_W(d, "dossier", "disposition"), c->disposition, true}};

    tmg_paper_fields(d->paper, fields, sizeof fields / sizeof fields[0]);
    return TMG_OK;
}

static tmg_rc put_parties(tmg_draft *d, int64_t case_id, tmg_err *err)
{
    const tmg_paper_column_of columns[] = {{TMG_W(d, "dossier", "party_role"), 18, false},
                                           {TMG_W(d, "dossier", "party_name"), 34, false},
                                           {TMG_W(d, "dossier", "party_code"), 20, false},
                                           {TMG_W(d, "dossier", "party_country"), 10, false},
                                           {TMG_W(d, "dossier", "party_ended"), 24, false}};
    tmg_case_party *list;
    size_t count;

    TMG_TRY(tmg_case_party_list(d->db, case_id, d->arena, &list, &count, err));
    if (count == 0)
        return TMG_OK;
    tmg_paper_section(d->paper, TMG_W(d, "dossier", "parties_section"));
    tmg_paper_table(d->paper, columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < count; i++) {
        const tmg_case_party *p = &list[i];
        const tmg_span cells[] = {tmg_paper_listed(d->words, "party_role", p->role), p->name, p->code,
                                  tmg_paper_word_or(d->words, "country", p->country, p->country),
                                  p->ended_ms == TMG_NONE
                                      ? (tmg_span){NULL, 0}
                                      : tmg_paper_text(d->arena, "%.*s: %.*s",
                                                       TMG_SPAN_ARG(tmg_draft_time(d, p->ended_ms)),
                                                       TMG_SPAN_ARG(p->end_reason))};

        tmg_paper_row(d->paper, TMG_ROW_PLAIN, cells);
    }
    return TMG_OK;
}

static tmg_rc put_orders(tmg_draft *d, int64_t case_id, tmg_err *err)
{
    const tmg_paper_column_of columns[] = {{TMG_W(d, "act", "order"), 18, false},
                                           {TMG_W(d, "act", "issued"), 16, false},
                                           {TMG_W(d, "target", "post"), 20, false},
                                           {TMG_W(d, "act", "state"), 18, false},
                                           {TMG_W(d, "target", "look_for"), 34, false}};
    int64_t *ids = tmg_alloc_array(d->arena, ORDERS, sizeof *ids);
    size_t count;

    TMG_TRY(ids_of(
        d,
        "SELECT id FROM inspection_order WHERE id IN (SELECT order_id FROM seizure WHERE case_id IN " FILES
        " UNION SELECT CAST(substr(about, 7) AS INTEGER) FROM case_link WHERE about LIKE 'order:%' AND "
        "case_id IN " FILES ") ORDER BY id",
        case_id, ids, ORDERS, &count, err));
    if (count == 0)
        return TMG_OK;
    tmg_paper_section(d->paper, TMG_W(d, "dossier", "orders_section"));
    tmg_paper_table(d->paper, columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < count; i++) {
        tmg_order o;

        TMG_TRY(tmg_order_read(d->db, ids[i], d->arena, &o, err));
        const tmg_span cells[] = {o.number, tmg_draft_time(d, o.issued_ms),
                                  tmg_draft_name(d, "post", o.post_id),
                                  tmg_draft_state(d, "order", o.flow.state), o.words};
        tmg_paper_row(d->paper, TMG_ROW_PLAIN, cells);
    }
    return TMG_OK;
}

static tmg_rc put_seizures(tmg_draft *d, int64_t case_id, tmg_err *err)
{
    int64_t *ids = tmg_alloc_array(d->arena, SEIZURES, sizeof *ids);
    size_t count;

    TMG_TRY(ids_of(d, "SELECT id FROM seizure WHERE case_id IN " FILES " ORDER BY seized_ms, id", case_id,
                   ids, SEIZURES, &count, err));
    if (count > 0)
        tmg_paper_section(d->paper, TMG_W(d, "dossier", "seizures_section"));
    for (size_t i = 0; i < count; i++) {
        tmg_seizure z;

        TMG_TRY(tmg_seizure_read(d->db, ids[i], d->arena, &z, err));
        tmg_paper_line(d->paper,
                       tmg_paper_text(d->arena, "%.*s · %.*s · %.*s · %.*s", TMG_SPAN_ARG(z.number),
                                      TMG_SPAN_ARG(tmg_draft_time(d, z.seized_ms)),
                                      TMG_SPAN_ARG(tmg_draft_name(d, "post", z.post_id)),
                                      TMG_SPAN_ARG(tmg_paper_listed(d->words, "direction", z.direction))));
        tmg_draft_lines(d, &z);
    }
    return TMG_OK;
}

static tmg_rc put_tasks(tmg_draft *d, int64_t case_id, tmg_err *err)
{
    const tmg_paper_column_of columns[] = {{TMG_W(d, "dossier", "task"), 40, false},
                                           {TMG_W(d, "dossier", "task_mandatory"), 12, false},
                                           {TMG_W(d, "dossier", "task_due"), 16, false},
                                           {TMG_W(d, "dossier", "task_done"), 16, false},
                                           {TMG_W(d, "dossier", "task_note"), 30, false}};
    tmg_case_task *tasks;
    size_t count;

    TMG_TRY(tmg_task_list(d->db, case_id, d->arena, &tasks, &count, err));
    if (count == 0)
        return TMG_OK;
    tmg_paper_section(d->paper, TMG_W(d, "dossier", "tasks_section"));
    tmg_paper_table(d->paper, columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < count; i++) {
        const tmg_span cells[] = {tasks[i].title, TMG_W(d, "seizure", tasks[i].mandatory ? "yes" : "no"),
                                  tmg_draft_time(d, tasks[i].due_ms), tmg_draft_time(d, tasks[i].done_ms),
                                  tasks[i].done_note};
        tmg_paper_row(d->paper, TMG_ROW_PLAIN, cells);
    }
    return TMG_OK;
}

static tmg_span role_words(tmg_draft *d, const tmg_suspect *s)
{
    return tmg_span_is(s->role, "other") && s->role_words.len > 0
               ? s->role_words
               : tmg_paper_listed(d->words, "suspect_role", s->role);
}

static void put_persons(tmg_draft *d)
{
    const tmg_paper_column_of columns[] = {{TMG_W(d, "dossier", "person"), 26, false},
                                           {TMG_W(d, "dossier", "person_role"), 16, false},
                                           {TMG_W(d, "dossier", "person_status"), 16, false},
                                           {TMG_W(d, "dossier", "person_born"), 12, false},
                                           {TMG_W(d, "dossier", "person_citizen"), 14, false},
                                           {TMG_W(d, "dossier", "person_occupation"), 18, false},
                                           {TMG_W(d, "dossier", "person_record"), 14, false}};

    tmg_paper_section(d->paper, TMG_W(d, "dossier", "persons_section"));
    tmg_paper_fields(d->paper, &(tmg_paper_field){TMG_W(d, "dossier", "purpose"), d->made->ask.purpose, true},
                     1);
    tmg_paper_table(d->paper, columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < d->made->person_count; i++) {
        const tmg_suspect *s = &d->made->persons[i];
        const tmg_span cells[] = {
            s->name,
            role_words(d, s),
            s->withdrawn_ms != TMG_NONE ? TMG_W(d, "dossier", "person_withdrawn")
                                        : tmg_paper_listed(d->words, "suspect_status", s->status),
            s->birth_year == 0 ? TMG_SPAN("—") : tmg_paper_number(d->words, d->arena, s->birth_year),
            tmg_paper_word_or(d->words, "country", s->citizenship, s->citizenship),
            s->occupation.len == 0 ? TMG_W(d, "report", "occupation_not_stated")
                                   : tmg_paper_listed(d->words, "occupation", s->occupation),
            TMG_W(d, "seizure", s->previous_record ? "yes" : "no")};

        tmg_paper_row(d->paper, TMG_ROW_PLAIN, cells);
    }
}

static tmg_span arrow_words(tmg_draft *d, const char *flow, tmg_span name)
{
    const tmg_flow_state *states;
    const tmg_flow_arrow *arrows;
    size_t state_count, arrow_count;

    if (tmg_flow_describe(d->centre->flows, tmg_span_of(flow), &states, &state_count, &arrows, &arrow_count,
                          NULL) == TMG_OK)
        for (size_t i = 0; i < arrow_count; i++)
            if (tmg_span_eq(arrows[i].name, name))
                return arrows[i].words[tmg_paper_column(d->words)];
    return name;
}

/* The timeline says things by their codes; the first of them is a word of a list. */
static tmg_span event_words(tmg_draft *d, const tmg_case_event *e)
{
    tmg_span rest = e->words, code = {NULL, 0};
    char sign = tmg_span_is(e->kind, "step") ? ':' : ',';

    if (tmg_span_is(e->kind, "order") || tmg_span_is(e->kind, "case"))
        return arrow_words(d, tmg_span_is(e->kind, "order") ? "order" : "case", e->words);
    if (tmg_span_is(e->kind, "suspect"))
        return tmg_paper_listed(d->words, "suspect_role", e->words);
    if (tmg_span_is(e->kind, "suspect_changed"))
        return tmg_paper_word_or(d->words, "person_change", e->words, e->words);
    if (tmg_span_is(e->kind, "paper"))
        return tmg_paper_word_or(d->words, "paper_kind", e->words, e->words);
    if ((tmg_span_is(e->kind, "party") || tmg_span_is(e->kind, "party_ended")) &&
        tmg_span_split(&rest, ',', &code))
        return tmg_paper_text(d->arena, "%.*s,%.*s",
                              TMG_SPAN_ARG(tmg_paper_listed(d->words, "party_role", code)),
                              TMG_SPAN_ARG(rest));
    bool step = sign == ':', line = tmg_span_is(e->kind, "line"), custody = tmg_span_is(e->kind, "custody");
    if ((!step && !line && !custody) || !tmg_span_split(&rest, sign, &code))
        return e->words;
    tmg_span first = line ? tmg_draft_substance(d, code)
                          : tmg_paper_word_or(d->words, step ? "reaction" : "custody_act", code, code);
    rest = tmg_span_trim(rest);
    if (line)
        rest = tmg_paper_word_or(d->words, "stage", rest, rest);
    return rest.len == 0
               ? first
               : tmg_paper_text(d->arena, "%.*s%c %.*s", TMG_SPAN_ARG(first), sign, TMG_SPAN_ARG(rest));
}

static tmg_rc put_timeline(tmg_draft *d, int64_t case_id, tmg_err *err)
{
    const tmg_paper_column_of columns[] = {{TMG_W(d, "dossier", "event_at"), 16, false},
                                           {TMG_W(d, "dossier", "event_kind"), 20, false},
                                           {TMG_W(d, "dossier", "event_words"), 48, false},
                                           {TMG_W(d, "dossier", "event_by"), 20, false}};
    tmg_case_event *events;
    size_t count;

    TMG_TRY(tmg_case_timeline(d->db, d->who, case_id, d->arena, &events, &count, err));
    tmg_paper_section(d->paper, TMG_W(d, "dossier", "timeline_section"));
    tmg_paper_table(d->paper, columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < count; i++) {
        const tmg_span cells[] = {tmg_draft_time(d, events[i].at_ms),
                                  tmg_paper_word_or(d->words, "event", events[i].kind, events[i].kind),
                                  event_words(d, &events[i]),
                                  tmg_draft_name(d, "account", events[i].account_id)};

        tmg_paper_row(d->paper, TMG_ROW_PLAIN, cells);
    }
    return TMG_OK;
}

tmg_rc tmg_draft_dossier(tmg_draft *d, tmg_err *err)
{
    const tmg_span roles[] = {TMG_W(d, "dossier", "investigator"), TMG_W(d, "target", "shift_chief")};
    tmg_case c;
    int64_t id;

    TMG_TRY(tmg_about_id(d->made->ask.about, "case", &id, err));
    TMG_TRY(tmg_case_read(d->db, d->who, id, d->arena, &c, err));
    tmg_paper_sheet(d->paper, TMG_W(d, "dossier", "title"), c.number, (tmg_span){NULL, 0},
                    tmg_paper_text(d->arena, "tamga:case/%.*s", TMG_SPAN_ARG(c.number)));
    TMG_TRY(put_head(d, &c, err));
    TMG_TRY(put_parties(d, id, err));
    TMG_TRY(put_orders(d, id, err));
    TMG_TRY(put_seizures(d, id, err));
    TMG_TRY(put_tasks(d, id, err));
    if (with_persons(d))
        put_persons(d);
    else
        tmg_paper_small(d->paper, TMG_W(d, "dossier", "without_persons"));
    TMG_TRY(put_timeline(d, id, err));
    tmg_paper_signatures(d->paper, roles, 2);
    return TMG_OK;
}
