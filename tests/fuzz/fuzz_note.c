/* Signed notes, keys and checkpoints come from strangers: any bytes must be answered, none may be believed.
 */
#include "guard/note_priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_what_opens(tmg_span text)
{
    tmg_span origin;
    uint64_t leaves;
    tmg_sha256 root;
    if (tmg_checkpoint_read(text, &origin, &leaves, &root, NULL) == TMG_OK &&
        (origin.len == 0 || origin.ptr < text.ptr || origin.ptr + origin.len > text.ptr + text.len))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char vkey[] = "tamga/test-centre+90f89310+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4";
    tmg_span input = {(const char *)data, size}, text;
    tmg_note_key known, read;
    if (tmg_note_vkey_read(tmg_span_of(vkey), &known, NULL) != TMG_OK)
        abort();
    if (tmg_note_open(&known, input, &text, NULL) == TMG_OK)
        check_what_opens(text);
    check_what_opens(input);
    if (tmg_note_vkey_read(input, &read, NULL) == TMG_OK) {
        TMG_AUTO_BUF again;
        tmg_buf_init(&again, 4096);
        tmg_note_vkey_write(&read, &again);
        if (tmg_note_vkey_read(tmg_buf_as_span(&again), &known, NULL) != TMG_OK ||
            memcmp(known.public_key, read.public_key, sizeof read.public_key) != 0)
            abort();
    }
    if (tmg_note_skey_read(input, &read, NULL) == TMG_OK && !tmg_note_name_fits(tmg_span_of(read.name)))
        abort();
    return 0;
}
