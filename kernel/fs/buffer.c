// The buffer cache: lookup, reading, reclaim. Write-back is in buffer_write.c.
//
// buffers.lock guards the hash, the clock, the dirty list and every buffer's state. References
// are taken under the lock and dropped without it: what has none under the lock stays so.
#include "buffer_private.h"

#include <abi/errno.h>
#include <lib/string.h>
#include <mm/frame.h>
#include <mm/heap.h>
#include <mm/reclaim.h>

#define HASH_LIMIT 32768                // buckets: the heap's largest object
#define CLOCK_STEPS 64                  // buffers looked at with interrupts off

struct buffers buffers = {
    .lock = SPINLOCK_INIT("buffer cache"),
    .clock = LIST_INIT(buffers.clock),
    .dirty = LIST_INIT(buffers.dirty),
};

static struct buffer **bucket(const struct buffer_cache *cache, uint64_t block) {
    uint64_t key = (block ^ ((uintptr_t)cache >> 4)) * 0x9e3779b97f4a7c15;
    return &buffers.hash[key >> buffers.hash_shift];
}

// buffers.lock is held. The reference is the caller's.
static struct buffer *hash_find(const struct buffer_cache *cache, uint64_t block) {
    struct buffer *buffer = *bucket(cache, block);
    while (buffer && (buffer->block != block || buffer->cache != cache))
        buffer = buffer->hash_next;
    if (buffer) {
        __atomic_fetch_add(&buffer->refs, 1, __ATOMIC_ACQUIRE);
        buffer->state |= BUFFER_REFERENCED;
    }
    return buffer;
}

static void unlink_locked(struct buffer *buffer) {
    struct buffer **link = bucket(buffer->cache, buffer->block);
    while (*link != buffer)
        link = &(*link)->hash_next;
    *link = buffer->hash_next;
    list_remove(&buffer->clock_node);
    list_remove(&buffer->dirty_node);
    buffers.count--;
    buffers.bytes -= buffer->cache->block_size;
}

static void buffer_free(struct buffer *buffer) {
    if (buffer->cache->block_size == PAGE_SIZE)
        frame_put(frame_of_virt(buffer->data));
    else
        kfree(buffer->data);
    kfree(buffer);
}

#define RESERVE_WAITS 250           // 5 seconds

static struct buffer *buffer_create(struct buffer_cache *cache, uint64_t block) {
    struct buffer *buffer = kzalloc(sizeof(*buffer));
    if (!buffer)
        return NULL;
    if (cache->block_size == PAGE_SIZE) {
        struct frame *frame = frame_alloc(FRAME_BUFFER, 0);
        buffer->data = frame ? frame_virt(frame) : NULL;
    } else {
        buffer->data = kmalloc(cache->block_size);
    }
    if (!buffer->data) {
        kfree(buffer);
        return NULL;
    }
    buffer->cache = cache;
    buffer->block = block;
    buffer->refs = 1;
    list_init(&buffer->clock_node);
    list_init(&buffer->dirty_node);
    wait_queue_init(&buffer->queue, "buffer");
    return buffer;
}

// Who needs metadata may be half through a change, which could neither be ended nor undone without; and
// what he gets can be reclaimed soon. So it comes from the reserve, and if that is used up as well, he
// waits for those who are being killed.
static struct buffer *buffer_create_from_reserve(struct buffer_cache *cache, uint64_t block) {
    struct buffer *buffer = NULL;
    for (unsigned i = 0; i < RESERVE_WAITS && !buffer; i++) {
        if (i > 0)
            reclaim_pause();
        bool before = reclaim_reserve_begin();
        buffer = buffer_create(cache, block);
        reclaim_reserve_end(before);
    }
    return buffer;
}

// The next buffer that the clock's hand (the list's front) gives up, unlinked; NULL after some
// steps without one. Each buffer gets a second chance if it was used since the last round.
static struct buffer *clock_victim(void) {
    struct buffer *victim = NULL;
    spin_lock(&buffers.lock);
    for (unsigned i = 0; i < CLOCK_STEPS && !victim && !list_empty(&buffers.clock); i++) {
        struct buffer *buffer = list_first(&buffers.clock, struct buffer, clock_node);
        bool busy = __atomic_load_n(&buffer->refs, __ATOMIC_ACQUIRE) ||
                    buffer->state & (BUFFER_DIRTY | BUFFER_REFERENCED);
        list_remove(&buffer->clock_node);
        list_push_back(&buffers.clock, &buffer->clock_node);
        buffer->state &= ~BUFFER_REFERENCED;
        if (!busy)
            victim = buffer;
    }
    if (victim)
        unlink_locked(victim);
    spin_unlock(&buffers.lock);
    return victim;
}

// Frees clean unused buffers until `wanted` bytes are free or all were looked at twice.
static size_t buffers_evict(size_t wanted) {
    size_t freed = 0;
    uint64_t rounds = 2 * buffers.count / CLOCK_STEPS + 2;
    while (freed < wanted && rounds) {
        struct buffer *victim = clock_victim();
        if (victim) {
            freed += victim->cache->block_size;
            buffer_free(victim);
        } else {
            rounds--;
        }
    }
    return freed;
}

// Frees about `wanted` bytes, writing dirty buffers if it must and no write-back is under way.
// Never waits for a lock that is held while memory is allocated.
static size_t buffers_reclaim(size_t wanted) {
    size_t freed = buffers_evict(wanted);
    if (freed < wanted && buffers_try_write_all())
        freed += buffers_evict(wanted - freed);
    return freed;
}

static uint64_t buffers_shrink(uint64_t wanted) {
    return (buffers_reclaim(wanted * PAGE_SIZE) + PAGE_SIZE - 1) / PAGE_SIZE;
}

// Makes `fresh` findable, unless somebody was faster: then that one, and `fresh` is freed.
static struct buffer *hash_add(struct buffer *fresh) {
    spin_lock(&buffers.lock);
    struct buffer *other = hash_find(fresh->cache, fresh->block);
    if (!other) {
        struct buffer **head = bucket(fresh->cache, fresh->block);
        fresh->hash_next = *head;
        *head = fresh;
        list_push_back(&buffers.clock, &fresh->clock_node);
        buffers.count++;
        buffers.bytes += fresh->cache->block_size;
    }
    spin_unlock(&buffers.lock);
    if (other)
        buffer_free(fresh);
    return other ? other : fresh;
}

// The buffer with a reference, up to date or not; NULL when memory is out.
static struct buffer *buffer_find(struct buffer_cache *cache, uint64_t block) {
    spin_lock(&buffers.lock);
    struct buffer *buffer = hash_find(cache, block);
    spin_unlock(&buffers.lock);
    if (buffer)
        return buffer;
    if (buffers.bytes >= buffers.limit)
        buffers_reclaim(cache->block_size);
    buffer = buffer_create(cache, block);
    if (!buffer)
        buffer = buffer_create_from_reserve(cache, block);
    return buffer ? hash_add(buffer) : NULL;
}

// Reads the block unless somebody else has, or is about to have: 0 or -EIO.
static int buffer_read(struct buffer *buffer) {
    spin_lock(&buffers.lock);
    wait_event(&buffer->queue, !(buffer->state & BUFFER_READING), &buffers.lock);
    bool uptodate = buffer->state & BUFFER_UPTODATE;
    if (!uptodate)
        buffer->state |= BUFFER_READING;
    spin_unlock(&buffers.lock);
    if (uptodate)
        return 0;

    struct buffer_cache *cache = buffer->cache;
    uint64_t sector = buffer->block * (cache->block_size / SECTOR_SIZE);
    int error = block_transfer(cache->device, BLOCK_READ, sector, buffer->data,
                               cache->block_size);
    spin_lock(&buffers.lock);
    buffer->state &= ~BUFFER_READING;
    if (!error)
        buffer->state |= BUFFER_UPTODATE;
    wake_all(&buffer->queue);
    spin_unlock(&buffers.lock);
    return error;
}

int buffer_get(struct buffer_cache *cache, uint64_t block, struct buffer **out) {
    struct buffer *buffer = buffer_find(cache, block);
    if (!buffer)
        return -ENOMEM;
    if (!(__atomic_load_n(&buffer->state, __ATOMIC_ACQUIRE) & BUFFER_UPTODATE)) {
        int error = buffer_read(buffer);
        if (error) {
            buffer_put(buffer);
            return error;
        }
    }
    *out = buffer;
    return 0;
}

int buffer_get_zero(struct buffer_cache *cache, uint64_t block, struct buffer **out) {
    struct buffer *buffer = buffer_find(cache, block);
    if (!buffer)
        return -ENOMEM;
    spin_lock(&buffers.lock);
    wait_event(&buffer->queue, !(buffer->state & BUFFER_READING), &buffers.lock);
    spin_unlock(&buffers.lock);
    memset(buffer->data, 0, cache->block_size);
    spin_lock(&buffers.lock);
    buffer->state |= BUFFER_UPTODATE;
    spin_unlock(&buffers.lock);
    *out = buffer;
    return 0;
}

void buffer_put(struct buffer *buffer) {
    if (!buffer)
        return;
    uint32_t refs = __atomic_fetch_sub(&buffer->refs, 1, __ATOMIC_RELEASE);
    assert(refs > 0);
}

void buffer_forget(struct buffer_cache *cache, uint64_t block) {
    bool unused = false;
    spin_lock(&buffers.lock);
    struct buffer *buffer = hash_find(cache, block);
    if (buffer) {
        wait_event(&buffer->queue, !(buffer->state & BUFFER_WRITING), &buffers.lock);
        buffer->state &= ~BUFFER_DIRTY;
        list_remove(&buffer->dirty_node);
        // A bad disk may use the block for two things: then the other user keeps the buffer.
        unused = __atomic_sub_fetch(&buffer->refs, 1, __ATOMIC_ACQ_REL) == 0;
        if (unused)
            unlink_locked(buffer);
    }
    spin_unlock(&buffers.lock);
    if (unused)
        buffer_free(buffer);
}

void buffer_cache_init(struct buffer_cache *cache, struct block_device *device,
                       uint32_t block_size) {
    assert(block_size >= SECTOR_SIZE && block_size <= PAGE_SIZE);
    *cache = (struct buffer_cache){ .device = device, .block_size = block_size };
}

// One of the cache's buffers, unlinked, or NULL.
static struct buffer *cache_take_any(const struct buffer_cache *cache) {
    struct buffer *buffer, *found = NULL;
    spin_lock(&buffers.lock);
    list_for_each(buffer, &buffers.clock, clock_node)
        if (buffer->cache == cache) {
            found = buffer;
            break;
        }
    if (found) {
        assert(!found->refs);
        unlink_locked(found);
    }
    spin_unlock(&buffers.lock);
    return found;
}

void buffer_cache_destroy(struct buffer_cache *cache) {
    struct buffer *buffer;
    mutex_lock(&buffers.write_lock);    // no write is in flight
    while ((buffer = cache_take_any(cache)))
        buffer_free(buffer);
    mutex_unlock(&buffers.write_lock);
}

void buffer_init(void) {
    static struct shrinker shrinker = { .name = "buffers", .shrink = buffers_shrink };
    struct frame_stats stats;
    frame_stats_get(&stats);
    unsigned bits = 8;
    while ((1ul << bits) < stats.total / 16 && (1ul << bits) < HASH_LIMIT)
        bits++;
    buffers.hash = kzalloc(sizeof(*buffers.hash) << bits);
    assert(buffers.hash);
    buffers.hash_shift = 64 - bits;
    buffers.limit = stats.total * PAGE_SIZE / 8;
    buffer_write_init();
    shrinker_register(&shrinker);
}
