/* Jobs: the table, and starting processes. */
#include "exec.h"
#include "job_table.h"
#include "out.h"
#include "shell.h"
#include "signals.h"
#include "terminal.h"
#include "trap.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* How many ended background jobs are kept for a later `wait`. */
enum { REMEMBERED_JOBS = 100 };

struct job *jobs;
static struct job *outer_jobs; /* in a subshell: the jobs of the shell around it */

struct job *jobs_known(void) {
    return job_next_id(jobs) > 1 || !outer_jobs ? jobs : outer_jobs;
}

struct job *job_new(const char *text) {
    struct job *job = xmalloc(sizeof(*job));

    *job = (struct job){.next = jobs, .text = xstrdup(text ? text : "")};
    for (char *c = job->text; *c; c++) {
        if (*c == '\n')
            *c = ' ';
    }
    jobs = job;
    return job;
}

static void job_unlink(struct job *job) {
    struct job **slot = &jobs;

    while (*slot != job)
        slot = &(*slot)->next;
    *slot = job->next;
}

void job_forget(struct job *job) {
    job_unlink(job);
    while (job->processes) {
        struct process *process = job->processes;

        job->processes = process->next;
        free(process);
    }
    free(job->text);
    free(job);
}

void job_remember(struct job *job) {
    job_unlink(job);
    if (!job->id)
        job->id = job_next_id(jobs);
    job->mode = JOB_BACKGROUND;
    job->next = jobs;
    jobs = job;
}

int job_next_id(const struct job *list) {
    int id = 1;

    for (const struct job *job = list; job; job = job->next) {
        if (job->id >= id)
            id = job->id + 1;
    }
    return id;
}

struct job *job_with_id(struct job *list, int id) {
    while (list && list->id != id)
        list = list->next;
    return list;
}

void job_fail(struct job *job) {
    job->failed = true;
}

bool job_has_failed(const struct job *job) {
    return job->failed;
}

static void stdin_from_null(void) {
    int fd = open("/dev/null", O_RDONLY);

    if (fd > STDIN_FILENO) {
        dup2(fd, STDIN_FILENO);
        close(fd);
    }
}

/* A subshell has no jobs yet, but may ask about those of the shell that forked it. */
static void jobs_become_outer(void) {
    if (job_next_id(jobs) > 1) {
        outer_jobs = jobs;
        jobs = NULL;
    }
    while (jobs)
        job_forget(jobs);
}

/* Makes a forked child what a command expects to run in. */
static void child_init(struct job *job, enum job_mode mode) {
    bool alone = mode == JOB_BACKGROUND && !shell.job_control;
    bool with_shell = mode == JOB_HELPER && shell.job_control;

    if (shell.job_control && mode != JOB_HELPER) {
        pid_t group = job->group ? job->group : getpid();

        setpgid(0, group);
        if (mode == JOB_FOREGROUND)
            terminal_lend(group);
    }
    traps_reset(alone);
    if (with_shell)
        traps_ignore_stops(); /* or ^Z would leave the shell waiting for it */
    shell.job_control = false;
    shell.interactive = false;
    jobs_become_outer();
    if (alone)
        stdin_from_null();
}

static void process_add(struct job *job, pid_t pid) {
    struct process *process = xmalloc(sizeof(*process));

    *process = (struct process){.next = job->processes, .pid = pid};
    job->processes = process;
    if (!job->group)
        job->group = pid;
}

pid_t job_fork(struct job *job, enum job_mode mode) {
    bool lends = shell.job_control && mode == JOB_FOREGROUND;
    pid_t pid;

    /* Looked at before: a child that is faster may be a shell that has lent the terminal further. */
    lends = lends && (job->has_terminal || terminal_is_ours());
    out_flush();
    pid = fork();
    if (pid == 0) {
        child_init(job, mode);
        return 0;
    }
    if (pid < 0) {
        shell_error("cannot fork: %s", strerror(errno));
        job_fail(job);
        return -1;
    }
    job->mode = mode;
    process_add(job, pid);
    /* Both sides do this, because either may run first. */
    if (shell.job_control && mode != JOB_HELPER)
        setpgid(pid, job->group);
    if (lends) {
        job->has_terminal = true;
        terminal_lend(job->group);
    }
    return pid;
}

/* Forgets the oldest ended background jobs when nobody has asked about many. */
static void jobs_prune(void) {
    struct job *next;
    int ended = 0;

    jobs_reap_all();
    for (struct job *job = jobs; job; job = next) {
        next = job->next;
        if (job->mode == JOB_BACKGROUND && job_has_ended(job) && ++ended > REMEMBERED_JOBS)
            job_forget(job);
    }
}

int job_background(struct job *job) {
    struct strbuf message = {0};
    char number[48];

    if (job->failed) {
        job_forget(job);
        return 2;
    }
    jobs_prune();
    job_remember(job);
    shell.last_async = job->group;
    if (shell.interactive) {
        snprintf(number, sizeof(number), "[%d] %d\n", job->id, (int)job->group);
        strbuf_add_str(&message, number);
        job_message(&message);
        strbuf_free(&message);
    }
    return 0;
}

void jobs_control_set(bool on) {
    if (on && !shell.job_control)
        terminal_find();
    shell.job_control = on;
}

void jobs_init(void) {
    signal_default(SIGCHLD);
    if (!shell.interactive)
        return;
    shell.job_control = terminal_claim();
    if (!shell.job_control)
        shell_error("no job control: there is no terminal for it");
}
