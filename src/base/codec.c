#include "base/hash.h"
#include "base/text_priv.h"

void tmg_hex_write(tmg_buf *b, const void *bytes, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *from = bytes;

    for (size_t i = 0; i < len; i++)
        tmg_buf_put(b, (char[2]){digits[from[i] >> 4], digits[from[i] & 15]}, 2);
}

/* Value of a hexadecimal digit, 16 or more when it is none. */
static unsigned hex_digit(char c)
{
    unsigned decimal = (unsigned)(unsigned char)c - '0';
    unsigned letter = ((unsigned)(unsigned char)c | 0x20U) - 'a';

    return decimal <= 9 ? decimal : letter <= 5 ? letter + 10 : 16;
}

bool tmg_hex_read(tmg_span hex, void *ret_bytes, size_t len)
{
    unsigned char *to = ret_bytes;

    if (hex.len / 2 != len || hex.len % 2 != 0)
        return false;
    for (size_t i = 0; i < hex.len; i++)
        if (hex_digit(hex.ptr[i]) > 15)
            return false;
    for (size_t i = 0; i < len; i++)
        to[i] = (unsigned char)(hex_digit(hex.ptr[2 * i]) << 4 | hex_digit(hex.ptr[2 * i + 1]));
    return true;
}

static const char base64_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void tmg_base64_write(tmg_buf *b, const void *bytes, size_t len)
{
    const unsigned char *from = bytes;

    for (size_t i = 0; i < len; i += 3) {
        size_t here = len - i < 3 ? len - i : 3;
        unsigned v = (unsigned)from[i] << 16;
        char four[4];

        v |= here > 1 ? (unsigned)from[i + 1] << 8 : 0;
        v |= here > 2 ? (unsigned)from[i + 2] : 0;
        four[0] = base64_letters[v >> 18];
        four[1] = base64_letters[v >> 12 & 63];
        four[2] = '=';
        four[3] = '=';
        if (here > 1)
            four[2] = base64_letters[v >> 6 & 63];
        if (here > 2)
            four[3] = base64_letters[v & 63];
        tmg_buf_put(b, four, sizeof four);
    }
}

/* Value of a base64 letter, 64 when it is none. */
static unsigned base64_digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (unsigned)(c - 'A');
    if (c >= 'a' && c <= 'z')
        return (unsigned)(c - 'a') + 26;
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0') + 52;
    return c == '+' ? 62 : c == '/' ? 63 : 64;
}

bool tmg_base64_read(tmg_span text, void *ret_bytes, size_t room, size_t *ret_len)
{
    unsigned char *to = ret_bytes;
    size_t letters = text.len;
    unsigned held = 0;

    while (letters > 0 && text.len - letters < 2 && text.ptr[letters - 1] == '=')
        letters--;
    if (text.len % 4 != 0 || letters / 4 * 3 + letters % 4 * 3 / 4 > room)
        return false;
    for (size_t i = 0; i < letters; i++)
        if (base64_digit(text.ptr[i]) > 63)
            return false;
    /* Bits behind the last byte must be zero, or two texts would stand for the same bytes. */
    if (letters % 4 == 2 && (base64_digit(text.ptr[letters - 1]) & 15) != 0)
        return false;
    if (letters % 4 == 3 && (base64_digit(text.ptr[letters - 1]) & 3) != 0)
        return false;
    for (size_t i = 0; i < letters; i++) {
        held = held << 6 | base64_digit(text.ptr[i]);
        if (i % 4 != 0)
            *to++ = (unsigned char)(held >> (6 - 2 * (i % 4)));
    }
    *ret_len = letters / 4 * 3 + letters % 4 * 3 / 4;
    return true;
}
