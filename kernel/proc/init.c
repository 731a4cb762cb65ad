#include <abi/errno.h>
#include <abi/fcntl.h>
#include <debug/log.h>
#include <fs/cred.h>
#include <fs/file.h>
#include <fs/path.h>
#include <lib/string.h>
#include <mm/frame.h>
#include <mm/heap.h>
#include <proc/exec.h>
#include <proc/fault.h>
#include <proc/init.h>
#include <proc/internal.h>
#include <proc/power.h>
#include <proc/signal.h>
#include <riscv/enter_user.h>

#define FRAMES_PER_PROCESS 32   // about what one needs: the default limit comes from it

// Takes the next word off *at, quotes removed in place; NULL at the end.
static char *next_word(char **at) {
    char *from = *at, *to, quote = 0;
    while (*from == ' ' || *from == '\t')
        from++;
    if (!*from)
        return NULL;
    char *word = to = from;
    for (; *from && (quote || (*from != ' ' && *from != '\t')); from++) {
        if (quote ? *from == quote : (*from == '"' || *from == '\''))
            quote = quote ? 0 : *from;
        else
            *to++ = *from;
    }
    *at = *from ? from + 1 : from;
    *to = 0;
    return word;
}

// Descriptors 0, 1 and 2 are the console; without one they stay closed.
static void open_console(void) {
    struct file *console;
    int error = path_open(AT_FDCWD, "/dev/console", O_RDWR | O_NOCTTY, 0, &console);
    if (error) {
        log_warning("init: no /dev/console (error %d): it starts without descriptors", -error);
        return;
    }
    for (int fd = 0; fd < 3; fd++)
        if (fd_install(file_hold(console), fd, false, 3) != fd)
            panic("the first process has no room for its descriptors");
    file_put(console);
}

static int run(char *command) {
    struct exec_strings arguments = { 0 }, environment = { 0 };
    char *path = NULL, *word;
    int error = 0;
    while (!error && (word = next_word(&command))) {
        path = path ? path : word;
        error = exec_strings_add(&arguments, word);
    }
    if (!error)
        error = exec_strings_add(&environment, "PATH=/bin");
    if (!error)
        error = exec_strings_add(&environment, "HOME=/");
    if (!error)
        error = exec_strings_add(&environment, "TERM=vt100");
    if (!error) {
        log_info("init: waiting for %s to be read", path);
        return proc_exec(path, &arguments, &environment);
    }
    exec_strings_free(&arguments);
    exec_strings_free(&environment);
    return error;
}

// The first thread begins in the kernel and leaves it through its frame, like everybody.
static void init_thread(void *command) {
    open_console();
    int error = run(command);
    if (error) {
        log_error("init: cannot run \"%s\": error %d%s", (char *)command, -error,
                  error == -ENOENT ? " (there is no such file)" : "");
        power_end(POWER_OFF, 127);
    }
    kfree(command);
    enter_user(thread_current()->frame);
}

static void become_first(struct proc *proc, struct thread *thread) {
    struct session *session = session_create(proc->pid);
    struct process_group *group = session ? group_create(proc->pid, session) : NULL;
    if (!group)
        panic("no memory for the first process");
    proc->limits[RLIMIT_NPROC].rlim_cur = proc->limits[RLIMIT_NPROC].rlim_max =
        (frame_limit - frame_first) / FRAMES_PER_PROCESS;
    proc_init = proc;
    proc_hold(proc);
    proc->thread_count = 1;
    list_push_back(&proc->threads, &thread->proc_node);
    spin_lock(&proc_tree_lock);
    group_join(proc, group);
    session_put(session);
    proc_publish(proc, NULL);
    spin_unlock(&proc_tree_lock);
}

void proc_start_init(const char *command) {
    struct proc *proc = proc_create("init");
    struct thread *thread = thread_create_user("init");
    char *copy = kstrdup(*command ? command : "/bin/init");
    if (!proc || !thread || !copy)
        panic("no memory for the first process");
    assert(proc->pid == 1);
    signal_trampoline_init();
    thread->tid = proc->pid;
    thread->proc = proc;
    thread->handlers = signal_handlers_create();
    thread->files = file_table_create();
    thread->fs = fs_context_create();
    thread->cred = cred_create_root();
    if (!thread->handlers || !thread->files || !thread->fs || !thread->cred)
        panic("no memory for the first process");
    become_first(proc, thread);
    thread_begin_at(thread, init_thread, copy);
    thread_start(thread);
}
