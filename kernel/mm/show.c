// What the machine's memory is used for.
#include <block/block.h>
#include <mm/counters.h>
#include <mm/frame.h>
#include <mm/heap.h>
#include <mm/heap_debug.h>
#include <mm/page_cache.h>
#include <mm/reclaim.h>
#include <mm/replace.h>
#include <mm/show.h>
#include <mm/swap.h>

static void row(struct text *text, const char *name, uint64_t pages) {
    text_printf(text, "%-14s %8lu kB\n", name, pages * (PAGE_SIZE / 1024));
}

int show_meminfo(struct text *text) {
    struct frame_stats stats;
    frame_stats_get(&stats);
    const uint64_t *kind = stats.by_kind;
    uint64_t pinned = page_pinned_count(), cached = kind[FRAME_CACHE];
    row(text, "MemTotal:", stats.total);
    row(text, "MemFree:", stats.free);
    row(text, "MemAvailable:", stats.free + kind[FRAME_BUFFER] + cached - pinned);
    row(text, "Buffers:", kind[FRAME_BUFFER]);
    row(text, "Cached:", cached);
    row(text, "Shmem:", pinned);
    row(text, "Dirty:", page_dirty_count());
    row(text, "AnonPages:", kind[FRAME_ANON]);
    row(text, "Slab:", kind[FRAME_SLAB]);
    row(text, "KernelStack:", kind[FRAME_STACK]);
    row(text, "PageTables:", kind[FRAME_TABLE]);
    row(text, "Pipes:", kind[FRAME_PIPE]);
    row(text, "Kernel:", kind[FRAME_KERNEL]);
    row(text, "SwapTotal:", swap_total());
    row(text, "SwapFree:", swap_free());
    return 0;
}

int show_vmstat(struct text *text) {
    static const struct {
        const char *name;
        enum vm_event event;
    } rows[] = {
        { "pgfault", VM_FAULT },        { "pgmajfault", VM_FAULT_MAJOR },
        { "pgspurious", VM_FAULT_SPURIOUS },
        { "pgzero", VM_ZERO_FILL },     { "cow_copy", VM_COW_COPY },
        { "cow_takeover", VM_COW_TAKEOVER }, { "pswpin", VM_SWAP_IN },
        { "pswpout", VM_SWAP_OUT },     { "pgsteal", VM_RECLAIM_FREED },
        { "oom_kill", VM_OOM_KILL },    { "tlb_flush", VM_TLB_FLUSH },
        { "tlb_remote", VM_TLB_REMOTE },
    };
    text_printf(text, "nr_free_pages %lu\n", frames_free());
    text_printf(text, "low_watermark %lu\nhigh_watermark %lu\n", watermarks.low, watermarks.high);
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++)
        text_printf(text, "%s %lu\n", rows[i].name, vm_events(rows[i].event));
    // Two sectors are a KiB.
    text_printf(text, "pgpgin %lu\npgpgout %lu\n", block_sectors(BLOCK_READ) / 2,
                block_sectors(BLOCK_WRITE) / 2);
    return 0;
}

int show_swaps(struct text *text) {
    struct swap_info info;
    text_printf(text, "Filename        Type       Size(KiB)  Used(KiB)\n");
    for (unsigned i = 0; swap_info_get(i, &info); i++)
        text_printf(text, "/dev/%-10s partition %10lu %10lu\n", info.device->name, info.slots * 4,
                    info.used * 4);
    return 0;
}

int show_heap(struct text *text) {
    struct heap_class class;
    text_printf(text, "  size   in use     free    slabs\n");
    for (unsigned i = 0; heap_class_get(i, &class); i++)
        text_printf(text, "%6lu %8lu %8lu %8lu\n", class.size, class.used, class.free, class.slabs);
    struct heap_stats stats;
    heap_stats_get(&stats);
    text_printf(text, "larger %lu KiB; in all %lu KiB of %lu in use\n", stats.large / 1024,
                stats.used / 1024, stats.held / 1024);
    if (DEBUG_HEAP)
        heap_debug_show_owners(text);
    return 0;
}

int show_buddy(struct text *text) {
    struct frame_orders orders;
    frame_orders_get(&orders);
    text_printf(text, "order   KiB   in use     free\n");
    for (unsigned order = 0; order < FRAME_ORDERS; order++)
        text_printf(text, "%5u %5u %8lu %8lu\n", order, 4u << order, orders.used[order],
                    orders.free[order]);
    text_printf(text, "free in the caches of the harts: %lu\n", orders.cached);
    return 0;
}
