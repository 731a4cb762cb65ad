/*
 * Ending a program.
 */
#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../stdio/stream.h"
#include "../thread/lock.h"

struct handler {
    struct handler *earlier;
    void (*call)(void);
};

static struct handler *handlers;
static struct lock handlers_lock;

int atexit(void (*call)(void)) {
    struct handler *h = malloc(sizeof(*h));

    if (h == NULL)
        return -1;
    HOLDING(&handlers_lock);
    h->earlier = handlers;
    h->call = call;
    handlers = h;
    return 0;
}

/* Calls the handlers, the last one first (they may add more), and writes out all streams. Another
 * thread that comes here too waits for the end. */
void exit(int status) {
    lock_acquire(&handlers_lock);
    while (handlers != NULL) {
        struct handler *h = handlers;

        handlers = h->earlier;
        h->call();
    }
    streams_flush();
    _exit(status);
}

void _Exit(int status) {
    _exit(status);
}

void abort(void) {
    raise(SIGABRT);
    /* It is caught, ignored or blocked. */
    signal(SIGABRT, SIG_DFL);
    raise(SIGABRT);
    _exit(127);
}

void assert_failed(const char *condition, const char *file, int line, const char *function) {
    fprintf(stderr, "%s: %s:%d: %s: assertion failed: %s\n", getprogname(), file, line, function,
            condition);
    abort();
}
