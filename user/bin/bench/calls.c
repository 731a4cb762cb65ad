/* The rows of single calls that wait for nothing. */
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "bench.h"

static int null_fd;

static void null_call(void) { getpid(); }

static void write_null(void) {
    if (write(null_fd, "x", 1) != 1)
        fail("write /dev/null");
}

static void take_signal(int sig) { (void)sig; }

static void signal_self(void) {
    if (kill(getpid(), SIGUSR1))
        fail("kill");
}

static void set_alarm(void) { alarm(3000); }

void bench_calls(void) {
    null_fd = open("/dev/null", O_RDWR);
    measure("null_call", 10000, null_call);
    measure("write_null", 10000, write_null);
    close(null_fd);
}

void bench_signal(void) {
    signal(SIGUSR1, take_signal);
    measure("signal", 2000, signal_self);
}

/* Each takes the timer that the last one set off its queue, and sets it again. */
void bench_timer(void) {
    measure("timer", 2000, set_alarm);
    alarm(0);
}
