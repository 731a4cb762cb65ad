/*
 * Children that are stopped and continued, and memory that is shared with them.
 */
#ifndef TEST_STOPPING_H
#define TEST_STOPPING_H

#include <stdbool.h>
#include <sys/types.h>

extern volatile struct shared {
    unsigned long counter;
    int calls;
    pid_t pid;
    int stage;
} *shared;
void shared_make(void);

/* A body for child_start: counts shared->counter up for ever. */
int count_up(void *unused);

/* A handler that counts shared->calls. */
void note_shared(int sig);

/* Waits for shared->stage; some time for so many shared->calls: are there so many, and no more? */
void wait_stage(int stage);
bool shared_calls_reach(int calls);

/* The wait status of a child; NOTHING with WNOHANG when there is none; -1. */
enum { NOTHING = 0x1234567 };
int wait_status(pid_t pid, int options);

/* Waits for a child to stop, or to go on: is it as it should be? */
bool stopped_by(pid_t pid, int sig);
bool continued(pid_t pid);

/* Kills a child and waits for it. */
void child_end(pid_t pid);

#endif
