// Names: dentries, mounts and the walk along a path.
//
// A dentry is one name in one directory, cached: it leads to an inode, or says that there is
// none (negative). The tree of dentries with the mounts is the one name space. A place in it
// is a pair (mount, dentry).
#ifndef FS_PATH_H
#define FS_PATH_H

#include <debug/panic.h>
#include <fs/inode.h>
#include <stdint.h>

struct cred;
struct dentry;
struct file;
struct mount;

struct path {
    struct mount *mount;        // with a reference
    struct dentry *dentry;      // with a reference
};

struct path path_hold(struct path path);
void path_put(struct path *path);
struct inode *path_inode(const struct path *path);      // NULL for a negative one; no reference

// A process's root, working directory and umask; counted, so that clone can share it. The paths
// are guarded by dentry_lock (fs/dentry.h).
struct fs_context {
    uint32_t refs;              // atomic
    struct path root, cwd;
    uint32_t umask;             // changed atomically
};

struct fs_context *fs_context_create(void);     // at the root of the name space
struct fs_context *fs_context_copy(struct fs_context *from);
struct fs_context *fs_context_hold(struct fs_context *from);
void fs_context_put(struct fs_context *context);    // may sleep; NULL is allowed

// The calling thread's context becomes at home in `path` (chdir, or with `root` chroot), whose
// references it takes over. May sleep.
void fs_context_set(struct path path, bool root);

// Its umask; kernel threads have none, which is 0.
uint32_t fs_umask(void);

enum lookup_flag {
    LOOKUP_FOLLOW = 1,          // follow a symlink in the last component too
    LOOKUP_DIRECTORY = 2,       // must be a directory
    LOOKUP_PARENT = 4,          // stop before the last component (create, unlink, rename)
    LOOKUP_EMPTY = 8,           // "" means the starting place (AT_EMPTY_PATH)
};

// Walks `name` (kernel memory, NUL-terminated) from the descriptor `dirfd` (AT_FDCWD: cwd)
// with the calling thread's credentials; *out has references. 0, -ENOENT, -ENOTDIR, -EACCES,
// -ELOOP (40 symlinks), -ENAMETOOLONG, -EBADF. May sleep.
int must_check path_lookup(int dirfd, const char *name, unsigned flags, struct path *out);

// openat: the file, opened (O_CREAT, O_EXCL, O_TRUNC, O_DIRECTORY, O_NOFOLLOW, O_APPEND, O_PATH
// and permissions done), or -errno. `mode` is before the umask. May sleep.
int must_check path_open(int dirfd, const char *name, uint32_t flags, uint32_t mode,
                         struct file **out);

// The open file at `path`, whose references it takes over on success: 0, -ENXIO, -ENOMEM or what the
// file's own open says. The rights to it were checked. May sleep.
int must_check path_open_here(const struct path *path, uint32_t flags, struct file **out);

// The absolute name of `path` as seen from the calling thread's root: its length without NUL, or
// -ERANGE, -ENOENT (deleted).
long must_check path_name(const struct path *path, char *buffer, size_t size);

// The same for those who look: where there is no such name any more, " (deleted)" follows the last one
// (as on Linux); cut off if there is no room. Never sleeps.
void path_describe(const struct path *path, char *buffer, size_t size);

// The rest of the calls on names, one function each; all check permissions and may sleep.
int must_check path_mknod(int dirfd, const char *name, uint32_t mode, uint32_t device);
int must_check path_mkdir(int dirfd, const char *name, uint32_t mode);
int must_check path_symlink(const char *target, int dirfd, const char *name);
int must_check path_link(int old_dirfd, const char *old_name, int new_dirfd,
                         const char *new_name, unsigned lookup_flags);
int must_check path_unlink(int dirfd, const char *name, bool directory);
int must_check path_rename(int old_dirfd, const char *old_name, int new_dirfd,
                           const char *new_name, unsigned rename_flags);

// The inode that `name` leads to, with a reference (path_lookup without the rest).
int must_check path_lookup_inode(int dirfd, const char *name, unsigned flags, struct inode **out);
// ... with other credentials than the calling thread's.
int must_check path_lookup_inode_as(const struct cred *cred, int dirfd, const char *name,
                                    unsigned flags, struct inode **out);

// Mounts. `source` is a device name ("/dev/vda", "vda") or anything for kinds without device.
int must_check mount_add(const char *source, const char *target, const char *type,
                         unsigned long flags, const char *options);
int must_check mount_remove(const char *target);
int must_check mount_root(const char *source, const char *type, bool read_only);

// The superblock behind a mount, and its MS_* flags.
struct super *mount_super(const struct mount *mount);
unsigned long mount_flags(const struct mount *mount);

#endif
