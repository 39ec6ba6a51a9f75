#include "guard/guard.h"

#include <pwd.h>
#include <unistd.h>

static const char *const role_names[TMG_ROLES] = {
    [TMG_ROLE_NONE] = "none",
    [TMG_ANALYST] = "analyst",
    [TMG_CHIEF] = "chief",
    [TMG_TEAM] = "team",
    [TMG_AUDITOR] = "auditor",
    [TMG_ADMINISTRATOR] = "administrator",
    [TMG_INVESTIGATOR] = "investigator",
    [TMG_CUSTODIAN] = "custodian",
    [TMG_STATISTICIAN] = "statistician",
};

static const struct right {
    const char *name;
    unsigned roles;
} rights[TMG_PERMISSIONS] = {
#define RIGHT(permission, words, bits) [permission] = {words, bits},
    TMG_PERMISSION_TABLE(RIGHT)
#undef RIGHT
};

const char *tmg_role_name(tmg_role r)
{
    return (unsigned)r < TMG_ROLES ? role_names[r] : role_names[TMG_ROLE_NONE];
}

tmg_role tmg_role_of(tmg_span word)
{
    for (int r = TMG_ROLE_NONE + 1; r < TMG_ROLES; r++)
        if (tmg_span_is(word, role_names[r]))
            return (tmg_role)r;
    return TMG_ROLE_NONE;
}

const char *tmg_permission_name(tmg_permission p)
{
    return (unsigned)p < TMG_PERMISSIONS ? rights[p].name : "unknown";
}

bool tmg_role_may(tmg_role r, tmg_permission p)
{
    return r > TMG_ROLE_NONE && r < TMG_ROLES && (unsigned)p < TMG_PERMISSIONS &&
           (rights[p].roles >> r & 1u) != 0;
}

bool tmg_actor_sees(const tmg_actor *who, int64_t post_id)
{
    if (who->post_count == 0 || post_id == 0)
        return true;
    for (size_t i = 0; i < who->post_count && i < TMG_MAX_ACTOR_POSTS; i++)
        if (who->posts[i] == post_id)
            return true;
    return false;
}

tmg_rc tmg_guard_may(const tmg_actor *who, tmg_permission p, int64_t post_id, tmg_err *err)
{
    if (!tmg_role_may(who->role, p))
        return tmg_err_code(TMG_FAIL(err, TMG_E_DENIED,
                                     "the role %s does not have the right %s: ask someone whose role has it",
                                     tmg_role_name(who->role), tmg_permission_name(p)),
                            err, "right.role", "role=%s\nright=%s", tmg_role_name(who->role),
                            tmg_permission_name(p));
    if (!tmg_actor_sees(who, post_id))
        return tmg_err_named(
            TMG_FAIL(err, TMG_E_DENIED,
                     "%s is not allowed here: this account sees %zu post%s and this one is not among them",
                     tmg_permission_name(p), who->post_count, who->post_count == 1 ? "" : "s"),
            err, "right.post");
    return TMG_OK;
}

tmg_actor tmg_actor_console(void)
{
    tmg_actor a = {.role = TMG_ADMINISTRATOR, .from = "console"};
    char room[4096];
    struct passwd entry, *found = NULL;
    if (getpwuid_r(getuid(), &entry, room, sizeof room, &found) == 0 && found != NULL)
        snprintf(a.name, sizeof a.name, "os:%s", found->pw_name);
    else
        snprintf(a.name, sizeof a.name, "os:%u", (unsigned)getuid());
    snprintf(a.display, sizeof a.display, "%s", a.name);
    return a;
}
