#include <abi/errno.h>
#include <sched/mutex.h>
#include <sched/sched.h>
#include <sched/trace.h>

#define RECORDS_MOST 100000ul       // a ring is one object of the heap

static struct mutex changing = MUTEX_INIT(changing, "scheduler's trace");
static struct sched_ring *rings[HARTS_MAX];     // guarded by the run queue's lock

static uint32_t name_of(const struct thread *thread) {
    if (thread == harts[thread->current.hart].idle)
        return 0;
    return thread->tid ? thread->tid : TRACE_KERNEL;
}

void trace_write(struct run_queue *queue, uint64_t now, const struct thread *out,
                 const struct thread *in, enum trace_reason reason) {
    struct sched_ring *ring = queue->trace;
    ring->records[ring->written++ % ring->size] =
        (struct sched_record){ now, name_of(out), name_of(in), reason };
}

// Which ring a hart has, and whether it writes there; the old one.
static struct sched_ring *set_ring(uint32_t hart, struct sched_ring *ring, bool on) {
    struct run_queue *queue = &harts[hart].queue;
    spin_lock(&queue->lock);
    struct sched_ring *old = rings[hart];
    rings[hart] = ring;
    queue->trace = on ? ring : NULL;
    spin_unlock(&queue->lock);
    return old;
}

static void free_rings(void) {
    for (uint32_t i = 0; i < hart_count; i++)
        sched_memory.free(set_ring(i, NULL, false));
}

static int make_rings(uint64_t size) {
    for (uint32_t i = 0; i < hart_count; i++) {
        struct sched_ring *ring =
            sched_memory.alloc(sizeof *ring + size * sizeof(struct sched_record));
        if (!ring) {
            free_rings();
            return -ENOMEM;
        }
        ring->size = size;
        ring->written = 0;
        set_ring(i, ring, true);
    }
    return 0;
}

int sched_trace_start(uint64_t size) {
    if (size > RECORDS_MOST)
        return -EINVAL;
    mutex_lock(&changing);
    free_rings();
    int error = size ? make_rings(size) : 0;
    mutex_unlock(&changing);
    return error;
}

void sched_trace_stop(void) {
    mutex_lock(&changing);
    for (uint32_t i = 0; i < hart_count; i++)
        set_ring(i, rings[i], false);
    mutex_unlock(&changing);
}

uint64_t sched_trace_size(bool *on) {
    struct run_queue *queue = &harts[0].queue;
    spin_lock(&queue->lock);
    uint64_t size = rings[0] ? rings[0]->size : 0;
    *on = queue->trace;
    spin_unlock(&queue->lock);
    return size;
}

unsigned sched_trace_read(uint32_t hart, uint64_t *next, struct sched_record *records,
                          unsigned room, uint64_t *lost) {
    struct run_queue *queue = &harts[hart].queue;
    unsigned count = 0;
    spin_lock(&queue->lock);
    const struct sched_ring *ring = rings[hart];
    if (ring) {
        *lost = ring->written > ring->size ? ring->written - ring->size : 0;
        *next = *next > *lost ? *next : *lost;
        while (count < room && *next < ring->written)
            records[count++] = ring->records[(*next)++ % ring->size];
    }
    spin_unlock(&queue->lock);
    return count;
}
