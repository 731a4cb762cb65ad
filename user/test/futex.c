/*
 * Futexes: the calls one by one, what becomes of the locks of the dead, locks that lend priority.
 */
#include "common/check.h"
#include "common/child.h"
#include "common/thread.h"

#include <abi/futex.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static long futex(void *word, int operation, unsigned value, void *time, void *word2,
                  unsigned value3) {
    long result = syscall(SYS_futex, word, operation, (unsigned long)value, time, word2,
                          (unsigned long)value3);

    return result < 0 ? -errno : result;
}

/* --- the calls one by one --- */

static int word;

static void *wait_bits(void *bits) {
    return (void *)futex(&word, FUTEX_WAIT_BITSET, 0, NULL, NULL, (unsigned)(long)bits);
}

/* Wakes until it has woken one: the thread may not have come to its wait yet. */
static bool wake_in_time(void *at, int operation, unsigned bits) {
    for (int i = 0; i < 5000; i++) {
        if (futex(at, operation, 1, NULL, NULL, bits) == 1)
            return true;
        usleep(1000);
    }
    return false;
}

static void test_calls(void) {
    struct timespec none = { 0, 0 }, bad = { 0, -1 }, soon = { 0, 5000000 };
    pthread_t thread;
    void *result;

    CHECK("another value", futex(&word, FUTEX_WAIT, 1, NULL, NULL, 0) == -EAGAIN);
    CHECK("a time-out", futex(&word, FUTEX_WAIT, 0, &soon, NULL, 0) == -ETIMEDOUT);
    CHECK("a time that is past", futex(&word, FUTEX_WAIT_BITSET, 0, &none, NULL, 1) == -ETIMEDOUT);
    CHECK("a bad time", futex(&word, FUTEX_WAIT, 0, &bad, NULL, 0) == -EINVAL);
    CHECK("no bits", futex(&word, FUTEX_WAIT_BITSET, 0, NULL, NULL, 0) == -EINVAL);
    CHECK("not aligned", futex((char *)&word + 1, FUTEX_WAIT, 0, NULL, NULL, 0) == -EINVAL);
    CHECK("not there", futex((void *)8, FUTEX_WAIT, 0, NULL, NULL, 0) == -EFAULT);
    CHECK("the kernel's", futex((void *)-4096l, FUTEX_WAKE, 1, NULL, NULL, 0) == -EFAULT);
    CHECK("unknown", futex(&word, 99, 1, NULL, NULL, 0) == -ENOSYS);
    CHECK("nobody waits", futex(&word, FUTEX_WAKE, 1, NULL, NULL, 0) == 0);
    thread = started(wait_bits, (void *)6l);
    usleep(10000);
    CHECK("other bits", futex(&word, FUTEX_WAKE_BITSET, 1, NULL, NULL, 9) == 0);
    CHECK("these bits", wake_in_time(&word, FUTEX_WAKE_BITSET, 2));
    pthread_join(thread, &result);
    CHECK("the waiter's result", result == (void *)0);
}

static int second;

static void *wait_plain(void *arg) {
    (void)arg;
    return (void *)futex(&word, FUTEX_WAIT, 0, NULL, NULL, 0);
}

static void test_requeue(void) {
    pthread_t threads[THREADS];
    long moved = 0, woken = 0;

    for (int i = 0; i < THREADS; i++)
        threads[i] = started(wait_plain, NULL);
    CHECK("requeue only if the value is right",
          futex(&word, FUTEX_CMP_REQUEUE, 0, (void *)1000, &second, 1) == -EAGAIN);
    for (int i = 0; i < 5000 && moved < THREADS; i++) {
        moved += futex(&word, FUTEX_CMP_REQUEUE, 0, (void *)1000, &second, 0);
        usleep(1000);
    }
    CHECK("all wait for the second word", moved == THREADS &&
                                              futex(&word, FUTEX_WAKE, 100, NULL, NULL, 0) == 0);
    woken = futex(&second, FUTEX_WAKE, 3, NULL, NULL, 0);
    CHECK("where as many wake as asked for", woken == 3);
    CHECK("and the rest", futex(&second, FUTEX_WAKE, 1000, NULL, NULL, 0) == THREADS - 3);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    second = 5;
    CHECK("wake-op changes the word",
          futex(&word, FUTEX_WAKE_OP, 1, (void *)1, &second,
                FUTEX_OP(FUTEX_OP_ADD, 3, FUTEX_OP_CMP_EQ, 5)) == 0 && second == 8);
    CHECK("wake-op of what is not there",
          futex(&word, FUTEX_WAKE_OP, 1, (void *)1, (void *)8, 0) == -EFAULT);
}

static void interrupt(int sig) {
    (void)sig;
}

static void *wait_and_be_interrupted(void *timed) {
    struct timespec long_time = { 100, 0 };

    return (void *)futex(&word, FUTEX_WAIT, 0, timed ? &long_time : NULL, NULL, 0);
}

static long interrupted(int flags, void *timed) {
    struct sigaction action = { .sa_handler = interrupt, .sa_flags = flags };
    pthread_t thread;
    void *result;

    sigaction(SIGUSR1, &action, NULL);
    thread = started(wait_and_be_interrupted, timed);
    usleep(20000);
    pthread_kill(thread, SIGUSR1);
    usleep(20000);
    futex(&word, FUTEX_WAKE, 1, NULL, NULL, 0);
    pthread_join(thread, &result);
    return (long)result;
}

static void test_signals(void) {
    CHECK("a handler ends the wait", interrupted(0, NULL) == -EINTR);
    CHECK("or it goes on", interrupted(SA_RESTART, NULL) == 0);
    CHECK("but not with a time limit", interrupted(SA_RESTART, (void *)1) == -EINTR);
}

/* --- the locks of the dead --- */

struct robust_lock {
    struct robust_list link;
    unsigned word;
};

#define OFFSET ((long)offsetof(struct robust_lock, word))

static struct robust_lock locks[3];
static struct robust_list_head head;

/* Dies with three locks in its list, the last of which is not its own, in a ring that never ends. */
static void *die_with_locks(void *hostile) {
    for (int i = 0; i < 3; i++) {
        locks[i].link.next = &locks[(i + 1) % 3].link;
        locks[i].word = gettid() | (i == 1 ? FUTEX_WAITERS : 0);
    }
    locks[2].word = 1;
    if (!hostile)
        locks[2].link.next = &head.list;
    head.list.next = &locks[0].link;
    head.futex_offset = OFFSET;
    return (void *)syscall(SYS_set_robust_list, &head, sizeof(head));
}

static void *die_with_nonsense(void *at) {
    head.list.next = at;
    head.list_op_pending = at;
    return (void *)syscall(SYS_set_robust_list, &head, sizeof(head));
}

static bool marked(void) {
    return locks[0].word == FUTEX_OWNER_DIED && locks[2].word == 1 &&
           locks[1].word == (FUTEX_WAITERS | FUTEX_OWNER_DIED);
}

static void test_robust(void) {
    void *list;
    size_t size;

    CHECK("a list of another size", syscall(SYS_set_robust_list, &head, 23) == -1);
    pthread_join(started(die_with_locks, NULL), NULL);
    CHECK("the locks of the dead are marked", marked());
    pthread_join(started(die_with_locks, (void *)1), NULL);
    CHECK("a ring has an end", marked());
    pthread_join(started(die_with_nonsense, (void *)8), NULL);
    pthread_join(started(die_with_nonsense, (void *)-8l), NULL);
    CHECK("nonsense hurts nobody", true);
    CHECK("get_robust_list", syscall(SYS_get_robust_list, 0, &list, &size) == 0 &&
                                 list == NULL && size == sizeof(head));
}

/* --- locks that lend priority --- */

static unsigned pi_word;
static long counted;

static void pi_lock(unsigned *lock) {
    unsigned unlocked = 0;

    if (!__atomic_compare_exchange_n(lock, &unlocked, gettid(), false, __ATOMIC_ACQUIRE,
                                     __ATOMIC_RELAXED) &&
        futex(lock, FUTEX_LOCK_PI, 0, NULL, NULL, 0) != 0)
        __atomic_fetch_add(&counted, 1 << 20, __ATOMIC_RELAXED);
}

static void pi_unlock(unsigned *lock) {
    unsigned mine = gettid();

    if (!__atomic_compare_exchange_n(lock, &mine, 0, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED) &&
        futex(lock, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0) != 0)
        __atomic_fetch_add(&counted, 1 << 20, __ATOMIC_RELAXED);
}

static void *count_under_lock(void *arg) {
    for (int i = 0; i < 300; i++) {
        pi_lock(&pi_word);
        counted++;
        pi_unlock(&pi_word);
    }
    return arg;
}

static void *die_as_owner(void *arg) {
    pi_lock(&pi_word);
    while (!(__atomic_load_n(&pi_word, __ATOMIC_RELAXED) & FUTEX_WAITERS))
        usleep(1000);
    usleep(20000);
    return arg;
}

static unsigned other_word;
static pthread_barrier_t both;

static void *lock_crosswise(void *result) {
    pi_lock(&other_word);
    pthread_barrier_wait(&both);
    *(long *)result = futex(&pi_word, FUTEX_LOCK_PI, 0, NULL, NULL, 0);
    if (*(long *)result == 0)
        pi_unlock(&pi_word);
    pi_unlock(&other_word);
    return NULL;
}

static int order[4], arrived_count;
static volatile pid_t arriving[4];

static void *arrive(void *me) {
    arriving[(long)me] = gettid();
    pi_lock(&pi_word);
    order[arrived_count++] = (int)(long)me;
    pi_unlock(&pi_word);
    return NULL;
}

/* Is the lock handed on as they have come; or first to the third one, who is made more important? */
static bool in_order(bool raised) {
    static const int expected[2][4] = { { 0, 1, 2, 3 }, { 2, 0, 1, 3 } };
    pthread_t threads[4];
    bool right = true;

    arrived_count = 0;
    pi_lock(&pi_word);
    for (long i = 0; i < 4; i++) {
        threads[i] = started(arrive, (void *)i);
        usleep(30000);
    }
    if (raised)
        right = setpriority(PRIO_PROCESS, (id_t)arriving[2], -5) == 0;
    pi_unlock(&pi_word);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < 4; i++)
        right = right && order[i] == expected[raised][i];
    return right;
}

static void test_pi(void) {
    struct timespec past = { 1, 0 };
    long results[2];
    pthread_t thread;

    run_all(count_under_lock);
    CHECK("mutual exclusion", counted == THREADS * 300 && pi_word == 0);
    CHECK("in order of arrival", in_order(false));
    CHECK("and of importance, which may change", in_order(true));
    pi_lock(&pi_word);
    CHECK("not twice", futex(&pi_word, FUTEX_LOCK_PI, 0, NULL, NULL, 0) == -EDEADLK);
    pthread_barrier_init(&both, NULL, 2);
    thread = started(lock_crosswise, &results[0]);
    pthread_barrier_wait(&both);
    usleep(20000);
    results[1] = futex(&other_word, FUTEX_LOCK_PI, 0, NULL, NULL, 0);
    pi_unlock(&pi_word);
    pthread_join(thread, NULL);
    CHECK("a deadlock is seen", results[0] == 0 && results[1] == -EDEADLK);
    CHECK("not another's", futex(&pi_word, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0) == -EPERM);
    pi_word = 0x3ffffff0;
    CHECK("the owner is not there", futex(&pi_word, FUTEX_LOCK_PI, 0, NULL, NULL, 0) == -ESRCH);
    pi_word = getppid();
    CHECK("a try", futex(&pi_word, FUTEX_TRYLOCK_PI, 0, NULL, NULL, 0) == -EAGAIN);
    CHECK("a time-out", futex(&pi_word, FUTEX_LOCK_PI, 0, &past, NULL, 0) == -ETIMEDOUT);
    pi_word = 0;
    thread = started(die_as_owner, NULL);
    while (__atomic_load_n(&pi_word, __ATOMIC_RELAXED) == 0)
        usleep(1000);
    pi_lock(&pi_word);
    CHECK("the owner's death", pi_word == ((unsigned)gettid() | FUTEX_OWNER_DIED));
    CHECK("is forgotten with the unlock",
          futex(&pi_word, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0) == 0 && pi_word == 0);
    pthread_join(thread, NULL);
}

int main(void) {
    long before;

    threads_warm_up();
    before = memory_free();
    test_calls();
    test_requeue();
    test_signals();
    test_robust();
    test_pi();
    CHECK("memory is back", memory_is_back(before, 32 * 4096));
    return check_done();
}
