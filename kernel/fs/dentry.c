// The dentry cache: finding, filling, moving.
#include <abi/errno.h>
#include <abi/stat.h>
#include <debug/log.h>
#include <fs/dentry_internal.h>
#include <lib/string.h>
#include <mm/heap.h>

struct spinlock dentry_lock = SPINLOCK_INIT("dentries");

static struct dentry **buckets;
static uint32_t bucket_mask;

struct name name_make(const char *text, uint32_t length) {
    uint32_t hash = NAME_HASH_START;
    for (uint32_t i = 0; i < length; i++)
        hash = name_hash_step(hash, text[i]);
    return (struct name){ text, length, hash };
}

static struct dentry **bucket_of(const struct dentry *dir, uint32_t hash) {
    uint64_t mix = (hash ^ ((uint64_t)dir >> 4)) * 0x9e3779b97f4a7c15;
    return &buckets[(mix >> 40) & bucket_mask];
}

static void hash_insert(struct dentry *dentry) {
    struct dentry **bucket = bucket_of(dentry->parent, dentry->hash);
    dentry->hash_next = *bucket;
    dentry->hash_link = bucket;
    if (*bucket)
        (*bucket)->hash_link = &dentry->hash_next;
    *bucket = dentry;
}

void dentry_unhash(struct dentry *dentry) {
    if (!dentry->hash_link)
        return;
    *dentry->hash_link = dentry->hash_next;
    if (dentry->hash_next)
        dentry->hash_next->hash_link = dentry->hash_link;
    dentry->hash_link = NULL;
}

// Names are short: a loop is done before a call of memcmp has begun.
static inline bool same_text(const char *a, const char *b, uint32_t length) {
    while (length > 0 && a[length - 1] == b[length - 1])
        length--;
    return length == 0;
}

struct dentry *dentry_find(struct dentry *dir, const struct name *name) {
    struct dentry *dentry = *bucket_of(dir, name->hash);
    while (dentry && (dentry->hash != name->hash || dentry->parent != dir ||
                      dentry->length != name->length ||
                      !same_text(dentry->name, name->text, name->length)))
        dentry = dentry->hash_next;
    return dentry;
}

static struct dentry *find_and_hold(struct dentry *dir, const struct name *name) {
    spin_lock(&dentry_lock);
    struct dentry *dentry = dentry_find(dir, name);
    if (dentry)
        dentry_hold_locked(dentry);
    spin_unlock(&dentry_lock);
    return dentry;
}

int dentry_name_storage(uint32_t length, char **out) {
    *out = length > DENTRY_INLINE ? kmalloc(length) : NULL;
    return length > DENTRY_INLINE && !*out ? -ENOMEM : 0;
}

// A dentry with a name and one reference, in no table yet.
static struct dentry *dentry_alloc(struct super *super, const struct name *name) {
    struct dentry *dentry = kmalloc(sizeof(*dentry));
    char *storage;
    if (!dentry || dentry_name_storage(name->length, &storage) != 0) {
        kfree(dentry);
        return NULL;
    }
    memset(dentry, 0, offsetof(struct dentry, inline_name));
    dentry->refs = 1;
    dentry->hash = name->hash;
    dentry->super = super;
    dentry->parent = dentry;
    dentry->length = name->length;
    dentry->name = storage ? storage : dentry->inline_name;
    memcpy(dentry->name, name->text, name->length);
    list_init(&dentry->unused_node);
    return dentry;
}

struct dentry *dentry_create_root(struct inode *inode) {
    struct name name = name_make("/", 1);
    struct dentry *dentry = dentry_alloc(inode->super, &name);
    if (!dentry)
        return NULL;
    dentry->inode = inode_hold(inode);
    inode->alias = dentry;
    dentry_count_add();
    return dentry;
}

// Gives `dentry` its inode. A directory has one dentry, or a damaged disk links it twice: such a
// tree would have loops, and locks without an order. dentry_lock is held.
static bool attach(struct dentry *dentry, struct inode *inode) {
    if (S_ISDIR(inode->mode)) {
        if (inode->alias)
            return false;
        inode->alias = dentry;
    }
    dentry->inode = inode;
    return true;
}

int dentry_lookup(struct dentry *dir, const struct name *name, struct dentry **out) {
    *out = find_and_hold(dir, name);
    if (*out)
        return 0;
    if (dir->inode->dead)
        return -ENOENT;
    struct dentry *dentry = dentry_alloc(dir->super, name);
    if (!dentry)
        return -ENOMEM;
    struct inode *inode = NULL;
    int error = dir->inode->ops->lookup(dir->inode, name->text, name->length, &inode);
    if (error && error != -ENOENT) {
        dentry_discard(dentry);
        return error;
    }
    spin_lock(&dentry_lock);
    bool sound = !inode || attach(dentry, inode);
    if (sound) {
        dentry->parent = dentry_hold_locked(dir);
        hash_insert(dentry);
    }
    spin_unlock(&dentry_lock);
    if (!sound) {
        log_warning("%s: directory %lu has two names", dir->super->type->name, inode->number);
        inode_put(inode);
        dentry_discard(dentry);
        return -EIO;
    }
    dentry_count_add();
    *out = dentry;
    return 0;
}

void dentry_fill(struct dentry *dentry, struct inode *inode) {
    spin_lock(&dentry_lock);
    bool sound = attach(dentry, inode);
    spin_unlock(&dentry_lock);
    assert(sound);
}

void dentry_unlinked(struct dentry *dentry) {
    struct list dead = LIST_INIT(dead);
    struct inode *inode = NULL;
    spin_lock(&dentry_lock);
    if (dentry->refs == 1 && !S_ISDIR(dentry->inode->mode)) {
        inode = dentry->inode;
        dentry->inode = NULL;
    } else {
        dentry_unhash(dentry);
        dentry_forget_children(dentry, &dead);
    }
    spin_unlock(&dentry_lock);
    dentry_bury(&dead);
    inode_put(inode);
}

// `dentry` gets the name of `target`, which is going away. Each keeps or takes the storage it
// needs.
static void take_name(struct dentry *dentry, struct dentry *target, char **storage) {
    char *old = dentry->name == dentry->inline_name ? NULL : dentry->name;
    dentry->name = *storage ? *storage : dentry->inline_name;
    memcpy(dentry->name, target->name, target->length);
    dentry->length = target->length;
    dentry->hash = target->hash;
    *storage = old;
}

void dentry_move(struct dentry *dentry, struct dentry *target, char **storage) {
    struct list dead = LIST_INIT(dead);
    spin_lock(&dentry_lock);
    struct dentry *old_parent = dentry->parent;
    dentry_unhash(dentry);
    dentry_unhash(target);
    dentry_forget_children(target, &dead);
    take_name(dentry, target, storage);
    dentry->parent = dentry_hold_locked(target->parent);
    hash_insert(dentry);
    dentry_put_locked(old_parent, &dead);
    spin_unlock(&dentry_lock);
    dentry_bury(&dead);
}

bool dentry_is_below(const struct dentry *dentry, const struct dentry *ancestor) {
    while (dentry != ancestor && dentry->parent != dentry)
        dentry = dentry->parent;
    return dentry == ancestor;
}

void dentry_init(void) {
    uint64_t count = 1024;
    while (count < 32768 && count < (frame_limit - frame_first) / 8)
        count *= 2;
    buckets = kzalloc(count * sizeof(*buckets));
    if (!buckets)
        panic("no memory for the dentry cache");
    bucket_mask = count - 1;
    dentry_reclaim_init(4 * count);
}
