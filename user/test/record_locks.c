/*
 * Record locks of descriptor tables that several threads or processes share: who closes ends them, and
 * none outlives its file.
 */
#include "common/check.h"
#include "common/child.h"
#include "common/thread.h"

#include <abi/sched.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define NAME "/tmp/record-locks"

static int lock(int fd, int command, int type) {
    struct flock range = { .l_type = type, .l_whence = SEEK_SET, .l_len = 10 };

    return fcntl(fd, command, &range);
}

/* Is the file not locked by anybody? It has no name afterwards, and is gone with its descriptors. */
static bool nobody_locks(void) {
    int fd = open(NAME, O_RDWR);
    bool free = lock(fd, F_SETLK, F_WRLCK) == 0;

    close(fd);
    return unlink(NAME) == 0 && free;
}

static int result;

static void *wait_for_lock(void *fd) {
    result = lock((int)(long)fd, F_SETLKW, F_WRLCK) == 0 ? 0 : errno;
    return NULL;
}

static int hold_lock(void *ends) {
    char byte;
    int fd = open(NAME, O_RDWR);

    if (lock(fd, F_SETLK, F_WRLCK) != 0 || write(((int *)ends)[3], "x", 1) != 1)
        return 1;
    return read(((int *)ends)[0], &byte, 1) == 1 ? 0 : 2;
}

/* Another process has the lock; one thread waits for it, and the other closes the descriptor. */
static void test_close_while_waiting(void) {
    char byte;
    int ends[4], fd = open(NAME, O_RDWR | O_CREAT, 0600);

    pipe(ends);
    pipe(ends + 2);
    pid_t holder = child_start(hold_lock, ends);
    CHECK("another process has it", read(ends[2], &byte, 1) == 1);
    pthread_t thread = started(wait_for_lock, (void *)(long)fd);
    usleep(20000);
    close(fd);
    CHECK("it gives it up", write(ends[1], "x", 1) == 1 && exited_with(child_wait(holder), 0));
    pthread_join(thread, NULL);
    CHECK("the descriptor was closed meanwhile", result == EBADF);
    CHECK("so there is no lock", nobody_locks());
    for (int i = 0; i < 4; i++)
        close(ends[i]);
}

/* A process with the same table locks, and ends; the table lives on. */
static void test_shared_table(void) {
    int fd = open(NAME, O_RDWR | O_CREAT, 0600);
    long pid = syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0ul, NULL, 0ul, NULL);

    if (pid == 0)
        _exit(lock(fd, F_SETLK, F_WRLCK) == 0 ? 0 : 1);
    CHECK("one who shares the table locks", exited_with(child_wait(pid), 0));
    CHECK("the lock is ours as well", lock(fd, F_SETLK, F_RDLCK) == 0);
    close(fd);
    CHECK("and ends when we close", nobody_locks());
}

int main(void) {
    test_close_while_waiting();
    test_shared_table();
    return check_done();
}
