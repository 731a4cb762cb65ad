/* Backslash escapes as in echo -e, printf and tr. */
#ifndef BIN_COMMON_ESCAPE_H
#define BIN_COMMON_ESCAPE_H

/* What escape_decode found when it was "\c": print nothing more. */
#define ESCAPE_STOP (-1)

/*
 * Decodes the escape whose backslash is at `*text` and moves `*text` behind it:
 * \a \b \e \f \n \r \t \v \\ \c, octal \NNN (and \0NNN when `leading_zero`, the way of
 * echo and %b), hexadecimal \xHH. An unknown escape stands for its backslash alone.
 * Returns the byte, or ESCAPE_STOP.
 */
int escape_decode(const char **text, int leading_zero);

#endif
