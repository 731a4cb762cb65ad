/* Points in time as people write them: touch -d and date -s. All times are UTC. */
#ifndef BIN_COMMON_MOMENT_H
#define BIN_COMMON_MOMENT_H

#include <stdbool.h>
#include <time.h>

/*
 * Reads "YYYY-MM-DD[{T| }HH:MM[:SS]][Z]" or "@seconds". Returns false when the
 * text is neither or names no real day or time.
 */
bool moment_parse(const char *text, time_t *out);

/* Reads touch -t: "[[CC]YY]MMDDhhmm[.SS]"; `year` is the one meant when none is given. */
bool moment_parse_stamp(const char *text, int year, time_t *out);

#endif
