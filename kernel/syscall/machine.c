// System calls on the machine underneath, and the kernel's own log.
#include <abi/hwprobe.h>
#include <abi/klog.h>
#include <debug/log.h>
#include <fs/cred.h>
#include <mm/space.h>
#include <sched/clock.h>
#include <sched/hart.h>
#include <sched/thread.h>
#include <syscall/calls.h>
#include <syscall/syscall.h>

// The last lines of the log that fit into the caller's buffer: how many bytes.
static long log_out(uint64_t to, uint64_t size) {
    uint64_t position = log_last(size), done = 0;
    char piece[256];
    while (done < size) {
        uint64_t part = size - done < sizeof piece ? size - done : sizeof piece;
        part = log_read(&position, piece, part);
        if (!part)
            break;
        if (copy_out(to + done, piece, part))
            return -EFAULT;
        done += part;
    }
    return done;
}

// Linux's eight levels on our four: what is printed is below `level`.
static long print_below(uint64_t level) {
    if (level < 1 || level > 8)
        return -EINVAL;
    log_level_set(level >= 8 ? LOG_DEBUG : level == 7 ? LOG_INFO : level >= 5 ? LOG_WARNING
                                                                             : LOG_ERROR);
    return 0;
}

// syslog(action, buffer, size), what C libraries call klogctl: to read the log is everybody's right.
long sys_syslog(struct trap_frame *call) {
    int action = call->a0;
    uint64_t size = call->a2;
    if (action != SYSLOG_ACTION_READ_ALL && action != SYSLOG_ACTION_SIZE_BUFFER &&
        thread_current()->cred->euid != 0)
        return -EPERM;
    long result = 0;
    switch (action) {
    case SYSLOG_ACTION_READ_ALL:
    case SYSLOG_ACTION_READ_CLEAR:
        if (!call->a1 || (int)size < 0)
            return -EINVAL;
        result = log_out(call->a1, size);
        if (result < 0 || action == SYSLOG_ACTION_READ_ALL)
            return result;
        // fall through
    case SYSLOG_ACTION_CLEAR: log_clear(); return result;
    case SYSLOG_ACTION_CONSOLE_OFF: return print_below(1);
    case SYSLOG_ACTION_CONSOLE_ON: return print_below(7);
    case SYSLOG_ACTION_CONSOLE_LEVEL: return print_below(size);
    case SYSLOG_ACTION_SIZE_BUFFER: return LOG_SIZE;
    default: return -EINVAL;
    }
}

long sys_getcpu(struct trap_frame *call) {
    uint32_t hart = current()->hart, node = 0;  // it may be another by the time the caller looks
    if (call->a0 && copy_out(call->a0, &hart, sizeof hart))
        return -EFAULT;
    return call->a1 && copy_out(call->a1, &node, sizeof node) ? -EFAULT : 0;
}

// riscv_flush_icache(start, end, flags): the space's code was written. The whole of it is fetched anew by
// every hart (the caller may move to another at any moment, so LOCAL is no less).
long sys_riscv_flush_icache(struct trap_frame *call) {
    if (call->a2 & ~(uint64_t)RISCV_FLUSH_ICACHE_LOCAL)
        return -EINVAL;
    space_flush_icache(thread_current()->space);
    return 0;
}

// What is known of every hart alike. Not what the kernel has no answer to: whose make the machine is.
static void hwprobe_answer(struct riscv_hwprobe *pair) {
    switch (pair->key) {
    case RISCV_HWPROBE_KEY_BASE_BEHAVIOR:
        pair->value = RISCV_HWPROBE_BASE_BEHAVIOR_IMA;
        break;
    case RISCV_HWPROBE_KEY_IMA_EXT_0:
        pair->value = RISCV_HWPROBE_IMA_FD | RISCV_HWPROBE_IMA_C;
        break;
    case RISCV_HWPROBE_KEY_CPUPERF_0:
        pair->value = RISCV_HWPROBE_MISALIGNED_UNKNOWN;
        break;
    case RISCV_HWPROBE_KEY_HIGHEST_VIRT_ADDRESS:
        pair->value = USER_LIMIT - 1;
        break;
    default:
        *pair = (struct riscv_hwprobe){ .key = -1 };
    }
}

// riscv_hwprobe(pairs, how many, size of set, set of harts, flags): all harts are alike here, so the
// set does not matter. No flag is known.
long sys_riscv_hwprobe(struct trap_frame *call) {
    uint64_t at = call->a0, count = call->a1;
    if (call->a4)
        return -EINVAL;
    for (; count > 0; count--, at += sizeof(struct riscv_hwprobe)) {
        struct riscv_hwprobe pair;
        if (copy_in(&pair, at, sizeof pair))
            return -EFAULT;
        hwprobe_answer(&pair);
        if (copy_out(at, &pair, sizeof pair))
            return -EFAULT;
    }
    return 0;
}
