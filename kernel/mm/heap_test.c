// The kernel heap against a model: objects never overlap, are aligned, and all come back.
#include <debug/ktest.h>
#include <lib/string.h>
#include <mm/frame_test.h>
#include <mm/heap.h>

#define SLOTS 256

static struct slot {
    unsigned char *object;
    size_t size;
    unsigned char mark;
} slots[SLOTS];

static uint64_t random_state;

static uint64_t random_next(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static bool slot_intact(const struct slot *slot) {
    for (size_t i = 0; i < slot->size; i++)
        if (slot->object[i] != slot->mark)
            return false;
    return true;
}

static void slot_fill(struct slot *slot) {
    uint64_t random = random_next();
    // Mostly small, now and then up to 32 KiB.
    slot->size = random % 16 ? 1 + (random >> 8) % 2100 : 1 + (random >> 8) % 32768;
    slot->mark = random >> 40;
    slot->object = kmalloc(slot->size);
    ktest_check(slot->object && (uint64_t)slot->object % 16 == 0);
    if (slot->object)
        memset(slot->object, slot->mark, slot->size);
}

static void slot_empty(struct slot *slot) {
    ktest_check(slot_intact(slot));
    kfree(slot->object);
    slot->object = NULL;
}

static void random_round(void) {
    random_state = 88172645463325252;
    for (int step = 0; step < 4000; step++) {
        struct slot *slot = &slots[random_next() % SLOTS];
        if (slot->object)
            slot_empty(slot);
        else
            slot_fill(slot);
    }
    for (int i = 0; i < SLOTS; i++)
        if (slots[i].object)
            slot_empty(&slots[i]);
}

KTEST(heap_random_order) {
    struct heap_stats before, after;
    random_round();             // fills the classes' first slabs
    heap_stats_get(&before);
    uint64_t free = frames_free();
    random_round();
    heap_stats_get(&after);
    ktest_check(after.used == before.used);
    ktest_check(after.held == before.held);
    ktest_check(frames_free() == free);
}

KTEST(heap_every_size) {
    for (size_t size = 1; size <= HEAP_LARGEST; size += 1 + size / 9) {
        unsigned char *object = kzalloc(size);
        ktest_check(object && (uint64_t)object % 16 == 0);
        if (!object)
            continue;
        ktest_check(!object[0] && !object[size / 2] && !object[size - 1]);
        object[0] = object[size - 1] = 0xff;
        kfree(object);
    }
    void *largest = kmalloc(HEAP_LARGEST);
    ktest_check(largest != NULL);
    kfree(largest);
    ktest_check(!kmalloc(HEAP_LARGEST + 1));
    ktest_check(!kmalloc(SIZE_MAX));
    kfree(NULL);
    void *nothing = kmalloc(0);
    ktest_check(nothing != NULL);
    kfree(nothing);
}

// Frees every second object of a chain, then the others.
static void chain_free(void **chain) {
    for (void **object = chain, **next; object && (next = *object); object = *object) {
        *object = *next;
        kfree(next);
    }
    for (void **next; chain; chain = next) {
        next = *chain;
        kfree(chain);
    }
}

KTEST(heap_empty_slabs_go_back) {
    struct heap_class class;
    for (unsigned i = 0; heap_class_get(i, &class); i++) {
        struct heap_stats before, during, after;
        heap_stats_get(&before);
        void **chain = NULL, **object;
        for (size_t bytes = 0; bytes < 5 * PAGE_SIZE; bytes += class.size) {
            object = kmalloc(class.size);
            ktest_check(object != NULL);
            if (!object)
                break;
            *object = chain;
            chain = object;
        }
        heap_stats_get(&during);
        chain_free(chain);
        heap_stats_get(&after);
        ktest_check(during.held >= before.held + 4 * PAGE_SIZE && after.used == before.used);
        // One stays for the next kmalloc.
        ktest_check(after.held <= before.held + PAGE_SIZE);
    }
}

// The class of which one object more is in use than a list of all classes says; -1 if others changed.
static int class_that_grew(const size_t *used) {
    struct heap_class class;
    int grew = -1, changes = 0;
    for (unsigned i = 0; heap_class_get(i, &class); i++) {
        changes += class.used != used[i];
        if (class.used == used[i] + 1)
            grew = i;
    }
    return changes == 1 ? grew : -1;
}

KTEST(heap_classes_are_counted) {
    size_t used[32], slabs = 0;
    struct heap_class class;
    struct frame_stats frames;
    for (unsigned i = 0; i < 32 && heap_class_get(i, &class); i++) {
        used[i] = class.used;
        slabs += class.slabs;
    }
    frame_stats_get(&frames);
    ktest_check(slabs == frames.by_kind[FRAME_SLAB]);
    void *first = kmalloc(100), *second;
    int grew = class_that_grew(used);
    ktest_check(first && grew >= 0 && heap_class_get(grew, &class) && class.size >= 100);
    size_t free = class.free, of_slab = PAGE_SIZE / class.size;
    second = kmalloc(100);
    ktest_check(heap_class_get(grew, &class) && class.used == used[grew] + 2);
    ktest_check(class.free == (free ? free - 1 : of_slab - 1));
    kfree(first);
    kfree(second);
    ktest_check(heap_class_get(grew, &class) && class.used == used[grew]);
}

KTEST(heap_strings) {
    char *copy = kstrdup("a string");
    ktest_check(copy && !strcmp(copy, "a string"));
    kfree(copy);
}

// All of memory as objects of `size` in one chain: how many there are.
static uint64_t chain_all(void ***chain, size_t size) {
    uint64_t count = 0;
    void **object;
    for (*chain = NULL; (object = kmalloc_nowait(size)); count++) {
        *object = *chain;
        *chain = object;
    }
    return count;
}

KTEST(heap_exhaustion) {
    struct heap_stats before, after;
    heap_stats_get(&before);
    if (!frame_test_may_exhaust())
        return;
    uint64_t counts[2];
    for (int round = 0; round < 2; round++) {
        void **chain;
        counts[round] = chain_all(&chain, 2048);
        ktest_check(!kmalloc_nowait(100000));
        chain_free(chain);
    }
    heap_stats_get(&after);
    ktest_check(counts[0] > 1000 && before.used == after.used);
    // Other harts' caches may keep a few frames from this one's.
    ktest_check(counts[1] + 2000 > counts[0] && counts[0] + 2000 > counts[1]);
}
