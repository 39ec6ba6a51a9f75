/* guard/note_priv.h - the secret form of a signing key, as it lies in <home>/keys/log.key. */
#ifndef TMG_GUARD_NOTE_PRIV_H
#define TMG_GUARD_NOTE_PRIV_H

#include "guard/merkle.h"

/* skey: "PRIVATE+KEY+name+hexhash+base64(0x01||seed)", the form that Go's sumdb/note reads and writes. */
TMG_MUST_USE tmg_rc tmg_note_skey_read(tmg_span skey, tmg_note_key *ret, tmg_err *err);
void tmg_note_skey_write(const tmg_note_key *k, tmg_buf *b);

/* Could it name a key? Not empty, no white space, no '+', at most 95 bytes. */
bool tmg_note_name_fits(tmg_span name);

#endif
