// The operations on names: lookup, create, link, unlink, rename.
//
// Each looks everything up and allocates everything first, then changes the directories in
// steps that cannot fail.
#include "ext2_private.h"

#include <abi/stat.h>
#include <lib/string.h>

static int check_writable(const struct inode *dir) { return dir->super->read_only ? -EROFS : 0; }

// A directory that `dir` names must name `dir` as its parent. So directories form a tree, on
// any disk, and locking parent before child cannot deadlock.
static int check_child(struct inode *dir, struct inode *inode) {
    struct ext2_slot slot;
    if (!S_ISDIR(inode->mode))
        return 0;
    int error = inode == dir ? -ENOENT : ext2_dir_find(inode, "..", 2, &slot);
    if (error && error != -ENOENT)
        return error;
    uint32_t parent = error ? 0 : slot.entry->inode;
    if (!error)
        buffer_put(slot.buffer);
    return parent == dir->number ? 0 : ext2_damaged(ext2_of(dir),
               "directory %lu is in %lu, but calls %u its parent", inode->number, dir->number,
               parent);
}

static int lookup(struct inode *dir, const char *name, size_t length, struct inode **out) {
    struct ext2_slot slot;
    int error = ext2_dir_find(dir, name, length, &slot);
    if (error)
        return error;
    uint32_t number = slot.entry->inode;
    buffer_put(slot.buffer);
    if (!ext2_number_ok(ext2_of(dir), number))
        return ext2_damaged(ext2_of(dir), "directory %lu names inode %u", dir->number, number);
    struct inode *inode;
    error = inode_get(dir->super, number, &inode);
    if (error)
        return error;
    error = check_child(dir, inode);
    if (error)
        inode_put(inode);
    else
        *out = inode;
    return error;
}

static void links_add(struct inode *inode, int change) {
    // A bad disk may count too few links: what is still named must not be deleted by that.
    if (change > 0 || inode->links > 1)
        inode->links += (uint32_t)change;
    inode_mark_dirty(inode);
}

// One name less: the inode is deleted with its last reference if it was the last.
static void links_drop(struct inode *inode) {
    if (S_ISDIR(inode->mode))
        inode->links = 0;
    else if (inode->links)
        inode->links--;
    inode->ctime = inode_time_now();
    inode_mark_dirty(inode);
}

// Puts a new inode into `dir`, or deletes it again.
static int add_new(struct inode *dir, const char *name, size_t length, struct inode *inode,
                   int error, struct inode **out) {
    if (!error)
        error = ext2_dir_insert(dir, name, length, inode);
    if (error) {
        inode->links = 0;
        inode_put(inode);
        return error;
    }
    *out = inode;
    return 0;
}

static void set_device(struct inode *inode, uint32_t device) {
    // Device numbers of 8 bits each have an old place, others a new one.
    ext2_inode_of(inode)->block[device > 0xffff] = device;
    inode->device = device;
}

static int create(struct inode *dir, const char *name, size_t length, uint32_t mode,
                  uint32_t device, uint32_t uid, uint32_t gid, struct inode **out) {
    struct inode *inode;
    bool directory = S_ISDIR(mode);
    if (directory && dir->links >= EXT2_LINK_MAX)
        return -EMLINK;
    int error = check_writable(dir);
    if (!error)
        error = ext2_inode_create(dir, mode, uid, gid, &inode);
    if (error)
        return error;
    if (S_ISCHR(mode) || S_ISBLK(mode))
        set_device(inode, device);
    if (directory)
        error = ext2_dir_create(inode, dir);
    error = add_new(dir, name, length, inode, error, out);
    if (error || !directory)
        return error;
    inode->links = 2;               // its name and its "."
    links_add(dir, 1);              // its ".."
    return 0;
}

// Stores a target that does not fit into the inode.
static int store_target(struct inode *inode, const char *target, size_t size) {
    struct buffer *buffer;
    uint32_t block;
    int error = ext2_map_create(inode, 0, &block);
    if (!error)
        error = buffer_get_zero(&ext2_of(inode)->buffers, block, &buffer);
    if (error)
        return error;
    memcpy(buffer->data, target, size);
    buffer_mark_dirty(buffer);
    buffer_put(buffer);
    return 0;
}

static int symlink(struct inode *dir, const char *name, size_t length, const char *target,
                   uint32_t uid, uint32_t gid, struct inode **out) {
    struct inode *inode;
    size_t size = strlen(target);
    if (size >= dir->super->block_size)
        return -ENAMETOOLONG;
    int error = check_writable(dir);
    if (!error)
        error = ext2_inode_create(dir, S_IFLNK | 0777, uid, gid, &inode);
    if (error)
        return error;
    if (size < sizeof(ext2_inode_of(inode)->block))
        memcpy(ext2_inode_of(inode)->block, target, size);
    else
        error = store_target(inode, target, size);
    inode->size = size;
    return add_new(dir, name, length, inode, error, out);
}

static long readlink(struct inode *inode, char *buffer, size_t size) {
    struct ext2 *fs = ext2_of(inode);
    struct buffer *block = NULL;
    const void *target = ext2_inode_of(inode)->block;
    uint32_t number;
    if (inode->size >= size)
        return -ENAMETOOLONG;
    if (ext2_has_blocks(inode)) {
        int error = ext2_map(inode, 0, &number);
        if (!error && !number)
            error = ext2_damaged(fs, "symbolic link %lu has no block", inode->number);
        if (!error)
            error = buffer_get(&fs->buffers, number, &block);
        if (error)
            return error;
        target = block->data;
    }
    memcpy(buffer, target, inode->size);
    buffer[inode->size] = '\0';
    buffer_put(block);
    return (long)inode->size;
}

static int link(struct inode *dir, const char *name, size_t length, struct inode *inode) {
    if (inode->links >= EXT2_LINK_MAX)
        return -EMLINK;
    if (inode->links == 0)
        return -ENOENT;
    int error = ext2_dir_insert(dir, name, length, inode);
    if (error)
        return error;
    inode->links++;
    inode->ctime = inode_time_now();
    inode_mark_dirty(inode);
    return 0;
}

// The entry of `inode`, which the caller has looked up under this name.
static int find_known(struct inode *dir, const char *name, size_t length,
                      const struct inode *inode, struct ext2_slot *slot) {
    int error = check_writable(dir);
    if (!error)
        error = ext2_dir_find(dir, name, length, slot);
    if (error)
        return error;
    if (slot->entry->inode == inode->number)
        return 0;
    buffer_put(slot->buffer);
    slot->buffer = NULL;
    return -ENOENT;
}

static int unlink(struct inode *dir, const char *name, size_t length, struct inode *inode) {
    struct ext2_slot slot;
    int error = find_known(dir, name, length, inode, &slot);
    if (error)
        return error;
    ext2_dir_remove(dir, &slot);
    buffer_put(slot.buffer);
    links_drop(inode);
    return 0;
}

static int rmdir(struct inode *dir, const char *name, size_t length, struct inode *inode) {
    int error = ext2_dir_check_empty(inode);
    if (!error)
        error = unlink(dir, name, length, inode);
    if (!error)
        links_add(dir, -1);
    return error;
}

// Everything that rename needs to have found before it changes anything.
struct rename_slots {
    struct ext2_slot old, new, parent;      // parent: ".." of a directory that moves
};

static void slots_put(struct rename_slots *slots) {
    buffer_put(slots->old.buffer);
    buffer_put(slots->new.buffer);
    buffer_put(slots->parent.buffer);
}

// May the directory `inode` go to new_dir, in the place of `target`?
static int check_rename(const struct inode *old_dir, const struct inode *new_dir,
                        const struct inode *inode, struct inode *target) {
    if (target && S_ISDIR(target->mode))
        return ext2_dir_check_empty(target);
    if (S_ISDIR(inode->mode) && new_dir != old_dir && new_dir->links >= EXT2_LINK_MAX)
        return -EMLINK;
    return 0;
}

// The part of rename that cannot fail. The new entry exists unless there is a target.
static void rename_commit(struct inode *old_dir, struct inode *new_dir, struct inode *inode,
                          struct inode *target, struct rename_slots *slots) {
    if (target) {
        ext2_dir_replace(&slots->new, inode);
        new_dir->mtime = new_dir->ctime = inode_time_now();
        inode_mark_dirty(new_dir);
    }
    ext2_dir_remove(old_dir, &slots->old);
    if (slots->parent.buffer) {
        ext2_dir_replace(&slots->parent, new_dir);
        links_add(old_dir, -1);
        links_add(new_dir, 1);
    }
    if (target) {
        links_drop(target);
        if (S_ISDIR(target->mode))
            links_add(new_dir, -1);
    }
    inode->ctime = inode_time_now();
    inode_mark_dirty(inode);
}

static int rename(struct inode *old_dir, const char *old_name, size_t old_length,
                  struct inode *new_dir, const char *new_name, size_t new_length,
                  struct inode *inode, struct inode *target) {
    struct rename_slots slots = { 0 };
    bool moves = S_ISDIR(inode->mode) && new_dir != old_dir;
    int error = check_rename(old_dir, new_dir, inode, target);
    if (!error)
        error = find_known(old_dir, old_name, old_length, inode, &slots.old);
    if (!error && target)
        error = find_known(new_dir, new_name, new_length, target, &slots.new);
    if (!error && moves)
        error = ext2_dir_find(inode, "..", 2, &slots.parent);
    if (!error && !target)
        error = ext2_dir_insert(new_dir, new_name, new_length, inode);
    // The new entry may have been cut from the slack of the old one, or of the one before.
    if (!error && !target && new_dir == old_dir)
        error = ext2_dir_find_again(old_dir, old_name, old_length, &slots.old);
    if (!error)
        rename_commit(old_dir, new_dir, inode, target, &slots);
    slots_put(&slots);
    return error;
}

const struct inode_ops ext2_dir_ops = {
    .lookup = lookup,
    .create = create,
    .link = link,
    .symlink = symlink,
    .unlink = unlink,
    .rmdir = rmdir,
    .rename = rename,
    .readdir = ext2_readdir,
};

const struct inode_ops ext2_file_ops = {
    .truncate = ext2_truncate,
    .reserve = ext2_reserve,
};

const struct inode_ops ext2_symlink_ops = { .readlink = readlink };

const struct inode_ops ext2_special_ops = { 0 };
