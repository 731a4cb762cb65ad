// Process groups and sessions: what a terminal's keys and kill(-n) reach.
#include <abi/errno.h>
#include <mm/heap.h>
#include <proc/group.h>
#include <proc/internal.h>
#include <proc/signal.h>

// Groups are few (one a job); they are found along this list. proc_tree_lock guards all here.
static struct list groups = LIST_INIT(groups);

struct session *session_create(uint32_t id) {
    struct session *session = kzalloc(sizeof *session);
    if (session)
        *session = (struct session){ .refs = 1, .id = id };
    return session;
}

void session_put(struct session *session) {
    if (!--session->refs)
        kfree(session);
}

struct process_group *group_create(uint32_t id, struct session *session) {
    struct process_group *group = kzalloc(sizeof *group);
    if (!group)
        return NULL;
    group->id = id;
    group->session = session;
    list_init(&group->members);
    list_init(&group->hash_node);
    return group;
}

void group_join(struct proc *proc, struct process_group *group) {
    assert(spin_holding(&proc_tree_lock));
    if (!group->refs++) {
        list_push_back(&groups, &group->hash_node);
        group->session->refs++;
    }
    list_push_back(&group->members, &proc->group_node);
    proc->group = group;
}

void group_leave(struct proc *proc) {
    struct process_group *group = proc->group;
    list_remove(&proc->group_node);
    proc->group = NULL;
    if (--group->refs)
        return;
    list_remove(&group->hash_node);
    session_put(group->session);
    kfree(group);
}

struct process_group *group_find(uint32_t id) {
    assert(spin_holding(&proc_tree_lock));
    struct process_group *group;
    list_for_each(group, &groups, hash_node) {
        if (group->id == id)
            return group;
    }
    return NULL;
}

int process_group_signal(uint32_t id, int signal) {
    spin_lock(&proc_tree_lock);
    struct process_group *group = group_find(id);
    if (group) {
        struct proc *member;
        list_for_each(member, &group->members, group_node)
            proc_signal(member, signal);
    }
    spin_unlock(&proc_tree_lock);
    return group ? 0 : -ESRCH;
}

// Whose parent is in the same session but another group can be continued by it. The first process
// is no shell. `leaving` does not count any more.
static bool is_orphaned(const struct process_group *group, const struct proc *leaving) {
    const struct proc *member;
    list_for_each(member, &group->members, group_node) {
        const struct proc *parent = member->parent;
        if (member != leaving && member->state == PROC_ALIVE && parent && parent != proc_init &&
            parent->group != group && parent->group->session == group->session)
            return false;
    }
    return true;
}

bool proc_group_is_orphaned(void) {
    spin_lock(&proc_tree_lock);
    bool orphaned = is_orphaned(proc_current()->group, NULL);
    spin_unlock(&proc_tree_lock);
    return orphaned;
}

void group_check_orphaned(struct process_group *group, const struct proc *parent,
                          const struct proc *leaving) {
    assert(spin_holding(&proc_tree_lock));
    if (parent->group == group || parent->group->session != group->session)
        return;                 // it kept nobody from being orphaned
    bool stopped = false;
    struct proc *member;
    list_for_each(member, &group->members, group_node)
        stopped = stopped || member->stopped;
    if (!stopped || !is_orphaned(group, leaving))
        return;
    list_for_each(member, &group->members, group_node) {
        proc_signal(member, SIGHUP);
        proc_signal(member, SIGCONT);
    }
}

void session_leader_signal(uint32_t id, int signal) {
    spin_lock(&proc_tree_lock);
    struct proc *leader = proc_find(id);
    if (leader && leader->group && leader->group->session->id == id)
        proc_signal(leader, signal);
    spin_unlock(&proc_tree_lock);
}

bool process_group_in_session(uint32_t id, uint32_t session_id) {
    spin_lock(&proc_tree_lock);
    struct process_group *group = group_find(id);
    bool in = group && group->session->id == session_id;
    spin_unlock(&proc_tree_lock);
    return in;
}

uint32_t proc_group_id(void) {
    spin_lock(&proc_tree_lock);
    uint32_t id = proc_current()->group->id;
    spin_unlock(&proc_tree_lock);
    return id;
}

uint32_t proc_session_id(void) {
    spin_lock(&proc_tree_lock);
    uint32_t id = proc_current()->group->session->id;
    spin_unlock(&proc_tree_lock);
    return id;
}

bool proc_is_session_leader(void) { return proc_session_id() == proc_current()->pid; }

struct tty *proc_session_tty_hold(void (*hold)(struct tty *)) {
    spin_lock(&proc_tree_lock);
    struct tty *tty = proc_current()->group->session->tty;
    if (tty && hold)
        hold(tty);
    spin_unlock(&proc_tree_lock);
    return tty;
}

struct tty *proc_session_tty(void) { return proc_session_tty_hold(NULL); }

struct tty *proc_session_set_tty(struct tty *tty) {
    spin_lock(&proc_tree_lock);
    struct session *session = proc_current()->group->session;
    struct tty *old = session->tty;
    session->tty = tty;
    spin_unlock(&proc_tree_lock);
    return old;
}

int process_session_create(void) {
    struct proc *self = proc_current();
    struct session *session = session_create(self->pid);
    struct process_group *group = session ? group_create(self->pid, session) : NULL;
    if (!group) {
        kfree(session);
        return -ENOMEM;
    }
    spin_lock(&proc_tree_lock);
    // A group leader cannot: its group would be in two sessions (POSIX setsid).
    if (group_find(self->pid)) {
        spin_unlock(&proc_tree_lock);
        kfree(group);
        kfree(session);
        return -EPERM;
    }
    group_leave(self);
    group_join(self, group);
    session_put(session);       // the group's reference is left
    spin_unlock(&proc_tree_lock);
    return self->pid;
}

// The rules of POSIX setpgid. `spare` is a fresh group, taken if one has to be made.
static int join_checked(struct proc *target, uint32_t id, struct process_group **spare) {
    struct proc *self = proc_current();
    if (!target || (target != self && target->parent != self))
        return -ESRCH;
    if (target != self && target->has_executed)
        return -EACCES;
    struct session *session = self->group->session;
    if (target->group->session != session || session->id == target->pid)
        return -EPERM;
    struct process_group *group = group_find(id);
    if (!group && id != target->pid)
        return -EPERM;
    if (group && group->session != session)
        return -EPERM;
    if (group == target->group)
        return 0;
    if (!group) {
        group = *spare;
        *spare = NULL;
        group->id = id;
        group->session = session;
    }
    session->refs++;            // leaving may free the group that holds it
    group_leave(target);
    group_join(target, group);
    session_put(session);
    return 0;
}

int process_group_set(uint32_t pid, uint32_t id) {
    struct process_group *spare = group_create(0, NULL);
    if (!spare)
        return -ENOMEM;
    if (!pid)
        pid = proc_current()->pid;
    spin_lock(&proc_tree_lock);
    int error = join_checked(proc_find(pid), id ? id : pid, &spare);
    spin_unlock(&proc_tree_lock);
    kfree(spare);
    return error;
}
