// Threads with their kernel stacks. A stack is the mapped upper half of a slot of twice its
// size; the lower half is never mapped. A slot with its frames and its struct thread is
// recycled whole and never unmapped (law 4), so its kernel PTEs are written once and no hart
// ever has to be told that they are gone.
#include <lib/string.h>
#include <mm/frame.h>
#include <mm/heap.h>
#include <mm/kernel_map.h>
#include <mm/stack.h>
#include <sched/thread.h>

#define STACK_FRAMES (STACK_SIZE / PAGE_SIZE)

static struct spinlock lock = SPINLOCK_INIT("kernel stacks");
static struct list parked = LIST_INIT(parked);      // by run_node
static uint64_t next_slot = STACKS_BASE;
static uint64_t generation;                         // slots mapped so far

static void frames_put(struct frame **frames, unsigned count) {
    while (count)
        frame_put(frames[--count]);
}

// All frames first: then only the slot's page table can fail, and it fails at the first page
// (a slot does not cross a table), so that a slot is mapped whole or not at all.
static bool slot_map(uint64_t slot) {
    struct frame *frames[STACK_FRAMES];
    for (unsigned i = 0; i < STACK_FRAMES; i++) {
        frames[i] = frame_alloc(FRAME_STACK, 0);
        if (!frames[i]) {
            frames_put(frames, i);
            return false;
        }
    }
    for (unsigned i = 0; i < STACK_FRAMES; i++) {
        if (kernel_map_page(slot + STACK_SIZE + i * PAGE_SIZE, frame_phys(frames[i]))) {
            assert(i == 0);
            frames_put(frames, STACK_FRAMES);
            return false;
        }
    }
    return true;
}

static uint64_t slot_claim(void) {
    spin_lock(&lock);
    uint64_t slot = next_slot;
    if (slot + 2 * STACK_SIZE <= STACKS_LIMIT)
        next_slot += 2 * STACK_SIZE;
    else
        slot = 0;
    spin_unlock(&lock);
    return slot;
}

static struct thread *thread_memory_create(void) {
    struct thread *thread = kzalloc(sizeof *thread);
    if (!thread)
        return NULL;
    // Slots that were claimed but not mapped are lost: address space, not memory; the region
    // holds a hundred times what memory can fill.
    uint64_t slot = slot_claim();
    if (!slot || !slot_map(slot)) {
        kfree(thread);
        return NULL;
    }
    thread->stack = slot + 2 * STACK_SIZE;
    thread->stack_generation = __atomic_add_fetch(&generation, 1, __ATOMIC_ACQ_REL);
    return thread;
}

struct thread *thread_memory_alloc(void) {
    spin_lock(&lock);
    struct list *node = list_pop_front(&parked);
    spin_unlock(&lock);
    if (!node)
        return thread_memory_create();
    struct thread *thread = container_of(node, struct thread, run_node);
    uint64_t stack = thread->stack, stack_generation = thread->stack_generation;
    memset(thread, 0, sizeof *thread);
    thread->stack = stack;
    thread->stack_generation = stack_generation;
    return thread;
}

void thread_memory_free(struct thread *thread) {
    thread->magic = 0;
    spin_lock(&lock);
    list_push_front(&parked, &thread->run_node);
    spin_unlock(&lock);
}
