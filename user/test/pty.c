/*
 * Pseudo-terminals: their names, the way of a byte through both sides, and what hostile calls get.
 * ptysession.c has sessions and hang-ups.
 */
#include "common/check.h"
#include "common/child.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#define FAILS(call, error) ((call) == -1 && errno == (error))

enum { BULK = 100000, MANY = 50 };

static int master, slave;
static char name[24], text[4096];

static bool reads(int fd, const char *expected) {
    ssize_t size = read(fd, text, sizeof(text) - 1);

    text[size > 0 ? size : 0] = '\0';
    return size == (ssize_t)strlen(expected) && strcmp(text, expected) == 0;
}

static bool writes(int fd, const char *what) {
    return write(fd, what, strlen(what)) == (ssize_t)strlen(what);
}

static int events_of(int fd, int events) {
    struct pollfd one = { .fd = fd, .events = events };

    return poll(&one, 1, 0) < 0 ? -1 : one.revents;
}

static void settings_change(int min, int tenths, bool raw) {
    struct termios t;

    tcgetattr(slave, &t);
    if (raw)
        cfmakeraw(&t);
    t.c_cc[VMIN] = min;
    t.c_cc[VTIME] = tenths;
    tcsetattr(slave, TCSANOW, &t);
}

static void both_open(void) {
    if (openpty(&master, &slave, name, NULL, NULL) < 0) {
        perror("FAIL openpty");
        exit(1);
    }
}

static void both_close(void) {
    close(slave), close(master);
}

static bool listed(const char *path) {
    DIR *dir = opendir("/dev/pts");
    struct dirent *entry;
    bool found = false;

    while (!found && (entry = readdir(dir)) != NULL)
        found = strcmp(entry->d_name, path + strlen("/dev/pts/")) == 0;
    closedir(dir);
    return found;
}

static void test_names(void) {
    struct stat st;
    unsigned int number = 0, second = 0;
    int other;

    master = open("/dev/ptmx", O_RDWR | O_NOCTTY);
    CHECK("ptmx", master >= 0 && ioctl(master, TIOCGPTN, &number) == 0);
    CHECK("ptsname", ptsname_r(master, name, sizeof(name)) == 0 && listed(name));
    CHECK("locked at first", FAILS(open(name, O_RDWR | O_NOCTTY), EIO));
    CHECK("and for TIOCGPTPEER", FAILS(ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY), EIO));
    CHECK("unlockpt", grantpt(master) == 0 && unlockpt(master) == 0 &&
                          (slave = open(name, O_RDWR | O_NOCTTY)) >= 0);
    CHECK("its node", stat(name, &st) == 0 && S_ISCHR(st.st_mode) && major(st.st_rdev) == 136 &&
                          minor(st.st_rdev) == number && st.st_uid == getuid());
    CHECK("ttyname", strcmp(ttyname(slave), name) == 0 && isatty(master));
    other = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
    CHECK("TIOCGPTPEER", other >= 0 && strcmp(ttyname(other), name) == 0 &&
                             fcntl(other, F_GETFD) == FD_CLOEXEC &&
                             FAILS(ioctl(master, TIOCGPTPEER, O_CREAT), EINVAL) &&
                             FAILS(ioctl(slave, TIOCGPTPEER, O_RDWR), ENOTTY));
    close(other);
    other = posix_openpt(O_RDWR | O_NOCTTY);
    CHECK("another has another number", ioctl(other, TIOCGPTN, &second) == 0 && second != number);
    close(other);
    other = posix_openpt(O_RDWR | O_NOCTTY);
    CHECK("which is free again", ioctl(other, TIOCGPTN, &number) == 0 && second == number);
    close(other);
    chmod(name, 0600);
    close(slave);
    CHECK("chmod lasts", stat(name, &st) == 0 && (st.st_mode & 07777) == 0600);
    close(master);
    CHECK("the name goes", FAILS(stat(name, &st), ENOENT) && !listed(name));
    CHECK("no such names", FAILS(open("/dev/pts/4294967296", O_RDWR), ENOENT) &&
                               FAILS(open("/dev/pts/x", O_RDWR), ENOENT) &&
                               FAILS(open("/dev/pts/00", O_RDWR), ENOENT));
}

static void test_way(void) {
    int size;

    both_open();
    CHECK("a line", writes(master, "hulp\177lo\r") && reads(slave, "hullo\n"));
    CHECK("its echo", reads(master, "hulp\b \blo\r\n"));
    CHECK("output", writes(slave, "a\nb") && reads(master, "a\r\nb"));
    writes(master, "one\ntwo\n");
    CHECK("FIONREAD", ioctl(slave, FIONREAD, &size) == 0 && size == 8 &&
                          ioctl(master, FIONREAD, &size) == 0 && size == 10);
    CHECK("a line a read", reads(slave, "one\n") && reads(slave, "two\n"));
    writes(master, "\4");
    CHECK("an end of file", reads(slave, ""));
    both_close();
}

static void test_raw(void) {
    struct timespec before, after;

    both_open();
    settings_change(3, 0, true);
    writes(master, "ab\3");
    CHECK("raw", reads(slave, "ab\3") && events_of(master, POLLIN) == 0);
    fcntl(slave, F_SETFL, O_NONBLOCK), fcntl(master, F_SETFL, O_NONBLOCK);
    CHECK("nothing there", FAILS(read(slave, text, 1), EAGAIN) &&
                               FAILS(read(master, text, 1), EAGAIN));
    writes(master, "a");
    CHECK("poll waits for VMIN", events_of(slave, POLLIN) == 0);
    writes(master, "bc");
    CHECK("... and sees it", events_of(slave, POLLIN) == POLLIN && reads(slave, "abc"));
    fcntl(slave, F_SETFL, 0);
    settings_change(0, 1, true);
    clock_gettime(CLOCK_MONOTONIC, &before);
    CHECK("VTIME", reads(slave, ""));
    clock_gettime(CLOCK_MONOTONIC, &after);
    CHECK("... takes its time", (after.tv_sec - before.tv_sec) * 1000000000l + after.tv_nsec -
                                        before.tv_nsec >= 100000000l);
    both_close();
}

static void test_full(void) {
    long in = 0, out = 0;

    both_open();
    settings_change(1, 0, true);
    fcntl(slave, F_SETFL, O_NONBLOCK), fcntl(master, F_SETFL, O_NONBLOCK);
    for (ssize_t n; (n = write(slave, text, sizeof(text))) > 0; out += n)
        ;
    CHECK("output fills up", out > 1000 && errno == EAGAIN &&
                                 events_of(slave, POLLOUT) == 0);
    for (ssize_t n; (n = read(master, text, sizeof(text))) > 0; out -= n)
        ;
    CHECK("... and comes out", out == 0 && events_of(slave, POLLOUT) == POLLOUT);
    for (ssize_t n; (n = write(master, text, sizeof(text))) > 0; in += n)
        ;
    CHECK("input fills up", in > 1000 && errno == EAGAIN && events_of(master, POLLOUT) == 0);
    for (ssize_t n; (n = read(slave, text, sizeof(text))) > 0; in -= n)
        ;
    CHECK("... and arrives", in == 0 && events_of(master, POLLOUT) == POLLOUT);
    both_close();
}

static int send_bulk(void *arg) {
    char line[100];

    for (int i = 0; i < BULK / 100; i++) {
        memset(line, 'a' + i % 26, 99);
        line[99] = '\n';
        if (write(*(int *)arg, line, 100) != 100)
            return 1;
    }
    return 0;
}

static bool receive_bulk(int fd) {
    int total = 0;
    bool good = true;

    while (total < BULK) {
        ssize_t n = read(fd, text, sizeof(text));

        if (n <= 0)
            return false;
        for (ssize_t i = 0; i < n; i++, total++)
            good = good && text[i] == (total % 100 == 99 ? '\n' : 'a' + total / 100 % 26);
    }
    return good && total == BULK;
}

static void test_bulk(void) {
    pid_t child;

    both_open();
    settings_change(1, 0, true);
    child = child_start(send_bulk, &slave);
    CHECK("much output", receive_bulk(master) && exited_with(child_wait(child), 0));
    child = child_start(send_bulk, &master);
    CHECK("much input", receive_bulk(slave) && exited_with(child_wait(child), 0));
    both_close();
}

static void test_ends(void) {
    both_open();
    CHECK("nobody has left", events_of(master, POLLIN) == 0);
    writes(slave, "last");
    close(slave);
    CHECK("what was written stays", events_of(master, POLLIN) == (POLLIN | POLLHUP) &&
                                        reads(master, "last"));
    CHECK("the terminal was closed", events_of(master, 0) == POLLHUP &&
                                         FAILS(read(master, text, 1), EIO));
    slave = open(name, O_RDWR | O_NOCTTY);
    CHECK("it is opened again", events_of(master, POLLIN) == 0 && writes(slave, "x") &&
                                    reads(master, "x"));
    writes(master, "gone\n");
    close(master);
    CHECK("the master left", reads(slave, "") && reads(slave, "") &&
                                 FAILS(write(slave, "x", 1), EIO));
    CHECK("... its events", events_of(slave, POLLIN | POLLOUT) ==
                                (POLLIN | POLLOUT | POLLHUP | POLLERR));
    CHECK("... and requests", FAILS(tcgetattr(slave, &(struct termios){ 0 }), EIO));
    CHECK("... and no new file", FAILS(open(name, O_RDWR), EIO) || errno == ENOENT);
    close(slave);
}

static void test_hostile(void) {
    struct stat st;

    both_open();
    fcntl(master, F_SETFL, O_NONBLOCK);
    CHECK("a number to nowhere", FAILS(ioctl(master, TIOCGPTN, 8), EFAULT) &&
                                     FAILS(ioctl(master, TIOCSPTLCK, 8), EFAULT));
    CHECK("not the terminal's", FAILS(ioctl(slave, TIOCGPTN, text), ENOTTY) &&
                                    FAILS(ioctl(master, 0x54ff, text), ENOTTY));
    writes(slave, "x");
    CHECK("read to nowhere", FAILS(read(master, (void *)8, 1), EFAULT) &&
                                 FAILS(read(master, (void *)-64, 1), EFAULT));
    CHECK("... loses nothing", reads(master, "x"));
    CHECK("write from nowhere", FAILS(write(master, (void *)8, 1), EFAULT));
    CHECK("no bytes", read(master, text, 0) == 0 && write(master, text, 0) == 0);
    CHECK("no seeking", FAILS(lseek(master, 0, SEEK_SET), ESPIPE));
    CHECK("no removing", unlink(name) < 0 && rename(name, "/dev/pts/7x") < 0 &&
                             mkdir("/dev/pts/d", 0700) < 0 && stat(name, &st) == 0);
    both_close();
}

static void test_many(void) {
    int masters[MANY], slaves[MANY];
    long before = 0;
    bool good = true;

    for (int round = 0; round < 3; round++) {
        if (round == 1)
            before = memory_free();
        for (int i = 0; i < MANY && good; i++)
            good = openpty(&masters[i], &slaves[i], NULL, NULL, NULL) == 0;
        for (int i = 0; i < MANY && good; i++)
            good = writes(slaves[i], "x") && reads(masters[i], "x");
        for (int i = 0; i < MANY && good; i++)
            close(slaves[i]), close(masters[i]);
    }
    CHECK("many", good);
    CHECK("their memory is back", memory_is_back(before, 64 * 1024));
}

int main(void) {
    test_names();
    test_way();
    test_raw();
    test_full();
    test_bulk();
    test_ends();
    test_hostile();
    test_many();
    return check_done();
}
