/*
 * Handlers: what they are told, what they find, and what becomes of the interrupted program.
 */
#include "common/check.h"
#include "common/child.h"
#include "common/handler.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t last;
static sigset_t mask_inside;

static void count(int sig) {
    calls++;
    last = sig;
    sigprocmask(SIG_BLOCK, NULL, &mask_inside);
}

static void test_info(void) {
    union sigval value = { .sival_int = 4711 };

    handle(SIGUSR1, 0, note_call);
    kill(getpid(), SIGUSR1);
    CHECK("kill runs the handler", calls == 1 && told.si_signo == SIGUSR1);
    CHECK("kill's info", told.si_signo == SIGUSR1 && told.si_code == SI_USER &&
                             told.si_pid == getpid() && told.si_uid == getuid());
    raise(SIGUSR1);
    CHECK("tgkill's info", calls == 2 && told.si_code == SI_TKILL && told.si_pid == getpid());
    CHECK("sigqueue's info", sigqueue(getpid(), SIGUSR1, value) == 0 && calls == 3 &&
                                 told.si_code == SI_QUEUE && told.si_int == 4711);
    told.si_code = SI_USER;
    errno = 0;
    CHECK("nobody else passes as kill",
          syscall(SYS_rt_sigqueueinfo, getppid(), SIGUSR1, &told) == -1 && errno == EPERM);
    told.si_code = SI_QUEUE;
    CHECK("to a thread", syscall(SYS_rt_tgsigqueueinfo, getpid(), getpid(), SIGUSR1, &told) == 0 &&
                             calls == 4);
    errno = 0;
    CHECK("no such thread", tgkill(getpid(), 3999999, SIGUSR1) == -1 && errno == ESRCH);
}

static void raise_again(int sig) {
    count(sig);
    if (calls == 1) {
        raise(sig);
        last = calls == 1 ? 1000 : 2000;        /* 2000: it ran inside */
    }
}

static void test_flags(void) {
    struct sigaction action = { .sa_handler = count }, old;

    sigaddset(&action.sa_mask, SIGUSR2);
    calls = 0;
    sigaction(SIGUSR1, &action, NULL);
    raise(SIGUSR1);
    CHECK("sa_mask and the signal are blocked inside",
          sigismember(&mask_inside, SIGUSR1) && sigismember(&mask_inside, SIGUSR2));
    sigprocmask(SIG_BLOCK, NULL, &mask_inside);
    CHECK("and not behind it", mask_inside.bits == 0);
    action = (struct sigaction){ .sa_handler = raise_again };
    calls = 0;
    sigaction(SIGUSR1, &action, NULL);
    raise(SIGUSR1);
    CHECK("a second one waits for the first", calls == 2 && last != 2000);
    action.sa_flags = SA_NODEFER;
    calls = 0;
    sigaction(SIGUSR1, &action, NULL);
    raise(SIGUSR1);
    CHECK("SA_NODEFER: it does not", calls == 2 && last == 2000);
    action = (struct sigaction){ .sa_handler = count, .sa_flags = SA_RESETHAND };
    sigaction(SIGUSR1, &action, NULL);
    raise(SIGUSR1);
    sigaction(SIGUSR1, NULL, &old);
    CHECK("SA_RESETHAND", last == SIGUSR1 && old.sa_handler == SIG_DFL);
    action.sa_mask.bits = ~0ul;
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGUSR1, NULL, &old);
    CHECK("SIGKILL and SIGSTOP are never in a mask",
          !sigismember(&old.sa_mask, SIGKILL) && !sigismember(&old.sa_mask, SIGSTOP));
    signal(SIGUSR1, SIG_DFL);
}

/* Sends its parent a signal again and again, because the first may come too early. */
static int poke(void *sig) {
    for (;;) {
        usleep(3000);
        kill(getppid(), (int)(long)sig);
    }
    return 0;
}

static pid_t poke_start(int sig) {
    return child_start(poke, (void *)(long)sig);
}

static void poke_end(pid_t pid) {
    kill(pid, SIGKILL);
    while (waitpid(pid, NULL, 0) == -1 && errno == EINTR)
        ;
}

static int poke_and_write(void *fd) {
    for (int i = 0; i < 5; i++) {
        usleep(3000);
        kill(getppid(), SIGUSR1);
    }
    write((int)(long)fd, "x", 1);
    return 0;
}

static void test_restart(void) {
    struct timespec sleep = { .tv_sec = 20 }, left = { 0 };
    int fds[2];
    pid_t pid;
    char c;

    pipe(fds);
    handle(SIGUSR1, 0, note_call);
    pid = poke_start(SIGUSR1);
    errno = 0;
    CHECK("read is interrupted", read(fds[0], &c, 1) == -1 && errno == EINTR && calls > 0);
    errno = 0;
    CHECK("so is wait4", waitpid(pid, NULL, 0) == -1 && errno == EINTR);
    handle(SIGUSR1, SA_RESTART, note_call);
    errno = 0;
    CHECK("a handler ends nanosleep even with SA_RESTART",
          nanosleep(&sleep, &left) == -1 && errno == EINTR && calls > 0);
    CHECK("it says what is left", left.tv_sec == 19 || (left.tv_sec < 19 && left.tv_sec > 0));
    poke_end(pid);
    handle(SIGUSR1, SA_RESTART, note_call);
    pid = child_start(poke_and_write, (void *)(long)fds[1]);
    CHECK("SA_RESTART: read goes on", read(fds[0], &c, 1) == 1 && calls > 0);
    CHECK("SA_RESTART: wait4 goes on", waitpid(pid, NULL, 0) == pid);
    pid = child_start(poke_and_write, (void *)(long)fds[1]);
    CHECK("all the while", waitpid(pid, NULL, 0) == pid);
    close(fds[0]);
    close(fds[1]);
    signal(SIGUSR1, SIG_DFL);
}

static int exit_soon(void *unused) {
    (void)unused;
    usleep(5000);
    return 0;
}

static int work_50_ms(void *unused) {
    (void)unused;
    while (clock() < CLOCKS_PER_SEC / 20)
        ;
    return 0;
}

static void test_waiting(void) {
    struct timespec soon = { .tv_nsec = 5000000 }, now = { 0 };
    sigset_t none, set;
    siginfo_t info;
    pid_t pid;
    int sig;

    sigemptyset(&none);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    handle(SIGUSR1, SA_RESTART, note_call);
    block(SIG_BLOCK, SIGUSR1);
    pid = poke_start(SIGUSR1);
    errno = 0;
    CHECK("sigsuspend", sigsuspend(&none) == -1 && errno == EINTR && calls == 1);
    sigprocmask(SIG_BLOCK, NULL, &none);
    CHECK("the old mask is back", sigismember(&none, SIGUSR1));
    CHECK("sigwaitinfo", sigwaitinfo(&set, &info) == SIGUSR1 && info.si_pid == pid && calls == 1);
    poke_end(pid);
    kill(getpid(), SIGUSR1);        /* with what the child may have sent last it is one */
    sigemptyset(&none);
    CHECK("sigsuspend takes what waits", sigsuspend(&none) == -1 && calls == 2);
    errno = 0;
    CHECK("sigtimedwait does not wait", sigtimedwait(&set, NULL, &now) == -1 && errno == EAGAIN);
    errno = 0;
    CHECK("nor for ever", sigtimedwait(&set, NULL, &soon) == -1 && errno == EAGAIN);
    raise(SIGUSR1);
    CHECK("sigwait", sigwait(&set, &sig) == 0 && sig == SIGUSR1 && calls == 2);
    sigaddset(&set, SIGCHLD);
    block(SIG_BLOCK, SIGCHLD);
    pid = child_start(exit_soon, NULL);
    CHECK("what is ignored by default can be waited for",
          sigwaitinfo(&set, &info) == SIGCHLD && info.si_pid == pid);
    child_wait(pid);
    pid = child_start(work_50_ms, NULL);
    sigwaitinfo(&set, &info);
    CHECK("and says what the child used", info.si_pid == pid && info.si_utime + info.si_stime >= 4);
    child_wait(pid);
    block(SIG_UNBLOCK, SIGCHLD);
    handle(SIGUSR2, 0, note_call);
    pid = poke_start(SIGUSR2);
    errno = 0;
    CHECK("another signal ends it", sigwaitinfo(&set, &info) == -1 && errno == EINTR && calls > 0);
    poke_end(pid);
    block(SIG_UNBLOCK, SIGUSR1);
    signal(SIGUSR2, SIG_DFL);
}

static int order[8];

static void remember(int sig, siginfo_t *info, void *context) {
    (void)sig;
    (void)context;
    order[calls++ % 8] = info->si_int;
}

static int fill_queue(void *unused) {
    struct rlimit limit = { 10, 10 };
    union sigval value = { 0 };
    int sent = 0;

    (void)unused;
    setrlimit(RLIMIT_SIGPENDING, &limit);
    handle(SIGRTMIN, 0, remember);
    block(SIG_BLOCK, SIGRTMIN);
    while (sent < 100 && sigqueue(getpid(), SIGRTMIN, value) == 0)
        sent++;
    if (sent != 10 || errno != EAGAIN)
        return 1;
    if (kill(getpid(), SIGUSR1) != 0 || calls != 1)     /* needs no place */
        return 2;
    block(SIG_UNBLOCK, SIGRTMIN);
    return calls == 11 ? 0 : 3;
}

static void test_queue(void) {
    union sigval value;
    sigset_t set;

    handle(SIGRTMIN + 2, 0, remember);
    handle(SIGRTMIN + 1, 0, remember);
    handle(SIGUSR1, 0, remember);
    sigfillset(&set);
    sigprocmask(SIG_SETMASK, &set, NULL);
    for (value.sival_int = 1; value.sival_int <= 3; value.sival_int++) {
        sigqueue(getpid(), SIGRTMIN + 2, value);
        sigqueue(getpid(), SIGUSR1, value);
    }
    sigqueue(getpid(), SIGRTMIN + 1, value);
    sigpending(&set);
    CHECK("sigpending", sigismember(&set, SIGRTMIN + 1) && sigismember(&set, SIGRTMIN + 2) &&
                            sigismember(&set, SIGUSR1) && !sigismember(&set, SIGUSR2));
    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN + 2);
    CHECK("real-time signals are queued in order",
          sigwaitinfo(&set, &told) > 0 && told.si_int == 1 && sigwaitinfo(&set, &told) > 0 &&
              told.si_int == 2 && sigwaitinfo(&set, &told) > 0 && told.si_int == 3);
    sigemptyset(&set);
    sigprocmask(SIG_SETMASK, &set, NULL);
    CHECK("a standard signal is pending once", calls == 2);
    CHECK("the queue is bounded", exited_with(child_run(fill_queue, NULL), 0));
    block(SIG_BLOCK, SIGUSR1);
    raise(SIGUSR1);
    signal(SIGUSR1, SIG_IGN);
    sigpending(&set);
    CHECK("ignoring forgets", !sigismember(&set, SIGUSR1));
    signal(SIGUSR1, SIG_DFL);
    block(SIG_UNBLOCK, SIGUSR1);
}

/* --- inheritance */

static int after_exec(void) {
    struct sigaction first, second;
    sigset_t mask;
    stack_t stack;

    sigaction(SIGUSR1, NULL, &first);
    sigaction(SIGUSR2, NULL, &second);
    sigprocmask(SIG_BLOCK, NULL, &mask);
    sigaltstack(NULL, &stack);
    if (first.sa_handler != SIG_DFL || second.sa_handler != SIG_IGN)
        return 1;
    return sigismember(&mask, SIGHUP) && stack.ss_flags == SS_DISABLE ? 0 : 2;
}

static int exec_self(void *unused) {
    char *arguments[] = { "sigaction", "exec", NULL };
    stack_t stack = { .ss_sp = malloc(SIGSTKSZ), .ss_size = SIGSTKSZ };

    (void)unused;
    sigaltstack(&stack, NULL);
    handle(SIGUSR1, 0, note_call);
    signal(SIGUSR2, SIG_IGN);
    block(SIG_BLOCK, SIGHUP);
    execv(own_path(), arguments);
    return 9;
}

static int use_inherited(void *unused) {
    sigset_t pending;

    (void)unused;
    sigpending(&pending);
    if (pending.bits)
        return 1;
    raise(SIGUSR1);
    return calls;
}

static void test_inheritance(void) {
    CHECK("exec", exited_with(child_run(exec_self, NULL), 0));
    handle(SIGUSR1, 0, note_call);
    block(SIG_BLOCK, SIGUSR2);
    raise(SIGUSR2);
    CHECK("fork keeps handlers, not what is pending",
          exited_with(child_run(use_inherited, NULL), 1) && calls == 0);
    signal(SIGUSR2, SIG_IGN);
    block(SIG_UNBLOCK, SIGUSR2);
    signal(SIGUSR1, SIG_DFL);
    signal(SIGUSR2, SIG_DFL);
}

/* --- storms */

enum { STORM = 2000 };

static int send_storm(void *sig) {
    union sigval value;

    for (value.sival_int = 0; value.sival_int < STORM;)
        if (sigqueue(getppid(), (int)(long)sig, value) == 0)
            value.sival_int++;
    return 0;
}

static volatile int next[2];
static volatile bool in_order;

static void expect_next(int sig, siginfo_t *info, void *context) {
    volatile int *expected = &next[sig - SIGRTMIN - 1];

    (void)context;
    in_order = in_order && info->si_int == *expected;
    ++*expected;
}

static void test_storm(void) {
    pid_t pids[2];
    double x = 1.0;
    bool exact = true;

    in_order = true;
    next[0] = next[1] = 0;
    for (int i = 0; i < 2; i++)
        handle(SIGRTMIN + 1 + i, SA_RESTART, expect_next);
    for (int i = 0; i < 2; i++)
        pids[i] = child_start(send_storm, (void *)(long)(SIGRTMIN + 1 + i));
    while (next[0] < STORM || next[1] < STORM) {
        x *= 1.5;
        getppid();
        exact = exact && x == 1.5;
        x /= 1.5;
    }
    CHECK("no signal of a storm is lost or out of order",
          exited_with(child_wait(pids[0]), 0) && exited_with(child_wait(pids[1]), 0) && in_order &&
              next[0] == STORM && next[1] == STORM);
    CHECK("registers survive it", exact);
}

int main(int argc, char **argv) {
    if (argc > 1 && strcmp(argv[1], "exec") == 0)
        return after_exec();
    test_info();
    test_flags();
    test_restart();
    test_waiting();
    test_queue();
    test_inheritance();
    test_storm();
    return check_done();
}
