/*
 * Signals, timers, stopping and poll as the GNU C library sees them: a program for Linux, which knows
 * nothing of this kernel. One line for each check.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>
#include <unwind.h>

static int bad;

static void check(const char *what, bool holds) {
    printf("%s %s\n", holds ? "ok" : "FAIL", what);
    bad += !holds;
    fflush(stdout);
}

static volatile int calls;
static siginfo_t told;
static ucontext_t context;
static sigjmp_buf back;

static void handle(int sig, int flags, void (*handler)(int, siginfo_t *, void *)) {
    struct sigaction action = { .sa_sigaction = handler, .sa_flags = flags | SA_SIGINFO };

    calls = 0;
    sigaction(sig, &action, NULL);
}

static void note(int sig, siginfo_t *info, void *uc) {
    (void)sig;
    told = *info;
    context = *(ucontext_t *)uc;
    calls++;
}

static void jump(int sig, siginfo_t *info, void *uc) {
    note(sig, info, uc);
    siglongjmp(back, 1);
}

/* --- the frame */

static volatile bool main_was_seen;
int main(void);

static _Unwind_Reason_Code look(struct _Unwind_Context *frame, void *depth) {
    if (_Unwind_FindEnclosingFunction((void *)_Unwind_GetIP(frame)) == (void *)main)
        main_was_seen = true;
    return ++*(int *)depth < 30 ? _URC_NO_REASON : _URC_END_OF_STACK;
}

static void unwind(int sig, siginfo_t *info, void *uc) {
    int depth = 0;

    note(sig, info, uc);
    _Unwind_Backtrace(look, &depth);
}

static void test_frame(void) {
    volatile double x = 1.25;

    handle(SIGUSR1, SA_RESTART, unwind);
    raise(SIGUSR1);
    check("raise", calls == 1 && told.si_signo == SIGUSR1 && told.si_code == SI_TKILL &&
                       told.si_pid == getpid());
    check("an unwinder finds its way out of a handler", main_was_seen);
    check("the mask of then", !sigismember(&context.uc_sigmask, SIGUSR1));
    kill(getpid(), SIGUSR1);
    check("floating point goes on", x * 4 == 5.0 && calls == 2);
}

static int __attribute__((noinline)) deep(int depth) {
    volatile char room[512];

    room[0] = (char)depth;
    return depth ? deep(depth + 1) + room[0] : 0;
}

static void test_faults(void) {
    stack_t stack = { .ss_sp = malloc(65536), .ss_size = 65536 };
    char *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    volatile int *volatile nowhere = (volatile int *)64;

    sigaltstack(&stack, NULL);
    handle(SIGSEGV, SA_ONSTACK, jump);
    if (sigsetjmp(back, 1) == 0)
        deep(1);
    check("a full stack", calls == 1 && context.uc_stack.ss_sp == stack.ss_sp);
    if (sigsetjmp(back, 1) == 0)
        *nowhere = 1;
    check("nothing there", told.si_addr == nowhere && told.si_code == SEGV_MAPERR);
    if (sigsetjmp(back, 1) == 0)
        *(volatile char *)page = 1;
    check("not to be written", told.si_addr == page && told.si_code == SEGV_ACCERR);
    signal(SIGSEGV, SIG_DFL);
}

/* --- timers */

static sem_t semaphore;

static void post(union sigval value) {
    if (value.sival_int == 42)
        sem_post(&semaphore);
}

static void test_timers(void) {
    struct itimerval often = { { 0, 5000 }, { 0, 5000 } }, off = { 0 };
    struct itimerspec soon = { .it_value = { 0, 3000000 } };
    struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN,
                              .sigev_value.sival_int = 5 };
    struct pollfd nothing = { .fd = -1 };
    sigset_t set;
    siginfo_t info;
    timer_t timer;

    handle(SIGALRM, SA_RESTART, note);
    setitimer(ITIMER_REAL, &often, NULL);
    while (calls < 5)
        pause();
    errno = 0;
    check("poll is interrupted", poll(&nothing, 1, -1) == -1 && errno == EINTR);
    setitimer(ITIMER_REAL, &off, NULL);
    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN);
    sigprocmask(SIG_BLOCK, &set, NULL);
    check("timer_create", timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
    timer_settime(timer, 0, &soon, NULL);
    check("it fires", sigwaitinfo(&set, &info) == SIGRTMIN && info.si_code == SI_TIMER &&
                          info.si_value.sival_int == 5 && info.si_overrun == 0);
    check("timer_delete", timer_delete(timer) == 0);
    sem_init(&semaphore, 0, 0);
    event = (struct sigevent){ .sigev_notify = SIGEV_THREAD, .sigev_notify_function = post,
                               .sigev_value.sival_int = 42 };
    check("timer with a thread", timer_create(CLOCK_REALTIME, &event, &timer) == 0 &&
                                     timer_settime(timer, 0, &soon, NULL) == 0);
    sem_wait(&semaphore);
    check("it runs", timer_delete(timer) == 0);
}

/* --- threads and children */

static volatile pthread_t taken_by;

static void take(int sig) {
    (void)sig;
    taken_by = pthread_self();
}

static void *wait_for_it(void *unused) {
    (void)unused;
    while (!taken_by)
        usleep(500);
    return NULL;
}

static void test_threads(void) {
    pthread_t thread;
    sigset_t set;

    signal(SIGUSR2, take);
    pthread_create(&thread, NULL, wait_for_it, NULL);
    pthread_kill(thread, SIGUSR2);
    pthread_join(thread, NULL);
    check("pthread_kill", pthread_equal(taken_by, thread));
    taken_by = 0;
    pthread_create(&thread, NULL, wait_for_it, NULL);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    kill(getpid(), SIGUSR2);
    pthread_join(thread, NULL);
    check("who does not block it takes it", pthread_equal(taken_by, thread));
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

static void test_children(void) {
    siginfo_t info;
    sigset_t set;
    int status;
    pid_t pid;

    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, NULL);
    pid = fork();
    if (pid == 0) {
        raise(SIGSTOP);
        _exit(3);
    }
    check("a child stops", waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status));
    check("SIGCHLD says so", sigwaitinfo(&set, &info) == SIGCHLD && info.si_pid == pid &&
                                 info.si_code == CLD_STOPPED && info.si_status == SIGSTOP);
    kill(pid, SIGCONT);
    check("it goes on, and ends", waitid(P_PID, (id_t)pid, &info, WEXITED) == 0 &&
                                      info.si_code == CLD_EXITED && info.si_status == 3);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    pid = fork();
    if (pid == 0)
        abort();
    check("abort", waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) &&
                       WTERMSIG(status) == SIGABRT);
    check("system", system("exit 4") == 4 << 8);
}

int main(void) {
    test_frame();
    test_faults();
    test_timers();
    test_threads();
    test_children();
    return bad != 0;
}
