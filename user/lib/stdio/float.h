/*
 * The floating-point conversions, for format_extended.
 */
#ifndef LIBC_FLOAT_H
#define LIBC_FLOAT_H

#include "lib/format.h"

/* %f %F %e %E %g %G. Others: false. */
bool float_format(struct format_sink *sink, const struct format_spec *spec,
                  struct format_args *args);

#endif
