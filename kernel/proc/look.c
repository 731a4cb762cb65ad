// What others may know of a process whose pid they have.
#include <fs/dentry.h>
#include <fs/file.h>
#include <fs/mount.h>
#include <fs/pipe.h>
#include <lib/string.h>
#include <mm/space.h>
#include <proc/internal.h>
#include <proc/look.h>

// The process, with both locks; NULL (and no lock): there is none.
static struct proc *begin(uint32_t pid) {
    spin_lock(&proc_tree_lock);
    struct proc *proc = proc_find(pid);
    if (proc)
        spin_lock(&proc->lock);
    else
        spin_unlock(&proc_tree_lock);
    return proc;
}

static void end(struct proc *proc) {
    spin_unlock(&proc->lock);
    spin_unlock(&proc_tree_lock);
}

bool proc_exists(uint32_t pid) {
    struct proc *proc = begin(pid);
    if (proc)
        end(proc);
    return proc;
}

uint32_t proc_exists_from(uint32_t pid) {
    spin_lock(&proc_tree_lock);
    const struct proc *proc = proc_next(&pid);
    uint32_t found = proc ? proc->pid : 0;
    spin_unlock(&proc_tree_lock);
    return found;
}

uint32_t proc_thread_from(uint32_t pid, uint32_t from) {
    struct proc *proc = begin(pid);
    const struct thread *thread;
    uint32_t found = UINT32_MAX;
    if (!proc)
        return 0;
    list_for_each(thread, &proc->threads, proc_node)
        if (thread->tid >= from && thread->tid < found)
            found = thread->tid;
    end(proc);
    return found == UINT32_MAX ? 0 : found;
}

bool proc_owner(uint32_t pid, uint32_t *uid, uint32_t *gid) {
    struct proc *proc = begin(pid);
    *uid = *gid = 0;
    if (!proc)
        return false;
    *uid = proc->user;
    const struct thread *thread = proc_main_thread(proc);
    if (thread) {
        *uid = thread->cred->euid;
        *gid = thread->cred->egid;
    }
    end(proc);
    return true;
}

bool proc_may_look(uint32_t pid) {
    const struct cred *mine = thread_current()->cred;
    struct proc *proc = begin(pid);
    bool may = !mine->euid;
    if (!proc)
        return false;
    const struct thread *thread = proc_main_thread(proc);
    if (thread && !may) {
        const struct cred *theirs = thread->cred;
        may = mine->fsuid == theirs->uid && mine->fsuid == theirs->euid &&
              mine->fsuid == theirs->suid;
    }
    end(proc);
    return may;
}

struct space *proc_space_hold(uint32_t pid) {
    struct proc *proc = begin(pid);
    struct space *space = NULL;
    if (!proc)
        return NULL;
    const struct thread *thread = proc_main_thread(proc);
    if (thread && thread->space)
        space = space_hold(thread->space);
    end(proc);
    return space;
}

// --- what it has open ---

static struct file_table *files_of(const struct proc *proc) {
    const struct thread *thread = proc_main_thread(proc);
    return thread ? thread->files : NULL;
}

struct file *proc_file_hold(uint32_t pid, int fd) {
    struct proc *proc = begin(pid);
    if (!proc)
        return NULL;
    struct file_table *files = files_of(proc);
    struct file *file = files ? file_table_peek(files, fd) : NULL;
    end(proc);
    return file;
}

int proc_file_next(uint32_t pid, int fd) {
    struct proc *proc = begin(pid);
    if (!proc)
        return -1;
    struct file_table *files = files_of(proc);
    int next = files ? file_table_next(files, fd) : -1;
    end(proc);
    return next;
}

struct file *proc_pipe_hold(uint32_t pid, uint32_t number) {
    struct file *file;
    for (int fd = 0; (fd = proc_file_next(pid, fd)) >= 0; fd++) {
        if (!(file = proc_file_hold(pid, fd)))
            continue;
        const struct pipe *pipe = file->dentry ? NULL : pipe_of(file);
        if (pipe && pipe->number == number)
            return file;
        file_put(file);
    }
    return NULL;
}

struct file *proc_program_hold(uint32_t pid) {
    struct proc *proc = begin(pid);
    if (!proc)
        return NULL;
    struct file *file = proc->program ? file_hold(proc->program) : NULL;
    end(proc);
    return file;
}

bool proc_place_hold(uint32_t pid, bool root, struct path *out) {
    struct proc *proc = begin(pid);
    if (!proc)
        return false;
    const struct thread *thread = proc_main_thread(proc);
    struct fs_context *context = thread ? thread->fs : NULL;
    if (context) {
        spin_lock(&dentry_lock);
        *out = root ? context->root : context->cwd;
        out->mount->refs++;
        dentry_hold_locked(out->dentry);
        spin_unlock(&dentry_lock);
    }
    end(proc);
    return context;
}

// --- all that can be said ---

static enum look_state state_of(const struct proc *proc, const struct thread *thread) {
    if (!thread)
        return LOOK_ZOMBIE;
    switch (thread->state) {
    case THREAD_NEW: return LOOK_NEW;
    case THREAD_READY: return LOOK_READY;
    case THREAD_RUNNING: return LOOK_RUNNING;
    case THREAD_ZOMBIE: return LOOK_ZOMBIE;
    default: break;
    }
    if (thread->wait_mode == WAIT_AT_REST)
        return proc->stop_signal ? LOOK_STOPPED : LOOK_WAITING;
    return thread->wait_mode == WAIT_UNINTERRUPTIBLE ? LOOK_BLOCKED : LOOK_WAITING;
}

char look_letter(enum look_state state) { return "RRRSDTZ"[state]; }

const char *look_state_name(enum look_state state) {
    static const char *const names[] = { "new", "ready", "running", "waiting", "waiting", "stopped",
                                         "zombie" };
    return names[state];
}

static void look_at_signals(const struct proc *proc, const struct thread *thread,
                            struct proc_look *look) {
    look->pending = thread->pending.set;
    look->pending_shared = proc->pending.set;
    look->blocked = thread->signals_blocked;
    look->signals_queued = proc->signals_queued;
    for (int signal = 1; signal <= SIGNAL_COUNT; signal++) {
        void (*handler)(int) = signal_handler(thread, signal);
        if (handler == SIG_IGN)
            look->ignored |= SIGNAL_BIT(signal);
        else if (handler != SIG_DFL)
            look->caught |= SIGNAL_BIT(signal);
    }
}

static void look_at_thread(const struct proc *proc, const struct thread *thread,
                           struct proc_look *look) {
    look->tid = thread->tid;
    look->state = state_of(proc, thread);
    if (thread->state == THREAD_WAITING)
        look->waits_for = thread->wait_name;
    strlcpy(look->name, thread->name, sizeof look->name);
    look->hart = thread->hart;
    look->nice = thread->nice;
    look->born = thread->born;
    look->cred = cred_get(thread->cred);
    look->space = thread->space ? space_hold(thread->space) : NULL;
    look->umask = thread->fs ? thread->fs->umask : 0;
    look->handles = thread->files ? file_table_capacity(thread->files) : 0;
    look_at_signals(proc, thread, look);
}

void (*proc_tty_look)(const struct tty *tty, uint32_t *device, uint32_t *foreground);

static void look_at_process(const struct proc *proc, struct proc_look *look) {
    const struct session *session = proc->group->session;
    look->pid = look->tid = proc->pid;
    look->parent = proc->parent ? proc->parent->pid : 0;
    look->group = proc->group->id;
    look->session = session->id;
    if (session->tty)
        proc_tty_look(session->tty, &look->tty, &look->foreground);
    look->state = LOOK_ZOMBIE;
    look->threads = proc->thread_count;
    look->exit_status = proc->exit_status;
    look->children = proc->children_used;
    look->born = proc->born;
    look->exit_signal = proc->exit_signal;
    memcpy(look->limits, proc->limits, sizeof look->limits);
    strlcpy(look->name, proc->name, sizeof look->name);
}

bool proc_look(uint32_t pid, uint32_t tid, struct proc_look *look) {
    struct proc *proc = begin(pid);
    *look = (struct proc_look){ 0 };
    if (!proc)
        return false;
    const struct thread *thread = tid ? proc_thread(proc, tid) : proc_main_thread(proc);
    bool found = thread || !tid;
    if (found) {
        look_at_process(proc, look);
        look->used = tid ? usage_of_thread(thread, NULL) : usage_of_proc(proc, NULL);
    }
    if (thread)
        look_at_thread(proc, thread, look);
    end(proc);
    return found;
}

void proc_look_end(struct proc_look *look) {
    if (look->cred)
        cred_put(look->cred);
    if (look->space)
        space_put(look->space);
}
