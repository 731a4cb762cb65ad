/*
 * Files and descriptors: the calls whose C form the kernel has only in a more general shape.
 */
#include <abi/poll.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <sys/file.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <unistd.h>

int open(const char *path, int flags, ...) {
    mode_t mode;
    va_list ap;

    va_start(ap, flags);
    mode = va_arg(ap, mode_t); /* meaningful with O_CREAT only; the kernel knows */
    va_end(ap);
    return openat(AT_FDCWD, path, flags, mode);
}

int creat(const char *path, mode_t mode) {
    return openat(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}

int dup2(int from, int to) {
    if (from == to) /* dup3 refuses this */
        return fcntl(from, F_GETFD) < 0 ? -1 : to;
    return dup3(from, to, 0);
}

int pipe(int fds[2]) {
    return pipe2(fds, 0);
}

int posix_fadvise(int fd, off_t offset, off_t size, int advice) {
    int saved = errno;
    int result = syscall(SYS_fadvise64, fd, offset, size, advice) < 0 ? errno : 0;

    errno = saved;
    return result;
}

int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout, const sigset_t *mask) {
    struct timespec rest; /* the kernel writes back what was left */

    if (timeout != NULL)
        rest = *timeout;
    return syscall(SYS_ppoll, fds, count, timeout != NULL ? &rest : NULL, mask, SIGSET_SIZE);
}

int poll(struct pollfd *fds, nfds_t count, int milliseconds) {
    struct timespec timeout = {
        .tv_sec = milliseconds / 1000,
        .tv_nsec = milliseconds % 1000 * 1000000l,
    };

    return ppoll(fds, count, milliseconds < 0 ? NULL : &timeout, NULL);
}

int pselect(int count, fd_set *in, fd_set *out, fd_set *except, const struct timespec *timeout,
            const sigset_t *mask) {
    struct timespec rest;
    struct {
        const sigset_t *set;
        size_t size;
    } masked = { mask, SIGSET_SIZE };

    if (timeout != NULL)
        rest = *timeout;
    return syscall(SYS_pselect6, count, in, out, except, timeout != NULL ? &rest : NULL,
                   &masked);
}

int select(int count, fd_set *in, fd_set *out, fd_set *except, struct timeval *timeout) {
    struct timespec ts;

    if (timeout != NULL) {
        ts.tv_sec = timeout->tv_sec;
        ts.tv_nsec = timeout->tv_usec * 1000;
    }
    return pselect(count, in, out, except, timeout != NULL ? &ts : NULL, NULL);
}
