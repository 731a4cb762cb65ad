// Processes as text, for /proc/PID and, with a `tid` that is not 0, /proc/PID/task/TID: the formats are
// Linux's (proc(5)). All return 0, -ESRCH or -errno, and may sleep.
#ifndef PROC_SHOW_H
#define PROC_SHOW_H

#include <mm/text.h>
#include <stdint.h>

int show_process_stat(struct text *text, uint32_t pid, uint32_t tid);      // one line, for programs
int show_process_statm(struct text *text, uint32_t pid, uint32_t tid);     // sizes in pages
int show_process_status(struct text *text, uint32_t pid, uint32_t tid);    // the same in words
int show_process_limits(struct text *text, uint32_t pid, uint32_t tid);
int show_process_command_line(struct text *text, uint32_t pid, uint32_t tid);  // ends of words are NUL
int show_process_environment(struct text *text, uint32_t pid, uint32_t tid);
int show_process_name(struct text *text, uint32_t pid, uint32_t tid);
// What is written to its name: -EINVAL but from within the process.
int set_process_name(struct text *text, uint32_t pid, uint32_t tid, const char *line);
int show_process_wait(struct text *text, uint32_t pid, uint32_t tid);      // what it waits for, or 0
int show_process_sched(struct text *text, uint32_t pid, uint32_t tid);     // the scheduler's view

// The whole system: what its harts did, its load; the time since boot and the time harts were idle.
int show_stat(struct text *text);
int show_load(struct text *text);
int show_uptime(struct text *text);

#endif
