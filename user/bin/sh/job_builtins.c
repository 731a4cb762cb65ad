/* fg, bg and wait; and how the shell takes leave of its jobs. */
#include "builtins.h"
#include "job_table.h"
#include "out.h"
#include "terminal.h"

#include <signal.h>

/* What SIG does to it will be heard of later, but until then it does not count as stopped. */
static void note_wake(struct job *job, int sig) {
    bool wakes = sig == SIGCONT || sig == SIGKILL;

    for (struct process *process = job->processes; wakes && process; process = process->next)
        process->stopped = 0;
    job->changed &= !wakes || job_has_ended(job);
}

int job_signal(struct job *job, int sig) {
    int stopped = job_stopped(job), result = 0;

    /* Without job control it has no group of its own. */
    if (shell.job_control)
        result = kill(-job->group, sig);
    for (struct process *process = job->processes; process; process = process->next) {
        if (!shell.job_control && !process->ended)
            result = kill(process->pid, sig);
    }
    note_wake(job, sig);
    if (stopped && (sig == SIGTERM || sig == SIGHUP))
        job_continue(job);
    return result;
}

void job_continue(struct job *job) {
    job_signal(job, SIGCONT);
}

/* The job that an argument of fg or bg means, if it can go on. */
static struct job *find_resumable(const char *spec, const char *who) {
    struct job *job;

    if (!shell.job_control) {
        shell_error("%s: no job control", who);
        return NULL;
    }
    jobs_reap_all();
    job = job_find(spec, who);
    if (job && job_has_ended(job)) {
        shell_error("%s: %s: the job has ended", who, spec);
        return NULL;
    }
    return job;
}

int builtin_fg(int argc, char **argv) {
    struct job *job = find_resumable(argc > 1 ? argv[1] : "%+", "fg");

    if (!job)
        return 1;
    out_format("%s\n", job->text);
    out_flush();
    return job_resume(job);
}

static int resume_behind(const char *spec) {
    struct job *job = find_resumable(spec, "bg");

    if (!job)
        return 1;
    job_remember(job);
    shell.last_async = job->group;
    job_continue(job);
    out_format("[%d]%c %s &\n", job->id, job_mark(job), job->text);
    return 0;
}

int builtin_bg(int argc, char **argv) {
    int status = 0;

    if (argc < 2)
        return resume_behind("%+");
    for (int i = 1; i < argc; i++)
        status |= resume_behind(argv[i]);
    return status;
}

static struct job *find_child(pid_t pid) {
    for (struct job *job = jobs; job; job = job->next) {
        if (job->mode == JOB_BACKGROUND && job->group == pid)
            return job;
    }
    return NULL;
}

/* After a wait for all of it: at a prompt the user is told of the end, which forgets it later. */
static void job_waited(struct job *job) {
    if (job_has_ended(job) && !shell.interactive)
        job_forget(job);
}

static int wait_for(const char *what) {
    struct job *job = NULL;
    long long pid;
    int status;

    if (*what == '%') {
        job = job_find(what, "wait");
    } else if (!number_parse(what, &pid)) {
        shell_error("wait: %s: not a process", what);
        return 2;
    } else {
        job = find_child(pid);
    }
    if (!job || jobs_known() != jobs)
        return 127;
    status = job_wait_interruptibly(job);
    job_waited(job);
    return status;
}

static int wait_for_all(void) {
    struct job *next;

    for (struct job *job = jobs; job; job = next) {
        int status;

        next = job->next;
        if (job->mode != JOB_BACKGROUND || (shell.job_control && job_stopped(job)))
            continue;
        status = job_wait_interruptibly(job);
        if (!job_has_ended(job) && !(shell.job_control && job_stopped(job)))
            return status;
        job_waited(job);
    }
    return 0;
}

int builtin_wait(int argc, char **argv) {
    int status = 0;

    if (argc < 2)
        return wait_for_all();
    for (int i = 1; i < argc; i++)
        status = wait_for(argv[i]);
    return status;
}

bool jobs_may_exit(void) {
    static unsigned long warned;
    bool stopped = false;

    jobs_reap_all();
    for (struct job *job = jobs; job; job = job->next)
        stopped |= job_stopped(job) != 0;
    if (!shell.interactive || !stopped || (warned && warned + 1 == shell.prompts))
        return true;
    warned = shell.prompts;
    shell_error("there are stopped jobs");
    return false;
}

void jobs_leave(void) {
    if (!shell.interactive || !shell.job_control)
        return;
    jobs_reap_all();
    for (struct job *job = jobs; job; job = job->next) {
        if (job->id && !job_has_ended(job))
            job_signal(job, SIGHUP);
    }
    terminal_release();
}
