/* The workflows of the office, held against what this program makes of them. */
#include "app/casework_priv.h"

static const char *const none[] = {NULL};
static const char *const order_states[] = {"issued", "accepted", "working", "result", "withdrawn", NULL};
static const char *const order_arrows[] = {"start", "enter_result", "inspect_again", "withdraw", NULL};
static const char *const target_states[] = {"ordered", NULL};
static const char *const target_arrows[] = {"order",         "close_hit", "close_no_hit",
                                            "inspect_again", "withdraw",  NULL};
static const char *const incident_states[] = {"closed", NULL};
static const char *const case_states[] = {"referred", "closed", NULL};
static const char *const dispatch_states[] = {"ordered", NULL};
static const char *const dispatch_arrows[] = {"order", NULL};

static const tmg_flow_need needs[] = {{"order", order_states, order_arrows},
                                      {"target", target_states, target_arrows},
                                      {"evidence", none, none},
                                      {"incident", incident_states, none},
                                      {"case", case_states, none},
                                      {"dispatch", dispatch_states, dispatch_arrows}};

tmg_rc tmg_workflows_read(const char *folder, tmg_flows **ret, tmg_err *err)
{
    TMG_TRY(tmg_flows_read(folder, tmg_flow_known, tmg_flow_known_count, ret, err));
    tmg_rc rc = tmg_flows_need(*ret, needs, sizeof needs / sizeof needs[0], err);
    if (rc != TMG_OK) {
        tmg_flows_free(*ret);
        *ret = NULL;
    }
    return rc;
}
