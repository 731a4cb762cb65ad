/*
 * File system status: statfs, fstatfs.
 */
#ifndef ABI_STATFS_H
#define ABI_STATFS_H

#include <abi/types.h>

struct fsid {
    int val[2];
};

struct statfs {
    long f_type;
    long f_bsize;
    unsigned long f_blocks; /* in units of f_bsize, as are the next two */
    unsigned long f_bfree;
    unsigned long f_bavail;
    unsigned long f_files;
    unsigned long f_ffree;
    struct fsid f_fsid;
    long f_namelen;
    long f_frsize;
    long f_flags;
    long f_spare[4];
};

_Static_assert(sizeof(struct statfs) == 120, "struct statfs");
_Static_assert(offsetof(struct statfs, f_namelen) == 64, "struct statfs");

/* f_type. */
#define EXT2_SUPER_MAGIC   0xef53
#define PROC_SUPER_MAGIC   0x9fa0
#define TMPFS_MAGIC        0x01021994
#define RAMFS_MAGIC        0x858458f6
#define PIPEFS_MAGIC       0x50495045
#define DEVPTS_SUPER_MAGIC 0x1cd1

/* f_flags. */
#define ST_RDONLY      0x0001
#define ST_NOSUID      0x0002
#define ST_NODEV       0x0004
#define ST_NOEXEC      0x0008
#define ST_SYNCHRONOUS 0x0010
#define ST_VALID       0x0020
#define ST_NOATIME     0x0400
#define ST_NODIRATIME  0x0800
#define ST_RELATIME    0x1000

#endif
