#ifndef FS_SHARED_MEMORY_H
#define FS_SHARED_MEMORY_H

#include <debug/panic.h>
#include <stdint.h>

struct inode;

// `size` bytes of zeros to map shared, as an inode with one reference: 0 or -ENOMEM. May sleep.
int must_check shared_memory_create(uint64_t size, struct inode **out);

void shared_memory_init(void);          // boot, after the file systems are registered

#endif
