/*
 * What a handler does to the call that its thread sleeps in: with SA_RESTART some go on, some never do
 * (signal(7)), and some do even without it.
 */
#include "common/check.h"
#include "common/child.h"
#include "common/handler.h"

#include <abi/futex.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PATH_FIFO "/tmp/restart.fifo"
#define PATH_LOCK "/tmp/restart.lock"

/* Made before the child that sleeps. */
static int fds[2];                      /* a pipe */
static int lock_fd, terminal, master;
static unsigned *word;                  /* shared: 1 until the child may go on; then a lock */
static struct timespec long_time = { 1000, 0 };

/* --- the calls: -1 with errno, or what success is */

static long read_pipe(void) {
    char c;

    return read(fds[0], &c, 1);
}

static long write_pipe(void) {
    static char page[4096];

    fcntl(fds[1], F_SETFL, O_NONBLOCK);
    while (write(fds[1], page, sizeof(page)) > 0)
        ;
    fcntl(fds[1], F_SETFL, 0);
    return write(fds[1], page, 1);
}

static long open_fifo(void) { return open(PATH_FIFO, O_RDONLY); }

static int leave_when_told(void *unused) {
    (void)unused;
    signal(SIGUSR1, SIG_IGN);
    while (__atomic_load_n(word, __ATOMIC_SEQ_CST))
        usleep(1000);
    return 0;
}

static long wait_child(void) { return wait4(child_start(leave_when_told, NULL), NULL, 0, NULL); }

static long wait_id(void) {
    siginfo_t info;

    return waitid(P_PID, child_start(leave_when_told, NULL), &info, WEXITED);
}

static long record_lock(void) {
    struct flock range = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

    return fcntl(lock_fd, F_SETLKW, &range);
}

static long whole_lock(void) { return syscall(SYS_flock, open(PATH_LOCK, O_RDWR), 2); }

static long read_terminal(void) {
    char c;

    return read(terminal, &c, 1);
}

/* Who comes back from the handler after the word has changed does not wait again. */
static long wait_futex(void) {
    long result = syscall(SYS_futex, word, FUTEX_WAIT, 1l, NULL, NULL, 0l);

    return result == -1 && errno == EAGAIN ? 0 : result;
}

static long lock_pi(void) { return syscall(SYS_futex, word + 1, FUTEX_LOCK_PI, 0l, NULL, NULL, 0l); }

static long wait_futex_some_time(void) {
    return syscall(SYS_futex, word, FUTEX_WAIT, 1l, &long_time, NULL, 0l);
}

static long wait_signal(void) {
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    return sigtimedwait(&set, NULL, &long_time);
}

static long suspend(void) {
    sigset_t none;

    sigemptyset(&none);
    return sigsuspend(&none);
}

static long poll_pipe(void) { return poll(&(struct pollfd){ fds[0], POLLIN, 0 }, 1, -1); }
static long ppoll_pipe(void) {
    return ppoll(&(struct pollfd){ fds[0], POLLIN, 0 }, 1, &long_time, NULL);
}
static long select_pipe(void) {
    fd_set set;

    FD_ZERO(&set);
    FD_SET(fds[0], &set);
    return select(fds[0] + 1, &set, NULL, NULL, NULL);
}
static long sleep_long(void) { return nanosleep(&long_time, NULL); }
static long sleep_until(void) {
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    time.tv_sec += 1000;
    errno = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
    return errno ? -1 : 0;
}
static long pause_long(void) { return pause(); }

/* --- what lets them go on */

static void write_byte(void) { write(fds[1], "x", 1); }

static void drain(void) {
    static char room[4096];

    read(fds[0], room, sizeof(room));
}

static void open_other_end(void) { close(open(PATH_FIFO, O_WRONLY)); }
static void tell(void) { __atomic_store_n(word, 0, __ATOMIC_SEQ_CST); }

static void wake(void) {
    tell();
    syscall(SYS_futex, word, FUTEX_WAKE, 1l, NULL, NULL, 0l);
}

static void record_unlock(void) {
    struct flock range = { .l_type = F_UNLCK, .l_whence = SEEK_SET };

    fcntl(lock_fd, F_SETLK, &range);
}

static void whole_unlock(void) { syscall(SYS_flock, lock_fd, 8); }
static void type_line(void) { write(master, "x\n", 2); }
static void unlock_pi(void) { syscall(SYS_futex, word + 1, FUTEX_UNLOCK_PI, 0l, NULL, NULL, 0l); }

enum how { IF_ASKED, ALWAYS, NEVER };

static const struct row {
    const char *name;
    long (*call)(void);
    enum how goes_on;
    void (*finish)(void);
} rows[] = {
    { "read of a pipe", read_pipe, IF_ASKED, write_byte },
    { "write to a pipe", write_pipe, IF_ASKED, drain },
    { "open of a fifo", open_fifo, IF_ASKED, open_other_end },
    { "wait4", wait_child, IF_ASKED, tell },
    { "waitid", wait_id, IF_ASKED, tell },
    { "fcntl F_SETLKW", record_lock, IF_ASKED, record_unlock },
    { "flock", whole_lock, IF_ASKED, whole_unlock },
    { "read of a terminal", read_terminal, IF_ASKED, type_line },
    { "futex", wait_futex, IF_ASKED, wake },
    { "futex FUTEX_LOCK_PI", lock_pi, ALWAYS, unlock_pi },
    { "futex with a time limit", wait_futex_some_time, NEVER, NULL },
    { "sigtimedwait", wait_signal, NEVER, NULL },
    { "sigsuspend", suspend, NEVER, NULL },
    { "poll", poll_pipe, NEVER, NULL },
    { "ppoll", ppoll_pipe, NEVER, NULL },
    { "select", select_pipe, NEVER, NULL },
    { "nanosleep", sleep_long, NEVER, NULL },
    { "clock_nanosleep until a time", sleep_until, NEVER, NULL },
    { "pause", pause_long, NEVER, NULL },
};

/* --- */

static void prepare(void) {
    struct flock range = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

    word += 2;                          /* who was left behind has its own */
    word[0] = 1;
    word[1] = (unsigned)gettid();
    pipe(fds);
    lock_fd = open(PATH_LOCK, O_RDWR | O_CREAT, 0600);
    fcntl(lock_fd, F_SETLK, &range);
    syscall(SYS_flock, lock_fd, 2);
}

static void clean(void) {
    close(fds[0]);
    close(fds[1]);
    close(lock_fd);
}

static int sleeper(void *row) {
    long result = ((const struct row *)row)->call();

    if (result == -1 && errno != EINTR)
        printf("%s: %s\n", ((const struct row *)row)->name, strerror(errno));
    return result >= 0 ? 0 : errno == EINTR ? 1 : 2;
}

/* Signals come until it ends, or for some time: a first one may be too early. */
static bool ends_by_signals(pid_t pid, int times, int *status) {
    for (int i = 0; i < times; i++) {
        usleep(2000);
        kill(pid, SIGUSR1);
        if (waitpid(pid, status, WNOHANG) == pid)
            return true;
    }
    return false;
}

static void test_row(const struct row *row, int flags) {
    bool goes_on = row->goes_on == ALWAYS || (row->goes_on == IF_ASKED && flags & SA_RESTART), ended;
    char name[64];
    int status = -1;
    pid_t pid;

    handle(SIGUSR1, flags, note_call);
    prepare();
    pid = child_start(sleeper, (void *)row);
    ended = ends_by_signals(pid, goes_on ? 15 : 2000, &status);
    if (!ended && goes_on) {
        row->finish();
        ended = waitpid(pid, &status, 0) == pid;
    }
    if (!ended)
        kill(pid, SIGKILL);
    snprintf(name, sizeof(name), "%s%s: it %s", row->name, flags & SA_RESTART ? ", SA_RESTART" : "",
             goes_on ? "goes on" : "is interrupted");
    CHECK(name, ended && exited_with(status, !goes_on));
    tell();
    while (waitpid(-1, NULL, WNOHANG) > 0)
        ;
    clean();
}

static void terminal_open(void) {
    char name[32];
    int number = 0, unlock = 0;

    master = open("/dev/ptmx", O_RDWR | O_NOCTTY);
    ioctl(master, TIOCSPTLCK, &unlock);
    ioctl(master, TIOCGPTN, &number);
    snprintf(name, sizeof(name), "/dev/pts/%d", number);
    terminal = open(name, O_RDWR | O_NOCTTY);
}

int main(void) {
    word = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    mkfifo(PATH_FIFO, 0600);
    terminal_open();
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        test_row(&rows[i], 0);
        test_row(&rows[i], SA_RESTART);
    }
    unlink(PATH_FIFO);
    unlink(PATH_LOCK);
    return check_done();
}
