// What the files of ext2 share: the file system and inode in memory, and who offers what.
//
// Nothing that is read from the disk is believed: every number is checked where it is taken
// (ext2_block_ok, ext2_number_ok, the entry checks of dir.c), and what is wrong becomes -EUCLEAN
// through ext2_damaged.
//
// Locks: inode->lock > page busy > ext2->lock (bitmaps, counts, superblock) > the buffer
// cache's. The block map of an inode changes under inode->lock only; pages are read and written
// without it, see map.c.
#ifndef FS_EXT2_PRIVATE_H
#define FS_EXT2_PRIVATE_H

#include "ext2_format.h"

#include <abi/errno.h>
#include <fs/buffer.h>
#include <fs/inode.h>
#include <sched/mutex.h>

// One block group. The descriptors stay in the buffer cache for as long as the mount lasts.
struct ext2_group {
    struct buffer *buffer;
    struct ext2_disk_group *disk;       // in `buffer`; its block numbers were checked at mount
    uint32_t block_hint;                // no block below this bit is free
    uint32_t inode_hint;                // no inode below this bit is free
};

struct ext2 {
    struct super *super;
    struct buffer_cache buffers;
    struct mutex lock;
    struct ext2_disk_super *disk;       // our copy; written by ext2_write_super
    bool super_dirty;
    uint32_t block_size;
    unsigned pointer_bits;              // log2 of the pointers in an indirect block
    uint32_t inode_size;
    uint32_t first_inode;               // the lowest number that files get
    uint32_t table_blocks;              // of one group's inode table
    uint32_t first_free_block;          // behind the group descriptors
    uint32_t group_count;
    struct ext2_group *groups;
    bool has_types;                     // directory entries carry the file's type
    const char *read_only_reason;       // why it cannot be mounted writable, or NULL
    bool was_valid;                     // cleanly unmounted before this mount
    unsigned damage_count;
    uint32_t generation;                // of the next inode
};

// How far the deletion of an inode has got.
enum ext2_fate {
    EXT2_IN_USE,
    EXT2_STUCK,                         // an error stopped it
    EXT2_EMPTIED,                       // its blocks are free
    EXT2_RELEASED,                      // its number too: another inode may have it
};

struct ext2_inode {
    uint32_t block[EXT2_POINTERS];      // as on the disk: pointers, or a fast symlink's text
    uint32_t flags;                     // EXT2_FLAG_*
    uint32_t attributes;
    uint32_t generation;
    uint32_t group;                     // where its blocks should be
    uint64_t next_logical;              // if this block of the file is allocated next,
    uint32_t next_block;                // then it should be this one
    uint64_t dir_hint;                  // directories: no room in blocks before this one
    uint32_t deleted_time;
    bool untrimmed;                     // there may be blocks behind the end
    bool fresh;                         // never written: the old inode's remains go first
    enum ext2_fate fate;
    struct spinlock lock;               // guards writes
    unsigned writes;                    // page writes in flight
    struct wait_queue writes_end;
};

static inline struct ext2 *ext2_of(const struct inode *inode) { return inode->super->private; }
static inline struct ext2_inode *ext2_inode_of(const struct inode *inode) {
    return inode->private;
}
static inline uint32_t ext2_group_start(const struct ext2 *fs, uint32_t group) {
    return fs->disk->first_data_block + group * fs->disk->blocks_per_group;
}
// The inode has `count` blocks less; a bad disk may have counted too few.
static inline void ext2_count_freed(struct inode *inode, uint32_t count) {
    uint64_t sectors = (uint64_t)count * (ext2_of(inode)->block_size / SECTOR_SIZE);
    inode->blocks -= sectors < inode->blocks ? sectors : inode->blocks;
}

// super.c: mounting, syncing, damage.

// The disk contradicts itself: logs a sentence, notes it in the superblock, and no more is
// written. Returns -EUCLEAN.
int ext2_damaged(struct ext2 *fs, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// geometry.c: the superblock and group descriptors.

// Decides from fs->disk whether this kernel can use the file system and fills in the sizes:
// NULL, or a sentence why not. Sets fs->read_only_reason.
const char *ext2_check_super(struct ext2 *fs);

// Reads the group descriptors and checks them: 0 or -errno. ext2_free_groups undoes it.
int must_check ext2_load_groups(struct ext2 *fs);
void ext2_free_groups(struct ext2 *fs);

// May a file own this block? It exists and holds no metadata of its group.
bool ext2_block_ok(const struct ext2 *fs, uint32_t block);
// May a directory name this inode?
bool ext2_number_ok(const struct ext2 *fs, uint32_t number);

// block_alloc.c, inode_alloc.c: free space. All take fs->lock and sleep.

// A free block for `inode`, at `goal` if possible: 0, -ENOSPC, -EROFS, -EIO, -EUCLEAN.
int must_check ext2_block_allocate(struct inode *inode, uint32_t goal, uint32_t *out);
// Frees blocks that ext2_block_ok has seen: 0, -EIO, or -EUCLEAN if one was free.
int must_check ext2_blocks_free(struct ext2 *fs, uint32_t first, uint32_t count);
// A free inode number for a child of `dir`, and its group.
int must_check ext2_number_allocate(struct inode *dir, bool directory, uint32_t *out);
int must_check ext2_number_free(struct ext2 *fs, uint32_t number, bool directory);

// The first clear bit in [from, limit) of a bitmap of 64-bit words, or `limit`.
uint32_t ext2_bitmap_find_clear(const void *bitmap, uint32_t from, uint32_t limit);
// Gives the bit a value: the one it had.
bool ext2_bitmap_set(void *bitmap, uint32_t bit);
bool ext2_bitmap_clear(void *bitmap, uint32_t bit);

// map.c: from a file's blocks to the disk's.

// The largest file that the map can describe, in bytes.
uint64_t ext2_map_limit(const struct ext2 *fs);
// The disk block of the file's block `logical`, 0 for a hole. Needs no lock. Sleeps.
int must_check ext2_map(struct inode *inode, uint64_t logical, uint32_t *out);
// As ext2_map, but a hole is filled with a new block, whose contents are undefined.
// inode->lock is held (or the inode is new).
int must_check ext2_map_create(struct inode *inode, uint64_t logical, uint32_t *out);
// Takes one block out of the map without freeing it: its number, 0 for a hole. As above.
int must_check ext2_map_detach(struct inode *inode, uint64_t logical, uint32_t *out);
// map_free.c: frees the file's blocks from `first` on. inode->lock is held, or nobody knows the
// inode any more.
int must_check ext2_map_free(struct inode *inode, uint64_t first);

// pages.c: file data.
extern const struct page_object_ops ext2_page_ops;
int ext2_reserve(struct inode *inode, uint64_t offset, uint64_t size);
int ext2_truncate(struct inode *inode, uint64_t size);

// inode.c: inodes on the disk.
int ext2_inode_read(struct inode *inode);
int ext2_inode_write(struct inode *inode);
void ext2_inode_delete(struct inode *inode);
void ext2_inode_forget(struct inode *inode);
// Frees the number of an inode that ext2_inode_delete has emptied, once.
void ext2_inode_release(struct inode *inode);
// A new inode in memory, child of `dir`, with one link and one reference; in no directory yet.
int must_check ext2_inode_create(struct inode *dir, uint32_t mode, uint32_t uid, uint32_t gid,
                                 struct inode **out);
// Has it blocks, rather than a fast symlink's text or a device number, in `block`?
bool ext2_has_blocks(const struct inode *inode);

// dir.c: entries. The directory's lock is held.

// One entry in its block; give `buffer` back.
struct ext2_slot {
    struct buffer *buffer;
    struct ext2_disk_entry *entry, *previous;   // previous: NULL at the block's start
    uint32_t size, previous_size;               // as they were when they were checked
    uint64_t block;                             // of the directory
};

int must_check ext2_dir_find(struct inode *dir, const char *name, size_t length,
                             struct ext2_slot *slot);
int must_check ext2_dir_insert(struct inode *dir, const char *name, size_t length,
                               const struct inode *inode);
// Finds an entry again whose block has changed: it is in slot->buffer still.
int must_check ext2_dir_find_again(struct inode *dir, const char *name, size_t length,
                                   struct ext2_slot *slot);
// These two cannot fail. Replacing makes the entry lead to `inode`; the directory's times are the
// caller's.
void ext2_dir_remove(struct inode *dir, struct ext2_slot *slot);
void ext2_dir_replace(struct ext2_slot *slot, const struct inode *inode);
// Makes the first block of a new directory, with "." and "..".
int must_check ext2_dir_create(struct inode *dir, const struct inode *parent);
// 0, -ENOTEMPTY, or why it cannot be known.
int must_check ext2_dir_check_empty(struct inode *dir);
int ext2_readdir(struct inode *dir, uint64_t *offset, struct dir_sink *sink);

// name.c: the operations on names.
extern const struct inode_ops ext2_dir_ops, ext2_file_ops, ext2_symlink_ops, ext2_special_ops;

#endif
