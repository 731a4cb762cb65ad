/*
 * Files and descriptors: the calls whose C form the kernel has only in a more general shape.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/file.h>
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
