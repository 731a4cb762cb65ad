// Users and groups. A process's credentials are replaced, never changed in place.
#include <abi/errno.h>
#include <abi/limits.h>
#include <fs/cred.h>
#include <mm/heap.h>
#include <proc/internal.h>
#include <syscall/calls.h>
#include <syscall/syscall.h>

#define KEEP UINT32_MAX         // "-1": leave as it is

#define GETTER(name, field)                                                             \
    long sys_##name(struct trap_frame *call) {                                          \
        (void)call;                                                                     \
        return thread_current()->cred->field;                                           \
    }
GETTER(getuid, uid)
GETTER(geteuid, euid)
GETTER(getgid, gid)
GETTER(getegid, egid)

// Under proc->lock, because kill looks at other processes' credentials.
static void cred_replace(struct cred *fresh) {
    struct thread *self = thread_current();
    spin_lock(&self->proc->lock);
    struct cred *old = self->cred;
    self->cred = fresh;
    spin_unlock(&self->proc->lock);
    cred_put(old);
}

static bool is_root(void) { return thread_current()->cred->euid == 0; }

// May an id be set to `id` without privilege: is it one of the three that the process has?
static bool among(uint32_t id, uint32_t a, uint32_t b, uint32_t c) {
    return id == KEEP || id == a || id == b || id == c;
}

static long set_uids(uint32_t real, uint32_t effective, uint32_t saved) {
    const struct cred *old = thread_current()->cred;
    if (!is_root() && !(among(real, old->uid, old->euid, old->suid) &&
                        among(effective, old->uid, old->euid, old->suid) &&
                        among(saved, old->uid, old->euid, old->suid)))
        return -EPERM;
    struct cred *fresh = cred_copy(old);
    if (!fresh)
        return -ENOMEM;
    if (real != KEEP && proc_change_user(real)) {
        cred_put(fresh);
        return -EAGAIN;
    }
    if (real != KEEP)
        fresh->uid = real;
    if (effective != KEEP)
        fresh->euid = fresh->fsuid = effective;
    if (saved != KEEP)
        fresh->suid = saved;
    cred_replace(fresh);
    return 0;
}

static long set_gids(uint32_t real, uint32_t effective, uint32_t saved) {
    const struct cred *old = thread_current()->cred;
    if (!is_root() && !(among(real, old->gid, old->egid, old->sgid) &&
                        among(effective, old->gid, old->egid, old->sgid) &&
                        among(saved, old->gid, old->egid, old->sgid)))
        return -EPERM;
    struct cred *fresh = cred_copy(old);
    if (!fresh)
        return -ENOMEM;
    if (real != KEEP)
        fresh->gid = real;
    if (effective != KEEP)
        fresh->egid = fresh->fsgid = effective;
    if (saved != KEEP)
        fresh->sgid = saved;
    cred_replace(fresh);
    return 0;
}

long sys_setuid(struct trap_frame *call) {
    uint32_t id = call->a0;
    if (id == KEEP)
        return -EINVAL;
    return is_root() ? set_uids(id, id, id) : set_uids(KEEP, id, KEEP);
}

long sys_setgid(struct trap_frame *call) {
    uint32_t id = call->a0;
    if (id == KEEP)
        return -EINVAL;
    return is_root() ? set_gids(id, id, id) : set_gids(KEEP, id, KEEP);
}

// The saved id follows the effective one when the real one is set, or when the effective one is
// set to something else than the real one (POSIX setreuid).
long sys_setreuid(struct trap_frame *call) {
    uint32_t real = call->a0, effective = call->a1;
    const struct cred *old = thread_current()->cred;
    bool follow = real != KEEP || (effective != KEEP && effective != old->uid);
    return set_uids(real, effective, follow ? (effective != KEEP ? effective : old->euid) : KEEP);
}

long sys_setregid(struct trap_frame *call) {
    uint32_t real = call->a0, effective = call->a1;
    const struct cred *old = thread_current()->cred;
    bool follow = real != KEEP || (effective != KEEP && effective != old->gid);
    return set_gids(real, effective, follow ? (effective != KEEP ? effective : old->egid) : KEEP);
}

long sys_setresuid(struct trap_frame *call) { return set_uids(call->a0, call->a1, call->a2); }
long sys_setresgid(struct trap_frame *call) { return set_gids(call->a0, call->a1, call->a2); }

static long copy_three(struct trap_frame *call, uint32_t a, uint32_t b, uint32_t c) {
    if (copy_out(call->a0, &a, sizeof a) || copy_out(call->a1, &b, sizeof b) ||
        copy_out(call->a2, &c, sizeof c))
        return -EFAULT;
    return 0;
}

long sys_getresuid(struct trap_frame *call) {
    const struct cred *cred = thread_current()->cred;
    return copy_three(call, cred->uid, cred->euid, cred->suid);
}

long sys_getresgid(struct trap_frame *call) {
    const struct cred *cred = thread_current()->cred;
    return copy_three(call, cred->gid, cred->egid, cred->sgid);
}

long sys_getgroups(struct trap_frame *call) {
    const struct cred *cred = thread_current()->cred;
    int room = call->a0;
    if (room < 0)
        return -EINVAL;
    if (!room)
        return cred->group_count;
    if ((uint32_t)room < cred->group_count)
        return -EINVAL;
    if (copy_out(call->a1, cred->groups, cred->group_count * sizeof(uint32_t)))
        return -EFAULT;
    return cred->group_count;
}

long sys_setgroups(struct trap_frame *call) {
    uint64_t count = (uint32_t)call->a0;
    if (!is_root())
        return -EPERM;
    if (count > NGROUPS_MAX)
        return -EINVAL;
    uint32_t *groups = NULL;
    if (count) {
        groups = kmalloc(count * sizeof *groups);
        if (!groups)
            return -ENOMEM;
        if (copy_in(groups, call->a1, count * sizeof *groups)) {
            kfree(groups);
            return -EFAULT;
        }
    }
    struct cred *fresh = cred_copy(thread_current()->cred);
    if (!fresh) {
        kfree(groups);
        return -ENOMEM;
    }
    kfree(fresh->groups);
    fresh->groups = groups;
    fresh->group_count = count;
    cred_replace(fresh);
    return 0;
}
