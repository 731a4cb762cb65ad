/*
 * Jobs: the processes that the shell has started and how they ended.  With job control
 * (an interactive shell) every pipeline has its own process group, and the one in the
 * foreground has the terminal.
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

/* Takes the terminal, if there is one: job control is on when this succeeds. */
void jobs_init(void);

/* A job without processes. */
struct job *job_new(void);

/* Forks a process of the job: 0 in the child, whose signals, group and terminal are set up;
 * its pid in the parent; -1 after a message, and the job has failed. */
pid_t job_fork(struct job *job, enum job_mode mode);

void job_fail(struct job *job);
bool job_has_failed(const struct job *job);

/* Waits for all of its processes, takes the terminal back and frees the job.  Returns the
 * status of the last process, 2 for a job that failed. */
int job_wait(struct job *job);

/* Frees the job without waiting; its processes are reaped when they end. */
void job_forget(struct job *job);

/* Lets it run: sets $!, tells the user, and returns 0.  TEXT is what was typed. */
int job_background(struct job *job, const char *text);

/* Reports background jobs that have ended, before a prompt. */
void jobs_notify(void);

/* Lists the background jobs, or the process that each began with; in a command substitution those
 * of the shell around it. */
void jobs_print(bool pids_only);

/* The builtin `wait`: for one process (127 if it is not ours), or for all of them.  Ends
 * early, with 128+n, when signal n has a trap. */
int jobs_wait_pid(pid_t pid);
int jobs_wait_all(void);

/* The process group of job number ID, or 0. */
pid_t job_pid(int id);

#endif
