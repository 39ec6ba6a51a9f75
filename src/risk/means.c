/* What a post's shift has of each means, and who is suggested which. */
#include "base/qty.h"
#include "risk/selections_priv.h"

#define DOCUMENTS ((unsigned)TMG_MEANS_DOCUMENTS)

tmg_rc tmg_means_get(tmg_db *db, int64_t post_id, int32_t day, int32_t shift, tmg_slots ret[TMG_MEANS_KINDS],
                     size_t *ret_count, bool *ret_set, tmg_err *err)
{
    tmg_stmt *s = NULL;
    unsigned last = 0;

    *ret_count = 0;
    *ret_set = false;
    TMG_TRY(tmg_sql(db,
                    "SELECT means, slots, minutes FROM capacity_means WHERE post_id = $1 AND shift = $2 AND "
                    "(day = $3 OR day IS NULL) ORDER BY means, day IS NULL, id DESC",
                    &s, err));
    tmg_bind_i64(s, 1, post_id);
    tmg_bind_i64(s, 2, shift);
    tmg_bind_i64(s, 3, day);
    for (;;) {
        bool row = false;

        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        unsigned means = (unsigned)tmg_col_i64(s, 0);

        if (means == last)
            continue;
        last = means;
        *ret_set = true;
        if (tmg_col_i64(s, 1) > 0 && *ret_count < TMG_MEANS_KINDS)
            ret[(*ret_count)++] = (tmg_slots){means, tmg_col_i64(s, 1), tmg_col_i64(s, 2)};
    }
}

tmg_rc tmg_means_put(tmg_db *db, int64_t post_id, int32_t day_or_none, int32_t shift, const tmg_slots *s,
                     int64_t account_id, tmg_err *err)
{
    bool one_means = s->means != 0 && (s->means & (s->means - 1)) == 0 && s->means <= TMG_MEANS_UNLOADING;
    tmg_stmt *st = NULL;

    if (!one_means || shift < 1 || shift > TMG_SHIFTS || s->slots < 0 || s->slots > 10000 || s->minutes < 1 ||
        s->minutes > 1440)
        return TMG_FAIL(
            err, TMG_E_INVALID,
            "means of a shift: expected one means, a shift of 1 to %d, 0 to 10000 slots and 1 to 1440 "
            "officer minutes a use",
            TMG_SHIFTS);
    TMG_TRY(
        tmg_sql(db,
                "INSERT INTO capacity_means (post_id, day, shift, means, slots, minutes, at_ms, account_id) "
                "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                &st, err));
    tmg_bind_i64(st, 1, post_id);
    tmg_bind_opt(st, 2, day_or_none == INT32_MIN ? TMG_NONE : day_or_none);
    tmg_bind_i64(st, 3, shift);
    tmg_bind_i64(st, 4, s->means);
    tmg_bind_i64(st, 5, s->slots);
    tmg_bind_i64(st, 6, s->minutes);
    tmg_bind_i64(st, 7, tmg_now_ms());
    tmg_bind_opt(st, 8, account_id != 0 ? account_id : TMG_NONE);
    return tmg_exec(st, err);
}

/* The means that fit what is feared: a rule's own choice; else documents for yellow ones; for red ones
 * documents and X-ray or dog where the critical part of the expected value is the larger, else scale or
 * X-ray. */
static unsigned means_of(const tmg_selection *s)
{
    int64_t critical = tmg_mul_div(s->critical_ppb, s->w_minor, TMG_PPB);

    if (s->wanted != 0)
        return s->wanted;
    if (s->lane == TMG_LANE_YELLOW)
        return DOCUMENTS;
    if (2 * critical >= s->utility_minor)
        return DOCUMENTS | TMG_MEANS_XRAY | TMG_MEANS_DOG;
    return DOCUMENTS | TMG_MEANS_SCALE | TMG_MEANS_XRAY;
}

static bool is_controlled(const tmg_selection *s)
{
    return s->lane == TMG_LANE_RED || s->lane == TMG_LANE_YELLOW;
}

/* Where nothing is known to be short: the documents, and the first of the others that fit. */
static unsigned unlimited(const tmg_selection *s)
{
    unsigned wanted = means_of(s), goods = wanted & ~DOCUMENTS;
    bool search = (goods & TMG_MEANS_XRAY) != 0 &&
                  2 * tmg_mul_div(s->critical_ppb, s->w_minor, TMG_PPB) >= s->utility_minor;

    if (search)
        return (wanted & DOCUMENTS) | TMG_MEANS_XRAY;
    for (unsigned bit = TMG_MEANS_UNLOADING; bit > DOCUMENTS; bit >>= 1)
        if (goods & bit)
            return (wanted & DOCUMENTS) | bit;
    return wanted & DOCUMENTS;
}

/* What was ordered at the post and shift has its slots already. */
static tmg_rc ordered_means(tmg_db *db, const tmg_selection *s, unsigned *ret, tmg_err *err)
{
    tmg_stmt *st = NULL;
    bool row = false;

    *ret = 0;
    TMG_TRY(tmg_sql(
        db, "SELECT means FROM decision WHERE consignment_id = $1 AND action = 2 ORDER BY id DESC LIMIT 1",
        &st, err));
    tmg_bind_i64(st, 1, s->consignment_id);
    TMG_TRY(tmg_step(st, &row, err));
    if (!row)
        return TMG_OK;
    *ret = (unsigned)tmg_col_i64(st, 0);
    tmg_reset(st);
    return TMG_OK;
}

static void take_slots(tmg_slots *slots, size_t count, unsigned means)
{
    for (size_t k = 0; k < count; k++)
        if ((slots[k].means & means) != 0 && slots[k].slots > 0)
            slots[k].slots--;
}

/* At most one means for the goods and one for the papers of each. */
static void suggest_shift(tmg_selection *c, const size_t *open, size_t count, const tmg_slots *slots,
                          size_t slot_count, tmg_arena *a)
{
    tmg_need *tasks = tmg_alloc_array(a, 2 * count + 1, sizeof *tasks);
    size_t n = 0;

    for (size_t i = 0; i < count; i++) {
        tmg_selection *s = &c[open[i]];
        unsigned wanted = means_of(s), parts[] = {wanted & DOCUMENTS, wanted & ~DOCUMENTS};

        s->means = 0;
        for (size_t p = 0; p < 2; p++) /* drawn ones of no expected value are to be looked at too */
            if (parts[p] != 0)
                tasks[n++] = (tmg_need){.owner = (int64_t)open[i],
                                        .utility_minor = s->utility_minor > 0 ? s->utility_minor : 1440,
                                        .means = parts[p]};
    }
    if (n <= TMG_EXACT_NEEDS)
        (void)tmg_assign_exact(tasks, n, slots, slot_count, a);
    else
        (void)tmg_assign_greedy(tasks, n, slots, slot_count, a);
    for (size_t i = 0; i < n; i++)
        c[tasks[i].owner].means |= tasks[i].given;
}

static tmg_rc suggest_one_shift(tmg_db *db, tmg_selection *c, size_t count, int32_t shift, tmg_arena *a,
                                tmg_err *err)
{
    tmg_slots slots[TMG_MEANS_KINDS];
    size_t slot_count, open_count = 0, *open = tmg_alloc_array(a, count + 1, sizeof *open);
    bool set;

    TMG_TRY(tmg_means_get(db, c->post_id, c->day, shift, slots, &slot_count, &set, err));
    for (size_t i = 0; i < count; i++) {
        tmg_selection *s = &c[i];
        unsigned ordered = 0;

        if (s->shift != shift)
            continue;
        if (tmg_selection_decided(s)) {
            if (set && (s->state == TMG_SEL_ORDERED || s->state == TMG_SEL_CLOSED))
                TMG_TRY(ordered_means(db, s, &ordered, err));
            take_slots(slots, slot_count, ordered);
        } else if (!is_controlled(s)) {
            s->means = 0;
        } else if (!set) {
            s->means = unlimited(s);
        } else {
            open[open_count++] = i;
        }
    }
    if (open_count > 0)
        suggest_shift(c, open, open_count, slots, slot_count, a);
    return TMG_OK;
}

tmg_rc tmg_suggest_means(tmg_db *db, tmg_selection *c, size_t count, tmg_arena *a, tmg_err *err)
{
    for (int32_t shift = 1; count > 0 && shift <= TMG_SHIFTS; shift++)
        TMG_TRY(suggest_one_shift(db, c, count, shift, a, err));
    return TMG_OK;
}
