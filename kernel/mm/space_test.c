// Address spaces made by hand: areas, faults, copying out, and copy on write.
#include <abi/errno.h>
#include <abi/signal.h>
#include <debug/ktest.h>
#include <lib/string.h>
#include <mm/copy.h>
#include <mm/frame.h>
#include <mm/space.h>
#include <riscv/sv39.h>
#include <sched/thread.h>

#define BASE 0x40000000ul
#define RW (ACCESS_READ | ACCESS_WRITE)

static unsigned area_count(struct space *space) {
    unsigned count = 0;
    struct area *area, *before = NULL;
    area_for_each(area, space, 0) {
        ktest_check(area->start < area->end && (!before || before->end <= area->start));
        before = area;
        count++;
    }
    return count;
}

static int map(struct space *space, uint64_t start, uint64_t end, unsigned rights) {
    return space_map(space, &(struct area){ .start = start, .end = end, .rights = rights });
}

// Where a mapping of `size` bytes would come.
static uint64_t find(struct space *space, uint64_t hint, uint64_t size) {
    int64_t at = space_map_free(space, &(struct area){ .start = hint, .end = hint + size });
    if (at < 0)
        return 0;
    ktest_check(space_unmap(space, at, at + size) == 0);
    return at;
}

static struct space *space_with(uint64_t start, uint64_t size, unsigned rights) {
    struct space *space = space_create();
    ktest_check(space && !map(space, start, start + size, rights));
    return space;
}

// What a program would read at `va`, or -1 where nothing is present.
static int byte_at(struct space *space, uint64_t va) {
    pte_t *pte = sv39_leaf(space->root, va);
    if (!pte || !pte_valid(*pte))
        return -1;
    return ((unsigned char *)phys_to_virt(pte_phys(*pte)))[va % PAGE_SIZE];
}

KTEST(space_areas_split) {
    struct space *space = space_with(BASE, 10 * PAGE_SIZE, RW);
    ktest_check(map(space, BASE + PAGE_SIZE, BASE + 2 * PAGE_SIZE, RW) == -EEXIST);
    ktest_check(area_count(space) == 1 && space->size == 10 * PAGE_SIZE);
    ktest_check(!space_unmap(space, BASE + 3 * PAGE_SIZE, BASE + 5 * PAGE_SIZE));
    ktest_check(area_count(space) == 2 && space->size == 8 * PAGE_SIZE);
    ktest_check(space_protect(space, BASE, BASE + 10 * PAGE_SIZE, ACCESS_READ) == -ENOMEM);
    ktest_check(!space_protect(space, BASE + PAGE_SIZE, BASE + 2 * PAGE_SIZE, ACCESS_READ));
    ktest_check(area_count(space) == 4);
    ktest_check(space_fault(space, BASE + PAGE_SIZE, ACCESS_WRITE)->code == SEGV_ACCERR);
    ktest_check(space_fault(space, BASE + 3 * PAGE_SIZE, ACCESS_READ)->code == SEGV_MAPERR);
    ktest_check(!space_fault(space, BASE, ACCESS_WRITE));
    ktest_check(space->pages == 1);
    ktest_check(!space_unmap(space, 0, USER_LIMIT));
    ktest_check(area_count(space) == 0 && space->size == 0 && space->pages == 0);
    space_put(space);
}

KTEST(space_find_places) {
    struct space *space = space_with(BASE, PAGE_SIZE, RW);
    ktest_check(find(space, BASE + PAGE_SIZE, PAGE_SIZE) == BASE + PAGE_SIZE);
    uint64_t other = find(space, BASE, PAGE_SIZE);
    ktest_check(other && other != BASE && other % PAGE_SIZE == 0);
    ktest_check(!map(space, other, other + PAGE_SIZE, RW));
    ktest_check(find(space, 0, PAGE_SIZE) != other);
    ktest_check(find(space, 0, USER_LIMIT) == 0);
    ktest_check(find(space, USER_LIMIT - PAGE_SIZE, 2 * PAGE_SIZE) < USER_LIMIT - PAGE_SIZE);
    space_put(space);
}

KTEST(space_remap_grows_and_moves) {
    struct space *space = space_with(BASE, 2 * PAGE_SIZE, RW);
    ktest_check(!space_copy_out(space, BASE + PAGE_SIZE, "moves", 6));
    ktest_check(space_remap(space, BASE, 2 * PAGE_SIZE, 4 * PAGE_SIZE, false) == BASE);
    ktest_check(!map(space, BASE + 4 * PAGE_SIZE, BASE + 5 * PAGE_SIZE, ACCESS_READ));
    ktest_check(space_remap(space, BASE, 4 * PAGE_SIZE, 8 * PAGE_SIZE, false) == -ENOMEM);
    int64_t to = space_remap(space, BASE, 4 * PAGE_SIZE, 8 * PAGE_SIZE, true);
    ktest_check(to > 0 && to != BASE);
    ktest_check(byte_at(space, to + PAGE_SIZE) == 'm' && byte_at(space, BASE + PAGE_SIZE) == -1);
    ktest_check(space_remap(space, to, 8 * PAGE_SIZE, PAGE_SIZE, false) == to);
    ktest_check(byte_at(space, to + PAGE_SIZE) == -1 && space->size == 2 * PAGE_SIZE);
    ktest_check(space_remap(space, BASE, PAGE_SIZE, 2 * PAGE_SIZE, true) == -EFAULT);
    space_put(space);
}

KTEST(space_copy_boundaries) {
    static char bytes[3 * PAGE_SIZE];
    struct space *space = space_with(BASE, 2 * PAGE_SIZE, RW);
    memset(bytes, 'x', sizeof bytes);
    ktest_check(!space_copy_out(space, BASE + PAGE_SIZE - 3, "abcdef", 6));
    ktest_check(byte_at(space, BASE + PAGE_SIZE - 1) == 'c');
    ktest_check(byte_at(space, BASE + PAGE_SIZE) == 'd');
    ktest_check(!space_copy_out(space, BASE, bytes, 2 * PAGE_SIZE));
    ktest_check(space_copy_out(space, BASE, bytes, 2 * PAGE_SIZE + 1) == -EFAULT);
    ktest_check(space_copy_out(space, BASE - 1, bytes, 1) == -EFAULT);
    ktest_check(!space_copy_out(space, BASE - 1, bytes, 0));
    const uint64_t bad[] = { 0, USER_LIMIT - 1, USER_LIMIT, 1ul << 38, 1ul << 63, DIRECT_BASE,
                             IMAGE_BASE, UINT64_MAX, (uint64_t)bytes };
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ktest_check(space_copy_out(space, bad[i], bytes, 8) == -EFAULT);
    space_put(space);
}

KTEST(space_copy_in) {
    char text[16];
    struct space *space = space_with(BASE, PAGE_SIZE, RW);
    struct thread *self = thread_current();
    ktest_check(!space_copy_out(space, BASE + PAGE_SIZE - 6, "hello", 6));
    self->space = space;
    ktest_check(copy_in_str(text, BASE + PAGE_SIZE - 6, sizeof text) == 5);
    ktest_check(!strcmp(text, "hello"));
    ktest_check(copy_in_str(text, BASE + PAGE_SIZE - 6, 5) == -ENAMETOOLONG);
    ktest_check(!copy_out(BASE + PAGE_SIZE - 1, "!", 1));
    ktest_check(copy_in_str(text, BASE + PAGE_SIZE - 6, sizeof text) == -EFAULT);
    ktest_check(!copy_in(text, BASE + PAGE_SIZE - 6, 6) && !memcmp(text, "hello!", 6));
    ktest_check(copy_in(text, BASE + PAGE_SIZE - 6, 7) == -EFAULT);
    ktest_check(copy_in_nofault(text, BASE + PAGE_SIZE - 6, 16) == 6);
    ktest_check(copy_in(text, DIRECT_BASE, 8) == -EFAULT);
    ktest_check(copy_in(text, UINT64_MAX - 3, 8) == -EFAULT);
    ktest_check(copy_fault_in(BASE, PAGE_SIZE, true) == 0);
    ktest_check(copy_fault_in(BASE, PAGE_SIZE + 1, false) == -EFAULT);
    ktest_check(copy_fault_in(UINT64_MAX, 1, false) == -EFAULT);
    self->space = NULL;
    space_put(space);
}

static void fork_once(void) {
    struct space *parent = space_with(BASE, 4 * PAGE_SIZE, RW);
    ktest_check(!space_copy_out(parent, BASE, "parent", 7));
    struct space *child = space_fork(parent);
    ktest_check(child && byte_at(child, BASE) == 'p' && child->pages == 1);
    if (child) {
        ktest_check(!space_copy_out(child, BASE, "child", 6));
        ktest_check(byte_at(child, BASE) == 'c' && byte_at(parent, BASE) == 'p');
        ktest_check(!space_copy_out(parent, BASE, "P", 1));
        ktest_check(byte_at(child, BASE) == 'c' && byte_at(parent, BASE) == 'P');
        space_put(child);
    }
    ktest_check(byte_at(parent, BASE) == 'P');
    space_put(parent);
}

KTEST(space_fork_copies_on_write) {
    fork_once();
    uint64_t before = frames_free();
    fork_once();
    ktest_check(frames_free() == before);
}

KTEST(space_brk_moves) {
    struct space *space = space_create();
    ktest_check(space != NULL);
    if (!space)
        return;
    space->brk_start = space->brk = BASE;
    ktest_check(space_brk(space, 0, UINT64_MAX) == BASE);
    ktest_check(space_brk(space, BASE + 5000, UINT64_MAX) == BASE + 5000);
    ktest_check(space->size == 2 * PAGE_SIZE);
    ktest_check(!space_copy_out(space, BASE + PAGE_SIZE, "x", 1));
    ktest_check(space_brk(space, BASE + 1, UINT64_MAX) == BASE + 1 && space->pages == 0);
    ktest_check(space_brk(space, BASE + 5000, UINT64_MAX) == BASE + 5000);
    ktest_check(!space_fault(space, BASE + PAGE_SIZE, ACCESS_READ));
    ktest_check(byte_at(space, BASE + PAGE_SIZE) == 0);
    ktest_check(space_brk(space, BASE + 9000, 8192) == BASE + 5000);
    ktest_check(space_brk(space, BASE - 1, UINT64_MAX) == BASE + 5000);
    ktest_check(space_brk(space, UINT64_MAX, UINT64_MAX) == BASE + 5000);
    space_put(space);
}

// Hardware that leaves A and D to the kernel (Svade) faults on a page that is present.
KTEST(space_accessed_and_dirty) {
    struct space *space = space_with(BASE, PAGE_SIZE, RW);
    ktest_check(!space_fault(space, BASE, ACCESS_WRITE));
    pte_t *pte = sv39_leaf(space->root, BASE);
    *pte &= ~(PTE_A | PTE_D);
    ktest_check(!space_fault(space, BASE + 8, ACCESS_READ));
    ktest_check((*pte & PTE_A) && !(*pte & PTE_D) && space->pages == 1);
    ktest_check(!space_fault(space, BASE + 8, ACCESS_WRITE));
    ktest_check((*pte & PTE_A) && (*pte & PTE_D) && space->pages == 1);
    space_put(space);
}

// Of n who share a frame all but the last get a copy, and the last keeps the frame.
KTEST(space_last_owner_keeps_the_frame) {
    struct space *parent = space_with(BASE, PAGE_SIZE, RW);
    ktest_check(!space_fault(parent, BASE, ACCESS_WRITE));
    uint64_t frame = pte_phys(*sv39_leaf(parent->root, BASE));
    struct space *children[3];
    for (int i = 0; i < 3; i++) {
        children[i] = space_fork(parent);
        ktest_check(children[i] && pte_phys(*sv39_leaf(children[i]->root, BASE)) == frame);
    }
    for (int i = 0; i < 3; i++) {
        ktest_check(!space_fault(children[i], BASE, ACCESS_WRITE));
        ktest_check(pte_phys(*sv39_leaf(children[i]->root, BASE)) != frame);
    }
    ktest_check(!space_fault(parent, BASE, ACCESS_WRITE));
    ktest_check(pte_phys(*sv39_leaf(parent->root, BASE)) == frame);
    for (int i = 0; i < 3; i++)
        space_put(children[i]);
    space_put(parent);
}
