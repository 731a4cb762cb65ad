/*
 * Threads for tests.
 */
#ifndef TEST_THREAD_H
#define TEST_THREAD_H

#include <pthread.h>
#include <stdbool.h>

#define THREADS 8

/* Starts a thread. Ends the program if that fails. */
pthread_t started(void *(*body)(void *), void *arg);

/* Runs body(0) to body(THREADS - 1) and waits for all; `barrier` is ready for so many. */
void run_all(void *(*body)(void *));
extern pthread_barrier_t barrier;

/*
 * The kernel keeps the stacks of threads that were: has as many as there will be at any time, so that
 * memory can be compared afterwards.
 */
void threads_warm_up(void);

/* Are all processes gone that were not there at the beginning? Waits a little for them. */
int process_count(void);
bool processes_are_back(int before);

/* Bodies: sleeps for ever; returns its argument. */
void *sleep_for_ever(void *arg);
void *end_thread(void *arg);

#endif
