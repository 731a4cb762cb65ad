/*
 * Signals: see signals.h.  A kernel without signal handlers refuses them with ENOSYS.  There
 * a caught signal is held back (blocked), and the set of pending ones tells that it came.
 * What that cannot do is to end a read or wait that is going on.
 */
#include "signals.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

enum { SIGNALS = 65 };

static volatile sig_atomic_t arrived[SIGNALS];
static volatile sig_atomic_t any_arrived;
static unsigned char held[SIGNALS];
static int held_count;

static void on_signal(int sig) {
    arrived[sig] = 1;
    any_arrived = 1;
}

static int action_set(int sig, void (*handler)(int)) {
    struct sigaction action;

    memset(&action, 0, sizeof(action));
    action.sa_handler = handler;
    return sigaction(sig, &action, NULL);
}

static int mask_change(int how, int sig) {
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, sig);
    return sigprocmask(how, &set, NULL);
}

static void release(int sig) {
    if (!held[sig])
        return;
    held[sig] = 0;
    held_count--;
    mask_change(SIG_UNBLOCK, sig);
}

void signal_default(int sig) {
    /* Ignored for a moment, so that one held back until now is forgotten. */
    if (held[sig])
        action_set(sig, SIG_IGN);
    release(sig);
    action_set(sig, SIG_DFL);
    arrived[sig] = 0;
}

int signal_ignore(int sig) {
    if (action_set(sig, SIG_IGN) < 0)
        return -1;
    release(sig);
    arrived[sig] = 0;
    return 0;
}

int signal_catch(int sig) {
    if (action_set(sig, on_signal) == 0)
        return 0;
    if (errno != ENOSYS || action_set(sig, SIG_DFL) < 0 || mask_change(SIG_BLOCK, sig) < 0)
        return -1;
    held_count += !held[sig];
    held[sig] = 1;
    return 0;
}

/* Notes the held signals that are pending, and makes the kernel forget them. */
static void collect_held(void) {
    sigset_t pending;

    if (held_count == 0 || sigpending(&pending) < 0)
        return;
    for (int sig = 1; sig < SIGNALS; sig++) {
        if (!held[sig] || sigismember(&pending, sig) <= 0)
            continue;
        action_set(sig, SIG_IGN);
        action_set(sig, SIG_DFL);
        on_signal(sig);
    }
}

int signal_arrived(void) {
    collect_held();
    if (!any_arrived)
        return 0;
    any_arrived = 0;
    for (int sig = 1; sig < SIGNALS; sig++) {
        if (arrived[sig]) {
            any_arrived = 1;
            return sig;
        }
    }
    return 0;
}

void signal_take(int sig) {
    arrived[sig] = 0;
}
