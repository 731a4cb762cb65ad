// Write-back: what is dirty goes to the disk, by a thread of its own every few seconds and when
// memory asks for it, and by the calls of the sync family.
#include <abi/errno.h>
#include <debug/log.h>
#include <fs/inode_cache.h>
#include <mm/reclaim.h>
#include <sched/clock.h>
#include <sched/thread.h>

#define WRITEBACK_PERIOD (5 * NS_PER_SECOND)

static struct spinlock writer_lock = SPINLOCK_INIT("writer");
static struct wait_queue writer_queue = WAIT_QUEUE_INIT(writer_queue, "work to write");
static bool writer_wanted;              // memory asks for clean pages
static bool writer_armed;               // something is dirty since writer_armed_at
static uint64_t writer_armed_at;

// Something is to be written in a while. With nothing dirty the thread sleeps without a deadline.
static void writer_arm(void) {
    if (__atomic_load_n(&writer_armed, __ATOMIC_RELAXED))
        return;
    spin_lock(&writer_lock);
    if (!writer_armed) {
        writer_armed = true;
        writer_armed_at = time_read();
        wake_one(&writer_queue);
    }
    spin_unlock(&writer_lock);
}

// Puts `inode` on its superblock's list of dirty ones, unless it is being freed: its deletion changes it
// as well. inode_cache_lock is held.
static void list_dirty(struct inode *inode) {
    bool listed = !list_empty(&inode->super_node) && inode->state == INODE_LIVE;
    if (listed && list_empty(&inode->dirty_node))
        list_push_back(&inode->super->dirty, &inode->dirty_node);
    writer_arm();
}

void inode_mark_dirty(struct inode *inode) {
    // The fence puts the change before the look; the writer clears the flag before it reads.
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (__atomic_load_n(&inode->dirty, __ATOMIC_RELAXED) || !inode->super->ops->inode_write)
        return;
    spin_lock(&inode_cache_lock);
    inode->dirty = true;
    list_dirty(inode);
    spin_unlock(&inode_cache_lock);
}

void inode_pages_dirtied(struct page_object *object) {
    struct inode *inode = container_of(object, struct inode, pages);
    spin_lock(&inode_cache_lock);
    list_dirty(inode);
    spin_unlock(&inode_cache_lock);
}

static int write_attributes(struct inode *inode) {
    if (!__atomic_load_n(&inode->dirty, __ATOMIC_RELAXED))
        return 0;
    __atomic_store_n(&inode->dirty, false, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    int error = inode->super->ops->inode_write(inode);
    if (error && error != -EROFS)
        inode_mark_dirty(inode);        // not lost: it is tried again
    return error;
}

int inode_sync(struct inode *inode) {
    struct super *super = inode->super;
    int error = page_object_sync(&inode->pages);
    int attributes = write_attributes(inode);
    int rest = super->ops->sync && !super->read_only ? super->ops->sync(super) : 0;
    return error ? error : attributes ? attributes : rest;
}

// The next inode of `list`, off it and with a reference.
static struct inode *dirty_take(struct list *list) {
    spin_lock(&inode_cache_lock);
    struct list *node = list_pop_front(list);
    struct inode *inode = node ? container_of(node, struct inode, dirty_node) : NULL;
    if (inode)
        __atomic_fetch_add(&inode->refs, 1, __ATOMIC_RELAXED);
    spin_unlock(&inode_cache_lock);
    return inode;
}

// Writes the inodes that are dirty now: data, then attributes.
static int write_inodes(struct super *super) {
    struct list batch = LIST_INIT(batch);
    struct inode *inode;
    int first_error = 0;
    spin_lock(&inode_cache_lock);
    list_append_all(&batch, &super->dirty);
    spin_unlock(&inode_cache_lock);
    while ((inode = dirty_take(&batch))) {
        int again = page_object_write_back(&inode->pages), error = inode->pages.error;
        if (inode->links > 0 && !error)
            error = write_attributes(inode);
        error = error ? error : again;
        // What became dirty meanwhile, or is so again for want of memory, is the next round's.
        if (page_object_dirty(&inode->pages))
            inode_mark_dirty(inode);
        if (error && !first_error)
            first_error = error;
        inode_put(inode);
    }
    return first_error;
}

int super_sync(struct super *super) {
    int error = write_inodes(super);
    int rest = super->ops->sync && !super->read_only ? super->ops->sync(super) : 0;
    return error ? error : rest;
}

int sync_all(void) {
    int first_error = 0;
    struct super *super;
    mutex_lock(&super_list_lock);
    list_for_each(super, &super_list, node) {
        int error = super_sync(super);
        if (error && !first_error)
            first_error = error;
    }
    mutex_unlock(&super_list_lock);
    return first_error;
}

// Under pressure only the data matter: their pages can be reclaimed then.
static void write_data(void) {
    struct super *super;
    mutex_lock(&super_list_lock);
    list_for_each(super, &super_list, node) {
        int error = write_inodes(super);
        if (error)
            log_warning("%s: write-back: error %d", super->type->name, -error);
    }
    mutex_unlock(&super_list_lock);
}

static void writer_wake(void) {
    spin_lock(&writer_lock);
    writer_wanted = true;
    wake_one(&writer_queue);
    spin_unlock(&writer_lock);
}

// Sleeps until there is work: true if memory asks for it, false if it is just time.
static bool writer_wait(void) {
    spin_lock(&writer_lock);
    wait_event(&writer_queue, writer_wanted || writer_armed, &writer_lock);
    uint64_t deadline = writer_armed_at + ns_to_ticks(WRITEBACK_PERIOD);
    int timeout = wait_event_deadline(&writer_queue, writer_wanted, &writer_lock,
                                      WAIT_UNINTERRUPTIBLE, deadline);
    writer_wanted = false;
    bool due = timeout || time_read() >= deadline;
    if (due)
        __atomic_store_n(&writer_armed, false, __ATOMIC_RELAXED);
    spin_unlock(&writer_lock);
    return !due;
}

// It does not wait for memory to be freed: those who free it wait for this thread.
static void writer_main(void *argument) {
    (void)argument;
    reclaim_exempt();
    for (;;) {
        if (writer_wait()) {
            write_data();
            continue;
        }
        int error = sync_all();
        if (error)
            log_warning("write-back: error %d", -error);
    }
}

void writeback_start(void) {
    struct thread *thread = thread_create("writeback", writer_main, NULL);
    if (!thread)
        panic("no memory for the write-back thread");
    page_writer_register(thread, writer_wake);
    thread_start(thread);
}
