// System calls that this kernel does not have: what was asked for is told once, so that whoever
// brings a program from elsewhere sees what it misses.
#include <abi/syscall.h>
#include <debug/log.h>
#include <proc/proc.h>
#include <syscall/syscall.h>

static const char *const names[SYS_LIMIT] = {
#include <gen/call_names.h>
};

_Static_assert(sizeof ((struct proc *)NULL)->missed_calls * 8 > SYS_LIMIT, "a bit for each call");

long syscall_missing(uint64_t number) {
    struct proc *proc = proc_current();
    uint32_t index = number < SYS_LIMIT ? number : SYS_LIMIT;   // the last bit is for all others
    uint64_t bit = 1ul << index % 64;
    if (__atomic_fetch_or(&proc->missed_calls[index / 64], bit, __ATOMIC_RELAXED) & bit)
        return -ENOSYS;
    const char *name = index < SYS_LIMIT && names[index] ? names[index] : "unknown";
    log_info("%s (%u) asks for system call %ld (%s), which is not implemented", proc->name,
             proc->pid, (long)number, name);
    return -ENOSYS;
}
