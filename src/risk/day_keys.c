#include "base/hash.h"
#include "risk/selections_priv.h"
#include "risk/wide_priv.h"

enum { KEY_LEN = 32, DRAWS = 1000000000 };

tmg_rc tmg_day_key_read(tmg_db *db, int32_t day, uint8_t ret_key[32], bool *ret_there, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;
    TMG_TRY(tmg_sql(db, "SELECT key FROM day_key WHERE day = $1", &s, err));
    tmg_bind_i64(s, 1, day);
    TMG_TRY(tmg_step(s, &row, err));
    *ret_there = row;
    if (!row)
        return TMG_OK;
    tmg_span key = tmg_col_blob(s, 0);
    if (key.len == KEY_LEN)
        memcpy(ret_key, key.ptr, KEY_LEN);
    tmg_rc rc =
        key.len == KEY_LEN ? TMG_OK : TMG_FAIL(err, TMG_E_STORE, "the stored key of day %d is damaged", day);
    tmg_reset(s);
    return rc;
}

tmg_rc tmg_day_key(tmg_db *db, int32_t day, uint8_t ret_key[32], bool *ret_new, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool there = false;
    TMG_TRY(tmg_day_key_read(db, day, ret_key, &there, err));
    *ret_new = !there;
    if (there)
        return TMG_OK;
    tmg_random(ret_key, KEY_LEN);
    TMG_TRY(tmg_sql(db, "INSERT INTO day_key (day, key) VALUES ($1, $2)", &s, err));
    tmg_bind_i64(s, 1, day);
    tmg_bind_blob(s, 2, (tmg_span){(const char *)ret_key, KEY_LEN});
    return tmg_exec(s, err);
}

static int64_t draw_of(const tmg_sha256 *mac)
{
    uint64_t first = 0;

    for (int i = 0; i < 8; i++)
        first = first << 8 | mac->b[i];
    return (int64_t)((tmg_uwide)(first >> 1) * DRAWS >> 63);
}

int64_t tmg_day_draw(const uint8_t key[32], tmg_span ref)
{
    tmg_sha256 mac = tmg_hmac_sha256(key, KEY_LEN, ref.len > 0 ? ref.ptr : "", ref.len);

    return draw_of(&mac);
}

int64_t tmg_day_rule_draw(const uint8_t key[32], tmg_span ref)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, ref.len + 16);
    tmg_buf_span(&b, ref);
    tmg_buf_z(&b, "\nrule");
    tmg_sha256 mac = tmg_hmac_sha256(key, KEY_LEN, b.ptr, b.len);

    return draw_of(&mac);
}
