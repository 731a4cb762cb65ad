// One address space: its areas, and the three-level tree under it.
#include <abi/errno.h>
#include <abi/types.h>
#include <lib/string.h>
#include <mm/area.h>
#include <mm/frame.h>
#include <mm/heap.h>
#include <mm/page_cache.h>
#include <mm/show.h>
#include <riscv/sv39.h>

#define NAME_SIZE   4096
#define NAME_COLUMN 73                  // where Linux has it

static const char *area_name(const struct space *space, const struct area *area) {
    if (area->stack)
        return "[stack]";
    return area->start < page_ceil(space->brk) && area->end > space->brk_start ? "[heap]" : "";
}

// A name may hold any character, a line only one end.
static void name_print(struct text *text, const char *name) {
    for (size_t length; *name; name += length) {
        length = strcspn(name, "\n");
        text_printf(text, "%.*s", (int)length, name);
        if (name[length]) {
            text_printf(text, "\\012");
            length++;
        }
    }
    text_printf(text, "\n");
}

// One line as Linux has it (proc(5)): the range, rights, place in the file, device, inode, name.
// `name` has room for one.
static void area_print(struct text *text, const struct space *space, const struct area *area,
                       char *name) {
    uint32_t device = 0;
    uint64_t inode = 0, offset = area->backing ? area->page * PAGE_SIZE : 0;
    size_t start = text->length;
    if (area->backing)
        area->backing->ops->describe(area->backing, &device, &inode, name, NAME_SIZE);
    else
        strlcpy(name, area_name(space, area), NAME_SIZE);
    text_printf(text, "%08lx-%08lx %c%c%c%c %08lx %02x:%02x %lu ", area->start, area->end,
                area->rights & ACCESS_READ ? 'r' : '-', area->rights & ACCESS_WRITE ? 'w' : '-',
                area->rights & ACCESS_EXEC ? 'x' : '-', area->shared ? 's' : 'p', offset, major(device),
                minor(device), inode);
    size_t column = text->length - start;
    if (*name && column < NAME_COLUMN)
        text_printf(text, "%*s", (int)(NAME_COLUMN - column), "");
    name_print(text, name);
}

// What is counted of an area for smaps, with the names that Linux has for it (proc(5)).
enum residency {
    RSS, PSS, SHARED_CLEAN, SHARED_DIRTY, PRIVATE_CLEAN, PRIVATE_DIRTY, REFERENCED, ANONYMOUS, SWAP,
    RESIDENCIES,
};
static const char *const residency_names[RESIDENCIES] = {
    "Rss:", "Pss:", "Shared_Clean:", "Shared_Dirty:", "Private_Clean:", "Private_Dirty:",
    "Referenced:", "Anonymous:", "Swap:",
};

static void count_page(uint64_t bytes[RESIDENCIES], pte_t pte) {
    if (pte_swapped(pte))
        bytes[SWAP] += PAGE_SIZE;
    if (!pte_valid(pte))
        return;
    const struct frame *frame = frame_of_phys(pte_phys(pte));
    bool own = frame->kind == FRAME_ANON;
    // The page cache, or the swap cache, has a reference besides those of page tables.
    uint32_t refs = frame_refs(frame), kept = own ? frame->swap_slot != 0 : 1;
    uint32_t shown = refs > kept ? refs - kept : 1;
    bool dirty = pte & PTE_D || frame_flag_test(frame, FRAME_DIRTY);
    bytes[RSS] += PAGE_SIZE;
    bytes[PSS] += PAGE_SIZE / shown;
    bytes[(shown > 1 ? SHARED_CLEAN : PRIVATE_CLEAN) + dirty] += PAGE_SIZE;
    bytes[REFERENCED] += pte & PTE_A ? PAGE_SIZE : 0;
    bytes[ANONYMOUS] += own ? PAGE_SIZE : 0;
}

// space->lock keeps the tables; a page that comes or goes meanwhile is counted or not.
static void residency_print(struct text *text, const struct area *area) {
    uint64_t bytes[RESIDENCIES] = { 0 }, size = area->end - area->start;
    for (uint64_t va = area->start; va < area->end; va += PAGE_SIZE) {
        struct sv39_place place = sv39_walk(area->space->root, va, 0);
        if (place.level == 0)
            count_page(bytes, __atomic_load_n(place.pte, __ATOMIC_RELAXED));
        else
            va = (va | (level_size(place.level) - 1)) - (PAGE_SIZE - 1);
    }
    text_printf(text, "%-15s %8lu kB\n", "Size:", size / 1024);
    for (unsigned i = 0; i < RESIDENCIES; i++)
        text_printf(text, "%-15s %8lu kB\n", residency_names[i], bytes[i] / 1024);
    text_printf(text, "%-15s %8lu kB\n", "Locked:", area->locked ? size / 1024 : 0);
}

static int show_areas(struct text *text, struct space *space, uint64_t *next, bool pages) {
    char *name = kmalloc(NAME_SIZE);
    if (!name)
        return -ENOMEM;
    uint64_t from = *next;
    *next = UINT64_MAX;
    rwmutex_read_lock(&space->lock);
    struct area *area;
    area_for_each(area, space, from) {
        if (text_full(text)) {
            *next = area->start;
            break;
        }
        area_print(text, space, area, name);
        if (pages)
            residency_print(text, area);
    }
    rwmutex_read_unlock(&space->lock);
    kfree(name);
    return 0;
}

int show_maps(struct text *text, struct space *space, uint64_t *next) {
    return show_areas(text, space, next, false);
}

int show_smaps(struct text *text, struct space *space, uint64_t *next) {
    return show_areas(text, space, next, true);
}

// The flags of an entry as letters, highest bit first.
static const char *flags_text(pte_t pte, char out[9]) {
    static const char letters[] = "dagu xwrv";
    unsigned n = 0;
    for (unsigned i = 0; letters[i]; i++) {
        static const uint8_t bits[] = { 7, 6, 5, 4, 0, 3, 2, 1, 0 };
        if (letters[i] != ' ')
            out[n++] = pte >> bits[i] & 1 ? letters[i] : '-';
    }
    out[n] = 0;
    return out;
}

// --- the tree as runs ---

// What makes two neighbours alike: their level, rights and state.
static const char *state_of(struct space *space, pte_t pte, uint64_t va) {
    if (pte_swapped(pte))
        return "swapped";
    if (!pte_valid(pte))
        return space_area(space, va)->object ? "file, not read" : "zero";
    struct frame *frame = frame_of_phys(pte_phys(pte));
    if (frame->kind == FRAME_CACHE)
        return "file";
    return frame_refs(frame) > 1 && !(pte & PTE_W) ? "shared-COW" : "present";
}

struct run {
    uint64_t start, end;
    unsigned level;
    pte_t flags;
    const char *state;
};

static void run_print(struct text *text, const struct run *run) {
    char flags[9];
    if (run->state)
        text_printf(text, "%016lx-%016lx %u %8lu %s %s\n", run->start, run->end, run->level,
                    (run->end - run->start) / level_size(run->level), flags_text(run->flags, flags),
                    run->state);
}

static void run_add(struct text *text, struct run *run, const struct run *next) {
    if (run->state == next->state && run->end == next->start && run->level == next->level &&
        run->flags == next->flags) {
        run->end = next->end;
        return;
    }
    run_print(text, run);
    *run = *next;
}

#define SHOWN (PTE_V | PTE_R | PTE_W | PTE_X | PTE_U | PTE_G)

// Both return where they stopped: because the text is full, or behind the last entry.
static uint64_t show_user_half(struct text *text, struct space *space, struct run *run,
                               uint64_t from) {
    struct area *area;
    area_for_each(area, space, from) {
        for (uint64_t va = from > area->start ? from : area->start; va < area->end; va = run->end) {
            if (text_full(text))
                return va;
            struct sv39_place place = sv39_walk(space->root, va, 0);
            pte_t pte = place.level ? 0 : *place.pte;
            struct run next = { va, va + PAGE_SIZE, 0, pte_valid(pte) ? pte & SHOWN : 0,
                                state_of(space, pte, va) };
            run_add(text, run, &next);
            if (place.level) {          // no table: all of its range is as absent
                uint64_t stop = (va | (level_size(place.level) - 1)) + 1;
                run->end = stop < area->end ? stop : area->end;
            }
        }
    }
    return DIRECT_BASE;
}

// The kernel's half does not change, but for stacks that are added.
static uint64_t show_kernel_half(struct text *text, struct space *space, struct run *run,
                                 uint64_t va) {
    while (va >= DIRECT_BASE && !text_full(text)) {
        struct sv39_place place = sv39_walk(space->root, va, 0);
        uint64_t size = level_size(place.level);
        if (pte_valid(*place.pte) && pte_leaf(*place.pte)) {
            struct run next = { va, va + size, place.level, *place.pte & SHOWN, "kernel" };
            run_add(text, run, &next);
        }
        va += size;
    }
    return va ? va : UINT64_MAX;
}

int show_page_table(struct text *text, struct space *space, uint64_t *next) {
    struct run run = { 0 };
    rwmutex_read_lock(&space->lock);
    if (*next < DIRECT_BASE)
        *next = show_user_half(text, space, &run, *next);
    if (*next >= DIRECT_BASE)
        *next = show_kernel_half(text, space, &run, *next);
    run_print(text, &run);
    rwmutex_read_unlock(&space->lock);
    return 0;
}

// --- one walk ---

static void show_end(struct text *text, struct space *space, uint64_t va, pte_t pte,
                     unsigned level) {
    struct area *area = va < USER_LIMIT ? space_area(space, va) : NULL;
    if (pte_valid(pte) && pte_leaf(pte))
        text_printf(text, "physical %lx\n", pte_phys(pte) + (va & (level_size(level) - 1)));
    else if (pte_swapped(pte))
        text_printf(text, "fault: the page is on the swap disk, slot %u\n", pte_swap_slot(pte));
    else if (!area)
        text_printf(text, "fault: nothing is mapped there\n");
    else if (area->object)
        text_printf(text, "fault: not present; page %lu of a file will be read\n",
                    area->page + (va - area->start) / PAGE_SIZE);
    else
        text_printf(text, "fault: not present; it will be filled with zeros\n");
}

int show_walk(struct text *text, struct space *space, uint64_t va) {
    // An address that Sv39 does not have: bits 63 to 39 must be copies of bit 38.
    if ((uint64_t)((int64_t)(va << 25) >> 25) != va) {
        text_printf(text, "fault: bits 63 to 39 are not all equal to bit 38\n");
        return 0;
    }
    rwmutex_read_lock(&space->lock);
    pte_t *table = space->root, pte = 0;
    unsigned level = 2;
    for (;; level--) {
        char flags[9];
        pte = table[vpn(va, level)];
        text_printf(text, "level %u table %lx index %u entry %016lx flags %s\n", level,
                    virt_to_phys(table), vpn(va, level), pte, flags_text(pte, flags));
        if (!pte_valid(pte) || pte_leaf(pte) || level == 0)
            break;
        table = pte_table(pte);
    }
    show_end(text, space, va, pte, level);
    rwmutex_read_unlock(&space->lock);
    return 0;
}
