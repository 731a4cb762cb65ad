// devfs: the file system on /dev, whose nodes are what drivers registered.
#ifndef FS_DEVFS_H
#define FS_DEVFS_H

#include <stddef.h>
#include <stdint.h>

// The node `name` (kept) with type and permissions `mode`. Boot only. May sleep.
void devfs_add(const char *name, uint32_t mode, uint32_t device);

void devfs_register(void);          // the kind "devfs"
void memory_devices_init(void);     // null, zero, full, random, urandom

#endif
