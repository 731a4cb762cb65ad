/*
 * Limits: descriptors, processes, memory; and memory that is used up.
 */
#include "common/check.h"
#include "common/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096ul

static bool limit_set(int which, rlim_t limit) {
    struct rlimit r;

    return getrlimit(which, &r) == 0 && (r.rlim_cur = limit, setrlimit(which, &r) == 0);
}

static int use_descriptors(void *unused) {
    int fd = 0, last = 0;

    (void)unused;
    if (!limit_set(RLIMIT_NOFILE, 20))
        return 1;
    while ((fd = open("/dev/null", O_RDONLY)) >= 0)
        last = fd;
    if (errno != EMFILE || last != 19)
        return 2;
    if (dup(0) != -1 || errno != EMFILE || dup2(0, 20) != -1 || errno != EBADF)
        return 3;
    int fds[2];
    if (pipe(fds) != -1 || errno != EMFILE)
        return 4;
    close(19);
    if (pipe(fds) != -1 || errno != EMFILE || open("/dev/null", O_RDONLY) != 19)
        return 5;
    return fcntl(0, F_DUPFD, 20) == -1 && errno == EINVAL ? 0 : 6;
}

static int use_high_descriptors(void *unused) {
    (void)unused;
    for (int fd = 3; fd < 1024; fd++)
        if (dup2(0, fd) != fd)
            return 1;
    if (dup(0) != -1 || errno != EMFILE)
        return 2;
    /* A child with a lower limit keeps what is open above it. */
    return exited_with(child_run(use_descriptors, NULL), 2) ? 0 : 3;
}

static int bomb(void *unused) {
    int made = 0;
    pid_t pid;

    (void)unused;
    if (!limit_set(RLIMIT_NPROC, 40))
        return 1;
    while ((pid = fork()) > 0)
        made++;
    if (pid == 0) {
        sleep(1000);
        _exit(0);
    }
    if (errno != EAGAIN || made < 1 || made >= 40)
        return 2;
    signal(SIGTERM, SIG_IGN);
    kill(0, SIGTERM);
    while (made && wait(NULL) > 0)
        made--;
    return made ? 3 : 0;
}

/* The members ignore no SIGTERM: the parent asks for that only after they were made. */
static int bomb_in_group(void *unused) {
    setpgid(0, 0);
    return bomb(unused);
}

static void child_end(pid_t child) {
    kill(child, SIGKILL);
    child_wait(child);
}

static int sleep_as(void *user) {
    if (setuid((uid_t)(long)user) != 0)
        return 1;
    sleep(1000);
    return 0;
}

static int fork_as(void *user) {
    pid_t made[3];
    int count = 0;

    if (!limit_set(RLIMIT_NPROC, 3) || setuid((uid_t)(long)user) != 0)
        return 1;
    while (count < 3 && (made[count] = fork()) > 0)
        count++;
    if (count < 3 && made[count] == 0) {
        sleep(1000);
        _exit(0);
    }
    int error = errno;
    for (int i = 0; i < count; i++)
        child_end(made[i]);
    return count == 2 && error == EAGAIN ? 0 : 2;   /* itself and two more */
}

/* What other users run does not count. */
static int own_processes_only(void *unused) {
    pid_t others[5];

    (void)unused;
    for (int i = 0; i < 5; i++)
        others[i] = child_start(sleep_as, (void *)2001);
    usleep(50000);
    int status = child_run(fork_as, (void *)2002);
    for (int i = 0; i < 5; i++)
        child_end(others[i]);
    return exited_with(status, 0) ? 0 : 1;
}

static int exceed_file_size(void *path) {
    char bytes[100] = { 0 };
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);

    if (fd < 0 || !limit_set(RLIMIT_FSIZE, 150))
        return 1;
    if (write(fd, bytes, 100) != 100 || write(fd, bytes, 100) != 50)
        return 2;
    signal(SIGXFSZ, SIG_IGN);
    if (write(fd, bytes, 1) != -1 || errno != EFBIG)
        return 3;
    if (ftruncate(fd, 151) != -1 || errno != EFBIG || pwrite(fd, bytes, 10, 145) != 5)
        return 4;
    if (lseek(fd, 0, SEEK_END) != 150 || pwrite(fd, bytes, 10, 20) != 10)
        return 5;
    signal(SIGXFSZ, SIG_DFL);
    write(fd, bytes, 1);
    return 6;
}

static void test_file_size(void) {
    char path[] = "/tmp/limit-file";

    CHECK("a file beyond RLIMIT_FSIZE", died_of(child_run(exceed_file_size, path), SIGXFSZ));
    unlink(path);
}

static int grow_heap(void *unused) {
    char *start = sbrk(0);

    (void)unused;
    if (!limit_set(RLIMIT_DATA, 1ul << 20))
        return 1;
    if (sbrk(64 << 10) != start)
        return 2;
    return sbrk(2 << 20) == (void *)-1 && errno == ENOMEM ? 0 : 3;
}

static int grow_space(void *unused) {
    void *area;

    (void)unused;
    if (!limit_set(RLIMIT_AS, 64ul << 20))
        return 1;
    area = mmap(NULL, 8ul << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (area == MAP_FAILED)
        return 2;
    if (mmap(NULL, 64ul << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED ||
        errno != ENOMEM)
        return 3;
    if (sbrk(64l << 20) != (void *)-1 || sbrk(1l << 20) == (void *)-1)
        return 5;
    return mremap(area, 8ul << 20, 64ul << 20, MREMAP_MAYMOVE) == MAP_FAILED && errno == ENOMEM
               ? 0 : 4;
}

static int raise_limit(void *unused) {
    struct rlimit r = { 10, 20 }, old;

    (void)unused;
    setuid(1000);
    if (setrlimit(RLIMIT_NOFILE, &r) != 0 || getrlimit(RLIMIT_NOFILE, &old) != 0 ||
        old.rlim_max != 20)
        return 1;
    r.rlim_max = 21;
    if (setrlimit(RLIMIT_NOFILE, &r) != -1 || errno != EPERM)
        return 2;
    r = (struct rlimit){ 30, 20 };
    if (setrlimit(RLIMIT_NOFILE, &r) != -1 || errno != EINVAL)
        return 3;
    return getrlimit(99, &r) == -1 && errno == EINVAL ? 0 : 4;
}

static void check_child(const char *name, int (*body)(void *)) {
    int status = child_run(body, NULL);
    char why[40];

    snprintf(why, sizeof(why), "status 0x%x", status);
    check(name, exited_with(status, 0), why);
}

/* --- memory used up --- */

static int eat_mapping(void *unused) {
    size_t size = 16ul << 30;
    char *area = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    (void)unused;
    if (area == MAP_FAILED)
        return 5;
    for (size_t at = 0; at < size; at += PAGE)
        area[at] = 1;
    return 6;
}

static int eat_heap(void *unused) {
    char *at;

    (void)unused;
    while ((at = sbrk(1 << 20)) != (void *)-1)
        for (size_t i = 0; i < 1 << 20; i += PAGE)
            at[i] = 1;
    return 5;
}

static int eat_by_forks(void *unused) {
    char *area = mmap(NULL, 4 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int fds[2];
    char c;
    pid_t pid;

    (void)unused;
    setpgid(0, 0);
    pipe(fds);
    while ((pid = fork()) > 0)
        if (read(fds[0], &c, 1) != 1)
            break;
    if (pid == 0) {
        close(fds[0]);
        for (size_t i = 0; i < 4 << 20; i += PAGE)
            area[i] = 1;
        write(fds[1], "x", 1);
        sleep(1000);
        _exit(0);
    }
    signal(SIGTERM, SIG_IGN);
    kill(0, SIGTERM);
    return 5;
}

static int count_to_pipe(void *fd) {
    for (;;) {
        usleep(5000);
        if (write((int)(long)fd, "x", 1) != 1)
            return 1;
    }
}

static bool dies_or_enomem(int (*eat)(void *)) {
    bool killed;
    int status = child_wait_limited(child_start(eat, NULL), 60000, &killed);

    return !killed && (died_of(status, SIGKILL) || exited_with(status, 5));
}

static void test_exhaustion(void) {
    int fds[2];
    char c;
    long before;
    pid_t other;

    pipe(fds);
    other = child_start(count_to_pipe, (void *)(long)fds[1]);
    dies_or_enomem(eat_mapping);        /* warms up: caches are given back */
    before = memory_free();
    CHECK("a mapping of all memory", dies_or_enomem(eat_mapping));
    CHECK("a heap of all memory", dies_or_enomem(eat_heap));
    CHECK("memory is back", memory_is_back(before, 64 * PAGE));
    CHECK("somebody else goes on", read(fds[0], &c, 1) == 1 && waitpid(other, NULL, WNOHANG) == 0);
    kill(other, SIGKILL);
    child_wait(other);
    close(fds[0]);
    close(fds[1]);
}

/* It may have no page, so for each that comes the kernel looks in vain for one that could go. */
static int populate_slowly(void *unused) {
    (void)unused;
    void *at = limit_set(RLIMIT_RSS, 0) ? NULL : MAP_FAILED;
    while (at != MAP_FAILED) {
        at = mmap(NULL, 2048 * PAGE, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0);
        munmap(at, 2048 * PAGE);
    }
    return 1;
}

static void test_killed_while_memory_comes(void) {
    bool killed;
    pid_t pid = child_start(populate_slowly, NULL);

    usleep(200000);
    kill(pid, SIGKILL);
    int status = child_wait_limited(pid, 3000, &killed);
    CHECK("who is killed gets no more memory", died_of(status, SIGKILL) && !killed);
}

int main(int argc, char *argv[]) {
    (void)argv;
    check_child("descriptors", use_descriptors);
    check_child("1024 descriptors", use_high_descriptors);
    check_child("processes", bomb_in_group);
    check_child("processes of other users", own_processes_only);
    test_file_size();
    check_child("the heap", grow_heap);
    check_child("the address space", grow_space);
    check_child("raising limits", raise_limit);
    test_exhaustion();
    if (argc > 1)               /* needs a machine that nobody else uses */
        CHECK("many who want memory", dies_or_enomem(eat_by_forks));
    test_killed_while_memory_comes();
    return check_done();
}
