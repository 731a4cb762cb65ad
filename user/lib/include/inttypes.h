/*
 * <inttypes.h>: printf letters for the fixed-width types.
 */
#ifndef USER_INTTYPES_H
#define USER_INTTYPES_H

#include <stdint.h>

#define PRId8   "hhd"
#define PRId16  "hd"
#define PRId32  "d"
#define PRId64  "ld"
#define PRIdMAX "ld"
#define PRIdPTR "ld"
#define PRIi32  "i"
#define PRIi64  "li"
#define PRIu8   "hhu"
#define PRIu16  "hu"
#define PRIu32  "u"
#define PRIu64  "lu"
#define PRIuMAX "lu"
#define PRIuPTR "lu"
#define PRIo32  "o"
#define PRIo64  "lo"
#define PRIx8   "hhx"
#define PRIx16  "hx"
#define PRIx32  "x"
#define PRIx64  "lx"
#define PRIxMAX "lx"
#define PRIxPTR "lx"
#define PRIX32  "X"
#define PRIX64  "lX"

intmax_t strtoimax(const char *s, char **end, int base);
uintmax_t strtoumax(const char *s, char **end, int base);

#endif
