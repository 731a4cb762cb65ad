// Inodes and superblocks: what a file system implements.
//
// An inode in memory is counted and unique: (superblock, number) names one struct inode
// (inode_get finds or reads it). Its file data are pages of its page object.
//
// Locks, in this order:  rename mutex (superblock) > inode->lock (parent before child; two
// unrelated directories by address) > page busy flag > the file system's own locks > spinlocks.
// inode->lock serialises changes: of the size, of directory entries, of attributes. Reading
// file data takes no inode lock. No copy that may fault is made under it (law 3).
#ifndef FS_INODE_H
#define FS_INODE_H

#include <abi/time.h>
#include <lib/list.h>
#include <mm/page_cache.h>
#include <sched/mutex.h>
#include <stdint.h>

struct block_device;
struct dentry;
struct file;
struct file_ops;
struct inode;
struct path;
struct statfs;
struct super;

// What readdir hands each entry to: returns false when the caller's buffer is full.
struct dir_sink {
    bool (*emit)(struct dir_sink *sink, const char *name, size_t length, uint64_t inode,
                 uint64_t next_offset, unsigned type /* DT_* */);
};

// All of these may sleep. Names are not NUL-terminated; their length is at most 255.
// Directory operations are called with the directory's lock held (for reading or writing
// alike, it is one mutex) and permissions already checked.
struct inode_ops {
    // The inode called `name` with a reference in *out, or -ENOENT.
    int (*lookup)(struct inode *dir, const char *name, size_t length, struct inode **out);
    // Makes a file, directory, device node, fifo or socket by the type in `mode`;
    // *out has a reference. -EEXIST, -ENOSPC, -EROFS, ...
    int (*create)(struct inode *dir, const char *name, size_t length, uint32_t mode,
                  uint32_t device, uint32_t uid, uint32_t gid, struct inode **out);
    int (*link)(struct inode *dir, const char *name, size_t length, struct inode *inode);
    int (*symlink)(struct inode *dir, const char *name, size_t length, const char *target,
                   uint32_t uid, uint32_t gid, struct inode **out);
    int (*unlink)(struct inode *dir, const char *name, size_t length, struct inode *inode);
    int (*rmdir)(struct inode *dir, const char *name, size_t length, struct inode *inode);
    // Moves `inode` to new_dir/new_name, replacing `target` (NULL if none; checked to be
    // compatible, and empty is checked here). Both directories are locked.
    int (*rename)(struct inode *old_dir, const char *old_name, size_t old_length,
                  struct inode *new_dir, const char *new_name, size_t new_length,
                  struct inode *inode, struct inode *target);
    // Entries from *offset (0 first; else what emit was given) until emit says stop.
    int (*readdir)(struct inode *dir, uint64_t *offset, struct dir_sink *sink);
    // The target, NUL-terminated: its length or -errno.
    long (*readlink)(struct inode *inode, char *buffer, size_t size);
    // For a link that leads to a place, whatever its text says: that place, with references, or -errno;
    // -ENXIO: it goes on along its text after all.
    int (*follow)(struct inode *inode, struct path *out);
    // Sets the size (inode->lock held), freeing or exposing zeros; the page object included.
    int (*truncate)(struct inode *inode, uint64_t size);
    // Makes sure that [offset, offset+size) has blocks before the page cache takes data for
    // it (so that -ENOSPC is told to the writer, not lost at write-back). inode->lock held.
    int (*reserve)(struct inode *inode, uint64_t offset, uint64_t size);
};

struct inode {
    struct super *super;
    uint64_t number;
    uint32_t refs;              // atomic; 0: on the superblock's unused list, may be reclaimed
    uint32_t mode;              // S_IFMT and permissions
    uint32_t uid, gid;
    uint32_t links;             // 0: deleted, freed when the last reference goes
    uint32_t device;            // st_rdev of a device node
    uint64_t size;
    uint64_t blocks;            // in 512-byte units, as stat shows it
    struct timespec atime, mtime, ctime;
    bool dirty;                 // the attributes differ from the disk's
    bool dead;                  // a removed directory: nothing may be made in it
    const struct inode_ops *ops;
    const struct file_ops *file_ops;    // what open gives a file
    struct page_object pages;
    struct mutex lock;
    struct list hash_node, super_node;
    void *private;              // the file system's own
    // The rest belongs to the inode cache and the name space.
    enum inode_state { INODE_NEW, INODE_LIVE, INODE_BAD } state;
    bool resident;              // lives in memory only: stays although nobody refers to it
    struct list dirty_node;     // on super->dirty while data or attributes are
    struct list unused_node;    // on the list of inodes that may go
    struct dentry *alias;       // a directory's one dentry, while it has one
    struct pipe *pipe;          // a fifo's, while it is open
    struct list record_locks;   // struct record_lock (fcntl), by start
};

struct super_ops {
    // Reads inode->number's attributes into a fresh inode: 0 or -errno.
    int (*inode_read)(struct inode *inode);
    // Writes the attributes to the buffer cache.
    int (*inode_write)(struct inode *inode);
    // The last reference to an inode with no links is gone: free its blocks and itself.
    void (*inode_delete)(struct inode *inode);
    // The inode leaves memory: free inode->private.
    void (*inode_forget)(struct inode *inode);
    // Everything that is dirty goes to the disk and is flushed. 0 or -errno.
    int (*sync)(struct super *super);
    int (*statfs)(struct super *super, struct statfs *out);
    int (*remount)(struct super *super, bool read_only);
    // Syncs, marks clean, frees super->private. No inode is in use.
    void (*unmount)(struct super *super);
};

struct super {
    const struct super_ops *ops;
    const struct file_system *type;
    struct block_device *device;        // NULL if it lives in memory
    uint32_t device_number;             // st_dev
    bool read_only;
    bool uncached;                      // names and inodes come and go: none is kept unused
    uint32_t block_size;
    struct inode *root;                 // with a reference
    struct mutex rename_lock;           // one rename of directories at a time
    struct list inodes;                 // in memory; the inode cache's lock
    struct list dirty;                  // of those, to be written
    uint32_t evicting;                  // inodes and names that are being freed; the inode cache's lock
    uint64_t max_size;                  // of a file, in bytes; 0: no limit
    uint32_t writers;                   // open files that may write; atomic
    void *private;
    struct list node;                   // on the list of all superblocks
};

// A kind of file system; mount finds it by name.
struct file_system {
    const char *name;
    bool needs_device;
    // Fills a fresh superblock (ops, root, block_size, private): 0 or -errno.
    int (*mount)(struct super *super, const char *options);
    struct list node;
};

void file_system_register(struct file_system *type);

// Every super_mount takes part in sync_all until super_unmount.
// Mounts `type` on `device` (NULL for none) without a place in the tree yet. May sleep.
int must_check super_mount(const struct file_system *type, struct block_device *device,
                           bool read_only, const char *options, struct super **out);
// Is an inode in use, other than the root by the superblock and by one dentry? May sleep.
bool super_busy(struct super *super);
// Syncs and forgets it: 0, or -EBUSY while an inode is in use.
int must_check super_unmount(struct super *super);
const struct file_system *file_system_find(const char *name);
// The kind after `type`; NULL before the first and behind the last.
const struct file_system *file_system_next(const struct file_system *type);

// The inode `number` of `super` with a reference, from memory or through inode_read.
int must_check inode_get(struct super *super, uint64_t number, struct inode **out);

// A fresh inode that lookup by number will find, with one reference, not read from anywhere:
// for create. NULL when memory is out, or when `number` is in use (a damaged file system). Whom a damaged
// file system leads to it waits until the caller has filled it in and says so.
struct inode *inode_create(struct super *super, uint64_t number);
void inode_made(struct inode *inode, int error);

struct inode *inode_hold(struct inode *inode);      // one reference more
void inode_put(struct inode *inode);                // may sleep (the last one may delete)

// Sets the size of a regular file: 0, -EINVAL (not one), -EFBIG, -ENOSPC, ... The caller has
// checked the rights to. May sleep; takes inode->lock.
int must_check inode_truncate(struct inode *inode, uint64_t size);

// The attributes changed: they go to the disk with the next sync.
void inode_mark_dirty(struct inode *inode);

// Now, as a file's time stamp.
struct timespec inode_time_now(void);

// For page_object_ops of an inode's pages.
void inode_pages_dirtied(struct page_object *object);
uint64_t inode_pages_size(struct page_object *object);
int must_check inode_pages_prepare_write(struct page_object *object, uint64_t index);

// Writes all dirty data and attributes of one inode, one file system, or everything, and waits
// until they are stable: 0 or the first error. May sleep; hold no inode lock.
int must_check inode_sync(struct inode *inode);
int must_check super_sync(struct super *super);
int sync_all(void);

// Makes a file system read-only or writable: -EBUSY while files are open for writing.
int must_check super_remount(struct super *super, bool read_only);

#endif
