// The dentry cache: names in directories, and what they lead to.
#ifndef FS_DENTRY_H
#define FS_DENTRY_H

#include <fs/inode.h>

#define DENTRY_INLINE 32

// One name in one directory. Everything but the name itself is guarded by dentry_lock; which
// inode it leads to changes only with the directory's lock held as well, so that either lock is
// enough to read it.
//
// A dentry with references stays; children and mounts count. One without stays in the hash table
// and on the list of unused ones until memory is wanted. One that lost its name (unlink of a busy
// file, rename over it) is in no table and goes with its last reference.
struct dentry {
    uint32_t refs;
    uint32_t hash;
    struct dentry *parent;      // with a reference; the root's is itself
    struct inode *inode;        // with a reference; NULL: there is no such file (negative)
    struct super *super;
    struct dentry *hash_next, **hash_link;      // link: who points at us; NULL: not in the table
    struct list unused_node;
    uint32_t mounts;            // file systems mounted on it
    uint16_t length;
    char *name;                 // inline_name, or allocated; not NUL-terminated
    char inline_name[DENTRY_INLINE];
};

// Guards every dentry, every mount's place, and the paths in every fs_context. One lock, taken once
// for a whole walk along cached names, is cheaper than a reference at each step.
extern struct spinlock dentry_lock;

// A name as lookups need it.
struct name {
    const char *text;           // not NUL-terminated
    uint32_t length;            // at most NAME_MAX
    uint32_t hash;              // name_hash(text, length)
};

#define NAME_HASH_START 0x811c9dc5u
static inline uint32_t name_hash_step(uint32_t hash, char c) {
    return (hash ^ (uint8_t)c) * 0x01000193u;
}
struct name name_make(const char *text, uint32_t length);

// The root of a file system's tree, for mount; takes its own reference to the inode. One
// reference for the caller, or NULL: no memory.
struct dentry *dentry_create_root(struct inode *inode);

// The cached dentry for `name` in `dir`, without a reference, or NULL. dentry_lock is held.
struct dentry *dentry_find(struct dentry *dir, const struct name *name);

// The dentry for `name` in `dir`, from the cache or the file system, maybe negative, with a
// reference in *out. dir->inode->lock is held. 0, -ENOENT (dir was removed), -ENOMEM, -EIO. Sleeps.
int must_check dentry_lookup(struct dentry *dir, const struct name *name, struct dentry **out);

static inline struct dentry *dentry_hold_locked(struct dentry *dentry) {
    if (dentry->refs++ == 0)
        list_remove(&dentry->unused_node);
    return dentry;
}
struct dentry *dentry_hold(struct dentry *dentry);
void dentry_put(struct dentry *dentry);                 // may sleep; NULL is allowed

// As dentry_put with dentry_lock held: what dies goes to `dead`, for dentry_bury after unlocking.
void dentry_put_locked(struct dentry *dentry, struct list *dead);
void dentry_bury(struct list *dead);                    // may sleep

// The parent directory's lock is held, and the caller has a reference, in all of these:
// A negative one becomes that of `inode`; takes over the caller's reference to the inode.
void dentry_fill(struct dentry *dentry, struct inode *inode);
// The file was unlinked: it becomes negative, or loses its name if somebody else uses it.
void dentry_unlinked(struct dentry *dentry);
// It takes the place of `target` (negative or being replaced), whose name it gets: for rename. It
// cannot fail: `storage` is from dentry_name_storage, and what is left of it goes back there.
void dentry_move(struct dentry *dentry, struct dentry *target, char **storage);

// Space for a name that does not fit inline (NULL with 0 for one that does): 0 or -ENOMEM.
int must_check dentry_name_storage(uint32_t length, char **out);

// Has it lost its name? dentry_lock is held.
static inline bool dentry_nameless(const struct dentry *dentry) {
    return !dentry->hash_link && dentry->parent != dentry;
}

// Is `ancestor` on the way from `dentry` to the root, or the same? dentry_lock is held.
bool dentry_is_below(const struct dentry *dentry, const struct dentry *ancestor);

// Drops all unused dentries of `super`, before it is unmounted. May sleep.
void dentry_prune_super(struct super *super);

// For tests: how many there are, and how many there may be.
void dentry_counts(uint64_t *count, uint64_t *limit);

void dentry_init(void);

#endif
