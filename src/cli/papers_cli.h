/* cli/papers_cli.h - issuing a paper, shared by `tamga paper` and `tamga report`. */
#ifndef TMG_CLI_PAPERS_CLI_H
#define TMG_CLI_PAPERS_CLI_H

#include "app/papers.h"

/* Prepares, makes and enters a paper, writes it to `out` and says its pages and hash. */
TMG_MUST_USE tmg_rc tmg_issue_paper(tmg_centre *c, const tmg_actor *who, const tmg_paper_ask *ask,
                                    const char *out, tmg_err *err);

#endif
