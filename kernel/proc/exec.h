#ifndef PROC_EXEC_H
#define PROC_EXEC_H

#include <debug/panic.h>
#include <stddef.h>
#include <stdint.h>

// The strings that a program starts with, one after the other with their NULs, in kernel memory.
struct exec_strings {
    char *data;
    size_t used, room;
    unsigned count;
};

// Appends one string, from the kernel or from user memory: 0, -E2BIG, -ENOMEM, -EFAULT.
int must_check exec_strings_add(struct exec_strings *strings, const char *string);
int must_check exec_strings_add_user(struct exec_strings *strings, uint64_t user);
void exec_strings_free(struct exec_strings *strings);

// Replaces the calling process's program. On success the user frame leads to the new one; on an
// error (-ENOENT, -EACCES, -ENOEXEC, -ENOMEM, -E2BIG, -ELOOP, ...) nothing has changed. Takes the
// strings' memory over either way. May sleep.
int must_check proc_exec(const char *path, struct exec_strings *arguments,
                         struct exec_strings *environment);

#endif
