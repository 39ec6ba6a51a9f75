/* Reads whole inputs for the tests of intake: every record is kept, with its texts, until the test ends. */
#ifndef TMG_TESTS_INTAKE_HELP_H
#define TMG_TESTS_INTAKE_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "intake/intake.h"

enum { MAX_READ = 32 };

typedef struct intake {
    tmg_arena *arena;
    tmg_record records[MAX_READ];
    size_t count;
    tmg_reader *reader; /* of the last input; records may lean on it */
    tmg_err err;
} intake;

static inline int intake_setup(void **state)
{
    intake *in = calloc(1, sizeof *in);

    if (in == NULL)
        return -1;
    in->arena = tmg_arena_new(64 << 20);
    *state = in;
    return 0;
}

static inline int intake_teardown(void **state)
{
    intake *in = *state;

    tmg_reader_close(in->reader);
    tmg_arena_free(in->arena);
    free(in);
    return 0;
}

static inline tmg_rc read_with(intake *in, tmg_span bytes, const tmg_intake_options *o)
{
    bool more = true;
    tmg_rc rc;

    tmg_reader_close(in->reader);
    in->reader = NULL;
    in->count = 0;
    rc = tmg_reader_open(bytes, o, &in->reader, &in->err);
    while (rc == TMG_OK && more) {
        assert_true(in->count < MAX_READ);
        rc = tmg_reader_next(in->reader, in->arena, &in->records[in->count], &more, &in->err);
        in->count += rc == TMG_OK && more;
    }
    return rc;
}

static inline tmg_rc read_as(intake *in, const char *format, tmg_span bytes)
{
    return read_with(in, bytes, &(tmg_intake_options){.format = format, .offset_min = 240});
}

/* The one finding of a record, which must be there and be alone. */
static inline void assert_only_finding(const tmg_record *rec, bool fault, const char *field,
                                       const char *reason_part)
{
    for (size_t i = 1; i < rec->finding_count; i++)
        print_message("# also %.*s: %s\n", TMG_SPAN_ARG(rec->findings[i].field), rec->findings[i].reason);
    assert_int_equal(rec->finding_count, 1);
    assert_int_equal(rec->findings[0].fault, fault);
    assert_int_equal(rec->good, !fault);
    if (!tmg_span_is(rec->findings[0].field, field))
        fail_msg("the finding is about %.*s, not %s", TMG_SPAN_ARG(rec->findings[0].field), field);
    if (strstr(rec->findings[0].reason, reason_part) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", rec->findings[0].reason, reason_part);
}

static inline void assert_text(tmg_span s, const char *expected)
{
    if (!tmg_span_is(s, expected))
        fail_msg("\"%.*s\" is not \"%s\"", TMG_SPAN_ARG(s), expected);
}

static inline void assert_says(const tmg_err *err, const char *part)
{
    if (strstr(err->text, part) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", err->text, part);
}

/* A path below the root of the source. */
static inline const char *source_path(intake *in, const char *below)
{
    const char *root = getenv("TAMGA_SOURCE");
    char path[512];

    (void)snprintf(path, sizeof path, "%s/%s", root != NULL ? root : ".", below);
    return tmg_strdup_n(in->arena, path, strlen(path));
}

/* A file of the data that lies beside the source, or NULL where it does not. */
static inline const char *shared_path(intake *in, const char *below)
{
    const char *shared = getenv("TAMGA_SHARED");
    char path[512];
    FILE *f;

    (void)snprintf(path, sizeof path, "%s/%s", shared != NULL ? shared : source_path(in, "../shared"), below);
    f = fopen(path, "rb");
    if (f == NULL)
        return NULL;
    (void)fclose(f);
    return tmg_strdup_n(in->arena, path, strlen(path));
}

#endif
