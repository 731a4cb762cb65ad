// The table of system calls. A call is added by a line in calls.h, a line here, and its function.
#include <abi/errno.h>
#include <abi/limits.h>
#include <abi/syscall.h>
#include <debug/log.h>
#include <mm/copy.h>
#include <mm/heap.h>
#include <proc/proc.h>
#include <syscall/calls.h>
#include <syscall/syscall.h>

#define ENTRY(name) [SYS_##name] = sys_##name

static const system_call table[] = {
    // processes
    ENTRY(clone), ENTRY(clone3), ENTRY(futex), ENTRY(execve), ENTRY(wait4), ENTRY(waitid), ENTRY(exit),
    ENTRY(exit_group),
    ENTRY(getpid), ENTRY(getppid), ENTRY(gettid), ENTRY(sched_yield),
    ENTRY(sched_getaffinity), ENTRY(sched_setaffinity), ENTRY(sched_setscheduler),
    ENTRY(sched_getscheduler), ENTRY(sched_setparam), ENTRY(sched_getparam),
    ENTRY(sched_get_priority_max), ENTRY(sched_get_priority_min), ENTRY(sched_rr_get_interval),
    ENTRY(set_tid_address), ENTRY(set_robust_list), ENTRY(get_robust_list),
    ENTRY(setpgid), ENTRY(getpgid), ENTRY(setsid), ENTRY(getsid),
    // signals
    ENTRY(kill), ENTRY(tgkill), ENTRY(tkill), ENTRY(rt_sigqueueinfo),
    ENTRY(rt_tgsigqueueinfo), ENTRY(rt_sigaction), ENTRY(rt_sigprocmask),
    ENTRY(rt_sigpending), ENTRY(rt_sigreturn), ENTRY(rt_sigsuspend),
    ENTRY(rt_sigtimedwait), ENTRY(sigaltstack),
    // identities
    ENTRY(getuid), ENTRY(geteuid), ENTRY(getgid), ENTRY(getegid), ENTRY(setuid),
    ENTRY(setgid), ENTRY(setreuid), ENTRY(setregid), ENTRY(setresuid), ENTRY(setresgid),
    ENTRY(getresuid), ENTRY(getresgid), ENTRY(getgroups), ENTRY(setgroups),
    // memory
    ENTRY(brk), ENTRY(mmap), ENTRY(munmap), ENTRY(mprotect), ENTRY(mremap), ENTRY(madvise),
    ENTRY(msync), ENTRY(mlock), ENTRY(munlock), ENTRY(mlockall), ENTRY(munlockall),
    ENTRY(swapon), ENTRY(swapoff),
    // time
    ENTRY(nanosleep), ENTRY(clock_nanosleep), ENTRY(clock_gettime), ENTRY(clock_getres),
    ENTRY(clock_settime), ENTRY(restart_syscall), ENTRY(gettimeofday), ENTRY(settimeofday),
    ENTRY(times), ENTRY(getrusage),
    // timers
    ENTRY(timer_create), ENTRY(timer_settime), ENTRY(timer_gettime),
    ENTRY(timer_getoverrun), ENTRY(timer_delete), ENTRY(getitimer), ENTRY(setitimer),
    // the system
    ENTRY(uname), ENTRY(sethostname), ENTRY(setdomainname), ENTRY(sysinfo), ENTRY(getrandom), ENTRY(reboot),
    ENTRY(prlimit64), ENTRY(getpriority), ENTRY(setpriority),
    ENTRY(syslog), ENTRY(getcpu), ENTRY(riscv_hwprobe), ENTRY(riscv_flush_icache), ENTRY(prctl),
    ENTRY(rseq), ENTRY(socket),
    // descriptors
    ENTRY(read), ENTRY(write), ENTRY(readv), ENTRY(writev), ENTRY(pread64), ENTRY(pwrite64),
    ENTRY(preadv), ENTRY(pwritev), ENTRY(lseek), ENTRY(close), ENTRY(close_range), ENTRY(dup), ENTRY(dup3),
    ENTRY(fcntl), ENTRY(ioctl), ENTRY(pipe2), ENTRY(sendfile), ENTRY(fsync),
    ENTRY(fdatasync), ENTRY(getdents64), ENTRY(ftruncate), ENTRY(fchdir), ENTRY(fchmod),
    ENTRY(fchown), ENTRY(flock), ENTRY(preadv2), ENTRY(pwritev2), ENTRY(copy_file_range),
    ENTRY(fadvise64), ENTRY(fallocate), ENTRY(syncfs), ENTRY(ppoll), ENTRY(pselect6),
    // names
    ENTRY(openat), ENTRY(mkdirat), ENTRY(mknodat), ENTRY(unlinkat), ENTRY(linkat),
    ENTRY(symlinkat), ENTRY(readlinkat), ENTRY(renameat2), ENTRY(chdir), ENTRY(chroot),
    ENTRY(getcwd), ENTRY(truncate), ENTRY(fchmodat), ENTRY(fchownat), ENTRY(utimensat),
    ENTRY(faccessat), ENTRY(faccessat2), ENTRY(umask),
    // attributes and mounts
    ENTRY(fstat), ENTRY(newfstatat), ENTRY(statx), ENTRY(statfs), ENTRY(fstatfs),
    ENTRY(mount), ENTRY(umount2), ENTRY(sync),
    [SYS_setxattr ... SYS_fremovexattr] = sys_xattr,
};

#define TABLE_SIZE (sizeof table / sizeof table[0])

void syscall_dispatch(struct trap_frame *frame) {
    uint64_t number = frame->a7;
    system_call call = number < TABLE_SIZE ? table[number] : NULL;
    long result = call ? call(frame) : syscall_missing(number);
    // The same frame, without a register that is saved and restored to keep it.
    thread_current()->frame->a0 = result;
}

static long long_name_copy_in(uint64_t user, struct name *name) {
    name->text = kmalloc(PATH_MAX);
    if (!name->text)
        return -ENOMEM;
    long length = copy_in_str(name->text, user, PATH_MAX);
    if (length < 0) {
        kfree(name->text);
        name->text = NULL;
    }
    return length;
}

int name_copy_in(uint64_t user, struct name *name) {
    name->text = name->room;
    long length = copy_in_str(name->room, user, sizeof name->room);
    if (length == -ENAMETOOLONG)
        length = long_name_copy_in(user, name);
    return length < 0 ? length : 0;
}

void name_free(struct name *name) {
    if (name->text != name->room)
        kfree(name->text);
}
