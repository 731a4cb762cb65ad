// The inode cache: which inodes are in memory, and for how long.
//
// A live inode is in the hash table. With references it is on no list (or, dirty, on its
// superblock's dirty list); without, it stays while it is dirty or resident, and else waits on the
// unused list to be asked for again or to give its memory back.
#include <abi/errno.h>
#include <fs/inode_cache.h>
#include <lib/string.h>
#include <mm/heap.h>
#include <sched/clock.h>
#include <sched/wait.h>

struct spinlock inode_cache_lock = SPINLOCK_INIT("inode cache");

static struct wait_queue read_queue = WAIT_QUEUE_INIT(read_queue, "inode");
static struct wait_queue evict_queue = WAIT_QUEUE_INIT(evict_queue, "inode eviction");
static struct list *buckets;
static uint64_t bucket_mask;
static struct list unused = LIST_INIT(unused);
static uint64_t unused_count, unused_limit;

static struct list *bucket_of(const struct super *super, uint64_t number) {
    uint64_t hash = (number + (uint64_t)super / 64) * 0x9e3779b97f4a7c15;
    return &buckets[(hash >> 32) & bucket_mask];
}

// Looks `number` up and takes a reference. The lock is held.
static struct inode *find_and_hold(struct super *super, uint64_t number) {
    struct list *bucket = bucket_of(super, number);
    struct inode *inode;
    list_for_each(inode, bucket, hash_node) {
        if (inode->number != number || inode->super != super)
            continue;
        __atomic_fetch_add(&inode->refs, 1, __ATOMIC_RELAXED);
        if (!list_empty(&inode->unused_node)) {
            list_remove(&inode->unused_node);
            unused_count--;
        }
        return inode;
    }
    return NULL;
}

static struct inode *inode_alloc(struct super *super, uint64_t number) {
    struct inode *inode = kzalloc(sizeof(*inode));
    if (!inode)
        return NULL;
    inode->super = super;
    inode->number = number;
    inode->refs = 1;
    page_object_init(&inode->pages, NULL);
    mutex_init(&inode->lock, "inode");
    list_init(&inode->hash_node);
    list_init(&inode->super_node);
    list_init(&inode->dirty_node);
    list_init(&inode->unused_node);
    list_init(&inode->record_locks);
    return inode;
}

static void inode_insert(struct inode *inode) {
    list_push_front(bucket_of(inode->super, inode->number), &inode->hash_node);
    list_push_back(&inode->super->inodes, &inode->super_node);
}

// Off every list, so that nobody finds it any more. The lock is held.
static void inode_unlist(struct inode *inode) {
    if (!list_empty(&inode->unused_node))
        unused_count--;
    list_remove(&inode->unused_node);
    list_remove(&inode->hash_node);
    list_remove(&inode->super_node);
    list_remove(&inode->dirty_node);
}

// Frees an inode that is on no list; `deleted`: on the disk too.
static void inode_evict(struct inode *inode, bool deleted) {
    const struct super_ops *ops = inode->super->ops;
    page_object_truncate(&inode->pages, 0);
    if (deleted && ops->inode_delete)
        ops->inode_delete(inode);
    page_object_destroy(&inode->pages);
    if (ops->inode_forget)
        ops->inode_forget(inode);
    assert(list_empty(&inode->record_locks) && !inode->pipe && !inode->alias);
    kfree(inode);
}

// Takes an inode off all lists; inode_bury frees it without the lock, and until then its superblock has
// to stay. The lock is held.
static void inode_doom(struct inode *inode) {
    inode_unlist(inode);
    inode->super->evicting++;
}

void super_evict_begin(struct super *super) {
    spin_lock(&inode_cache_lock);
    super->evicting++;
    spin_unlock(&inode_cache_lock);
}

void super_evict_end(struct super *super) {
    spin_lock(&inode_cache_lock);
    if (--super->evicting == 0)
        wake_all(&evict_queue);
    spin_unlock(&inode_cache_lock);
}

static void inode_bury(struct inode *inode, bool deleted) {
    struct super *super = inode->super;
    inode_evict(inode, deleted);
    super_evict_end(super);
}

void inode_made(struct inode *inode, int error) {
    spin_lock(&inode_cache_lock);
    inode->state = error ? INODE_BAD : INODE_LIVE;
    if (error)
        inode_unlist(inode);
    wake_all(&read_queue);
    spin_unlock(&inode_cache_lock);
}

// Waits for the one who reads it: 0, or -EIO and the reference is gone.
static int read_wait(struct inode *inode) {
    spin_lock(&inode_cache_lock);
    wait_event(&read_queue, inode->state != INODE_NEW, &inode_cache_lock);
    spin_unlock(&inode_cache_lock);
    if (inode->state == INODE_LIVE)
        return 0;
    inode_put(inode);
    return -EIO;
}

int inode_get(struct super *super, uint64_t number, struct inode **out) {
    spin_lock(&inode_cache_lock);
    struct inode *found = find_and_hold(super, number), *fresh = NULL;
    spin_unlock(&inode_cache_lock);
    if (!found) {
        fresh = inode_alloc(super, number);
        if (!fresh)
            return -ENOMEM;
        spin_lock(&inode_cache_lock);
        found = find_and_hold(super, number);
        if (!found)
            inode_insert(fresh);
        spin_unlock(&inode_cache_lock);
    }
    int error = 0;
    if (found) {
        kfree(fresh);
        if (found->state != INODE_LIVE)
            error = read_wait(found);
    } else {
        error = super->ops->inode_read(fresh);
        inode_made(fresh, error);
        if (error)
            inode_put(fresh);
    }
    // Only now: -ENOENT from here must not look like an inode to a caller who makes a negative entry.
    *out = error ? NULL : found ? found : fresh;
    return error;
}

struct inode *inode_create(struct super *super, uint64_t number) {
    struct inode *inode = inode_alloc(super, number);
    if (!inode)
        return NULL;
    spin_lock(&inode_cache_lock);
    struct inode *found = find_and_hold(super, number);
    if (!found)
        inode_insert(inode);
    spin_unlock(&inode_cache_lock);
    if (!found)
        return inode;
    inode_put(found);
    kfree(inode);
    return NULL;
}

struct inode *inode_hold(struct inode *inode) {
    __atomic_fetch_add(&inode->refs, 1, __ATOMIC_RELAXED);
    return inode;
}

// Files an inode without references where it belongs. The lock is held.
static void inode_file_unused(struct inode *inode) {
    if (list_empty(&inode->dirty_node) && list_empty(&inode->unused_node) && !inode->resident) {
        list_push_back(&unused, &inode->unused_node);
        unused_count++;
    }
}

// The inode that has been unused longest and whose pages are gone (or any, if `any`), taken off
// all lists; NULL if there is none. The lock is held.
static struct inode *unused_take(bool any) {
    struct inode *inode;
    list_for_each(inode, &unused, unused_node) {
        if (!any && inode->pages.pages > 0)
            continue;
        inode_doom(inode);
        return inode;
    }
    return NULL;
}

// Gives the last reference back. Only the writer thread deletes what `lazy` callers (reclaim,
// which may hold any lock) leave behind: it finds the inode on the dirty list.
static void inode_put_last(struct inode *inode, bool lazy) {
    struct inode *victim = NULL;
    bool deleted = false;
    spin_lock(&inode_cache_lock);
    if (__atomic_sub_fetch(&inode->refs, 1, __ATOMIC_ACQ_REL) == 0) {
        deleted = inode->state == INODE_LIVE && inode->links == 0;
        if (deleted && lazy) {
            if (list_empty(&inode->dirty_node))
                list_push_back(&inode->super->dirty, &inode->dirty_node);
        } else if (deleted || inode->state == INODE_BAD || inode->super->uncached) {
            inode_doom(inode);
            victim = inode;
        } else {
            inode_file_unused(inode);
            if (unused_count > unused_limit && !lazy)
                victim = unused_take(true);
        }
    }
    spin_unlock(&inode_cache_lock);
    if (victim)
        inode_bury(victim, victim == inode && deleted);
}

// Gives a reference back unless it is the last one.
static bool inode_put_shared(struct inode *inode) {
    uint32_t refs = __atomic_load_n(&inode->refs, __ATOMIC_RELAXED);
    while (refs > 1) {
        if (__atomic_compare_exchange_n(&inode->refs, &refs, refs - 1, false, __ATOMIC_RELEASE,
                                        __ATOMIC_RELAXED))
            return true;
    }
    return false;
}

void inode_put(struct inode *inode) {
    if (inode && !inode_put_shared(inode))
        inode_put_last(inode, false);
}

void inode_put_lazy(struct inode *inode) {
    if (inode && !inode_put_shared(inode))
        inode_put_last(inode, true);
}

uint64_t inode_pages_size(struct page_object *object) {
    return __atomic_load_n(&container_of(object, struct inode, pages)->size, __ATOMIC_ACQUIRE);
}

// The whole page may be written, but what lies behind the end is no part of the file.
int inode_pages_prepare_write(struct page_object *object, uint64_t index) {
    struct inode *inode = container_of(object, struct inode, pages);
    uint64_t at = index * PAGE_SIZE;
    mutex_lock(&inode->lock);
    int error = at < inode->size ? 0 : -ENXIO;
    uint64_t size = inode->size - at < PAGE_SIZE ? inode->size - at : PAGE_SIZE;
    if (!error && inode->ops->reserve)
        error = inode->ops->reserve(inode, at, size);
    if (!error) {
        inode->mtime = inode->ctime = inode_time_now();
        inode_mark_dirty(inode);
    }
    mutex_unlock(&inode->lock);
    return error;
}

struct timespec inode_time_now(void) {
    uint64_t now = clock_realtime_ns();
    return (struct timespec){ .tv_sec = now / NS_PER_SECOND, .tv_nsec = now % NS_PER_SECOND };
}

// Is any inode referred to, but for the root by so many? The lock is held.
static bool in_use(struct super *super, uint32_t of_root) {
    struct inode *inode;
    bool used = false;
    list_for_each(inode, &super->inodes, super_node)
        used |= inode->refs > (inode == super->root ? of_root : 0) || inode->state != INODE_LIVE;
    return used;
}

bool super_busy(struct super *super) {
    spin_lock(&inode_cache_lock);
    wait_event(&evict_queue, !super->evicting, &inode_cache_lock);
    spin_unlock(&inode_cache_lock);
    mutex_lock(&super_list_lock);           // keeps the write-back thread's references out
    spin_lock(&inode_cache_lock);
    bool busy = in_use(super, 2);
    spin_unlock(&inode_cache_lock);
    mutex_unlock(&super_list_lock);
    return busy;
}

bool super_forget_inodes(struct super *super) {
    struct list doomed = LIST_INIT(doomed);
    struct inode *inode, *spare;
    spin_lock(&inode_cache_lock);
    wait_event(&evict_queue, !super->evicting, &inode_cache_lock);
    if (in_use(super, 1)) {
        spin_unlock(&inode_cache_lock);
        return false;
    }
    list_for_each_safe(inode, spare, &super->inodes, super_node) {
        inode_unlist(inode);
        list_push_back(&doomed, &inode->super_node);
    }
    spin_unlock(&inode_cache_lock);
    list_for_each_safe(inode, spare, &doomed, super_node) {
        list_remove(&inode->super_node);
        inode_evict(inode, inode->links == 0);
    }
    return true;
}

// Reclaim: inodes without pages, each a fraction of a frame.
static uint64_t inode_shrink(uint64_t wanted) {
    uint64_t freed = 0;
    struct inode *inode;
    do {
        spin_lock(&inode_cache_lock);
        inode = unused_take(false);
        spin_unlock(&inode_cache_lock);
        if (inode) {
            inode_bury(inode, false);
            freed += sizeof(*inode);
        }
    } while (inode && freed < wanted * PAGE_SIZE);
    return freed / PAGE_SIZE;
}

void inode_cache_init(void) {
    static struct shrinker shrinker = { .name = "inodes", .shrink = inode_shrink };
    uint64_t count = 256;
    while (count < 16384 && count < (frame_limit - frame_first) / 16)
        count *= 2;
    buckets = kmalloc(count * sizeof(*buckets));
    if (!buckets)
        panic("no memory for the inode cache");
    for (uint64_t i = 0; i < count; i++)
        list_init(&buckets[i]);
    bucket_mask = count - 1;
    unused_limit = count;
    shrinker_register(&shrinker);
}
