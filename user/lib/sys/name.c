/*
 * Names and inodes: the classic calls in terms of their *at forms.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

int stat(const char *path, struct stat *st) {
    return fstatat(AT_FDCWD, path, st, 0);
}

int lstat(const char *path, struct stat *st) {
    return fstatat(AT_FDCWD, path, st, AT_SYMLINK_NOFOLLOW);
}

/* The kernel's calls take no flags. Linux's mode of a symbolic link cannot be changed. */
int fchmodat(int dir, const char *path, mode_t mode, int flags) {
    if (flags != 0) {
        errno = flags & ~AT_SYMLINK_NOFOLLOW ? EINVAL : ENOTSUP;
        return -1;
    }
    return syscall(SYS_fchmodat, dir, path, mode);
}

int chmod(const char *path, mode_t mode) {
    return fchmodat(AT_FDCWD, path, mode, 0);
}

int chown(const char *path, uid_t uid, gid_t gid) {
    return fchownat(AT_FDCWD, path, uid, gid, 0);
}

int lchown(const char *path, uid_t uid, gid_t gid) {
    return fchownat(AT_FDCWD, path, uid, gid, AT_SYMLINK_NOFOLLOW);
}

int faccessat(int dir, const char *path, int mode, int flags) {
    if (flags == 0)
        return syscall(SYS_faccessat, dir, path, mode);
    return syscall(SYS_faccessat2, dir, path, mode, flags);
}

int access(const char *path, int mode) {
    return faccessat(AT_FDCWD, path, mode, 0);
}

int mkdir(const char *path, mode_t mode) {
    return mkdirat(AT_FDCWD, path, mode);
}

int mknod(const char *path, mode_t mode, dev_t dev) {
    return mknodat(AT_FDCWD, path, mode, dev);
}

int mkfifo(const char *path, mode_t mode) {
    return mknodat(AT_FDCWD, path, (mode & ~S_IFMT) | S_IFIFO, 0);
}

int link(const char *from, const char *to) {
    return linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int symlink(const char *target, const char *path) {
    return symlinkat(target, AT_FDCWD, path);
}

ssize_t readlink(const char *path, char *buf, size_t size) {
    return readlinkat(AT_FDCWD, path, buf, size);
}

int unlink(const char *path) {
    return unlinkat(AT_FDCWD, path, 0);
}

int rmdir(const char *path) {
    return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

int remove(const char *path) {
    int result = unlink(path);

    return result < 0 && errno == EISDIR ? rmdir(path) : result;
}

int rename(const char *from, const char *to) {
    return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int umount(const char *target) {
    return umount2(target, 0);
}

int futimens(int fd, const struct timespec times[2]) {
    return utimensat(fd, NULL, times, 0);
}

int utimes(const char *path, const struct timeval times[2]) {
    struct timespec ts[2];
    int i;

    if (times == NULL)
        return utimensat(AT_FDCWD, path, NULL, 0);
    for (i = 0; i < 2; i++) {
        ts[i].tv_sec = times[i].tv_sec;
        ts[i].tv_nsec = times[i].tv_usec * 1000;
    }
    return utimensat(AT_FDCWD, path, ts, 0);
}

/* Into buf, or, when buf is NULL, into memory that the caller frees. */
char *getcwd(char *buf, size_t size) {
    char path[PATH_MAX];

    if (buf != NULL)
        return syscall(SYS_getcwd, buf, size) < 0 ? NULL : buf;
    return syscall(SYS_getcwd, path, sizeof(path)) < 0 ? NULL : strdup(path);
}
