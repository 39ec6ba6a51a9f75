/* How much work a rule would make: hits by post and day of arrival. */
#include "app/back_test_priv.h"

enum { MILLI = 3 };

typedef struct arrival {
    uint32_t post; /* code of the dictionary */
    int32_t day;
} arrival;

static int by_post_and_day(const void *a, const void *b)
{
    const arrival *x = a, *y = b;

    if (x->post != y->post)
        return x->post < y->post ? -1 : 1;
    return x->day < y->day ? -1 : x->day > y->day;
}

static int by_day(const void *a, const void *b)
{
    const arrival *x = a, *y = b;

    return x->day < y->day ? -1 : x->day > y->day;
}

typedef struct load {
    int64_t hits, most;
    int32_t most_day;
} load;

/* The days of one stretch that is ordered by day. */
static load load_of(const arrival *list, size_t count)
{
    load l = {.hits = (int64_t)count, .most_day = INT32_MIN};

    for (size_t i = 0, from = 0; i < count; i++) {
        if (list[i].day != list[from].day)
            from = i;
        if ((int64_t)(i - from) + 1 > l.most) {
            l.most = (int64_t)(i - from) + 1;
            l.most_day = list[i].day;
        }
    }
    return l;
}

static void write_day(tmg_json_out *j, const char *key, int32_t day)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 32);
    if (day != INT32_MIN)
        tmg_day_write(&b, day);
    tmg_json_text(j, key, day != INT32_MIN ? tmg_buf_as_span(&b) : (tmg_span){NULL, 0});
}

static void write_load(tmg_json_out *j, const load *l, int64_t days)
{
    tmg_json_decimal(j, "mean", days > 0 ? l->hits * 1000 / days : 0, MILLI);
    tmg_json_i64(j, "most", l->most);
    write_day(j, "most_day", l->most_day);
}

static tmg_span post_name(const tmg_post *posts, size_t count, tmg_span code)
{
    for (size_t i = 0; i < count; i++)
        if (tmg_span_eq(posts[i].code, code))
            return posts[i].name;
    return code;
}

static void write_posts(tmg_json_out *j, const tmg_trial *t, const arrival *list, size_t count, int64_t days,
                        const tmg_post *posts, size_t post_count)
{
    tmg_json_array(j, "posts");
    for (size_t from = 0, to; from < count; from = to) {
        tmg_span code = tmg_dict_text(t->trials->dict, list[from].post);

        for (to = from; to < count && list[to].post == list[from].post;)
            to++;
        load l = load_of(&list[from], to - from);

        tmg_json_object(j, NULL);
        tmg_json_text(j, "post", code);
        tmg_json_text(j, "name", post_name(posts, post_count, code));
        tmg_json_i64(j, "hits", l.hits);
        write_load(j, &l, days);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
}

static void write_days(tmg_json_out *j, const arrival *list, size_t count)
{
    tmg_json_array(j, "by_day");
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from; to < count && list[to].day == list[from].day;)
            to++;
        tmg_json_object(j, NULL);
        write_day(j, "day", list[from].day);
        tmg_json_i64(j, "hits", (int64_t)(to - from));
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
}

/* Days without any stored declaration say nothing about the work of a day. */
static int64_t days_with_history(const tmg_trial *t)
{
    int32_t least = INT32_MAX, most = INT32_MIN;

    for (size_t i = 0; i < t->trials->count; i++) {
        int32_t day = tmg_day_of(t->trials->all[i].lodged_ms, t->centre->settings.offset_min);

        least = day < least ? day : least;
        most = day > most ? day : most;
    }
    least = least > t->from_day ? least : t->from_day;
    most = most < t->to_day ? most : t->to_day;
    return most >= least ? most - least + 1 : 0;
}

tmg_rc tmg_trial_workload(tmg_json_out *j, tmg_trial *t, tmg_err *err)
{
    arrival *list = tmg_alloc_array(t->arena, t->hit_count + 1, sizeof *list);
    int64_t days = days_with_history(t);
    tmg_post *posts;
    size_t post_count;

    TMG_TRY(tmg_post_list(t->db, t->arena, &posts, &post_count, err));
    for (size_t i = 0; i < t->hit_count; i++) {
        const tmg_past_one *one = &t->trials->all[t->trials->of_row[t->hits[i]]];

        list[i] = (arrival){one->post, tmg_day_of(one->arrival_ms, t->centre->settings.offset_min)};
    }
    qsort(list, t->hit_count, sizeof *list, by_day);
    load all = load_of(list, t->hit_count);

    tmg_json_object(j, "workload");
    tmg_json_i64(j, "days", days);
    write_load(j, &all, days);
    write_days(j, list, t->hit_count);
    qsort(list, t->hit_count, sizeof *list, by_post_and_day);
    write_posts(j, t, list, t->hit_count, days, posts, post_count);
    tmg_json_end_object(j);
    return TMG_OK;
}
