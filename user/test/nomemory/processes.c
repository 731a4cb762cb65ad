/*
 * Calls on memory, time, signals and processes.
 */
#include "calls.h"

#include <abi/futex.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

static void *mapped;
static int ends[2];

CALL(call_brk, SYS_brk, (char *)sbrk(0) + 20 * PAGE)
CALL(call_mprotect, SYS_mprotect, (char *)mapped + 3 * PAGE, PAGE, PROT_READ)
CALL(call_munmap, SYS_munmap, (char *)mapped + 3 * PAGE, PAGE)
CALL(call_mremap, SYS_mremap, mapped, 10 * PAGE, 300 * PAGE, MREMAP_MAYMOVE)
CALL(call_populate, SYS_madvise, mapped, 10 * PAGE, 3 /* MADV_WILLNEED */)
CALL(call_mlock, SYS_mlock, mapped, 10 * PAGE)
CALL(call_msync, SYS_msync, mapped, 10 * PAGE, MS_SYNC)
CALL(call_setuid, SYS_setresuid, 0, 0, 0)
CALL(call_setsid, SYS_setpgid, 0, 0)

static long call_setgroups(void) {
    uint32_t groups[40] = { 0 };

    return syscall(SYS_setgroups, 40, groups);
}

static long call_map(void) {
    mapped = (void *)syscall(SYS_mmap, NULL, 40 * PAGE, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    return mapped == MAP_FAILED ? -1 : 0;
}

static long call_map_file(void) {
    mapped = (void *)syscall(SYS_mmap, NULL, 60 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
                             big, 0);
    return mapped == MAP_FAILED ? -1 : 0;
}

static long call_poll(void) {
    static struct pollfd fds[200];
    struct timespec none = { 0, 0 };

    for (int i = 0; i < 200; i++)
        fds[i] = (struct pollfd){ ends[0], POLLIN, 0 };
    return syscall(SYS_ppoll, fds, 200, &none, NULL, 8);
}

static long call_select(void) {
    static uint64_t set[16];
    struct timespec soon = { 0, 1000 };

    memset(set, 0, sizeof(set));
    set[0] = 1ul << ends[0];
    return syscall(SYS_pselect6, 1000, set, NULL, NULL, &soon, NULL);
}

static timer_t timer;

static long call_timer(void) {
    struct sigevent event = { .sigev_notify = SIGEV_NONE };

    return syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, &timer);
}

static void timer_drop(void) {
    syscall(SYS_timer_delete, timer);
}

static long call_sigqueue(void) {
    siginfo_t info = { .si_signo = SIGRTMIN, .si_code = SI_QUEUE };

    return syscall(SYS_rt_sigqueueinfo, getpid(), SIGRTMIN, &info);
}

static void signal_drop(void) {
    static const uint64_t set = 1ul << (SIGRTMIN - 1);
    static const struct timespec none = { 0, 0 };

    while (syscall(SYS_rt_sigtimedwait, &set, NULL, &none, 8) > 0)
        ;
}

static long call_nanosleep(void) {
    struct timespec soon = { 0, 1000 };

    return syscall(SYS_nanosleep, &soon, NULL);
}

static long call_futex(void) {
    struct timespec soon = { 0, 1000 };
    static int word;

    long result = syscall(SYS_futex, &word, FUTEX_WAIT, 0, &soon, NULL, 0);
    return result < 0 && errno == ETIMEDOUT ? 0 : result;
}

static long call_futex_pi(void) {
    static int word;

    long result = syscall(SYS_futex, &word, FUTEX_LOCK_PI, 0, NULL, NULL, 0);
    return result < 0 ? result : syscall(SYS_futex, &word, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0);
}

/* --- processes --- */

static long call_touch(void) {
    for (unsigned long i = 0; i < 16; i++)
        area[i * PAGE] = 2;
    char *fresh = mmap(NULL, 16 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (unsigned long i = 0; fresh != MAP_FAILED && i < 16; i++)
        fresh[i * PAGE] = 2;
    char *shared = mmap(NULL, 16 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, big, 0);
    for (unsigned long i = 0; shared != MAP_FAILED && i < 16; i++)
        shared[i * PAGE] = 2;
    return 0;
}

static long call_fork(void) {
    long pid = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

    if (pid == 0)
        syscall(SYS_exit_group, 0);
    return pid < 0 ? pid : syscall(SYS_wait4, pid, NULL, 0, NULL);
}

static long call_exec(void) {
    static char *const argv[] = { "true", "a", "b", NULL }, *const envp[] = { "A=B", NULL };

    return syscall(SYS_execve, "/bin/true", argv, envp);
}

static long call_session(void) {
    if (syscall(SYS_setsid) < 0)
        return -1;
    int master = open("/dev/ptmx", O_RDWR), number = 0, unlock = 0;
    if (master < 0 || ioctl(master, TIOCSPTLCK, &unlock) != 0 || ioctl(master, TIOCGPTN, &number) != 0)
        return -1;
    char slave[32];
    snprintf(slave, sizeof(slave), "/dev/pts/%d", number);
    int fd = open(slave, O_RDWR);
    if (fd < 0 || write(fd, "some output\n", 12) != 12)
        return -1;
    return 0;
}

static void memory_make(void) {
    mapped = mmap(NULL, 10 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void file_map(void) {
    mapped = mmap(NULL, 10 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, big, 0);
    memset(mapped, 3, 10 * PAGE);
}

static void memory_drop(void) {
    munmap(mapped, 10 * PAGE);
}

static void brk_drop(void) { syscall(SYS_brk, sbrk(0)); }

const struct call process_calls[] = {
    { "brk", call_brk, NULL, brk_drop, false },
    { "mmap", call_map, NULL, NULL, true },
    { "mmap of a file", call_map_file, NULL, NULL, true },
    { "mprotect", call_mprotect, memory_make, memory_drop, false },
    { "munmap", call_munmap, memory_make, memory_drop, false },
    { "mremap", call_mremap, memory_make, memory_drop, true },
    { "madvise", call_populate, memory_make, memory_drop, true },
    { "mlock", call_mlock, memory_make, memory_drop, true },
    { "msync", call_msync, file_map, memory_drop, true },
    { "ppoll", call_poll, NULL, NULL, false },
    { "pselect", call_select, NULL, NULL, false },
    { "timer_create", call_timer, NULL, timer_drop, false },
    { "sigqueue", call_sigqueue, NULL, signal_drop, false },
    { "nanosleep", call_nanosleep, NULL, NULL, false },
    { "futex", call_futex, NULL, NULL, false },
    { "futex_pi", call_futex_pi, NULL, NULL, false },
    { "setgroups", call_setgroups, NULL, NULL, false },
    { "setuid", call_setuid, NULL, NULL, false },
    { "setpgid", call_setsid, NULL, NULL, false },
    { "fork", call_fork, NULL, NULL, true },
    { "page faults", call_touch, NULL, NULL, true },
    { "execve", call_exec, NULL, NULL, true },
    { "setsid, terminal", call_session, NULL, NULL, true },
    { NULL, NULL, NULL, NULL, false },
};

void processes_prepare(void) {
    static const uint64_t set = 1ul << (SIGRTMIN - 1);

    syscall(SYS_rt_sigprocmask, SIG_BLOCK, &set, NULL, 8);
    pipe(ends);
    call_poll(); /* their pages must be there */
    call_select();
    call_futex();
    call_futex_pi();
}
