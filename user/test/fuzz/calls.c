/*
 * The table of calls: how often each is made, and what its arguments are. See calls.h.
 */
#include "calls.h"

#include <abi/syscall.h>

struct call {
    unsigned char weight;
    unsigned char kinds[6];
};

#define CALL(name, weight, ...) [SYS_##name] = { weight, { __VA_ARGS__ } }

static const struct call calls[SYS_LIMIT] = {
    /* Descriptors. */
    CALL(read, 8, FD, BUFFER, SIZE), CALL(write, 8, FD, BUFFER, SIZE),
    CALL(readv, 4, FD, IOVEC, COUNT), CALL(writev, 4, FD, IOVEC, COUNT),
    CALL(pread64, 3, FD, BUFFER, SIZE, OFFSET), CALL(pwrite64, 3, FD, BUFFER, SIZE, OFFSET),
    CALL(preadv, 2, FD, IOVEC, COUNT, OFFSET), CALL(pwritev, 2, FD, IOVEC, COUNT, OFFSET),
    CALL(preadv2, 1, FD, IOVEC, COUNT, OFFSET, ZERO, ZERO),
    CALL(pwritev2, 1, FD, IOVEC, COUNT, OFFSET, ZERO, ZERO),
    CALL(lseek, 3, FD, OFFSET, WHENCE), CALL(close, 16, FD), CALL(close_range, 1, FD, FD, ZERO),
    CALL(dup, 3, FD),
    CALL(dup3, 3, FD, FD, FD_FLAGS), CALL(fcntl, 6, FD, FCNTL, LOCK), CALL(flock, 3, FD, FLOCK),
    CALL(ioctl, 8, FD, IOCTL, IOCTL_DATA), CALL(pipe2, 5, BUFFER, FD_FLAGS),
    CALL(sendfile, 4, FD, FD, OFFSETS, SIZE),
    CALL(copy_file_range, 4, FD, OFFSETS, FD, OFFSETS, SIZE, ZERO), CALL(fsync, 1, FD), CALL(fdatasync, 1, FD),
    CALL(syncfs, 1, FD), CALL(ftruncate, 4, FD, OFFSET), CALL(fallocate, 1, FD, SMALL, OFFSET, OFFSET),
    CALL(fadvise64, 1, FD, OFFSET, OFFSET, FILE_ADVICE), CALL(getdents64, 5, FD, BUFFER, SIZE),
    CALL(ppoll, 4, POLL_FDS, COUNT, TIMESPEC, SIGSET, SET_SIZE),
    CALL(pselect6, 4, SIGNAL, FD_SET, FD_SET, FD_SET, TIMESPEC, SELECT_MASK),
    /* Names. */
    CALL(openat, 24, DIR, NAME, OPEN_FLAGS, MODE), CALL(mkdirat, 6, DIR, NAME, MODE),
    CALL(mknodat, 4, DIR, NAME, MODE, DEVICE), CALL(unlinkat, 6, DIR, NAME, UNLINK_FLAGS),
    CALL(linkat, 4, DIR, NAME, DIR, NAME, LINK_FLAGS), CALL(symlinkat, 4, NAME, DIR, NAME),
    CALL(readlinkat, 3, DIR, NAME, BUFFER, SIZE),
    CALL(renameat2, 8, DIR, NAME, DIR, NAME, RENAME_FLAGS), CALL(chdir, 4, NAME), CALL(fchdir, 3, FD),
    CALL(chroot, 1, NAME), CALL(getcwd, 2, BUFFER, SIZE), CALL(umask, 1, MODE),
    CALL(truncate, 4, NAME, OFFSET), CALL(fchmod, 2, FD, MODE), CALL(fchmodat, 2, DIR, NAME, MODE),
    CALL(fchown, 2, FD, UID, UID), CALL(fchownat, 2, DIR, NAME, UID, UID, AT_FLAGS),
    CALL(utimensat, 3, DIR, NAME, TIMESPECS, AT_FLAGS), CALL(faccessat, 1, DIR, NAME, SMALL),
    CALL(faccessat2, 1, DIR, NAME, SMALL, AT_FLAGS), CALL(fstat, 2, FD, BUFFER),
    CALL(newfstatat, 3, DIR, NAME, BUFFER, AT_FLAGS),
    CALL(statx, 3, DIR, NAME, AT_FLAGS, STATX_MASK, BUFFER), CALL(statfs, 1, NAME, BUFFER),
    CALL(fstatfs, 1, FD, BUFFER), CALL(setxattr, 1, NAME, NAME, BUFFER, SIZE),
    CALL(getxattr, 1, NAME, NAME, BUFFER, SIZE), CALL(fgetxattr, 1, FD, NAME, BUFFER, SIZE),
    CALL(mount, 3, NAME, NAME, FS_TYPE, MOUNT_FLAGS, OUT), CALL(umount2, 2, NAME), CALL(sync, 1),
    /* Memory. */
    CALL(mmap, 16, PLACE, LENGTH, PROTECTION, MAP_FLAGS, FD, PAGE_OFFSET), CALL(munmap, 5, PLACE, LENGTH),
    CALL(mprotect, 6, PLACE, LENGTH, PROTECTION),
    CALL(mremap, 6, PLACE, LENGTH, LENGTH, REMAP_FLAGS, PLACE), CALL(madvise, 5, PLACE, LENGTH, ADVICE),
    CALL(msync, 2, PLACE, LENGTH, SYNC_FLAGS), CALL(mlock, 3, PLACE, LENGTH),
    CALL(munlock, 2, PLACE, LENGTH), CALL(mlockall, 1, LOCK_ALL), CALL(munlockall, 2),
    CALL(brk, 2, PLACE), CALL(swapon, 1, SWAP_DISK, SMALL), CALL(swapoff, 1, SWAP_DISK),
    /* Processes and threads. */
    CALL(clone, 6, CLONE_FLAGS, STACK, WORD, BUFFER, WORD), CALL(clone3, 4, CLONE_ARGS, CLONE_SIZE),
    CALL(execve, 2, PROGRAM, STRINGS, STRINGS), CALL(exit, 1, SMALL), CALL(exit_group, 1, SMALL),
    CALL(wait4, 6, PID, OUT, WAIT4_FLAGS, OUT), CALL(waitid, 5, WAIT_TYPE, PID, OUT, WAIT_FLAGS, OUT),
    CALL(futex, 16, WORD, FUTEX, SMALL, TIMESPEC_OR_COUNT, WORD, SMALL),
    CALL(set_robust_list, 2, ROBUST_LIST, ROBUST_SIZE), CALL(get_robust_list, 1, PID, BUFFER, BUFFER),
    CALL(set_tid_address, 2, WORD), CALL(getpid, 1), CALL(getppid, 1), CALL(gettid, 1),
    CALL(sched_yield, 2), CALL(sched_getaffinity, 1, PID, SET_SIZE, BUFFER), CALL(setpgid, 2, PID, PID),
    CALL(getpgid, 1, PID), CALL(setsid, 1), CALL(getsid, 1, PID), CALL(prctl, 2, PRCTL, NAME),
    CALL(prlimit64, 2, PID, RESOURCE, RLIMIT, OUT), CALL(getpriority, 1, PRIORITY_OF, PID),
    CALL(setpriority, 1, PRIORITY_OF, PID, SMALL), CALL(getrusage, 1, RUSAGE, BUFFER),
    CALL(sched_setscheduler, 1, PID, SMALL, BUFFER), CALL(sched_setaffinity, 1, PID, SET_SIZE, FD_SET),
    /* Signals. */
    CALL(kill, 4, PID, SIGNAL), CALL(tkill, 3, PID, SIGNAL), CALL(tgkill, 4, PID, PID, SIGNAL),
    CALL(rt_sigqueueinfo, 3, PID, SIGNAL, INFO), CALL(rt_tgsigqueueinfo, 3, PID, PID, SIGNAL, INFO),
    CALL(rt_sigaction, 8, SIGNAL, ACTION, OUT, SET_SIZE),
    CALL(rt_sigprocmask, 5, MASK_HOW, SIGSET, OUT, SET_SIZE), CALL(rt_sigpending, 1, BUFFER, SET_SIZE),
    CALL(rt_sigsuspend, 2, SIGSET, SET_SIZE), CALL(rt_sigtimedwait, 4, SIGSET, OUT, TIMESPEC, SET_SIZE),
    CALL(sigaltstack, 3, SIGNAL_STACK, OUT), CALL(rt_sigreturn, 1),
    /* Identities. */
    CALL(setuid, 1, UID), CALL(setgid, 1, UID), CALL(setreuid, 1, UID, UID), CALL(setregid, 1, UID, UID),
    CALL(setresuid, 1, UID, UID, UID), CALL(setresgid, 1, UID, UID, UID),
    CALL(getresuid, 1, BUFFER, BUFFER, BUFFER), CALL(getresgid, 1, BUFFER, BUFFER, BUFFER),
    CALL(setgroups, 1, COUNT, IDS), CALL(getgroups, 1, COUNT, BUFFER),
    /* Time. */
    CALL(nanosleep, 3, TIMESPEC, OUT), CALL(clock_nanosleep, 3, CLOCK_ID, TIME_FLAGS, TIMESPEC, OUT),
    CALL(clock_gettime, 1, CLOCK_ID, BUFFER), CALL(clock_getres, 1, CLOCK_ID, OUT),
    CALL(gettimeofday, 1, BUFFER, OUT), CALL(times, 1, BUFFER),
    CALL(timer_create, 6, CLOCK_ID, EVENT, BUFFER), CALL(timer_settime, 4, TIMER, TIME_FLAGS, ITIMERSPEC, OUT),
    CALL(timer_gettime, 1, TIMER, BUFFER), CALL(timer_getoverrun, 1, TIMER), CALL(timer_delete, 2, TIMER),
    CALL(setitimer, 2, ITIMER, ITIMERVAL, OUT), CALL(getitimer, 1, ITIMER, BUFFER),
    /* The machine. */
    CALL(uname, 1, BUFFER), CALL(sysinfo, 1, BUFFER), CALL(getrandom, 1, BUFFER, SIZE, RANDOM_FLAGS),
    CALL(syslog, 1, SYSLOG, BUFFER, SIZE), CALL(getcpu, 1, OUT, OUT),
    CALL(riscv_hwprobe, 1, HWPROBE, COUNT, ZERO, ZERO, ZERO), CALL(sethostname, 1, NAME, SMALL),
};

#define HOSTILE_IN 12 /* one call of so many has nothing but nonsense for arguments */

/* Those after which there is no more of the caller, mostly. */
static bool ends_caller(long number) {
    return number == SYS_exit || number == SYS_exit_group || number == SYS_execve ||
           number == SYS_rt_sigreturn;
}

/* A number of the table, each as often as its weight says. */
static long number_pick(struct stream *s) {
    static unsigned total;
    long number = 0;

    if (!total) {
        unsigned sum = 0;
        for (long i = 0; i < SYS_LIMIT; i++)
            sum += calls[i].weight;
        total = sum;
    }
    for (unsigned at = (unsigned)stream_below(s, total); at >= calls[number].weight; number++)
        at -= calls[number].weight;
    return number;
}

static long number_choose(struct stream *s) {
    long number;

    do
        number = number_pick(s);
    while (ends_caller(number) && !stream_once_in(s, 8));
    return number;
}

void call_choose(struct life *life, struct request *request) {
    struct stream *s = &life->stream;
    bool hostile = stream_once_in(s, HOSTILE_IN);

    request->number = hostile ? (long)stream_below(s, SYS_LIMIT + 2) : number_choose(s);
    if (hostile && stream_once_in(s, 32))
        request->number = (long)argument_hostile(life);
    for (int i = 0; i < 6; i++)
        request->arguments[i] = hostile ? argument_hostile(life)
                                        : argument_make(life, calls[request->number].kinds[i]);
}

static long trap(long number, const uint64_t *arguments) {
    register long a7 __asm__("a7") = number;
    register uint64_t a0 __asm__("a0") = arguments[0], a1 __asm__("a1") = arguments[1],
                      a2 __asm__("a2") = arguments[2], a3 __asm__("a3") = arguments[3],
                      a4 __asm__("a4") = arguments[4], a5 __asm__("a5") = arguments[5];

    __asm__ volatile("ecall"
                     : "+r"(a0)
                     : "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5), "r"(a7)
                     : "memory");
    return (long)a0;
}

/* The child has another stack, or none of its own: it does not come back here. */
static long trap_clone(struct life *life, const struct request *request, uint64_t index) {
    register long a7 __asm__("a7") = request->number;
    register uint64_t a0 __asm__("a0") = request->arguments[0], a1 __asm__("a1") = request->arguments[1],
                      a2 __asm__("a2") = request->arguments[2], a3 __asm__("a3") = request->arguments[3],
                      a4 __asm__("a4") = request->arguments[4];
    register struct life *s2 __asm__("s2") = life;
    register uint64_t s3 __asm__("s3") = index;

    __asm__ volatile("ecall\n\tbnez a0, 1f\n\tmv a0, s2\n\tmv a1, s3\n\tcall life_clone\n1:"
                     : "+r"(a0)
                     : "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a7), "r"(s2), "r"(s3)
                     : "memory", "ra");
    return (long)a0;
}

long call_make(struct life *life, const struct request *request) {
    if (request->number != SYS_clone && request->number != SYS_clone3)
        return trap(request->number, request->arguments);
    life->children--;
    return trap_clone(life, request, stream_next(&life->stream));
}
