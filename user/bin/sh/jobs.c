/* Jobs: starting processes and collecting how they end. */
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
#include <sys/wait.h>
#include <unistd.h>

/* How many ended background jobs are kept for a later `wait`. */
enum { REMEMBERED_JOBS = 100 };

struct job *jobs;
struct job *outer_jobs;

struct job *job_new(void) {
    struct job *job = xmalloc(sizeof(*job));

    *job = (struct job){.next = jobs};
    jobs = job;
    return job;
}

void job_forget(struct job *job) {
    struct job **slot = &jobs;

    while (*slot != job)
        slot = &(*slot)->next;
    *slot = job->next;
    while (job->processes) {
        struct process *process = job->processes;

        job->processes = process->next;
        free(process);
    }
    free(job->text);
    free(job);
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

/* Makes a forked child what a command expects to run in. */
static void child_init(struct job *job, enum job_mode mode) {
    pid_t group = job->group ? job->group : getpid();
    bool alone = mode == JOB_BACKGROUND && !shell.job_control;

    if (shell.job_control && mode != JOB_HELPER) {
        setpgid(0, group);
        if (mode == JOB_FOREGROUND)
            terminal_give(group);
    }
    traps_reset(alone);
    shell.job_control = false;
    shell.interactive = false;
    if (mode == JOB_HELPER && jobs) {
        outer_jobs = jobs;
        jobs = NULL;
    }
    while (jobs)
        job_forget(jobs);
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
    pid_t pid;

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
    return pid;
}

bool job_has_ended(const struct job *job) {
    for (const struct process *process = job->processes; process; process = process->next) {
        if (!process->ended)
            return false;
    }
    return true;
}

int job_stopped(const struct job *job) {
    int sig = 0;

    for (const struct process *process = job->processes; process; process = process->next) {
        if (!process->ended && !process->stopped)
            return 0;
        if (!process->ended)
            sig = process->stopped;
    }
    return sig;
}

static void note_change(pid_t pid, int wait_status) {
    for (struct job *job = jobs; job; job = job->next) {
        for (struct process *process = job->processes; process; process = process->next) {
            if (process->ended || process->pid != pid)
                continue;
            process->stopped = WIFSTOPPED(wait_status) ? WSTOPSIG(wait_status) : 0;
            process->ended = WIFEXITED(wait_status) || WIFSIGNALED(wait_status);
            process->wait_status = wait_status;
            return;
        }
    }
}

/* Without children left, whatever the table still holds has ended elsewhere. */
static void note_all_lost(void) {
    for (struct job *job = jobs; job; job = job->next) {
        for (struct process *process = job->processes; process; process = process->next) {
            if (!process->ended)
                process->wait_status = 127 << 8;
            process->ended = true;
        }
    }
}

bool job_reap(int flags) {
    int wait_status;
    pid_t pid = waitpid(-1, &wait_status, flags | WUNTRACED | WCONTINUED);

    if (pid > 0)
        note_change(pid, wait_status);
    else if (pid < 0 && errno == ECHILD)
        note_all_lost();
    return pid > 0;
}

static int status_from(int wait_status) {
    if (WIFSIGNALED(wait_status))
        return 128 + WTERMSIG(wait_status);
    return WEXITSTATUS(wait_status);
}

/* Tells the user how a foreground job died, as nobody else would. */
static void report_death(int sig) {
    struct strbuf message = {0};

    if (sig != SIGINT && sig != SIGPIPE)
        strbuf_add_str(&message, strsignal(sig));
    if (sig != SIGPIPE && (sig != SIGINT || shell.interactive)) {
        strbuf_add_char(&message, '\n');
        job_message(&message);
    }
    strbuf_free(&message);
    if (sig == SIGINT && shell.interactive)
        shell_abort(128 + sig);
}

int job_next_id(const struct job *list) {
    int id = 1;

    for (const struct job *job = list; job; job = job->next) {
        if (job->id >= id)
            id = job->id + 1;
    }
    return id;
}

/* The foreground job has stopped: the user gets the terminal back, and a number for it. */
static int job_suspend(struct job *job, int sig) {
    struct strbuf message = {0};

    terminal_give(getpgrp());
    terminal_restore();
    job->mode = JOB_BACKGROUND;
    job->id = job_next_id(jobs);
    job->text = xstrdup("");
    strbuf_add_char(&message, '\n');
    job_describe(job, &message);
    job_message(&message);
    strbuf_free(&message);
    return 128 + sig;
}

int job_wait(struct job *job) {
    bool may_stop = shell.job_control && job->mode == JOB_FOREGROUND;
    int wait_status = 2 << 8;

    while (!job_has_ended(job)) {
        if (may_stop && job_stopped(job))
            return job_suspend(job, job_stopped(job));
        job_reap(0);
    }
    if (shell.job_control && job->mode == JOB_FOREGROUND)
        terminal_give(getpgrp());
    if (job->processes && !job->failed)
        wait_status = job->processes->wait_status;
    if (WIFSIGNALED(wait_status)) {
        if (shell.job_control)
            terminal_restore();
        report_death(WTERMSIG(wait_status));
    }
    job_forget(job);
    return status_from(wait_status);
}

/* Forgets the oldest ended background jobs when nobody has asked about many. */
static void jobs_prune(void) {
    struct job *next;
    int ended = 0;

    while (job_reap(WNOHANG))
        ;
    for (struct job *job = jobs; job; job = next) {
        next = job->next;
        if (job->mode == JOB_BACKGROUND && job_has_ended(job) && ++ended > REMEMBERED_JOBS)
            job_forget(job);
    }
}

int job_background(struct job *job, const char *text) {
    struct strbuf message = {0};
    char number[48];

    if (job->failed) {
        job_forget(job);
        return 2;
    }
    jobs_prune();
    job->id = job_next_id(jobs);
    job->text = xstrdup(text);
    shell.last_async = job->group;
    if (shell.interactive) {
        snprintf(number, sizeof(number), "[%d] %d\n", job->id, (int)job->group);
        strbuf_add_str(&message, number);
        job_message(&message);
        strbuf_free(&message);
    }
    return 0;
}

/* Waits until the job has ended; else the signal whose trap is to run first. */
static int wait_interruptibly(struct job *job) {
    while (!job_has_ended(job)) {
        int sig = signal_arrived();

        if (sig)
            return sig;
        job_reap(0);
    }
    return 0;
}

int jobs_wait_pid(pid_t pid) {
    for (struct job *job = jobs; job; job = job->next) {
        int status, sig;

        if (job->mode != JOB_BACKGROUND || job->group != pid)
            continue;
        sig = wait_interruptibly(job);
        if (sig)
            return 128 + sig;
        status = status_from(job->processes->wait_status);
        job_forget(job);
        return status;
    }
    return 127;
}

int jobs_wait_all(void) {
    struct job *next;

    for (struct job *job = jobs; job; job = next) {
        int sig;

        next = job->next;
        if (job->mode != JOB_BACKGROUND)
            continue;
        sig = wait_interruptibly(job);
        if (sig)
            return 128 + sig;
        job_forget(job);
    }
    return 0;
}

void jobs_init(void) {
    signal_default(SIGCHLD);
    if (shell.interactive)
        shell.job_control = terminal_claim();
}
