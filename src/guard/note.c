#include "guard/note_priv.h"

#include <sodium.h>

enum { ALG_ED25519 = 1, SEED = crypto_sign_SEEDBYTES, MAX_NOTE = 1 << 20, MAX_SIGNATURES = 100 };
#define DASH "\xe2\x80\x94 " /* em dash and space begin a signature line */

/* Every use begins with a key, so whoever makes or reads one starts the library; again costs next to nothing.
 */
static void start_sodium(void)
{
    if (sodium_init() < 0)
        abort();
}

static uint32_t be32(const uint8_t *b)
{
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static void put_be32(uint8_t *b, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        b[i] = (uint8_t)(v >> (24 - 8 * i));
}

static uint32_t key_hash(const tmg_note_key *k)
{
    uint8_t in[sizeof k->name + 2 + sizeof k->public_key];
    size_t n = strlen(k->name);
    memcpy(in, k->name, n);
    in[n++] = '\n';
    in[n++] = ALG_ED25519;
    memcpy(in + n, k->public_key, sizeof k->public_key);
    tmg_sha256 h = tmg_sha256_of(in, n + sizeof k->public_key);
    return be32(h.b);
}

bool tmg_note_name_fits(tmg_span name)
{
    if (name.len == 0 || name.len >= sizeof((tmg_note_key *)0)->name || !tmg_utf8_valid(name))
        return false;
    for (size_t i = 0; i < name.len; i++)
        if ((unsigned char)name.ptr[i] <= ' ' || name.ptr[i] == '+' || name.ptr[i] == 0x7f)
            return false;
    return true;
}

/* Both written forms end alike: name+hash+base64(0x01||32 bytes). */
static bool read_parts(tmg_span rest, tmg_note_key *k, uint8_t bytes[32])
{
    tmg_span name, hash;
    uint8_t key[33], hash_bytes[4];
    size_t len = 0;
    if (!tmg_span_split(&rest, '+', &name) || !tmg_note_name_fits(name) ||
        !tmg_span_split(&rest, '+', &hash) || !tmg_hex_read(hash, hash_bytes, sizeof hash_bytes) ||
        !tmg_base64_read(rest, key, sizeof key, &len) || len != sizeof key || key[0] != ALG_ED25519)
        return false;
    memcpy(k->name, name.ptr, name.len);
    k->hash = be32(hash_bytes);
    memcpy(bytes, key + 1, 32);
    sodium_memzero(key, sizeof key);
    return true;
}

static void write_parts(const tmg_note_key *k, const uint8_t bytes[32], tmg_buf *b)
{
    uint8_t key[33] = {ALG_ED25519};
    memcpy(key + 1, bytes, 32);
    tmg_buf_fmt(b, "%s+%08x+", k->name, k->hash);
    tmg_base64_write(b, key, sizeof key);
    sodium_memzero(key, sizeof key);
}

tmg_rc tmg_note_vkey_read(tmg_span vkey, tmg_note_key *ret, tmg_err *err)
{
    tmg_note_key k = {0};
    start_sodium();
    if (!read_parts(tmg_span_trim(vkey), &k, k.public_key) || k.hash != key_hash(&k))
        return TMG_FAIL(err, TMG_E_INVALID,
                        "the public key is not one: expected \"name+hash+base64\" as in keys/log.vkey");
    *ret = k;
    return TMG_OK;
}

void tmg_note_vkey_write(const tmg_note_key *k, tmg_buf *b)
{
    write_parts(k, k->public_key, b);
}

tmg_rc tmg_note_skey_read(tmg_span skey, tmg_note_key *ret, tmg_err *err)
{
    static const char prefix[] = "PRIVATE+KEY+";
    tmg_note_key k = {0};
    uint8_t seed[SEED];
    start_sodium();
    skey = tmg_span_trim(skey);
    bool good = tmg_span_starts(skey, prefix);
    if (good) {
        skey.ptr += sizeof prefix - 1;
        skey.len -= sizeof prefix - 1;
        good = read_parts(skey, &k, seed);
    }
    if (good) {
        crypto_sign_seed_keypair(k.public_key, k.secret_key, seed);
        sodium_memzero(seed, sizeof seed);
        good = k.hash == key_hash(&k);
    }
    if (!good) {
        sodium_memzero(&k, sizeof k);
        return TMG_FAIL(err, TMG_E_INVALID, "the signing key is damaged: put keys/log.key back from a copy");
    }
    *ret = k;
    sodium_memzero(&k, sizeof k);
    return TMG_OK;
}

void tmg_note_skey_write(const tmg_note_key *k, tmg_buf *b)
{
    uint8_t seed[SEED];
    crypto_sign_ed25519_sk_to_seed(seed, k->secret_key);
    tmg_buf_z(b, "PRIVATE+KEY+");
    write_parts(k, seed, b);
    sodium_memzero(seed, sizeof seed);
}

void tmg_note_key_make(tmg_note_key *k, const char *name)
{
    start_sodium();
    *k = (tmg_note_key){0};
    snprintf(k->name, sizeof k->name, "%s", name);
    crypto_sign_keypair(k->public_key, k->secret_key);
    k->hash = key_hash(k);
}

void tmg_note_sign(const tmg_note_key *k, tmg_span text, tmg_buf *note)
{
    uint8_t sig[4 + crypto_sign_BYTES];
    put_be32(sig, k->hash);
    crypto_sign_detached(sig + 4, NULL, (const uint8_t *)text.ptr, text.len, k->secret_key);
    tmg_buf_span(note, text);
    tmg_buf_fmt(note, "\n" DASH "%s ", k->name);
    tmg_base64_write(note, sig, sizeof sig);
    tmg_buf_char(note, '\n');
}

/* The text runs up to and with the line end before the last blank line. */
static bool cut_note(tmg_span note, tmg_span *ret_text, tmg_span *ret_signatures)
{
    for (size_t i = note.len; i >= 2; i--) {
        if (note.ptr[i - 1] != '\n' || note.ptr[i - 2] != '\n')
            continue;
        *ret_text = (tmg_span){note.ptr, i - 1};
        *ret_signatures = (tmg_span){note.ptr + i, note.len - i};
        return ret_signatures->len > 0 && note.ptr[note.len - 1] == '\n';
    }
    return false;
}

static bool plain_text(tmg_span s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] < ' ' && s.ptr[i] != '\n')
            return false;
    return tmg_utf8_valid(s);
}

typedef enum verdict { NOT_OURS, GOOD, BAD, MALFORMED } verdict;

static verdict judge_line(const tmg_note_key *k, tmg_span line, tmg_span text)
{
    const size_t dash = sizeof DASH - 1;
    uint8_t sig[512];
    size_t len = 0;
    tmg_span name;
    if (!tmg_span_starts(line, DASH))
        return MALFORMED;
    tmg_span rest = {line.ptr + dash, line.len - dash};
    if (!tmg_span_split(&rest, ' ', &name) || !tmg_note_name_fits(name) ||
        !tmg_base64_read(rest, sig, sizeof sig, &len) || len < 5)
        return MALFORMED;
    if (!tmg_span_is(name, k->name) || be32(sig) != k->hash)
        return NOT_OURS;
    if (len != 4 + crypto_sign_BYTES ||
        crypto_sign_verify_detached(sig + 4, (const uint8_t *)text.ptr, text.len, k->public_key) != 0)
        return BAD;
    return GOOD;
}

tmg_rc tmg_note_open(const tmg_note_key *k, tmg_span note, tmg_span *ret_text, tmg_err *err)
{
    tmg_span text, rest, line;
    bool signed_by_k = false;
    if (note.len > MAX_NOTE)
        return TMG_FAIL(err, TMG_E_LIMIT, "the note is longer than a mebibyte");
    if (!plain_text(note) || !cut_note(note, &text, &rest))
        return TMG_FAIL(err, TMG_E_INVALID,
                        "this is not a signed note: expected text, a blank line, signatures");
    rest.len--; /* the last line end ends a line and begins none */
    for (int i = 0; tmg_span_split(&rest, '\n', &line); i++) {
        verdict v = i < MAX_SIGNATURES ? judge_line(k, line, text) : MALFORMED;
        if (v == MALFORMED)
            return TMG_FAIL(err, TMG_E_INVALID, "signature line %d of the note is malformed", i + 1);
        if (v == BAD)
            return TMG_FAIL(err, TMG_E_INVALID, "the signature of %s is wrong: the note was changed",
                            k->name);
        signed_by_k = signed_by_k || v == GOOD;
    }
    if (!signed_by_k)
        return TMG_FAIL(err, TMG_E_INVALID, "the note is not signed by the key %s+%08x", k->name, k->hash);
    *ret_text = text;
    return TMG_OK;
}

void tmg_checkpoint_write(tmg_buf *b, const char *origin, uint64_t size, const tmg_sha256 *root)
{
    tmg_buf_fmt(b, "%s\n%llu\n", origin, (unsigned long long)size);
    tmg_base64_write(b, root->b, sizeof root->b);
    tmg_buf_char(b, '\n');
}

static bool canonical_size(tmg_span s, uint64_t *ret)
{
    int64_t v = 0;
    if (!tmg_span_i64(s, &v) || v < 0 || s.ptr[0] == '-' || (s.len > 1 && s.ptr[0] == '0'))
        return false;
    *ret = (uint64_t)v;
    return true;
}

tmg_rc tmg_checkpoint_read(tmg_span text, tmg_span *ret_origin, uint64_t *ret_size, tmg_sha256 *ret_root,
                           tmg_err *err)
{
    tmg_span rest = text, origin, size, root;
    uint8_t bytes[TMG_SHA256_LEN];
    uint64_t n = 0;
    size_t len = 0;
    if (text.len == 0 || text.ptr[text.len - 1] != '\n' || !tmg_span_split(&rest, '\n', &origin) ||
        origin.len == 0 || !tmg_span_split(&rest, '\n', &size) || !canonical_size(size, &n) ||
        !tmg_span_split(&rest, '\n', &root) || !tmg_base64_read(root, bytes, sizeof bytes, &len) ||
        len != sizeof bytes)
        return TMG_FAIL(err, TMG_E_INVALID,
                        "this is not a checkpoint: expected the lines origin, size and root");
    *ret_origin = origin;
    *ret_size = n;
    memcpy(ret_root->b, bytes, sizeof bytes);
    return TMG_OK;
}
