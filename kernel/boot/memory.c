// From the device tree's ranges to a frame allocator (law 7): the kernel, the tree, the initrd
// and what the tree reserves are never handed out.
#include <boot/memory.h>
#include <boot/platform.h>
#include <debug/log.h>
#include <debug/panic.h>
#include <mm/frame.h>
#include <mm/heap.h>
#include <boot/arguments.h>
#include <mm/asid.h>
#include <mm/kernel_map.h>
#include <mm/page_lock.h>
#include <mm/reclaim.h>
#include <riscv/layout.h>
#include <riscv/sv39.h>

#define MAX_TAKEN (PLATFORM_RESERVED + 4)   // the kernel, the tree, the initrd, the table of frames

extern const char __kernel_start[], __kernel_end[];
extern pte_t boot_root[];

// What may not be handed out, in order of address and without overlap.
static struct platform_range taken[MAX_TAKEN];
static unsigned taken_count;

static uint64_t end_of(struct platform_range range) { return range.start + range.size; }

// Keeps the list sorted; ranges that touch an earlier one are merged into it.
static void take(uint64_t start, uint64_t size) {
    if (!size)
        return;
    struct platform_range range = { page_floor(start), 0 };
    range.size = page_ceil(start + size) - range.start;
    unsigned i = 0;
    while (i < taken_count && taken[i].start < range.start)
        i++;
    assert(taken_count < MAX_TAKEN);
    for (unsigned j = taken_count; j > i; j--)
        taken[j] = taken[j - 1];
    taken[i] = range;
    taken_count++;
}

// The end of whatever covers `at`, or `at` itself if it is free.
static uint64_t skip_taken(uint64_t at) {
    for (unsigned i = 0; i < taken_count; i++)
        if (taken[i].start <= at && at < end_of(taken[i]))
            at = end_of(taken[i]);
    return at;
}

static uint64_t next_taken(uint64_t at, uint64_t limit) {
    for (unsigned i = 0; i < taken_count; i++)
        if (taken[i].start >= at)
            return taken[i].start < limit ? taken[i].start : limit;
    return limit;
}

// Calls `each` for every free piece of RAM until it returns false.
static void each_free(bool (*each)(uint64_t start, uint64_t end)) {
    for (unsigned i = 0; i < platform.memory_count; i++) {
        uint64_t limit = page_floor(end_of(platform.memory[i]));
        uint64_t at = skip_taken(page_ceil(platform.memory[i].start));
        while (at < limit) {
            uint64_t end = next_taken(at, limit);
            if (!each(at, end))
                return;
            at = skip_taken(end);
        }
    }
}

static uint64_t image_phys(void) {
    struct sv39_place place = sv39_walk(boot_root, (uint64_t)__kernel_start, 0);
    return pte_phys(*place.pte) + (uint64_t)__kernel_start % level_size(2);
}

static uint64_t ram_start = UINT64_MAX, ram_end, table_size, table_phys;

static bool place_table(uint64_t start, uint64_t end) {
    if (end - start < table_size)
        return true;
    table_phys = start;
    return false;
}

static bool add_free(uint64_t start, uint64_t end) {
    frame_add_free(start, end);
    return true;
}

// Is all of this in the memory that the tree lists? The ranges of a tree ascend.
static bool is_memory(struct platform_range range) {
    uint64_t at = range.start;
    for (unsigned i = 0; i < platform.memory_count; i++)
        if (platform.memory[i].start <= at && at < end_of(platform.memory[i]))
            at = end_of(platform.memory[i]);
    return at >= end_of(range);
}

static const char *take_reserved(void) {
    const struct platform_range image = { image_phys(), __kernel_end - __kernel_start };
    if (!is_memory(image))
        return "the kernel is outside the memory that the device tree describes";
    if (!is_memory(platform.tree))
        return "the device tree is outside the memory that it describes";
    if (!is_memory(platform.initrd))
        return "the initrd is outside the memory that the device tree describes";
    take(image.start, image.size);
    take(platform.tree.start, platform.tree.size);
    take(platform.initrd.start, platform.initrd.size);
    for (unsigned i = 0; i < platform.reserved_count; i++)
        take(platform.reserved[i].start, platform.reserved[i].size);
    return NULL;
}

const char *memory_init(void) {
    const char *error = take_reserved();
    if (error)
        return error;
    uint64_t total = 0;
    for (unsigned i = 0; i < platform.memory_count; i++) {
        struct platform_range range = platform.memory[i];
        ram_start = range.start < ram_start ? range.start : ram_start;
        ram_end = end_of(range) > ram_end ? end_of(range) : ram_end;
        total += range.size;
    }
    ram_start = page_floor(ram_start);
    ram_end = page_floor(ram_end);
    if (ram_end > DIRECT_LIMIT - DIRECT_BASE)
        return "the device tree describes memory beyond the direct map";
    table_size = page_ceil((ram_end - ram_start) / PAGE_SIZE * sizeof(struct frame));
    each_free(place_table);
    if (!table_phys)
        return "the device tree leaves no room for the table of frames";
    take(table_phys, table_size);
    frame_init(phys_to_virt(table_phys), ram_start, ram_end);
    each_free(add_free);
    heap_init();
    kernel_map_init();
    for (unsigned i = 0; i < platform.memory_count; i++)
        kernel_map_ram(platform.memory[i].start, end_of(platform.memory[i]));
    kernel_map_activate();
    asid_init(boot_arguments.asids);
    reclaim_init();
    page_lock_init();
    log_info("memory: %lu MiB, %lu MiB free", total >> 20, frames_free() >> 8);
    return NULL;
}
