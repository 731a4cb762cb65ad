// Physical memory as a list of runs: what each frame holds, and whose it is.
#include <mm/area.h>
#include <mm/frame.h>
#include <mm/memory_object.h>
#include <mm/page_lock.h>
#include <mm/rmap.h>
#include <mm/show.h>
#include <mm/space.h>
#include <mm/swap.h>
#include <riscv/sv39.h>

#define PLACES     4                    // of a shared frame, that are named
#define PIECE_LOOK 4096                 // frames that one piece looks at, at most

static const char *const kind_names[FRAME_KIND_COUNT] = {
    [FRAME_RESERVED] = "reserved", [FRAME_FREE] = "free",     [FRAME_KERNEL] = "kernel",
    [FRAME_STACK] = "stack",       [FRAME_TABLE] = "table",   [FRAME_SLAB] = "slab",
    [FRAME_ANON] = "anon",         [FRAME_CACHE] = "cache",   [FRAME_BUFFER] = "buffer",
    [FRAME_PIPE] = "pipe",
};

// One look at a block of frames.
struct look {
    uint32_t frames;
    const char *kind;
    unsigned entries;                   // in page tables, that show it
    struct rmap_place places[PLACES];   // of the first; pid 0: hidden
};

// Frames that look alike and follow each other, in programs' memory too.
struct run {
    uint64_t first;                     // number of the frame
    struct look look;                   // of the first; `frames` of all
    struct rmap_place last[PLACES];
    int64_t step;                       // from a page to the next; 0: there is one so far
};

static unsigned min_places(unsigned entries) { return entries < PLACES ? entries : PLACES; }

// With a reference, and for a page of a file FRAME_BUSY, the frame stays what it is. One that is on
// its way from or to a disk is nobody's for the moment.
static void look_at_page(struct frame *frame, struct look *look) {
    if (!frame_try_get(frame))
        return;
    if (frame->kind == FRAME_ANON) {
        look->entries = rmap_places(frame, look->places, PLACES);
        if (__atomic_load_n(&frame->swap_slot, __ATOMIC_RELAXED))
            look->kind = "swapcache";
    } else if (frame->kind == FRAME_CACHE && page_trylock(frame)) {
        look->entries = rmap_places(frame, look->places, PLACES);
        page_unlock(frame);
    }
    swap_page_put(frame);
}

static bool follows(const struct run *run, const struct look *look, int64_t step) {
    for (unsigned i = 0; i < min_places(look->entries); i++)
        if (look->places[i].pid != run->last[i].pid ||
            (look->places[i].pid && look->places[i].va != run->last[i].va + step))
            return false;
    return true;
}

static bool run_extend(struct run *run, const struct look *look) {
    int64_t step = run->step;
    if (look->kind != run->look.kind || look->entries != run->look.entries)
        return false;
    if (!step)
        step = follows(run, look, PAGE_SIZE) ? PAGE_SIZE : -PAGE_SIZE;
    if (!follows(run, look, step))
        return false;
    run->step = step;
    run->look.frames += look->frames;
    for (unsigned i = 0; i < PLACES; i++)
        run->last[i] = look->places[i];
    return true;
}

static void run_print(struct text *text, const struct run *run) {
    const struct look *look = &run->look;
    text_printf(text, "%lx %u %s", (frame_first + run->first) << PAGE_SHIFT, look->frames, look->kind);
    if (look->entries)
        text_printf(text, " %u %c", look->entries, run->step < 0 ? '-' : '+');
    for (unsigned i = 0; i < min_places(look->entries); i++) {
        if (look->places[i].pid)
            text_printf(text, " %u:%lx", look->places[i].pid, look->places[i].va);
        else
            text_printf(text, " -");
    }
    text_printf(text, "\n");
}

static struct look look_at(uint32_t number, bool (*may_see)(uint32_t viewer, uint32_t pid),
                           uint32_t viewer) {
    enum frame_kind kind;
    struct look look = { .frames = frame_look(number, &kind) };
    look.kind = kind_names[kind];
    if (kind == FRAME_ANON || kind == FRAME_CACHE)
        look_at_page(&frame_table[number], &look);
    for (unsigned i = 0; i < min_places(look.entries); i++)
        if (!may_see(viewer, look.places[i].pid))
            look.places[i].pid = 0;
    return look;
}

static struct run run_begin(uint64_t number, const struct look *look) {
    struct run run = { .first = number, .look = *look };
    for (unsigned i = 0; i < PLACES; i++)
        run.last[i] = look->places[i];
    return run;
}

int show_frames(struct text *text, uint64_t *next, bool (*may_see)(uint32_t viewer, uint32_t pid),
                uint32_t viewer) {
    uint64_t all = frame_limit - frame_first, number = *next;
    uint64_t stop = all - number < PIECE_LOOK ? all : number + PIECE_LOOK;
    struct look look = look_at(number, may_see, viewer);
    struct run run = run_begin(number, &look);
    while ((number += look.frames) < stop && !text_full(text)) {
        look = look_at(number, may_see, viewer);
        if (run_extend(&run, &look))
            continue;
        run_print(text, &run);
        run = run_begin(number, &look);
    }
    run_print(text, &run);
    *next = number < all ? number : UINT64_MAX;
    return 0;
}

// --- and what is on a swap disk alone ---

struct slots {
    uint32_t first, count;
    uint64_t va;                        // of the first
};

static void slots_print(struct text *text, const struct space *space, struct slots *slots) {
    if (slots->count)
        text_printf(text, "%u %u %u:%lx\n", slots->first, slots->count, space->pid, slots->va);
    slots->count = 0;
}

// Of a page of its own the entry says which slot has it, of one that is shared the object; 0: none has.
static uint32_t slot_at(struct area *area, uint64_t va, struct sv39_place place) {
    pte_t pte = place.level ? 0 : __atomic_load_n(place.pte, __ATOMIC_RELAXED);
    if (pte_swapped(pte))
        return pte_swap_slot(pte);
    uint64_t page = area->page + (va - area->start) / PAGE_SIZE;
    return area->object && !pte_valid(pte) ? memory_page_slot(area->object, page) : 0;
}

// Returns where it stopped, because the text is full or the area ends.
static uint64_t show_swapped_area(struct text *text, struct area *area, uint64_t va) {
    struct slots slots = { .count = 0 };
    bool in_object = area->object && memory_object_has_slots(area->object);
    if (!in_object && !area->space->swapped)
        return area->end;
    for (; va < area->end && !text_full(text); va += PAGE_SIZE) {
        struct sv39_place place = sv39_walk(area->space->root, va, 0);
        uint32_t slot = slot_at(area, va, place);
        if (!slot || slot != slots.first + slots.count)
            slots_print(text, area->space, &slots);
        if (slot && !slots.count++) {
            slots.first = slot;
            slots.va = va;
        }
        if (place.level && !in_object)  // no table: on to where the next one would begin
            va = (va | (level_size(place.level) - 1)) - (PAGE_SIZE - 1);
    }
    slots_print(text, area->space, &slots);
    return va;
}

void show_swapped(struct text *text, struct space *space, uint64_t *va) {
    struct area *area;
    uint64_t at = *va;
    rwmutex_read_lock(&space->lock);
    area_for_each(area, space, *va) {
        if (text_full(text))
            break;
        at = show_swapped_area(text, area, area->start > at ? area->start : at);
    }
    rwmutex_read_unlock(&space->lock);
    *va = text_full(text) ? at : 0;
}
