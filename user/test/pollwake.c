/*
 * Waits of poll against those who end them: no wake-up is lost, none is stolen from a reader, and
 * a thousand descriptors cost what is ready.
 */
#include "common/check.h"
#include "common/child.h"
#include "common/thread.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { CROWD = 20, MANY = 500, ROUNDS = 1000 };

static int ends[2], back[2];
static char page[65536];

static int wait_for(int fd, int events) {
    struct pollfd one = { .fd = fd, .events = events };

    return poll(&one, 1, 20000) == 1 ? one.revents : -1;
}

static int write_later(void *arg) {
    (void)arg;
    usleep(10000);
    return write(ends[1], "x", 1) != 1;
}

static int drain_later(void *arg) {
    (void)arg;
    usleep(10000);
    return read(ends[0], page, sizeof(page)) <= 0;
}

static int leave_later(void *arg) {
    (void)arg;
    usleep(10000);
    return 0;
}

static void test_wakes(void) {
    pid_t child;

    pipe(ends);
    child = child_start(write_later, NULL);
    CHECK("a byte wakes", wait_for(ends[0], POLLIN) == POLLIN && exited_with(child_wait(child), 0));
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    while (write(ends[1], page, sizeof(page)) > 0)
        ;
    child = child_start(drain_later, NULL);
    CHECK("room wakes", wait_for(ends[1], POLLOUT) == POLLOUT &&
                            exited_with(child_wait(child), 0));
    child = child_start(leave_later, NULL);
    close(ends[1]);
    CHECK("the last writer's end wakes", wait_for(ends[0], 0) == POLLHUP);
    child_wait(child);
    close(ends[0]);
    pipe(ends);
    child = child_start(leave_later, NULL);
    close(ends[0]);
    CHECK("the last reader's end wakes", wait_for(ends[1], 0) == POLLERR);
    child_wait(child);
    close(ends[1]);
}

static int only_poll(void *arg) {
    (void)arg;
    return wait_for(ends[0], POLLIN) != POLLIN;
}

static int only_read(void *arg) {
    (void)arg;
    return read(ends[0], page, 1) != 1;
}

/* Those that watch come first, and take nothing: the reader behind them must still be woken. */
static void test_reader_behind_pollers(void) {
    pid_t pollers[3], reader;
    bool killed, good = true;

    pipe(ends);
    for (int i = 0; i < 3; i++)
        pollers[i] = child_start(only_poll, NULL);
    usleep(10000);
    reader = child_start(only_read, NULL);
    usleep(10000);
    write(ends[1], "xy", 2);
    CHECK("a reader behind pollers", exited_with(child_wait_limited(reader, 10000, &killed), 0));
    for (int i = 0; i < 3; i++)
        good = exited_with(child_wait_limited(pollers[i], 10000, &killed), 0) && good;
    CHECK("... and they", good);
    close(ends[0]), close(ends[1]);
}

/* Each waits, and tries to be the one that gets the byte. */
static int compete(void *arg) {
    int got = 0;

    (void)arg;
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    while (wait_for(ends[0], POLLIN) & POLLIN)
        if (read(ends[0], page, 1) == 1) {
            got++;
            write(back[1], "x", 1);
        }
    return got > 200 ? 200 : got;
}

static void test_crowd(void) {
    pid_t crowd[CROWD];
    int acknowledged = 0;

    pipe(ends), pipe(back);
    for (int i = 0; i < CROWD; i++)
        crowd[i] = child_start(compete, NULL);
    for (int i = 0; i < CROWD; i++) {
        write(ends[1], "x", 1);
        acknowledged += wait_for(back[0], POLLIN) == POLLIN && read(back[0], page, 1) == 1;
    }
    close(ends[1]);
    for (int i = 0; i < CROWD; i++)
        kill(crowd[i], SIGKILL), child_wait(crowd[i]);
    CHECK("each byte to one of a crowd", acknowledged == CROWD);
    close(ends[0]), close(back[0]), close(back[1]);
}

static int echo(void *arg) {
    char c;

    (void)arg;
    close(ends[1]), close(back[0]);
    while (wait_for(ends[0], POLLIN) & POLLIN)
        if (read(ends[0], &c, 1) != 1 || write(back[1], &c, 1) != 1)
            return 1;
    return 0;
}

static void test_ping_pong(void) {
    pid_t child;
    int round = 0;
    char c;

    pipe(ends), pipe(back);
    child = child_start(echo, NULL);
    close(ends[0]), close(back[1]);
    while (round < ROUNDS && write(ends[1], "x", 1) == 1 && wait_for(back[0], POLLIN) == POLLIN &&
           read(back[0], &c, 1) == 1)
        round++;
    CHECK("no wake-up is lost", round == ROUNDS);
    close(ends[1]), close(back[0]);
    CHECK("the echo ends", exited_with(child_wait(child), 0));
}

static int many[MANY][2];

static int write_somewhere(void *arg) {
    int *which = arg;

    usleep(2000);
    return write(many[*which][1], "x", 1) != 1;
}

static void test_many(void) {
    struct rlimit limit = { 2 * MANY + 100, 2 * MANY + 100 };
    static struct pollfd fds[2 * MANY];
    bool opened = setrlimit(RLIMIT_NOFILE, &limit) == 0, good = true;

    for (int i = 0; i < MANY && opened; i++) {
        opened = pipe(many[i]) == 0;
        fds[i] = (struct pollfd){ .fd = many[i][0], .events = POLLIN };
        fds[MANY + i] = (struct pollfd){ .fd = many[i][0], .events = POLLOUT };
    }
    CHECK("a thousand descriptors", opened && poll(fds, 2 * MANY, 0) == 0);
    for (int which = 0; which < MANY; which += 61) {
        pid_t child = child_start(write_somewhere, &which);

        good = poll(fds, 2 * MANY, 20000) == 1 && fds[which].revents == POLLIN && good;
        good = exited_with(child_wait(child), 0) && good;
        read(many[which][0], page, 1);
    }
    CHECK("one of a thousand", good && poll(fds, 2 * MANY, 0) == 0);
    for (int i = 0; i < MANY && opened; i++)
        close(many[i][0]), close(many[i][1]);
    CHECK("a thousand that are closed", poll(fds, 2 * MANY, -1) == 2 * MANY);
}

/* --- a descriptor that another thread closes meanwhile: the wait goes on with the open file --- */

static void *poll_end(void *arg) {
    (void)arg;
    return (void *)(long)wait_for(ends[0], POLLIN);
}

static void *read_end(void *arg) {
    (void)arg;
    return (void *)(long)read(ends[0], page, 1);
}

/* What the wait comes to, after its descriptor was closed, or stands for another file. */
static long closed_while(void *(*body)(void *), bool replaced) {
    pthread_t thread;
    void *result;

    pipe(ends), pipe(back);
    thread = started(body, NULL);
    usleep(20000);
    if (replaced)
        dup2(back[0], ends[0]);
    else
        close(ends[0]);
    usleep(5000);
    if (replaced)
        write(back[1], "yz", 2);
    usleep(5000);
    write(ends[1], "x", 1);
    pthread_join(thread, &result);
    if (replaced)
        close(ends[0]);
    /* The wait had the last hold of the read end. */
    signal(SIGPIPE, SIG_IGN);
    if (write(ends[1], "x", 1) != -1 || errno != EPIPE)
        result = (void *)-2l;
    close(ends[1]), close(back[0]), close(back[1]);
    return (long)result;
}

static void test_closed(void) {
    CHECK("closed while polled", closed_while(poll_end, false) == POLLIN);
    CHECK("replaced while polled", closed_while(poll_end, true) == POLLIN);
    page[0] = 0;
    CHECK("closed while read", closed_while(read_end, false) == 1 && page[0] == 'x');
    page[0] = 0;
    CHECK("replaced while read", closed_while(read_end, true) == 1 && page[0] == 'x');
}

int main(void) {
    test_wakes();
    test_reader_behind_pollers();
    test_crowd();
    test_ping_pong();
    test_closed();
    test_many();
    return check_done();
}
