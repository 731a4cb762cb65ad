/*
 * ppoll and pselect6: which events files show, how waits end, and what hostile arguments get.
 * pollwake.c has the races.
 */
#include "common/check.h"
#include "common/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define FAILS(call, error) ((call) == -1 && errno == (error))
#define CAPACITY 65536
#define EVERYTHING (POLLIN | POLLOUT | POLLPRI | POLLRDNORM | POLLWRNORM)

static const char *const fifo = "/tmp/poll-test";
static char bytes[CAPACITY];

static long ms_now(void) {
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* What poll says of fd at once; -1 if it says anything but 0 or 1. */
static int events_of(int fd, int events) {
    struct pollfd one = { .fd = fd, .events = events, .revents = -1 };
    int ready = poll(&one, 1, 0);

    return ready == (one.revents != 0) ? one.revents : -1;
}

static int events_of_name(const char *name, int flags) {
    int fd = open(name, flags), events = events_of(fd, EVERYTHING);

    close(fd);
    return events;
}

static void test_always_ready(void) {
    int both = POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM;

    CHECK("a regular file", events_of_name(own_path(), O_RDONLY) == both);
    CHECK("a directory", events_of_name("/", O_RDONLY) == both);
    CHECK("/dev/null", events_of_name("/dev/null", O_RDWR) == both);
    CHECK("only what is asked for", events_of(0, POLLPRI) == 0);
    CHECK("not open", events_of(77, POLLIN) == POLLNVAL && events_of(77, 0) == POLLNVAL);
    CHECK("a place only", events_of_name("/", O_PATH) == POLLNVAL);
    CHECK("a negative one is left out", events_of(-1, POLLIN) == 0 && events_of(-77, POLLIN) == 0);
    CHECK("none at all", poll(NULL, 0, 0) == 0);
}

static void test_pipe(void) {
    int ends[2];

    pipe2(ends, O_NONBLOCK);
    CHECK("an empty pipe", events_of(ends[0], EVERYTHING) == 0 &&
                               events_of(ends[1], EVERYTHING) == (POLLOUT | POLLWRNORM));
    write(ends[1], "x", 1);
    CHECK("a byte", events_of(ends[0], POLLIN) == POLLIN);
    CHECK("the other end's event", events_of(ends[0], POLLOUT) == 0);
    write(ends[1], bytes, sizeof(bytes));
    CHECK("a full pipe", events_of(ends[1], POLLOUT) == 0);
    read(ends[0], bytes, 4095);
    CHECK("room for less than PIPE_BUF", events_of(ends[1], POLLOUT) == 0);
    read(ends[0], bytes, 1);
    CHECK("room for PIPE_BUF", events_of(ends[1], POLLOUT) == POLLOUT);
    close(ends[1]);
    CHECK("bytes of a writer that left", events_of(ends[0], POLLIN) == (POLLIN | POLLHUP));
    while (read(ends[0], bytes, sizeof(bytes)) > 0)
        ;
    CHECK("the writer left", events_of(ends[0], POLLIN) == POLLHUP &&
                                 events_of(ends[0], 0) == POLLHUP);
    close(ends[0]);
    pipe(ends);
    close(ends[0]);
    CHECK("the reader left", events_of(ends[1], POLLOUT) == (POLLOUT | POLLERR) &&
                                 events_of(ends[1], 0) == POLLERR);
    close(ends[1]);
}

static void test_fifo(void) {
    int in, out, both;

    unlink(fifo);
    mkfifo(fifo, 0600);
    in = open(fifo, O_RDONLY | O_NONBLOCK);
    CHECK("no writer yet", events_of(in, POLLIN) == 0);
    out = open(fifo, O_WRONLY | O_NONBLOCK);
    CHECK("a writer", events_of(in, POLLIN) == 0 && events_of(out, POLLOUT) == POLLOUT);
    close(out);
    CHECK("a writer came and went", events_of(in, POLLIN) == POLLHUP);
    both = open(fifo, O_RDWR);
    CHECK("both ends", events_of(both, POLLIN | POLLOUT) == POLLOUT && write(both, "x", 1) == 1 &&
                           events_of(both, POLLIN | POLLOUT) == (POLLIN | POLLOUT));
    close(both), close(in);
    unlink(fifo);
}

static void test_terminal(void) {
    int fd = open("/dev/tty", O_RDWR);

    if (fd >= 0)
        CHECK("a terminal", (events_of(fd, POLLIN | POLLOUT) | POLLIN) == (POLLIN | POLLOUT));
    close(fd);
}

static void test_timeout(void) {
    struct timespec t = { 0, 30000000 };
    struct pollfd one = { .events = POLLIN };
    int ends[2];
    long start = ms_now();

    pipe(ends);
    one.fd = ends[0];
    CHECK("poll's time", poll(&one, 1, 50) == 0 && ms_now() - start >= 50);
    CHECK("ppoll's time", syscall(SYS_ppoll, &one, 1, &t, NULL, 8) == 0 && t.tv_nsec == 0);
    CHECK("a time of 0 looks only", poll(&one, 1, 0) == 0);
    write(ends[1], "x", 1);
    t.tv_sec = 100;
    CHECK("what is left", syscall(SYS_ppoll, &one, 1, &t, NULL, 8) == 1 && t.tv_sec >= 95 &&
                              t.tv_sec < 100);
    t.tv_nsec = 1000000000;
    CHECK("too many nanoseconds", FAILS(ppoll(&one, 1, &t, NULL), EINVAL));
    t = (struct timespec){ -1, 0 };
    CHECK("a negative time", FAILS(ppoll(&one, 1, &t, NULL), EINVAL));
    close(ends[0]), close(ends[1]);
}

static void test_hostile(void) {
    struct pollfd one = { .fd = 0, .events = POLLIN };
    struct timespec t = { 0, 0 };
    struct rlimit limit;

    getrlimit(RLIMIT_NOFILE, &limit);
    CHECK("descriptors at nowhere", FAILS(poll((void *)8, 1, 0), EFAULT));
    CHECK("... at the kernel", FAILS(poll((void *)-4096, 5, 0), EFAULT));
    CHECK("a time at nowhere", FAILS(syscall(SYS_ppoll, &one, 1, 8, NULL, 8), EFAULT));
    CHECK("a mask at nowhere", FAILS(syscall(SYS_ppoll, &one, 1, &t, 8, 8), EFAULT));
    CHECK("a mask of another size", FAILS(syscall(SYS_ppoll, &one, 1, &t, &t, 4), EINVAL));
    CHECK("more than can be open", FAILS(poll(&one, limit.rlim_cur + 1, 0), EINVAL) &&
                                       FAILS(poll(&one, -1, 0), EINVAL));
    CHECK("sets at nowhere", FAILS(syscall(SYS_pselect6, 10, 8, 0, 0, &t, 0), EFAULT) &&
                                 FAILS(syscall(SYS_pselect6, 10, 0, 0, -64, &t, 0), EFAULT));
    CHECK("a negative number", FAILS(syscall(SYS_pselect6, -1, 0, 0, 0, &t, 0), EINVAL));
    CHECK("a sixth argument at nowhere", FAILS(syscall(SYS_pselect6, 0, 0, 0, 0, &t, 8), EFAULT));
    CHECK("no sets", syscall(SYS_pselect6, 0x7fffffff, 0, 0, 0, &t, 0) == 0);
}

static volatile sig_atomic_t calls;

static void count(int sig) {
    (void)sig;
    calls++;
}

static int signal_parent(void *arg) {
    usleep(20000);
    kill(getppid(), *(int *)arg);
    return 0;
}

static void test_signals(void) {
    struct sigaction action = { .sa_handler = count, .sa_flags = SA_RESTART };
    int ends[2], usr1 = SIGUSR1, winch = SIGWINCH;
    struct timespec none = { 0, 0 };
    struct pollfd one = { .events = POLLIN };
    sigset_t set, empty, now;
    pid_t child;

    pipe(ends);
    one.fd = ends[0];
    sigaction(SIGUSR1, &action, NULL);
    child = child_start(signal_parent, &usr1);
    CHECK("a handler ends it, SA_RESTART or not", FAILS(poll(&one, 1, -1), EINTR) && calls == 1);
    child_wait(child);
    child = child_start(signal_parent, &winch);
    CHECK("an ignored signal does not", poll(&one, 1, 60) == 0);
    child_wait(child);

    sigemptyset(&empty), sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    raise(SIGUSR1);
    CHECK("a blocked one does not", poll(&one, 1, 10) == 0 && calls == 1);
    CHECK("the mask lets it in", FAILS(ppoll(&one, 1, NULL, &empty), EINTR) && calls == 2);
    sigprocmask(SIG_BLOCK, NULL, &now);
    CHECK("the mask is back", sigismember(&now, SIGUSR1) == 1);
    raise(SIGUSR1);
    CHECK("... also without waiting", FAILS(ppoll(&one, 1, &none, &empty), EINTR) && calls == 3);
    raise(SIGUSR1);
    CHECK("pselect's", FAILS(pselect(0, NULL, NULL, NULL, NULL, &empty), EINTR) && calls == 4);
    raise(SIGUSR1);
    write(ends[1], "x", 1);
    CHECK("what is ready goes first", ppoll(&one, 1, NULL, &empty) == 1 && calls == 4);
    sigpending(&now);
    CHECK("the signal stays", sigismember(&now, SIGUSR1) == 1);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    close(ends[0]), close(ends[1]);
}

static void test_select(void) {
    struct timeval tv = { 100, 0 };
    fd_set in, out;
    int ends[2];

    pipe(ends);
    FD_ZERO(&in), FD_ZERO(&out);
    FD_SET(ends[0], &in), FD_SET(ends[1], &out), FD_SET(1000, &in);
    CHECK("select", select(ends[1] + 1, &in, &out, NULL, &tv) == 1 && !FD_ISSET(ends[0], &in) &&
                        FD_ISSET(ends[1], &out) && tv.tv_sec >= 95 && tv.tv_sec < 100);
    write(ends[1], "x", 1);
    FD_SET(ends[0], &in);
    CHECK("both sets", select(ends[1] + 1, &in, &out, &out, &tv) == 2);
    FD_ZERO(&in), FD_SET(ends[0], &in);
    tv = (struct timeval){ 0, 30000 };
    read(ends[0], bytes, 1);
    CHECK("select's time", select(ends[0] + 1, &in, NULL, NULL, &tv) == 0 && tv.tv_usec == 0 &&
                               !FD_ISSET(ends[0], &in));
    close(ends[1]);
    FD_SET(ends[0], &in);
    CHECK("an end of file can be read", select(ends[0] + 1, &in, NULL, NULL, NULL) == 1);
    FD_SET(ends[1], &in);
    CHECK("one is not open", FAILS(select(FD_SETSIZE, &in, NULL, NULL, NULL), EBADF) &&
                                 FD_ISSET(ends[1], &in));
    close(ends[0]);
}

int main(void) {
    test_always_ready();
    test_pipe();
    test_fifo();
    test_terminal();
    test_timeout();
    test_hostile();
    test_signals();
    test_select();
    return check_done();
}
