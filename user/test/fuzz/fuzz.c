/*
 * fuzz [-v] [SEED [SECONDS [WORKERS]]]: random system calls, made by many processes and threads at once.
 *
 * Workers are the children of a supervisor that lives in the scratch directory as they do: nothing that a
 * process has leads out of it, not even for the moment after fork. Who begins and ends the rounds is outside.
 *
 * The kernel must neither panic nor hang, and when all is over everything must have come back. The seed
 * repeats what each worker does; what they do to each other depends on when. With one worker, which has
 * no threads and no living children, a run is the same each time. -v shows each call before it is made.
 */
#include "../common/check.h"
#include "../common/child.h"
#include "life.h"
#include "machine.h"
#include "scratch.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/random.h>
#include <sys/swap.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROUND_MS   6000
#define STUCK_MS   250   /* a worker that has made no call for so long is ended */
#define DYING_MS   20000 /* what does not die of SIGKILL for so long hangs */
#define PROCESSES  1024

static pid_t before[PROCESSES]; /* those that were there before us */
static unsigned before_count;
static struct progress { uint64_t next_index, calls; } progress;

static uint64_t now_ms(void) {
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000ul + now.tv_nsec / 1000000;
}

static void rest(void) {
    usleep(10000);
}

/* --- workers --- */

static uint64_t seen[SLOTS], seen_at[SLOTS]; /* calls of a worker, and when there were more of them */
static pid_t pids[SLOTS]; /* or 0; not those in the slots, where a wild worker may have put ours */

static void worker_start(unsigned i) {
    struct slot *slot = &run.slots[i];

    memset(slot, 0, sizeof(*slot));
    slot->index = progress.next_index++;
    seen[i] = 0;
    seen_at[i] = now_ms();
    pid_t pid = fork();
    if (pid == 0) {
        slot->pid = getpid();
        life_worker(slot, slot->index);
    }
    slot->pid = pids[i] = pid > 0 ? pid : 0;
}

static void worker_ended(unsigned i, int status) {
    struct slot *slot = &run.slots[i];

    progress.calls += slot->calls % (1 << 20); /* a wild worker may have written there */
    if (run.workers == 1)
        printf("worker %lu: status %x, %lu calls, stream %lx\n", slot->index, status, slot->calls,
               slot->state);
    slot->pid = pids[i] = 0;
}

static void workers_reap(void) {
    pid_t pid;
    int status;

    while ((pid = waitpid(-1, &status, WNOHANG | __WALL)) > 0)
        for (unsigned i = 0; i < run.workers; i++)
            if (pids[i] == pid)
                worker_ended(i, status);
}

/* Its whole group, most of its children with it. */
static void worker_kill(pid_t pid) {
    kill(-pid, SIGKILL);
    kill(pid, SIGKILL);
}

static void worker_look(unsigned i) {
    struct slot *slot = &run.slots[i];

    if (slot->calls != seen[i]) {
        seen[i] = slot->calls;
        seen_at[i] = now_ms();
    } else if (now_ms() - seen_at[i] > STUCK_MS) {
        worker_kill(pids[i]);
    }
}

static void workers_run(uint64_t end) {
    while (now_ms() < end) {
        workers_reap();
        for (unsigned i = 0; i < run.workers; i++)
            if (!pids[i])
                worker_start(i);
            else
                worker_look(i);
        rest();
    }
}

static void workers_end(void) {
    uint64_t limit = now_ms() + DYING_MS;

    for (unsigned i = 0; i < run.workers; i++)
        while (pids[i] && now_ms() < limit) {
            worker_kill(pids[i]);
            rest();
            workers_reap();
        }
}

/* A round of `ms`: 0, and what has come of it goes to `report`. */
static int supervise(uint64_t ms, int report) {
    run.supervisor = getpid();
    if (scratch_enter() != 0 || access("/test", F_OK) == 0)
        return 1;
    workers_run(now_ms() + ms);
    workers_end();
    return write(report, &progress, sizeof(progress)) != sizeof(progress);
}

static bool supervisor_run(uint64_t ms) {
    int fds[2], status = 1;

    if (pipe(fds) != 0)
        return false;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0)
        _exit(supervise(ms, fds[1]));
    bool good = pid > 0 && waitpid(pid, &status, 0) == pid && exited_with(status, 0) &&
                read(fds[0], &progress, sizeof(progress)) == sizeof(progress);
    if (!good)
        printf("the supervisor ended with status %x\n", status);
    close(fds[0]);
    close(fds[1]);
    return good;
}

/* --- and whatever they have left --- */

static bool was_before(pid_t pid) {
    for (unsigned i = 0; i < before_count; i++)
        if (before[i] == pid)
            return true;
    return false;
}

/* Whoever is not from before us: how many are left. */
static unsigned strangers(bool (*act)(pid_t)) {
    static pid_t all[PROCESSES];
    unsigned count = machine_pids(all, PROCESSES), left = 0;

    for (unsigned i = 0; i < count; i++)
        if (!was_before(all[i])) {
            act(all[i]);
            left++;
        }
    return left;
}

static bool end(pid_t pid) {
    return kill(pid, SIGKILL) == 0;
}

static bool show(pid_t pid) {
    machine_show_process(pid);
    return true;
}

static void show_calls(void) {
    for (unsigned i = 0; i < run.workers; i++) {
        const struct slot *slot = &run.slots[i];
        printf("worker %lu, pid %d, last called %ld(%lx, %lx, %lx, %lx, %lx, %lx)\n", slot->index,
               (int)slot->pid, slot->number, slot->arguments[0], slot->arguments[1], slot->arguments[2],
               slot->arguments[3], slot->arguments[4], slot->arguments[5]);
    }
}

/* All of them, however they are related to each other now. */
static bool strangers_end(void) {
    uint64_t limit = now_ms() + DYING_MS;

    while (strangers(end) > 0) {
        if (now_ms() > limit) {
            strangers(show);
            show_calls();
            return false;
        }
        rest();
    }
    return true;
}

/* --- rounds --- */

/* What root's workers may have changed for the whole machine, that a worker needs as it was. */
static void machine_restore(bool swap) {
    sethostname("trapdoor", 8);
    if (swap)
        swapon("/dev/vdb", 0);
}

/* A round of `ms`; false if somebody cannot be killed, or names remain. */
static bool round_run(unsigned long number, uint64_t ms, bool swap) {
    bool good = scratch_make() && scratch_programs(number);

    if (!good)
        printf("the scratch directory cannot be made\n");
    good = supervisor_run(ms) && good;
    if (!strangers_end())
        return false;
    machine_restore(swap);
    if (!scratch_empty()) {
        printf("the scratch directory cannot be removed\n");
        return false;
    }
    return good;
}

/* The first rounds fill the kernel's caches and stocks; what they left is what later ones must leave. */
static void rounds_run(uint64_t seconds, bool swap) {
    uint64_t begin = now_ms(), end = begin + seconds * 1000;
    struct machine first, last;
    unsigned long number = 0;
    uint64_t part = seconds * 1000 / 4 < ROUND_MS ? seconds * 1000 / 4 : ROUND_MS;
    bool good = round_run(number++, part, swap);

    machine_read(&first);
    while (good && now_ms() < end) {
        good = round_run(number++, part, swap);
        machine_read(&last);
        good = good && !machine_grew(&first, &last);
        printf("%lu s: round %lu, %lu workers, %lu calls\n", (now_ms() - begin) / 1000, number - 1,
               progress.next_index, progress.calls);
        fflush(stdout);
    }
    CHECK("random calls", good);
}

static uint64_t number_of(const char *text, uint64_t otherwise) {
    return text ? strtoul(text, NULL, 0) : otherwise;
}

int main(int argc, char *argv[]) {
    struct sysinfo info;
    uint64_t fresh = 0;

    if (argc > 1 && strcmp(argv[1], "-v") == 0) {
        run.verbose = true;
        argc--;
        argv++;
    }
    getrandom(&fresh, 4, 0);
    sysinfo(&info);
    run.seed = number_of(argc > 1 ? argv[1] : NULL, fresh);
    uint64_t seconds = number_of(argc > 2 ? argv[2] : NULL, 10);
    run.hungry = info.totalram >> 20 < 64;
    run.workers = number_of(argc > 3 ? argv[3] : NULL, 8);
    if (run.workers < 1 || run.workers > SLOTS)
        run.workers = SLOTS;
    printf("fuzz: seed %lu, %lu seconds, %u workers\n", run.seed, seconds, run.workers);
    fflush(stdout);
    signal(SIGTTOU, SIG_IGN);
    klogctl(SYSLOG_ACTION_CONSOLE_OFF, NULL, 0);
    before_count = machine_pids(before, PROCESSES);
    life_prepare();
    rounds_run(seconds, info.totalswap > 0);
    klogctl(SYSLOG_ACTION_CONSOLE_ON, NULL, 0);
    return check_done();
}
