/* What the rows of bench share. */
#ifndef BIN_BENCH_H
#define BIN_BENCH_H

#include <sys/types.h>

/* The counter that rows are measured by, and a row. */
unsigned long now(void);
void report(const char *name, unsigned long value);
void report_in(const char *unit, const char *name, unsigned long value);

/* Says what failed and why, and ends the program. */
void fail(const char *what) __attribute__((noreturn));

/* Runs `body` `rounds` times after a tenth of that to warm up, and reports the cost of one. */
void measure(const char *name, unsigned long rounds, void (*body)(void));

/* Waits for a child. */
void reap(pid_t pid);

/* Lets the caller, and whom it makes, run on the harts of a mask alone. */
void pin(unsigned long harts);

/* With so many processes that sleep or yield; 0: rows are of a machine where nothing else is. */
extern int bench_crowd_size;

void bench_calls(void);             /* calls.c */
void bench_signal(void);
void bench_timer(void);
void bench_pipes(void);             /* pipes.c */
void bench_pipe_round_trip(const char *name, unsigned long harts);
void bench_yield(void);             /* process.c */
void bench_fork(unsigned long rounds);
void bench_fork_big(void);
void bench_page_fault(void);        /* memory.c */
void bench_swap(void);
void bench_files(void);             /* files.c */
void bench_futex(void);             /* threads.c */
void bench_threads(void);
void bench_poll(void);              /* poll.c */
void bench_poll_one(void);
void bench_wake(void);              /* harts.c */
void bench_switch(void);
void bench_harts(void);
void bench_crowd(void);             /* crowd.c */

#endif
