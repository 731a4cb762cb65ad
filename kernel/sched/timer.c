#include <sched/clock.h>
#include <sched/hart.h>
#include <sched/timer.h>
#include <sched/timer_hardware.h>

static bool earlier(const struct pairing_node *a, const struct pairing_node *b) {
    return container_of(a, struct timer, node)->deadline <
           container_of(b, struct timer, node)->deadline;
}

static struct timer *first_timer(struct hart *hart) {
    struct pairing_node *root = hart->timers.root;
    return root ? container_of(root, struct timer, node) : NULL;
}

// No comparator can be switched off, so "never" is an hour: not a tick that anybody notices. (The
// end of time itself will not do: an emulator that skips idle time, as QEMU does with
// -icount sleep=off, would skip to it and stand still.)
#define FAR_NS (3600 * NS_PER_SECOND)

void timer_hardware_at(struct hart *hart, uint64_t deadline) {
    uint64_t far = time_read() + ns_to_ticks(FAR_NS);
    hart->timer_set = deadline < far ? deadline : far;
    timer_hardware_set(hart->timer_set);
}

void timers_init_hart(struct hart *hart) {
    spin_init(&hart->timer_lock, "timers");
    hart->timers = (struct pairing_heap){ .less = earlier };
    hart->timer_set = DEADLINE_NEVER;
}

void timer_init(struct timer *timer, void (*expire)(struct timer *)) {
    *timer = (struct timer){ .expire = expire };
}

void timer_hardware_idle(struct hart *hart) {
    spin_lock(&hart->timer_lock);
    struct timer *timer = first_timer(hart);
    uint64_t next = timer ? timer->deadline : DEADLINE_NEVER;
    if (hart->timer_set < next)
        timer_hardware_at(hart, next);
    spin_unlock(&hart->timer_lock);
}

void timer_arm(struct timer *timer, uint64_t deadline) {
    timer_cancel(timer);
    bool irq = irq_disable();
    struct hart *hart = this_hart();
    spin_lock(&hart->timer_lock);
    timer->hart = hart->index;
    timer->deadline = deadline;
    timer->armed = true;
    pairing_insert(&hart->timers, &timer->node);
    timer_hardware_at_most(hart, deadline);
    spin_unlock(&hart->timer_lock);
    irq_restore(irq);
}

bool timer_cancel(struct timer *timer) {
    struct hart *hart = &harts[timer->hart];
    spin_lock(&hart->timer_lock);
    bool was_armed = timer->armed;
    if (was_armed) {
        pairing_remove(&hart->timers, &timer->node);
        timer->armed = false;
    }
    // Its own expire may call this (through timer_arm): that hart must not wait for itself.
    while (hart->timer_running == timer && hart->index != current()->hart) {
        spin_unlock(&hart->timer_lock);
        panic_check();
        hart_relax();
        spin_lock(&hart->timer_lock);
    }
    spin_unlock(&hart->timer_lock);
    return was_armed;
}

// In the timer interrupt: calls what is due, then sets the hardware to what comes next.
void timers_expire(uint64_t also_at) {
    struct hart *hart = this_hart();
    spin_lock(&hart->timer_lock);
    struct timer *timer;
    while ((timer = first_timer(hart)) && timer->deadline <= time_read()) {
        pairing_remove(&hart->timers, &timer->node);
        timer->armed = false;
        hart->timer_running = timer;
        spin_unlock(&hart->timer_lock);
        timer->expire(timer);
        spin_lock(&hart->timer_lock);
        hart->timer_running = NULL;
    }
    uint64_t next = timer ? timer->deadline : DEADLINE_NEVER;
    timer_hardware_at(hart, next < also_at ? next : also_at);
    spin_unlock(&hart->timer_lock);
}
