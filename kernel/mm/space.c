// The life of an address space, and which harts know it.
#include <abi/errno.h>
#include <mm/area.h>
#include <mm/asid.h>
#include <mm/counters.h>
#include <mm/frame.h>
#include <mm/heap.h>
#include <mm/kernel_map.h>
#include <riscv/csr.h>
#include <riscv/sbi.h>
#include <riscv/sv39.h>
#include <sched/hart.h>
#include <sched/thread.h>
#include <lib/string.h>

#define KERNEL_HALF (PTE_PER_TABLE / 2)

static struct spinlock spaces_lock = SPINLOCK_INIT("address spaces");
static struct list spaces = LIST_INIT(spaces);

static pte_t *table_create(struct space *space) {
    struct frame *frame = frame_alloc(FRAME_TABLE, FRAME_ZERO);
    if (!frame)
        return NULL;
    frame->owner = space;
    spin_lock(&space->table_lock);
    frame_list_push(&space->tables, frame);
    spin_unlock(&space->table_lock);
    return frame_virt(frame);
}

static pte_t *table_alloc(pte_t *root) { return table_create(frame_of_virt(root)->owner); }

static void table_free(pte_t *root, pte_t *table) {
    struct space *space = frame_of_virt(root)->owner;
    spin_lock(&space->table_lock);
    frame_list_remove(&space->tables, frame_of_virt(table));
    spin_unlock(&space->table_lock);
    frame_put(frame_of_virt(table));
}

const struct sv39_source space_tables = { table_alloc, table_free };

struct space *space_create(void) {
    struct space *space = kzalloc(sizeof *space);
    if (!space)
        return NULL;
    spin_init(&space->table_lock, "page table");
    space->tables = (struct frame_list)FRAME_LIST_INIT;
    space->root = table_create(space);
    if (!space->root) {
        kfree(space);
        return NULL;
    }
    space->satp = SATP_SV39 | virt_to_phys(space->root) >> PAGE_SHIFT;
    // One copy of the kernel in every space: its root entries never change after boot.
    memcpy(space->root + KERNEL_HALF, kernel_root + KERNEL_HALF, KERNEL_HALF * sizeof(pte_t));
    space->refs = 1;
    space->leaf_region = LEAF_NONE;
    space->asid = ASID_NONE;
    space->flushes = 1;                 // one more than any hart has seen: all look at icache_stale
    space->page_limit = UINT64_MAX;
    space->map_top = USER_LIMIT;
    rwmutex_init(&space->lock, "address space");
    space->areas.update = area_summarise;
    spin_lock(&spaces_lock);
    list_push_back(&spaces, &space->node);
    spin_unlock(&spaces_lock);
    return space;
}

// A space whose last reference has gone is on the list for a moment longer: it is passed over.
static bool try_hold(struct space *space) {
    uint32_t refs = __atomic_load_n(&space->refs, __ATOMIC_RELAXED);
    while (refs && !__atomic_compare_exchange_n(&space->refs, &refs, refs + 1, false,
                                                __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        ;
    return refs;
}

struct space *space_next(struct space *space) {
    spin_lock(&spaces_lock);
    struct list *node = space ? space->node.next : spaces.next;
    while (node != &spaces && !try_hold(container_of(node, struct space, node)))
        node = node->next;
    spin_unlock(&spaces_lock);
    if (space)
        space_put(space);
    return node == &spaces ? NULL : container_of(node, struct space, node);
}

struct space *space_hold(struct space *space) {
    __atomic_fetch_add(&space->refs, 1, __ATOMIC_RELAXED);
    return space;
}

// Nobody else knows the space any more, and its pages are gone.
static void tables_free(struct space *space) {
    struct frame *frame;
    while ((frame = frame_list_first(&space->tables))) {
        frame_list_remove(&space->tables, frame);
        frame_put(frame);
    }
}

// A hart that went idle after running this space still has its tables in satp (law 4): it
// must move before they are freed.
static void evict_borrowers(struct space *space) {
    preempt_disable();
    if (this_hart()->space == space)
        space_deactivate();
    uint32_t others = 0;
    for (uint32_t i = 0; i < hart_count; i++)
        if (__atomic_load_n(&harts[i].space, __ATOMIC_ACQUIRE) == space) {
            __atomic_store_n(&harts[i].space_evict, space, __ATOMIC_RELEASE);
            others |= 1u << i;
        }
    preempt_enable();
    if (others)
        harts_interrupt(others);
    for (uint32_t i = 0; i < hart_count; i++)
        while (__atomic_load_n(&harts[i].space, __ATOMIC_ACQUIRE) == space) {
            panic_check();
            hart_relax();
        }
}

void space_put(struct space *space) {
    if (__atomic_sub_fetch(&space->refs, 1, __ATOMIC_ACQ_REL))
        return;
    spin_lock(&spaces_lock);
    list_remove(&space->node);
    spin_unlock(&spaces_lock);
    evict_borrowers(space);
    // Nobody runs it any more and no TLB that still knows it will be asked for it.
    struct area *area;
    while ((area = area_at_or_after(space, 0))) {
        space_unmap_pages(space, area->start, area->end);
        area_remove(area);
    }
    tables_free(space);
    kfree(space);
}

// What this hart missed while it did not run the space. It has nothing to forget that never ran it.
static __attribute__((noinline)) void catch_up(struct hart *hart, struct space *space, uint64_t asid,
                                               uint32_t flushes) {
    uint64_t bit = 1ul << hart->index;
    if (!asid_number(asid) || space->flushes_seen[hart->index])
        tlb_flush_asid(asid_number(asid));
    space->flushes_seen[hart->index] = flushes;
    if (__atomic_fetch_and(&space->icache_stale, ~bit, __ATOMIC_ACQ_REL) & bit)
        icache_flush();
}

static __attribute__((noinline)) void renew_and_activate(struct hart *hart, struct space *space) {
    asid_renew(hart, &space->asid);
    space_activate(hart, space);
}

// Once another is announced the hart's last space may be freed: so satp is written before. Why the
// flushes are looked at after: see space_flush.
void space_activate(struct hart *hart, struct space *space) {
    uint64_t asid = __atomic_load_n(&space->asid, __ATOMIC_RELAXED);
    if (__builtin_expect(!asid_good(hart, asid), false)) {
        renew_and_activate(hart, space);
        return;
    }
    uint64_t number = asid_number(asid);
    csr_write(satp, space->satp | number << SATP_ASID_SHIFT);
    __atomic_store_n(&hart->space, space, __ATOMIC_RELEASE);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    uint32_t flushes = __atomic_load_n(&space->flushes, __ATOMIC_RELAXED);
    if (!number || space->flushes_seen[hart->index] != flushes)
        catch_up(hart, space, asid, flushes);
}

void space_deactivate(void) {
    preempt_disable();
    struct hart *hart = this_hart();
    csr_write(satp, kernel_satp());
    // Last: from here on the space may be freed.
    __atomic_store_n(&hart->space, NULL, __ATOMIC_RELEASE);
    preempt_enable();
}

// The harts that may hold translations of the space and do not look for themselves before they run it,
// as a mask: read after what they are to be told was made visible.
static uint32_t harts_running(const struct space *space) {
    uint32_t mask = 0;
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    for (uint32_t i = 0; i < hart_count; i++)
        if (__atomic_load_n(&harts[i].space, __ATOMIC_RELAXED) == space)
            mask |= 1u << i;
    return mask;
}

void space_interrupt(void) {
    struct hart *hart = this_hart();
    struct space *space = __atomic_exchange_n(&hart->space_evict, NULL, __ATOMIC_ACQ_REL);
    // Any space that is only borrowed: two may be asked for at once, and one request is kept.
    if (space && hart->space && thread_current()->space != hart->space)
        space_deactivate();
}

// Without those harts of `mask` that idle: they will look for themselves.
static uint32_t not_at_rest(uint32_t mask) {
    for (uint32_t rest = mask; rest; rest &= rest - 1) {
        if (hart_tlb_postpone(hart_at(__builtin_ctz(rest))))
            mask &= ~(rest & -rest);
        else
            vm_count(VM_TLB_REMOTE);
    }
    return mask;
}

static void remote_flush(uint32_t mask, uint64_t start, uint64_t size) {
    mask = not_at_rest(mask);
    while (mask) {
        uint64_t sbi_mask, base;
        mask = harts_sbi_mask(mask, &sbi_mask, &base);
        sbi_remote_sfence(sbi_mask, base, start, size);
    }
}

// Tells every hart that may hold translations of [start, start+size) to forget them. Call
// before the old frames are let go. One page, many pages or all of the space.
//
// Harts that run the space are told now. One that ran it before may know its entries still, by its
// ASID; it looks at the count when it comes back. It announces the space and then looks at the count,
// here the count is raised before what they announced is looked at: so one of the two sees the other.
void space_flush(struct space *space, uint64_t start, uint64_t size) {
    preempt_disable();
    vm_count(VM_TLB_FLUSH);
    uint32_t self = 1u << this_hart()->index;
    __atomic_fetch_add(&space->flushes, 1, __ATOMIC_RELAXED);
    uint32_t mask = harts_running(space);
    if (mask & self) {
        if (size == PAGE_SIZE)
            tlb_flush_page(start);
        else
            tlb_flush_asid(asid_number(csr_read(satp) >> SATP_ASID_SHIFT));
    }
    if (mask & ~self)
        remote_flush(mask & ~self, start, size);
    preempt_enable();
}

// One that only borrows the space comes back to it without a switch, so it is told like those that
// run it. Why the marks are set first: see space_flush.
void space_flush_icache(struct space *space) {
    preempt_disable();
    __atomic_store_n(&space->icache_stale, UINT64_MAX, __ATOMIC_RELAXED);
    __atomic_fetch_add(&space->flushes, 1, __ATOMIC_RELAXED);
    uint32_t others = harts_running(space) & ~(1u << this_hart()->index);
    while (others) {
        uint64_t sbi_mask, base;
        others = harts_sbi_mask(others, &sbi_mask, &base);
        sbi_remote_fence_i(sbi_mask, base);
    }
    icache_flush();
    preempt_enable();
}

void space_flush_everywhere(void) {
    preempt_disable();
    uint32_t others = ((1u << hart_count) - 1) & ~(1u << this_hart()->index);
    tlb_flush_all();
    if (others)
        remote_flush(others, 0, UINT64_MAX);
    preempt_enable();
}
