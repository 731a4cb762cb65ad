/*
 * Who has used the processor: user and system time, faults, switches, memory; of oneself, of children,
 * of others, and over all harts.
 */
#include "common/check.h"
#include "common/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/times.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096ul
#define MS 1000l                        /* all times here are in microseconds */

static long clock_us(clockid_t clock) {
    struct timespec ts;

    return clock_gettime(clock, &ts) == 0 ? ts.tv_sec * 1000 * MS + ts.tv_nsec / 1000 : -1;
}

static long us(struct timeval tv) { return tv.tv_sec * 1000 * MS + tv.tv_usec; }

static struct rusage usage(int who) {
    struct rusage usage;

    memset(&usage, 0xff, sizeof(usage));
    return getrusage(who, &usage) == 0 ? usage : (struct rusage){ 0 };
}

/* Computes for so much CPU time. */
static int burn_user(void *ms) {
    long end = clock_us(CLOCK_PROCESS_CPUTIME_ID) + (long)ms * MS;
    while (clock_us(CLOCK_PROCESS_CPUTIME_ID) < end)
        for (volatile int i = 0; i < 200000; i++)
            ;
    return 0;
}

/* Lets the kernel work. */
static int burn_system(void *ms) {
    static char zeros[256 << 10];
    int fd = open("/dev/zero", O_RDONLY);
    long end = clock_us(CLOCK_PROCESS_CPUTIME_ID) + (long)ms * MS;

    while (clock_us(CLOCK_PROCESS_CPUTIME_ID) < end)
        if (read(fd, zeros, sizeof(zeros)) != sizeof(zeros))
            return 1;
    return 0;
}

static struct rusage child_usage(int (*body)(void *), long ms) {
    struct rusage usage = { 0 };
    int status;
    pid_t pid = child_start(body, (void *)ms);

    return wait4(pid, &status, 0, &usage) == pid && exited_with(status, 0) ? usage
                                                                           : (struct rusage){ 0 };
}

static void test_split(void) {
    struct rusage before, user, system, children;
    struct tms tms_before, tms;
    char why[80];
    int tries = 0;

    /* A host that stops a hart in the kernel adds to system time what no kernel can know of. */
    do {
        before = usage(RUSAGE_CHILDREN);
        times(&tms_before);
        user = child_usage(burn_user, 400);
        system = child_usage(burn_system, 400);
        times(&tms);
        children = usage(RUSAGE_CHILDREN);
    } while ((us(user.ru_stime) >= 100 * MS || us(system.ru_utime) >= 100 * MS) && ++tries < 5);

    snprintf(why, sizeof(why), "user %ld us, system %ld us", us(user.ru_utime), us(user.ru_stime));
    check("computing is user time", us(user.ru_utime) > 300 * MS && us(user.ru_stime) < 100 * MS,
          why);
    snprintf(why, sizeof(why), "user %ld us, system %ld us", us(system.ru_utime),
             us(system.ru_stime));
    check("reading is system time",
          us(system.ru_stime) > 300 * MS && us(system.ru_utime) < 100 * MS, why);
    CHECK("children's times add up",
          us(children.ru_utime) - us(before.ru_utime) == us(user.ru_utime) + us(system.ru_utime) ||
              labs(us(children.ru_utime) - us(before.ru_utime) - us(user.ru_utime) -
                   us(system.ru_utime)) < 10);
    CHECK("times shows them in hundredths",
          labs((long)(tms.tms_cutime - tms_before.tms_cutime) - us(user.ru_utime) / (10 * MS)) <=
                  10 &&
              labs((long)(tms.tms_cstime - tms_before.tms_cstime) -
                   us(system.ru_stime) / (10 * MS)) <= 10);
}

static int grandparent(void *unused) {
    (void)unused;
    child_run(burn_user, (void *)100);
    return us(usage(RUSAGE_SELF).ru_utime) < 80 * MS ? 0 : 1;
}

static void test_inheritance(void) {
    struct rusage used = child_usage(grandparent, 0);

    CHECK("a child's children count with it", us(used.ru_utime) + us(used.ru_stime) >= 100 * MS);
    CHECK("times are those of one's own",
          us(usage(RUSAGE_SELF).ru_utime) + us(usage(RUSAGE_SELF).ru_stime) <=
              clock_us(CLOCK_PROCESS_CPUTIME_ID));
}

static void test_self(void) {
    long process = clock_us(CLOCK_PROCESS_CPUTIME_ID), thread = clock_us(CLOCK_THREAD_CPUTIME_ID);
    struct rusage before = usage(RUSAGE_SELF);

    usleep(50 * MS);
    CHECK("a sleep costs no time", clock_us(CLOCK_PROCESS_CPUTIME_ID) - process < 40 * MS);
    CHECK("one thread is the process", labs(thread - process) < 30 * MS);
    CHECK("a sleep is a voluntary switch", usage(RUSAGE_SELF).ru_nvcsw > before.ru_nvcsw);
    CHECK("a thread has them too",
          usage(RUSAGE_THREAD).ru_nvcsw > before.ru_nvcsw &&
              us(usage(RUSAGE_THREAD).ru_utime) <= us(usage(RUSAGE_SELF).ru_utime));
    burn_user((void *)50);
    struct rusage now = usage(RUSAGE_SELF);
    long sum = us(now.ru_utime) + us(now.ru_stime);
    CHECK("user and system are all there is",
          labs(clock_us(CLOCK_PROCESS_CPUTIME_ID) - sum) < 5 * MS);
    CHECK("nobody else", getrusage(2, &now) == -1 && errno == EINVAL);
    CHECK("a bad address", getrusage(RUSAGE_SELF, (void *)8) == -1 && errno == EFAULT);
}

/* More of them than harts: somebody is preempted, however slow the machine. */
static int compete(void *unused) {
    pid_t children[10];

    (void)unused;
    for (int round = 0; round < 50 && usage(RUSAGE_CHILDREN).ru_nivcsw <= 8; round++) {
        for (int i = 0; i < 10; i++)
            children[i] = child_start(burn_user, (void *)60000);
        usleep(200 * MS);
        for (int i = 0; i < 10; i++) {
            kill(children[i], SIGKILL);
            child_wait(children[i]);
        }
    }
    return usage(RUSAGE_CHILDREN).ru_nivcsw > 8 ? 0 : 1;
}

static int touch(void *pages) {
    char *at =
        mmap(NULL, (long)pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    for (long i = 0; i < (long)pages; i++)
        at[i * PAGE] = 1;
    munmap(at, (long)pages * PAGE);
    return usage(RUSAGE_SELF).ru_maxrss >= (long)pages * 4 ? 0 : 1;
}

static void test_counts(void) {
    struct rusage small = child_usage(touch, 1), large = child_usage(touch, 1000);

    CHECK("those who compete are preempted", exited_with(child_run(compete, NULL), 0));
    CHECK("memory at its most, given back or not", large.ru_maxrss - small.ru_maxrss > 3900 &&
                                                       large.ru_maxrss - small.ru_maxrss < 4100);
    CHECK("page faults", large.ru_minflt - small.ru_minflt >= 999 &&
                             large.ru_minflt - small.ru_minflt < 1100);
    CHECK("children's most is the largest's", usage(RUSAGE_CHILDREN).ru_maxrss >= large.ru_maxrss);
}

static clockid_t clock_of(pid_t pid, bool thread) { return ~pid * 8 + (thread ? 4 : 0) + 2; }

static void test_other_clocks(void) {
    pid_t child = child_start(burn_user, (void *)100000);
    long first, second = 0;

    first = clock_us(clock_of(child, false));
    for (int i = 0; i < 400 && second < 50 * MS; i++) {
        usleep(10 * MS);
        second = clock_us(clock_of(child, false));
    }
    CHECK("another process's clock", first >= 0 && second >= 50 * MS && second < 10000 * MS);
    CHECK("another process's thread has none",
          clock_us(clock_of(child, true)) == -1 && errno == EINVAL);
    CHECK("one's own by its tid", labs(clock_us(clock_of(gettid(), true)) -
                                       clock_us(CLOCK_THREAD_CPUTIME_ID)) < 20 * MS);
    CHECK("pid 0 is oneself", clock_us(clock_of(0, false)) <= clock_us(CLOCK_PROCESS_CPUTIME_ID));
    kill(child, SIGKILL);
    child_wait(child);
    CHECK("nobody's clock", clock_us(clock_of(child, false)) == -1 && errno == EINVAL);
    CHECK("no such kind", clock_us(clock_of(0, false) | 3) == -1 && errno == EINVAL);
}

int main(void) {
    test_split();
    test_inheritance();
    test_self();
    test_counts();
    test_other_clocks();
    return check_done();
}
