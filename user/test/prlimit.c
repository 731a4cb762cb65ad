/*
 * Limits that are set from outside or bite by themselves: CPU time, the stack, those of other
 * processes; and priorities, which have a limit too.
 */
#include "common/check.h"
#include "common/child.h"
#include "common/stack.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static bool limit_set(int which, rlim_t soft, rlim_t hard) {
    struct rlimit r = { soft, hard };

    return setrlimit(which, &r) == 0;
}

static int prlimit_of(pid_t pid, int which, const struct rlimit *new, struct rlimit *old) {
    return syscall(SYS_prlimit64, pid, which, new, old);
}

static void check_child(const char *name, int (*body)(void *), void *arg) {
    int status = child_run(body, arg);
    char why[40];

    snprintf(why, sizeof(why), "status 0x%x", status);
    check(name, exited_with(status, 0), why);
}

/* --- CPU time --- */

static volatile sig_atomic_t warnings;
static void warned(int signal) { (void)signal; warnings++; }

static void burn(void) {
    volatile unsigned n = 0;

    for (;;)
        n++;
}

static int burn_unlimited(void *unused) {
    (void)unused;
    if (!limit_set(RLIMIT_CPU, 1, RLIM_INFINITY))
        return 1;
    burn();
    return 2;
}

static int burn_to_the_end(void *unused) {
    (void)unused;
    signal(SIGXCPU, warned);
    if (!limit_set(RLIMIT_CPU, 1, 2))
        return 1;
    while (!warnings)
        ;
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    if (used.tv_sec != 1)
        _exit(3);
    burn();
    return 2;
}

static int sleep_on(void *unused) {
    (void)unused;
    if (!limit_set(RLIMIT_CPU, 1, 1))
        return 1;
    usleep(1500000);
    return 0;
}

static void test_cpu_time(void) {
    CHECK("beyond the soft limit: SIGXCPU", died_of(child_run(burn_unlimited, NULL), SIGXCPU));
    CHECK("beyond the hard one: SIGKILL", died_of(child_run(burn_to_the_end, NULL), SIGKILL));
    check_child("sleeping uses none", sleep_on, NULL);
}

/* --- the stack --- */

static int use_stack(void *pages) {
    stack_use((long)pages * 4096);
    return 0;
}

static int use_small_stack(void *pages) {
    if (!limit_set(RLIMIT_STACK, 256 << 10, RLIM_INFINITY))
        return 1;
    return use_stack(pages);
}

static void test_stack(void) {
    check_child("a stack of 2 MiB", use_stack, (void *)500);
    check_child("a limited one within its limit", use_small_stack, (void *)30);
    CHECK("and beyond", died_of(child_run(use_small_stack, (void *)100), SIGSEGV));
}

/* --- memory --- */

static int map_data(void *unused) {
    (void)unused;
    if (!limit_set(RLIMIT_DATA, 1 << 20, RLIM_INFINITY))
        return 1;
    if (mmap(NULL, 2 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
            MAP_FAILED ||
        errno != ENOMEM)
        return 2;
    if (mmap(NULL, 2 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ||
        mmap(NULL, 2 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0) ==
            MAP_FAILED)
        return 3;
    return mmap(NULL, 64 << 10, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
                   MAP_FAILED
               ? 4
               : 0;
}

static int exec_too_large(void *unused) {
    char *argv[] = { "true", NULL };

    (void)unused;
    if (!limit_set(RLIMIT_AS, 8192, RLIM_INFINITY))
        return 1;
    return execv("/bin/true", argv) == -1 && errno == ENOMEM ? 0 : 2;
}

static void test_memory(void) {
    check_child("data is what is private and writable", map_data, NULL);
    check_child("a program larger than the address space", exec_too_large, NULL);
}

static int end_with_core(void *unused) {
    (void)unused;
    return limit_set(RLIMIT_CORE, RLIM_INFINITY, RLIM_INFINITY) ? raise(SIGQUIT) : 1;
}

static void test_core(void) {
    struct rlimit r;
    int status = child_run(end_with_core, NULL);

    CHECK("the limit of core files is 0", getrlimit(RLIMIT_CORE, &r) == 0 && r.rlim_cur == 0);
    CHECK("and nobody is told that there is one", died_of(status, SIGQUIT) && !WCOREDUMP(status));
}

/* --- other processes --- */

static int sleep_long(void *unused) {
    (void)unused;
    sleep(1000);
    return 0;
}

static int sleep_as_user(void *unused) {
    if (setuid(1000) != 0)
        return 1;
    return sleep_long(unused);
}

static int limit_as_user(void *pid) {
    struct rlimit old, lower = { 10, 20 }, higher = { 10, 1 << 21 };

    if (setuid(1000) != 0)
        return 1;
    if (prlimit_of(1, RLIMIT_NOFILE, NULL, &old) != -1 || errno != EPERM)
        return 2;
    if (prlimit_of((long)pid, RLIMIT_NOFILE, &lower, &old) != 0)
        return 3;
    if (prlimit_of((long)pid, RLIMIT_NOFILE, &higher, NULL) != -1 || errno != EPERM)
        return 4;
    return prlimit_of((long)pid, RLIMIT_NOFILE, NULL, &old) == 0 && old.rlim_cur == 10 ? 0 : 5;
}

static int burn_as_asked(void *unused) {
    (void)unused;
    burn();
    return 0;
}

static void test_others(void) {
    struct rlimit r = { 5, 7 }, old;
    pid_t child = child_start(sleep_long, NULL), burner = child_start(burn_as_asked, NULL), mine;

    CHECK("another's limit is set",
          prlimit_of(child, RLIMIT_NOFILE, &r, &old) == 0 && old.rlim_cur == 1024);
    CHECK("and read", prlimit_of(child, RLIMIT_NOFILE, NULL, &old) == 0 && old.rlim_cur == 5 &&
                          old.rlim_max == 7);
    CHECK("one's own stays", getrlimit(RLIMIT_NOFILE, &old) == 0 && old.rlim_cur == 1024);
    r = (struct rlimit){ 1, 1 };
    CHECK("a limit on what runs",
          prlimit_of(burner, RLIMIT_CPU, &r, NULL) == 0 && died_of(child_wait(burner), SIGKILL));
    mine = child_start(sleep_as_user, NULL);
    usleep(100000);
    check_child("a user limits his own, and lowers only", limit_as_user, (void *)(long)mine);
    kill(mine, SIGKILL);
    child_wait(mine);
    kill(child, SIGKILL);
    child_wait(child);
    CHECK("nobody", prlimit_of(child, RLIMIT_NOFILE, NULL, &old) == -1 && errno == ESRCH);
    CHECK("no such limit", prlimit_of(0, 16, NULL, &old) == -1 && errno == EINVAL);
    CHECK("a bad address", prlimit_of(0, 0, (void *)8, NULL) == -1 && errno == EFAULT &&
                               prlimit_of(0, 0, NULL, (void *)8) == -1 && errno == EFAULT);
}

/* --- priorities --- */

static int nice_of_child(void *unused) {
    (void)unused;
    return getpriority(PRIO_PROCESS, 0) == 5 ? 0 : 1;
}

static int nice_as_root(void *unused) {
    (void)unused;
    if (getpriority(PRIO_PROCESS, 0) != 0 || setpriority(PRIO_PROCESS, 0, 5) != 0)
        return 1;
    if (getpriority(PRIO_PROCESS, getpid()) != 5 || !exited_with(child_run(nice_of_child, NULL), 0))
        return 2;
    if (setpriority(PRIO_PROCESS, 0, -100) != 0 || getpriority(PRIO_PROCESS, 0) != -20)
        return 3;
    if (setpriority(PRIO_PROCESS, 0, 100) != 0 || getpriority(PRIO_PROCESS, 0) != 19)
        return 4;
    return nice(-20) == -1 && getpriority(PRIO_PROCESS, 0) == -1 ? 0 : 5;
}

static int nice_as_user(void *other) {
    if (!limit_set(RLIMIT_NICE, 18, 18) || setuid(1000) != 0)
        return 1;
    if (setpriority(PRIO_PROCESS, (long)other, 5) != -1 || errno != EPERM)
        return 2;
    if (setpriority(PRIO_PROCESS, 0, 10) != 0)
        return 3;
    if (setpriority(PRIO_PROCESS, 0, 1) != -1 || errno != EACCES ||
        getpriority(PRIO_PROCESS, 0) != 10)
        return 4;
    return setpriority(PRIO_PROCESS, 0, 2) == 0 ? 0 : 5;
}

static int nice_in_group(void *unused) {
    pid_t child;

    (void)unused;
    setpgid(0, 0);
    child = child_start(sleep_long, NULL);
    bool set = setpriority(PRIO_PGRP, 0, 3) == 0 && getpriority(PRIO_PROCESS, child) == 3 &&
               getpriority(PRIO_PROCESS, 0) == 3 && setpriority(PRIO_PROCESS, child, 1) == 0 &&
               getpriority(PRIO_PGRP, getpgrp()) == 1;
    kill(child, SIGKILL);
    child_wait(child);
    return set ? 0 : 1;
}

static int nice_of_user(void *unused) {
    pid_t child = child_start(sleep_as_user, unused);

    usleep(100000);
    bool set = setpriority(PRIO_USER, 1000, 4) == 0 && getpriority(PRIO_PROCESS, child) == 4 &&
               getpriority(PRIO_USER, 1000) == 4 && getpriority(PRIO_PROCESS, 0) == 0;
    kill(child, SIGKILL);
    child_wait(child);
    return set ? 0 : 1;
}

static void test_priorities(void) {
    check_child("root may all, within the range", nice_as_root, NULL);
    check_child("others only what RLIMIT_NICE lets them", nice_as_user, (void *)1l);
    check_child("of a group", nice_in_group, NULL);
    check_child("of a user", nice_of_user, NULL);
    errno = 0;
    CHECK("nobody's", getpriority(PRIO_PROCESS, 4000000) == -1 && errno == ESRCH &&
                          setpriority(PRIO_PROCESS, 4000000, 0) == -1 && errno == ESRCH);
    CHECK("of no such kind", getpriority(3, 0) == -1 && errno == EINVAL &&
                                 setpriority(-1, 0, 0) == -1 && errno == EINVAL);
}

int main(void) {
    test_cpu_time();
    test_stack();
    test_memory();
    test_core();
    test_others();
    test_priorities();
    return check_done();
}
