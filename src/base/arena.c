#include "base/arena.h"
#include "base/arena_priv.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif
#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at, size)   ((void)(at), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#endif

#define ALIGNMENT   _Alignof(max_align_t)
#define FIRST_BLOCK ((size_t)8 << 10)
#define MAX_BLOCK   ((size_t)1 << 20)

typedef struct block {
    struct block *next;
    size_t size;
    bool own; /* made for one big piece */
    _Alignas(max_align_t) unsigned char bytes[];
} block;

struct tmg_arena {
    block *first;            /* the others hang behind it, the newest nearest */
    block *spare;            /* left from earlier rounds, the first to be used again foremost */
    unsigned char *at, *end; /* the free part of the block that is being filled */
    size_t next_size;
    size_t cap, used;
};

/* Out of memory there is no sensible way on: the service manager restarts the process. */
static _Noreturn void out_of_memory(size_t wanted)
{
    (void)fprintf(stderr, "level=error mod=base msg=\"out of memory\" bytes=%zu\n", wanted);
    abort();
}

static block *block_new(size_t size)
{
    block *b = NULL;

    if (size <= SIZE_MAX - sizeof *b)
        b = malloc(sizeof *b + size);
    if (b == NULL)
        out_of_memory(size);
    b->next = NULL;
    b->size = size;
    b->own = false;
    ASAN_POISON_MEMORY_REGION(b->bytes, size);
    return b;
}

static void block_free(block *b)
{
    ASAN_UNPOISON_MEMORY_REGION(b->bytes, b->size);
    free(b);
}

static void fill_from(tmg_arena *a, block *b)
{
    a->at = b->bytes;
    a->end = b->bytes + b->size;
}

tmg_arena *tmg_arena_new(size_t cap)
{
    tmg_arena *a = tmg_xcalloc(1, sizeof *a);

    a->cap = cap;
    a->first = block_new(FIRST_BLOCK);
    a->next_size = 2 * FIRST_BLOCK;
    fill_from(a, a->first);
    return a;
}

static void free_list(block *b)
{
    while (b != NULL) {
        block *next = b->next;

        block_free(b);
        b = next;
    }
}

void tmg_arena_free(tmg_arena *a)
{
    if (a == NULL)
        return;
    free_list(a->first);
    free_list(a->spare);
    free(a);
}

void tmg_arena_reset(tmg_arena *a)
{
    block *b = a->first->next;

    /* Blocks of the usual sizes are kept, the oldest foremost: the next round asks for the same sizes in the
     * same order, and fresh pages from the kernel cost more than all else here. */
    while (b != NULL) {
        block *next = b->next;

        if (b->own) {
            block_free(b);
        } else {
            ASAN_POISON_MEMORY_REGION(b->bytes, b->size);
            b->next = a->spare;
            a->spare = b;
        }
        b = next;
    }
    a->first->next = NULL;
    ASAN_POISON_MEMORY_REGION(a->first->bytes, a->first->size);
    fill_from(a, a->first);
    a->next_size = 2 * FIRST_BLOCK;
    a->used = 0;
}

static block *usual_block(tmg_arena *a)
{
    block *b = a->spare;

    if (b == NULL)
        b = block_new(a->next_size);
    else
        a->spare = b->next;
    if (a->next_size < MAX_BLOCK)
        a->next_size *= 2;
    return b;
}

static void *take_from_new_block(tmg_arena *a, size_t size)
{
    /* A big piece gets a block of its own, so that the rest of the present block is not thrown away. */
    bool own = size > a->next_size / 2;
    block *b = own ? block_new(size) : usual_block(a);

    b->own = own;
    b->next = a->first->next;
    a->first->next = b;
    if (own)
        return b->bytes;
    fill_from(a, b);
    a->at += size;
    return b->bytes;
}

void *tmg_alloc(tmg_arena *a, size_t size)
{
    size_t taken = (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
    void *piece;

    if (taken < size || __builtin_add_overflow(a->used, taken, &a->used))
        out_of_memory(size);
    if (a->used / 2 > a->cap) {
        (void)fprintf(stderr, "level=error mod=base msg=\"an arena passed twice its cap\" cap=%zu\n", a->cap);
        abort();
    }
    if (taken <= (size_t)(a->end - a->at)) {
        piece = a->at;
        a->at += taken;
    } else {
        piece = take_from_new_block(a, taken);
    }
    ASAN_UNPOISON_MEMORY_REGION(piece, size);
    return memset(piece, 0, size);
}

void *tmg_alloc_array(tmg_arena *a, size_t count, size_t size)
{
    size_t total;

    if (__builtin_mul_overflow(count, size, &total))
        out_of_memory(SIZE_MAX);
    return tmg_alloc(a, total);
}

char *tmg_strdup_n(tmg_arena *a, const char *bytes, size_t len)
{
    char *copy;

    if (len == SIZE_MAX)
        out_of_memory(len);
    copy = tmg_alloc(a, len + 1);
    if (len > 0)
        memcpy(copy, bytes, len);
    return copy;
}

bool tmg_arena_full(const tmg_arena *a)
{
    return a->used > a->cap;
}

size_t tmg_arena_left(const tmg_arena *a)
{
    return a->used < a->cap ? a->cap - a->used : 0;
}

size_t tmg_arena_used(const tmg_arena *a)
{
    return a->used;
}

void *tmg_xcalloc(size_t count, size_t size)
{
    void *p = calloc(count > 0 ? count : 1, size > 0 ? size : 1);

    if (p == NULL)
        out_of_memory(size);
    return p;
}

void *tmg_xrealloc(void *old, size_t size)
{
    void *p = realloc(old, size > 0 ? size : 1);

    if (p == NULL)
        out_of_memory(size);
    return p;
}
