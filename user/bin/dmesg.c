/* dmesg [-c] [-n LEVEL]: what the kernel has logged. -c forgets it then, -n sets what goes to the console. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/klog.h>
#include <unistd.h>

#include "common/cmd.h"

#define USAGE "[-c] [-n LEVEL]"

/* Prints the lines without the "<PRIORITY>" that each begins with. */
static void print(const char *text, size_t size) {
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '<' && (i == 0 || text[i - 1] == '\n'))
            while (i < size && text[i++] != '>')
                continue;
        if (i < size)
            putchar(text[i]);
    }
}

static int show(int action) {
    int room = klogctl(SYSLOG_ACTION_SIZE_BUFFER, NULL, 0);
    if (room < 0)
        cmd_die_errno("cannot ask the kernel");
    char *text = cmd_alloc(room);
    int size = klogctl(action, text, room);
    if (size < 0)
        cmd_die_errno("cannot read the log");
    print(text, size);
    free(text);
    return cmd_end(0);
}

int main(int argc, char **argv) {
    int action = SYSLOG_ACTION_READ_ALL, option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "cn:")) != -1) {
        if (option == 'c') {
            action = SYSLOG_ACTION_READ_CLEAR;
        } else if (option == 'n') {
            if (klogctl(SYSLOG_ACTION_CONSOLE_LEVEL, NULL, atoi(optarg)) < 0)
                cmd_die_errno("%s", optarg);
            return cmd_end(0);
        } else {
            cmd_usage(USAGE);
        }
    }
    if (optind < argc)
        cmd_usage(USAGE);
    return show(action);
}
