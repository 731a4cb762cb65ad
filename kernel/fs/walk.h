// The walk along a path, for the calls that make, remove and open names.
#ifndef FS_WALK_H
#define FS_WALK_H

#include <fs/dentry.h>
#include <fs/path.h>

struct cred;

enum last_kind { LAST_NAME, LAST_DOT, LAST_DOTDOT, LAST_ROOT };

// What a walk leaves: with LOOKUP_PARENT the directory and the last component, otherwise the place.
struct walk_result {
    struct path path;           // with references
    enum last_kind kind;
    struct name last;           // valid for LAST_NAME: text in `name` or in link_text
    bool trailing_slash;        // after the last component
    char *link_text;            // the walk's own memory; walk_end frees it
};

// As path_lookup, and with LOOKUP_PARENT: stops before the last component. With LOOKUP_PARENT and
// LOOKUP_FOLLOW a last component that is a symlink is followed first (open with O_CREAT). On
// success the caller owes walk_end.
int must_check walk_path(int dirfd, const char *name, unsigned flags, struct walk_result *out);
// ... with other credentials than the calling thread's.
int must_check walk_path_as(const struct cred *cred, int dirfd, const char *name, unsigned flags,
                            struct walk_result *out);
void walk_end(struct walk_result *result);

// A name that is about to be made or removed: its directory, locked, and its dentry.
struct name_place {
    struct walk_result walk;
    struct inode *dir;          // locked; belongs to walk.path
    struct dentry *dentry;      // maybe negative, with a reference
};

// Walks to the directory, locks it and looks the last component up. `flags`: LOOKUP_FOLLOW or 0, as
// for walk_path. Errors as path_lookup; `special` for a last component that is ".", ".." or "/".
// On success name_end must follow.
int must_check name_begin(int dirfd, const char *name, unsigned flags, int special,
                          struct name_place *place);
void name_end(struct name_place *place);

// May the calling thread make, or remove, `dentry` in `dir`? 0, -EACCES, -EPERM, -EROFS, ...
int must_check may_create(struct inode *dir, const struct dentry *dentry);
int must_check may_remove(struct inode *dir, const struct dentry *dentry, bool directory);

// Makes a file of the type in `mode` (before the umask) at `place`, which must be negative, with
// all checks: 0 or -errno; place->dentry leads to it then.
int must_check create_in(struct name_place *place, uint32_t mode, uint32_t device);

// The inode's lock is held: its change time is now.
void inode_touch_change(struct inode *inode);

#endif
