#include "base/file.h"
#include "cli/cli.h"

#include <sys/mman.h>
#include <unistd.h>

enum { STDIN_MAX = 1 << 30, INBOX_EVERY_S = 3 };

typedef struct bar {
    const char *name;
    tmg_span bytes;
    size_t forgotten;
    bool mapped;
} bar;

/* What is imported already needs no memory any more: a mapped file is given back page by page. */
static void progress(void *ctx, size_t done, size_t of, const tmg_source_counts *counts)
{
    enum { PAGE = 4096 };
    bar *b = ctx;
    size_t upto = done / PAGE * PAGE;

    if (b->mapped && upto > b->forgotten) {
        (void)madvise((void *)(uintptr_t)(b->bytes.ptr + b->forgotten), upto - b->forgotten, MADV_DONTNEED);
        b->forgotten = upto;
    }
    tmg_progress(b->name, done, of, counts);
}

static tmg_rc import_bytes(tmg_centre *c, tmg_import_options *o, bar *b, tmg_import_summary *ret,
                           tmg_err *err)
{
    tmg_actor who = tmg_actor_console();
    tmg_rc rc;

    o->progress = progress;
    o->progress_ctx = b;
    rc = tmg_import(c, &who, b->bytes, o, ret, err);
    tmg_progress_end();
    return rc;
}

tmg_rc tmg_import_path(tmg_centre *c, const char *path, const char *format, const char *mapping,
                       bool make_posts, tmg_import_summary *ret, tmg_err *err)
{
    bool standard_input = strcmp(path, "-") == 0;
    const char *slash = strrchr(path, '/');
    bar b = {.name = standard_input  ? "standard input"
                     : slash != NULL ? slash + 1
                                     : path,
             .mapped = !standard_input};
    tmg_import_options o = {
        .intake = {.format = format, .mapping = mapping, .file_name = standard_input ? NULL : path},
        .source_name = b.name,
        .make_posts = make_posts};
    tmg_sha256 hash;
    tmg_file file;
    tmg_rc rc;

    if (standard_input) {
        TMG_AUTO_BUF all = {0};

        tmg_buf_init(&all, STDIN_MAX);
        TMG_TRY(tmg_file_read("-", &all, err));
        b.bytes = tmg_buf_as_span(&all);
        return import_bytes(c, &o, &b, ret, err);
    }
    TMG_TRY(tmg_sha256_file(path, &hash, err));
    TMG_TRY(tmg_file_map(path, &file, err));
    b.bytes = file.bytes;
    o.input_hash = &hash;
    rc = import_bytes(c, &o, &b, ret, err);
    tmg_file_unmap(&file);
    return rc;
}

static void print_summary(const char *path, const tmg_import_summary *s, int64_t us)
{
    printf("%s: %lld accepted (%lld of them amendments), %lld unchanged, %lld in quarantine; %lld control "
           "results; %lld remarks; "
           "%.1f s\n",
           path, (long long)s->counts.accepted, (long long)s->counts.amended, (long long)s->counts.unchanged,
           (long long)s->counts.quarantined, (long long)s->results, (long long)s->remarks, (double)us / 1e6);
    if (s->counts.quarantined > 0)
        puts("`tamga quarantine` lists what was set aside, with the reasons.");
}

tmg_rc cmd_import(int argc, char **argv, tmg_err *err)
{
    enum { HOME, FORMAT, MAPPING, MAKE_POSTS };
    tmg_option o[] = {
        {"home", "FOLDER", "the centre", NULL},
        {"format", "FORMAT", "csv, jsonl, mapped or asycuda; guessed when not given", NULL},
        {"mapping", "NAME", "korea, bacuda, or the path of a mapping file, for foreign CSV", NULL},
        {"make-posts", NULL, "offices that the centre does not know become posts (with --mapping: always)",
         NULL}};
    TMG_AUTO_CENTRE c = NULL;
    bool learned = false;
    int n;

    TMG_TRY(tmg_args(argc, argv, o, 4, 1, 1000, &n, err));
    TMG_TRY(tmg_open_here(o[HOME].given, &c, err));
    for (int i = 1; i <= n; i++) {
        tmg_import_summary s;
        int64_t from = tmg_tick_us();

        TMG_TRY(tmg_import_path(c, argv[i], o[FORMAT].given, o[MAPPING].given,
                                o[MAKE_POSTS].given != NULL || o[MAPPING].given != NULL, &s, err));
        print_summary(argv[i], &s, tmg_tick_us() - from);
        learned = learned || s.results > 0;
    }
    if (learned) {
        tmg_actor who = tmg_actor_console();

        TMG_TRY(tmg_calibrate(c, &who, err));
    }
    return TMG_OK;
}

static void told(void *ctx, const char *line)
{
    (void)ctx;
    fputs(line, stdout);
    fflush(stdout);
}

tmg_rc cmd_watch(int argc, char **argv, tmg_err *err)
{
    enum { HOME, ONCE };
    tmg_option o[] = {{"home", "FOLDER", "the centre", NULL}, {"once", NULL, "look once and end", NULL}};
    tmg_actor who = tmg_actor_console();
    TMG_AUTO_CENTRE c = NULL;
    int n;

    TMG_TRY(tmg_args(argc, argv, o, 2, 0, 0, &n, err));
    TMG_TRY(tmg_open_here(o[HOME].given, &c, err));
    if (tmg_centre_settings(c)->inbox == NULL)
        return TMG_FAIL(err, TMG_E_CONFLICT,
                        "this centre has no inbox: set inbox = yes in section [intake] of tamga.ini");
    for (;;) {
        TMG_TRY(tmg_inbox_scan(c, &who, told, NULL, err));
        if (o[ONCE].given != NULL)
            return TMG_OK;
        sleep(INBOX_EVERY_S);
    }
}
