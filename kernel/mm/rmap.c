#include <mm/frame.h>
#include <mm/heap.h>
#include <mm/page_cache.h>
#include <mm/rmap.h>
#include <mm/space.h>
#include <mm/swap.h>
#include <riscv/sv39.h>

void mapping_init(struct mapping *mapping) {
    spin_init(&mapping->lock, "mapping");
    list_init(&mapping->areas);
}

struct anon *anon_create(void) {
    struct anon *anon = kmalloc(sizeof *anon);
    if (!anon)
        return NULL;
    mapping_init(&anon->mapping);
    anon->refs = 1;
    return anon;
}

void anon_put(struct anon *anon) {
    if (__atomic_sub_fetch(&anon->refs, 1, __ATOMIC_ACQ_REL) == 0)
        kfree(anon);
}

static void mapping_add(struct mapping *mapping, struct list *node) {
    spin_lock(&mapping->lock);
    list_push_back(&mapping->areas, node);
    spin_unlock(&mapping->lock);
}

static void mapping_remove(struct mapping *mapping, struct list *node) {
    spin_lock(&mapping->lock);
    list_remove(node);
    spin_unlock(&mapping->lock);
}

void area_link(struct area *area) {
    if (area->object)
        mapping_add(&area->object->mapping, &area->object_node);
    if (area->anon)
        mapping_add(&area->anon->mapping, &area->anon_node);
}

void area_unlink(struct area *area) {
    if (area->object)
        mapping_remove(&area->object->mapping, &area->object_node);
    if (area->anon)
        mapping_remove(&area->anon->mapping, &area->anon_node);
}

void area_set_range(struct area *area, uint64_t start, uint64_t end) {
    if (area->object)
        spin_lock(&area->object->mapping.lock);
    if (area->anon)
        spin_lock(&area->anon->mapping.lock);
    area->page += (int64_t)(start - area->start) / PAGE_SIZE;
    area->start = start;
    area->end = end;
    if (area->anon)
        spin_unlock(&area->anon->mapping.lock);
    if (area->object)
        spin_unlock(&area->object->mapping.lock);
}

// A pass over the entries of one frame.
struct pass {
    struct frame *frame;
    uint64_t page;
    pte_t clear;                    // bits to take away
    bool unmap;
    pte_t instead;
    struct rmap_place *places;      // of the first `room` entries
    unsigned room;
    struct rmap_result result;
};

static void visit_entry(struct pass *pass, struct area *area, uint64_t va, pte_t *pte) {
    struct space *space = area->space;
    if (pass->result.entries < pass->room)
        pass->places[pass->result.entries] = (struct rmap_place){ space->pid, va };
    pass->result.entries++;
    pass->result.dirty |= !!(*pte & PTE_D);
    pass->result.accessed |= !!(*pte & PTE_A);
    pass->result.locked |= area->locked;
    pass->result.space = space;
    if (pass->unmap) {
        *pte = pass->instead;
        space->pages--;
        if (pass->instead) {
            space->swapped++;
            swap_slot_get(pte_swap_slot(pass->instead));
        }
        frame_put(pass->frame);     // not the last: the caller has one
    } else {
        *pte &= ~pass->clear;
    }
}

static void visit_area(struct pass *pass, struct area *area) {
    uint64_t offset = (pass->page - area->page) * PAGE_SIZE;
    if (pass->page < area->page || offset >= area->end - area->start)
        return;
    spin_lock(&area->space->table_lock);
    pte_t *pte = sv39_leaf(area->space->root, area->start + offset);
    if (pte && pte_valid(*pte) && pte_phys(*pte) == frame_phys(pass->frame))
        visit_entry(pass, area, area->start + offset, pte);
    spin_unlock(&area->space->table_lock);
}

static void pass_run(struct pass *pass, struct mapping *mapping, bool anon) {
    // Most files are mapped by nobody. An area joins before its first fault.
    if (list_empty(&mapping->areas))
        return;
    spin_lock(&mapping->lock);
    for (struct list *node = mapping->areas.next; node != &mapping->areas; node = node->next)
        visit_area(pass, anon ? container_of(node, struct area, anon_node)
                              : container_of(node, struct area, object_node));
    spin_unlock(&mapping->lock);
}

// A frame of a process's own keeps its anon alive; a page of a file may leave its object at any
// time, and is shown by nobody then.
static struct rmap_result pass_of_frame(struct pass pass) {
    pass.page = pass.frame->anon_page;
    if (pass.frame->kind == FRAME_ANON) {
        struct anon *anon = pass.frame->owner;
        if (anon)
            pass_run(&pass, &anon->mapping, true);
        return pass.result;
    }
    assert(pass.frame->kind == FRAME_CACHE && frame_flag_test(pass.frame, FRAME_BUSY));
    struct page_object *object = pass.frame->owner;
    pass.page = pass.frame->index;
    if (object)
        pass_run(&pass, &object->mapping, false);
    return pass.result;
}

struct rmap_result rmap_query(struct frame *frame) {
    return pass_of_frame((struct pass){ .frame = frame });
}

unsigned rmap_places(struct frame *frame, struct rmap_place *out, unsigned room) {
    return pass_of_frame((struct pass){ .frame = frame, .places = out, .room = room }).entries;
}

struct rmap_result rmap_age(struct frame *frame) {
    return pass_of_frame((struct pass){ .frame = frame, .clear = PTE_A });
}

struct rmap_result rmap_write_protect(struct frame *frame) {
    return pass_of_frame((struct pass){ .frame = frame, .clear = PTE_W | PTE_D });
}

struct rmap_result rmap_unmap(struct frame *frame, pte_t instead) {
    return pass_of_frame((struct pass){ .frame = frame, .unmap = true, .instead = instead });
}

struct rmap_result rmap_unmap_detached(struct mapping *mapping, uint64_t page,
                                       struct frame *frame) {
    struct pass pass = { .frame = frame, .page = page, .unmap = true };
    pass_run(&pass, mapping, false);
    return pass.result;
}
