/* What the rows of bench share. */
#ifndef BIN_BENCH_H
#define BIN_BENCH_H

/* The counter that rows are measured by, and a row. */
unsigned long now(void);
void report(const char *name, unsigned long value);

/* Says what failed and why, and ends the program. */
void fail(const char *what) __attribute__((noreturn));

/* Runs `body` `rounds` times after a tenth of that to warm up, and reports the cost of one. */
void measure(const char *name, unsigned long rounds, void (*body)(void));

void bench_poll(void);          /* poll.c */

#endif
