/*
 * The heap under a random load.
 */
#include "common/check.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SLOTS 300

static struct {
    unsigned char *p;
    size_t size;
} slots[SLOTS];

static bool slot_is_intact(int i) {
    size_t n;

    for (n = 0; n < slots[i].size; n++)
        if (slots[i].p[n] != (unsigned char)(i + n))
            return false;
    return true;
}

static void slot_write(int i) {
    size_t n;

    for (n = 0; n < slots[i].size; n++)
        slots[i].p[n] = i + n;
}

/* Allocates, resizes and frees at random; every block keeps its own pattern. */
static bool survives(int rounds) {
    while (rounds-- > 0) {
        int i = rand() % SLOTS;
        size_t size = rand() % (rand() % 50 == 0 ? 40000 : 300);
        size_t kept = size < slots[i].size ? size : slots[i].size;

        if (!slot_is_intact(i))
            return false;
        if (rand() % 2 == 0) {
            free(slots[i].p);
            slots[i].p = malloc(size);
        } else {
            unsigned char *p = realloc(slots[i].p, size);
            size_t n;

            for (n = 0; n < kept; n++)
                if (p[n] != (unsigned char)(i + n))
                    return false;
            slots[i].p = p;
        }
        if (slots[i].p == NULL || (uintptr_t)slots[i].p % 16 != 0)
            return false;
        slots[i].size = size;
        slot_write(i);
    }
    return true;
}

static void slots_free(void) {
    int i;

    for (i = 0; i < SLOTS; i++) {
        free(slots[i].p);
        slots[i].p = NULL;
        slots[i].size = 0;
    }
}

static bool zeroes(size_t n) {
    unsigned char *p = calloc(n, 3);
    size_t i;

    for (i = 0; i < 3 * n; i++)
        if (p[i] != 0)
            return false;
    free(p);
    return true;
}

static void test_limits(void) {
    void *volatile p;

    errno = 0;
    p = malloc((size_t)-100);
    CHECK("malloc refuses", p == NULL && errno == ENOMEM);
    p = calloc((size_t)1 << 33, (size_t)1 << 33);
    CHECK("calloc refuses overflow", p == NULL);
    p = malloc(0);
    CHECK("malloc of 0", p != NULL);
    free(p);
    free(NULL);
}

static void test_aligned(void) {
    void *p[20];
    bool ok = true;
    int i;

    for (i = 0; i < 20; i++) {
        size_t align = (size_t)16 << i % 8;

        p[i] = aligned_alloc(align, align * 3);
        ok = ok && p[i] != NULL && (uintptr_t)p[i] % align == 0;
        memset(p[i], i, align * 3);
    }
    for (i = 0; i < 20; i++) {
        ok = ok && *(unsigned char *)p[i] == i;
        free(p[i]);
    }
    CHECK("aligned_alloc", ok);
    CHECK("the heap after it", survives(2000));
    slots_free();
}

int main(void) {
    char *before, *large;

    CHECK("malloc under load", survives(20000));
    slots_free();
    CHECK("calloc zeroes", zeroes(1000) && zeroes(1));
    test_limits();
    test_aligned();
    before = sbrk(0);
    large = malloc(8 << 20);
    CHECK("malloc of 8 MiB", large != NULL);
    memset(large, 1, 8 << 20);
    free(large);
    CHECK("free gives it back", (char *)sbrk(0) - before < 2 << 20);
    return check_done();
}
