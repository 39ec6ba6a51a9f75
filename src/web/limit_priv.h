/* How often one address may try: a bucket per address that fills again with time.  Any thread. */
#ifndef TMG_WEB_LIMIT_PRIV_H
#define TMG_WEB_LIMIT_PRIV_H

#include <stdbool.h>
#include <stdint.h>

typedef struct tmg_limit tmg_limit;

/* `burst` tries at once, then `per_minute`.  Addresses that share a slot of the table share a bucket. */
tmg_limit *tmg_limit_new(int burst, int per_minute);
void tmg_limit_free(tmg_limit *l);
/* Takes one try; false when none is left, with the seconds until there is one. */
bool tmg_limit_take(tmg_limit *l, const char *from, int64_t now_us, int *ret_wait_s);
void tmg_limit_give_back(tmg_limit *l, const char *from); /* the try was an honest one */

#endif
