#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <strings.h>

#include "signal_name.h"

enum { LAST_SIGNAL = 64 };

static const char *const names[] = {
    [SIGHUP] = "HUP",   [SIGINT] = "INT",   [SIGQUIT] = "QUIT", [SIGILL] = "ILL",
    [SIGTRAP] = "TRAP", [SIGABRT] = "ABRT", [SIGBUS] = "BUS",   [SIGFPE] = "FPE",
    [SIGKILL] = "KILL", [SIGUSR1] = "USR1", [SIGSEGV] = "SEGV", [SIGUSR2] = "USR2",
    [SIGPIPE] = "PIPE", [SIGALRM] = "ALRM", [SIGTERM] = "TERM", [16] = "STKFLT",
    [SIGCHLD] = "CHLD", [SIGCONT] = "CONT", [SIGSTOP] = "STOP", [SIGTSTP] = "TSTP",
    [SIGTTIN] = "TTIN", [SIGTTOU] = "TTOU", [SIGURG] = "URG",   [SIGXCPU] = "XCPU",
    [SIGXFSZ] = "XFSZ", [SIGVTALRM] = "VTALRM", [SIGPROF] = "PROF", [SIGWINCH] = "WINCH",
    [SIGIO] = "IO",     [SIGPWR] = "PWR",   [SIGSYS] = "SYS",
};

static const int name_count = sizeof(names) / sizeof(names[0]);

const char *signal_to_name(int number) {
    return number > 0 && number < name_count ? names[number] : NULL;
}

int signal_from_name(const char *text) {
    char *end;
    long number = strtol(text, &end, 10);

    if (end != text)
        return *end || number < 0 || number > LAST_SIGNAL ? -1 : (int)number;
    if (strncasecmp(text, "SIG", 3) == 0)
        text += 3;
    for (int sig = 1; sig < name_count; sig++) {
        if (strcasecmp(text, names[sig]) == 0)
            return sig;
    }
    return -1;
}
