/* Signals: see signals.h. */
#include "signals.h"

#include <signal.h>
#include <string.h>

enum { SIGNALS = 65 };

static volatile sig_atomic_t arrived[SIGNALS];
static volatile sig_atomic_t any_arrived;

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

void signal_default(int sig) {
    action_set(sig, SIG_DFL);
    arrived[sig] = 0;
}

int signal_ignore(int sig) {
    arrived[sig] = 0;
    return action_set(sig, SIG_IGN);
}

int signal_catch(int sig) {
    return action_set(sig, on_signal);
}

int signal_arrived(void) {
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

bool signal_take(int sig) {
    bool came = arrived[sig];

    arrived[sig] = 0;
    return came;
}
