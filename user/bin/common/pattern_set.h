/* Bracket expressions and the \w kind of set. */
#ifndef BIN_COMMON_PATTERN_SET_H
#define BIN_COMMON_PATTERN_SET_H

#include <stdbool.h>

#include "pattern_code.h"

/* A letter, a digit or "_". */
bool byte_is_word(unsigned char byte);

/* Adds the members of the class of this name ("alpha", "digit", ...). False: no such class. */
bool byte_set_add_class(struct byte_set *set, const char *name, size_t length);

/*
 * Reads the bracket expression at *text (behind its "[") up to and over its "]".
 * `fold` takes both cases of its letters.
 * Returns NULL, or what is wrong with it.
 */
const char *byte_set_parse(struct byte_set *set, const char **text, const char *end, bool fold);

/* Makes the set hold both cases of its letters. */
void byte_set_fold(struct byte_set *set);

void byte_set_invert(struct byte_set *set);

#endif
