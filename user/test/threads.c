/*
 * Threads: what they share, and what they have of their own.
 */
#include "common/check.h"
#include "common/child.h"
#include "common/thread.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- creating, joining, what is shared and what is not --- */

static __thread int own = 5;
static int mistakes;
static pid_t tids[THREADS];

static void *use_own(void *arg) {
    long me = (long)arg;

    tids[me] = gettid();
    for (int i = 0; i < 200; i++) {
        errno = me;
        own += me;
        sched_yield();
        if (errno != me || own != 5 + (i + 1) * me || getpid() == gettid())
            __atomic_fetch_add(&mistakes, 1, __ATOMIC_RELAXED);
    }
    return (void *)(me * me);
}

static void test_create(void) {
    pthread_t threads[THREADS];
    void *result;
    bool right = true;

    for (long i = 0; i < THREADS; i++)
        threads[i] = started(use_own, (void *)i);
    for (long i = 0; i < THREADS; i++)
        right = pthread_join(threads[i], &result) == 0 && result == (void *)(i * i) && right;
    CHECK("join gives the result", right);
    CHECK("errno and variables are each thread's own", mistakes == 0 && own == 5);
    for (int i = 0; i < THREADS; i++)
        for (int j = 0; j < i; j++)
            right = right && tids[i] != tids[j];
    CHECK("each has its own tid", right);
}

static void *use_files(void *arg) {
    umask(0123);
    close(*(int *)arg);
    return (void *)(long)(chdir("/dev") + dup2(0, 77));
}

static void test_shared(void) {
    int fd = open("/", O_RDONLY);
    mode_t mask = umask(022);
    char cwd[100];
    void *result;

    pthread_join(started(use_files, &fd), &result);
    CHECK("descriptors are shared", result == (void *)77 && fcntl(77, F_GETFD) == 0 &&
                                        fcntl(fd, F_GETFD) == -1 && errno == EBADF);
    CHECK("the working directory is shared", getcwd(cwd, sizeof(cwd)) && !strcmp(cwd, "/dev"));
    CHECK("the umask is shared", umask(mask) == 0123);
    close(77);
    if (chdir("/") != 0)
        printf("FAIL chdir\n");
}

static void *detached_counts(void *counter) {
    __atomic_fetch_add((int *)counter, 1, __ATOMIC_SEQ_CST);
    return NULL;
}

static void test_detached(void) {
    pthread_attr_t attr;
    pthread_t thread;
    int count = 0, made = 0;

    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    for (int i = 0; i < 50; i++)
        made += pthread_create(&thread, &attr, detached_counts, &count) == 0;
    for (int i = 0; i < 50; i++) {
        thread = started(detached_counts, &count);
        made += pthread_detach(thread) == 0;
    }
    for (int i = 0; i < 1000 && __atomic_load_n(&count, __ATOMIC_SEQ_CST) < made; i++)
        usleep(1000);
    CHECK("detached threads run and go", made == 100 && count == 100);
}

/* --- memory --- */

#define PAGES 64

static char *volatile pages;

static void *touch_all(void *arg) {
    long me = (long)arg;

    for (int round = 0; round < 3; round++) {
        pthread_barrier_wait(&barrier);
        for (int i = 0; i < PAGES; i++)
            __atomic_fetch_add((int *)(pages + i * 4096l) + me, 1, __ATOMIC_RELAXED);
        pthread_barrier_wait(&barrier);
        if (me == 0)
            madvise(pages, PAGES * 4096l, MADV_DONTNEED);
        for (int i = 0; me && round == 2 && i < PAGES; i++)
            __atomic_load_n((int *)(pages + i * 4096l), __ATOMIC_RELAXED);
        pthread_barrier_wait(&barrier);
    }
    return NULL;
}

/* All threads fault on the same page, and no write of any of them is lost. */
static void *touch_same(void *arg) {
    int *word = (int *)pages + (long)arg;

    for (int i = 0; i < PAGES; i++, word += 1024) {
        pthread_barrier_wait(&barrier);
        ++*word;
    }
    return NULL;
}

static void *map_and_unmap(void *arg) {
    for (int i = 0; i < 30; i++) {
        char *at = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        if (at == MAP_FAILED || at[0] != 0 || at[4096] != 0) {
            __atomic_fetch_add(&mistakes, 1, __ATOMIC_RELAXED);
            break;
        }
        at[0] = at[4096] = 1;
        munmap(at, 8192);
    }
    return arg;
}

static void *use_heap(void *arg) {
    char *blocks[16] = { NULL };
    unsigned seed = (long)arg + 1;

    for (int i = 0; i < 500; i++) {
        int n = (seed = seed * 1103515245 + 12345) >> 16 & 15;
        size_t size = (seed >> 20) % 2000 + 1;

        if (blocks[n] && *blocks[n] != (char)(long)arg)
            __atomic_fetch_add(&mistakes, 1, __ATOMIC_RELAXED);
        blocks[n] = realloc(blocks[n], size);
        memset(blocks[n], (int)(long)arg, size);
    }
    for (int n = 0; n < 16; n++)
        free(blocks[n]);
    return NULL;
}

static int sum_of_pages(void) {
    int sum = 0;

    for (int i = 0; i < PAGES; i++)
        for (int j = 0; j < THREADS; j++)
            sum += ((int *)(pages + i * 4096l))[j];
    return sum;
}

static void test_memory(void) {
    size_t size = PAGES * 4096l;

    mistakes = 0;
    pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    run_all(touch_same);
    CHECK("faults on the same page", sum_of_pages() == PAGES * THREADS);
    run_all(touch_all);
    CHECK("pages that are given back meanwhile", sum_of_pages() == 0);
    munmap(pages, size);
    run_all(map_and_unmap);
    CHECK("mmap at the same time", mistakes == 0);
    run_all(use_heap);
    CHECK("malloc at the same time", mistakes == 0);
}

static void *copy_on_write(void *arg) {
    (void)arg;
    for (int i = 0; i < PAGES; i++)
        __atomic_fetch_add((int *)(pages + i * 4096l), 1, __ATOMIC_RELAXED);
    return NULL;
}

/* Copies are made for a child while threads write: each page is the old or the new one, whole. */
static void test_fork(void) {
    pthread_t threads[4];
    bool right = true;

    pages = mmap(NULL, PAGES * 4096l, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int round = 0; round < 4; round++) {
        pid_t child;

        for (int i = 0; i < 4; i++)
            threads[i] = started(copy_on_write, NULL);
        child = fork();
        if (child == 0) {
            int before = *(int *)pages;

            usleep(1000);
            _exit(*(int *)pages == before && malloc(100) != NULL ? 0 : 1);
        }
        for (int i = 0; i < 4; i++)
            pthread_join(threads[i], NULL);
        right = right && exited_with(child_wait(child), 0);
    }
    CHECK("fork while others write", right);
    for (int i = 0; i < PAGES; i++)
        right = right && *(int *)(pages + i * 4096l) == 16;
    CHECK("no write is lost by copies", right);
    munmap(pages, PAGES * 4096l);
}

/* --- descriptors --- */

static int open_files;

static void *open_and_close(void *arg) {
    for (int i = 0; i < 60; i++) {
        int fd = open("/dev/null", O_RDWR);
        char byte;

        if (fd >= 0)
            __atomic_fetch_add(&open_files, 1, __ATOMIC_RELAXED);
        (void)!write(100 + i % 8, "x", 1);
        (void)!read(100 + i % 8, &byte, 1);
        dup2(fd, 100 + i % 8);
        close(100 + (i + (long)arg) % 8);
        if (fd >= 0 && close(fd) == 0)
            __atomic_fetch_sub(&open_files, 1, __ATOMIC_RELAXED);
    }
    return NULL;
}

int main(void) {
    long before;
    int processes = process_count();

    threads_warm_up();
    before = memory_free();
    test_create();
    test_shared();
    test_detached();
    test_memory();
    test_fork();
    run_all(open_and_close);
    CHECK("descriptors opened and closed at the same time", open_files == 0);
    CHECK("all threads are gone", processes_are_back(processes));
    /* The heap of this program itself has grown to a few hundred KiB. */
    CHECK("memory is back", memory_is_back(before, 128 * 4096));
    return check_done();
}
