/*
 * Signals in a process with several threads: who takes what, and what stops.
 */
#include "common/check.h"
#include "common/child.h"

#include <abi/sched.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* --- threads, as bare as the kernel offers them: they share errno, so nothing here looks at it */

enum { THREADS = 4, STACK = 32768, STORM = 1000 };

static struct thread {
    void (*body)(struct thread *);
    volatile int alive; /* its tid, until the kernel clears it */
    int index;
    volatile unsigned long count;
    volatile int go;
    char stack[STACK] __attribute__((aligned(16)));
} threads[THREADS];

static void __attribute__((used)) thread_main(struct thread *thread) {
    thread->body(thread);
    syscall(SYS_exit, 0);
}

/*
 * clone(flags, stack, parent_tid, tls, child_tid); the child finds its struct above its stack: a signal
 * may come before its first instruction.
 */
static long thread_clone(struct thread *thread) {
    register long a0 __asm__("a0") = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
                                     CLONE_SYSVSEM | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID;
    register void *a1 __asm__("a1") = thread->stack + STACK - 16;
    register long a2 __asm__("a2") = 0, a3 __asm__("a3") = 0;
    register volatile int *a4 __asm__("a4") = &thread->alive;
    register long a7 __asm__("a7") = SYS_clone;

    ((struct thread **)(thread->stack + STACK))[-2] = thread;
    __asm__ volatile("ecall\n"
                     "bnez a0, 1f\n"
                     "ld a0, 0(sp)\n"
                     "call thread_main\n"
                     "1:"
                     : "+r"(a0)
                     : "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a7)
                     : "memory", "ra", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "a5", "a6");
    return a0;
}

static struct thread *start(int index, void (*body)(struct thread *)) {
    struct thread *thread = &threads[index];

    thread->body = body;
    thread->index = index;
    thread->count = 0;
    thread->go = 0;
    thread->alive = -1;
    if (thread_clone(thread) < 0)
        exit(99);
    while (thread->alive == -1)
        usleep(100);
    return thread;
}

static void join(struct thread *thread) {
    while (thread->alive)
        usleep(200);
}

static void mask(int how, int sig) {
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, sig);
    sigprocmask(how, &set, NULL);
}

static volatile int taken_by[8];
static volatile int calls, calls_begun;

static void note(int sig, siginfo_t *info, void *context) {
    int at = __atomic_fetch_add(&calls_begun, 1, __ATOMIC_SEQ_CST);

    (void)sig;
    (void)info;
    (void)context;
    taken_by[at % 8] = gettid();
    __atomic_fetch_add(&calls, 1, __ATOMIC_SEQ_CST);
}

static void handle(int sig, int flags, void (*handler)(int, siginfo_t *, void *)) {
    struct sigaction action = { .sa_sigaction = handler, .sa_flags = flags | SA_SIGINFO };

    calls = calls_begun = 0;
    sigaction(sig, &action, NULL);
}

static bool calls_reach(int count) {
    for (int i = 0; i < 5000 && calls < count; i++)
        usleep(500);
    return calls >= count;
}

static bool becomes(volatile unsigned long *value, unsigned long wanted) {
    for (int i = 0; i < 5000 && *value != wanted; i++)
        usleep(500);
    return *value == wanted;
}

/* --- bodies */

static void wait_to_go(struct thread *self) {
    while (!self->go)
        usleep(300);
}

static void unblock_when_told(struct thread *self) {
    wait_to_go(self);
    mask(SIG_UNBLOCK, SIGUSR1);
    self->count = 1;
    self->go = 0;
    wait_to_go(self);
}

static void spin(struct thread *self) {
    while (!self->go)
        self->count++;
}

static void await_signal(struct thread *self) {
    sigset_t set;
    siginfo_t info;

    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN + 1);
    mask(SIG_BLOCK, SIGRTMIN + 1);
    self->count = 1;
    if (syscall(SYS_rt_sigtimedwait, &set, &info, NULL, SIGSET_SIZE) == SIGRTMIN + 1)
        self->count = 2;
}

static void test_receiver(void) {
    struct thread *thread;

    handle(SIGUSR1, SA_RESTART, note);
    mask(SIG_BLOCK, SIGUSR1);
    thread = start(0, unblock_when_told);
    kill(getpid(), SIGUSR1);
    usleep(5000);
    CHECK("blocked by all: it waits", calls == 0);
    thread->go = 1;
    CHECK("who unblocks it takes it", becomes(&thread->count, 1) && calls_reach(1) &&
                                          taken_by[0] == thread->alive);
    kill(getpid(), SIGUSR1);
    CHECK("who does not block it takes it", calls_reach(2) && taken_by[1] == thread->alive);
    mask(SIG_UNBLOCK, SIGUSR1);
    tgkill(getpid(), thread->alive, SIGUSR1);
    CHECK("tgkill: that thread", calls_reach(3) && taken_by[2] == thread->alive);
    tgkill(getpid(), getpid(), SIGUSR1);
    CHECK("or this one", calls == 4 && taken_by[3] == getpid());
    thread->go = 1;
    join(thread);
    thread = start(1, await_signal);
    mask(SIG_BLOCK, SIGRTMIN + 1);
    becomes(&thread->count, 1);
    kill(getpid(), SIGRTMIN + 1);
    CHECK("who waits for it takes it", becomes(&thread->count, 2));
    join(thread);
    mask(SIG_UNBLOCK, SIGRTMIN + 1);
}

/* Leaves without taking what is pending for it: another must hear of it. */
static void leave_with_signal(struct thread *self) {
    mask(SIG_UNBLOCK, SIGUSR1);
    mask(SIG_BLOCK, SIGUSR1);
    wait_to_go(self);
}

static void test_hand_over(void) {
    bool all = true;

    for (int i = 0; i < 50 && all; i++) {
        struct thread *thread;

        handle(SIGUSR1, SA_RESTART, note);
        mask(SIG_BLOCK, SIGUSR1);
        thread = start(0, leave_with_signal);
        kill(getpid(), SIGUSR1);
        thread->go = 1;
        if (i % 2)
            join(thread);
        mask(SIG_UNBLOCK, SIGUSR1);
        all = calls_reach(1);
        join(thread);
    }
    CHECK("no signal goes with the thread that did not take it", all);
}

/* Each round it may be chosen for a moment. */
static void unblock_briefly(struct thread *self) {
    for (;;) {
        while (!self->go)
            ;
        if (self->go == 2)
            break;
        mask(SIG_UNBLOCK, SIGUSR1);
        mask(SIG_BLOCK, SIGUSR1);
        self->go = 0;
    }
}

/* Looks at nothing by itself: a signal must be brought to it. */
static void sleep_through(struct thread *self) {
    struct timespec long_time = { .tv_sec = 1000 };

    mask(SIG_UNBLOCK, SIGUSR1);
    self->count = 1;
    while (!self->go)
        syscall(SYS_nanosleep, &long_time, NULL);
}

/* Who is chosen for a signal may block it before he takes it: then it is the other's. */
static void test_offer(void) {
    struct thread *chosen, *other;
    bool all = true;

    handle(SIGUSR1, 0, note);
    mask(SIG_BLOCK, SIGUSR1);
    chosen = start(0, unblock_briefly);
    other = start(1, sleep_through);
    becomes(&other->count, 1);
    usleep(2000);
    for (int i = 1; i <= 300 && all; i++) {
        chosen->go = 1;
        for (volatile int spin = i * 7 % 100; spin > 0; spin--)
            ;
        kill(getpid(), SIGUSR1);
        while (chosen->go)
            sched_yield();
        all = calls_reach(i);
    }
    CHECK("a signal that is blocked after all goes to another thread", all);
    chosen->go = other->go = 2;
    join(chosen);
    while (other->alive) {
        tgkill(getpid(), other->alive, SIGUSR1);
        usleep(500);
    }
    mask(SIG_UNBLOCK, SIGUSR1);
}

/* --- the process as a whole */

static int spinners(void *shared) {
    volatile unsigned long *counts = shared;

    for (int i = 0; i < THREADS; i++)
        start(i, spin);
    for (;;) {
        for (int i = 0; i < THREADS; i++)
            counts[i] = threads[i].count;
        usleep(500);
    }
    return 0;
}

static bool all_move(volatile unsigned long *counts) {
    unsigned long before[THREADS];
    bool all = false;

    memcpy(before, (void *)counts, sizeof(before));
    for (int n = 0; n < 2000 && !all; n++) {
        usleep(1000);
        all = true;
        for (int i = 0; i < THREADS; i++)
            all = all && counts[i] != before[i];
    }
    return all;
}

static void test_stop(void) {
    volatile unsigned long *counts = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                                          MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t pid = child_start(spinners, (void *)counts);
    unsigned long before[THREADS];
    bool all = all_move(counts);
    int status = 0;

    CHECK("all run", all);
    for (int i = 0; i < 20 && all; i++) {
        kill(pid, SIGSTOP);
        all = waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status);
        kill(pid, SIGCONT);
        all = all && waitpid(pid, &status, WCONTINUED) == pid && WIFCONTINUED(status);
    }
    CHECK("stops and continuations are told once each", all);
    kill(pid, SIGSTOP);
    waitpid(pid, &status, WUNTRACED);
    memcpy(before, (void *)counts, sizeof(before));
    usleep(30000);
    CHECK("all are stopped", memcmp(before, (void *)counts, sizeof(before)) == 0);
    kill(pid, SIGCONT);
    CHECK("all go on", all_move(counts));
    kill(pid, SIGSTOP);
    waitpid(pid, &status, WUNTRACED);
    kill(pid, SIGKILL);
    CHECK("a stopped process of threads dies", died_of(child_wait(pid), SIGKILL));
    munmap((void *)counts, 4096);
}

static int die_by_thread(void *sig) {
    for (int i = 0; i < THREADS; i++)
        start(i, spin);
    tgkill(getpid(), threads[2].alive, (int)(long)sig);
    for (;;)
        pause();
    return 0;
}

static void fault(struct thread *self) {
    (void)self;
    __asm__ volatile("sd zero, 64(zero)");
}

static int die_by_fault(void *unused) {
    (void)unused;
    for (int i = 0; i < THREADS - 1; i++)
        start(i, spin);
    start(THREADS - 1, fault);
    for (;;)
        pause();
    return 0;
}

static void test_death(void) {
    CHECK("a fatal signal to one ends all",
          died_of(child_run(die_by_thread, (void *)SIGTERM), SIGTERM));
    CHECK("so does SIGKILL", died_of(child_run(die_by_thread, (void *)SIGKILL), SIGKILL));
    CHECK("so does a fault", died_of(child_run(die_by_fault, NULL), SIGSEGV));
}

/* --- faults, stacks and timers of one thread */

static char other_stack[SIGSTKSZ] __attribute__((aligned(16)));
static volatile unsigned long sp_seen;
static volatile int fault_tid;

static void skip_fault(int sig, siginfo_t *info, void *context) {
    ucontext_t *uc = context;
    int here;

    (void)sig;
    (void)info;
    sp_seen = (unsigned long)&here;
    fault_tid = gettid();
    uc->uc_mcontext.sc_regs[0] += 4;
}

static void fault_on_other_stack(struct thread *self) {
    stack_t stack = { .ss_sp = other_stack, .ss_size = sizeof(other_stack) }, old;

    sigaltstack(NULL, &old);
    self->count = old.ss_flags == SS_DISABLE;
    sigaltstack(&stack, NULL);
    __asm__ volatile(".option push\n .option norvc\n sd zero, 64(zero)\n .option pop");
}

static void test_own(void) {
    sigevent_t event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGRTMIN };
    struct itimerspec soon = { { 0, 0 }, { 0, 2000000 } };
    struct thread *thread;
    timer_t timer;

    handle(SIGSEGV, SA_ONSTACK, skip_fault);
    thread = start(0, fault_on_other_stack);
    join(thread);
    CHECK("a thread's fault is its own", fault_tid != 0 && fault_tid != getpid());
    CHECK("on a stack of its own", thread->count == 1 && sp_seen > (unsigned long)other_stack &&
                                       sp_seen < (unsigned long)other_stack + sizeof(other_stack));
    signal(SIGSEGV, SIG_DFL);
    handle(SIGRTMIN, SA_RESTART, note);
    thread = start(0, spin);
    event.sigev_notify_thread_id = thread->alive;
    timer_create(CLOCK_MONOTONIC, &event, &timer);
    timer_settime(timer, 0, &soon, NULL);
    CHECK("a timer for one thread", calls_reach(1) && taken_by[0] == thread->alive);
    thread->go = 1;
    join(thread);
    timer_settime(timer, 0, &soon, NULL);
    usleep(10000);
    CHECK("that has gone", calls == 1 && timer_delete(timer) == 0);
}

static void test_cpu(void) {
    struct itimerval value = { { 0, 0 }, { 0, 400000 } };
    int status;
    pid_t pid;

    /* 100 ms on each of four: more than any of them runs alone. */
    handle(SIGPROF, SA_RESTART, note);
    setitimer(ITIMER_PROF, &value, NULL);
    for (int i = 0; i < THREADS; i++)
        start(i, spin);
    CHECK("CPU time is all threads'", calls_reach(1));
    for (int i = 0; i < THREADS; i++)
        threads[i].go = 1;
    for (int i = 0; i < THREADS; i++)
        join(&threads[i]);
    pid = child_start(die_by_thread, (void *)SIGWINCH);
    usleep(20000);
    CHECK("an ignored one harms nobody", waitpid(pid, &status, WNOHANG) == 0);
    kill(pid, SIGTERM);
    child_wait(pid);
}

/* --- a storm: every thread sends to the next and to all */

static volatile unsigned long received;

static void count_received(int sig, siginfo_t *info, void *context) {
    (void)sig;
    (void)info;
    (void)context;
    __atomic_fetch_add(&received, 1, __ATOMIC_RELAXED);
}

static void send_storm(struct thread *self) {
    siginfo_t info = { .si_code = SI_QUEUE };

    wait_to_go(self);
    while (self->count < STORM) {
        int to = threads[(self->index + 1) % THREADS].alive;
        long sent = self->count % 2
                        ? syscall(SYS_rt_sigqueueinfo, getpid(), SIGRTMIN + 2, &info)
                        : syscall(SYS_rt_tgsigqueueinfo, getpid(), to, SIGRTMIN + 2, &info);
        self->count += sent == 0;
    }
    self->go = 0;
    wait_to_go(self);
}

static void test_storm(void) {
    handle(SIGRTMIN + 2, SA_RESTART, count_received);
    received = 0;
    for (int i = 0; i < THREADS; i++)
        start(i, send_storm);
    for (int i = 0; i < THREADS; i++)
        threads[i].go = 1;
    CHECK("a storm among threads: each arrives once", becomes(&received, THREADS * STORM));
    for (int i = 0; i < THREADS; i++) {
        while (threads[i].go)
            usleep(200);
        threads[i].go = 1;
        join(&threads[i]);
    }
    CHECK("and no more", received == THREADS * STORM);
}

int main(void) {
    test_receiver();
    test_hand_over();
    test_offer();
    test_stop();
    test_death();
    test_own();
    test_cpu();
    test_storm();
    return check_done();
}
