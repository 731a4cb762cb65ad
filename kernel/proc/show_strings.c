// What a process was started with, read from its own memory; its name; what it waits for.
#include <abi/errno.h>
#include <lib/string.h>
#include <mm/copy.h>
#include <mm/space.h>
#include <proc/internal.h>
#include <proc/look.h>
#include <proc/show.h>

#define STRINGS_MOST (128u << 10)       // of what exec allows, so much is shown

// A program may have unmapped it: then it is shown as far as it goes.
static int show_range(struct text *text, struct space *space, struct space_range range) {
    uint64_t size = range.end - range.start;
    if (size > STRINGS_MOST)
        size = STRINGS_MOST;
    if (!text_reserve(text, size))
        return -ENOMEM;
    text->length += space_copy_in(space, text->bytes + text->length, range.start, size);
    return 0;
}

int show_process_command_line(struct text *text, uint32_t pid, uint32_t tid) {
    (void)tid;
    struct space *space = proc_space_hold(pid);
    int error = space ? show_range(text, space, space->arguments) : 0;
    if (space)
        space_put(space);
    return error;
}

int show_process_environment(struct text *text, uint32_t pid, uint32_t tid) {
    (void)tid;
    if (!proc_may_look(pid))
        return -EACCES;
    struct space *space = proc_space_hold(pid);
    int error = space ? show_range(text, space, space->environment) : 0;
    if (space)
        space_put(space);
    return error;
}

int show_process_name(struct text *text, uint32_t pid, uint32_t tid) {
    struct proc_look look;
    if (!proc_look(pid, tid, &look))
        return -ESRCH;
    text_printf(text, "%s\n", look.name);
    proc_look_end(&look);
    return 0;
}

int set_process_name(struct text *text, uint32_t pid, uint32_t tid, const char *line) {
    struct proc *self = proc_current();
    if (pid != self->pid)
        return -EINVAL;
    spin_lock(&self->lock);
    struct thread *thread = proc_thread(self, tid ? tid : pid);
    if (thread)
        strlcpy(thread->name, line, sizeof thread->name);
    if (thread && thread->tid == pid)
        strlcpy(self->name, line, sizeof self->name);
    spin_unlock(&self->lock);
    return thread ? show_process_name(text, pid, tid) : -ESRCH;
}

int show_process_wait(struct text *text, uint32_t pid, uint32_t tid) {
    struct proc_look look;
    if (!proc_look(pid, tid, &look))
        return -ESRCH;
    text_printf(text, "%s", look.waits_for ? look.waits_for : "0");
    proc_look_end(&look);
    return 0;
}
