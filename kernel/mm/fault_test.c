// Faults that two threads of one space have at once, and those that need nothing done.
#include <debug/ktest.h>
#include <lib/string.h>
#include <mm/counters.h>
#include <mm/page_cache.h>
#include <mm/space.h>
#include <sched/clock.h>
#include <sched/thread.h>
#include <sched/wait.h>

#define BASE 0x40000000ul
#define RW (ACCESS_READ | ACCESS_WRITE)

static struct spinlock lock = SPINLOCK_INIT("test");
static struct wait_queue queue = WAIT_QUEUE_INIT(queue, "the other's fault");
static bool reading, other_done, in_vain, ended;

static void tell(bool *what) {
    spin_lock(&lock);
    *what = true;
    wake_all(&queue);
    spin_unlock(&lock);
}

// The deadline only ends what would hang for ever.
static bool see(bool *what) {
    spin_lock(&lock);
    int error = wait_event_deadline(&queue, *what, &lock, WAIT_UNINTERRUPTIBLE,
                                    time_read() + ns_to_ticks(20 * NS_PER_SECOND));
    spin_unlock(&lock);
    return !error;
}

// A disk that does not answer until another fault in the same space is resolved.
static int slow_read(struct page_object *object, uint64_t index, struct frame *frame) {
    (void)object, (void)index;
    memset(frame_virt(frame), 's', PAGE_SIZE);
    tell(&reading);
    in_vain = !see(&other_done);
    return 0;
}

static const struct page_object_ops slow_ops = { .read_page = slow_read };

static void ignore(struct backing *backing) { (void)backing; }

static const struct backing_ops backing_ops = { .hold = ignore, .release = ignore };

static void fault_slowly(void *space) {
    ktest_check(!space_fault(space, BASE, ACCESS_READ));
    tell(&ended);
}

KTEST(fault_waits_for_no_other) {
    struct page_object object;
    struct backing backing = { &object, &backing_ops };
    struct space *space = space_create();
    struct thread *thread = thread_create("test", fault_slowly, space);
    reading = other_done = ended = false;
    page_object_init(&object, &slow_ops);
    ktest_check(!space_map(space, &(struct area){ .start = BASE, .end = BASE + PAGE_SIZE,
                                                  .rights = ACCESS_READ, .backing = &backing }));
    ktest_check(!space_map(space, &(struct area){ .start = BASE + PAGE_SIZE,
                                                  .end = BASE + 2 * PAGE_SIZE, .rights = RW }));
    thread_start(thread);
    ktest_check(see(&reading));
    ktest_check(!space_fault(space, BASE + PAGE_SIZE, ACCESS_WRITE));
    tell(&other_done);
    ktest_check(see(&ended) && !in_vain && space->pages == 2);
    space_put(space);
    page_object_destroy(&object);
}

// Another hart's translation may be older than the entry: that has all the fault needs.
KTEST(fault_spurious_is_counted) {
    struct space *space = space_create();
    ktest_check(!space_map(space, &(struct area){ .start = BASE, .end = BASE + PAGE_SIZE,
                                                  .rights = RW }));
    uint64_t before = vm_events(VM_FAULT_SPURIOUS);
    ktest_check(!space_fault(space, BASE, ACCESS_WRITE));
    ktest_check(vm_events(VM_FAULT_SPURIOUS) == before);
    ktest_check(!space_fault(space, BASE, ACCESS_WRITE));
    ktest_check(!space_fault(space, BASE, ACCESS_READ));
    ktest_check(vm_events(VM_FAULT_SPURIOUS) == before + 2 && space->pages == 1);
    space_put(space);
}
