/* casework/case_may_priv.h - who may know of a case, as one condition for one case and for lists of them. */
#ifndef TMG_CASEWORK_CASE_MAY_PRIV_H
#define TMG_CASEWORK_CASE_MAY_PRIV_H

/* Is the case `id` with all that were merged into it open to `account` (SQL expressions) at instant $2?  Each
 * of them that is need-to-know must name the account; whom the kept case named after a merge, somebody named
 * who may read the whole, so that this counts for what was merged before. */
#define TMG_CASE_OPEN_TO(id, account)                                                                        \
    "NOT EXISTS (SELECT 1 FROM case_file m WHERE (m.id = " id " OR m.merged_into = " id ") AND "             \
    "coalesce(m.compartment, '') <> '' AND NOT EXISTS (SELECT 1 FROM case_access x WHERE "                   \
    "x.account_id = " account " AND x.from_ms <= $2 AND (x.until_ms IS NULL OR x.until_ms > $2) AND "        \
    "(x.case_id = m.id OR (x.case_id = " id " AND x.from_ms > (SELECT max(g.at_ms) FROM case_merge g "       \
    "WHERE g.merged_id = m.id AND g.undone_ms IS NULL)))))"

/* The same of a row `c` of case_file and account $1: a merged case may be read by whom it names, and by whom
 * the kept case is open to. */
#define TMG_CASE_KNOWN_TO                                                                                    \
    "(" TMG_CASE_OPEN_TO("c.id", "$1") " OR (c.merged_into IS NOT NULL AND " TMG_CASE_OPEN_TO(               \
        "c.merged_into", "$1") "))"

#endif
