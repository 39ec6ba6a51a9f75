/* Guards of custody: who stood by, and that something was weighed. */
#include "app/casework_priv.h"
#include "rule/rule.h"

/* From here on two spellings are one name: blanks, case, scripts and the order of its words do not matter. */
static const int64_t same_name_micro = 970000;

static void digits_of(tmg_span text, char *to, size_t room)
{
    size_t n = 0;

    for (size_t i = 0; i < text.len && n + 1 < room; i++)
        if (text.ptr[i] >= '0' && text.ptr[i] <= '9')
            to[n++] = text.ptr[i];
    to[n] = '\0';
}

/* Numbers tell two apart who are called alike: "Officer 1042" and "Officer 1077". */
static bool same_person(tmg_span x, tmg_span y)
{
    char of_x[64], of_y[64];

    if (tmg_span_equal_nocase(x, y))
        return true;
    digits_of(x, of_x, sizeof of_x);
    digits_of(y, of_y, sizeof of_y);
    return strcmp(of_x, of_y) == 0 && tmg_name_likeness(x, y) >= same_name_micro;
}

static bool is_actor(const tmg_actor *who, tmg_span name)
{
    return same_person(name, tmg_span_of(who->display)) || same_person(name, tmg_span_of(who->name));
}

tmg_rc tmg_guard_two_witnesses(void *ctx, tmg_db *db, const tmg_actor *who, const tmg_flow_item *item,
                               tmg_span note, tmg_err *err)
{
    const tmg_custody *c = ((const tmg_flow_desk *)ctx)->custody;

    (void)db;
    (void)item;
    (void)note;
    if (c == NULL)
        return TMG_OK; /* only asked whether the arrow may be shown */
    tmg_span first = tmg_span_trim(c->witness_1), second = tmg_span_trim(c->witness_2);
    if (first.len < 2 || second.len < 2 || same_person(first, second))
        return tmg_err_named(
            TMG_FAIL(err, TMG_E_CONFLICT, "witness_1, witness_2: two different witnesses must be named"), err,
            "guard.two_witnesses");
    if (is_actor(who, first) || is_actor(who, second))
        return tmg_err_named(
            TMG_FAIL(err, TMG_E_CONFLICT, "witness_1, witness_2: who acts cannot be a witness of it"), err,
            "guard.own_witness");
    return TMG_OK;
}

tmg_rc tmg_guard_net_weighed(void *ctx, tmg_db *db, const tmg_actor *who, const tmg_flow_item *item,
                             tmg_span note, tmg_err *err)
{
    const tmg_custody *c = ((const tmg_flow_desk *)ctx)->custody;

    (void)db;
    (void)who;
    (void)item;
    (void)note;
    if (c == NULL || c->net_mg != TMG_NONE)
        return TMG_OK;
    return tmg_err_named(TMG_FAIL(err, TMG_E_CONFLICT, "net_mg: weigh it and enter the net mass"), err,
                         "guard.net_weighed");
}

tmg_rc tmg_guard_sealed_again(void *ctx, tmg_db *db, const tmg_actor *who, const tmg_flow_item *item,
                              tmg_span note, tmg_err *err)
{
    const tmg_custody *c = ((const tmg_flow_desk *)ctx)->custody;

    (void)db;
    (void)who;
    (void)item;
    (void)note;
    if (c == NULL)
        return TMG_OK;
    tmg_span seal = tmg_span_trim(c->seal_new);
    if (seal.len > 0 && !tmg_span_equal_nocase(seal, tmg_span_trim(c->seal_old)))
        return TMG_OK;
    return tmg_err_named(
        TMG_FAIL(err, TMG_E_CONFLICT,
                 "seal_new: the seal was broken to weigh it: enter the number of the new one"),
        err, "guard.sealed_again");
}
