// The dentry cache: references, and which unused names are forgotten first.
#include <fs/dentry_internal.h>
#include <fs/inode_cache.h>
#include <mm/heap.h>

#define PRUNE_BATCH 32              // looked at with the lock held

static struct list unused = LIST_INIT(unused);      // oldest first; dentry_lock
static uint64_t dentry_count, dentry_limit;         // the count is atomic

struct dentry *dentry_hold(struct dentry *dentry) {
    spin_lock(&dentry_lock);
    dentry_hold_locked(dentry);
    spin_unlock(&dentry_lock);
    return dentry;
}

// Marks the end of `dentry`. Its parent loses a reference, which the caller must see to.
static struct dentry *kill(struct dentry *dentry, struct list *dead) {
    if (dentry->inode) {
        super_evict_begin(dentry->super);
        if (dentry->inode->alias == dentry)
            dentry->inode->alias = NULL;
    }
    list_push_back(dead, &dentry->unused_node);
    return dentry->parent;
}

// A loop, not a recursion: removed directories may be nested as deep as a user likes.
void dentry_put_locked(struct dentry *dentry, struct list *dead) {
    for (;;) {
        assert(dentry->refs > 0);
        if (--dentry->refs > 0)
            return;
        if (dentry->super->uncached || (dentry->parent->inode && dentry->parent->inode->dead))
            dentry_unhash(dentry);
        if (dentry->hash_link) {
            list_push_back(&unused, &dentry->unused_node);
            return;
        }
        struct dentry *parent = kill(dentry, dead);
        if (parent == dentry)
            return;
        dentry = parent;
    }
}

// Forgets an unused dentry.
static void prune(struct dentry *dentry, struct list *dead) {
    list_remove(&dentry->unused_node);
    dentry_unhash(dentry);
    dentry_put_locked(kill(dentry, dead), dead);
}

// They were used last, mostly, when the directory was emptied.
void dentry_forget_children(struct dentry *dir, struct list *dead) {
    for (struct list *node = unused.prev; node != &unused && dir->refs > 1;) {
        struct dentry *dentry = container_of(node, struct dentry, unused_node);
        node = node->prev;
        if (dentry->parent == dir)
            prune(dentry, dead);
    }
}

void dentry_discard(struct dentry *dentry) {
    if (dentry->name != dentry->inline_name)
        kfree(dentry->name);
    kfree(dentry);
}

static void bury(struct list *dead, void (*put)(struct inode *inode)) {
    struct list *node;
    while ((node = list_pop_front(dead))) {
        struct dentry *dentry = container_of(node, struct dentry, unused_node);
        struct super *super = dentry->inode ? dentry->super : NULL;
        put(dentry->inode);
        if (super)
            super_evict_end(super);
        dentry_discard(dentry);
        __atomic_fetch_sub(&dentry_count, 1, __ATOMIC_RELAXED);
    }
}

void dentry_bury(struct list *dead) {
    if (!list_empty(dead))
        bury(dead, inode_put);
}

void dentry_put(struct dentry *dentry) {
    if (!dentry)
        return;
    struct list dead = LIST_INIT(dead);
    spin_lock(&dentry_lock);
    dentry_put_locked(dentry, &dead);
    spin_unlock(&dentry_lock);
    dentry_bury(&dead);
}

// Moves up to `count` unused dentries, oldest first, to `dead`: how many.
static uint64_t prune_some(uint64_t count, struct list *dead) {
    uint64_t pruned = 0;
    spin_lock(&dentry_lock);
    while (pruned < count && !list_empty(&unused)) {
        prune(list_first(&unused, struct dentry, unused_node), dead);
        pruned++;
    }
    spin_unlock(&dentry_lock);
    return pruned;
}

void dentry_count_add(void) {
    if (__atomic_add_fetch(&dentry_count, 1, __ATOMIC_RELAXED) <= dentry_limit)
        return;
    struct list dead = LIST_INIT(dead);
    prune_some(PRUNE_BATCH, &dead);
    dentry_bury(&dead);
}

void dentry_counts(uint64_t *count, uint64_t *limit) {
    *count = __atomic_load_n(&dentry_count, __ATOMIC_RELAXED);
    *limit = dentry_limit;
}

// One pass is enough: a directory whose last child goes comes behind the others.
void dentry_prune_super(struct super *super) {
    struct list dead = LIST_INIT(dead);
    spin_lock(&dentry_lock);
    for (struct list *node = &unused; node->next != &unused;) {
        struct dentry *dentry = container_of(node->next, struct dentry, unused_node);
        if (dentry->super == super)
            prune(dentry, &dead);
        else
            node = node->next;
    }
    spin_unlock(&dentry_lock);
    dentry_bury(&dead);
}

// Reclaim. The inodes that the names held are left to the inode cache.
static uint64_t dentry_shrink(uint64_t wanted) {
    uint64_t goal = wanted * (PAGE_SIZE / sizeof(struct dentry)), pruned = 0, some;
    do {
        struct list dead = LIST_INIT(dead);
        some = prune_some(PRUNE_BATCH, &dead);
        bury(&dead, inode_put_lazy);
        pruned += some;
    } while (some > 0 && pruned < goal);
    return pruned / (PAGE_SIZE / sizeof(struct dentry));
}

void dentry_reclaim_init(uint64_t limit) {
    static struct shrinker shrinker = { .name = "dentries", .shrink = dentry_shrink };
    dentry_limit = limit;
    shrinker_register(&shrinker);
}
