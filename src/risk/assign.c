/* Which task gets which means.
 *
 * Exact: tasks come in one after another; each time the best alternating path is searched that starts at the
 * new task, moves tasks from means to means, and ends at a free slot or by taking a task's means away.  Since
 * what stood before was the best for the tasks before, the best path makes it the best for one more
 * (successive shortest paths; Ford and Fulkerson 1962, Busacker and Gowen 1960).  There are six kinds of
 * means, so the search runs over six nodes. */
#include "base/qty.h"
#include "risk/choosing.h"

typedef struct assignment {
    tmg_need *tasks;
    const tmg_slots *slots;
    size_t slot_count;
    int64_t used[TMG_MEANS_KINDS];
    int *at;     /* per task: index of its slots, or -1 */
    size_t seen; /* tasks that came in */
} assignment;

int64_t tmg_need_worth(const tmg_need *t, const tmg_slots *s)
{
    enum { HOUR_MINUTES = 60 };

    return tmg_mul_div(t->utility_minor, HOUR_MINUTES, s->minutes);
}

static bool fits(const tmg_need *t, const tmg_slots *s)
{
    return (t->means & s->means) != 0;
}

/* The best way to free one slot of means k: `gain` is what it costs or brings. */
typedef struct step {
    int64_t gain;
    bool possible, ends; /* ends: after it nothing more has to be freed */
    size_t task;         /* that leaves, when there is one */
    int to;              /* means that it moves to, or -1 */
} step;

static void offer(step *best, int64_t gain, size_t task, int to)
{
    if (best->possible && best->gain >= gain)
        return;
    *best = (step){.gain = gain, .possible = true, .ends = to < 0, .task = task, .to = to};
}

/* The cheapest move of any one task from each means to each other, and out of each. */
static void find_moves(const assignment *as, step move[TMG_MEANS_KINDS][TMG_MEANS_KINDS],
                       step drop[TMG_MEANS_KINDS])
{
    for (size_t t = 0; t < as->seen; t++) {
        int k = as->at[t];

        if (k < 0)
            continue;
        int64_t now = tmg_need_worth(&as->tasks[t], &as->slots[k]);

        offer(&drop[k], -now, t, -1);
        for (size_t l = 0; l < as->slot_count; l++)
            if ((int)l != k && fits(&as->tasks[t], &as->slots[l]))
                offer(&move[k][l], tmg_need_worth(&as->tasks[t], &as->slots[l]) - now, t, (int)l);
    }
}

/* For each means the best chain that frees a slot of it (Bellman and Ford). */
static void free_slots(const assignment *as, step ret[TMG_MEANS_KINDS])
{
    step move[TMG_MEANS_KINDS][TMG_MEANS_KINDS] = {0}, drop[TMG_MEANS_KINDS] = {0};

    find_moves(as, move, drop);
    for (size_t k = 0; k < as->slot_count; k++) {
        ret[k] = drop[k];
        if (as->used[k] < as->slots[k].slots)
            ret[k] = (step){.possible = true, .ends = true, .task = SIZE_MAX, .to = -1};
    }
    for (size_t round = 1; round < as->slot_count; round++)
        for (size_t k = 0; k < as->slot_count; k++)
            for (size_t l = 0; l < as->slot_count; l++) {
                const step *m = &move[k][l];

                if (m->possible && ret[l].possible &&
                    (!ret[k].possible || m->gain + ret[l].gain > ret[k].gain))
                    ret[k] = (step){m->gain + ret[l].gain, true, false, m->task, (int)l};
            }
}

static void enter(assignment *as, size_t t)
{
    step chain[TMG_MEANS_KINDS] = {0};
    int best = -1;
    int64_t best_gain = 0;

    free_slots(as, chain);
    for (size_t k = 0; k < as->slot_count; k++) {
        if (!fits(&as->tasks[t], &as->slots[k]) || !chain[k].possible)
            continue;
        int64_t gain = tmg_need_worth(&as->tasks[t], &as->slots[k]) + chain[k].gain;

        if (gain > best_gain) {
            best = (int)k;
            best_gain = gain;
        }
    }
    as->seen++;
    /* Along the chain each task makes room for the one before it; the last takes a free slot or goes without.
     */
    for (int k = best; k >= 0;) {
        const step *s = &chain[k];
        bool was_free = s->ends && s->task == SIZE_MAX;

        as->at[t] = k;
        if (was_free) {
            as->used[k]++;
            break;
        }
        t = s->task;
        as->at[t] = -1;
        k = s->to;
    }
}

static int64_t hand_out(const assignment *as, size_t count)
{
    int64_t sum = 0;

    for (size_t t = 0; t < count; t++) {
        as->tasks[t].given = as->at[t] < 0 ? 0 : as->slots[as->at[t]].means;
        if (as->at[t] >= 0 &&
            __builtin_add_overflow(sum, tmg_need_worth(&as->tasks[t], &as->slots[as->at[t]]), &sum))
            sum = INT64_MAX;
    }
    return sum;
}

static assignment begin(tmg_need *tasks, size_t count, const tmg_slots *slots, size_t slot_count,
                        tmg_arena *a)
{
    assignment as = {.tasks = tasks, .slots = slots, .slot_count = slot_count};

    as.at = tmg_alloc_array(a, count + 1, sizeof *as.at);
    for (size_t t = 0; t < count; t++)
        as.at[t] = -1;
    return as;
}

int64_t tmg_assign_exact(tmg_need *tasks, size_t count, const tmg_slots *slots, size_t slot_count,
                         tmg_arena *a)
{
    assignment as = begin(tasks, count, slots, slot_count, a);

    for (size_t t = 0; t < count; t++)
        enter(&as, t);
    return hand_out(&as, count);
}

typedef struct use {
    int64_t worth;
    size_t task;
    int slot;
} use;

static int by_worth(const void *a, const void *b)
{
    const use *x = a, *y = b;

    if (x->worth != y->worth)
        return x->worth > y->worth ? -1 : 1;
    if (x->task != y->task)
        return x->task < y->task ? -1 : 1;
    return (x->slot > y->slot) - (x->slot < y->slot);
}

int64_t tmg_assign_greedy(tmg_need *tasks, size_t count, const tmg_slots *slots, size_t slot_count,
                          tmg_arena *a)
{
    assignment as = begin(tasks, count, slots, slot_count, a);
    use *uses = tmg_alloc_array(a, count * slot_count + 1, sizeof *uses);
    size_t n = 0;

    for (size_t t = 0; t < count; t++)
        for (size_t k = 0; k < slot_count; k++)
            if (fits(&tasks[t], &slots[k]) && tasks[t].utility_minor > 0)
                uses[n++] = (use){tmg_need_worth(&tasks[t], &slots[k]), t, (int)k};
    if (n > 1)
        qsort(uses, n, sizeof *uses, by_worth);
    for (size_t i = 0; i < n; i++) {
        int k = uses[i].slot;

        if (as.at[uses[i].task] >= 0 || as.used[k] >= slots[k].slots)
            continue;
        as.at[uses[i].task] = k;
        as.used[k]++;
    }
    return hand_out(&as, count);
}
