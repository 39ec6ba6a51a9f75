#include "cli/cli.h"

#include <stdarg.h>
#include <unistd.h>

enum { BAR = 30 };

static bool bar_shown;

void tmg_progress(const char *what, size_t done, size_t of, const tmg_source_counts *counts)
{
    int filled = of == 0 ? BAR : (int)(done * BAR / of);

    if (!isatty(STDERR_FILENO))
        return;
    fprintf(stderr, "\r%-24.24s [", what);
    for (int i = 0; i < BAR; i++)
        fputc(i < filled ? '#' : '.', stderr);
    fprintf(stderr, "] %3d %%", of == 0 ? 100 : (int)(done * 100 / of));
    if (counts != NULL)
        fprintf(stderr, "  %lld in, %lld aside ", (long long)(counts->accepted + counts->unchanged),
                (long long)counts->quarantined);
    fflush(stderr);
    bar_shown = true;
}

void tmg_progress_end(void)
{
    if (bar_shown)
        fputs("\r\033[K", stderr);
    bar_shown = false;
}

void tmg_progress_done(const char *what, const char *fmt, ...)
{
    va_list args;

    tmg_progress_end();
    printf("  %-22s ", what);
    va_start(args, fmt);
    vprintf(fmt, args);
    va_end(args);
    putchar('\n');
    fflush(stdout);
}
