// For those who look at processes from outside, by their pid: /proc above all. None of these sleeps.
#ifndef PROC_LOOK_H
#define PROC_LOOK_H

#include <fs/cred.h>
#include <fs/path.h>
#include <proc/proc.h>

// The first thread of a process with a tid of at least `from`; 0: none.
uint32_t proc_thread_from(uint32_t pid, uint32_t from);

// May the caller see its open files, its directories, its environment? Root may, and its owner.
bool proc_may_look(uint32_t pid);

// The open file behind a descriptor, the one that is an end of a pipe, or its program's file, held;
// NULL: there is none.
struct file *proc_file_hold(uint32_t pid, int fd);
struct file *proc_pipe_hold(uint32_t pid, uint32_t number);
struct file *proc_program_hold(uint32_t pid);

// Its first open descriptor from `fd` on; -1: none.
int proc_file_next(uint32_t pid, int fd);

// Its working directory, or with `root` its root, with references; false: it is gone.
bool proc_place_hold(uint32_t pid, bool root, struct path *out);

// What can be said of a process, or of one thread of it, at one moment.
enum look_state {
    LOOK_NEW, LOOK_READY, LOOK_RUNNING, LOOK_WAITING, LOOK_BLOCKED, LOOK_STOPPED, LOOK_ZOMBIE,
};

struct proc_look {
    uint32_t pid, tid, parent, group, session;
    uint32_t tty, foreground;       // of its session's terminal: device number, group; 0
    char name[16];
    enum look_state state;
    const char *waits_for;          // while it waits; else NULL
    uint32_t hart, threads, handles;    // `handles`: room in its file table
    int nice, exit_status, exit_signal;
    struct usage used, children;
    uint64_t born;                  // ticks
    uint64_t pending, pending_shared, blocked, ignored, caught;
    uint32_t signals_queued;
    struct rlimit limits[RLIM_NLIMITS];
    uint32_t umask;
    struct cred *cred;              // held; NULL for a zombie
    struct space *space;            // held; NULL: it has none
};

// Of a process (`tid` 0: its first thread's state, all threads' times), or of one thread of it. False:
// it is gone; else the caller owes a proc_look_end, which may sleep.
bool proc_look(uint32_t pid, uint32_t tid, struct proc_look *look);
void proc_look_end(struct proc_look *look);

// A state's letter, as ps shows it, and its name.
char look_letter(enum look_state state);
const char *look_state_name(enum look_state state);

#endif
