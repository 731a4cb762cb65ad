/*
 * Standard output of the builtins: buffered, and written before anyone else may write to
 * the same descriptor.  Our own, because a failed write must be forgotten after it was
 * reported, and must never come out of a child a second time.
 */
#ifndef SH_OUT_H
#define SH_OUT_H

#include <stddef.h>

void out_char(char c);
void out_str(const char *text);
void out_add(const char *text, size_t len);
__attribute__((format(printf, 1, 2))) void out_format(const char *format, ...);

/* The same for a format that a script supplies; the caller has checked that it fits. */
void out_format_with(const char *format, ...);

/* TEXT in single quotes, as the shell would read it back. */
void out_quoted(const char *text);

/* Writes what is waiting to descriptor 1; 0, or the errno of a write that failed. */
int out_flush(void);

#endif
