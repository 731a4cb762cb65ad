// The page cache: dirty pages, from the write that makes them so to their way to the disk.
#include <abi/errno.h>
#include <mm/page_cache_internal.h>
#include <mm/replace.h>
#include <mm/space.h>
#include <sched/clock.h>
#include <sched/thread.h>
#include <sched/wait.h>

static uint64_t dirty_total, pinned_total;      // atomic

// Writers that are throttled, fsync and reclaim all wait for the end of a write-back.
static struct spinlock written_lock = SPINLOCK_INIT("write-back");
static struct wait_queue written_queue = WAIT_QUEUE_INIT(written_queue, "write-back");

static struct thread *writer;
static void (*writer_wake)(void);

void page_writer_register(struct thread *thread, void (*wake)(void)) {
    writer = thread;
    writer_wake = wake;
}

uint64_t page_dirty_count(void) { return __atomic_load_n(&dirty_total, __ATOMIC_RELAXED); }

uint64_t page_pinned_count(void) { return __atomic_load_n(&pinned_total, __ATOMIC_RELAXED); }

// So many dirty pages may there be before those who make them have to wait.
static uint64_t dirty_limit(void) { return (frame_limit - frame_first) / 8; }

static void note_dirty(struct page_object *object, struct frame *frame) {
    if (object->in_memory) {
        if (frame_flag_set(frame, FRAME_PINNED))
            return;                 // it was being written to a swap disk
        object->pinned++;
        __atomic_fetch_add(&pinned_total, 1, __ATOMIC_RELAXED);
        return;
    }
    frame_list_push(&object->dirty, frame);
    if (object->dirty.count == 1 && object->ops->dirtied)
        object->ops->dirtied(object);
    if (__atomic_add_fetch(&dirty_total, 1, __ATOMIC_RELAXED) == dirty_limit() / 2 && writer_wake)
        writer_wake();
}

// The fast way out is right because whoever clears the flag does so before looking at the bytes:
// the fence puts our change to the bytes before our look at the flag. A flag seen set was set
// under the lock, so that a sync that starts after this call finds the page on its list.
void page_mark_dirty(struct frame *frame) {
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (frame_flag_test(frame, FRAME_DIRTY))
        return;
    struct page_object *object = __atomic_load_n(&frame->owner, __ATOMIC_ACQUIRE);
    if (!object)
        return;                     // it was truncated meanwhile
    spin_lock(&object->lock);
    if (frame->owner == object && !frame_flag_set(frame, FRAME_DIRTY))
        note_dirty(object, frame);
    spin_unlock(&object->lock);
}

void page_forget_dirty(struct page_object *object, struct frame *frame) {
    frame_flag_clear(frame, FRAME_DIRTY);
    if (frame_flag_clear(frame, FRAME_PINNED)) {
        object->pinned--;
        __atomic_fetch_sub(&pinned_total, 1, __ATOMIC_RELAXED);
        return;
    }
    frame_list_remove(&object->dirty, frame);
    __atomic_fetch_sub(&dirty_total, 1, __ATOMIC_RELAXED);
}

// Takes the oldest dirty page and the dirty ones that follow it in the file, locks them and
// makes them clean. object->lock is held. 0, and the page to wait for in frames[0], if the
// oldest is busy.
static unsigned batch_take(struct page_object *object, struct frame **frames, unsigned limit) {
    struct frame *frame = frame_list_last(&object->dirty);
    uint64_t index = frame->index;
    unsigned n = 0;
    while (frame && frame_flag_test(frame, FRAME_DIRTY) && page_trylock(frame)) {
        page_forget_dirty(object, frame);
        replace_loaded(frame);
        frame_get(frame);
        frames[n++] = frame;
        frame = n < limit ? radix_find(&object->tree, index + n) : NULL;
    }
    if (n == 0) {
        frame_get(frame);
        frames[0] = frame;
    } else {
        object->writing++;
    }
    return n;
}

// 0, or -ENOMEM: then the pages are dirty again, so that nothing is lost. What else goes wrong is the
// object's error.
static int batch_write(struct page_object *object, struct frame **frames, unsigned n) {
    int error;
    // A program that writes through a mapping from here on faults, and makes the page dirty anew.
    unsigned mapped = 0;
    for (unsigned i = 0; i < n; i++)
        mapped += rmap_write_protect(frames[i]).entries;
    if (mapped)
        space_flush_everywhere();
    if (object->ops->write_pages)
        error = object->ops->write_pages(object, frames[0]->index, frames, n);
    else
        error = object->ops->write_page(object, frames[0]->index, frames[0]);
    bool again = error == -ENOMEM;
    for (unsigned i = 0; i < n; i++) {
        if (again)
            page_mark_dirty(frames[i]);
        page_unlock(frames[i]);
        frame_put(frames[i]);
    }
    spin_lock(&object->lock);
    object->writing--;
    if (error && !again && !object->error)
        object->error = error;
    spin_unlock(&object->lock);
    spin_lock(&written_lock);
    if (!list_empty(&written_queue.waiters))
        wake_all(&written_queue);
    spin_unlock(&written_lock);
    return again ? error : 0;
}

// Waits for the batches that others are writing.
static void wait_written(struct page_object *object) {
    spin_lock(&written_lock);
    wait_event(&written_queue, !__atomic_load_n(&object->writing, __ATOMIC_ACQUIRE),
               &written_lock);
    spin_unlock(&written_lock);
}

// Writes what is dirty now; what becomes dirty meanwhile is left to the next call.
int page_object_write_back(struct page_object *object) {
    struct frame *frames[PAGE_BATCH];
    int error = 0;
    unsigned limit = object->ops->write_pages ? PAGE_BATCH : 1;
    spin_lock(&object->lock);
    for (uint64_t left = object->dirty.count; left > 0 && object->dirty.count > 0;) {
        unsigned n = batch_take(object, frames, limit);
        spin_unlock(&object->lock);
        if (n > 0) {
            int wrong = batch_write(object, frames, n);
            error = error ? error : wrong;
        } else {
            page_wait(frames[0]);
            frame_put(frames[0]);
        }
        left -= n < left ? n : left;
        spin_lock(&object->lock);
    }
    spin_unlock(&object->lock);
    wait_written(object);
    return error;
}

int page_object_sync(struct page_object *object) {
    int again = 0;
    if (page_object_dirty(object) || __atomic_load_n(&object->writing, __ATOMIC_ACQUIRE))
        again = page_object_write_back(object);
    int error = __atomic_exchange_n(&object->error, 0, __ATOMIC_ACQ_REL);
    return error ? error : again;
}

static void wait_until_below(uint64_t limit, enum wait_mode mode, uint64_t patience_ns) {
    uint64_t deadline = time_read() + ns_to_ticks(patience_ns);
    writer_wake();
    spin_lock(&written_lock);
    // A timeout or a signal ends the wait, which is all that it is there for.
    int ignored = wait_event_deadline(&written_queue, page_dirty_count() < limit, &written_lock,
                                      mode, deadline);
    (void)ignored;
    spin_unlock(&written_lock);
}

void page_throttle(void) {
    if (page_dirty_count() > dirty_limit() && writer && thread_current() != writer)
        wait_until_below(dirty_limit(), WAIT_KILLABLE, NS_PER_SECOND);
}

void page_writer_wait(void) {
    uint64_t dirty = page_dirty_count();
    if (dirty > 0 && writer && thread_current() != writer)
        wait_until_below(dirty, WAIT_UNINTERRUPTIBLE, NS_PER_SECOND / 5);
}
