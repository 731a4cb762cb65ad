/*
 * One line a system call: name, number. This is the user's side of the door.
 *
 * The C calling convention already has the arguments where the kernel wants them (a0 to a5),
 * so a stub only loads the number and looks at the result: a negative one is -errno.
 * Calls whose C interface differs from the kernel's are functions in the .c files beside this
 * one; they use syscall() below.
 */
#include <abi/syscall.h>

    .cfi_sections .debug_frame

    .macro stub name, number
    .section .text.\name, "ax", @progbits
    .globl \name
    .type \name, @function
\name:
    .cfi_startproc
    li a7, \number
    ecall
    bltz a0, syscall_fail
    ret
    .cfi_endproc
    .size \name, . - \name
    .endm

/* Descriptors and data. */
    stub read, SYS_read
    stub write, SYS_write
    stub readv, SYS_readv
    stub writev, SYS_writev
    stub pread, SYS_pread64
    stub pwrite, SYS_pwrite64
    stub preadv, SYS_preadv
    stub pwritev, SYS_pwritev
    stub lseek, SYS_lseek
    stub sendfile, SYS_sendfile
    stub splice, SYS_splice
    stub copy_file_range, SYS_copy_file_range
    stub close, SYS_close
    stub close_range, SYS_close_range
    stub dup, SYS_dup
    stub dup3, SYS_dup3
    stub fcntl, SYS_fcntl
    stub flock, SYS_flock
    stub ioctl, SYS_ioctl
    stub pipe2, SYS_pipe2
    stub fsync, SYS_fsync
    stub fdatasync, SYS_fdatasync
    stub sync, SYS_sync
    stub syncfs, SYS_syncfs
    stub fallocate, SYS_fallocate
    stub ftruncate, SYS_ftruncate
    stub truncate, SYS_truncate

/* Names and inodes. */
    stub openat, SYS_openat
    stub mkdirat, SYS_mkdirat
    stub mknodat, SYS_mknodat
    stub unlinkat, SYS_unlinkat
    stub linkat, SYS_linkat
    stub symlinkat, SYS_symlinkat
    stub readlinkat, SYS_readlinkat
    stub renameat2, SYS_renameat2
    stub fchmod, SYS_fchmod
    stub fchown, SYS_fchown
    stub fchownat, SYS_fchownat
    stub utimensat, SYS_utimensat
    stub fstat, SYS_fstat
    stub fstatat, SYS_newfstatat
    stub statx, SYS_statx
    stub statfs, SYS_statfs
    stub fstatfs, SYS_fstatfs
    stub getdents64, SYS_getdents64
    stub chdir, SYS_chdir
    stub fchdir, SYS_fchdir
    stub chroot, SYS_chroot
    stub umask, SYS_umask
    stub mount, SYS_mount
    stub umount2, SYS_umount2
    stub swapon, SYS_swapon
    stub swapoff, SYS_swapoff

/* Processes. */
    stub execve, SYS_execve
    stub wait4, SYS_wait4
    stub getpid, SYS_getpid
    stub getppid, SYS_getppid
    stub gettid, SYS_gettid
    stub setpgid, SYS_setpgid
    stub getpgid, SYS_getpgid
    stub setsid, SYS_setsid
    stub getsid, SYS_getsid
    stub prctl, SYS_prctl
    stub prlimit, SYS_prlimit64
    stub getrusage, SYS_getrusage
    stub setpriority, SYS_setpriority
    stub times, SYS_times

/* Credentials. */
    stub getuid, SYS_getuid
    stub geteuid, SYS_geteuid
    stub getgid, SYS_getgid
    stub getegid, SYS_getegid
    stub setuid, SYS_setuid
    stub setgid, SYS_setgid
    stub setreuid, SYS_setreuid
    stub setregid, SYS_setregid
    stub setresuid, SYS_setresuid
    stub setresgid, SYS_setresgid
    stub getresuid, SYS_getresuid
    stub getresgid, SYS_getresgid
    stub getgroups, SYS_getgroups
    stub setgroups, SYS_setgroups

/* Signals. */
    stub kill, SYS_kill
    stub tgkill, SYS_tgkill
    stub sigaltstack, SYS_sigaltstack

/* Time. */
    stub clock_gettime, SYS_clock_gettime
    stub clock_settime, SYS_clock_settime
    stub clock_getres, SYS_clock_getres
    stub nanosleep, SYS_nanosleep
    stub gettimeofday, SYS_gettimeofday
    stub settimeofday, SYS_settimeofday
    stub getitimer, SYS_getitimer
    stub setitimer, SYS_setitimer
    stub timer_create, SYS_timer_create
    stub timer_settime, SYS_timer_settime
    stub timer_gettime, SYS_timer_gettime
    stub timer_getoverrun, SYS_timer_getoverrun
    stub timer_delete, SYS_timer_delete

/* Scheduling. */
    stub sched_yield, SYS_sched_yield
    stub sched_setaffinity, SYS_sched_setaffinity
    stub sched_getaffinity, SYS_sched_getaffinity
    stub sched_setscheduler, SYS_sched_setscheduler
    stub sched_getscheduler, SYS_sched_getscheduler
    stub sched_setparam, SYS_sched_setparam
    stub sched_getparam, SYS_sched_getparam
    stub sched_get_priority_max, SYS_sched_get_priority_max
    stub sched_get_priority_min, SYS_sched_get_priority_min
    stub sched_rr_get_interval, SYS_sched_rr_get_interval

/* Memory. */
    stub mmap, SYS_mmap
    stub munmap, SYS_munmap
    stub mremap, SYS_mremap
    stub mprotect, SYS_mprotect
    stub msync, SYS_msync
    stub madvise, SYS_madvise
    stub mincore, SYS_mincore
    stub mlock, SYS_mlock
    stub munlock, SYS_munlock
    stub mlockall, SYS_mlockall
    stub munlockall, SYS_munlockall

/* The machine. */
    stub uname, SYS_uname
    stub sethostname, SYS_sethostname
    stub sysinfo, SYS_sysinfo
    stub klogctl, SYS_syslog
    stub getrandom, SYS_getrandom

/*
 * long syscall(long number, ...): any call. Variable arguments lie in registers like all
 * others, one place further on than the kernel wants them.
 */
    .section .text.syscall, "ax", @progbits
    .globl syscall
    .type syscall, @function
syscall:
    .cfi_startproc
    mv a7, a0
    mv a0, a1
    mv a1, a2
    mv a2, a3
    mv a3, a4
    mv a4, a5
    mv a5, a6
    ecall
    bltz a0, syscall_fail
    ret
    .cfi_endproc
    .size syscall, . - syscall

/* Where a failed stub goes: errno is told, -1 is the result. */
    .section .text.syscall_fail, "ax", @progbits
    .type syscall_fail, @function
syscall_fail:
    .cfi_startproc
    neg a0, a0
    lui t0, %tprel_hi(errno)
    add t0, t0, tp, %tprel_add(errno)
    sw a0, %tprel_lo(errno)(t0)
    li a0, -1
    ret
    .cfi_endproc
    .size syscall_fail, . - syscall_fail
