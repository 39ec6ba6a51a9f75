/* From start to stop of `tamga serve`. */
#include "web/web.h"

#include "base/file.h"
#include "web/site_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/file.h>
#include <unistd.h>

enum { LOOPS = 2, MOST_LOOPS = 16, READERS = 2, GRACE_MS = 5000, TICK_S = 60 };
enum { INBOX_PAUSES = 10, INBOX_PAUSE_NS = 200000000 };
enum { SIGN_INS_AT_ONCE = 20, SIGN_INS_A_MINUTE = 10 };

/* Held while it serves; the kernel lets go of it even when the process is killed. */
typedef struct claim {
    int fd;
    char pid_path[512], port_path[512];
} claim;

static tmg_rc take_claim(const char *home, claim *ret, tmg_err *err)
{
    claim c;
    char text[32] = "";
    int n;

    (void)snprintf(c.pid_path, sizeof c.pid_path, "%s/serve.pid", home);
    n = snprintf(c.port_path, sizeof c.port_path, "%s/serve.port", home);
    if (n < 0 || (size_t)n >= sizeof c.port_path)
        return TMG_FAIL(err, TMG_E_INVALID,
                        "the folder's path is longer than 500 bytes: choose a shorter one");
    c.fd = open(c.pid_path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (c.fd < 0)
        return TMG_FAIL(err, TMG_E_IO, "%s cannot be written (%s)", c.pid_path, strerror(errno));
    if (flock(c.fd, LOCK_EX | LOCK_NB) != 0) {
        (void)!read(c.fd, text, sizeof text - 1);
        close(c.fd);
        return TMG_FAIL(err, TMG_E_CONFLICT,
                        "this centre is served already by process %d: stop it first, or use that one",
                        (int)strtol(text, NULL, 10));
    }
    *ret = c;
    return TMG_OK;
}

static tmg_rc publish_claim(const claim *c, int port, tmg_err *err)
{
    char text[32];
    int n = snprintf(text, sizeof text, "%d\n", port);

    TMG_TRY(tmg_file_write(c->port_path, (tmg_span){text, (size_t)n}, 0644, err));
    n = snprintf(text, sizeof text, "%d\n", (int)getpid());
    if (ftruncate(c->fd, 0) != 0 || pwrite(c->fd, text, (size_t)n, 0) != n)
        return TMG_FAIL(err, TMG_E_IO, "%s cannot be written (%s)", c->pid_path, strerror(errno));
    return TMG_OK;
}

static void drop_claim(const claim *c)
{
    (void)unlink(c->port_path);
    (void)unlink(c->pid_path);
    close(c->fd);
}

static tmg_rc open_reader(void *ctx, tmg_db **ret, tmg_err *err)
{
    return tmg_centre_reader(ctx, ret, err);
}

/* The source row of the HTTP door is made in a job of its own: one that fails would take it back. */
static tmg_rc begin_source(void *ctx, tmg_db *db, tmg_err *err)
{
    tmg_site *s = ctx;
    int64_t id;

    TMG_TRY(tmg_api_source(s->centre, db, &id, err));
    return tmg_tick(s->centre, db, err);
}

/* Installed beside the shipped configuration, or built in the source beside it. */
static tmg_rc read_front(tmg_site *s, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    const char *share = tmg_centre_settings(s->centre)->share;

    TMG_TRY(tmg_front_read(tmg_path_join(a, share, "ui"), &s->front, err));
    if (s->front != NULL)
        return TMG_OK;
    return tmg_front_read(tmg_path_join(a, share, "../ui/dist"), &s->front, err);
}

typedef struct own_job {
    tmg_write_work work;
    void *ctx;
} own_job;

static tmg_rc do_own(tmg_site *s, void *ctx, tmg_db *db, tmg_err *err)
{
    const own_job *j = ctx;

    (void)s;
    return j->work(j->ctx, db, err);
}

/* A job that the centre gives itself; its events are told after its commit like all others. */
static void take_job(void *ctx, tmg_write_work work, void *work_ctx)
{
    own_job *j = tmg_xcalloc(1, sizeof *j);

    *j = (own_job){work, work_ctx};
    tmg_site_write(ctx, do_own, j, free);
}

static tmg_rc start_site(tmg_site *s, tmg_err *err)
{
    TMG_TRY(read_front(s, err));
    s->started_ms = tmg_now_ms();
    s->hub = tmg_hub_new();
    s->metrics = tmg_metrics_new(TMG_ROUTE_COUNT);
    s->sign_ins = tmg_limit_new(SIGN_INS_AT_ONCE, SIGN_INS_A_MINUTE);
    tmg_centre_listen(s->centre, tmg_hub_hear, s->hub);
    tmg_centre_jobs(s->centre, take_job, s);
    TMG_TRY(tmg_centre_start_writer(s->centre, &s->writer, err));
    TMG_TRY(tmg_writer_run(s->writer, begin_source, s, err));
    TMG_TRY(tmg_pool_start(READERS, open_reader, s->centre, &s->readers, err));
    TMG_TRY(tmg_pool_start(1, open_reader, s->centre, &s->trials, err));
    TMG_TRY(tmg_pool_start(1, NULL, NULL, &s->passwords, err));
    return tmg_pool_start(1, NULL, NULL, &s->imports, err);
}

static tmg_rc tick(tmg_site *s, void *ctx, tmg_db *db, tmg_err *err)
{
    tmg_source_counts counts;
    int64_t id;

    (void)ctx;
    TMG_TRY(tmg_tick(s->centre, db, err));
    TMG_TRY(tmg_api_source(s->centre, db, &id, err));
    counts.amended = (int64_t)tmg_metrics_taken(s->metrics, TMG_TAKEN_AMENDED);
    counts.accepted = (int64_t)tmg_metrics_taken(s->metrics, TMG_TAKEN_NEW) + counts.amended;
    counts.unchanged = (int64_t)tmg_metrics_taken(s->metrics, TMG_TAKEN_UNCHANGED);
    counts.quarantined = (int64_t)tmg_metrics_taken(s->metrics, TMG_TAKEN_QUARANTINED);
    return tmg_source_update(db, id, &counts, TMG_NONE, err);
}

static tmg_rc nothing(tmg_site *s, void *ctx, tmg_db *db, tmg_err *err)
{
    (void)s;
    (void)ctx;
    (void)db;
    (void)err;
    return TMG_OK;
}

static void told(void *ctx, const char *line)
{
    bool *any = ctx;

    *any = true;
    tmg_log(TMG_LOG_INFO, "inbox", "file taken", "what=\"%s\"", line);
}

typedef struct inbox {
    tmg_site *site;
    pthread_t thread;
    atomic_bool ending;
} inbox;

static void *watch_inbox(void *arg)
{
    inbox *in = arg;
    const struct timespec pause = {0, INBOX_PAUSE_NS};
    tmg_actor who = tmg_actor_console();

    for (unsigned n = 0; !atomic_load(&in->ending); n++) {
        bool any = false;
        tmg_err err;

        nanosleep(&pause, NULL);
        if (n % INBOX_PAUSES != 0)
            continue;
        if (tmg_inbox_scan(in->site->centre, &who, told, &any, &err) != TMG_OK)
            tmg_log(TMG_LOG_WARN, "inbox", "the folder could not be read", "why=\"%s\"", err.text);
        if (any) /* publishes what the import told, now that it is committed */
            tmg_site_write(in->site, nothing, NULL, NULL);
    }
    return NULL;
}

/* Until one of both signals comes: what the clock asks for.  The watched folder has a thread of its own,
 * since a large file takes minutes. */
static tmg_rc wait_for_end(tmg_site *s, const sigset_t *signals, tmg_err *err)
{
    const struct timespec minute = {TICK_S, 0};
    inbox in = {.site = s};
    bool watched = tmg_centre_settings(s->centre)->inbox != NULL;

    if (watched && pthread_create(&in.thread, NULL, watch_inbox, &in) != 0)
        return TMG_FAIL(err, TMG_E_IO,
                        "the watched folder's thread cannot be started: allow this user more threads");
    while (sigtimedwait(signals, NULL, &minute) < 0)
        if (errno == EAGAIN)
            tmg_site_write(s, tick, NULL, NULL);
    atomic_store(&in.ending, true);
    if (watched)
        pthread_join(in.thread, NULL);
    return TMG_OK;
}

static void stop_site(tmg_site *s, tmg_http *http)
{
    atomic_store(&s->stopping, true);
    if (http != NULL)
        tmg_http_stop(http, GRACE_MS);
    if (s->imports != NULL)
        tmg_pool_stop(s->imports);
    if (s->passwords != NULL)
        tmg_pool_stop(s->passwords);
    if (s->trials != NULL)
        tmg_pool_stop(s->trials);
    if (s->readers != NULL)
        tmg_pool_stop(s->readers);
    if (s->writer != NULL)
        tmg_site_write(s, tick, NULL, NULL);
    tmg_centre_close(s->centre);
    s->writer = NULL;
    if (http != NULL)
        tmg_http_free(http);
    tmg_pool_free(s->imports);
    tmg_pool_free(s->passwords);
    tmg_pool_free(s->trials);
    tmg_pool_free(s->readers);
    tmg_hub_free(s->hub);
    tmg_metrics_free(s->metrics);
    tmg_limit_free(s->sign_ins);
    tmg_front_free(s->front);
}

static tmg_rc serve_site(tmg_site *s, const tmg_serve_options *o, const claim *claimed,
                         const sigset_t *signals, tmg_http **http, tmg_err *err)
{
    const tmg_settings *settings = tmg_centre_settings(s->centre);
    const char *host = o->host != NULL ? o->host : settings->listen_host;
    int loops = o->loops > 0 && o->loops <= MOST_LOOPS ? o->loops : LOOPS;
    tmg_http_app app = tmg_site_app(s);

    TMG_TRY(start_site(s, err));
    TMG_TRY(tmg_http_start(host, o->port >= 0 ? o->port : settings->listen_port, loops, &app, http, err));
    TMG_TRY(publish_claim(claimed, tmg_http_port(*http), err));
    if (!o->quiet) {
        bool v6 = strchr(host, ':') != NULL;

        printf("listening on http://%s%s%s:%d/\n", v6 ? "[" : "", host, v6 ? "]" : "", tmg_http_port(*http));
        (void)fflush(stdout);
    }
    return wait_for_end(s, signals, err);
}

tmg_rc tmg_serve(const char *home, const tmg_serve_options *o, tmg_err *err)
{
    tmg_site site = {0};
    tmg_http *http = NULL;
    sigset_t signals, before;
    claim claimed;

    if (!tmg_path_exists(home))
        return TMG_FAIL(err, TMG_E_NOT_FOUND,
                        "there is no centre in %s: make one with `tamga init` or `tamga demo`", home);
    TMG_TRY(take_claim(home, &claimed, err));
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, &before);
    (void)signal(SIGPIPE, SIG_IGN);

    tmg_rc rc = tmg_centre_open(home, &site.centre, err);

    if (rc == TMG_OK) {
        rc = serve_site(&site, o, &claimed, &signals, &http, err);
        stop_site(&site, http);
    }
    drop_claim(&claimed);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc;
}
