/*
 * Futexes: no wake-up is lost. Tokens go round in rings of threads and of processes, each of which
 * sleeps until one comes; who reaches its time limit has lost a wake-up.
 *
 * futexturns N: N hand-offs in each ring, instead of what TIME allows.
 * futexturns crowd N: N in all, in as many rings at once as keep every hart busy: none has to be woken
 * from its rest, which costs an emulator more than all the rest.
 */
#include "common/check.h"
#include "common/child.h"
#include "common/thread.h"

#include <abi/futex.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define MOST 8
#define LIMIT 20                        /* seconds: nobody sleeps so long with work to do */
#define TIME  400                       /* ms for a ring that has no number to reach */

/* Shared by all members; each word on a cache line of its own. */
struct ring {
    struct { unsigned tokens; char pad[60]; } place[MOST];
    unsigned turn;                      /* of those who all wait for one word */
    int members, tokens, flags, over;
    long hand_offs, lost;
};

struct member {
    struct ring *ring;
    int index;
    struct timespec end;                /* of a wait that begins now, or a little earlier */
    unsigned waits;
};

static long wanted;                     /* hand-offs; 0: as many as TIME allows */

static long now_ms(void) {
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/*
 * A new time limit. Is the old one over? Then this member was not woken when it should have been, whatever
 * its waits returned.
 */
static void renew_limit(struct member *me) {
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    if (me->waits && now.tv_sec >= me->end.tv_sec)
        __atomic_fetch_add(&me->ring->lost, 1, __ATOMIC_SEQ_CST);
    me->end = now;
    me->end.tv_sec += LIMIT;
}

static void wait_bits(struct member *me, unsigned *word, unsigned value, unsigned bits) {
    if (me->waits % 64 == 0)
        renew_limit(me);
    me->waits++;
    syscall(SYS_futex, word, FUTEX_WAIT_BITSET | me->ring->flags, (long)value, &me->end, NULL,
            (long)bits);
}

static void wake_bits(struct ring *ring, unsigned *word, long count, unsigned bits) {
    syscall(SYS_futex, word, FUTEX_WAKE_BITSET | ring->flags, count, NULL, NULL, (long)bits);
}

/* The first member says when it is enough. */
static bool ring_over(struct ring *ring, long end) {
    long done = __atomic_add_fetch(&ring->hand_offs, 1, __ATOMIC_RELAXED);

    if (wanted ? done >= wanted : done % 16 == 0 && now_ms() >= end)
        __atomic_store_n(&ring->over, 1, __ATOMIC_SEQ_CST);
    return __atomic_load_n(&ring->over, __ATOMIC_SEQ_CST);
}

/* --- each has a word of its own --- */

static void give(struct ring *ring, int to) {
    __atomic_fetch_add(&ring->place[to].tokens, 1, __ATOMIC_SEQ_CST);
    wake_bits(ring, &ring->place[to].tokens, 1, FUTEX_BITSET_MATCH_ANY);
}

static void pass_on(struct member *member) {
    struct ring *ring = member->ring;
    int me = member->index;
    unsigned *mine = &ring->place[me].tokens;
    long end = now_ms() + TIME;

    do {
        while (!__atomic_load_n(mine, __ATOMIC_SEQ_CST))
            wait_bits(member, mine, 0, FUTEX_BITSET_MATCH_ANY);
        __atomic_fetch_sub(mine, 1, __ATOMIC_SEQ_CST);
        give(ring, (me + 1) % ring->members);
    } while (!ring_over(ring, end));
    /* Who still waits for a token that went no further gets one. */
    give(ring, (me + 1) % ring->members);
}

/* --- all wait for one word, each with a bit of its own --- */

static void take_turns(struct member *member) {
    struct ring *ring = member->ring;
    int me = member->index;
    long end = now_ms() + TIME;
    unsigned now;
    bool over;

    do {
        while ((int)((now = __atomic_load_n(&ring->turn, __ATOMIC_SEQ_CST)) % ring->members) != me)
            wait_bits(member, &ring->turn, now, 1u << me);
        /* Asked while it is one's turn: who asked later might leave when it is again. */
        over = ring_over(ring, end);
        __atomic_fetch_add(&ring->turn, 1, __ATOMIC_SEQ_CST);
        wake_bits(ring, &ring->turn, 1, 1u << (me + 1) % ring->members);
    } while (!over);
}

/* --- rings --- */

static void run_member(struct member *member) {
    if (member->ring->tokens)
        pass_on(member);
    else
        take_turns(member);
    renew_limit(member);
}

static void *member_thread(void *member) {
    run_member(member);
    return NULL;
}

static int member_process(void *member) {
    run_member(member);
    return 0;
}

static struct ring *ring_make(int members, int tokens, int flags) {
    struct ring *ring = mmap(NULL, sizeof(*ring), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                             -1, 0);

    ring->members = members;
    ring->tokens = tokens;
    ring->flags = flags;
    for (int i = 0; i < tokens; i++)
        ring->place[i].tokens = 1;
    return ring;
}

/* `tokens` 0: they take turns at one word. */
static void test_ring(const char *name, int members, int tokens, bool processes) {
    struct ring *ring = ring_make(members, tokens, processes ? 0 : FUTEX_PRIVATE_FLAG);
    struct member member[MOST];
    pthread_t threads[MOST];
    pid_t children[MOST];
    long start = now_ms();
    bool ended = true;

    for (int i = 0; i < members; i++) {
        member[i] = (struct member){ .ring = ring, .index = i };
        if (processes)
            children[i] = child_start(member_process, &member[i]);
        else
            threads[i] = started(member_thread, &member[i]);
    }
    for (int i = 0; i < members; i++)
        if (processes)
            ended = exited_with(child_wait(children[i]), 0) && ended;
        else
            pthread_join(threads[i], NULL);
    printf("%s: %ld hand-offs in %ld ms\n", name, ring->hand_offs, now_ms() - start);
    CHECK(name, ended && ring->lost == 0 && ring->hand_offs >= members);
    munmap(ring, sizeof(*ring));
}

/* --- many rings of two, each with one token: a wake-up that is lost stops a ring --- */

enum { RINGS = 12 };

static void test_crowd(long total) {
    struct ring *rings[RINGS];
    struct member member[RINGS][2];
    pthread_t threads[RINGS][2];
    long start = now_ms();
    long done = 0, lost = 0;

    wanted = total / RINGS + 1;
    for (int i = 0; i < RINGS; i++) {
        rings[i] = ring_make(2, 1, i % 2 ? FUTEX_PRIVATE_FLAG : 0);
        for (int j = 0; j < 2; j++) {
            member[i][j] = (struct member){ .ring = rings[i], .index = j };
            threads[i][j] = started(member_thread, &member[i][j]);
        }
    }
    for (int i = 0; i < RINGS; i++) {
        pthread_join(threads[i][0], NULL);
        pthread_join(threads[i][1], NULL);
        done += rings[i]->hand_offs;
        lost += rings[i]->lost;
    }
    printf("%ld hand-offs in %ld ms\n", done, now_ms() - start);
    CHECK("every ring came to its end", lost == 0 && done >= total);
}

/* --- semaphores: many wait for the same word, and any of them may be woken --- */

static sem_t tokens;
static int passed, rounds;

static void *pass_token(void *arg) {
    for (int i = 0; i < rounds; i++) {
        sem_wait(&tokens);
        __atomic_fetch_add(&passed, 1, __ATOMIC_RELAXED);
        sem_post(&tokens);
    }
    return arg;
}

static void test_semaphore(void) {
    rounds = wanted ? wanted / THREADS : 300;
    sem_init(&tokens, 0, 2);
    run_all(pass_token);
    CHECK("two tokens among many", passed == THREADS * rounds);
}

int main(int argc, char *argv[]) {
    if (argc > 2) {
        test_crowd(atol(argv[2]));
        return check_done();
    }
    wanted = argc > 1 ? atol(argv[1]) : 0;
    test_ring("two threads", 2, 1, false);
    test_ring("two processes", 2, 1, true);
    test_ring("a ring of threads, three tokens", 7, 3, false);
    test_ring("a ring of processes, two tokens", 5, 2, true);
    test_ring("threads that take turns at one word", 8, 0, false);
    test_ring("processes that take turns at one word", 3, 0, true);
    test_semaphore();
    return check_done();
}
