#include "handler.h"

#include <string.h>
#include <time.h>

volatile sig_atomic_t calls;
siginfo_t told;

void note_call(int sig, siginfo_t *info, void *context) {
    (void)sig;
    (void)context;
    told = *info;
    calls++;
}

void handle(int sig, int flags, void (*handler)(int, siginfo_t *, void *)) {
    struct sigaction action = { .sa_sigaction = handler, .sa_flags = flags | SA_SIGINFO };

    calls = 0;
    memset(&told, 0, sizeof(told));
    sigaction(sig, &action, NULL);
}

/* Signals interrupt its sleeps: the limit is a time. */
bool calls_reach(int count) {
    struct timespec now, end, pause = { 0, 500000 };

    clock_gettime(CLOCK_MONOTONIC, &end);
    do {
        if (calls >= count)
            return true;
        nanosleep(&pause, NULL);
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while (now.tv_sec < end.tv_sec + 10);
    return calls >= count;
}

void block(int how, int sig) {
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, sig);
    sigprocmask(how, &set, NULL);
}
