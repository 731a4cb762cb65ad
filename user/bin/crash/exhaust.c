/* crash: taking all of something. Each can be bounded by a limit on the command line. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../common/cmd.h"
#include "../common/number.h"
#include "crash.h"

static long long limit_take(void) {
    return crash_argument ? number_require(crash_argument, "limit") : LLONG_MAX;
}

void try_hog(void) {
    announce("spinning for ever: everybody else goes on, ^C ends it");
    for (;;)
        __asm__ volatile("");
}

/* A child that lives until the parent closes its end of the pipe. */
static void child_wait(const int pipes[2]) {
    char byte;
    close(pipes[1]);
    while (read(pipes[0], &byte, 1) < 0 && errno == EINTR)
        ;
    _exit(0);
}

void try_fork_limit(void) {
    long long limit = limit_take(), made = 0, reaped = 0;
    int pipes[2], error = 0;
    announce("forking until it fails: EAGAIN, and the system stays usable");
    if (pipe(pipes) < 0)
        cmd_die_errno("pipe");
    while (made < limit) {
        pid_t child = fork();
        if (child == 0)
            child_wait(pipes);
        if (child < 0) {
            error = errno;
            break;
        }
        made++;
    }
    printf("%lld children, then: %s\n", made, error ? strerror(error) : "the limit");
    fflush(stdout);
    close(pipes[1]);
    while (wait(NULL) > 0)
        reaped++;
    printf("%lld of them reaped\n", reaped);
    if (reaped != made)
        cmd_warn("some are missing");
}

void try_file_limit(void) {
    long long limit = limit_take(), opened = 0;
    int error = 0;
    announce("opening /dev/null until it fails: EMFILE");
    while (opened < limit) {
        if (open("/dev/null", O_RDONLY) < 0) {
            error = errno;
            break;
        }
        opened++;
    }
    printf("%lld descriptors, then: %s\n", opened, error ? strerror(error) : "the limit");
}

void try_memory(void) {
    const long step = 1 << 20;
    long long limit = limit_take(), taken = 0;
    announce("taking memory by brk and touching it until there is no more: ENOMEM");
    while (taken < limit) {
        char *block = sbrk(step);
        if (block == (void *)-1) {
            printf("%lld MiB, then: %s\n", taken, strerror(errno));
            return;
        }
        /* Untouched memory costs a kernel that maps lazily nothing. */
        for (long offset = 0; offset < step; offset += 4096)
            ((volatile char *)block)[offset] = 1;
        taken++;
    }
    printf("%lld MiB, then: the limit\n", taken);
}
