/* cli/rules_cli.h - what the commands about rules and lists share. */
#ifndef TMG_CLI_RULES_CLI_H
#define TMG_CLI_RULES_CLI_H

#include "app/back_test.h"
#include "cli/cli.h"

/* The account of that name, signed in with the password on standard input; NULL: whoever runs the command, in the role
 * that belongs to it. */
TMG_MUST_USE tmg_rc tmg_act_as(tmg_centre *c, const char *name, tmg_role otherwise, tmg_actor *ret, tmg_err *err);
/* Is this a verb of `tamga rule` that works with a centre? */
bool tmg_rule_life_has(const char *verb);
tmg_rc cmd_rule_life(int argc, char **argv, tmg_err *err);

TMG_MUST_USE tmg_rc tmg_print_rules(tmg_centre *c, const char *state, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_print_rule(tmg_centre *c, const char *name, int32_t version, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_print_board(tmg_centre *c, const char *from, const char *to, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_print_back_test(tmg_span report, tmg_err *err);

#endif
