/*
 * Processes: fork, wait, exit codes, orphans, groups and sessions, and thousands of them.
 */
#include "common/check.h"
#include "common/child.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CLONE_AS_FORK SIGCHLD

static int return_code(void *code) {
    return (int)(long)code;
}

static int sleep_long(void *unused) {
    (void)unused;
    sleep(1000);
    return 0;
}

static void test_exit_codes(void) {
    static const int codes[] = { 0, 1, 42, 127, 128, 255, 256, 511, -1 };
    bool right = true;

    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
        right &= exited_with(child_run(return_code, (void *)(long)codes[i]), codes[i] & 255);
    CHECK("exit codes are their low 8 bits", right);
}

/* Children that nobody waits for leave no zombies. */
static int without_zombies(void *how) {
    struct sigaction action = { .sa_handler = how ? SIG_DFL : SIG_IGN,
                                .sa_flags = how ? SA_NOCLDWAIT : 0 };
    int status;

    if (sigaction(SIGCHLD, &action, NULL) != 0)
        return 1;
    for (int i = 0; i < 3; i++)
        child_start(return_code, (void *)3);
    return wait(&status) == -1 && errno == ECHILD ? 0 : 2;
}

static void test_no_zombies(void) {
    CHECK("SIGCHLD ignored: wait ends with ECHILD",
          exited_with(child_run(without_zombies, NULL), 0));
    CHECK("SA_NOCLDWAIT: wait ends with ECHILD",
          exited_with(child_run(without_zombies, (void *)1), 0));
}

static void test_wait(void) {
    int status = 77;
    pid_t first = child_start(sleep_long, NULL), second;

    CHECK("WNOHANG while the child lives", waitpid(first, &status, WNOHANG) == 0);
    second = child_start(return_code, (void *)5);
    CHECK("wait for any child", wait(&status) == second && exited_with(status, 5));
    errno = 0;
    CHECK("wait for a stranger", waitpid(1, &status, 0) == -1 && errno == ECHILD);
    errno = 0;
    CHECK("wait with bad options", waitpid(first, &status, 0x4000) == -1 && errno == EINVAL);
    errno = 0;
    CHECK("wait for an empty group",
          waitpid(-first, &status, WNOHANG) == -1 && errno == ECHILD);
    setpgid(first, first);
    CHECK("wait for a group", waitpid(-first, &status, WNOHANG) == 0);
    kill(first, SIGKILL);
    CHECK("the group's member", waitpid(-first, &status, 0) == first && died_of(status, SIGKILL));
    errno = 0;
    CHECK("no child is left", wait(&status) == -1 && errno == ECHILD);
}

static void test_zombie(void) {
    pid_t pid = child_start(return_code, NULL);
    int status;

    usleep(20000);
    CHECK("a zombie still has its pid", kill(pid, 0) == 0);
    CHECK("a zombie waits", waitpid(pid, &status, 0) == pid);
    errno = 0;
    CHECK("reaped, the pid is gone", kill(pid, 0) == -1 && errno == ESRCH);
}

static int spin(void *ms) {
    struct timespec now;

    do
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    while (now.tv_sec == 0 && now.tv_nsec < (long)ms * 1000000);
    return 0;
}

static void test_rusage(void) {
    struct rusage usage, total;
    int status;
    pid_t pid = child_start(spin, (void *)50);

    memset(&usage, 0xee, sizeof(usage));
    CHECK("wait4", wait4(pid, &status, 0, &usage) == pid);
    CHECK("a child's time", usage.ru_utime.tv_sec * 1000000 + usage.ru_utime.tv_usec +
                                    usage.ru_stime.tv_usec >= 45000);
    CHECK("all children's time", getrusage(RUSAGE_CHILDREN, &total) == 0 &&
          (total.ru_utime.tv_sec > usage.ru_utime.tv_sec ||
           total.ru_utime.tv_usec >= usage.ru_utime.tv_usec));
}

static int touch_pages(void *pages) {
    char *at = mmap(NULL, (long)pages * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                    -1, 0);

    for (long i = 0; i < (long)pages; i++)
        at[i * 4096] = 1;
    return 0;
}

static void test_fault_counts(void) {
    struct rusage before, after, child;
    int status;

    getrusage(RUSAGE_SELF, &before);
    getrusage(RUSAGE_SELF, &after);     /* its page is ours now */
    getrusage(RUSAGE_SELF, &before);
    touch_pages((void *)100);
    getrusage(RUSAGE_SELF, &after);
    CHECK("a fault for each fresh page", after.ru_minflt - before.ru_minflt == 100 &&
                                             after.ru_majflt == before.ru_majflt);
    pid_t pid = child_start(touch_pages, (void *)1000);
    wait4(pid, &status, 0, &child);
    CHECK("a child's faults", child.ru_minflt >= 1000 && child.ru_minflt < 1100);
    getrusage(RUSAGE_CHILDREN, &after);
    CHECK("all children's faults", after.ru_minflt >= child.ru_minflt);
    getrusage(RUSAGE_SELF, &after);
    CHECK("are not the parent's", after.ru_minflt - before.ru_minflt < 200);
}

/* Writes the parent's pid when it has become 1. */
static int orphan(void *fd) {
    for (int i = 0; i < 5000 && getppid() != 1; i++)
        usleep(1000);
    pid_t parent = getppid();
    write((int)(long)fd, &parent, sizeof(parent));
    return 0;
}

static int leave_orphan(void *fd) {
    child_start(orphan, fd);
    return 0;
}

static void test_orphan(void) {
    int fds[2];
    pid_t parent = 0;

    pipe(fds);
    CHECK("parent of an orphan", exited_with(child_run(leave_orphan, (void *)(long)fds[1]), 0));
    CHECK("an orphan's parent is 1",
          read(fds[0], &parent, sizeof(parent)) == sizeof(parent) && parent == 1);
    close(fds[0]);
    close(fds[1]);
}

static int own_session(void *unused) {
    (void)unused;
    if (setsid() != getpid() || getsid(0) != getpid() || getpgid(0) != getpid())
        return 1;
    if (setsid() != -1 || errno != EPERM)
        return 2;
    if (setpgid(0, 0) != -1 || errno != EPERM)      /* a session's leader stays */
        return 3;
    return 0;
}

static int lead_and_setsid(void *unused) {
    (void)unused;
    return setpgid(0, 0) == 0 && setsid() == -1 && errno == EPERM ? 0 : 1;
}

static int execute_sleeper(void *unused) {
    (void)unused;
    execl(own_path(), "process", "--sleep", (char *)NULL);
    return 99;
}

static bool refused(int result, int expected) {
    return result == -1 && errno == expected;
}

/* Tells the pid of a child that is dead and not waited for, and ends. */
static int leave_zombie(void *fd) {
    pid_t pid = child_start(return_code, NULL);
    siginfo_t info;

    waitid(P_PID, pid, &info, WEXITED | WNOWAIT);
    return write((int)(long)fd, &pid, sizeof(pid)) == sizeof(pid) ? 0 : 1;
}

static void test_orphaned_zombie(void) {
    int fds[2];
    pid_t pid = 0;

    pipe(fds);
    CHECK("parent of a zombie", exited_with(child_run(leave_zombie, (void *)(long)fds[1]), 0));
    read(fds[0], &pid, sizeof(pid));
    for (int i = 0; i < 500 && kill(pid, 0) == 0; i++)
        usleep(10000);
    CHECK("the first process waits for it", pid > 0 && kill(pid, 0) == -1 && errno == ESRCH);
    close(fds[0]);
    close(fds[1]);
}

static void test_groups(void) {
    pid_t child = child_start(sleep_long, NULL), stranger, executed;

    CHECK("a child is in our group", getpgid(child) == getpgrp() && getsid(child) == getsid(0));
    CHECK("setpgid of a child", setpgid(child, 0) == 0 && getpgid(child) == child);
    CHECK("setpgid back", setpgid(child, getpgrp()) == 0 && getpgid(child) == getpgrp());
    CHECK("setpgid to no group", refused(setpgid(child, 999999), EPERM));
    CHECK("setpgid of a stranger", refused(setpgid(1, 0), ESRCH));
    CHECK("setpgid of nobody", refused(setpgid(3999999, 0), ESRCH));
    CHECK("setpgid to a negative group", refused(setpgid(child, -5), EINVAL));
    CHECK("getpgid of nobody", refused(getpgid(3999999), ESRCH));
    stranger = child_start(own_session, NULL);
    CHECK("setsid", exited_with(child_wait(stranger), 0));
    CHECK("setsid of a group's leader", exited_with(child_run(lead_and_setsid, NULL), 0));
    executed = child_start(execute_sleeper, NULL);
    usleep(300000);
    CHECK("setpgid after exec", refused(setpgid(executed, executed), EACCES));
    kill(child, SIGKILL);
    kill(executed, SIGKILL);
    child_wait(child);
    CHECK("the executed child", died_of(child_wait(executed), SIGKILL));
}

static long clone_call(unsigned long flags, void *parent_tid, void *child_tid) {
    return syscall(SYS_clone, flags, 0ul, parent_tid, 0ul, child_tid);
}

static void test_clone(void) {
    static volatile int tid, parent_tid;
    long pid;

    pid = clone_call(CLONE_CHILD_SETTID | CLONE_PARENT_SETTID | CLONE_AS_FORK,
                     (void *)&parent_tid, (void *)&tid);
    if (pid == 0)
        _exit(tid == getpid() ? 0 : 1);
    CHECK("clone sets the child's tid", exited_with(child_wait(pid), 0));
    CHECK("clone sets the parent's copy", parent_tid == pid && tid == 0);
    CHECK("sched_yield", sched_yield() == 0 && getppid() > 0 && gettid() == getpid());
}

static int gate[2];

/* Exits when the gate is open, that is, when nobody can write to it. */
static int pass_gate(void *code) {
    char c;

    close(gate[1]);
    return read(gate[0], &c, 1) == 0 ? (int)(long)code : 250;
}

/* All alive at once, then all dead. */
static bool crowd(int count) {
    pid_t *pids = malloc(count * sizeof(*pids));
    bool good = pipe(gate) == 0;

    for (int i = 0; i < count; i++) {
        pids[i] = child_start(pass_gate, (void *)(long)(i % 200));
        for (int j = 0; j < i; j++)
            good &= pids[j] != pids[i];
    }
    close(gate[1]);
    for (int i = count - 1; i >= 0; i--)
        good &= exited_with(child_wait(pids[i]), i % 200);
    close(gate[0]);
    free(pids);
    return good;
}

static bool one_by_one(int count) {
    bool good = true;

    for (int i = 0; i < count; i++)
        good &= exited_with(child_run(return_code, (void *)(long)(i & 127)), i & 127);
    return good;
}

static void test_many(void) {
    long before;

    CHECK("100 at once", crowd(100));
    CHECK("warming up", one_by_one(200));
    before = memory_free();
    CHECK("2000 one by one", one_by_one(2000));
    for (int i = 0; i < 5; i++)
        CHECK("100 at once again", crowd(100));
    CHECK("memory is back", memory_is_back(before, 16 * 4096));
}

int main(int argc, char *argv[]) {
    if (argc > 1 && strcmp(argv[1], "--sleep") == 0)
        return sleep_long(NULL);
    test_exit_codes();
    test_wait();
    test_zombie();
    test_no_zombies();
    test_rusage();
    test_fault_counts();
    test_orphan();
    test_orphaned_zombie();
    test_groups();
    test_clone();
    test_many();
    return check_done();
}
