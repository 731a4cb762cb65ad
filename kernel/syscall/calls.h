// Every system call this kernel has; table.c maps numbers to them.
#ifndef SYSCALL_CALLS_H
#define SYSCALL_CALLS_H

struct trap_frame;

#define CALL(name) long sys_##name(struct trap_frame *call)

// clone.c
CALL(clone); CALL(clone3); CALL(exit); CALL(exit_group); CALL(gettid); CALL(set_tid_address);
// futex.c
CALL(futex); CALL(futex_restart); CALL(set_robust_list); CALL(get_robust_list);
// process.c
CALL(execve); CALL(wait4); CALL(waitid); CALL(getpid); CALL(getppid); CALL(sched_yield);
CALL(sched_getaffinity); CALL(sched_setaffinity); CALL(sched_setscheduler);
CALL(sched_getscheduler); CALL(sched_setparam); CALL(sched_getparam);
CALL(sched_get_priority_max); CALL(sched_get_priority_min); CALL(sched_rr_get_interval);
CALL(setpgid); CALL(getpgid); CALL(setsid); CALL(getsid);
// signal.c
CALL(kill); CALL(tgkill); CALL(tkill); CALL(rt_sigqueueinfo); CALL(rt_tgsigqueueinfo);
CALL(rt_sigaction); CALL(rt_sigprocmask); CALL(rt_sigpending); CALL(rt_sigreturn);
CALL(rt_sigsuspend); CALL(rt_sigtimedwait); CALL(sigaltstack);
// ids.c
CALL(getuid); CALL(geteuid); CALL(getgid); CALL(getegid); CALL(setuid); CALL(setgid);
CALL(setreuid); CALL(setregid); CALL(setresuid); CALL(setresgid); CALL(getresuid);
CALL(getresgid); CALL(getgroups); CALL(setgroups);
// memory.c
CALL(brk); CALL(mmap); CALL(munmap); CALL(mprotect); CALL(mremap); CALL(madvise);
CALL(msync); CALL(mlock); CALL(munlock); CALL(mlockall); CALL(munlockall); CALL(swapon);
CALL(swapoff);
// time.c
CALL(nanosleep); CALL(clock_nanosleep); CALL(clock_gettime); CALL(clock_getres);
CALL(clock_settime); CALL(restart_syscall); CALL(gettimeofday);
CALL(settimeofday); CALL(times); CALL(getrusage);
// poll.c
CALL(ppoll); CALL(pselect6);
// timer.c
CALL(timer_create); CALL(timer_settime); CALL(timer_gettime); CALL(timer_getoverrun);
CALL(timer_delete); CALL(getitimer); CALL(setitimer);
// system.c
CALL(uname); CALL(sethostname); CALL(setdomainname); CALL(sysinfo); CALL(getrandom);
CALL(reboot); CALL(socket);
// limit.c
CALL(prlimit64); CALL(getpriority); CALL(setpriority);
// machine.c
CALL(syslog); CALL(getcpu); CALL(riscv_hwprobe); CALL(riscv_flush_icache);
// prctl.c
CALL(prctl); CALL(rseq);
// file.c, descriptor.c, directory.c, attributes.c: on descriptors
CALL(read); CALL(write); CALL(readv); CALL(writev); CALL(pread64); CALL(pwrite64);
CALL(preadv); CALL(pwritev); CALL(lseek); CALL(close); CALL(close_range); CALL(dup); CALL(dup3); CALL(fcntl);
CALL(ioctl); CALL(pipe2); CALL(sendfile); CALL(fsync); CALL(fdatasync); CALL(getdents64);
CALL(ftruncate); CALL(fallocate); CALL(fchdir); CALL(fchmod); CALL(fchown); CALL(flock);
CALL(preadv2); CALL(pwritev2); CALL(copy_file_range); CALL(fadvise64); CALL(syncfs);
// name.c, attributes.c: on names
CALL(openat); CALL(mkdirat); CALL(mknodat); CALL(unlinkat); CALL(linkat); CALL(symlinkat);
CALL(readlinkat); CALL(renameat2); CALL(chdir); CALL(chroot); CALL(getcwd); CALL(truncate);
CALL(xattr); CALL(fchmodat); CALL(fchownat); CALL(utimensat); CALL(faccessat); CALL(faccessat2);
CALL(umask);
// stat.c
CALL(fstat); CALL(newfstatat); CALL(statx); CALL(statfs); CALL(fstatfs);
// mount.c
CALL(mount); CALL(umount2); CALL(sync);

#undef CALL
#endif
