/*
 * taskset [-c] HARTS COMMAND [WORD]..., taskset [-c] -p [HARTS] PID: on which harts something may run.
 * HARTS is a mask in hexadecimal, with -c a list as in 0,2-3.
 */
#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/number.h"

#define USAGE "[-c] HARTS COMMAND [WORD]... | [-c] -p [HARTS] PID"
#define HARTS 64

static unsigned long parse_list(const char *text) {
    unsigned long mask = 0;
    char *end;
    for (;; text = end + 1) {
        unsigned long first = strtoul(text, &end, 10), last = first;
        if (end != text && *end == '-') {
            const char *number = end + 1;
            last = strtoul(number, &end, 10);
            text = end == number ? end : text;
        }
        if (end == text || first > last || last >= HARTS || (*end && *end != ','))
            cmd_die("not a list of harts");
        for (; first <= last; first++)
            mask |= 1ul << first;
        if (!*end)
            return mask;
    }
}

static unsigned long parse_mask(const char *text) {
    char *end;
    unsigned long mask = strtoul(text, &end, 16);
    if (end == text || *end)
        cmd_die("'%s' is not a mask", text);
    return mask;
}

static void set(pid_t pid, unsigned long mask) {
    cpu_set_t set;
    CPU_ZERO(&set);
    set.bits[0] = mask;
    if (sched_setaffinity(pid, sizeof(set), &set) < 0)
        cmd_die_errno("cannot set the harts of %d", (int)pid);
}

/* A list puts ranges together. */
static void show_list(unsigned long mask) {
    const char *comma = "";
    for (int i = 0; i < HARTS; i++) {
        int first = i;
        if (!(mask >> i & 1))
            continue;
        while (i + 1 < HARTS && mask >> (i + 1) & 1)
            i++;
        printf(first == i ? "%s%d" : "%s%d-%d", comma, first, i);
        comma = ",";
    }
    putchar('\n');
}

static void show(pid_t pid, bool list) {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(pid, sizeof(set), &set) < 0)
        cmd_die_errno("%d", (int)pid);
    if (list)
        show_list(set.bits[0]);
    else
        printf("%lx\n", set.bits[0]);
}

int main(int argc, char **argv) {
    bool list = false, process = false;
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "+cp")) != -1) {
        if (option == '?')
            cmd_usage(USAGE);
        list |= option == 'c';
        process |= option == 'p';
    }
    int words = argc - optind;
    if (words < (process ? 1 : 2) || (process && words > 2))
        cmd_usage(USAGE);
    pid_t pid = process ? (pid_t)number_require(argv[argc - 1], "process") : 0;
    if (!process || words == 2)
        set(pid, list ? parse_list(argv[optind]) : parse_mask(argv[optind]));
    if (process) {
        show(pid, list);
        return cmd_end(0);
    }
    execvp(argv[optind + 1], argv + optind + 1);
    int status = errno == ENOENT ? 127 : 126;
    cmd_warn_errno("%s", argv[optind + 1]);
    return status;
}
