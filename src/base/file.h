/* base/file.h - whole files: mapped for reading, written so that a crash leaves the old or the new one.
 *
 * Paths are UTF-8 texts as the system takes them; errors name the path and what the system said (TMG_E_IO, or
 * TMG_E_NOT_FOUND where there is no such file, TMG_E_INVALID where it is no file).  No hidden state: any thread.
 */
#ifndef TMG_BASE_FILE_H
#define TMG_BASE_FILE_H

#include "base/text.h"

typedef struct tmg_file {
    tmg_span bytes;
    void *map; /* private */
} tmg_file;

/* Maps a regular file read-only; an empty file gives an empty span.  Close with tmg_file_unmap. */
TMG_MUST_USE tmg_rc tmg_file_map(const char *path, tmg_file *ret, tmg_err *err);
void tmg_file_unmap(tmg_file *f);

/* The whole of a file (or of standard input for "-") appended to b; TMG_E_LIMIT when it passes b's maximum. */
TMG_MUST_USE tmg_rc tmg_file_read(const char *path, tmg_buf *b, tmg_err *err);
/* Writes to a temporary name beside it, fsyncs, renames, fsyncs the folder. */
TMG_MUST_USE tmg_rc tmg_file_write(const char *path, tmg_span bytes, unsigned mode, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_dir_make(const char *path, unsigned mode, tmg_err *err); /* with parents; existing is fine */
bool tmg_path_exists(const char *path);
/* "a/b" in the arena. */
const char *tmg_path_join(tmg_arena *a, const char *dir, const char *name);

#endif
