/*
 * What a life does. See life.h.
 */
#include "life.h"
#include "calls.h"
#include "probe.h"
#include "scratch.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>
#include <fcntl.h>

#define CALLS    2000  /* that a worker makes at most, and its threads */
#define CHILDREN 6
#define WAKE_US  5000  /* a call that waits is interrupted after that time */
#define REPORT   40    /* the descriptor of what is shown */

struct run run;

void life_prepare(void) {
    int flags = MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, rights = PROT_READ | PROT_WRITE;

    run.supervisor = getpid();
    run.slots = mmap((void *)SLOT_PLACE, SLOTS * sizeof(struct slot), rights, flags, -1, 0);
    void *common = mmap((void *)COMMON, COMMON_SIZE, rights, flags, -1, 0);
    if (run.slots == MAP_FAILED || common == MAP_FAILED) {
        perror("FAIL no memory to begin with");
        exit(1);
    }
}

/* --- calls, one after the other --- */

/* Whatever else waits for ever, a signal ends it; unless it is blocked or ignored by then. */
static void wake_up_later(void) {
    static const uint64_t alarm_set = 1ul << (SIGALRM - 1);
    const struct itimerval often = { { 0, WAKE_US }, { 0, WAKE_US } };

    probe_install();
    syscall(SYS_rt_sigprocmask, SIG_UNBLOCK, &alarm_set, NULL, SIGSET_SIZE);
    setitimer(ITIMER_REAL, &often, NULL);
}

static void show(const struct life *life, const struct request *request) {
    const uint64_t *a = request->arguments;

    dprintf(REPORT, "%lu.%d: %ld(%lx, %lx, %lx, %lx, %lx, %lx)\n", life->slot->index, (int)gettid(),
            request->number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

static void tell(const struct life *life, const struct request *request) {
    struct slot *slot = life->slot;

    slot->state = life->stream.state;
    slot->number = request->number;
    for (int i = 0; i < 6; i++)
        slot->arguments[i] = request->arguments[i];
    __atomic_add_fetch(&slot->calls, 1, __ATOMIC_RELAXED);
}

/* What came of it is what later calls are made with. */
static void remember(struct life *life, long number, long result) {
    if (result <= 0)
        return;
    if (number == SYS_mmap || number == SYS_mremap)
        life->places[life->place_next++ % 4] = (uint64_t)result;
    if (number == SYS_clone || number == SYS_clone3)
        life->pids[life->pid_next++ % 4] = (pid_t)result;
}

static void life_step(struct life *life) {
    struct request request;

    if (stream_once_in(&life->stream, 8)) {
        probe(argument_make(life, stream_once_in(&life->stream, 2) ? PLACE : BUFFER),
              stream_once_in(&life->stream, 2));
        return;
    }
    call_choose(life, &request);
    if (call_harms(life, &request))
        return;
    tell(life, &request);
    if (run.verbose)
        show(life, &request);
    remember(life, request.number, call_make(life, &request));
}

/* On a kernel with DEBUG_HEAP=1: it has no memory for each so-manieth request. */
static void let_memory_fail(struct life *life) {
    int fd = open("/proc/alloc_fails", O_WRONLY);

    if (fd >= 0)
        dprintf(fd, "%lx", 2 + stream_below(&life->stream, 60));
    close(fd);
}

static void life_steps(struct life *life, unsigned count) {
    let_memory_fail(life);
    for (unsigned i = 0; i < count; i++) {
        if (i % 16 == 0)
            wake_up_later();
        life_step(life);
    }
}

/* --- beginnings --- */

static void pids_init(struct life *life) {
    for (int i = 0; i < 4; i++)
        life->pids[i] = run.slots[i % run.workers].pid;
}

void life_clone(struct life *parent, uint64_t index) {
    struct life life = *parent;

    if (!life.alone) {
        life.stream = stream_derive(run.seed, index);
        life.children = parent->children / 2;
        life_steps(&life, 1 + stream_below(&life.stream, 300));
    }
    for (;;)
        syscall(SYS_exit, 0);
}

static void *life_thread(void *arg) {
    struct life life = *(struct life *)arg;

    life.stream = stream_derive(run.seed, life.stream.state + 1);
    life_steps(&life, CALLS);
    return NULL;
}

static void limit(int which, rlim_t value) {
    struct rlimit r = { value, value };

    setrlimit(which, &r);
}

static void limits_set(bool root) {
    limit(RLIMIT_NPROC, root ? 64 : 24);
    limit(RLIMIT_NOFILE, 48);
    limit(RLIMIT_AS, run.hungry ? 40ul << 20 : 16ul << 20);
    limit(RLIMIT_FSIZE, 64ul << 10);
    limit(RLIMIT_CPU, 60);
}

static void memory_make(struct life *life) {
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;

    mmap((void *)ARENA, ARENA_SIZE, PROT_READ | PROT_WRITE, flags, -1, 0);
    mmap((void *)ARENA_LOCKED, PAGE_SIZE, PROT_READ, flags, -1, 0);
    mmap((void *)STACKS, STACK_COUNT * STACK_SIZE, PROT_READ | PROT_WRITE, flags, -1, 0);
    mmap((void *)WINDOW, 64 * PAGE_SIZE, PROT_READ | PROT_WRITE, flags, -1, 0);
    for (int i = 0; i < 4; i++)
        life->places[i] = WINDOW + 20 * i * PAGE_SIZE;
    stream_bytes(&life->stream, (void *)(ARENA + ARENA_SIZE / 2), ARENA_SIZE / 2);
}

/* One of each kind, on both sides; some have a pseudo-terminal for their session. */
static void descriptors_open(struct life *life) {
    int fds[2], number = 0, unlock = 0;
    char slave[32];

    if (run.verbose)
        dup2(1, REPORT);
    for (int fd = 0; fd < REPORT; fd++)
        close(fd);
    open("/dev/null", O_RDWR);
    open("a", O_RDWR | O_CREAT, 0666);
    open("b", O_RDWR | O_CREAT | O_APPEND, 0666);
    open(".", O_RDONLY);
    if (pipe2(fds, O_NONBLOCK) != 0 || pipe(fds) != 0)
        _exit(1);
    open("/tmp", O_RDONLY);
    open("/dev/zero", O_RDWR);
    open("fifo", O_RDWR | O_NONBLOCK);
    open("/proc/self", O_RDONLY);
    open("/proc/self/maps", O_RDONLY);
    open("/dev/full", O_RDWR);
    int master = open("/dev/ptmx", O_RDWR | O_NOCTTY);
    if (ioctl(master, TIOCSPTLCK, &unlock) != 0 || ioctl(master, TIOCGPTN, &number) != 0)
        return;
    snprintf(slave, sizeof(slave), "/dev/pts/%d", number);
    open(slave, O_RDWR | (stream_once_in(&life->stream, 2) ? O_NOCTTY : 0));
    open("/dev/tty", O_RDWR | O_NONBLOCK);
}

static void become(struct life *life, uint64_t index) {
    uid_t uid = life->root ? 0 : 1000 + index % 3;

    if (setgroups(0, NULL) != 0 || setgid(uid) != 0 || setuid(uid) != 0)
        _exit(1);
}

void life_worker(struct slot *slot, uint64_t index) {
    struct life life = {
        .stream = stream_derive(run.seed, index), .slot = slot, .root = index % 3 == 0,
        .alone = run.workers == 1, .children = CHILDREN,
    };

    if (setsid() < 0)
        _exit(1);
    limits_set(life.root);
    memory_make(&life);
    scratch_furnish();
    become(&life, index);
    descriptors_open(&life);
    pids_init(&life);
    probe_catch_all();
    for (unsigned i = stream_below(&life.stream, 4); i > 0 && !life.alone; i--) {
        pthread_t thread;
        struct life *copy = malloc(sizeof(life));
        *copy = life;
        copy->stream.state += i;
        if (pthread_create(&thread, NULL, life_thread, copy) != 0)
            break;
    }
    life_steps(&life, CALLS);
    _exit(0);
}
