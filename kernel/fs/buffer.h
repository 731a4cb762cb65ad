// The buffer cache: metadata blocks of disks in memory, by device and block number.
//
// File data never pass here, they are in the page cache. A buffer's contents are guarded by
// whoever owns the structure on the disk; the cache guards only what it knows itself. A buffer may
// be changed while it is being written: it is dirty again afterwards, and written again.
#ifndef FS_BUFFER_H
#define FS_BUFFER_H

#include <debug/panic.h>
#include <block/block.h>
#include <lib/list.h>
#include <sched/wait.h>
#include <stdint.h>

// The buffers of one mounted device; all have the same size.
struct buffer_cache {
    struct block_device *device;
    uint32_t block_size;        // 512 to PAGE_SIZE, a power of two
    bool unflushed;             // written to the device since its last flush (by anybody)
    int write_error;            // the first one that nobody has been told
};

struct buffer {
    void *data;                 // block_size bytes, in the direct map
    uint64_t block;
    struct buffer_cache *cache;
    uint32_t refs;              // atomic; with 0 it may be reclaimed
    uint32_t state;             // enum buffer_state in buffer.c
    struct buffer *hash_next;
    struct list clock_node;     // all buffers, for reclaim
    struct list dirty_node;     // on the dirty list, or on a request's while it is written
    struct wait_queue queue;    // for the end of a read or write
};

// Boot: sizes the cache by the machine's memory and registers its shrinker.
void buffer_init(void);

void buffer_cache_init(struct buffer_cache *cache, struct block_device *device,
                       uint32_t block_size);

// Drops all buffers of `cache`, dirty or not; none may be in use. May sleep.
void buffer_cache_destroy(struct buffer_cache *cache);

// The buffer of `block`, read, with a reference: 0, -EIO, -ENOMEM. Threads that want the same
// absent block share one read. Sleeps.
int must_check buffer_get(struct buffer_cache *cache, uint64_t block, struct buffer **out);

// As buffer_get for a block whose old contents do not matter: it is zero-filled, not read, and
// not yet dirty. 0 or -ENOMEM. May sleep.
int must_check buffer_get_zero(struct buffer_cache *cache, uint64_t block, struct buffer **out);

// Gives the reference back; NULL is allowed. Never sleeps.
void buffer_put(struct buffer *buffer);

// The contents were changed (before this call): they must be written. Never sleeps.
void buffer_mark_dirty(struct buffer *buffer);

// The block is being freed: what is cached of it will not be written, and on return no write
// of it is in flight, so that the block can become something else. May sleep.
void buffer_forget(struct buffer_cache *cache, uint64_t block);

// Writes what is dirty in block order and waits: 0, or the first write error since the last
// call, even one of a write that reclaim did. Does not flush the device. Sleeps.
int must_check buffer_cache_sync(struct buffer_cache *cache);

#endif
