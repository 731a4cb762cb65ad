/*
 * System calls whose memory fails, on a kernel with DEBUG_HEAP=1: nomemory [ROUNDS].
 *
 * Each call is made again and again, with each fourth of its allocations failing, each sixth, ..., until
 * none does any more. It may fail for want of memory, and leave nothing behind. What it keeps is for
 * who runs this to see: /proc/heapinfo names who allocated it, and that grows with ROUNDS.
 */
#include "calls.h"
#include "../common/check.h"

#include <abi/klog.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define FIRST         4         /* a block of metadata takes 3: with less who needs one waits for seconds */
#define MOST          2000      /* more than any of the calls allocates */
#define BALLAST       (1 << 20) /* bytes */
#define NOTHING_WRONG 200       /* no error has this number */

static int fails_fd;

static long fails_set(unsigned every) {
    char line[16];
    size_t size = (size_t)snprintf(line, sizeof(line), "%x", every);

    return syscall(SYS_write, fails_fd, line, size);
}

/* How many allocations have failed; and none does from now on. */
static unsigned fails_end(void) {
    char answer[16] = "";

    while (fails_set(0) < 0)
        ;
    syscall(SYS_pread64, fails_fd, answer, sizeof(answer) - 1, 0);
    return (unsigned)strtoul(answer, NULL, 10);
}

/* One try: was there an allocation that failed? *error: the call's, or 0. */
static bool try(const struct call *call, unsigned every, int *error) {
    fails_set(every);
    *error = call->make() < 0 ? errno : 0;
    return fails_end() > 0;
}

/* The same in a child, which the kernel kills if it finds no memory for a page of the child's. The child
 * holds most then: else it kills somebody else. */
static bool try_in_child(const struct call *call, unsigned every, int *error) {
    static volatile char ballast[BALLAST];
    int status = 0;
    pid_t pid = fork();

    if (pid == 0) {
        memset((void *)ballast, 1, sizeof(ballast));
        bool failed = try(call, every, error);
        _exit(*error ? *error : failed ? NOTHING_WRONG : 0);
    }
    waitpid(pid, &status, 0);
    *error = WIFSIGNALED(status) ? ENOMEM : WEXITSTATUS(status) % NOTHING_WRONG;
    return status != 0;
}

/* From failing always to failing never: NULL, or what was wrong. */
static const char *run_steps(const struct call *call) {
    static char wrong[80];
    int error;

    for (unsigned every = FIRST; every < MOST; every += 1 + every / 20 * 6) {
        if (call->before)
            call->before();
        bool failed = (call->in_child ? try_in_child : try)(call, every, &error);
        if (call->after)
            call->after();
        if (error && (!failed || (error != ENOMEM && error != EAGAIN))) {
            snprintf(wrong, sizeof(wrong), "%s, every allocation of %u failing", strerror(error), every);
            return wrong;
        }
        if (!failed)
            return NULL;
    }
    return "it always fails";
}

static void run_calls(const struct call *call, int rounds) {
    for (; call->name; call++) {
        const char *wrong = NULL;
        for (int round = 0; round < rounds && !wrong; round++)
            wrong = run_steps(call);
        check(call->name, !wrong, wrong);
    }
}

int main(int argc, char *argv[]) {
    int rounds = argc > 1 ? atoi(argv[1]) : 1;

    fails_fd = open("/proc/alloc_fails", O_RDWR);
    if (fails_fd < 0) {
        perror("/proc/alloc_fails");
        return 2;
    }
    klogctl(SYSLOG_ACTION_CONSOLE_OFF, NULL, 0);
    mkdir(PLACE, 0777);
    if (chdir(PLACE) != 0)
        return 2;
    files_prepare();
    processes_prepare();
    run_calls(file_calls, rounds);
    run_calls(process_calls, rounds);
    files_end();
    klogctl(SYSLOG_ACTION_CONSOLE_ON, NULL, 0);
    return check_done();
}
