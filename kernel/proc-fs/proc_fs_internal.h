// What proc_fs.c (names) and proc_file.c (texts) share.
#ifndef PROC_FS_INTERNAL_H
#define PROC_FS_INTERNAL_H

#include <fs/file.h>
#include <fs/inode.h>
#include <proc-fs/proc_fs.h>

// An inode's number tells whose it is and which entry: pid << ENTRY_BITS | entry + FIRST_ENTRY; the
// lowest ones are directories and the link.
#define ENTRY_BITS  8
#define DIRECTORY   1u              // with pid 0: the root
#define SELF        2u              // the link
#define FIRST_ENTRY 3u

static inline uint64_t number_make(uint32_t pid, uint32_t which) {
    return (uint64_t)pid << ENTRY_BITS | which;
}
static inline uint32_t number_pid(uint64_t number) { return number >> ENTRY_BITS; }
static inline uint32_t number_which(uint64_t number) { return number & ((1u << ENTRY_BITS) - 1); }

extern const struct file_ops proc_file_ops;

#endif
