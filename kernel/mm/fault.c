// The one way a page fault is decided: which area, may it, and what frame goes there.
#include <abi/errno.h>
#include <abi/signal.h>
#include <lib/string.h>
#include <mm/frame.h>
#include <mm/page_cache.h>
#include <mm/space.h>
#include <riscv/csr.h>
#include <riscv/sv39.h>

static const struct fault_verdict RESOLVED = { 0, 0, NULL };

static struct fault_verdict verdict_of_error(int error) {
    if (error == -ENOMEM)
        return (struct fault_verdict){ SIGKILL, 0, "out of memory" };
    return (struct fault_verdict){ SIGBUS, BUS_ADRERR, "the page could not be read" };
}

// A private copy of `from` (zeros if NULL) that may be written.
static struct frame *frame_copy(struct frame *from) {
    struct frame *copy = frame_alloc(FRAME_ANON, from ? 0 : FRAME_ZERO);
    if (copy && from)
        memcpy(frame_virt(copy), frame_virt(from), PAGE_SIZE);
    return copy;
}

// The frame for a page that is not present, with a reference: of its own, or (*shared) the
// object's. May sleep.
static int absent_frame(const struct area *area, uint64_t va, enum access access,
                        struct frame **out, bool *shared) {
    *shared = false;
    if (!area->object) {
        *out = frame_copy(NULL);
        return *out ? 0 : -ENOMEM;
    }
    uint64_t index = area->object_page + ((va - area->start) >> PAGE_SHIFT);
    struct frame *page;
    int error = page_get(area->object, index, &page);
    if (error)
        return error;
    if (!(access & ACCESS_WRITE)) {
        *shared = true;
        *out = page;
        return 0;
    }
    *out = frame_copy(page);
    frame_put(page);
    return *out ? 0 : -ENOMEM;
}

// Puts `frame` at `va` unless another thread was faster; takes over the reference.
static void install(struct space *space, pte_t *pte, struct frame *frame, uint64_t flags) {
    spin_lock(&space->table_lock);
    bool first = !pte_valid(*pte);
    if (first) {
        // Invalid to valid needs no flush: at worst another hart faults and looks again.
        *pte = pte_make(frame_phys(frame), flags);
        space->pages++;
    }
    spin_unlock(&space->table_lock);
    if (!first)
        frame_put(frame);
}

static struct fault_verdict fault_absent(struct space *space, struct area *area, pte_t *pte,
                                         uint64_t va, enum access access) {
    struct frame *frame;
    bool shared;
    int error = absent_frame(area, va, access, &frame, &shared);
    if (error)
        return verdict_of_error(error);
    uint64_t flags = area_pte_flags(area);
    if (!shared && area->rights & ACCESS_WRITE)
        flags |= PTE_W | PTE_D;
    if (flags & PTE_X) {
        // The frame was written through the direct map: every hart that runs this space must
        // forget what it has fetched. This one now, the others at their next switch to it.
        __atomic_store_n(&space->icache_stale, UINT64_MAX, __ATOMIC_RELEASE);
        icache_flush();
    }
    install(space, pte, frame, flags);
    return RESOLVED;
}

// A write to a present page that has no W although its area may be written: copy on write.
// The last one who holds a frame keeps it. `old` is referenced by the caller.
static struct fault_verdict fault_write(struct space *space, pte_t *pte, uint64_t va,
                                        struct frame *old, pte_t seen) {
    struct frame *fresh = NULL;
    bool take_over = old->kind == FRAME_ANON && frame_refs(old) == 2;   // ours and the PTE's
    if (!take_over) {
        fresh = frame_copy(old);
        if (!fresh)
            return verdict_of_error(-ENOMEM);
    }
    spin_lock(&space->table_lock);
    bool mine = *pte == seen;
    if (mine) {
        uint64_t flags = (seen & (PTE_FLAGS & ~PTE_V)) | PTE_W | PTE_D | PTE_A;
        *pte = pte_make(frame_phys(take_over ? old : fresh), flags);
    }
    spin_unlock(&space->table_lock);
    if (mine && fresh) {
        space_flush(space, va, PAGE_SIZE);
        frame_put(old);         // the PTE's reference
    } else if (mine) {
        tlb_flush_page(va);     // more rights: others find out by a spurious fault
    } else if (fresh) {
        frame_put(fresh);
    }
    return RESOLVED;
}

static struct fault_verdict fault_present(struct space *space, pte_t *pte, uint64_t va,
                                          enum access access) {
    spin_lock(&space->table_lock);
    pte_t seen = *pte;
    bool valid = pte_valid(seen);
    struct frame *frame = valid ? frame_of_phys(pte_phys(seen)) : NULL;
    bool copy = valid && access == ACCESS_WRITE && !(seen & PTE_W);
    if (copy)
        frame_get(frame);
    else if (valid)     // spurious, or hardware that leaves A and D to us (Svade)
        *pte |= PTE_A | (access == ACCESS_WRITE ? PTE_D : 0);
    spin_unlock(&space->table_lock);
    if (!copy) {
        tlb_flush_page(va);
        return RESOLVED;
    }
    struct fault_verdict verdict = fault_write(space, pte, va, frame, seen);
    frame_put(frame);
    return verdict;
}

static struct fault_verdict fault_locked(struct space *space, uint64_t va, enum access access) {
    struct area *area = space_area(space, va);
    if (!area)
        return (struct fault_verdict){ SIGSEGV, SEGV_MAPERR, "nothing is mapped there" };
    unsigned allowed = area->rights;
    if (allowed & ACCESS_WRITE)
        allowed |= ACCESS_READ;         // Sv39 has no write-only pages
    if (!(allowed & access)) {
        const char *why = access == ACCESS_WRITE  ? "that memory is read-only"
                          : access == ACCESS_EXEC ? "that memory is not executable"
                                                  : "that memory is not readable";
        return (struct fault_verdict){ SIGSEGV, SEGV_ACCERR, why };
    }
    pte_t *pte = sv39_walk_create(space->root, va, 0, space_table_alloc);
    if (!pte)
        return verdict_of_error(-ENOMEM);
    va = page_floor(va);
    if (!pte_valid(__atomic_load_n(pte, __ATOMIC_ACQUIRE)))
        return fault_absent(space, area, pte, va, access);
    return fault_present(space, pte, va, access);
}

struct fault_verdict space_fault(struct space *space, uint64_t va, enum access access) {
    if (va >= USER_LIMIT) {
        const char *why = va >= DIRECT_BASE ? "that is the kernel's memory"
                                            : "that is no address a user can have";
        return (struct fault_verdict){ SIGSEGV, SEGV_MAPERR, why };
    }
    rwmutex_read_lock(&space->lock);
    struct fault_verdict verdict = fault_locked(space, va, access);
    rwmutex_read_unlock(&space->lock);
    return verdict;
}
