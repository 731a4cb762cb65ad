// Record locks. They are rare, so one lock and one queue serve all files.
#include <abi/errno.h>
#include <abi/fcntl.h>
#include <fs/file.h>
#include <fs/inode.h>
#include <fs/record_lock.h>
#include <mm/heap.h>
#include <sched/thread.h>

struct record_lock {
    struct record_range range;
    const void *owner;              // struct file_table, or struct file for flock
    struct list node;               // on inode->record_locks
};

static struct spinlock records_lock = SPINLOCK_INIT("record locks");
static struct wait_queue records_queue = WAIT_QUEUE_INIT(records_queue, "record lock");

static const void *owner_of(const struct file *file, bool flock) {
    return flock ? (const void *)file : thread_current()->files;
}

static bool overlap(const struct record_range *a, const struct record_range *b) {
    return a->flock == b->flock && a->start <= b->end && b->start <= a->end;
}

// Somebody else's lock that excludes `range`, or NULL. The lock is held.
static struct record_lock *find_conflict(const struct file *file,
                                         const struct record_range *range) {
    struct record_lock *lock;
    list_for_each(lock, &file->inode->record_locks, node) {
        if (lock->owner != owner_of(file, range->flock) && overlap(&lock->range, range) &&
            (lock->range.type == F_WRLCK || range->type == F_WRLCK))
            return lock;
    }
    return NULL;
}

int record_lock_test(struct file *file, struct record_range *range) {
    if (!file->inode)
        return -EINVAL;
    spin_lock(&records_lock);
    struct record_lock *lock = find_conflict(file, range);
    if (lock)
        *range = lock->range;
    else
        range->type = F_UNLCK;
    spin_unlock(&records_lock);
    return 0;
}

// Makes room for `range` in one of the caller's locks that overlaps it: what is left on the left
// stays in `lock`, what is left on the right too or goes to *spare. The lock is held.
static void cut(struct record_lock *lock, const struct record_range *range,
                struct record_lock **spare) {
    bool left = lock->range.start < range->start, right = lock->range.end > range->end;
    if (left && right) {
        struct record_lock *rest = *spare;
        *spare = NULL;
        rest->range = lock->range;
        rest->owner = lock->owner;
        rest->range.start = range->end + 1;
        list_push_front(&lock->node, &rest->node);      // right after it
    }
    if (left) {
        lock->range.end = range->start - 1;
    } else if (right) {
        lock->range.start = range->end + 1;
    } else {
        list_remove(&lock->node);
        kfree(lock);
    }
}

// Gives `range` to the caller, whose other locks make room. Only one of them can reach beyond the
// range on both sides, so one spare is enough.
static void apply(const struct file *file, const struct record_range *range,
                  struct record_lock **fresh, struct record_lock **spare) {
    const void *owner = owner_of(file, range->flock);
    struct record_lock *lock, *next;
    list_for_each_safe(lock, next, &file->inode->record_locks, node) {
        if (lock->owner == owner && overlap(&lock->range, range))
            cut(lock, range, spare);
    }
    if (range->type != F_UNLCK) {
        (*fresh)->range = *range;
        (*fresh)->owner = owner;
        list_push_back(&file->inode->record_locks, &(*fresh)->node);
        *fresh = NULL;
    }
    wake_all(&records_queue);
}

int record_lock_set(struct file *file, const struct record_range *range, bool wait) {
    if (!file->inode)
        return -EINVAL;
    struct record_lock *fresh = kmalloc(sizeof(*fresh)), *spare = kmalloc(sizeof(*spare));
    int error = fresh && spare ? 0 : -ENOMEM;
    spin_lock(&records_lock);
    if (!error && range->type != F_UNLCK && find_conflict(file, range)) {
        error = -EAGAIN;
        if (wait)
            error = wait_event_interruptible(&records_queue, !find_conflict(file, range),
                                             &records_lock);
    }
    if (!error)
        apply(file, range, &fresh, &spare);
    spin_unlock(&records_lock);
    kfree(fresh);
    kfree(spare);
    return error;
}

void record_locks_drop_any(struct file *file, const void *owner) {
    struct record_lock *lock, *next;
    spin_lock(&records_lock);
    list_for_each_safe(lock, next, &file->inode->record_locks, node) {
        if (lock->owner != owner)
            continue;
        list_remove(&lock->node);
        kfree(lock);
    }
    wake_all(&records_queue);
    spin_unlock(&records_lock);
}
