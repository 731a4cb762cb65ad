/*
 * Threads: made, ended, waited for.
 */
#include "thread.h"

#include <abi/sched.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lock.h"

#define STACK_DEFAULT (256ul << 10)
#define GUARD         4096ul

#define CLONE_AS_THREAD                                                                    \
    (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |    \
     CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID)

static int running = 1; /* threads that have not ended */

pthread_t pthread_self(void) {
    return thread_of_pointer(__builtin_thread_pointer());
}

int pthread_equal(pthread_t a, pthread_t b) {
    return a == b;
}

void *thread_block_make(char *memory) {
    uintptr_t at = (uintptr_t)memory + sizeof(struct thread);
    char *pointer = (char *)((at + TLS_ALIGN - 1) & -TLS_ALIGN);

    memset(thread_of_pointer(pointer), 0, sizeof(struct thread));
    memcpy(pointer, tls_image, tls_image_end - tls_image);
    memset(pointer + (tls_image_end - tls_image), 0, tls_end - tls_image_end);
    return pointer;
}

static void thread_run(void *arg) {
    struct thread *self = arg;

    pthread_exit(self->start(self->arg));
}

int pthread_create(pthread_t *out, const pthread_attr_t *attr, void *(*start)(void *), void *arg) {
    size_t size = attr != NULL && attr->stack_size != 0 ? attr->stack_size : STACK_DEFAULT;
    char *memory, *block;
    void *pointer;
    struct thread *thread;
    long tid;

    size = (GUARD + size + thread_block_size() + GUARD - 1) & -GUARD;
    memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (memory == MAP_FAILED || mprotect(memory, GUARD, PROT_NONE) != 0)
        return EAGAIN;
    block = memory + size - thread_block_size();
    pointer = thread_block_make(block);
    thread = thread_of_pointer(pointer);
    thread->start = start;
    thread->arg = arg;
    thread->memory = memory;
    thread->size = size;
    thread->fate = attr != NULL && attr->detached ? THREAD_DETACHED : THREAD_JOINABLE;
    threads_exist = true;
    __atomic_fetch_add(&running, 1, __ATOMIC_RELAXED);
    *out = thread; /* the thread may be gone before clone returns */
    tid = thread_clone(CLONE_AS_THREAD, (void *)((uintptr_t)block & -16ul), &thread->tid, pointer,
                       &thread->tid, thread_run, thread);
    if (tid > 0)
        return 0;
    __atomic_fetch_sub(&running, 1, __ATOMIC_RELAXED);
    munmap(memory, size);
    return EAGAIN;
}

/* The last one ends the process, as if main had returned 0. */
void pthread_exit(void *result) {
    struct thread *self = pthread_self();
    int fate = THREAD_JOINABLE;
    sigset_t all;

    self->result = result;
    if (__atomic_sub_fetch(&running, 1, __ATOMIC_ACQ_REL) == 0)
        exit(0);
    if (self->memory == NULL ||
        __atomic_compare_exchange_n(&self->fate, &fate, THREAD_ENDED, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE))
        for (;;)
            syscall(SYS_exit, 0);
    /* From here on no handler may run, and nothing be written to what others may map again. */
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    syscall(SYS_set_tid_address, NULL);
    thread_unmap_exit(self->memory, self->size);
}

int pthread_join(pthread_t thread, void **result) {
    int tid;

    if (thread == pthread_self())
        return EDEADLK;
    /* The kernel knows nothing of PTHREAD_PROCESS_PRIVATE when it wakes at a thread's end. */
    while ((tid = __atomic_load_n(&thread->tid, __ATOMIC_ACQUIRE)) != 0)
        word_wait(&thread->tid, tid, true, NULL);
    if (result != NULL)
        *result = thread->result;
    if (thread->memory != NULL)
        munmap(thread->memory, thread->size);
    return 0;
}

int pthread_detach(pthread_t thread) {
    int fate = THREAD_JOINABLE;

    if (__atomic_compare_exchange_n(&thread->fate, &fate, THREAD_DETACHED, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE))
        return 0;
    return fate == THREAD_ENDED ? pthread_join(thread, NULL) : EINVAL;
}

int pthread_kill(pthread_t thread, int sig) {
    int saved = errno;
    int tid = thread->memory != NULL ? __atomic_load_n(&thread->tid, __ATOMIC_ACQUIRE) : getpid();
    int error = tid == 0 ? ESRCH : tgkill(getpid(), tid, sig) < 0 ? errno : 0;

    errno = saved;
    return error;
}

int pthread_sigmask(int how, const sigset_t *set, sigset_t *old) {
    int saved = errno;
    int error = sigprocmask(how, set, old) < 0 ? errno : 0;

    errno = saved;
    return error;
}

int pthread_attr_init(pthread_attr_t *attr) {
    *attr = (pthread_attr_t){ .stack_size = STACK_DEFAULT };
    return 0;
}

int pthread_attr_destroy(pthread_attr_t *attr) {
    (void)attr;
    return 0;
}

int pthread_attr_setstacksize(pthread_attr_t *attr, size_t size) {
    if (size < PTHREAD_STACK_MIN)
        return EINVAL;
    attr->stack_size = size;
    return 0;
}

int pthread_attr_setdetachstate(pthread_attr_t *attr, int detached) {
    attr->detached = detached;
    return 0;
}

/* Others may hold these at any moment, and the child has only this thread to let go of them. */
pid_t fork(void) {
    struct lock *locks[] = { &streams_lock, &heap_lock };
    pid_t pid;

    for (int i = 0; threads_exist && i < 2; i++)
        lock_take(locks[i]);
    pid = syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
    if (pid == 0 && threads_exist) {
        running = 1;
        streams_after_fork();
    }
    for (int i = 1; threads_exist && i >= 0; i--)
        lock_release(locks[i]);
    return pid;
}
