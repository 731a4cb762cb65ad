/* File modes as people write and read them. */
#ifndef BIN_COMMON_MODE_H
#define BIN_COMMON_MODE_H

#include <stdbool.h>
#include <sys/types.h>

/* Writes the ten letters of `ls -l` ("drwxr-xr-x") and a 0. */
void mode_format(mode_t mode, char out[11]);

/*
 * Applies `text`, octal ("755") or symbolic ("u+x,go=r"), to the mode `*mode`
 * (type bits included: X looks at them). Where a clause names nobody, the bits
 * of `mask` stay as they are. Returns false when the text is no mode.
 */
bool mode_apply(const char *text, mode_t mask, mode_t *mode);

/* The process's umask, without changing it. */
mode_t mode_umask(void);

#endif
