/* Jobs: how their processes stop and end. */
#include "job_table.h"
#include "terminal.h"
#include "trap.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

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

static void process_change(struct job *job, struct process *process, int wait_status) {
    process->stopped = WIFSTOPPED(wait_status) ? WSTOPSIG(wait_status) : 0;
    process->ended = WIFEXITED(wait_status) || WIFSIGNALED(wait_status);
    process->wait_status = wait_status;
    job->changed = job_has_ended(job) || job_stopped(job);
}

static void note_change(pid_t pid, int wait_status) {
    for (struct job *job = jobs; job; job = job->next) {
        for (struct process *process = job->processes; process; process = process->next) {
            if (!process->ended && process->pid == pid) {
                process_change(job, process, wait_status);
                return;
            }
        }
    }
}

/* Without children left, whatever the table still holds has ended elsewhere. */
static void note_all_lost(void) {
    for (struct job *job = jobs; job; job = job->next) {
        for (struct process *process = job->processes; process; process = process->next) {
            if (!process->ended)
                process_change(job, process, 127 << 8);
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

void jobs_reap_all(void) {
    while (job_reap(WNOHANG))
        ;
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

/* The foreground job has stopped: the user gets the terminal back, and a number for the job.
 * The rest of the line would run before what it follows, so it is dropped. */
static int job_suspend(struct job *job, int sig) {
    struct strbuf message = {0};

    if (job->has_terminal) {
        terminal_take_back();
        job->has_modes = terminal_modes_get(&job->modes);
        terminal_restore();
    }
    job_remember(job);
    job->changed = false;
    strbuf_add_char(&message, '\n');
    job_describe(job, false, &message);
    job_message(&message);
    strbuf_free(&message);
    if (shell.interactive)
        shell_abort(128 + sig);
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
    if (job->has_terminal)
        terminal_take_back();
    if (job->processes && !job->failed)
        wait_status = job->processes->wait_status;
    if (WIFSIGNALED(wait_status)) {
        if (job->has_terminal)
            terminal_restore();
        report_death(WTERMSIG(wait_status));
    }
    job_forget(job);
    return status_from(wait_status);
}

int job_resume(struct job *job) {
    job->mode = JOB_FOREGROUND;
    if (job->has_modes)
        terminal_modes_set(&job->modes);
    job->has_terminal = terminal_lend(job->group);
    job_continue(job);
    return job_wait(job);
}

int job_wait_interruptibly(struct job *job) {
    sigset_t all, old;
    int sig = 0;

    /* Only sigsuspend lets signals in: none can slip through between the look and the sleep. */
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &old);
    trap_watch_children(true);
    for (;;) {
        jobs_reap_all();
        if (job_has_ended(job))
            break;
        sig = shell.job_control ? job_stopped(job) : 0;
        if (!sig)
            sig = trap_arrived();
        if (sig)
            break;
        sigsuspend(&old);
    }
    trap_watch_children(false);
    sigprocmask(SIG_SETMASK, &old, NULL);
    return sig ? 128 + sig : status_from(job->processes->wait_status);
}
