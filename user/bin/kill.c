/*
 * kill [-SIGNAL | -s SIGNAL] PID..., kill -l [NUMBER]...: sends signals to processes.
 * A negative PID is a process group.
 */
#include <ctype.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/cmd.h"
#include "common/number.h"

#define USAGE "[-SIGNAL | -s SIGNAL] PID... | -l [NUMBER]..."

static const struct signal_name {
    const char *name;
    int number;
} signal_names[] = {
    { "HUP", SIGHUP }, { "INT", SIGINT }, { "QUIT", SIGQUIT }, { "ILL", SIGILL },
    { "TRAP", SIGTRAP }, { "ABRT", SIGABRT }, { "BUS", SIGBUS }, { "FPE", SIGFPE },
    { "KILL", SIGKILL }, { "USR1", SIGUSR1 }, { "SEGV", SIGSEGV }, { "USR2", SIGUSR2 },
    { "PIPE", SIGPIPE }, { "ALRM", SIGALRM }, { "TERM", SIGTERM }, { "STKFLT", 16 },
    { "CHLD", SIGCHLD }, { "CONT", SIGCONT }, { "STOP", SIGSTOP }, { "TSTP", SIGTSTP },
    { "TTIN", SIGTTIN }, { "TTOU", SIGTTOU }, { "URG", SIGURG }, { "XCPU", SIGXCPU },
    { "XFSZ", SIGXFSZ }, { "VTALRM", SIGVTALRM }, { "PROF", SIGPROF }, { "WINCH", SIGWINCH },
    { "IO", SIGIO }, { "PWR", SIGPWR }, { "SYS", SIGSYS },
};

#define SIGNAL_COUNT (sizeof(signal_names) / sizeof(signal_names[0]))

/* A name with or without SIG, or a number; 0 is the signal that only checks. */
static int signal_parse(const char *text) {
    long long number;
    if (number_parse(text, &number) && number >= 0 && number <= 64)
        return (int)number;
    const char *name = strncasecmp(text, "SIG", 3) == 0 ? text + 3 : text;
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        if (strcasecmp(name, signal_names[i].name) == 0)
            return signal_names[i].number;
    }
    cmd_die("unknown signal: '%s'", text);
}

static const char *signal_name(int number) {
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        if (signal_names[i].number == number)
            return signal_names[i].name;
    }
    return NULL;
}

/* kill -l: all names, or those of numbers, which may be exit statuses of killed programs. */
static void names_print(char **numbers) {
    if (*numbers == NULL) {
        for (size_t i = 0; i < SIGNAL_COUNT; i++)
            printf("%2d %-6s%s", signal_names[i].number, signal_names[i].name,
                   i % 8 == 7 || i + 1 == SIGNAL_COUNT ? "\n" : " ");
    }
    for (; *numbers; numbers++) {
        long long number;
        if (!number_parse(*numbers, &number)) {
            printf("%d\n", signal_parse(*numbers));
            continue;
        }
        const char *name = signal_name((int)(number > 128 ? number - 128 : number));
        if (name)
            puts(name);
        else
            cmd_warn("unknown signal: '%s'", *numbers);
    }
}

int main(int argc, char **argv) {
    int signal = SIGTERM, i = 1;
    cmd_begin(argv, 1);
    /* By hand: "-9" and "-INT" are no option letters. */
    if (i < argc && strcmp(argv[i], "-l") == 0) {
        names_print(argv + 2);
        return cmd_end(cmd_status);
    }
    if (i + 1 < argc && strcmp(argv[i], "-s") == 0) {
        signal = signal_parse(argv[i + 1]);
        i += 2;
    } else if (i < argc && argv[i][0] == '-' && strcmp(argv[i], "--") != 0) {
        signal = signal_parse(argv[i] + 1);
        i++;
    }
    if (i < argc && strcmp(argv[i], "--") == 0)
        i++;
    if (i >= argc)
        cmd_usage(USAGE);
    for (; i < argc; i++) {
        long long pid = number_require(argv[i], "process");
        if (kill((pid_t)pid, signal) < 0)
            cmd_warn_errno("%s", argv[i]);
    }
    return cmd_end(cmd_status);
}
