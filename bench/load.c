/* An open-loop load generator for POST /api/declarations.
 *
 *   tamga-load PORT NAME PASSWORD DECLARATIONS.jsonl [RATE 200] [SECONDS 20] [CONNECTIONS 8]
 *
 * Requests are due at fixed instants, whatever the answers do; the time of each counts from the instant at
 * which it was due, so that a server that stalls is charged for everything that had to wait (no coordinated
 * omission).  Every request lodges a declaration with a reference of its own; the lines of the file are taken
 * in turn. */
#include "base/text.h"
#include "base/time.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST_CONNECTIONS = 64, MOST_LINES = 10000, ANSWER = 1 << 18 };

typedef struct connection {
    int fd;
    bool busy;
    int64_t due_us;
    size_t got;
    char answer[ANSWER];
} connection;

static connection connections[MOST_CONNECTIONS];
static char *lines[MOST_LINES];
static char cookie[256], csrf[128];

static void die(const char *why)
{
    (void)fprintf(stderr, "tamga-load: %s\n", why);
    exit(1);
}

static int dial(int port)
{
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int on = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0)
        die("cannot connect");
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

static void send_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);

        if (n <= 0)
            die("the server closed a connection");
        bytes += n;
        len -= (size_t)n;
    }
}

/* Length of the whole answer in the buffer, 0 when it is not complete. */
static size_t answer_length(const char *bytes, size_t len)
{
    const char *end = memmem(bytes, len, "\r\n\r\n", 4);
    const char *length = end != NULL ? memmem(bytes, (size_t)(end - bytes), "Content-Length: ", 16) : NULL;

    if (length == NULL)
        return 0;
    size_t whole = (size_t)(end - bytes) + 4 + strtoul(length + 16, NULL, 10);

    return whole <= len ? whole : 0;
}

static void copy_between(const char *text, const char *before, char end, char *ret, size_t room)
{
    const char *from = strstr(text, before);
    const char *to = from != NULL ? strchr(from + strlen(before), end) : NULL;

    if (to == NULL)
        die("the answer to the sign-in is not understood");
    from += strlen(before);
    (void)snprintf(ret, room, "%.*s", (int)(to - from), from);
}

static void sign_in(int port, const char *name, const char *password)
{
    connection *c = &connections[0];
    char body[512], head[512];

    c->fd = dial(port);
    (void)snprintf(body, sizeof body, "{\"name\":\"%s\",\"password\":\"%s\"}", name, password);
    (void)snprintf(head, sizeof head,
                   "POST /api/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                   "application/json\r\nContent-Length: %zu\r\n\r\n",
                   strlen(body));
    send_all(c->fd, head, strlen(head));
    send_all(c->fd, body, strlen(body));
    while (answer_length(c->answer, c->got) == 0) {
        ssize_t n = recv(c->fd, c->answer + c->got, sizeof c->answer - 1 - c->got, 0);

        if (n <= 0)
            die("the server closed the connection at sign-in");
        c->got += (size_t)n;
        c->answer[c->got] = '\0';
    }
    if (strncmp(c->answer, "HTTP/1.1 201", 12) != 0)
        die("the sign-in was refused");
    copy_between(c->answer, "Set-Cookie: ", ';', cookie, sizeof cookie);
    copy_between(c->answer, "\"csrf\":\"", '"', csrf, sizeof csrf);
    close(c->fd);
    c->got = 0;
}

static size_t read_lines(const char *path)
{
    FILE *f = fopen(path, "re");
    size_t count = 0, room = 0;
    ssize_t len;

    if (f == NULL)
        die("the file of declarations cannot be read");
    while (count < MOST_LINES && (len = getline(&lines[count], &room, f)) > 0) {
        room = 0;
        if (strstr(lines[count], "\"ref\":\"") != NULL)
            count++;
    }
    (void)fclose(f);
    if (count == 0)
        die("the file holds no line with a \"ref\"");
    return count;
}

/* The line with another reference. */
static void send_declaration(connection *c, const char *line, long number)
{
    const char *from = strstr(line, "\"ref\":\"") + 7;
    const char *to = strchr(from, '"');
    TMG_AUTO_BUF body, head;

    tmg_buf_init(&body, 1 << 20);
    tmg_buf_init(&head, 1 << 20);
    tmg_buf_put(&body, line, (size_t)(from - line));
    tmg_buf_fmt(&body, "LOAD%d-%ld", (int)getpid(), number);
    tmg_buf_z(&body, to);
    tmg_buf_fmt(&head,
                "POST /api/declarations HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                "application/json\r\nCookie: %s\r\n"
                "X-CSRF-Token: %s\r\nContent-Length: %zu\r\n\r\n",
                cookie, csrf, body.len);
    tmg_buf_span(&head, tmg_buf_as_span(&body));
    send_all(c->fd, head.ptr, head.len);
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static void report(int64_t *took, long count, long failed, int64_t us)
{
    qsort(took, (size_t)count, sizeof *took, by_size);
    printf("%ld answered in %.1f s, %ld of them not 201\n", count, (double)us / 1e6, failed);
    printf("p50 %.2f ms  p95 %.2f ms  p99 %.2f ms  max %.2f ms\n", (double)took[count / 2] / 1e3,
           (double)took[count * 95 / 100] / 1e3, (double)took[count * 99 / 100] / 1e3,
           (double)took[count - 1] / 1e3);
}

/* Reads what a connection has; true when its answer is complete. */
static bool take_answer(connection *c, long *failed)
{
    ssize_t n = recv(c->fd, c->answer + c->got, sizeof c->answer - c->got, MSG_DONTWAIT);

    if (n == 0)
        die("the server closed a connection");
    if (n < 0)
        return false;
    c->got += (size_t)n;
    if (answer_length(c->answer, c->got) == 0)
        return false;
    *failed += strncmp(c->answer, "HTTP/1.1 201", 12) != 0;
    c->got = 0;
    c->busy = false;
    return true;
}

static void run(int count, size_t line_count, long rate, long total)
{
    struct pollfd wait[MOST_CONNECTIONS];
    int64_t *took = tmg_xcalloc((size_t)total, sizeof *took), begun = tmg_tick_us();
    long sent = 0, answered = 0, failed = 0;

    while (answered < total) {
        int64_t now = tmg_tick_us();

        for (int i = 0; i < count; i++) {
            connection *c = &connections[i];
            int64_t due = begun + sent * 1000000 / rate;

            wait[i] = (struct pollfd){.fd = c->fd, .events = POLLIN};
            if (c->busy || sent == total || due > now)
                continue;
            c->busy = true;
            c->due_us = due;
            send_declaration(c, lines[(size_t)sent % line_count], sent);
            sent++;
        }
        int64_t pause = sent < total ? (begun + sent * 1000000 / rate - tmg_tick_us()) / 1000 : 100;

        (void)poll(wait, (nfds_t)count, pause > 0 ? (int)pause : 0);
        for (int i = 0; i < count; i++)
            if (connections[i].busy && take_answer(&connections[i], &failed))
                took[answered++] = tmg_tick_us() - connections[i].due_us;
    }
    report(took, answered, failed, tmg_tick_us() - begun);
    free(took);
}

static long number(int argc, char **argv, int at, long otherwise)
{
    return argc > at ? strtol(argv[at], NULL, 10) : otherwise;
}

int main(int argc, char **argv)
{
    long rate = number(argc, argv, 5, 200), seconds = number(argc, argv, 6, 20),
         count = number(argc, argv, 7, 8);

    if (argc < 5 || rate < 1 || seconds < 1 || count < 1 || count > MOST_CONNECTIONS)
        die("usage: tamga-load PORT NAME PASSWORD DECLARATIONS.jsonl [RATE 200] [SECONDS 20] [CONNECTIONS "
            "8]");
    int port = (int)strtol(argv[1], NULL, 10);

    sign_in(port, argv[2], argv[3]);
    for (long i = 0; i < count; i++)
        connections[i].fd = dial(port);
    run((int)count, read_lines(argv[4]), rate, rate * seconds);
    return 0;
}
