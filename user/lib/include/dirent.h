/*
 * <dirent.h>: reading directories.
 */
#ifndef USER_DIRENT_H
#define USER_DIRENT_H

#include <abi/dirent.h>

/* The layout of linux_dirent64: records are handed out where the kernel wrote them. */
struct dirent {
    uint64_t d_ino;
    int64_t d_off;
    uint16_t d_reclen;
    uint8_t d_type;
    char d_name[256];
};

typedef struct directory DIR;

DIR *opendir(const char *path);
DIR *fdopendir(int fd);
struct dirent *readdir(DIR *dir);
void rewinddir(DIR *dir);
long telldir(DIR *dir);
void seekdir(DIR *dir, long position);
int dirfd(DIR *dir);
int closedir(DIR *dir);

/* The system call under readdir: fills buf with linux_dirent64 records. */
ssize_t getdents64(int fd, void *buf, size_t size);

/*
 * Reads a whole directory into a malloc'ed array of malloc'ed entries, keeps those that keep
 * wants (all if NULL), sorts them by compare (not at all if NULL). Returns their number or -1.
 */
int scandir(const char *path, struct dirent ***list, int (*keep)(const struct dirent *),
            int (*compare)(const struct dirent **, const struct dirent **));
int alphasort(const struct dirent **a, const struct dirent **b);

#endif
