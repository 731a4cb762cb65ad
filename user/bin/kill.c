/*
 * kill [-SIGNAL | -s SIGNAL] PID..., kill -l [NUMBER]...: sends signals to processes.
 * A negative PID is a process group.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "common/cmd.h"
#include "common/number.h"
#include "common/signal_name.h"

#define USAGE "[-SIGNAL | -s SIGNAL] PID... | -l [NUMBER]..."

static int signal_require(const char *text) {
    int number = signal_from_name(text);
    if (number < 0)
        cmd_die("unknown signal: '%s'", text);
    return number;
}

/* kill -l: all names, or those of numbers, which may be exit statuses of killed programs. */
static void names_print(char **numbers) {
    if (*numbers == NULL) {
        for (int i = 1; signal_to_name(i); i++)
            printf("%2d %-6s%s", i, signal_to_name(i), i % 8 == 0 ? "\n" : " ");
        putchar('\n');
    }
    for (; *numbers; numbers++) {
        long long number;
        if (!number_parse(*numbers, &number)) {
            printf("%d\n", signal_require(*numbers));
            continue;
        }
        const char *name = signal_to_name((int)(number > 128 ? number - 128 : number));
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
        signal = signal_require(argv[i + 1]);
        i += 2;
    } else if (i < argc && argv[i][0] == '-' && strcmp(argv[i], "--") != 0) {
        signal = signal_require(argv[i] + 1);
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
