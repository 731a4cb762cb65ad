/*
 * Threads for tests. See thread.h.
 */
#include "thread.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#define MANY 120

pthread_barrier_t barrier;

void *sleep_for_ever(void *arg) {
    for (;;)
        pause();
    return arg;
}

void *end_thread(void *arg) {
    return arg;
}

pthread_t started(void *(*body)(void *), void *arg) {
    pthread_t thread;

    if (pthread_create(&thread, NULL, body, arg) != 0) {
        printf("FAIL pthread_create\n");
        exit(1);
    }
    return thread;
}

static void run(void *(*body)(void *), int count) {
    pthread_t threads[MANY];

    pthread_barrier_init(&barrier, NULL, count);
    for (long i = 0; i < count; i++)
        threads[i] = started(body, (void *)i);
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
}

void run_all(void *(*body)(void *)) {
    run(body, THREADS);
}

static void *meet(void *arg) {
    pthread_barrier_wait(&barrier);
    return arg;
}

void threads_warm_up(void) {
    run(meet, MANY);
}

int process_count(void) {
    struct sysinfo info;

    return sysinfo(&info) == 0 ? info.procs : 0;
}

bool processes_are_back(int before) {
    for (int i = 0; i < 200 && process_count() != before; i++)
        usleep(10000);
    return process_count() == before;
}
