/* base/file_priv.h - file descriptors, for the modules of this room that read files. */
#ifndef TMG_BASE_FILE_PRIV_H
#define TMG_BASE_FILE_PRIV_H

#include "base/file.h"

#include <sys/types.h>

void tmg_fd_close_p(int *fd); /* -1 is accepted */
#define TMG_AUTO_FD __attribute__((cleanup(tmg_fd_close_p)))

/* Opens a file for reading, TMG_E_NOT_FOUND when there is none; a folder is TMG_E_INVALID. */
TMG_MUST_USE tmg_rc tmg_fd_open_read(const char *path, int *ret, tmg_err *err);
/* read(2) that goes on after a signal. */
ssize_t tmg_fd_read(int fd, void *to, size_t room);

#endif
