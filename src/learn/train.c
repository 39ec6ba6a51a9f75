#include "base/file.h"
#include "learn/train_priv.h"
#include "learn/trees_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_SAID = 2000, MOST_LINE = 4096 };

/* ---- where the program is ---- */

tmg_rc tmg_train_find(char *ret_path, size_t room, tmg_err *err)
{
    /* Beside an installed tamga; beside the folder of the built one; from a test's folder. */
    static const char *const places[] = {"tamga-train", "../learn/tamga-train",
                                         "../../src/learn/tamga-train"};
    const char *named = getenv("TAMGA_TRAIN");
    char self[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
    char *slash;

    if (named != NULL) {
        if (access(named, X_OK) != 0 || strlen(named) >= room)
            return TMG_FAIL(err, TMG_E_NOT_FOUND, "TAMGA_TRAIN names %s, which cannot be run", named);
        (void)snprintf(ret_path, room, "%s", named);
        return TMG_OK;
    }
    self[len > 0 ? len : 0] = '\0';
    slash = strrchr(self, '/');
    if (slash != NULL)
        slash[1] = '\0';
    for (size_t i = 0; slash != NULL && i < sizeof places / sizeof *places; i++) {
        int n = snprintf(ret_path, room, "%s%s", self, places[i]);

        if (n > 0 && (size_t)n < room && access(ret_path, X_OK) == 0)
            return TMG_OK;
    }
    return TMG_FAIL(err, TMG_E_NOT_FOUND,
                    "this Tamga was built without XGBoost: install libxgboost-dev and build again, or name a "
                    "tamga-train in TAMGA_TRAIN; until then profiles and rules go on judging alone");
}

/* ---- the process ---- */

typedef struct child {
    pid_t pid;
    int ask, hear, complaint; /* its standard input, output and error; -1 when closed */
    tmg_buf line, said;       /* progress not yet ended by a line end; what it wrote to standard error */
} child;

static void close_end(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static tmg_rc make_pipes(int fds[3][2], tmg_err *err)
{
    /* Its input is a socket, because writing to a pipe whose reader died would end us too. */
    for (int i = 0; i < 3; i++)
        if ((i == 0 ? socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds[i])
                    : pipe2(fds[i], O_CLOEXEC)) != 0)
            return TMG_FAIL(err, TMG_E_IO, "training: no pipe to be had: %s", strerror(errno));
    return TMG_OK;
}

/* It gets nothing of this process but its three pipes and where libraries are found. */
static int spawn(const char *program, int fds[3][2], pid_t *ret)
{
    static char wait_policy[] = "OMP_WAIT_POLICY=passive", locale[] = "LC_ALL=C";
    char libraries[PATH_MAX];
    char *argv[] = {(char[]){"tamga-train"}, NULL};
    char *env[] = {wait_policy, locale, NULL, NULL};
    const char *where = getenv("LD_LIBRARY_PATH");
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, usual;
    int failed;

    if (where != NULL && snprintf(libraries, sizeof libraries, "LD_LIBRARY_PATH=%s", where) < PATH_MAX)
        env[2] = libraries;
    sigemptyset(&none);
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    sigaddset(&usual, SIGINT);
    sigaddset(&usual, SIGTERM);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, fds[0][0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, fds[1][1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files, fds[2][1], STDERR_FILENO);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    failed = posix_spawn(ret, program, &files, &attributes, argv, env);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return failed;
}

static tmg_rc start(const char *program, child *c, tmg_err *err)
{
    int fds[3][2] = {{-1, -1}, {-1, -1}, {-1, -1}};
    tmg_rc rc = make_pipes(fds, err);

    if (rc == TMG_OK) {
        int failed = spawn(program, fds, &c->pid);

        if (failed != 0)
            rc = TMG_FAIL(err, TMG_E_IO, "%s: cannot be started: %s", program, strerror(failed));
    }
    for (int i = 0; i < 3; i++) {
        close_end(&fds[i][i == 0 ? 0 : 1]);
        if (rc != TMG_OK)
            close_end(&fds[i][i == 0 ? 1 : 0]);
    }
    c->ask = fds[0][1];
    c->hear = fds[1][0];
    c->complaint = fds[2][0];
    return rc;
}

/* The request is smaller than a socket holds, so this never waits; a child that died at once is noticed by
 * its end. */
static void ask(child *c, tmg_span request)
{
    (void)send(c->ask, request.ptr, request.len, MSG_NOSIGNAL);
    close_end(&c->ask);
}

/* Whole lines of progress go to `watch`; false when it wants no more of it. */
static bool relay(child *c, tmg_train_watch *watch, void *ctx)
{
    tmg_span rest = tmg_buf_as_span(&c->line), line;
    const char *end = memrchr(rest.ptr, '\n', rest.len);
    size_t whole = end != NULL ? (size_t)(end - rest.ptr) : 0;
    bool go_on = true;
    TMG_AUTO_BUF tail = {0};

    if (end == NULL)
        return true;
    rest.len = whole;
    while (go_on && tmg_span_split(&rest, '\n', &line)) {
        tmg_train_progress p;

        if (watch != NULL && tmg_train_progress_read(line, &p, NULL) == TMG_OK)
            go_on = watch(ctx, &p);
    }
    tmg_buf_init(&tail, MOST_LINE);
    tmg_buf_put(&tail, c->line.ptr + whole + 1, c->line.len - whole - 1);
    tmg_buf_clear(&c->line);
    tmg_buf_span(&c->line, tmg_buf_as_span(&tail));
    return go_on;
}

/* What one pipe has to say; closes it at its end. */
static void drain(int *fd, tmg_buf *to)
{
    char bytes[1024];
    ssize_t n = read(*fd, bytes, sizeof bytes);

    if (n > 0)
        tmg_buf_put(to, bytes, (size_t)n);
    else if (n == 0 || errno != EINTR)
        close_end(fd);
}

static tmg_rc listen_to(child *c, const tmg_train_request *r, tmg_train_watch *watch, void *ctx, tmg_err *err)
{
    int64_t until_us = tmg_tick_us() + r->timeout_ms * 1000;

    while (c->hear >= 0 || c->complaint >= 0) {
        struct pollfd ears[2] = {{c->hear, POLLIN, 0}, {c->complaint, POLLIN, 0}};
        int64_t left_ms = (until_us - tmg_tick_us()) / 1000;

        if (left_ms <= 0)
            return TMG_FAIL(err, TMG_E_LIMIT,
                            "training took longer than the %lld s it may take and was stopped",
                            (long long)(r->timeout_ms / 1000));
        if (poll(ears, 2, left_ms > 60000 ? 60000 : (int)left_ms) < 0 && errno != EINTR)
            return TMG_FAIL(err, TMG_E_IO, "training: cannot wait for tamga-train: %s", strerror(errno));
        if (ears[0].revents != 0)
            drain(&c->hear, &c->line);
        if (ears[1].revents != 0)
            drain(&c->complaint, &c->said);
        if (!relay(c, watch, ctx))
            return TMG_FAIL(err, TMG_E_CONFLICT, "training was stopped");
    }
    return TMG_OK;
}

/* What its end means; the exit codes are those of tmg_rc_exit. */
static tmg_rc judge_end(const child *c, int status, tmg_err *err)
{
    tmg_span said = tmg_span_trim(tmg_buf_as_span(&c->said));

    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return TMG_OK;
    if (WIFSIGNALED(status))
        return TMG_FAIL(err, TMG_E_IO, "tamga-train was ended by signal %d (%s); is there enough memory?",
                        WTERMSIG(status), strsignal(WTERMSIG(status)));
    if (tmg_span_starts(said, "tamga-train: "))
        said = (tmg_span){said.ptr + 13, said.len - 13};
    if (WEXITSTATUS(status) >= 2 && WEXITSTATUS(status) <= 8 && said.len > 0)
        return TMG_FAIL(err, (tmg_rc)(1 - WEXITSTATUS(status)), "%.*s",
                        TMG_SPAN_ARG(tmg_utf8_cut(said, 400)));
    return TMG_FAIL(err, TMG_E_IO, "tamga-train ended with code %d: %.*s", WEXITSTATUS(status),
                    TMG_SPAN_ARG(tmg_utf8_cut(said, 400)));
}

static tmg_rc run_child(const char *program, const tmg_train_request *r, tmg_span request,
                        tmg_train_watch *watch, void *ctx, tmg_err *err)
{
    child c = {.ask = -1, .hear = -1, .complaint = -1};
    tmg_rc rc;
    int status = 0;

    TMG_TRY(start(program, &c, err));
    tmg_buf_init(&c.line, MOST_LINE);
    tmg_buf_init(&c.said, MOST_SAID);
    ask(&c, request);
    rc = listen_to(&c, r, watch, ctx, err);
    if (rc != TMG_OK)
        (void)kill(c.pid, SIGKILL);
    close_end(&c.hear);
    close_end(&c.complaint);
    while (waitpid(c.pid, &status, 0) < 0 && errno == EINTR)
        continue;
    if (rc == TMG_OK)
        rc = judge_end(&c, status, err);
    tmg_buf_done(&c.line);
    tmg_buf_done(&c.said);
    return rc;
}

tmg_rc tmg_train_run(const tmg_train_request *r, tmg_train_watch *watch, void *ctx, tmg_buf *ret_model,
                     tmg_err *err)
{
    TMG_AUTO_BUF request = {0};
    char program[PATH_MAX], model[PATH_MAX];
    tmg_rc rc;

    TMG_TRY(tmg_train_find(program, sizeof program, err));
    if (snprintf(model, sizeof model, "%s.ubj", r->matrix) >= PATH_MAX)
        return TMG_FAIL(err, TMG_E_INVALID, "%s: the path is too long", r->matrix);
    tmg_buf_init(&request, TMG_MAX_TRAIN_REQUEST);
    tmg_train_request_write(r, model, &request);
    rc = run_child(program, r, tmg_buf_as_span(&request), watch, ctx, err);
    if (rc == TMG_OK)
        rc = tmg_file_read(model, ret_model, err);
    (void)unlink(model);
    return rc;
}
