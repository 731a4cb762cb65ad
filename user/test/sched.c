/*
 * Scheduling: the calls, on any machine. With arguments it is a load whose shares and delays
 * test_sched.py judges, for this program cannot know how fast the host is.
 */
#include "common/check.h"
#include "common/child.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <abi/futex.h>

#define MS 1000000ull

/* Shared by all children: what each has measured. */
static volatile struct {
    uint64_t start, end;        /* when they run, by CLOCK_MONOTONIC */
    uint64_t value[64];
    uint32_t lock;
    bool stop;
} *shared;

static uint64_t clock_ns(clockid_t id) {
    struct timespec ts;
    clock_gettime(id, &ts);
    return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

static uint64_t now(void) { return clock_ns(CLOCK_MONOTONIC); }

static void sleep_until(uint64_t moment) {
    struct timespec ts = {moment / 1000000000, moment % 1000000000};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
}

static void pin(unsigned long mask) {
    cpu_set_t set;
    CPU_ZERO(&set);
    set.bits[0] = mask;
    sched_setaffinity(0, sizeof(set), &set);
}

static int hart(void) {
    unsigned index;
    syscall(SYS_getcpu, &index, NULL, NULL);
    return (int)index;
}

static void spin_until(uint64_t moment) {
    while (now() < moment)
        ;
}

/* --- loads --- */

/* Spins from start to end; its value is what it got. */
static int hog(void *index) {
    sleep_until(shared->start);
    spin_until(shared->end);
    shared->value[(long)index] = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
    return 0;
}

/* Uses nine tenths of each of its quanta (of 2 ms) and then rests for a moment. */
static int gamer(void *index) {
    sleep_until(shared->start);
    while (now() < shared->end) {
        spin_until(now() + 9 * MS / 5);
        sleep_until(now() + MS / 20);
    }
    shared->value[(long)index] = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
    return 0;
}

/* Sleeps and wakes; its values are the average and the longest delay after a sleep's end. */
static int interactive(void *unused) {
    uint64_t all = 0, longest = 0, times = 0, at = shared->start;
    (void)unused;
    for (int warm = 0; at < shared->end; times++) {
        sleep_until(at);
        uint64_t late = now() - at;
        if (warm++ == 5)                /* who begins at the same time must be known first */
            all = longest = times = 0;
        all += late;
        longest = late > longest ? late : longest;
        spin_until(now() + MS / 20);
        at = now() + 3 * MS;
    }
    shared->value[0] = all / times;
    shared->value[1] = longest;
    return 0;
}

static void begin(uint64_t ms) {
    shared->start = now() + 30 * MS;
    shared->end = shared->start + ms * MS;
}

/* Waits for the children and prints the first values. */
static void finish(int children, int values) {
    for (int i = 0; i < children; i++)
        child_wait(-1);
    for (int i = 0; i < values; i++)
        printf("%lu ", shared->value[i]);
    printf("\n");
}

/* hogs MS NICE...: one hog of each niceness on hart 0. */
static void load_hogs(int argc, char **argv) {
    pin(1);
    begin(atoi(argv[0]));
    for (int i = 1; i < argc; i++) {
        pid_t pid = child_start(hog, (void *)(long)(i - 1));
        setpriority(PRIO_PROCESS, pid, atoi(argv[i]));
    }
    finish(argc - 1, argc - 1);
}

/* game MS: a gamer and a hog on hart 0. */
static void load_game(int argc, char **argv) {
    (void)argc;
    pin(1);
    begin(atoi(argv[0]));
    child_start(gamer, (void *)0);
    child_start(hog, (void *)1);
    finish(2, 2);
}

/* response MS HOGS NICE: an interactive process of that niceness beside hogs, on hart 0. */
static void load_response(int argc, char **argv) {
    (void)argc;
    int hogs = atoi(argv[1]);
    pin(1);
    begin(atoi(argv[0]));
    pid_t pid = child_start(interactive, NULL);
    setpriority(PRIO_PROCESS, pid, atoi(argv[2]));
    for (long i = 0; i < hogs; i++)
        child_start(hog, (void *)(i + 2));
    finish(hogs + 1, 2);
}

/*
 * Spins all the time; its value is how many millionths of the time from start to end it ran. A host that
 * stops the hart between two of these calls makes that more, not less.
 */
static int hog_share(void *index) {
    uint64_t from, to, ran;
    do {
        ran = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
        from = now();
    } while (from < shared->start);
    do
        to = now();
    while (to < shared->end);
    ran = clock_ns(CLOCK_PROCESS_CPUTIME_ID) - ran;
    shared->value[(long)index] = ran * 1000000 / (to - from);
    return 0;
}

/* Two that wake each other through pipes; the value counts. */
static int ping(void *index) {
    int there[2], back[2];
    char c = 0;
    pipe(there);
    pipe(back);
    pid_t pid = fork();
    if (pid == 0)
        for (;;)
            if (read(there[0], &c, 1) != 1 || write(back[1], &c, 1) != 1)
                _exit(0);
    while (!shared->stop)
        if (write(there[1], &c, 1) == 1 && read(back[0], &c, 1) == 1)
            shared->value[(long)index]++;
    kill(pid, SIGKILL);
    child_wait(pid);
    return 0;
}

/* The same on hart 1 alone: neither ever has a whole quantum. */
static int ping_there(void *index) {
    pin(2);
    return ping(index);
}

/*
 * spread MS HOGS [ping]: shares of hogs that begin on hart 0 and then may run anywhere, beside two that
 * wake each other. What is measured begins when the hogs have had the time to go there: from then on no
 * hart may idle, however slow the host is.
 */
static void load_spread(int argc, char **argv) {
    int hogs = atoi(argv[1]);
    bool pings = argc > 2;
    if (pings)
        child_start(ping_there, (void *)(long)hogs);
    while (pings && !shared->value[hogs])
        sleep_until(now() + MS);
    cpu_set_t set;
    pid_t pids[64];
    pin(1);
    shared->start = shared->end = UINT64_MAX;
    for (long i = 0; i < hogs; i++)
        pids[i] = child_start(hog_share, (void *)i);
    memset(&set, 0xff, sizeof(set));
    for (int i = 0; i < hogs; i++)
        sched_setaffinity(pids[i], sizeof(set), &set);
    uint64_t start = now() + 200 * MS;
    shared->end = start + atoi(argv[0]) * MS;
    shared->start = start;
    finish(hogs, hogs);
    shared->stop = true;
    if (pings)
        child_wait(-1);
}

static void become(int scheduling, int priority) {
    struct sched_param param = {priority};
    if (sched_setscheduler(0, scheduling, &param) < 0)
        perror("sched_setscheduler");
}

static long futex(int operation) {
    return syscall(SYS_futex, &shared->lock, operation, 0, NULL, NULL, 0);
}

static int holder(void *unused) {
    (void)unused;
    become(SCHED_FIFO, 10);
    futex(FUTEX_LOCK_PI);
    spin_until(shared->start + 60 * MS);
    futex(FUTEX_UNLOCK_PI);
    return 0;
}

static int meddler(void *unused) {
    (void)unused;
    become(SCHED_FIFO, 20);
    sleep_until(shared->start + 40 * MS);
    spin_until(shared->end);
    return 0;
}

static int wanter(void *unused) {
    (void)unused;
    become(SCHED_FIFO, 30);
    sleep_until(shared->start + 20 * MS);
    uint64_t before = now();
    futex(FUTEX_LOCK_PI);
    shared->value[0] = now() - before;
    futex(FUTEX_UNLOCK_PI);
    return 0;
}

/* inversion MS: how long the important one waits for a lock that an unimportant one holds. */
static void load_inversion(int argc, char **argv) {
    (void)argc;
    pin(1);
    begin(atoi(argv[0]));
    child_start(holder, NULL);
    child_start(meddler, NULL);
    child_start(wanter, NULL);
    finish(3, 1);
}

static int count(void *index) {
    while (!shared->stop)
        shared->value[(long)index]++;
    return 0;
}

static int nap(void *index) {
    for (; !shared->stop; shared->value[(long)index]++)
        sleep_until(now() + MS / 5);
    return 0;
}

static bool tell(const char *line) {
    int fd = open("/proc/sched", O_WRONLY);
    bool told = write(fd, line, strlen(line)) == (ssize_t)strlen(line);
    close(fd);
    return told;
}

/* switch TIMES: changes the policy under load; who did nothing after the last change was lost. */
static void load_switch(int argc, char **argv) {
    static const char *const names[] = {"rr", "mlfq", "lottery", "stride", "priority", "fair"};
    static int (*const loads[])(void *) = {count, ping, nap};
    int times = atoi(argv[0]), lost = 0;
    (void)argc;
    setpriority(PRIO_PROCESS, 0, -1);   /* above them, under strict priority */
    for (long i = 0; i < 12; i++)
        setpriority(PRIO_PROCESS, child_start(loads[i % 3], (void *)i), 0);
    for (int i = 0; i < times; i++) {
        if (!tell(names[i * 5 % 6]))
            lost++;
        sleep_until(now() + (uint64_t)(i % 7) * MS / 10);
    }
    tell("rr");
    uint64_t before[12];
    for (int i = 0; i < 12; i++)
        before[i] = shared->value[i];
    uint64_t limit = now() + 10000 * MS;
    for (int i = 0; i < 12; i++) {
        while (shared->value[i] == before[i] && now() < limit)
            sleep_until(now() + 10 * MS);
        lost += shared->value[i] == before[i];
    }
    shared->stop = true;
    for (int i = 0; i < 12; i++)
        lost += !exited_with(child_wait(-1), 0);
    printf("lost %d\n", lost);
}

static const struct {
    const char *name;
    void (*run)(int argc, char **argv);
} loads[] = {
    {"hogs", load_hogs},           {"game", load_game},     {"response", load_response},
    {"spread", load_spread},       {"switch", load_switch}, {"inversion", load_inversion},
};

/* --- checks of the calls --- */

static int move_about(void *unused) {
    (void)unused;
    cpu_set_t set;
    int harts = (int)sysconf(_SC_NPROCESSORS_ONLN), wrong = 0;
    for (int round = 0; round < 20; round++)
        for (int i = 0; i < harts; i++) {
            pin(1ul << i);
            wrong += hart() != i;
            CPU_ZERO(&set);
            sched_getaffinity(0, sizeof(set), &set);
            wrong += set.bits[0] != 1ul << i;
            usleep(100);
            wrong += hart() != i;
        }
    return wrong;
}

static void test_affinity(void) {
    cpu_set_t none, set;
    CPU_ZERO(&none);
    CHECK("a process runs where it may", exited_with(child_run(move_about, NULL), 0));
    CHECK("no hart is an error", sched_setaffinity(0, sizeof(none), &none) == -1 && errno == EINVAL);
    CHECK("nobody is an error", sched_setaffinity(99999, sizeof(none), &none) == -1);
    CHECK("the mask of others", sched_getaffinity(1, sizeof(set), &set) >= 0);
    CHECK("a bad address", sched_setaffinity(0, sizeof(set), (void *)8) == -1 && errno == EFAULT);
}

/* A running process is taken from its hart by another. */
static void test_moved_by_another(void) {
    int harts = (int)sysconf(_SC_NPROCESSORS_ONLN);
    pid_t pid = child_start(count, (void *)0);
    bool right = true;
    for (int i = 0; i < 10 * harts; i++) {
        cpu_set_t set;
        CPU_ZERO(&set);
        CPU_SET(i % harts, &set);
        right = right && sched_setaffinity(pid, sizeof(set), &set) == 0;
        uint64_t before = shared->value[0], limit = now() + 20000 * MS;
        while (shared->value[0] == before && now() < limit)
            usleep(1000);
        right = right && shared->value[0] != before;
    }
    CHECK("it goes on wherever it is put", right);
    kill(pid, SIGKILL);
    child_wait(pid);
}

static int as_user(void *unused) {
    struct sched_param param = {5};
    cpu_set_t set;
    (void)unused;
    memset(&set, 0xff, sizeof(set));
    setuid(1000);
    return !(sched_setscheduler(0, SCHED_RR, &param) == -1 && errno == EPERM) +
           2 * !(sched_setaffinity(1, sizeof(set), &set) == -1 && errno == EPERM) +
           4 * (sched_setaffinity(0, sizeof(set), &set) != 0);
}

static int inherit(void *unused) {
    struct sched_param param = {7};
    (void)unused;
    if (sched_setscheduler(0, SCHED_RR, &param))
        return 1;
    pid_t pid = fork();
    if (pid == 0)
        _exit(sched_getscheduler(0) == SCHED_RR ? 0 : 2);
    return WEXITSTATUS(child_wait(pid));
}

static void test_scheduler(void) {
    struct sched_param param = {0};
    struct timespec quantum = {9, 9};
    CHECK("SCHED_OTHER to begin with", sched_getscheduler(0) == SCHED_OTHER);
    CHECK("ranges", sched_get_priority_max(SCHED_RR) == 99 && sched_get_priority_min(SCHED_FIFO) == 1 &&
                        sched_get_priority_max(SCHED_OTHER) == 0);
    CHECK("an unknown one", sched_get_priority_max(77) == -1 && errno == EINVAL);
    CHECK("SCHED_OTHER has no priority",
          (param.sched_priority = 3, sched_setscheduler(0, SCHED_OTHER, &param) == -1) && errno == EINVAL);
    CHECK("SCHED_FIFO", sched_setscheduler(0, SCHED_FIFO, &param) == 0 &&
                            sched_getscheduler(0) == SCHED_FIFO);
    CHECK("it has no quantum", sched_rr_get_interval(0, &quantum) == 0 && quantum.tv_nsec == 0);
    param.sched_priority = 9;
    CHECK("its priority", sched_setparam(0, &param) == 0 && (param.sched_priority = 0, 1) &&
                              sched_getparam(0, &param) == 0 && param.sched_priority == 9);
    param.sched_priority = 0;
    CHECK("back", sched_setscheduler(0, SCHED_OTHER, &param) == 0);
    CHECK("the quantum", sched_rr_get_interval(0, &quantum) == 0 && quantum.tv_nsec > 0);
    CHECK("children inherit it", exited_with(child_run(inherit, NULL), 0));
    CHECK("others may not", exited_with(child_run(as_user, NULL), 0));
}

static void test_settings(void) {
    CHECK("no such policy", !tell("best") && errno == EINVAL);
    CHECK("no such quantum", !tell("quantum 0") && !tell("quantum 1h") && !tell("quantum x"));
    CHECK("a policy", tell("fair") && tell("policy rr"));
    CHECK("a trace", tell("trace 100") && usleep(1000) == 0 && tell("trace stop") && tell("trace 0"));
    CHECK("preemption", !tell("preempt maybe") && tell("preempt on"));
}

int main(int argc, char **argv) {
    shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (unsigned i = 0; argc > 1 && i < sizeof(loads) / sizeof(loads[0]); i++)
        if (strcmp(argv[1], loads[i].name) == 0) {
            loads[i].run(argc - 2, argv + 2);
            return 0;
        }
    test_affinity();
    test_moved_by_another();
    test_scheduler();
    test_settings();
    return check_done();
}
