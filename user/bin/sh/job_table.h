/*
 * The table of jobs, between the files that keep it.
 */
#ifndef SH_JOB_TABLE_H
#define SH_JOB_TABLE_H

#include "jobs.h"
#include "mem.h"
#include "shell.h"

struct process {
    struct process *next;
    pid_t pid;
    int wait_status;
    bool ended;
    int stopped; /* the signal, or 0 */
};

struct job {
    struct job *next;
    int id;      /* of a background job whose end is not yet known to the user, else 0 */
    pid_t group; /* its first process; with job control also the process group */
    enum job_mode mode;
    bool failed;
    struct process *processes; /* the last one first */
    char *text;
};

extern struct job *jobs; /* the newest first */

/* In a command substitution: the jobs of the shell around it, for $(jobs -p) to show. */
extern struct job *outer_jobs;

bool job_has_ended(const struct job *job);

/* The signal that stopped all that is left of it, or 0. */
int job_stopped(const struct job *job);

/* Collects what has happened to one child of any kind, as pid 1 must; false when there was nothing. */
bool job_reap(int flags);

/* A number that no job of the list has. */
int job_next_id(const struct job *list);

/* Appends a line on a job; writes lines out, past the shell's own output. */
void job_describe(const struct job *job, struct strbuf *line);
void job_message(const struct strbuf *message);

#endif
