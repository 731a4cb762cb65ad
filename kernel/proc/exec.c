// execve: a new program in the same process. Everything that can fail happens in a space of its
// own, before the old one is given up.
#include <abi/auxv.h>
#include <abi/errno.h>
#include <abi/fcntl.h>
#include <abi/stat.h>
#include <dev/random.h>
#include <fs/cred.h>
#include <fs/file.h>
#include <fs/path.h>
#include <lib/string.h>
#include <mm/copy.h>
#include <mm/heap.h>
#include <mm/space.h>
#include <proc/elf.h>
#include <proc/exec.h>
#include <proc/fpu.h>
#include <proc/internal.h>
#include <proc/interval_timer.h>
#include <proc/signal.h>
#include <proc/thread_group.h>
#include <sched/clock.h>
#include <sched/hart.h>

#define STACK_TOP (USER_LIMIT - PAGE_SIZE)
#define STACK_ROOM (64ul << 20)         // mmap leaves at least so much, and at most half of all
#define STRINGS_MAX (2ul << 20)         // as Linux: a quarter of the usual stack
#define SCRIPT_DEPTH 4
#define HWCAP 0x112d                    // I M A F D C, as bits of letters

void exec_strings_free(struct exec_strings *strings) {
    kfree(strings->data);
    *strings = (struct exec_strings){ 0 };
}

static int strings_grow(struct exec_strings *strings) {
    size_t room = strings->room ? strings->room * 2 : PAGE_SIZE;
    if (room > STRINGS_MAX)
        return -E2BIG;
    char *data = kmalloc(room);
    if (!data)
        return -ENOMEM;
    memcpy(data, strings->data, strings->used);
    kfree(strings->data);
    strings->data = data;
    strings->room = room;
    return 0;
}

int exec_strings_add(struct exec_strings *strings, const char *string) {
    size_t size = strlen(string) + 1;
    while (strings->room - strings->used < size) {
        int error = strings_grow(strings);
        if (error)
            return error;
    }
    memcpy(strings->data + strings->used, string, size);
    strings->used += size;
    strings->count++;
    return 0;
}

int exec_strings_add_user(struct exec_strings *strings, uint64_t user) {
    for (;;) {
        long length = -ENAMETOOLONG;
        if (strings->room > strings->used)
            length = copy_in_str(strings->data + strings->used, user,
                                 strings->room - strings->used);
        if (length >= 0) {
            strings->used += length + 1;
            strings->count++;
            return 0;
        }
        int error = length == -ENAMETOOLONG ? strings_grow(strings) : (int)length;
        if (error)
            return error;
    }
}

// --- the initial stack (psABI; auxiliary vector as Linux fills it) ---

struct start {
    struct space *space;
    struct elf_image image;
    struct exec_strings *arguments, *environment;
    const char *path;
    uint64_t sp;                // moves down
};

static int push(struct start *start, const void *data, size_t size) {
    start->sp -= size;
    return space_copy_out(start->space, start->sp, data, size) ? -ENOMEM : 0;
}

// The pointers to `strings`, which begin at `address` in user memory, and a NULL.
static uint64_t *fill_pointers(uint64_t *slot, const struct exec_strings *strings,
                               uint64_t address) {
    const char *at = strings->data;
    for (unsigned i = 0; i < strings->count; i++) {
        *slot++ = address + (at - strings->data);
        at += strlen(at) + 1;
    }
    *slot++ = 0;
    return slot;
}

static uint64_t *fill_auxv(uint64_t *slot, const struct start *start, uint64_t random,
                           uint64_t path) {
    const struct cred *cred = thread_current()->cred;
    const uint64_t pairs[][2] = {
        { AT_PAGESZ, PAGE_SIZE }, { AT_PHDR, start->image.headers }, { AT_PHENT, 56 },
        { AT_PHNUM, start->image.header_count }, { AT_BASE, 0 }, { AT_FLAGS, 0 },
        { AT_ENTRY, start->image.entry }, { AT_UID, cred->uid }, { AT_EUID, cred->euid },
        { AT_GID, cred->gid }, { AT_EGID, cred->egid }, { AT_SECURE, 0 },
        { AT_HWCAP, HWCAP }, { AT_CLKTCK, CLOCK_TICKS }, { AT_RANDOM, random }, { AT_EXECFN, path },
        { AT_NULL, 0 },
    };
    memcpy(slot, pairs, sizeof pairs);
    return slot + sizeof pairs / sizeof *slot;
}

#define AUXV_WORDS 34

// argc, argv, envp and auxv, below the strings they point to; sp is 16-byte aligned.
static int push_vectors(struct start *start, uint64_t arguments, uint64_t environment,
                        uint64_t random, uint64_t path) {
    size_t words = 1 + start->arguments->count + 1 + start->environment->count + 1 + AUXV_WORDS;
    uint64_t *vector = kmalloc(words * sizeof *vector);
    if (!vector)
        return -ENOMEM;
    uint64_t *slot = vector;
    *slot++ = start->arguments->count;
    slot = fill_pointers(slot, start->arguments, arguments);
    slot = fill_pointers(slot, start->environment, environment);
    slot = fill_auxv(slot, start, random, path);
    assert(slot == vector + words);
    start->sp = (start->sp - words * sizeof *vector) & ~15ul;
    start->space->stack_start = start->sp;
    int error = space_copy_out(start->space, start->sp, vector, words * sizeof *vector);
    kfree(vector);
    return error ? -ENOMEM : 0;
}

// The stack begins with what the first pushes need, and grows on demand to its limit. What mmap
// gives out ends below the room that it may need.
static int stack_map(struct space *space, uint64_t first) {
    uint64_t limit = page_floor(proc_limit(RLIMIT_STACK));
    if (limit < 16 * PAGE_SIZE)
        limit = 16 * PAGE_SIZE;
    uint64_t room = limit > USER_LIMIT / 2 ? USER_LIMIT / 2 : limit + STACK_ROOM / 2;
    space->stack_limit = limit;
    space->map_top = page_floor(STACK_TOP - (room < STACK_ROOM ? STACK_ROOM : room));
    struct area stack = { .start = STACK_TOP - page_ceil(first), .end = STACK_TOP, .stack = true,
                          .rights = ACCESS_READ | ACCESS_WRITE };
    int error = space_map(space, &stack);
    return error == -EEXIST ? -ENOEXEC : error;     // a segment lies where the stack has to be
}

static int stack_build(struct start *start) {
    uint64_t count = start->arguments->count + (uint64_t)start->environment->count;
    uint64_t size = start->arguments->used + start->environment->used + count * sizeof(uint64_t) +
                    strlen(start->path) + PAGE_SIZE;
    int error = stack_map(start->space, size);
    if (!error && size > start->space->stack_limit / 4 + PAGE_SIZE)
        error = -E2BIG;
    char random[16];
    random_bytes(random, sizeof random);
    start->sp = STACK_TOP;
    uint64_t path = 0, environment = 0, arguments = 0;
    if (!error)
        error = push(start, start->path, strlen(start->path) + 1);
    path = start->sp;
    if (!error)
        error = push(start, start->environment->data, start->environment->used);
    environment = start->sp;
    start->space->environment = (struct space_range){ environment, path };
    if (!error)
        error = push(start, start->arguments->data, start->arguments->used);
    arguments = start->sp;
    start->space->arguments = (struct space_range){ arguments, environment };
    if (!error)
        error = push(start, random, sizeof random);
    return error ? error : push_vectors(start, arguments, environment, start->sp, path);
}

// --- the file: a program, or a script that names one ---

// The right to execute is enough: a program need not be readable. So it is not opened by name, and
// the open operations of what is no regular file (a fifo would wait) never run.
static int program_open(const char *path, struct file **out) {
    struct path place;
    int error = path_lookup(AT_FDCWD, path, LOOKUP_FOLLOW, &place);
    if (error)
        return error;
    struct inode *inode = path_inode(&place);
    error = !inode                  ? -ENOENT
            : S_ISREG(inode->mode) ? permission(inode, thread_current()->cred, MAY_EXEC)
                                   : -EACCES;
    if (!error)
        error = path_open_here(&place, O_RDONLY, out);
    if (error)
        path_put(&place);
    return error;
}

// "#!interpreter [argument]": the two words, NUL-terminated in `line`; false if it is no script.
static bool script_parse(char *line, long length, char **interpreter, char **argument) {
    if (length < 2 || line[0] != '#' || line[1] != '!')
        return false;
    line[length] = 0;
    line[strcspn(line, "\n")] = 0;
    char *at = line + 2;
    at += strspn(at, " \t");
    *interpreter = at;
    at += strcspn(at, " \t");
    if (*at)
        *at++ = 0;
    at += strspn(at, " \t");
    char *end = at + strlen(at);
    while (end > at && (end[-1] == ' ' || end[-1] == '\t'))
        *--end = 0;
    *argument = *at ? at : NULL;
    return **interpreter;
}

// A script's arguments: the interpreter, its argument, the script's path, the rest.
static int script_arguments(struct exec_strings *arguments, const char *interpreter,
                            const char *argument, const char *path) {
    struct exec_strings fresh = { 0 };
    int error = exec_strings_add(&fresh, interpreter);
    if (!error && argument)
        error = exec_strings_add(&fresh, argument);
    if (!error)
        error = exec_strings_add(&fresh, path);
    const char *at = arguments->data;
    for (unsigned i = 0; i < arguments->count && !error; i++) {
        if (i)
            error = exec_strings_add(&fresh, at);
        at += strlen(at) + 1;
    }
    exec_strings_free(arguments);
    *arguments = fresh;
    return error;
}

// Opens the program behind `path`, through scripts; *path_out (heap) is what runs in the end.
static int program_find(const char *path, struct exec_strings *arguments, struct file **out,
                        char **path_out) {
    char line[256], *interpreter, *argument;
    char *current = kstrdup(path);
    for (int depth = 0; current; depth++) {
        int error = program_open(current, out);
        long length = error ? error : file_read_kernel(*out, line, sizeof line - 1, 0);
        if (length < 0) {
            if (!error)
                file_put(*out);
            kfree(current);
            return length;
        }
        if (!script_parse(line, length, &interpreter, &argument)) {
            *path_out = current;
            return 0;
        }
        file_put(*out);
        error = depth == SCRIPT_DEPTH
                    ? -ELOOP
                    : script_arguments(arguments, interpreter, argument, current);
        kfree(current);
        if (error)
            return error;
        current = kstrdup(interpreter);
    }
    return -ENOMEM;
}

// --- the point of no return ---

static void name_set(struct proc *proc, struct thread *thread, const char *path) {
    const char *base = strrchr(path, '/');
    base = base ? base + 1 : path;
    strlcpy(proc->name, base, sizeof proc->name);
    strlcpy(thread->name, base, sizeof thread->name);
}

// What other processes share is not this program's to change. 0 or -ENOMEM.
static int unshare(struct thread *self) {
    struct file_table *files = self->files;
    struct signal_handlers *handlers = self->handlers;
    if (file_table_is_shared(files) && !(files = file_table_copy(files)))
        return -ENOMEM;
    if (signal_handlers_are_shared(handlers) && !(handlers = signal_handlers_copy(handlers))) {
        if (files != self->files)
            file_table_put(files);
        return -ENOMEM;
    }
    spin_lock(&self->proc->lock);       // others look at them
    struct file_table *old_files = self->files;
    struct signal_handlers *old_handlers = self->handlers;
    self->files = files;
    self->handlers = handlers;
    spin_unlock(&self->proc->lock);
    if (old_files != files)
        file_table_put(old_files);
    if (old_handlers != handlers)
        signal_handlers_put(old_handlers);
    return 0;
}

static void commit(struct start *start) {
    struct thread *self = thread_current();
    thread_leave_locks(self);
    self->pi_left = false;
    thread_leave_space(self);
    preempt_disable();
    struct space *old = proc_swap_space(self, start->space);
    space_activate(this_hart(), start->space);
    preempt_enable();
    if (old)
        space_put(old);
    file_table_close_on_exec(self->files);
    signal_handlers_reset(self->handlers);
    self->signal_stack_size = 0;
    self->signal_stack_disarms = false;
    interval_timers_delete(self->proc, false);
    name_set(self->proc, self, start->path);
    self->proc->has_executed = true;
    self->proc->exit_signal = SIGCHLD;
    memset(self->proc->missed_calls, 0, sizeof self->proc->missed_calls);
    uint64_t thread = self->frame->thread;
    memset(self->frame, 0, sizeof *self->frame);
    self->frame->thread = thread;
    self->frame->pc = start->image.entry;
    self->frame->sp = start->sp;
    self->frame->status = SSTATUS_SPIE;     // to user mode, with interrupts
    fpu_reset();
}

static int program_load(struct file *file, struct start *start) {
    start->space = space_create();
    if (!start->space)
        return -ENOMEM;
    int error = elf_load(file, start->space, &start->image);
    start->space->page_limit = proc_limit(RLIMIT_RSS) / PAGE_SIZE;
    start->space->pid = proc_current()->pid;
    start->space->brk_start = start->space->brk = page_ceil(start->image.end);
    if (!error)
        error = stack_build(start);
    if (!error && start->space->size > proc_limit(RLIMIT_AS))
        error = -ENOMEM;
    if (error)
        space_put(start->space);
    return error;
}

int proc_exec(const char *path, struct exec_strings *arguments,
              struct exec_strings *environment) {
    struct file *file = NULL;
    char *program = NULL;
    struct start start = { .arguments = arguments, .environment = environment };
    int error = program_find(path, arguments, &file, &program);
    if (!error) {
        start.path = program;
        error = program_load(file, &start);
        if (!error && (error = group_become_single()))
            space_put(start.space);
        if (error)
            file_put(file);
    }
    if (!error) {
        // There is no way back: the program's other threads are gone.
        if (unshare(thread_current()))
            proc_signal(proc_current(), SIGKILL);
        commit(&start);
        proc_set_program(proc_current(), file);
    }
    kfree(program);
    exec_strings_free(arguments);
    exec_strings_free(environment);
    return error;
}
