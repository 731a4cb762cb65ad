// What others may know of a process whose pid they have.
#include <fs/cred.h>
#include <mm/space.h>
#include <proc/internal.h>

bool proc_exists(uint32_t pid) {
    spin_lock(&proc_tree_lock);
    bool there = proc_find(pid);
    spin_unlock(&proc_tree_lock);
    return there;
}

uint32_t proc_exists_from(uint32_t pid) {
    spin_lock(&proc_tree_lock);
    const struct proc *proc = proc_next(&pid);
    uint32_t found = proc ? proc->pid : 0;
    spin_unlock(&proc_tree_lock);
    return found;
}

bool proc_owner(uint32_t pid, uint32_t *uid, uint32_t *gid) {
    spin_lock(&proc_tree_lock);
    struct proc *proc = proc_find(pid);
    *uid = *gid = 0;
    if (proc) {
        spin_lock(&proc->lock);
        const struct thread *thread = proc_main_thread(proc);
        if (thread) {
            *uid = thread->cred->euid;
            *gid = thread->cred->egid;
        }
        spin_unlock(&proc->lock);
    }
    spin_unlock(&proc_tree_lock);
    return proc;
}

struct space *proc_space_hold(uint32_t pid) {
    struct space *space = NULL;
    spin_lock(&proc_tree_lock);
    struct proc *proc = proc_find(pid);
    if (proc) {
        spin_lock(&proc->lock);
        const struct thread *thread = proc_main_thread(proc);
        if (thread && thread->space)
            space = space_hold(thread->space);
        spin_unlock(&proc->lock);
    }
    spin_unlock(&proc_tree_lock);
    return space;
}
