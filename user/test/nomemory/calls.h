/*
 * The calls, each with what it needs and what undoes it.
 */
#ifndef NOMEMORY_CALLS_H
#define NOMEMORY_CALLS_H

#include <stdbool.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PLACE "/tmp/nomemory"
#define PAGE  4096ul

struct call {
    const char *name;
    long (*make)(void);             /* less than 0: it failed, see errno */
    void (*before)(void), (*after)(void);
    bool in_child;                  /* it makes pages, or ends the process */
};
extern const struct call file_calls[], process_calls[];     /* the last of each has no name */

extern char *area;          /* 64 pages, all there */
extern int file, big, made; /* descriptors; big: of 128 pages; made: what a call is about */

#define CALL(name, number, ...) \
    static long name(void) { return syscall(number, ##__VA_ARGS__); }

/* In an empty directory; files first. */
void files_prepare(void);
void files_end(void);
void processes_prepare(void);

#endif
