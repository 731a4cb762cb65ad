/*
 * <sys/mman.h>: memory mappings.
 */
#ifndef USER_SYS_MMAN_H
#define USER_SYS_MMAN_H

#include <abi/mman.h>
#include <abi/types.h>

void *mmap(void *addr, size_t size, int prot, int flags, int fd, off_t offset);
int munmap(void *addr, size_t size);
int mprotect(void *addr, size_t size, int prot);
void *mremap(void *addr, size_t old_size, size_t new_size, int flags, ...);
int msync(void *addr, size_t size, int flags);
int madvise(void *addr, size_t size, int advice);
int mincore(void *addr, size_t size, unsigned char *pages);
int mlock(const void *addr, size_t size);
int munlock(const void *addr, size_t size);
int mlockall(int flags);
int munlockall(void);

#endif
