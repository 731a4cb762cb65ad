// Write-back of dirty buffers: sorted by block, neighbours in one request, several in flight.
#include "buffer_private.h"

#include <abi/errno.h>
#include <debug/log.h>

#define WRITE_REQUESTS 8                // in flight at once

// One request and the buffers that it writes. They are static so that reclaim can write when
// there is no memory; buffers.write_lock guards them.
struct write_slot {
    struct block_request request;
    struct list buffers;                // struct buffer, by dirty_node
};

static struct write_slot slots[WRITE_REQUESTS];

static struct {
    struct spinlock lock;
    unsigned pending;                   // requests that are not done
    struct wait_queue queue;
} writes = { .lock = SPINLOCK_INIT("buffer writes") };

void buffer_write_init(void) {
    mutex_init(&buffers.write_lock, "buffer write-back");
    wait_queue_init(&writes.queue, "buffer writes");
}

void buffer_mark_dirty(struct buffer *buffer) {
    // The change must be visible before DIRTY is found set: else a writer that has just cleared
    // it could have sent the old contents.
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (__atomic_load_n(&buffer->state, __ATOMIC_RELAXED) & BUFFER_DIRTY)
        return;
    spin_lock(&buffers.lock);
    if (!(buffer->state & (BUFFER_DIRTY | BUFFER_WRITING)))
        list_push_back(&buffers.dirty, &buffer->dirty_node);
    buffer->state |= BUFFER_DIRTY;
    spin_unlock(&buffers.lock);
}

// Moves the dirty buffers of `cache` (NULL: of all) to `out`, as WRITING: how many.
static size_t collect_dirty(const struct buffer_cache *cache, struct list *out) {
    struct buffer *buffer, *spare;
    size_t count = 0;
    spin_lock(&buffers.lock);
    list_for_each_safe(buffer, spare, &buffers.dirty, dirty_node) {
        if (cache && buffer->cache != cache)
            continue;
        list_remove(&buffer->dirty_node);
        list_push_back(out, &buffer->dirty_node);
        buffer->state = (buffer->state & ~BUFFER_DIRTY) | BUFFER_WRITING;
        __atomic_fetch_add(&buffer->refs, 1, __ATOMIC_ACQUIRE);
        count++;
    }
    spin_unlock(&buffers.lock);
    return count;
}

static bool written_before(const struct buffer *a, const struct buffer *b) {
    return a->cache != b->cache ? a->cache < b->cache : a->block < b->block;
}

// Merge sort by device and block.
static void sort_buffers(struct list *list, size_t count) {
    if (count < 2)
        return;
    struct list half = LIST_INIT(half), merged = LIST_INIT(merged);
    for (size_t i = 0; i < count / 2; i++)
        list_push_back(&half, list_pop_front(list));
    sort_buffers(&half, count / 2);
    sort_buffers(list, count - count / 2);
    while (!list_empty(&half) && !list_empty(list)) {
        bool first = written_before(list_first(&half, struct buffer, dirty_node),
                                    list_first(list, struct buffer, dirty_node));
        list_push_back(&merged, list_pop_front(first ? &half : list));
    }
    list_append_all(&merged, &half);
    list_append_all(&merged, list);
    list_append_all(list, &merged);
}

static void write_done(struct block_request *request) {
    (void)request;
    spin_lock(&writes.lock);
    if (--writes.pending == 0)
        wake_all(&writes.queue);
    spin_unlock(&writes.lock);
}

// Submits the front of `sorted` with all neighbours that follow without a gap.
static void submit_run(struct write_slot *slot, struct list *sorted) {
    struct buffer *buffer = list_first(sorted, struct buffer, dirty_node);
    struct buffer_cache *cache = buffer->cache;
    struct block_request *request = &slot->request;
    uint64_t next = buffer->block;
    request->op = BLOCK_WRITE;
    request->sector = next * (cache->block_size / SECTOR_SIZE);
    request->segment_count = 0;
    request->done = write_done;
    list_init(&slot->buffers);
    do {
        request->segments[request->segment_count++] =
            (struct block_segment){ buffer->data, cache->block_size };
        list_push_back(&slot->buffers, list_pop_front(sorted));
        buffer = list_first(sorted, struct buffer, dirty_node);
        next++;
    } while (!list_empty(sorted) && buffer->cache == cache && buffer->block == next &&
             request->segment_count < BLOCK_MAX_SEGMENTS);

    spin_lock(&writes.lock);
    writes.pending++;
    spin_unlock(&writes.lock);
    block_submit(cache->device, request);
}

// The request is done: its buffers are what they were before, or dirty again.
static void finish_run(struct write_slot *slot) {
    struct buffer_cache *cache = list_first(&slot->buffers, struct buffer, dirty_node)->cache;
    int error = slot->request.error;
    if (error)
        log_error("%s: writing sector %lu failed: error %d", cache->device->name,
                  slot->request.sector, -error);
    spin_lock(&buffers.lock);
    cache->unflushed = true;
    if (error && !cache->write_error)
        cache->write_error = error;
    while (!list_empty(&slot->buffers)) {
        struct buffer *buffer = list_first(&slot->buffers, struct buffer, dirty_node);
        list_remove(&buffer->dirty_node);
        buffer->state &= ~BUFFER_WRITING;
        if (buffer->state & BUFFER_DIRTY)
            list_push_back(&buffers.dirty, &buffer->dirty_node);
        wake_all(&buffer->queue);
        buffer_put(buffer);
    }
    spin_unlock(&buffers.lock);
}

// Writes the dirty buffers of `cache` (NULL: of all). buffers.write_lock is held.
static void write_dirty(const struct buffer_cache *cache) {
    struct list sorted = LIST_INIT(sorted);
    assert(mutex_holding(&buffers.write_lock));
    sort_buffers(&sorted, collect_dirty(cache, &sorted));
    while (!list_empty(&sorted)) {
        unsigned used = 0;
        while (used < WRITE_REQUESTS && !list_empty(&sorted))
            submit_run(&slots[used++], &sorted);
        spin_lock(&writes.lock);
        wait_event(&writes.queue, writes.pending == 0, &writes.lock);
        spin_unlock(&writes.lock);
        for (unsigned i = 0; i < used; i++)
            finish_run(&slots[i]);
    }
}

bool buffers_try_write_all(void) {
    if (!mutex_trylock(&buffers.write_lock))
        return false;
    write_dirty(NULL);
    mutex_unlock(&buffers.write_lock);
    return true;
}

int buffer_cache_sync(struct buffer_cache *cache) {
    mutex_lock(&buffers.write_lock);
    write_dirty(cache);
    mutex_unlock(&buffers.write_lock);
    spin_lock(&buffers.lock);
    int error = cache->write_error;
    cache->write_error = 0;
    spin_unlock(&buffers.lock);
    return error;
}
