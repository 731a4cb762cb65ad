/*
 * What getdents64 writes: records one after another, each d_reclen bytes long.
 */
#ifndef ABI_DIRENT_H
#define ABI_DIRENT_H

#include <abi/types.h>

struct linux_dirent64 {
    uint64_t d_ino;
    int64_t d_off;     /* where to lseek to for the record after this one */
    uint16_t d_reclen; /* a multiple of 8 */
    uint8_t d_type;
    char d_name[]; /* with its NUL */
};

_Static_assert(offsetof(struct linux_dirent64, d_name) == 19, "struct linux_dirent64");

/* d_type: the type field of st_mode, shifted down by 12. */
#define DT_UNKNOWN 0
#define DT_FIFO    1
#define DT_CHR     2
#define DT_DIR     4
#define DT_BLK     6
#define DT_REG     8
#define DT_LNK     10
#define DT_SOCK    12

#define IFTODT(mode) (((mode) & 0170000) >> 12)
#define DTTOIF(type) ((type) << 12)

#endif
