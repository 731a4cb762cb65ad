// The frame allocator: orders, references, exhaustion and the way back.
#include <debug/ktest.h>
#include <lib/string.h>
#include <mm/frame_list.h>
#include <sched/hart.h>
#include <mm/frame_test.h>
#include <mm/sweep.h>

#define LARGEST_ORDER (FRAME_ORDERS - 1)

KTEST(frame_orders) {
    uint64_t before = frames_free();
    for (unsigned order = 0; order <= LARGEST_ORDER; order++) {
        struct frame *block = frames_alloc(FRAME_KERNEL, order, 0);
        ktest_check(block != NULL);
        if (!block)
            continue;
        ktest_check(frame_phys(block) % ((uint64_t)PAGE_SIZE << order) == 0);
        ktest_check(frame_refs(block) == 1 && block->kind == FRAME_KERNEL);
        ktest_check(frames_free() == before - (1ul << order));
        frame_put(block);
        ktest_check(frames_free() == before);
    }
    ktest_check(!frames_alloc(FRAME_KERNEL, LARGEST_ORDER + 1, 0));
    ktest_check(frames_free() == before);
}

KTEST(frame_references) {
    uint64_t before = frames_free();
    struct frame *frame = frame_alloc(FRAME_ANON, 0);
    ktest_check(frame != NULL);
    if (!frame)
        return;
    frame_get(frame);
    ktest_check(frame_refs(frame) == 2);
    frame_put(frame);
    ktest_check(frame_refs(frame) == 1 && frames_free() == before - 1);
    frame_put(frame);
    ktest_check(frames_free() == before);
}

KTEST(frame_zero) {
    for (int round = 0; round < 200; round++) {
        struct frame *frame = frame_alloc(FRAME_KERNEL, FRAME_ZERO);
        uint64_t any = 0;
        ktest_check(frame != NULL);
        if (!frame)
            return;
        uint64_t *words = frame_virt(frame);
        for (unsigned i = 0; i < PAGE_SIZE / sizeof *words; i++)
            any |= words[i];
        ktest_check(!any);
        memset(words, 0xff, PAGE_SIZE);
        frame_put(frame);
    }
}

KTEST(frame_places) {
    struct frame *frame = frame_alloc(FRAME_KERNEL, 0);
    ktest_check(frame != NULL);
    if (!frame)
        return;
    ktest_check(frame_of_phys(frame_phys(frame)) == frame);
    ktest_check(frame_of_virt((char *)frame_virt(frame) + PAGE_SIZE - 1) == frame);
    frame_put(frame);
}

KTEST(frame_statistics) {
    struct frame_stats before, during, after;
    frame_stats_get(&before);
    struct frame *block = frames_alloc(FRAME_PIPE, 3, 0);
    frame_stats_get(&during);
    ktest_check(block != NULL);
    if (!block)
        return;
    frame_put(block);
    frame_stats_get(&after);
    ktest_check(during.by_kind[FRAME_PIPE] == before.by_kind[FRAME_PIPE] + 8);
    ktest_check(after.by_kind[FRAME_PIPE] == before.by_kind[FRAME_PIPE]);
    ktest_check(before.total == after.total && after.free <= after.total);
}

static uint64_t frames_in_orders(const struct frame_orders *orders) {
    uint64_t sum = orders->cached;
    for (unsigned order = 0; order < FRAME_ORDERS; order++)
        sum += (orders->used[order] + orders->free[order]) << order;
    return sum;
}

KTEST(frame_orders_are_counted) {
    struct frame_stats stats;
    struct frame_orders before, during, after;
    for (unsigned order = 0; order < FRAME_ORDERS; order++) {
        frame_orders_get(&before);
        struct frame *block = frames_alloc(FRAME_KERNEL, order, 0);
        frame_orders_get(&during);
        ktest_check(block != NULL);
        if (!block)
            continue;
        frame_put(block);
        frame_orders_get(&after);
        frame_stats_get(&stats);
        ktest_check(during.used[order] == before.used[order] + 1);
        ktest_check(after.used[order] == before.used[order]);
        ktest_check(frames_in_orders(&during) == stats.total);
        ktest_check(frames_in_orders(&after) == stats.total);
    }
}

// Takes all frames that `how` gives; each is marked with its own address.
static void take_all(struct frame_list *taken, unsigned how) {
    struct frame *frame;
    while ((frame = frame_alloc(FRAME_KERNEL, how))) {
        *(uint64_t *)frame_virt(frame) = frame_phys(frame);
        frame_list_push(taken, frame);
    }
}

static bool give_all(struct frame_list *taken) {
    bool intact = true;
    struct frame *frame;
    while ((frame = frame_list_first(taken))) {
        frame_list_remove(taken, frame);
        intact = intact && *(uint64_t *)frame_virt(frame) == frame_phys(frame);
        frame_put(frame);
    }
    return intact;
}

KTEST(frame_exhaustion) {
    if (!frame_test_may_exhaust())
        return;
    struct frame_list taken = FRAME_LIST_INIT;
    // Twice: the first time the caches are given back, which changes what is free.
    for (int round = 0; round < 2; round++) {
        take_all(&taken, 0);
        uint64_t reserve = frames_free();
        ktest_check(reserve > 0);
        uint64_t count = taken.count;
        // Who may use the reserve leaves nothing of it about for who may not.
        struct frame *one = frame_alloc(FRAME_KERNEL, FRAME_NOWAIT);
        ktest_check(one != NULL);
        if (one) {
            *(uint64_t *)frame_virt(one) = frame_phys(one);
            frame_list_push(&taken, one);
        }
        take_all(&taken, 0);
        // With more harts the thread may move, and finds what another has in its cache.
        ktest_check(hart_count > 1 || taken.count == count + 1);
        take_all(&taken, FRAME_NOWAIT);
        ktest_check(taken.count > count);
        ktest_check(frames_free() == reserve - (taken.count - count));
        ktest_check(!frames_alloc(FRAME_KERNEL, 1, FRAME_NOWAIT));
        uint64_t total = taken.count + frames_free();
        ktest_check(give_all(&taken));
        ktest_check(frames_free() == total);
    }
    struct frame *large = frames_alloc(FRAME_KERNEL, LARGEST_ORDER, 0);
    ktest_check(large != NULL);
    if (large)
        frame_put(large);
}

// What a sweep costs is a matter of what is used, not of what there is.
KTEST(frame_sweep_skips_what_is_free) {
    uint64_t frames = frame_limit - frame_first, looks = 0;
    for (uint64_t number = 0; number < frames; number += sweep_step(number))
        looks++;
    ktest_check(looks < frames - frames_free() * 3 / 4);
}
