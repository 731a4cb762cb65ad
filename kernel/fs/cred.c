// Credentials and permissions.
#include <abi/errno.h>
#include <abi/stat.h>
#include <fs/cred.h>
#include <fs/inode.h>
#include <lib/string.h>
#include <mm/heap.h>

struct cred *cred_get(struct cred *cred) {
    __atomic_fetch_add(&cred->refs, 1, __ATOMIC_RELAXED);
    return cred;
}

void cred_put(struct cred *cred) {
    if (!cred || __atomic_sub_fetch(&cred->refs, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    kfree(cred->groups);
    kfree(cred);
}

struct cred *cred_copy(const struct cred *cred) {
    struct cred *copy = kmalloc(sizeof(*copy));
    if (!copy)
        return NULL;
    *copy = *cred;
    copy->refs = 1;
    copy->groups = NULL;
    if (cred->group_count > 0) {
        copy->groups = kmalloc(cred->group_count * sizeof(*cred->groups));
        if (!copy->groups) {
            kfree(copy);
            return NULL;
        }
        memcpy(copy->groups, cred->groups, cred->group_count * sizeof(*cred->groups));
    }
    return copy;
}

struct cred *cred_create_root(void) {
    struct cred *cred = kzalloc(sizeof(*cred));
    if (cred)
        cred->refs = 1;
    return cred;
}

bool cred_in_group(const struct cred *cred, uint32_t gid) {
    if (!cred || cred->fsgid == gid)
        return true;
    for (uint32_t i = 0; i < cred->group_count; i++) {
        if (cred->groups[i] == gid)
            return true;
    }
    return false;
}

// What the superuser may do: all, but he executes nothing that nobody may execute.
static int permission_root(const struct inode *inode, int wanted) {
    if ((wanted & MAY_EXEC) && !S_ISDIR(inode->mode) && !(inode->mode & 0111))
        return -EACCES;
    return 0;
}

int permission(const struct inode *inode, const struct cred *cred, int wanted) {
    bool on_disk = S_ISREG(inode->mode) || S_ISDIR(inode->mode) || S_ISLNK(inode->mode);
    if ((wanted & MAY_WRITE) && on_disk && inode->super->read_only)
        return -EROFS;
    if (!cred)
        return 0;
    if (cred->fsuid == 0)
        return permission_root(inode, wanted);
    int allowed = inode->mode & 7;
    if (cred->fsuid == inode->uid)
        allowed = inode->mode >> 6 & 7;
    else if (cred_in_group(cred, inode->gid))
        allowed = inode->mode >> 3 & 7;
    return wanted & ~allowed ? -EACCES : 0;
}

int permission_owner(const struct inode *inode, const struct cred *cred) {
    return !cred || cred->fsuid == 0 || cred->fsuid == inode->uid ? 0 : -EPERM;
}
