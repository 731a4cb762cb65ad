// Mounts: where the trees of file systems hang in the one name space.
#ifndef FS_MOUNT_H
#define FS_MOUNT_H

#include <fs/dentry.h>
#include <fs/path.h>

// Guarded by dentry_lock. It is freed by unmounting only, which needs it to be unused.
struct mount {
    uint32_t id;                // for mountinfo
    uint32_t refs;              // paths that lead into it, and mounts on it; 1 for itself
    struct super *super;
    struct dentry *root;        // of its tree, with a reference
    struct mount *parent;       // what it is mounted on, with references; NULL: the root
    struct dentry *point;
    bool leaving;               // being unmounted, if that succeeds: nobody gets in
    unsigned long flags;        // MS_*
    char *source;               // as it was given, for /proc/mounts
    struct list node;
};

// The root of the name space; NULL until mount_root.
extern struct mount *mount_at_root;

// With dentry_lock held: from a place to the topmost mount's root on it, if any is mounted there.
void mount_cross(struct path *place);

// As path_name, as seen from `root`. dentry_lock is held.
long path_name_locked(struct path at, const struct path *root, char *buffer, size_t size);

extern struct list mount_list;  // all, in order of mounting; dentry_lock

// The text of /proc/mounts, or with `info` of mountinfo, as proc(5) says: its length, -ENOMEM, or -ERANGE
// if there is no room for it.
long mount_list_text(char *buffer, size_t size, bool info);

// Puts `super` (which it takes over on success) at the root of the name space.
int must_check mount_super_at_root(struct super *super, const char *source);

#endif
