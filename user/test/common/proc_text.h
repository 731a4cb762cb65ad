/*
 * What files of /proc say, for tests.
 */
#ifndef TEST_PROC_TEXT_H
#define TEST_PROC_TEXT_H

#include <stdbool.h>
#include <sys/types.h>

#define PAGE 4096l

/* The last file that was read whole. */
extern char text[65536];

/* Reads a file: its length, or -1. */
ssize_t slurp(const char *path);

/* The path of a process's entry; good for the next three calls. */
const char *of(pid_t pid, const char *name);

/* The fields of /proc/PID/stat, from 1 on; the name without its brackets (proc(5)). */
enum { STATE = 3, PPID, PGRP, SESSION, TTY, TPGID, MINFLT = 10, UTIME = 14, STIME, CUTIME, CSTIME,
       PRIORITY, NICE, THREADS, START = 22, VSIZE, RSS, RSSLIM, STARTCODE, ENDCODE, STARTSTACK,
       SIGNAL = 31, BLOCKED, SIGIGNORE, SIGCATCH, WCHAN, EXIT_SIGNAL = 38, PROCESSOR,
       START_DATA = 45, END_DATA, START_BRK, ARG_START, ARG_END, ENV_START, ENV_END, EXIT_CODE };
extern char *field[64];
extern int fields;

bool stat_read(const char *path);
long value(int n);

#endif
