/* Processes as /proc shows them: what ps, top and pstree share. */
#ifndef BIN_COMMON_PROCESS_H
#define BIN_COMMON_PROCESS_H

#include <stdbool.h>
#include <stddef.h>

struct process {
    int pid, tid;               /* the same unless threads are listed */
    int parent, group, session;
    unsigned terminal;          /* its session's, as a device number; 0: none */
    int foreground;             /* that terminal's group */
    unsigned uid;
    char state;                 /* R, S, D, T, Z */
    char state_name[12];        /* new, ready, running, waiting, stopped, zombie */
    char waits_for[24];         /* "-" while it does not wait */
    char name[20];
    long priority, nice, threads, processor;
    unsigned long long user, system, start;     /* in hundredths of a second; start: since boot */
    unsigned long long size, resident;          /* in KiB */
    char *command;              /* its words, or [name] when it has none */
};

/* All processes by pid, or (with `threads`) all threads. Ends the command without /proc. */
struct process *processes_read(size_t *count, bool threads);
void processes_free(struct process *processes, size_t count);

/* A terminal's name, such as ttyS0 or pts/3; "?" for none. */
const char *terminal_name(unsigned terminal);

#endif
