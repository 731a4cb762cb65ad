/*
 * Descriptors: dup, fcntl, limits, close-on-exec, record locks, flock.
 */
#include "common/check.h"
#include "common/child.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define FAILS(call, error) ((call) == -1 && errno == (error))

static const char *const path = "/tmp/fds-test";

static int status_of(pid_t child) {
    int status;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_dup(void) {
    int fd = open("/dev/null", O_RDWR), low = dup(fd);
    CHECK("the lowest free one", low == fd + 1);
    close(fd);
    CHECK("... again", dup(low) == fd);
    CHECK("dup2", dup2(low, 100) == 100 && fcntl(100, F_GETFD) == 0);
    CHECK("dup2 onto itself", dup2(100, 100) == 100 && FAILS(dup3(100, 100, 0), EINVAL));
    CHECK("dup3 O_CLOEXEC", dup3(low, 100, O_CLOEXEC) == 100 && fcntl(100, F_GETFD) == FD_CLOEXEC);
    CHECK("dup3 of unknown flags", FAILS(dup3(low, 101, O_APPEND), EINVAL));
    CHECK("dup of nothing",
          FAILS(dup(99), EBADF) && FAILS(dup2(99, 5), EBADF) && FAILS(dup2(low, -1), EBADF));
    CHECK("F_DUPFD", fcntl(low, F_DUPFD, 200) == 200 && fcntl(low, F_DUPFD_CLOEXEC, 200) == 201 &&
                         fcntl(201, F_GETFD) == FD_CLOEXEC &&
                         FAILS(fcntl(low, F_DUPFD, -1), EINVAL));
    close(fd), close(low), close(100), close(200), close(201);
}

static void test_fcntl(void) {
    int fd = open(path, O_RDWR | O_CREAT | O_APPEND, 0600);
    CHECK("F_GETFL", (fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND)) == (O_RDWR | O_APPEND));
    CHECK("F_SETFL",
          fcntl(fd, F_SETFL, O_NONBLOCK) == 0 &&
              (fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND | O_NONBLOCK)) == (O_RDWR | O_NONBLOCK));
    CHECK("F_SETFD", fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 && fcntl(fd, F_GETFD) == FD_CLOEXEC);
    CHECK("FIONCLEX", ioctl(fd, FIONCLEX) == 0 && fcntl(fd, F_GETFD) == 0);
    CHECK("unknown commands",
          FAILS(fcntl(fd, 9999), EINVAL) && FAILS(ioctl(fd, 0x12345, 0), ENOTTY));
    CHECK("no descriptor", FAILS(fcntl(99, F_GETFD), EBADF) && FAILS(ioctl(99, FIOCLEX), EBADF));
    close(fd);
}

static void test_limit(void) {
    pid_t child = fork();
    if (child == 0) {
        struct rlimit limit = {20, 20};
        int last = -1, fd;
        setrlimit(RLIMIT_NOFILE, &limit);
        while ((fd = dup(1)) >= 0)
            last = fd;
        bool good = errno == EMFILE && last == 19 && FAILS(dup2(1, 20), EBADF);
        good = good && FAILS(open("/dev/null", O_RDONLY), EMFILE);
        close(7);
        good = good && dup(1) == 7;
        _exit(good ? 0 : 1);
    }
    CHECK("RLIMIT_NOFILE", status_of(child) == 0);
}

static void test_grow(void) {
    int made = 0, fd = open("/dev/null", O_RDWR);
    while (made < 300 && dup(fd) == fd + 1 + made)
        made++;
    CHECK("hundreds of descriptors", made == 300);
    pid_t child = fork();
    if (child == 0)
        _exit(fcntl(fd + 300, F_GETFD) == 0 && write(fd + 300, "x", 1) == 1 ? 0 : 1);
    CHECK("fork copies them", status_of(child) == 0);
    for (int i = 0; i <= made; i++)
        close(fd + i);
}

#define MAKERS 3
#define PIPES 1700
static int made[2], go[2];

/* Opens PIPES pipes, says so, and waits; then writes through the last one. */
static int make_pipes(void *unused) {
    struct rlimit limit = { 2 * PIPES + 100, 2 * PIPES + 100 };
    int ends[2] = { -1, -1 };
    char c = 'p';

    (void)unused;
    close(go[1]);
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
        return 1;
    for (int i = 0; i < PIPES; i++)
        if (pipe(ends) < 0)
            return 2;
    write(made[1], &c, 1), close(made[1]);
    read(go[0], &c, 1);
    return write(ends[1], &c, 1) == 1 && read(ends[0], &c, 1) == 1 && c == 'p' ? 0 : 3;
}

/* No table is full with 5100 pipes and 10200 open files; the limits are each process's own. */
static void test_thousands(void) {
    pid_t children[MAKERS];
    int good = 0;
    char c;

    pipe(made), pipe(go);
    for (int i = 0; i < MAKERS; i++)
        children[i] = child_start(make_pipes, NULL);
    close(made[1]), close(go[0]);
    while (good < MAKERS && read(made[0], &c, 1) == 1)
        good++;
    CHECK("five thousand pipes at once", good == MAKERS);
    close(go[1]);
    good = 0;
    for (int i = 0; i < MAKERS; i++)
        good += status_of(children[i]) == 0;
    CHECK("... and the last ones work", good == MAKERS);
    close(made[0]);
}

static void test_exec(void) {
    int kept = open("/dev/null", O_RDWR), gone = open("/dev/null", O_RDWR | O_CLOEXEC);
    char first[16], second[16];
    snprintf(first, sizeof first, "%d", kept);
    snprintf(second, sizeof second, "%d", gone);
    pid_t child = fork();
    if (child == 0) {
        execl("/test/fds", "fds", first, second, (char *)NULL);
        _exit(9);
    }
    CHECK("exec closes what it should", status_of(child) == 0);
    close(kept), close(gone);
}

static void *close_in_own_table(void *first) {
    return (void *)(long)close_range(*(int *)first, ~0u, CLOSE_RANGE_UNSHARE);
}

static void test_close_range(void) {
    int fd = open("/dev/null", O_RDWR);
    pthread_t thread;
    void *result;
    for (int i = 0; i < 40; i++)
        dup2(fd, fd + 10 + i);
    CHECK("close_range marks",
          close_range(fd + 10, fd + 20, CLOSE_RANGE_CLOEXEC) == 0 &&
              fcntl(fd + 20, F_GETFD) == FD_CLOEXEC && fcntl(fd + 21, F_GETFD) == 0 &&
              FAILS(fcntl(fd + 9, F_GETFD), EBADF));
    CHECK("... and closes", close_range(fd + 15, fd + 25, 0) == 0 &&
                                FAILS(fcntl(fd + 15, F_GETFD), EBADF) &&
                                FAILS(fcntl(fd + 25, F_GETFD), EBADF) &&
                                fcntl(fd + 14, F_GETFD) == FD_CLOEXEC &&
                                fcntl(fd + 26, F_GETFD) == 0);
    pthread_create(&thread, NULL, close_in_own_table, &fd);
    pthread_join(thread, &result);
    CHECK("a thread's own table", result == NULL && fcntl(fd, F_GETFD) == 0 &&
                                      fcntl(fd + 26, F_GETFD) == 0);
    CHECK("... all from one on", close_range(fd, ~0u, 0) == 0 && FAILS(fcntl(fd, F_GETFD), EBADF) &&
                                     FAILS(fcntl(fd + 49, F_GETFD), EBADF) && dup(2) == fd);
    CHECK("no range", FAILS(close_range(5, 4, 0), EINVAL) && FAILS(close_range(90, 91, 1), EINVAL));
    close(fd);
}

static int lock(int fd, int command, int type, off_t start, off_t length) {
    struct flock range = {.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length};
    int result = fcntl(fd, command, &range);
    return result || command != F_GETLK ? result : range.l_type;
}

/* In another process: 0 if the locks of the first are seen as they should be. */
static int other_process(int fd) {
    if (!FAILS(lock(fd, F_SETLK, F_WRLCK, 15, 1), EAGAIN) ||
        lock(fd, F_GETLK, F_WRLCK, 0, 0) != F_WRLCK)
        return 1;
    if (lock(fd, F_SETLK, F_WRLCK, 30, 5) || lock(fd, F_GETLK, F_WRLCK, 0, 10) != F_UNLCK)
        return 2;
    if (!FAILS(lock(fd, F_SETLK, F_RDLCK, 12, 1), EAGAIN) || lock(fd, F_SETLK, F_RDLCK, 17, 1))
        return 3;
    return 0;
}

static void test_record_locks(void) {
    int fd = open(path, O_RDWR | O_CREAT, 0600);
    CHECK("a record lock",
          lock(fd, F_SETLK, F_WRLCK, 10, 10) == 0 && lock(fd, F_GETLK, F_WRLCK, 0, 0) == F_UNLCK);
    CHECK("a part becomes shared", lock(fd, F_SETLK, F_RDLCK, 14, 4) == 0);
    pid_t child = fork();
    if (child == 0)
        _exit(other_process(fd));
    CHECK("others see it", status_of(child) == 0);
    child = fork();
    if (child == 0)
        _exit(lock(fd, F_SETLKW, F_WRLCK, 10, 10) == 0 ? 0 : 1);
    usleep(20000);
    CHECK("F_SETLKW waits for the unlock",
          lock(fd, F_SETLK, F_UNLCK, 0, 0) == 0 && status_of(child) == 0);
    CHECK("bad ranges", FAILS(lock(fd, F_SETLK, F_WRLCK, -1, 1), EINVAL) &&
                            FAILS(lock(fd, F_SETLK, 77, 0, 1), EINVAL));
    int reader = open(path, O_RDONLY);
    CHECK("a write lock needs a writable file", FAILS(lock(reader, F_SETLK, F_WRLCK, 0, 1), EBADF));
    close(reader), close(fd);
}

static void test_flock(void) {
    int first = open(path, O_RDWR), second = open(path, O_RDWR);
    CHECK("flock excludes",
          flock(first, LOCK_EX) == 0 && FAILS(flock(second, LOCK_EX | LOCK_NB), EAGAIN));
    CHECK("flock shares", flock(first, LOCK_SH) == 0 && flock(second, LOCK_SH | LOCK_NB) == 0);
    close(first);
    CHECK("close unlocks", flock(second, LOCK_EX | LOCK_NB) == 0);
    CHECK("flock of what", FAILS(flock(second, 99), EINVAL));
    close(second);
}

int main(int argc, char **argv) {
    if (argc == 3) /* test_exec: one descriptor is open, the other is not */
        return fcntl(atoi(argv[1]), F_GETFD) == 0 && FAILS(fcntl(atoi(argv[2]), F_GETFD), EBADF)
                   ? 0
                   : 1;
    test_dup();
    test_fcntl();
    test_limit();
    test_grow();
    test_thousands();
    test_exec();
    test_close_range();
    test_record_locks();
    test_flock();
    unlink(path);
    return check_done();
}
