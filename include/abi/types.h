/*
 * The scalar types of the system-call ABI: Linux riscv64 (LP64) widths under their POSIX names.
 */
#ifndef ABI_TYPES_H
#define ABI_TYPES_H

#include <stddef.h>
#include <stdint.h>

typedef long ssize_t;
typedef long off_t;
typedef int pid_t;
typedef unsigned int uid_t;
typedef unsigned int gid_t;
typedef unsigned int id_t;
typedef unsigned int mode_t;
typedef unsigned long dev_t;
typedef unsigned long ino_t;
typedef unsigned int nlink_t;
typedef int blksize_t;
typedef long blkcnt_t;
typedef unsigned long fsblkcnt_t;
typedef unsigned long fsfilcnt_t;
typedef long time_t;
typedef long suseconds_t;
typedef unsigned int useconds_t;
typedef long clock_t;
typedef int clockid_t;
typedef int timer_t;

/*
 * A dev_t holds major and minor as Linux's stat and mknod carry them: 8 minor bits at the
 * bottom, 12 major bits above, the rest of the minor on top. All three are pure.
 */
static inline unsigned int major(dev_t dev) {
    return (dev >> 8) & 0xfff;
}

static inline unsigned int minor(dev_t dev) {
    return (dev & 0xff) | ((dev >> 12) & 0xfff00);
}

static inline dev_t makedev(unsigned int maj, unsigned int min) {
    return ((dev_t)(min & 0xfff00) << 12) | ((maj & 0xfff) << 8) | (min & 0xff);
}

_Static_assert(sizeof(long) == 8 && sizeof(void *) == 8, "the ABI is LP64");

#endif
