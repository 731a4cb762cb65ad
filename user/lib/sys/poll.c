/*
 * Waiting for descriptors. The kernel writes what is left of the time into the timeout; only
 * select hands that on, as on Linux.
 */
#include <errno.h>
#include <poll.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <unistd.h>

int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout, const sigset_t *mask) {
    struct timespec left;

    if (timeout != NULL)
        left = *timeout;
    return syscall(SYS_ppoll, fds, count, timeout ? &left : NULL, mask, SIGSET_SIZE);
}

int poll(struct pollfd *fds, nfds_t count, int milliseconds) {
    struct timespec timeout = {
        .tv_sec = milliseconds / 1000,
        .tv_nsec = milliseconds % 1000 * 1000000l,
    };

    return ppoll(fds, count, milliseconds < 0 ? NULL : &timeout, NULL);
}

static int select_in_time(int count, fd_set *in, fd_set *out, fd_set *except,
                          struct timespec *timeout, const sigset_t *mask) {
    struct { const sigset_t *mask; size_t size; } last = { mask, SIGSET_SIZE };

    return syscall(SYS_pselect6, count, in, out, except, timeout, &last);
}

int pselect(int count, fd_set *in, fd_set *out, fd_set *except, const struct timespec *timeout,
            const sigset_t *mask) {
    struct timespec left;

    if (timeout != NULL)
        left = *timeout;
    return select_in_time(count, in, out, except, timeout ? &left : NULL, mask);
}

int select(int count, fd_set *in, fd_set *out, fd_set *except, struct timeval *timeout) {
    struct timespec left;
    int result;

    if (timeout == NULL)
        return select_in_time(count, in, out, except, NULL, NULL);
    if (timeout->tv_sec < 0 || timeout->tv_usec < 0) {
        errno = EINVAL;
        return -1;
    }
    left.tv_sec = timeout->tv_sec + timeout->tv_usec / 1000000;
    left.tv_nsec = timeout->tv_usec % 1000000 * 1000;
    result = select_in_time(count, in, out, except, &left, NULL);
    timeout->tv_sec = left.tv_sec;
    timeout->tv_usec = left.tv_nsec / 1000;
    return result;
}
