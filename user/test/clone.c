/*
 * clone and clone3: what they refuse, vfork, limits.
 */
#include "common/check.h"
#include "common/child.h"
#include "common/thread.h"

#include <abi/sched.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- flags that clone refuses --- */

static long clone_call(unsigned long flags) {
    long result = syscall(SYS_clone, flags, 0ul, NULL, 0ul, NULL);

    if (result == 0)
        _exit(0);
    if (result > 0)
        waitpid(result, NULL, __WALL);
    return result < 0 ? -errno : 0;
}

static long clone3_call(struct clone_args args, size_t size) {
    long result = syscall(SYS_clone3, &args, size);

    if (result == 0)
        _exit(0);
    if (result > 0)
        waitpid(result, NULL, __WALL);
    return result < 0 ? -errno : 0;
}

static void test_flags(void) {
    const struct clone_args plain = { .exit_signal = SIGCHLD };
    struct clone_args args = plain;

    CHECK("a thread needs shared handlers", clone_call(CLONE_THREAD | CLONE_VM) == -EINVAL);
    CHECK("shared handlers need shared memory", clone_call(CLONE_SIGHAND | SIGCHLD) == -EINVAL);
    CHECK("no name spaces", clone_call(CLONE_NEWPID | SIGCHLD) == -EINVAL);
    CHECK("files and directory alone", clone_call(CLONE_FS | CLONE_FILES | SIGCHLD) == 0);
    CHECK("vfork", clone_call(CLONE_VFORK | SIGCHLD) == 0);
    CHECK("clone3", clone3_call(plain, sizeof(plain)) == 0);
    CHECK("clone3, the first version", clone3_call(plain, CLONE_ARGS_SIZE_VER0) == 0);
    CHECK("clone3, too small", clone3_call(plain, 56) == -EINVAL);
    CHECK("clone3, far too large", clone3_call(plain, 8192) == -E2BIG);
    args.flags = CLONE_CLEAR_SIGHAND;
    CHECK("clone3 clears handlers", clone3_call(args, sizeof(args)) == 0);
    args.flags = CLONE_CLEAR_SIGHAND | CLONE_SIGHAND | CLONE_VM;
    CHECK("not those that are shared", clone3_call(args, sizeof(args)) == -EINVAL);
    args = plain;
    args.stack = 4096;
    CHECK("a stack has a size", clone3_call(args, sizeof(args)) == -EINVAL);
    args = plain;
    args.exit_signal = 65;
    CHECK("no such signal", clone3_call(args, sizeof(args)) == -EINVAL);
    args = plain;
    args.flags = CLONE_THREAD | CLONE_SIGHAND | CLONE_VM;
    CHECK("a thread has no exit signal", clone3_call(args, sizeof(args)) == -EINVAL);
    args = plain;
    args.flags = CSIGNAL;
    CHECK("no signal among the flags", clone3_call(args, sizeof(args)) == -EINVAL);
}

static void test_exit_signal(void) {
    long child;
    int status;

    signal(SIGUSR1, SIG_IGN);
    child = syscall(SYS_clone, SIGUSR1, 0ul, NULL, 0ul, NULL);
    if (child == 0)
        _exit(3);
    errno = 0;
    CHECK("a child of another signal is not for wait",
          waitpid(child, &status, 0) == -1 && errno == ECHILD);
    CHECK("but for __WCLONE", waitpid(child, &status, __WCLONE) == child && exited_with(status, 3));
    signal(SIGUSR1, SIG_DFL);
}

/* --- vfork: the parent's memory, and it waits --- */

static void test_vfork(void) {
    static volatile int shared;
    pid_t child = syscall(SYS_clone, CLONE_VM | CLONE_VFORK | SIGCHLD, 0ul, NULL, 0ul, NULL);

    if (child == 0) {
        usleep(20000);
        shared = 1;
        _exit(0);
    }
    CHECK("the parent of a vfork waits and sees what was written", shared == 1);
    CHECK("and reaps it", exited_with(child_wait(child), 0));
    child = syscall(SYS_clone, CLONE_VFORK | SIGCHLD, 0ul, NULL, 0ul, NULL);
    if (child == 0) {
        execl(own_path(), own_path(), "slow", NULL);
        _exit(1);
    }
    CHECK("exec lets it go on", waitpid(child, NULL, WNOHANG) == 0);
    kill(child, SIGKILL);
    child_wait(child);
}

/* --- limits --- */

static int limited(void *unused) {
    struct rlimit few = { 20, 20 };
    pthread_t thread;
    int made = 0;

    (void)unused;
    if (setuid(3001) != 0 || setrlimit(RLIMIT_NPROC, &few) != 0)
        return 1;
    while (made < 30 && pthread_create(&thread, NULL, sleep_for_ever, NULL) == 0)
        made++;
    return made == 19 ? 0 : 2;
}

int main(int argc, char *argv[]) {
    (void)argv;
    if (argc > 1)
        return sleep(1000);
    test_flags();
    test_exit_signal();
    test_vfork();
    CHECK("RLIMIT_NPROC counts threads", exited_with(child_run(limited, NULL), 0));
    return check_done();
}
