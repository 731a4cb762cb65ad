// System calls on the system as a whole.
#include <abi/errno.h>
#include <abi/random.h>
#include <abi/reboot.h>
#include <abi/sysinfo.h>
#include <abi/utsname.h>
#include <dev/random.h>
#include <fs/cred.h>
#include <lib/string.h>
#include <mm/frame.h>
#include <mm/heap.h>
#include <mm/swap.h>
#include <proc/internal.h>
#include <proc/power.h>
#include <sched/account.h>
#include <proc/thread_group.h>
#include <sched/clock.h>
#include <syscall/calls.h>
#include <syscall/syscall.h>

// The release says which Linux ABI this is (C libraries refuse to run on one too old).
static struct utsname system_name = {
    .sysname = "Trapdoor",
    .nodename = "trapdoor",
    .release = "6.12.0-trapdoor",
    .version = "#1 SMP PREEMPT",
    .machine = "riscv64",
    .domainname = "(none)",
};
static struct spinlock name_lock = SPINLOCK_INIT("host name");

static bool is_root(void) { return thread_current()->cred->euid == 0; }

struct utsname system_name_get(void) {
    spin_lock(&name_lock);
    struct utsname name = system_name;
    spin_unlock(&name_lock);
    return name;
}

long sys_uname(struct trap_frame *call) {
    struct utsname name = system_name_get();
    return copy_out(call->a0, &name, sizeof name) ? -EFAULT : 0;
}

static long name_set(struct trap_frame *call, char *field) {
    char name[sizeof system_name.nodename] = "";
    uint64_t length = call->a1;
    if (!is_root())
        return -EPERM;
    if (length >= sizeof name)
        return -EINVAL;
    if (copy_in(name, call->a0, length))
        return -EFAULT;
    spin_lock(&name_lock);
    memcpy(field, name, sizeof name);
    spin_unlock(&name_lock);
    return 0;
}

long sys_sethostname(struct trap_frame *call) { return name_set(call, system_name.nodename); }

long sys_setdomainname(struct trap_frame *call) { return name_set(call, system_name.domainname); }

// There is no network, of no family: what programs that look for one are prepared to hear.
long sys_socket(struct trap_frame *call) {
    (void)call;
    return -EAFNOSUPPORT;
}

long sys_sysinfo(struct trap_frame *call) {
    struct frame_stats frames;
    frame_stats_get(&frames);
    uint64_t loads[3];
    load_averages(loads);       // LOAD_BITS is what sysinfo has, too
    struct sysinfo info = {
        .uptime = clock_monotonic_ns() / NS_PER_SECOND,
        .loads = { loads[0], loads[1], loads[2] },
        .totalram = frames.total * PAGE_SIZE,
        .freeram = frames.free * PAGE_SIZE,
        .bufferram = frames.by_kind[FRAME_BUFFER] * PAGE_SIZE,     // files' pages are "Cached"
        .totalswap = swap_total() * PAGE_SIZE,
        .freeswap = swap_free() * PAGE_SIZE,
        .procs = proc_total(),
        .mem_unit = 1,
    };
    return copy_out(call->a0, &info, sizeof info) ? -EFAULT : 0;
}

long sys_getrandom(struct trap_frame *call) {
    uint64_t to = call->a0, size = call->a1, done = 0;
    if (call->a2 & ~(uint64_t)(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE))
        return -EINVAL;
    if (size > INT32_MAX)
        size = INT32_MAX;
    char block[256];
    while (done < size) {
        uint64_t piece = size - done < sizeof block ? size - done : sizeof block;
        random_bytes(block, piece);
        if (copy_out(to + done, block, piece))
            return -EFAULT;
        done += piece;
    }
    return done;
}

// The other threads of the caller end first.
static int end_system(enum power what) {
    int error = group_become_single();
    if (!error)
        power_end(what, 0);
    return error;
}

long sys_reboot(struct trap_frame *call) {
    if (!is_root())
        return -EPERM;
    if ((uint32_t)call->a0 != LINUX_REBOOT_MAGIC1 || (uint32_t)call->a1 != LINUX_REBOOT_MAGIC2)
        return -EINVAL;
    switch ((uint32_t)call->a2) {
    case LINUX_REBOOT_CMD_POWER_OFF:
    case LINUX_REBOOT_CMD_HALT:
        return end_system(POWER_OFF);
    case LINUX_REBOOT_CMD_RESTART:
        return end_system(POWER_RESTART);
    case LINUX_REBOOT_CMD_CAD_ON:
    case LINUX_REBOOT_CMD_CAD_OFF:
        return 0;       // there is no Ctrl-Alt-Del to switch
    default:
        return -EINVAL;
    }
}
