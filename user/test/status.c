/*
 * What /proc says about a process, field by field as Linux has it (proc(5)).
 */
#include "common/check.h"
#include "common/child.h"
#include "common/proc_text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096l

static char state_of(pid_t pid) { return stat_read(of(pid, "stat")) ? *field[STATE] : 0; }

static bool comes_to(pid_t pid, char state) {
    for (int i = 0; i < 500 && state_of(pid) != state; i++)
        usleep(10000);
    return state_of(pid) == state;
}

static void test_stat(void) {
    char local;

    CHECK("stat of oneself", stat_read("/proc/self/stat"));
    CHECK("52 fields", fields == 52);
    CHECK("pid and name", atoi(text) == getpid() && strcmp(field[2], "status") == 0);
    CHECK("running", *field[STATE] == 'R' && field[STATE][1] == '\0');
    CHECK("family",
          value(PPID) == getppid() && value(PGRP) == getpgrp() && value(SESSION) == getsid(0));
    CHECK("the terminal is a device and has a foreground group",
          (value(TTY) == 4 * 256 + 64 && value(TPGID) > 0) ||
              (value(TTY) == 0 && !strcmp(field[TPGID], "-1")));
    CHECK("page faults", value(MINFLT) > 0 && value(MINFLT) < 100000);
    CHECK("priority, nice, threads",
          value(PRIORITY) == 20 && value(NICE) == 0 && value(THREADS) == 1);
    CHECK("sizes", value(VSIZE) % PAGE == 0 && value(VSIZE) >= value(RSS) * PAGE && value(RSS) > 5);
    CHECK("no limit on resident pages", strtoul(field[RSSLIM], NULL, 10) == RLIM_INFINITY);
    CHECK("code", value(STARTCODE) <= (long)test_stat && (long)test_stat < value(ENDCODE));
    CHECK("data", value(START_DATA) <= (long)&fields && (long)&fields < value(START_BRK) &&
                      value(START_DATA) < value(END_DATA) && value(END_DATA) <= value(START_BRK));
    CHECK("stack, arguments, environment in order",
          (long)&local < value(STARTSTACK) && value(STARTSTACK) < value(ARG_START) &&
              value(ARG_START) < value(ARG_END) && value(ARG_END) <= value(ENV_START) &&
              value(ENV_START) <= value(ENV_END));
    CHECK("at its end it sends SIGCHLD", value(EXIT_SIGNAL) == SIGCHLD);
    CHECK("a processor", value(PROCESSOR) >= 0 && value(PROCESSOR) < 8);
}

static int sleep_long(void *unused) {
    (void)unused;
    sleep(1000);
    return 0;
}

static int spin(void *unused) {
    volatile bool forever = true;

    (void)unused;
    while (forever)
        ;
    return 0;
}

/* More compute than there are harts. */
enum { HOGS = 9 };

static bool one_is_ready(void) {
    pid_t pids[HOGS];
    bool any = false;

    for (int i = 0; i < HOGS; i++)
        pids[i] = child_start(spin, NULL);
    for (int n = 0; n < 200 && !any; n++)
        for (int i = 0; i < HOGS; i++)
            any = any || (slurp(of(pids[i], "status")) > 0 && strstr(text, "\nState:\tR (ready)\n"));
    for (int i = 0; i < HOGS; i++) {
        kill(pids[i], SIGKILL);
        child_wait(pids[i]);
    }
    return any;
}

static void test_states(void) {
    pid_t child = child_start(sleep_long, NULL), other = child_start(spin, NULL);

    CHECK("one that sleeps waits", comes_to(child, 'S') && value(WCHAN) == 1);
    CHECK("wchan says for what", slurp(of(child, "wchan")) > 0 && strcmp(text, "sleep") == 0);
    CHECK("status says so in words",
          slurp(of(child, "status")) > 0 && strstr(text, "\nState:\tS (waiting)\n"));
    CHECK("one that computes runs", comes_to(other, 'R'));
    CHECK("of too many some are ready", one_is_ready());
    kill(child, SIGSTOP);
    CHECK("a stopped one", comes_to(child, 'T'));
    CHECK("is called that",
          slurp(of(child, "status")) > 0 && strstr(text, "\nState:\tT (stopped)\n"));
    kill(child, SIGCONT);
    CHECK("goes on waiting", comes_to(child, 'S'));
    kill(child, SIGKILL);
    CHECK("a dead one", comes_to(child, 'Z'));
    CHECK("has no memory", value(VSIZE) == 0 && value(RSS) == 0 && value(EXIT_CODE) == SIGKILL);
    CHECK("nor a command line", slurp(of(child, "cmdline")) == 0);
    CHECK("nor files", readlink(of(child, "exe"), text, 64) == -1 && errno == ENOENT);
    CHECK("but a name", slurp(of(child, "comm")) > 0 && strcmp(text, "status\n") == 0);
    CHECK("and words for it",
          slurp(of(child, "status")) > 0 && strstr(text, "\nState:\tZ (zombie)\n"));
    child_wait(child);
    kill(other, SIGKILL);
    child_wait(other);
    CHECK("until it is waited for", slurp(of(child, "stat")) < 0 && errno == ENOENT);
}

/* --- status and its like --- */

static const char *row(const char *name) {
    size_t length = strlen(name);

    for (char *line = text; line && *line;
         line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
        if (strncmp(line, name, length) == 0 && line[length] == ':')
            return line + length + 1;
    return "";
}

static void handler(int signal) { (void)signal; }

static void test_status(void) {
    sigset_t set;
    char expected[64];

    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGWINCH, SIG_IGN);
    signal(SIGUSR1, handler);
    kill(getpid(), SIGUSR2);
    CHECK("status of oneself", slurp("/proc/self/status") > 0);
    CHECK("name", strncmp(row("Name"), "\tstatus\n", 8) == 0);
    CHECK("running, in words", strncmp(row("State"), "\tR (running)\n", 13) == 0);
    CHECK("umask", strncmp(row("Umask"), "\t0022\n", 6) == 0);
    CHECK("ids", atoi(row("Pid")) == getpid() && atoi(row("Tgid")) == getpid() &&
                     atoi(row("PPid")) == getppid());
    snprintf(expected, sizeof(expected), "\t%d\t%d\t%d\t%d\n", getuid(), geteuid(), geteuid(),
             geteuid());
    CHECK("users", strncmp(row("Uid"), expected, strlen(expected)) == 0);
    CHECK("its peak", atol(row("VmPeak")) >= atol(row("VmSize")) && atol(row("VmPTE")) >= 12 &&
                          atol(row("VmPTE")) < 400);
    CHECK("memory", atol(row("VmSize")) >= atol(row("VmRSS")) &&
                        atol(row("VmHWM")) >= atol(row("VmRSS")) && atol(row("VmRSS")) > 20 &&
                        strstr(row("VmRSS"), " kB\n") &&
                        atol(row("VmRSS")) == atol(row("RssAnon")) + atol(row("RssFile")));
    CHECK("threads", atoi(row("Threads")) == 1);
    CHECK("blocked", strtoul(row("SigBlk"), NULL, 16) == 1ul << (SIGUSR2 - 1));
    CHECK("pending", strtoul(row("ShdPnd"), NULL, 16) == 1ul << (SIGUSR2 - 1) &&
                         strtoul(row("SigPnd"), NULL, 16) == 0 &&
                         strncmp(row("SigQ"), "\t1/1024\n", 8) == 0);
    CHECK("ignored and caught", strtoul(row("SigIgn"), NULL, 16) == 1ul << (SIGWINCH - 1) &&
                                    strtoul(row("SigCgt"), NULL, 16) == 1ul << (SIGUSR1 - 1));
    CHECK("switches", *row("voluntary_ctxt_switches") && *row("nonvoluntary_ctxt_switches"));
    CHECK("in stat likewise", stat_read("/proc/self/stat") &&
                                  value(BLOCKED) == 1l << (SIGUSR2 - 1) &&
                                  value(SIGCATCH) == 1l << (SIGUSR1 - 1));
    signal(SIGUSR2, SIG_IGN);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static int run_self(void *unused) {
    char *argv[] = { "some name", "two words", "", "--sleep", NULL };
    char *envp[] = { "A=1", "B=2 3", NULL };

    (void)unused;
    execve(own_path(), argv, envp);
    return 1;
}

static void test_strings(void) {
    static const char arguments[] = "some name\0two words\0\0--sleep", environment[] = "A=1\0B=2 3";
    pid_t child = child_start(run_self, NULL);

    for (int i = 0; i < 500 && (slurp(of(child, "cmdline")) < 1 || text[0] != 's'); i++)
        usleep(10000);
    CHECK("the command line", slurp(of(child, "cmdline")) == sizeof(arguments) &&
                                  memcmp(text, arguments, sizeof(arguments)) == 0);
    CHECK("the environment", slurp(of(child, "environ")) == sizeof(environment) &&
                                 memcmp(text, environment, sizeof(environment)) == 0);
    CHECK("the name is the file's", slurp(of(child, "comm")) && strcmp(text, "status\n") == 0);
    kill(child, SIGKILL);
    child_wait(child);
    long n[7];
    CHECK("statm", slurp("/proc/self/statm") > 0 &&
                       sscanf(text, "%ld %ld %ld %ld %ld %ld %ld\n", &n[0], &n[1], &n[2], &n[3],
                              &n[4], &n[5], &n[6]) == 7 &&
                       n[0] >= n[1] && n[1] >= n[2] && n[1] > 5 && n[3] > 0 && n[4] == 0 &&
                       n[5] > 0);
    CHECK(
        "limits",
        slurp("/proc/self/limits") > 0 &&
            strncmp(
                text,
                "Limit                     Soft Limit           Hard Limit           Units     \n",
                79) == 0 &&
            strstr(text, "\nMax stack size            8388608              33554432             "
                         "bytes     \n") &&
            strstr(text, "\nMax cpu time              unlimited            unlimited            "
                         "seconds   \n"));
}

static void test_tasks(void) {
    char path[64], link[64];
    DIR *dir = opendir("/proc/self/task");
    struct dirent *entry;
    int seen = 0, others = 0;

    while (dir && (entry = readdir(dir))) {
        seen += atoi(entry->d_name) == gettid();
        others += entry->d_name[0] != '.' && atoi(entry->d_name) != gettid();
    }
    CHECK("one thread", seen == 1 && others == 0);
    closedir(dir);
    snprintf(path, sizeof(path), "/proc/self/task/%d/stat", gettid());
    CHECK("has a stat", stat_read(path) && fields == 52 && atoi(text) == gettid());
    snprintf(path, sizeof(path), "/proc/self/task/%d/comm", gettid());
    CHECK("and a name", slurp(path) > 0 && strcmp(text, "status\n") == 0);
    CHECK("no other's", open("/proc/self/task/1/stat", O_RDONLY) == -1 && errno == ENOENT);
    snprintf(link, sizeof(link), "%d/task/%d", getpid(), gettid());
    CHECK("thread-self",
          readlink("/proc/thread-self", path, sizeof(path)) == (ssize_t)strlen(link) &&
              memcmp(path, link, strlen(link)) == 0);
}

int main(int argc, char *argv[]) {
    if (argc > 1 && strcmp(argv[argc - 1], "--sleep") == 0)
        sleep(1000);
    test_stat();
    test_states();
    test_status();
    test_strings();
    test_tasks();
    return check_done();
}
