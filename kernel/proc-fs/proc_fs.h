// /proc: what the kernel knows, as files. An entry is a name and a function that makes its text; who
// owns the facts owns the function, and boot/ brings the two together.
#ifndef PROC_FS_PROC_FS_H
#define PROC_FS_PROC_FS_H

#include <debug/panic.h>
#include <mm/text.h>
#include <stdint.h>

#define PROC_END UINT64_MAX

// All return 0 or -errno, and may sleep; `pid` is 0 in /proc itself.
struct proc_entry {
    const char *name;
    uint32_t mode;                  // permissions
    // Makes the text, when the file is opened.
    int (*fill)(struct text *text);
    // ... of a process or, in PID/task/TID, of a thread: else `tid` is 0.
    int (*look)(struct text *text, uint32_t pid, uint32_t tid);
    // For what may be large: makes the piece of the text that begins at *next, in the entry's own terms
    // (0: the beginning), and moves *next on, at last to PROC_END. `viewer`: who opened the file, as
    // effective uid. The first piece is made when the file is opened.
    int (*piece)(struct text *text, uint32_t pid, uint32_t viewer, uint64_t *next);
    // For an entry that takes words: does what `line` says (it has no line end), and makes the text
    // that is read from then on.
    int (*tell)(struct text *text, uint32_t pid, uint32_t tid, const char *line);
};

// Adds an entry to /proc, or to the directory of each process. Boot only; `entry` stays.
void proc_fs_add(const struct proc_entry *entry);
void proc_fs_add_for_process(const struct proc_entry *entry);
void proc_fs_add_for_thread(const struct proc_entry *entry);

void proc_fs_register(void);
void proc_fs_mount(void);           // at /proc, if there is such a directory

#endif
