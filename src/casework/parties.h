/* casework/parties.h - the traders of a case: consignor, carrier, declarant and their like.
 *
 * A party of a case is one of the registry that declarations made, by its code; a person who is suspected is
 * never written down here but as a suspect.  Taking a party out keeps it with who did it and why.  Each
 * change checks need-to-know and that the case is not over, and appends its leaf inside the caller's
 * transaction. Ownership: what is read lives in the arena.  Thread rule: the connection's thread.
 */
#ifndef TMG_CASEWORK_PARTIES_H
#define TMG_CASEWORK_PARTIES_H

#include "casework/casework.h"

typedef struct tmg_case_party {
    int64_t id, case_id, party_id, at_ms, account_id, ended_ms, ended_by; /* TMG_NONE: not ended */
    tmg_span role, code, name, country, end_reason;
} tmg_case_party;

/* Of the case and of those merged into it, ended ones too, in the order of their coming. */
TMG_MUST_USE tmg_rc tmg_case_party_list(tmg_db *db, int64_t case_id, tmg_arena *a, tmg_case_party **ret,
                                        size_t *ret_count, tmg_err *err);
/* Those whom the declarations of the case's consignments name and who are not in it in that role; id is 0. */
TMG_MUST_USE tmg_rc tmg_case_party_offers(tmg_db *db, int64_t case_id, tmg_arena *a, tmg_case_party **ret,
                                          size_t *ret_count, tmg_err *err);
/* role: of the code list "party_role".  TMG_E_NOT_FOUND when the registry has no party of this code,
 * TMG_E_CONFLICT when it is in the case in that role already. */
TMG_MUST_USE tmg_rc tmg_case_party_add(const tmg_code_lists *codes, tmg_db *db, const tmg_actor *who,
                                       int64_t case_id, tmg_span code, tmg_span role, tmg_err *err);
/* Adds every offered one. */
TMG_MUST_USE tmg_rc tmg_case_party_add_offered(const tmg_code_lists *codes, tmg_db *db, const tmg_actor *who,
                                               int64_t case_id, tmg_err *err);
/* Takes one out; TMG_E_NOT_FOUND when the case has none of this id that is in force. */
TMG_MUST_USE tmg_rc tmg_case_party_end(tmg_db *db, const tmg_actor *who, int64_t case_id, int64_t id,
                                       tmg_span reason, tmg_err *err);

/* Parties of the registry whose code begins with these words or whose name holds them; id and role are empty.
 */
TMG_MUST_USE tmg_rc tmg_party_find(tmg_db *db, tmg_span words, size_t most, tmg_arena *a,
                                   tmg_case_party **ret, size_t *ret_count, tmg_err *err);

#endif
