/*
 * The table of jobs, between the files that keep it.
 */
#ifndef SH_JOB_TABLE_H
#define SH_JOB_TABLE_H

#include "jobs.h"
#include "mem.h"
#include "shell.h"

#include <termios.h>

struct process {
    struct process *next;
    pid_t pid;
    int wait_status;
    bool ended;
    int stopped; /* the signal, or 0 */
};

struct job {
    struct job *next;
    int id;      /* for the user; 0 if it never left the foreground, or its end is known */
    pid_t group; /* its first process; with job control also the process group */
    enum job_mode mode;
    bool failed;
    bool changed;      /* it has stopped or ended, which the user was not told */
    bool has_terminal; /* it was lent to the job */
    bool has_modes;    /* it stopped with these modes of the terminal */
    struct termios modes;
    struct process *processes; /* the last one first */
    char *text;
};

extern struct job *jobs; /* the one that was started or stopped last is the first */

/* The jobs to show and to signal: in a subshell without jobs, those of the shell around it, as
 * $(jobs -p) needs them. */
struct job *jobs_known(void);

struct job *job_with_id(struct job *list, int id);

/* Gives the job a number, and makes it the first. */
void job_remember(struct job *job);

bool job_has_ended(const struct job *job);

/* The signal that stopped all that is left of it, or 0. */
int job_stopped(const struct job *job);

/* Sends a signal to all of its processes, and wakes a stopped one that is to die of it.  0, or
 * -1 with errno. */
int job_signal(struct job *job, int sig);
void job_continue(struct job *job);

/* Collects what has happened to one child of any kind, as pid 1 must; false if that is nothing. */
bool job_reap(int flags);
void jobs_reap_all(void);

/* Gives the job the terminal as it left it, continues it and waits: job_wait's result. */
int job_resume(struct job *job);

/* Waits until the job has ended: its status.  Earlier if a signal comes that has a trap or, with
 * job control, if the job stops: 128 and the signal. */
int job_wait_interruptibly(struct job *job);

/* A number above that of every job of the list. */
int job_next_id(const struct job *list);

/* The job that SPEC means: N, %N, %+, %%, %-, %text, %?text; with or without the %.  NULL after a
 * message that begins with WHO. */
struct job *job_find(const char *spec, const char *who);

/* '+' for the job that fg takes, '-' for the next one after it, ' '. */
char job_mark(const struct job *job);

/* Appends a line on a job; writes lines out, past the shell's own output. */
void job_describe(const struct job *job, bool with_pid, struct strbuf *line);
void job_message(const struct strbuf *message);

#endif
