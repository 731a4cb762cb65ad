/*
 * Jobs: the processes that the shell has started and how they ended.  With job control
 * (an interactive shell, or set -m) every pipeline has its own process group, and the one
 * in the foreground has the terminal.
 */
#ifndef SH_JOBS_H
#define SH_JOBS_H

#include <stdbool.h>
#include <sys/types.h>

enum job_mode {
    JOB_FOREGROUND, /* gets the terminal */
    JOB_BACKGROUND,
    JOB_HELPER, /* stays in the shell's own group: command substitution, here-documents */
};

struct job;

/* Turns job control on if the shell is interactive and has a terminal; stops the shell until
 * it is in the foreground. */
void jobs_init(void);

/* `set -m` and `set +m`. */
void jobs_control_set(bool on);

/* A job without processes.  TEXT is what was typed; NULL if that is not known. */
struct job *job_new(const char *text);

/* Forks a process of the job: 0 in the child, whose signals, group and terminal are set up;
 * its pid in the parent; -1 after a message, and the job has failed. */
pid_t job_fork(struct job *job, enum job_mode mode);

void job_fail(struct job *job);
bool job_has_failed(const struct job *job);

/* Waits for all of its processes, takes the terminal back and frees the job.  Returns the
 * status of the last process, 2 for a job that failed.  A foreground job that stops is kept
 * instead: 128 and the signal. */
int job_wait(struct job *job);

/* Frees the job without waiting; its processes are reaped when they end. */
void job_forget(struct job *job);

/* Lets it run: sets $!, tells the user, and returns 0. */
int job_background(struct job *job);

/* Before a prompt: reports background jobs that have ended or stopped. */
void jobs_notify(void);

/* False after a warning that there are stopped jobs, but only once: not if the command line
 * before was warned already. */
bool jobs_may_exit(void);

/* The shell ends: hangs up on all jobs, and gives the terminal to whom it belonged before. */
void jobs_leave(void);

#endif
