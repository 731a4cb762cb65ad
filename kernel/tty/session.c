// Controlling terminals and foreground groups.
//
// A session and its controlling terminal point at each other: session->tty (proc/'s, by
// proc_session_set_tty), which has a reference, and tty->session, which tty->lock guards. A session's
// own side is written by its leader alone.
#include <abi/errno.h>
#include <abi/signal.h>
#include <proc/proc.h>
#include <tty/tty_internal.h>

bool tty_controls_caller(const struct tty *tty) { return proc_session_tty() == tty; }

int tty_session_take(struct tty *tty, bool steal) {
    if (tty_controls_caller(tty))
        return 0;
    if (!proc_is_session_leader() || proc_session_tty())
        return -EPERM;
    uint32_t session = proc_session_id(), group = proc_group_id();
    spin_lock(&tty->lock);
    bool taken = !tty->session || steal;
    if (taken) {
        tty->session = session;
        tty->foreground = group;
    }
    spin_unlock(&tty->lock);
    if (!taken)
        return -EPERM;
    tty_hold(tty);
    struct tty *old = proc_session_set_tty(tty);
    if (old)
        tty_put(old);           // another of the leader's threads was here too
    return 0;
}

// Lets the terminal go, with the session's reference.
static void session_leave(struct tty *tty, uint32_t session) {
    uint32_t group = 0;
    spin_lock(&tty->lock);
    if (tty->session == session) {
        group = tty->foreground;
        tty->session = tty->foreground = 0;
    }
    spin_unlock(&tty->lock);
    if (group) {
        (void)process_group_signal(group, SIGHUP);
        (void)process_group_signal(group, SIGCONT);
    }
    tty_put(tty);
}

void tty_session_end(struct tty *tty, uint32_t session) {
    spin_lock(&tty->lock);
    bool its = tty->session == session;
    spin_unlock(&tty->lock);
    if (its)
        tty_hang_up(tty, false);
    session_leave(tty, session);
}

// Only the leader can: the terminal belongs to the session, not to a process.
void tty_look(const struct tty *tty, uint32_t *device, uint32_t *foreground) {
    *device = tty->number;
    *foreground = tty->foreground;
}

int tty_session_leave(struct tty *tty) {
    if (!tty_controls_caller(tty))
        return -ENOTTY;
    if (!proc_is_session_leader())
        return -EPERM;
    struct tty *old = proc_session_set_tty(NULL);
    if (old)
        session_leave(old, proc_session_id());
    return 0;
}

int tty_background_check(struct tty *tty, int signal) {
    if (!tty_controls_caller(tty))
        return 0;
    uint32_t group = proc_group_id();
    spin_lock(&tty->lock);
    bool background = tty->foreground && tty->foreground != group;
    spin_unlock(&tty->lock);
    if (!background)
        return 0;
    if (proc_signal_ignored_or_blocked(signal))
        return signal == SIGTTIN ? -EIO : 0;
    if (proc_group_is_orphaned())
        return -EIO;
    (void)process_group_signal(group, signal);
    return signal_interrupts();
}

int tty_foreground_set(struct tty *tty, int32_t group) {
    if (!tty_controls_caller(tty))
        return -ENOTTY;
    if (group <= 0)
        return -EINVAL;
    int error = tty_background_check(tty, SIGTTOU);
    if (error)
        return error;
    if (!process_group_in_session((uint32_t)group, proc_session_id()))
        return -EPERM;
    spin_lock(&tty->lock);
    tty->foreground = (uint32_t)group;
    spin_unlock(&tty->lock);
    return 0;
}

void tty_foreground_signal(struct tty *tty, int signal) {
    spin_lock(&tty->lock);
    uint32_t group = tty->foreground;
    spin_unlock(&tty->lock);
    if (group)
        (void)process_group_signal(group, signal);
}
