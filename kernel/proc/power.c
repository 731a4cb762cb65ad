#include <abi/wait.h>
#include <debug/log.h>
#include <dev/test_device.h>
#include <fs/fs.h>
#include <proc/fault.h>
#include <proc/exit.h>
#include <proc/internal.h>
#include <proc/power.h>
#include <sched/clock.h>

#define PATIENCE (10 * NS_PER_SECOND)       // with those that wait for a device which does not answer

bool power_ending;
static bool first_stands;
static struct wait_queue endings = WAIT_QUEUE_INIT(endings, "others to end");

void power_process_ended(void) { wake_all(&endings); }

// Are there other processes? Then they are told to end, those that were just forked too.
// proc_tree_lock is held.
static bool others_live(void) {
    struct proc *proc;
    uint32_t pid = 0;
    bool any = false;
    while ((proc = proc_next(&pid))) {
        if (proc == proc_current() || proc->state != PROC_ALIVE || (proc == proc_init && first_stands))
            continue;
        proc_end(proc, SIGKILL);
        any = true;
    }
    return any;
}

// Another process is ending the machine. The first one cannot end like others: it is nobody's child.
// proc_tree_lock is held.
static void __attribute__((noreturn)) stand_aside(void) {
    if (proc_current() != proc_init) {
        spin_unlock(&proc_tree_lock);
        proc_exit(SIGKILL);
    }
    first_stands = true;
    power_process_ended();
    for (;;)
        (void)!wait_once(&endings, &proc_tree_lock, WAIT_AT_REST, DEADLINE_NONE);
}

void power_end(enum power what, int status) {
    spin_lock(&proc_tree_lock);
    if (power_ending)
        stand_aside();
    power_ending = true;
    thread_current()->signals_blocked = UINT64_MAX;
    if (wait_event_deadline(&endings, !others_live(), &proc_tree_lock, WAIT_UNINTERRUPTIBLE,
                            time_read() + ns_to_ticks(PATIENCE)))
        log_warning("power: some processes do not end");
    spin_unlock(&proc_tree_lock);
    fs_shutdown();
    log_info(what == POWER_OFF ? "Powering off." : "Restarting.");
    if (what == POWER_OFF)
        machine_exit(status);
    machine_reboot();
}

void power_init_exited(int status) {
    int code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    bool told = power_ending;   // by whoever ends the machine: that is no news
    if (!told && WIFSIGNALED(status))
        log_error("init died of %s", signal_name(WTERMSIG(status)));
    else if (!told)
        log_info("init has exited with status %d", code);
    power_end(POWER_OFF, code);
}
