// ramfs: directories. Entries are on a list in order of creation, which readdir follows, and in a
// hash table that grows with them.
#include <abi/dirent.h>
#include <abi/errno.h>
#include <abi/stat.h>
#include <fs/dentry.h>
#include <fs/ramfs_internal.h>
#include <lib/string.h>
#include <mm/heap.h>

#define FIRST_BUCKETS 8
#define MAX_BUCKETS 16384
#define COOKIE_DOTDOT 1
#define COOKIE_FIRST 2

struct ramfs_dir *ramfs_dir_create(uint64_t parent) {
    struct ramfs_dir *dir = kzalloc(sizeof(*dir));
    if (!dir)
        return NULL;
    dir->buckets = kzalloc(FIRST_BUCKETS * sizeof(*dir->buckets));
    if (!dir->buckets) {
        kfree(dir);
        return NULL;
    }
    dir->bucket_count = FIRST_BUCKETS;
    dir->parent = parent;
    dir->next_cookie = COOKIE_FIRST;
    list_init(&dir->entries);
    return dir;
}

void ramfs_dir_free(struct ramfs_dir *dir) {
    if (!dir)
        return;
    struct list *node;
    while ((node = list_pop_front(&dir->entries)))
        kfree(container_of(node, struct ramfs_entry, node));
    kfree(dir->buckets);
    kfree(dir);
}

static struct ramfs_entry **bucket_of(const struct ramfs_dir *dir, uint32_t hash) {
    return &dir->buckets[(hash ^ hash >> 16) & (dir->bucket_count - 1)];
}

// Where the pointer to the entry `name` is (or would be: *result is NULL).
static struct ramfs_entry **find(const struct ramfs_dir *dir, const char *name, size_t length) {
    struct name key = name_make(name, length);
    struct ramfs_entry **link = bucket_of(dir, key.hash);
    while (*link && ((*link)->hash != key.hash || (*link)->length != length ||
                     memcmp((*link)->name, name, length) != 0))
        link = &(*link)->hash_next;
    return link;
}

// Twice the buckets; if there is no memory for that, the chains get longer.
static void grow(struct ramfs_dir *dir) {
    uint32_t count = dir->bucket_count * 2;
    struct ramfs_entry **buckets = count <= MAX_BUCKETS ? kzalloc(count * sizeof(*buckets)) : NULL;
    if (!buckets)
        return;
    kfree(dir->buckets);
    dir->buckets = buckets;
    dir->bucket_count = count;
    struct ramfs_entry *entry;
    list_for_each(entry, &dir->entries, node) {
        struct ramfs_entry **bucket = bucket_of(dir, entry->hash);
        entry->hash_next = *bucket;
        *bucket = entry;
    }
}

static struct ramfs_entry *entry_alloc(const char *name, size_t length) {
    struct ramfs_entry *entry = kmalloc(sizeof(*entry) + length);
    if (!entry)
        return NULL;
    entry->hash = name_make(name, length).hash;
    entry->length = length;
    memcpy(entry->name, name, length);
    return entry;
}

static void changed(struct inode *dir) { dir->mtime = dir->ctime = inode_time_now(); }

// Enters `entry` for `inode`. Cannot fail.
static void insert(struct inode *dir_inode, struct ramfs_entry *entry, const struct inode *inode) {
    struct ramfs_dir *dir = dir_inode->private;
    if (dir->count++ >= dir->bucket_count)
        grow(dir);
    entry->inode = inode->number;
    entry->type = IFTODT(inode->mode);
    entry->cookie = dir->next_cookie++;
    struct ramfs_entry **bucket = bucket_of(dir, entry->hash);
    entry->hash_next = *bucket;
    *bucket = entry;
    list_push_back(&dir->entries, &entry->node);
    if (S_ISDIR(inode->mode))
        dir_inode->links++;
    changed(dir_inode);
}

// Removes the entry at `link`, which leads to `inode`.
static void removed(struct inode *dir_inode, struct ramfs_entry **link, const struct inode *inode) {
    struct ramfs_dir *dir = dir_inode->private;
    struct ramfs_entry *entry = *link;
    *link = entry->hash_next;
    list_remove(&entry->node);
    dir->count--;
    kfree(entry);
    if (S_ISDIR(inode->mode))
        dir_inode->links--;
    changed(dir_inode);
}

static int ramfs_lookup(struct inode *dir, const char *name, size_t length, struct inode **out) {
    const struct ramfs_entry *entry = *find(dir->private, name, length);
    return entry ? inode_get(dir->super, entry->inode, out) : -ENOENT;
}

static int ramfs_create(struct inode *dir, const char *name, size_t length, uint32_t mode,
                        uint32_t device, uint32_t uid, uint32_t gid, struct inode **out) {
    struct ramfs_entry *entry = entry_alloc(name, length);
    if (!entry)
        return -ENOSPC;
    int error = ramfs_make(dir->super, mode, device, uid, gid, dir->number, out);
    if (error) {
        kfree(entry);
        return -ENOSPC;
    }
    insert(dir, entry, *out);
    return 0;
}

static int ramfs_symlink(struct inode *dir, const char *name, size_t length, const char *target,
                         uint32_t uid, uint32_t gid, struct inode **out) {
    char *copy = kstrdup(target);
    if (!copy)
        return -ENOSPC;
    int error = ramfs_create(dir, name, length, S_IFLNK | 0777, 0, uid, gid, out);
    if (error) {
        kfree(copy);
        return error;
    }
    (*out)->private = copy;
    (*out)->size = strlen(copy);
    return 0;
}

static int ramfs_link(struct inode *dir, const char *name, size_t length, struct inode *inode) {
    struct ramfs_entry *entry = entry_alloc(name, length);
    if (!entry)
        return -ENOSPC;
    insert(dir, entry, inode);
    inode->links++;
    inode->ctime = inode_time_now();
    return 0;
}

static int ramfs_unlink(struct inode *dir, const char *name, size_t length, struct inode *inode) {
    removed(dir, find(dir->private, name, length), inode);
    inode->links--;
    inode->ctime = inode_time_now();
    return 0;
}

static int ramfs_rmdir(struct inode *dir, const char *name, size_t length, struct inode *inode) {
    const struct ramfs_dir *victim = inode->private;
    if (victim->count > 0)
        return -ENOTEMPTY;
    removed(dir, find(dir->private, name, length), inode);
    inode->links = 0;
    return 0;
}

static int ramfs_rename(struct inode *old_dir, const char *old_name, size_t old_length,
                        struct inode *new_dir, const char *new_name, size_t new_length,
                        struct inode *inode, struct inode *target) {
    struct ramfs_entry *entry = entry_alloc(new_name, new_length);
    if (!entry)
        return -ENOSPC;
    int error = 0;
    if (target && S_ISDIR(target->mode))
        error = ramfs_rmdir(new_dir, new_name, new_length, target);
    else if (target)
        error = ramfs_unlink(new_dir, new_name, new_length, target);
    if (error) {
        kfree(entry);
        return error;
    }
    removed(old_dir, find(old_dir->private, old_name, old_length), inode);
    insert(new_dir, entry, inode);
    if (S_ISDIR(inode->mode))
        ((struct ramfs_dir *)inode->private)->parent = new_dir->number;
    inode->ctime = inode_time_now();
    return 0;
}

static int ramfs_readdir(struct inode *inode, uint64_t *offset, struct dir_sink *sink) {
    const struct ramfs_dir *dir = inode->private;
    if (*offset == 0) {
        if (!sink->emit(sink, ".", 1, inode->number, COOKIE_DOTDOT, DT_DIR))
            return 0;
        *offset = COOKIE_DOTDOT;
    }
    if (*offset == COOKIE_DOTDOT) {
        if (!sink->emit(sink, "..", 2, dir->parent, COOKIE_FIRST, DT_DIR))
            return 0;
        *offset = COOKIE_FIRST;
    }
    const struct ramfs_entry *entry;
    list_for_each(entry, &dir->entries, node) {
        if (entry->cookie < *offset)
            continue;
        if (!sink->emit(sink, entry->name, entry->length, entry->inode, entry->cookie + 1,
                        entry->type))
            return 0;
        *offset = entry->cookie + 1;
    }
    return 0;
}

const struct inode_ops ramfs_dir_ops = {
    .lookup = ramfs_lookup, .create = ramfs_create, .link = ramfs_link, .symlink = ramfs_symlink,
    .unlink = ramfs_unlink, .rmdir = ramfs_rmdir, .rename = ramfs_rename, .readdir = ramfs_readdir,
};
