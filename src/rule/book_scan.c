#include "rule/book_priv.h"

static void tally_number(tmg_tally *t, int64_t v)
{
    if (v == TMG_NONE)
        return;
    if (t->stated == 0 || v < t->least)
        t->least = v;
    if (t->stated == 0 || v > t->most)
        t->most = v;
    t->stated++;
    t->sum += v;
}

static size_t place(const uint32_t *set, size_t room, uint32_t code)
{
    size_t at = (code * UINT32_C(0x9e3779b1) >> 7) & (room - 1);
    while (set[at] != 0 && set[at] != code)
        at = (at + 1) & (room - 1);
    return at;
}

static void tally_code(tmg_tally *t, uint32_t code)
{
    if (code == TMG_CODE_NONE)
        return;
    if (2 * t->set_used >= t->set_room) {
        size_t room = t->set_room > 0 ? 2 * t->set_room : 64;
        uint32_t *set = tmg_xcalloc(room, sizeof *set);
        for (size_t i = 0; i < t->set_room; i++)
            if (t->set[i] != 0)
                set[place(set, room, t->set[i])] = t->set[i];
        free(t->set);
        t->set = set;
        t->set_room = room;
    }
    uint32_t *slot = &t->set[place(t->set, t->set_room, code)];
    t->set_used += *slot == 0;
    *slot = code;
}

void tmg_tally_facts(tmg_tally *t, tmg_measure m, const tmg_fact *facts, size_t count, int64_t at_ms,
                     int64_t asked_ms)
{
    for (size_t i = 0; i < count; i++) {
        if (m == TMG_W_RESULTS || m == TMG_W_FOUND) {
            t->n += facts[i].number <= asked_ms;
            t->found += facts[i].number <= asked_ms && facts[i].code != 0;
            continue;
        }
        t->n++;
        if (m == TMG_W_DISTINCT)
            tally_code(t, facts[i].code);
        else
            tally_number(t, facts[i].number);
    }
    if (count > 0 && (!t->has_latest || at_ms > t->latest_ms)) {
        t->latest_ms = at_ms;
        t->has_latest = true;
    }
}

void tmg_tally_done(tmg_tally *t)
{
    free(t->set);
    *t = (tmg_tally){0};
}

/* Rounded half to even. */
static int64_t mean(tmg_i128 sum, int64_t n)
{
    tmg_i128 whole = sum / n, rest = sum % n;
    if (rest < 0) {
        rest += n;
        whole--;
    }
    if (2 * rest > n || (2 * rest == n && (whole & 1) != 0))
        whole++;
    return (int64_t)whole;
}

static bool answer(int64_t v, int64_t *ret)
{
    *ret = v;
    return true;
}

bool tmg_tally_answer(const tmg_tally *t, tmg_measure m, int64_t asked_ms, int64_t *ret_micro)
{
    switch (m) {
    case TMG_W_COUNT:
    case TMG_W_RESULTS:
        return answer(t->n * TMG_MICRO, ret_micro);
    case TMG_W_FOUND:
        return answer(t->found * TMG_MICRO, ret_micro);
    case TMG_W_DISTINCT:
        return answer((int64_t)t->set_used * TMG_MICRO, ret_micro);
    case TMG_W_SUM:
        return t->sum > -(tmg_i128)INT64_MAX && t->sum <= INT64_MAX && answer((int64_t)t->sum, ret_micro);
    case TMG_W_AVG:
        return t->stated > 0 && answer(mean(t->sum, t->stated), ret_micro);
    case TMG_W_MIN:
        return t->stated > 0 && answer(t->least, ret_micro);
    case TMG_W_MAX:
        return t->stated > 0 && answer(t->most, ret_micro);
    case TMG_W_DAYS_SINCE:
        return t->has_latest && answer((asked_ms - t->latest_ms) / TMG_DAY_MS * TMG_MICRO, ret_micro);
    case TMG_W_AGE_DAYS:
        return answer(t->has_latest ? (asked_ms - t->latest_ms) / TMG_DAY_MS * TMG_MICRO : 0, ret_micro);
    }
    return false;
}

int64_t tmg_window_from(const tmg_window *w, int64_t at_ms)
{
    int64_t span_ms = w->span_ms > 0 ? w->span_ms : TMG_HORIZON_MS;
    return at_ms < INT64_MIN + span_ms ? INT64_MIN : at_ms - span_ms;
}

/* Ages look at every version that ever was; what is forgotten may have been the first. */
static bool scan_age(tmg_book *b, const tmg_row *row, const tmg_axis_spec *s, const tmg_key *key,
                     tmg_tally *t)
{
    tmg_fact *facts = NULL;
    size_t room = 0;

    if (b->forgotten_ms != INT64_MIN)
        return false;
    for (size_t i = 0; i < b->version_count; i++) {
        const tmg_version *v = &b->versions[i];
        if (v->at_ms < row->at_ms && b->consignments[v->consignment].id != row->consignment_id &&
            (!t->has_latest || v->at_ms < t->latest_ms) &&
            tmg_spec_facts(b, s, key, TMG_COL_NUMBER, 0, v, &facts, &room) > 0) {
            t->latest_ms = v->at_ms;
            t->has_latest = true;
        }
    }
    free(facts);
    return true;
}

bool tmg_book_scan_window(tmg_book *b, const tmg_row *row, const tmg_window *w, int64_t *ret_micro)
{
    tmg_tally t = {0};
    tmg_need need;
    tmg_fact *facts = NULL;
    size_t room = 0;
    tmg_key key;
    const int64_t from_ms = tmg_window_from(w, row->at_ms);

    if (!tmg_window_need(w, &need))
        return false;
    bool told = tmg_axis_key(&need.spec, row, &key);
    if (told && w->measure == TMG_W_AGE_DAYS) {
        told = scan_age(b, row, &need.spec, &key, &t);
    } else if (told) {
        for (size_t i = 0; i < b->version_count; i++) {
            const tmg_version *v = &b->versions[i];
            if (v->at_ms <= from_ms || !tmg_version_in_force(v, row->at_ms) ||
                b->consignments[v->consignment].id == row->consignment_id)
                continue;
            size_t n = tmg_spec_facts(b, &need.spec, &key, need.kind, need.field, v, &facts, &room);
            tmg_tally_facts(&t, w->measure, facts, n, v->at_ms, row->at_ms);
        }
    }
    told = told && tmg_tally_answer(&t, w->measure, row->at_ms, ret_micro);
    tmg_where_free(need.spec.where);
    free(facts);
    tmg_tally_done(&t);
    return told;
}

size_t tmg_book_scan_values(tmg_book *b, const tmg_row *row, const tmg_reference *r, int64_t **ret)
{
    tmg_need need;
    tmg_fact *facts = NULL;
    size_t facts_room = 0, n = 0, room = 0;
    tmg_key key;

    *ret = NULL;
    tmg_reference_need(r, &need);
    if (!tmg_axis_key(&need.spec, row, &key))
        return 0;
    for (size_t i = 0; i < b->version_count; i++) {
        const tmg_version *v = &b->versions[i];
        if (v->at_ms <= row->at_ms - TMG_YEAR_MS || !tmg_version_in_force(v, row->at_ms) ||
            b->consignments[v->consignment].id == row->consignment_id)
            continue;
        size_t count = tmg_spec_facts(b, &need.spec, &key, need.kind, need.field, v, &facts, &facts_room);
        for (size_t k = 0; k < count; k++)
            tmg_values_add(ret, &n, &room, facts[k].number);
    }
    free(facts);
    return n;
}
