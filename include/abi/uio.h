/*
 * One part of a readv or writev.
 */
#ifndef ABI_UIO_H
#define ABI_UIO_H

#include <stddef.h>

struct iovec {
    void *iov_base;
    size_t iov_len;
};

_Static_assert(sizeof(struct iovec) == 16, "struct iovec");

#endif
