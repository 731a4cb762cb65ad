#ifndef FS_SHARED_MEMORY_H
#define FS_SHARED_MEMORY_H

#include <debug/panic.h>
#include <stdint.h>

struct file;

// `size` bytes of zeros to map, as an open file: 0 or -ENOMEM. `name`, which stays, is what those see
// who look at mappings. May sleep.
int must_check shared_memory_create(const char *name, uint64_t size, struct file **out);

void shared_memory_init(void);          // boot, after the file systems are registered

#endif
