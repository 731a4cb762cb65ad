// The one way a page fault is decided: which area, may it, and what frame goes there.
#include <abi/errno.h>
#include <abi/signal.h>
#include <lib/string.h>
#include <mm/area.h>
#include <mm/counters.h>
#include <mm/evict.h>
#include <mm/frame.h>
#include <mm/page_cache.h>
#include <mm/page_lock.h>
#include <mm/reclaim.h>
#include <mm/replace.h>
#include <mm/rmap.h>
#include <mm/swap.h>
#include <riscv/csr.h>
#include <riscv/sv39.h>
#include <sched/thread.h>

// A fault on its way. The space's lock is held shared, so nothing here but table_lock keeps other
// threads of the space away from the entry: each step looks at it again.
struct fault {
    struct space *space;
    struct area *area;
    uint64_t va;                    // of the page
    enum access access;
    pte_t *pte;
    bool read;                      // a disk had to be read: a major fault
};

#define AGAIN 1                     // the entry changed under us: look once more

static uint64_t page_number(const struct fault *fault) {
    return fault->area->page + (fault->va - fault->area->start) / PAGE_SIZE;
}

// A private copy of `from` (zeros if NULL) that may be written.
static struct frame *frame_copy(struct frame *from) {
    struct frame *copy = frame_alloc(FRAME_ANON, from ? 0 : FRAME_ZERO);
    if (copy && from)
        memcpy(frame_virt(copy), frame_virt(from), PAGE_SIZE);
    vm_count(from ? VM_COW_COPY : VM_ZERO_FILL);
    return copy;
}

// Makes a frame that nobody else has seen the area's own.
static void own(struct fault *fault, struct frame *frame) {
    frame->owner = anon_hold(fault->area->anon);
    frame->anon_page = page_number(fault);
    replace_loaded(frame);
}

// What hardware may do with a page of the area; the right to write is given page by page.
static uint64_t flags_for(const struct fault *fault, bool writable) {
    uint64_t flags = pte_flags_of(fault->area->rights);
    if (writable && fault->area->rights & ACCESS_WRITE)
        flags |= PTE_W | PTE_D;
    return flags;
}

// The frame was written through the direct map. Before another thread can fetch from it every hart that
// runs this space forgets what it has fetched.
static void icache_sync(struct fault *fault) {
    if (fault->area->rights & ACCESS_EXEC)
        space_flush_icache(fault->space);
}

// Puts `frame` where `seen` was, unless another thread was faster or the page has left its
// object meanwhile; takes over the reference. Was it put?
static bool install(struct fault *fault, pte_t seen, struct frame *frame, uint64_t flags) {
    spin_lock(&fault->space->table_lock);
    bool still = *fault->pte == seen &&
                 (frame->kind != FRAME_CACHE ||
                  __atomic_load_n(&frame->owner, __ATOMIC_ACQUIRE) == fault->area->object);
    if (still) {
        // Invalid to valid needs no flush: at worst another hart faults and looks again.
        *fault->pte = pte_make(frame_phys(frame), flags);
        if (++fault->space->pages > fault->space->pages_most)
            fault->space->pages_most = fault->space->pages;
        if (seen) {
            fault->space->swapped--;
            swap_slot_put(pte_swap_slot(seen));
        }
    }
    spin_unlock(&fault->space->table_lock);
    if (!still)
        swap_page_put(frame);
    return still;
}

// --- absent: zeros, or the object's page ---

static int fault_zero(struct fault *fault) {
    if (!area_has_anon(fault->area))
        return -ENOMEM;
    struct frame *frame = frame_copy(NULL);
    if (!frame)
        return -ENOMEM;
    own(fault, frame);
    install(fault, 0, frame, flags_for(fault, true));
    return 0;
}

// The object's page, noting whether a disk had to be read.
static int object_page(struct fault *fault, struct frame **out) {
    struct page_object *object = fault->area->object;
    uint64_t index = page_number(fault);
    if (object->ops->size && index >= page_ceil(object->ops->size(object)) / PAGE_SIZE)
        return -ENXIO;
    *out = page_lookup(object, index);
    if (*out)
        return 0;
    fault->read = true;
    return page_get(object, index, out);
}

// A write to a shared page goes to the object's page. It is marked dirty after the entry is there:
// whoever cleans it in between takes the right to write away again.
static int fault_shared_write(struct fault *fault, pte_t seen, struct frame *page) {
    struct page_object *object = fault->area->object;
    int error = object->ops->prepare_write ? object->ops->prepare_write(object, page_number(fault))
                                           : 0;
    if (error) {
        frame_put(page);
        return error;
    }
    bool done;
    if (!seen) {
        frame_get(page);
        done = install(fault, 0, page, flags_for(fault, true));
    } else {
        spin_lock(&fault->space->table_lock);
        done = *fault->pte == seen;
        if (done)
            *fault->pte = seen | PTE_W | PTE_D | PTE_A;
        spin_unlock(&fault->space->table_lock);
        tlb_flush_page(fault->va);
    }
    if (done)
        page_mark_dirty(page);
    frame_put(page);
    return done ? 0 : AGAIN;
}

static __attribute__((noinline)) int fault_object(struct fault *fault) {
    struct frame *page;
    int error = object_page(fault, &page);
    if (error)
        return error;
    bool write = fault->access == ACCESS_WRITE;
    if (write && fault->area->shared)
        return fault_shared_write(fault, 0, page);
    struct frame *frame = page;
    if (write) {
        frame = area_has_anon(fault->area) ? frame_copy(page) : NULL;
        if (frame)
            own(fault, frame);
        frame_put(page);
    }
    if (!frame)
        return -ENOMEM;
    icache_sync(fault);
    return install(fault, 0, frame, flags_for(fault, write)) ? 0 : AGAIN;
}

// --- on a swap disk ---

// An entry more names the slot meanwhile, so that it stays what it is.
static __attribute__((noinline)) int fault_swapped(struct fault *fault, pte_t seen) {
    uint32_t slot = pte_swap_slot(seen);
    spin_lock(&fault->space->table_lock);
    bool still = *fault->pte == seen;
    if (still)
        swap_slot_get(slot);
    spin_unlock(&fault->space->table_lock);
    if (!still)
        return AGAIN;
    struct frame *frame;
    int error = swap_page_get(slot, fault->area->anon, page_number(fault), &frame, &fault->read);
    if (!error) {
        replace_loaded(frame);
        // It is a copy of the slot: the right to write comes with a fault that takes it out.
        icache_sync(fault);
        install(fault, seen, frame, flags_for(fault, false));
    }
    swap_slot_put(slot);
    return error ? error : fault->access == ACCESS_WRITE ? AGAIN : 0;
}

// --- present: spurious, or copy on write ---

// Is `old`, to which the caller has a reference, nobody's but this entry's? The last one who holds a
// frame keeps it; a copy in the swap cache is given up then.
static bool take_over(struct frame *old) {
    if (old->kind != FRAME_ANON)
        return false;
    if (old->swap_slot) {
        page_lock(old);
        bool taken = swap_cache_take(old, 0, 3);
        page_unlock(old);
        return taken;
    }
    return frame_refs(old) == 2;
}

static int fault_copy(struct fault *fault, pte_t seen, struct frame *old) {
    struct frame *fresh = NULL;
    bool mine = take_over(old);
    if (mine) {
        vm_count(VM_COW_TAKEOVER);
    } else {
        if (!area_has_anon(fault->area) || !(fresh = frame_copy(old)))
            return -ENOMEM;
        own(fault, fresh);
        icache_sync(fault);
    }
    spin_lock(&fault->space->table_lock);
    // Reclaim may have found it since, or given it a slot again.
    bool still = *fault->pte == seen && !(mine && old->swap_slot);
    if (still)
        *fault->pte = pte_make(frame_phys(mine ? old : fresh), flags_for(fault, true));
    spin_unlock(&fault->space->table_lock);
    if (!still) {
        if (fresh)
            frame_put(fresh);
        return AGAIN;
    }
    if (fresh) {
        space_flush(fault->space, fault->va, PAGE_SIZE);
        swap_page_put(old);             // the entry's reference
    } else {
        tlb_flush_page(fault->va);      // more rights: others find out by a spurious fault
    }
    return 0;
}

static __attribute__((noinline)) int fault_present(struct fault *fault) {
    spin_lock(&fault->space->table_lock);
    pte_t seen = *fault->pte;
    if (!pte_valid(seen)) {
        spin_unlock(&fault->space->table_lock);
        return AGAIN;
    }
    struct frame *frame = frame_of_phys(pte_phys(seen));
    bool write = fault->access == ACCESS_WRITE && !(seen & PTE_W);
    pte_t marks = PTE_A | (fault->access == ACCESS_WRITE ? PTE_D : 0);
    if (write)
        frame_get(frame);
    else    // spurious, or hardware that leaves A and D to us (Svade)
        *fault->pte |= marks;
    spin_unlock(&fault->space->table_lock);
    if (!write) {
        if ((seen & marks) == marks)
            vm_count(VM_FAULT_SPURIOUS);
        tlb_flush_page(fault->va);
        return 0;
    }
    if (fault->area->shared)
        return fault_shared_write(fault, seen, frame);
    int error = fault_copy(fault, seen, frame);
    swap_page_put(frame);
    return error;
}

static int fault_resolve(struct fault *fault) {
    pte_t seen = __atomic_load_n(fault->pte, __ATOMIC_ACQUIRE);
    if (pte_valid(seen))
        return fault_present(fault);
    // One that may have so many pages gives one up for each that comes.
    if (fault->space->pages >= fault->space->page_limit)
        evict_from_space(fault->space);
    if (pte_swapped(seen))
        return fault_swapped(fault, seen);
    return fault->area->object ? fault_object(fault) : fault_zero(fault);
}

static __attribute__((noinline)) const struct fault_verdict *
verdict_of_error(const struct fault *fault, int error) {
    static const struct fault_verdict
        no_memory = { SIGKILL, 0, "out of memory" },
        past_end = { SIGBUS, BUS_ADRERR, "the file ends before that page" },
        no_room = { SIGBUS, BUS_ADRERR, "the file has no room for the page" },
        unreadable = { SIGBUS, BUS_ADRERR, "the page could not be read" };
    return error == -ENOMEM ? &no_memory
           : error == -ENXIO ? &past_end
           : fault->access == ACCESS_WRITE && fault->area->shared ? &no_room : &unreadable;
}

static __attribute__((noinline)) const struct fault_verdict *no_right(enum access access) {
    static const struct fault_verdict
        to_write = { SIGSEGV, SEGV_ACCERR, "that memory is read-only" },
        to_execute = { SIGSEGV, SEGV_ACCERR, "that memory is not executable" },
        to_read = { SIGSEGV, SEGV_ACCERR, "that memory is not readable" };
    return access == ACCESS_WRITE ? &to_write : access == ACCESS_EXEC ? &to_execute : &to_read;
}

static const struct fault_verdict *fault_locked(struct space *space, uint64_t va,
                                                enum access access) {
    static const struct fault_verdict nothing = { SIGSEGV, SEGV_MAPERR, "nothing is mapped there" };
    struct fault fault = { space, space_area(space, va), page_floor(va), access, NULL, false };
    if (!fault.area)
        return &nothing;
    unsigned allowed = fault.area->rights;
    if (allowed & ACCESS_WRITE)
        allowed |= ACCESS_READ;         // Sv39 has no write-only pages
    if (!(allowed & access))
        return no_right(access);
    fault.pte = sv39_leaf(space->root, va);
    if (!fault.pte)
        fault.pte = sv39_walk_create(space->root, va, 0, &space_tables);
    int result = fault.pte ? AGAIN : -ENOMEM;
    while (result == AGAIN)
        result = fault_resolve(&fault);
    if (fault.read && !result) {
        thread_current()->faults_major++;
        vm_count(VM_FAULT_MAJOR);
    }
    return result ? verdict_of_error(&fault, result) : NULL;
}

static const struct fault_verdict *fault_once(struct space *space, uint64_t va, enum access access) {
    rwmutex_read_lock(&space->lock);
    const struct fault_verdict *verdict = fault_locked(space, va, access);
    rwmutex_read_unlock(&space->lock);
    return verdict;
}

static bool stack_grows(struct space *space, uint64_t va) {
    rwmutex_write_lock(&space->lock);
    bool grown = area_grow_stack(space, va) == 0;
    rwmutex_write_unlock(&space->lock);
    return grown;
}

static __attribute__((noinline)) const struct fault_verdict *not_the_users(uint64_t va) {
    static const struct fault_verdict
        kernels = { SIGSEGV, SEGV_MAPERR, "that is the kernel's memory" },
        nobodys = { SIGSEGV, SEGV_MAPERR, "that is no address a user can have" };
    return va >= DIRECT_BASE ? &kernels : &nobodys;
}

// `failed` is final, unless room can be made or the stack may grow: then it is tried again.
static __attribute__((noinline)) const struct fault_verdict *
fault_again(struct space *space, uint64_t va, enum access access, const struct fault_verdict *failed) {
    if (va >= USER_LIMIT)
        return not_the_users(va);
    while (failed &&
           ((failed->signal == SIGKILL && memory_make_room()) ||
            (failed->signal == SIGSEGV && failed->code == SEGV_MAPERR && stack_grows(space, va))))
        failed = fault_once(space, va, access);
    return failed;
}

const struct fault_verdict *space_fault(struct space *space, uint64_t va, enum access access) {
    thread_current()->faults++;
    vm_count(VM_FAULT);
    const struct fault_verdict *failed = fault_once(space, va, access);
    return failed ? fault_again(space, va, access, failed) : NULL;
}

int space_page_in(struct space *space, struct area *area, uint64_t va) {
    pte_t *pte = sv39_leaf(space->root, va);
    struct fault fault = { space, area, va, ACCESS_READ, pte, false };
    int result = AGAIN;
    while (result == AGAIN) {
        pte_t seen = pte ? __atomic_load_n(pte, __ATOMIC_ACQUIRE) : 0;
        result = pte_swapped(seen) ? fault_swapped(&fault, seen) : 0;
    }
    return result;
}
