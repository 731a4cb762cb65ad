/*
 * qsort as heapsort: in place, and never worse than n log n. Not stable.
 */
#include <stdlib.h>

struct heap {
    char *base;
    size_t size; /* of one element */
    int (*compare)(const void *, const void *);
};

static inline char *element(const struct heap *h, size_t i) {
    return h->base + i * h->size;
}

static void swap(char *a, char *b, size_t size) {
    for (; size >= sizeof(long); size -= sizeof(long), a += sizeof(long), b += sizeof(long)) {
        long t;

        __builtin_memcpy(&t, a, sizeof(t));
        __builtin_memcpy(a, b, sizeof(t));
        __builtin_memcpy(b, &t, sizeof(t));
    }
    for (; size > 0; size--, a++, b++) {
        char t = *a;

        *a = *b;
        *b = t;
    }
}

/* Lets element i sink until no child among the first count elements is larger. */
static void sift_down(const struct heap *h, size_t i, size_t count) {
    size_t child;

    while ((child = 2 * i + 1) < count) {
        if (child + 1 < count && h->compare(element(h, child), element(h, child + 1)) < 0)
            child++;
        if (h->compare(element(h, i), element(h, child)) >= 0)
            return;
        swap(element(h, i), element(h, child), h->size);
        i = child;
    }
}

void qsort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *)) {
    struct heap h = { .base = base, .size = size, .compare = compare };
    size_t i;

    for (i = count / 2; i-- > 0;)
        sift_down(&h, i, count);
    for (i = count; i-- > 1;) {
        swap(element(&h, 0), element(&h, i), size);
        sift_down(&h, 0, i);
    }
}

void *bsearch(const void *key, const void *base, size_t count, size_t size,
              int (*compare)(const void *, const void *)) {
    const char *low = base;

    while (count > 0) {
        const char *middle = low + count / 2 * size;
        int order = compare(key, middle);

        if (order == 0)
            return (void *)middle;
        if (order > 0) {
            low = middle + size;
            count--;
        }
        count /= 2;
    }
    return NULL;
}
