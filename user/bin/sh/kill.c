/*
 * kill [-s SIGNAL | -SIGNAL] PID|%JOB..., and kill -l.  A builtin because only the shell knows its
 * jobs, and because it must work when there can be no more processes.
 */
#include "builtins.h"
#include "exec.h"
#include "job_table.h"

#include "../common/signal_name.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

/* The signal that the options ask for, -1 after a message; *NEXT is then the first target. */
static int take_signal(int argc, char **argv, int *next) {
    const char *name = NULL;
    int sig = SIGTERM;

    *next = 1;
    if (argc > 2 && strcmp(argv[1], "-s") == 0) {
        name = argv[2];
        *next = 3;
    } else if (argc > 1 && argv[1][0] == '-' && strcmp(argv[1], "--") != 0) {
        name = argv[1] + 1;
        *next = 2;
    }
    if (name)
        sig = signal_from_name(name);
    if (sig < 0)
        shell_error("kill: %s: no such signal", name);
    if (*next < argc && strcmp(argv[*next], "--") == 0)
        ++*next;
    return sig;
}

static int signal_target(const char *target, int sig) {
    struct job *job;
    long long pid;
    int result;

    if (*target == '%') {
        job = job_find(target, "kill");
        if (!job)
            return 1;
        result = job_signal(job, sig);
    } else if (number_parse(target, &pid) && pid == (pid_t)pid) {
        jobs_reap_all(); /* a child that has ended is no longer there, though nobody asked for it yet */
        result = kill(pid, sig);
    } else {
        shell_error("kill: %s: not a process or a job", target);
        return 1;
    }
    if (result < 0)
        shell_error("kill: %s: %s", target, strerror(errno));
    return result < 0;
}

int builtin_kill(int argc, char **argv) {
    int status = 0;
    int next, sig;

    if (argc > 1 && strcmp(argv[1], "-l") == 0)
        return program_run(argv); /* the list is the program's */
    sig = take_signal(argc, argv, &next);
    if (sig >= 0 && next == argc)
        shell_error("kill: usage: kill [-s signal | -signal] pid|%%job... | -l [status...]");
    if (sig < 0 || next == argc)
        return 2;
    for (; next < argc; next++)
        status |= signal_target(argv[next], sig);
    return status;
}
