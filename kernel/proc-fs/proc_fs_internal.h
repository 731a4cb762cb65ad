// What the files of proc-fs/ share.
#ifndef PROC_FS_INTERNAL_H
#define PROC_FS_INTERNAL_H

#include <fs/file.h>
#include <fs/inode.h>
#include <proc-fs/proc_fs.h>

// An inode's number tells whose it is and what: part << 30 | pid << 8 | what. `part` is the number of a
// thread, a descriptor or a pipe; from FIRST_ENTRY on it is an entry of the directory.
enum {
    TOP_DIRECTORY = 1,              // /proc
    SELF, THREAD_SELF,              // the links to PID and PID/task/TID
    PROCESS_DIRECTORY,              // PID
    TASKS_DIRECTORY,                // PID/task
    TASK_DIRECTORY,                 // PID/task/TID
    FILES_DIRECTORY,                // PID/fd
    FILE_LINK,                      // PID/fd/N
    FILE_PIPE,                      // what such a link to a pipe leads to
    EXE_LINK, CWD_LINK, ROOT_LINK,  // PID/exe, cwd, root
    FIRST_ENTRY = 16,
};

#define WHAT_BITS 8
#define PID_BITS  22

static inline uint64_t number_make(uint32_t pid, uint64_t part, uint32_t what) {
    return part << (PID_BITS + WHAT_BITS) | (uint64_t)pid << WHAT_BITS | what;
}
static inline uint32_t number_pid(uint64_t number) {
    return number >> WHAT_BITS & ((1u << PID_BITS) - 1);
}
static inline uint32_t number_part(uint64_t number) { return number >> (PID_BITS + WHAT_BITS); }
static inline uint32_t number_what(uint64_t number) { return number & ((1u << WHAT_BITS) - 1); }

// One of the names in a directory that are always there.
struct proc_name {
    const char *name;
    uint32_t what;
    unsigned type;                  // DT_x
};

// The inode of a number that may be gone: 0, -ENOENT, -ENOMEM.
int must_check number_get(struct inode *dir, uint64_t number, struct inode **out);

// The number that a name says, or 0; `limit`: the largest.
bool number_parse(const char *name, size_t length, uint32_t limit, uint32_t *out);

extern const struct file_ops proc_file_ops;

// proc_links.c: PID/fd and the links that lead to places.
extern const struct inode_ops files_directory_ops, place_link_ops;
extern const struct file_ops pipe_again_ops;

#endif
