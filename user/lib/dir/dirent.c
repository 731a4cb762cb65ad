/*
 * Reading directories: getdents64 by the block, entries one by one.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK 4096 /* asked of the kernel at a time */

struct directory {
    int fd;
    long position; /* where the next entry is, for telldir */
    size_t next; /* offsets in buf */
    size_t end;
    /* A program may copy a whole struct dirent from where the last, shorter record stands. */
    char buf[BLOCK + sizeof(struct dirent)] __attribute__((aligned(8)));
};

_Static_assert(offsetof(struct dirent, d_name) == offsetof(struct linux_dirent64, d_name),
               "struct dirent is what getdents64 writes");

DIR *fdopendir(int fd) {
    struct stat st;
    DIR *dir;

    if (fstat(fd, &st) < 0)
        return NULL;
    if (!S_ISDIR(st.st_mode)) {
        errno = ENOTDIR;
        return NULL;
    }
    dir = malloc(sizeof(*dir));
    if (dir == NULL)
        return NULL;
    dir->fd = fd;
    dir->position = 0;
    dir->next = dir->end = 0;
    return dir;
}

DIR *opendir(const char *path) {
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir;

    if (fd < 0)
        return NULL;
    dir = fdopendir(fd);
    if (dir == NULL)
        close(fd);
    return dir;
}

/* The entry stays valid until the next call. At the end NULL, and errno is as it was. */
struct dirent *readdir(DIR *dir) {
    struct dirent *entry;

    if (dir->next == dir->end) {
        ssize_t n = getdents64(dir->fd, dir->buf, BLOCK);

        if (n <= 0)
            return NULL;
        dir->next = 0;
        dir->end = n;
    }
    entry = (struct dirent *)(dir->buf + dir->next);
    dir->next += entry->d_reclen;
    dir->position = entry->d_off;
    return entry;
}

void seekdir(DIR *dir, long position) {
    lseek(dir->fd, position, SEEK_SET);
    dir->position = position;
    dir->next = dir->end = 0;
}

void rewinddir(DIR *dir) {
    seekdir(dir, 0);
}

long telldir(DIR *dir) {
    return dir->position;
}

int dirfd(DIR *dir) {
    return dir->fd;
}

int closedir(DIR *dir) {
    int result = close(dir->fd);

    free(dir);
    return result;
}
