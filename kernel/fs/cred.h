// Credentials, and the one function that decides what they allow.
#ifndef FS_CRED_H
#define FS_CRED_H

#include <debug/panic.h>
#include <stdbool.h>
#include <stdint.h>

// Immutable while shared: whoever changes an id makes a copy first (cred_copy).
struct cred {
    uint32_t refs;              // atomic
    uint32_t uid, euid, suid, fsuid;
    uint32_t gid, egid, sgid, fsgid;
    uint32_t group_count;
    uint32_t *groups;           // supplementary
};

struct cred *cred_get(struct cred *cred);
void cred_put(struct cred *cred);
struct cred *cred_copy(const struct cred *cred);        // one reference; NULL: no memory
struct cred *cred_create_root(void);

// Is `gid` the holder's group, or one of the supplementary ones? NULL: yes.
bool cred_in_group(const struct cred *cred, uint32_t gid);

struct inode;

enum { MAY_EXEC = 1, MAY_WRITE = 2, MAY_READ = 4 };

// May the holder of `cred` (NULL: the kernel itself, all is allowed) do `wanted` to `inode`?
// 0, -EACCES, or -EROFS for writing on a read-only file system. uid 0 may do all, but exec
// needs one x bit.
int must_check permission(const struct inode *inode, const struct cred *cred, int wanted);

// Is it the inode's owner (or root)? For chmod, utimes and sticky directories.
int must_check permission_owner(const struct inode *inode, const struct cred *cred);

#endif
