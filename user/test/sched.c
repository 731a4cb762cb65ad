/* Scheduling: the calls, and what they say under each policy. */
#include "common/check.h"
#include "common/child.h"
#include "common/tell.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *const policies[] = {"rr", "mlfq", "lottery", "stride", "priority", "fair"};
enum { POLICIES = sizeof(policies) / sizeof(policies[0]) };

static volatile uint64_t *counted;      /* shared with the children */

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

static int count(void *unused) {
    (void)unused;
    while (++*counted)
        ;
    return 0;
}

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
    const char *wrong = NULL;
    CPU_ZERO(&none);
    for (unsigned i = 0; i < POLICIES; i++)
        if (!sched_tell(policies[i]) || !exited_with(child_run(move_about, NULL), 0))
            wrong = policies[i];
    sched_tell("rr");
    check("a process runs where it may", wrong == NULL, wrong);
    CHECK("no hart is an error", sched_setaffinity(0, sizeof(none), &none) == -1 && errno == EINVAL);
    CHECK("nobody is an error", sched_setaffinity(99999, sizeof(none), &none) == -1);
    CHECK("the mask of others", sched_getaffinity(1, sizeof(set), &set) >= 0);
    CHECK("a bad address", sched_setaffinity(0, sizeof(set), (void *)8) == -1 && errno == EFAULT);
}

/* A running process is taken from its hart by another. */
static void test_moved_by_another(void) {
    int harts = (int)sysconf(_SC_NPROCESSORS_ONLN);
    pid_t pid = child_start(count, NULL);
    bool right = true;
    for (int i = 0; i < 10 * harts; i++) {
        cpu_set_t set;
        CPU_ZERO(&set);
        CPU_SET(i % harts, &set);
        right = right && sched_setaffinity(pid, sizeof(set), &set) == 0;
        uint64_t before = *counted;
        for (int ms = 0; *counted == before && ms < 20000; ms++)
            usleep(1000);
        right = right && *counted != before;
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

/* Which of the classes a process may have under `policy`, a bit each. */
static unsigned classes_under(const char *policy) {
    unsigned classes = 0;
    sched_tell(policy);
    for (int class = SCHED_OTHER; class <= SCHED_IDLE; class++) {
        struct sched_param param = {class == SCHED_FIFO || class == SCHED_RR ? 9 : 0};
        if (sched_setscheduler(0, class, &param) == 0)
            classes |= 1u << class;
        else if (errno != EINVAL)
            return 0;
    }
    struct sched_param none = {0};
    if (sched_setscheduler(0, SCHED_OTHER, &none) != 0)
        return 0;
    return classes;
}

/* Only strict priority knows classes; who has one when the policy changes keeps it, and may leave it. */
static void test_classes(void) {
    const unsigned without = 1u << SCHED_OTHER | 1u << SCHED_BATCH;
    struct sched_param param = {9};
    bool right = true;
    for (unsigned i = 0; i < POLICIES; i++)
        if (strcmp(policies[i], "priority") != 0)
            right = right && classes_under(policies[i]) == without;
    CHECK("no classes where all are equal", right);
    CHECK("all of them under strict priority",
          classes_under("priority") == (without | 1u << SCHED_FIFO | 1u << SCHED_RR | 1u << SCHED_IDLE));
    sched_setscheduler(0, SCHED_RR, &param);
    sched_tell("rr");
    CHECK("a class stays", sched_getscheduler(0) == SCHED_RR);
    CHECK("and cannot be changed there", sched_setparam(0, &param) == -1 && errno == EINVAL);
    param.sched_priority = 0;
    CHECK("but left", sched_setscheduler(0, SCHED_OTHER, &param) == 0);
    CHECK("sched_setattr is not there", syscall(SYS_sched_setattr, 0, NULL, 0) == -1 && errno == ENOSYS);
}

static void test_scheduler(void) {
    sched_tell("priority");
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
    CHECK("no such policy", !sched_tell("best") && errno == EINVAL);
    CHECK("no such quantum",
          !sched_tell("quantum 0") && !sched_tell("quantum 1h") && !sched_tell("quantum x"));
    CHECK("a policy", sched_tell("fair") && sched_tell("policy rr"));
    CHECK("a trace", sched_tell("trace 100") && usleep(1000) == 0 && sched_tell("trace stop") &&
                         sched_tell("trace 0"));
    CHECK("preemption", !sched_tell("preempt maybe") && sched_tell("preempt on"));
}

int main(void) {
    counted = mmap(NULL, sizeof(*counted), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    test_affinity();
    test_moved_by_another();
    test_classes();
    test_scheduler();
    sched_tell("rr");
    test_settings();
    return check_done();
}
