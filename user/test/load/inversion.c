/* Who is important waits for a PI futex that who is unimportant has, who does not run while others do. */
#include "load.h"

#include <abi/futex.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../common/child.h"

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
void load_inversion(int argc, char **argv) {
    (void)argc;
    pin(1);
    begin(atoi(argv[0]));
    child_start(holder, NULL);
    child_start(meddler, NULL);
    child_start(wanter, NULL);
    finish(3, 1);
}

