// What the two halves of the buffer cache share.
#ifndef FS_BUFFER_PRIVATE_H
#define FS_BUFFER_PRIVATE_H

#include <fs/buffer.h>
#include <sched/mutex.h>
#include <sync/spinlock.h>

enum buffer_state {
    BUFFER_UPTODATE = 1,        // holds what the disk holds, or newer
    BUFFER_DIRTY = 2,           // newer; on the dirty list unless it is also WRITING
    BUFFER_READING = 4,
    BUFFER_WRITING = 8,         // with a reference of the writer
    BUFFER_REFERENCED = 16,     // used since the clock's hand last passed
};

extern struct buffers {
    struct spinlock lock;       // guards all below but write_lock, and every buffer's state
    struct buffer **hash;
    unsigned hash_shift;
    struct list clock;          // all buffers; the hand is at the front
    struct list dirty;          // of all caches
    uint64_t count;
    size_t bytes, limit;
    struct mutex write_lock;    // one write-back at a time; its holder allocates nothing
} buffers;

void buffer_write_init(void);

// Writes all dirty buffers of all caches, unless somebody is writing: false then. Sleeps for the
// disk, but for no lock and no memory.
bool buffers_try_write_all(void);

#endif
