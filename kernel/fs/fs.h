// fs/ as boot sees it.
#ifndef FS_FS_H
#define FS_FS_H

#include <stddef.h>
#include <stdint.h>

// Registers the file systems (ext2, ramfs, devfs), the char devices of fs/ (null, zero, full,
// random, urandom) and the caches' shrinkers. Before any mount.
void fs_init(void);

// A ramfs as root, filled from a newc cpio archive: 0 or -errno.
int fs_mount_initrd(const void *archive, size_t size);

// Mounts devfs on /dev; a root without that folder only gets a line in the log.
void fs_mount_devices(void);

// Starts the thread that writes dirty data back every few seconds.
void fs_start_writeback(void);

// Unmounts what can be unmounted, syncs the rest and marks it clean: the last thing before
// power-off. Waits for the disk.
void fs_shutdown(void);

#endif
