/*
 * POSIX threads as the GNU C library makes them: a program for Linux, which knows nothing of this
 * kernel. One line for each check, and their number at the end.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define THREADS 8
#define ROUNDS  2000

static int ok, bad;

static void check(const char *what, bool holds) {
    printf("%s %s\n", holds ? "ok" : "FAIL", what);
    holds ? ok++ : bad++;
    fflush(stdout);
}

static void run(void *(*body)(void *), int count) {
    pthread_t threads[THREADS];

    for (long i = 0; i < count; i++)
        if (pthread_create(&threads[i], NULL, body, (void *)i) != 0)
            abort();
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static long counter;

static void *count_locked(void *arg) {
    (void)arg;
    for (int i = 0; i < ROUNDS; i++) {
        pthread_mutex_lock(&mutex);
        counter++;
        pthread_mutex_unlock(&mutex);
    }
    return NULL;
}

static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int turn;

static void *take_turns(void *arg) {
    for (int i = 0; i < ROUNDS; i++) {
        pthread_mutex_lock(&mutex);
        while (turn % 2 != (long)arg)
            pthread_cond_wait(&changed, &mutex);
        turn++;
        pthread_cond_broadcast(&changed);
        pthread_mutex_unlock(&mutex);
    }
    return NULL;
}

static pthread_barrier_t barrier;
static int arrived[THREADS], out_of_step;

static void *step(void *arg) {
    for (int i = 1; i <= 200; i++) {
        arrived[(long)arg] = i;
        pthread_barrier_wait(&barrier);
        for (int other = 0; other < THREADS; other++)
            if (arrived[other] != i)
                __atomic_fetch_add(&out_of_step, 1, __ATOMIC_RELAXED);
        pthread_barrier_wait(&barrier);
    }
    return NULL;
}

static sem_t empty, full;
static long produced, consumed;

static void *produce_or_consume(void *arg) {
    for (int i = 1; i <= ROUNDS; i++) {
        sem_wait(arg ? &full : &empty);
        if (arg)
            consumed += produced;
        else
            produced = i;
        sem_post(arg ? &empty : &full);
    }
    return NULL;
}

static bool cleaned;

static void clean_up(void *arg) {
    *(bool *)arg = true;
}

static void *wait_forever(void *arg) {
    pthread_cleanup_push(clean_up, &cleaned);
    if (arg)
        pause();
    for (;;)
        pthread_testcancel();
    pthread_cleanup_pop(0);
    return NULL;
}

static bool cancel(void *arg) {
    pthread_t thread;
    void *result = NULL;

    cleaned = false;
    pthread_create(&thread, NULL, wait_forever, arg);
    usleep(10000);
    pthread_cancel(thread);
    pthread_join(thread, &result);
    return result == PTHREAD_CANCELED && cleaned;
}

static __thread int own = 17;
static int wrong;

static void *own_variables(void *arg) {
    for (int i = 0; i < ROUNDS; i++) {
        if (own != 17 + i || (errno != 0 && errno != EBADF))
            __atomic_fetch_add(&wrong, 1, __ATOMIC_RELAXED);
        own++;
        if (arg)
            close(-1);
    }
    return NULL;
}

static pthread_key_t key;
static int destroyed;

static void destroy(void *value) {
    destroyed += (long)value;
}

static void *set_key(void *arg) {
    (void)arg;
    pthread_setspecific(key, (void *)1);
    return NULL;
}

static bool timed_out(void) {
    struct timespec until;
    int error;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += 20000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&mutex);
    error = pthread_cond_timedwait(&changed, &mutex, &until);
    pthread_mutex_unlock(&mutex);
    return error == ETIMEDOUT;
}

static void *lock_and_die(void *arg) {
    pthread_mutex_lock(arg);
    return NULL;
}

/* Who dies with a robust mutex leaves it to the next one, who is told. */
static bool robust(int protocol) {
    pthread_mutexattr_t attributes;
    pthread_mutex_t lock;
    pthread_t thread;
    bool held;

    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutexattr_setprotocol(&attributes, protocol);
    pthread_mutex_init(&lock, &attributes);
    pthread_create(&thread, NULL, lock_and_die, &lock);
    pthread_join(thread, NULL);
    held = pthread_mutex_lock(&lock) == EOWNERDEAD && pthread_mutex_consistent(&lock) == 0;
    return held && pthread_mutex_unlock(&lock) == 0 && pthread_mutex_lock(&lock) == 0 &&
           pthread_mutex_unlock(&lock) == 0;
}

static pthread_mutex_t pi_mutex;

static void *count_pi(void *arg) {
    (void)arg;
    for (int i = 0; i < ROUNDS; i++) {
        pthread_mutex_lock(&pi_mutex);
        counter++;
        pthread_mutex_unlock(&pi_mutex);
    }
    return NULL;
}

static bool inherits(void) {
    pthread_mutexattr_t attributes;

    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT);
    if (pthread_mutex_init(&pi_mutex, &attributes) != 0)
        return false;
    counter = 0;
    run(count_pi, THREADS);
    return counter == THREADS * ROUNDS;
}

static pthread_t caught_by;

static void catch(int sig) {
    (void)sig;
    caught_by = pthread_self();
}

static void *sleep_a_lot(void *arg) {
    (void)arg;
    sleep(1000);
    return NULL;
}

static bool signalled(void) {
    struct sigaction action = { .sa_handler = catch };
    pthread_t thread;

    sigaction(SIGUSR1, &action, NULL);
    pthread_create(&thread, NULL, sleep_a_lot, NULL);
    usleep(10000);
    pthread_kill(thread, SIGUSR1);
    pthread_join(thread, NULL);
    return pthread_equal(caught_by, thread);
}

static void *end_process(void *arg) {
    exit((long)arg);
}

static bool ends_all(void) {
    pthread_t thread;
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        pthread_create(&thread, NULL, sleep_a_lot, NULL);
        pthread_create(&thread, NULL, end_process, (void *)7);
        for (;;)
            pause();
    }
    waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 7;
}

static void *exec_program(void *arg) {
    execl(arg, arg, "again", (char *)NULL);
    return NULL;
}

static bool execs(char *path) {
    pthread_t thread;
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        pthread_create(&thread, NULL, sleep_a_lot, NULL);
        pthread_create(&thread, NULL, exec_program, path);
        pthread_exit(NULL);
    }
    waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 9;
}

int main(int argc, char *argv[]) {
    if (argc > 1)
        return getpid() == gettid() ? 9 : 1;
    run(count_locked, THREADS);
    check("mutex", counter == THREADS * ROUNDS);
    run(take_turns, 2);
    check("condition", turn == 2 * ROUNDS);
    pthread_barrier_init(&barrier, NULL, THREADS);
    run(step, THREADS);
    check("barrier", out_of_step == 0);
    sem_init(&empty, 0, 1);
    sem_init(&full, 0, 0);
    run(produce_or_consume, 2);
    check("semaphores", consumed == (long)ROUNDS * (ROUNDS + 1) / 2);
    check("cancellation in a call", cancel((void *)1));
    check("cancellation at a point", cancel(NULL));
    run(own_variables, THREADS);
    check("variables of its own", wrong == 0);
    pthread_key_create(&key, destroy);
    run(set_key, THREADS);
    check("keys", destroyed == THREADS);
    check("time-out", timed_out());
    check("robust mutex", robust(PTHREAD_PRIO_NONE));
    check("robust mutex that inherits", robust(PTHREAD_PRIO_INHERIT));
    check("inheriting mutex", inherits());
    check("signal to a thread", signalled());
    check("exit in a thread", ends_all());
    check("exec in a thread", execs(argv[0]));
    printf("done: %d ok, %d failed\n", ok, bad);
    return bad != 0;
}
