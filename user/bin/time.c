/* time [-p] COMMAND [WORD]...: runs the command and says how long it took. */
#include <stdbool.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/spawn.h"

static void span_print(const char *name, long long microseconds, bool plain) {
    long long seconds = microseconds / 1000000;
    if (plain)
        fprintf(stderr, "%s %lld.%02lld\n", name, seconds, microseconds % 1000000 / 10000);
    else
        fprintf(stderr, "%s\t%lldm%lld.%03llds\n", name, seconds / 60, seconds % 60,
                microseconds % 1000000 / 1000);
}

static long long timeval_microseconds(const struct timeval *time) {
    return time->tv_sec * 1000000ll + time->tv_usec;
}

int main(int argc, char **argv) {
    bool plain = false;
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "+p")) != -1) {
        if (option != 'p')
            cmd_usage("[-p] COMMAND [WORD]...");
        plain = true;
    }
    if (optind == argc)
        cmd_usage("[-p] COMMAND [WORD]...");

    struct timespec begin, end;
    struct rusage usage = { 0 };
    clock_gettime(CLOCK_MONOTONIC, &begin);
    int status = spawn_wait(argv + optind, &usage);
    clock_gettime(CLOCK_MONOTONIC, &end);
    if (status < 0)
        return 1;
    long long real = (end.tv_sec - begin.tv_sec) * 1000000ll +
                     (end.tv_nsec - begin.tv_nsec) / 1000;
    span_print("real", real, plain);
    span_print("user", timeval_microseconds(&usage.ru_utime), plain);
    span_print("sys", timeval_microseconds(&usage.ru_stime), plain);
    return wait_status_code(status);
}
