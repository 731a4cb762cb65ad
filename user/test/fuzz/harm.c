/*
 * What the fuzzer must not do. All that it leaves out is here.
 *
 * Who is not root is held back from nothing but endless offspring: the rest the kernel must refuse.
 */
#include "calls.h"

#include <abi/klog.h>
#include <abi/reboot.h>
#include <abi/resource.h>
#include <abi/stat.h>
#include <abi/syscall.h>

/* init, the shell, the supervisor, their groups; and everybody. They would end, and the run with them. */
static bool is_protected(uint64_t pid) {
    int target = (int)pid;

    return target == -1 || (target > 0 && target <= run.supervisor) ||
           (target < -1 && -target <= run.supervisor);
}

static bool root_harms(const struct request *request) {
    const uint64_t *a = request->arguments;

    switch (request->number) {
    case SYS_reboot: /* ends the machine */
        return (uint32_t)a[0] == LINUX_REBOOT_MAGIC1;
    case SYS_kill: case SYS_tkill: case SYS_rt_sigqueueinfo: case SYS_prlimit64:
        return is_protected(a[0]);
    case SYS_setpgid: /* who is in their group kills them by kill(0) */
    case SYS_tgkill: case SYS_rt_tgsigqueueinfo:
        return is_protected(a[0]) || is_protected(a[1]);
    case SYS_setpriority: /* nobody else would get a turn, the supervisor neither */
        return a[0] == PRIO_USER || is_protected(a[1]);
    case SYS_sched_setscheduler: case SYS_sched_setparam: case SYS_sched_setattr:
        return true; /* the same, for ever */
    case SYS_sched_setaffinity:
        return is_protected(a[0]);
    case SYS_clock_settime: case SYS_settimeofday: case SYS_adjtimex: case SYS_clock_adjtime:
        return true; /* e2fsck takes a disk that was written in the future for damaged */
    case SYS_mknodat: /* a raw disk under a mounted file system, or under swap */
        return (a[2] & S_IFMT) == S_IFBLK;
    case SYS_chroot: /* whose directory is outside the new root walks out of it, by ".." */
        return true;
    case SYS_syslog: /* the report of what goes wrong */
        return (int)a[0] >= SYSLOG_ACTION_CONSOLE_OFF && (int)a[0] <= SYSLOG_ACTION_CONSOLE_LEVEL;
    default:
        return false;
    }
}

bool call_harms(const struct life *life, const struct request *request) {
    if (request->number == SYS_clone || request->number == SYS_clone3)
        return life->children <= 0; /* processes without end */
    return life->root && root_harms(request);
}
