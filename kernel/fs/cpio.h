// The initrd's archive.
#ifndef FS_CPIO_H
#define FS_CPIO_H

#include <debug/panic.h>
#include <stddef.h>

// Unpacks a cpio archive in the "newc" format at the root of the name space: 0, -EINVAL (it is
// malformed: what came before is there), -ENOSPC, -ENOMEM, ... A kernel thread's business: it
// checks no permissions. May sleep.
int must_check cpio_unpack(const void *archive, size_t size);

#endif
