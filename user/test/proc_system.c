/*
 * What /proc says about the system as a whole: its harts, its load, what it is.
 */
#include "common/check.h"
#include "common/child.h"
#include "common/proc_text.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int spin(void *unused) {
    volatile bool forever = true;

    (void)unused;
    while (forever)
        ;
    return 0;
}

static int harts(void) {
    int count = 0;

    slurp("/proc/cpuinfo");
    for (char *at = text; (at = strstr(at, "processor\t: ")); at++)
        count++;
    return count;
}

static bool cpu_row(const char *name, unsigned long times[10]) {
    char *at = strstr(text, name);

    return at && sscanf(at + strlen(name), "%lu %lu %lu %lu %lu %lu %lu %lu %lu %lu\n", &times[0],
                        &times[1], &times[2], &times[3], &times[4], &times[5], &times[6], &times[7],
                        &times[8], &times[9]) == 10;
}

static unsigned long number_after(const char *name) {
    char *at = strstr(text, name);

    return at ? strtoul(at + strlen(name), NULL, 10) : 0;
}

static void test_system_stat(void) {
    unsigned long before[10], after[10], one[10], sum = 0, forks, switches;
    char name[16];
    int n = harts();
    bool all = true;

    CHECK("stat",
          slurp("/proc/stat") > 0 && strncmp(text, "cpu  ", 5) == 0 && cpu_row("cpu  ", before));
    forks = number_after("\nprocesses ");
    switches = number_after("\nctxt ");
    for (int i = 0; i < n; i++) {
        snprintf(name, sizeof(name), "\ncpu%d ", i);
        all &= cpu_row(name, one);
        sum += one[3];
    }
    CHECK("a row for each hart", n > 0 && all);
    CHECK("the first is their sum", labs((long)(sum - before[3])) <= n + 5);
    CHECK("time of boot", number_after("\nbtime ") > 1000000000);
    CHECK("who runs, who is blocked",
          number_after("\nprocs_running ") >= 1 && strstr(text, "\nprocs_blocked "));
    pid_t child = child_start(spin, NULL);
    usleep(600000);
    kill(child, SIGKILL);
    child_wait(child);
    slurp("/proc/stat");
    cpu_row("cpu  ", after);
    CHECK("one who computes uses a hart", after[0] - before[0] >= 30);
    CHECK("the others are idle", n == 1 || after[3] - before[3] >= 20);
    CHECK("a process more",
          number_after("\nprocesses ") >= forks + 1 && number_after("\nctxt ") > switches);
}

static int spin_nicely(void *unused) {
    nice(10);
    return spin(unused);
}

static void test_nice(void) {
    unsigned long before[10], after[10];

    slurp("/proc/stat");
    cpu_row("cpu  ", before);
    pid_t child = child_start(spin_nicely, NULL);
    usleep(400000);
    kill(child, SIGKILL);
    child_wait(child);
    slurp("/proc/stat");
    cpu_row("cpu  ", after);
    CHECK("who is nice has a column", after[1] - before[1] >= 15);
}

static void test_load(void) {
    unsigned a, b, c, x, y, z, running, all, last;
    double up, idle;

    CHECK("loadavg", slurp("/proc/loadavg") > 0 &&
                         sscanf(text, "%u.%2u %u.%2u %u.%2u %u/%u %u\n", &a, &x, &b, &y, &c, &z,
                                &running, &all, &last) == 9 &&
                         running >= 1 && all >= 2 && last >= (unsigned)getpid());
    CHECK("uptime", slurp("/proc/uptime") > 0 && sscanf(text, "%lf %lf\n", &up, &idle) == 2 &&
                        up > 0.1 && idle >= 0 && idle <= up * harts() + 1);
    pid_t one = child_start(spin, NULL), two = child_start(spin, NULL);
    for (int i = 0; i < 120; i++) {
        slurp("/proc/loadavg");
        if (strncmp(text, "0.0", 3) != 0)
            break;
        usleep(100000);
    }
    CHECK("two who compute are a load", strtod(text, NULL) >= 0.1);
    kill(one, SIGKILL);
    kill(two, SIGKILL);
    child_wait(one);
    child_wait(two);
}

static void test_machine(void) {
    int n = harts(), columns = 0;

    slurp("/proc/interrupts");
    char *line = strchr(text, '\n');
    for (char *at = text; (at = strstr(at, "CPU")) && at < line; at++)
        columns++;
    CHECK("interrupts of each hart", columns == n);
    CHECK("of devices, timers and each other",
          strstr(text, "  uart\n") && strstr(text, "  virtio-blk\n") && strstr(text, "\n TIM: ") &&
              strstr(text, "\nIPI0: "));
    CHECK("version", slurp("/proc/version") > 0 && strncmp(text, "Trapdoor version ", 17) == 0);
    CHECK("filesystems", slurp("/proc/filesystems") > 0 && strstr(text, "\text2\n") &&
                             strstr(text, "nodev\tproc\n"));
}

static void test_mounts(void) {
    unsigned id = 0, parent, major, minor;
    char all[sizeof(text)];

    CHECK("mounts", slurp("/proc/mounts") > 0 && strstr(text, " /dev devfs rw 0 0\n") &&
                        strstr(text, " /proc proc rw"));
    strcpy(all, text);
    CHECK("of a process", slurp("/proc/self/mounts") > 0 && strcmp(text, all) == 0);
    CHECK("mountinfo", slurp("/proc/self/mountinfo") > 0 &&
                           sscanf(text, "%u %u %u:%u / / r", &id, &parent, &major, &minor) == 4 &&
                           id == parent && strstr(text, " / /dev/pts rw - devpts devpts rw\n"));
    snprintf(all, sizeof(all), " %u 0:", id);
    CHECK("what is mounted on the root", strstr(text, all));
}

int main(void) {
    test_system_stat();
    test_mounts();
    test_nice();
    test_load();
    test_machine();
    return check_done();
}
