/* sort: what its files share. */
#ifndef BIN_SORT_SORT_H
#define BIN_SORT_SORT_H

#include <stdbool.h>
#include <stddef.h>

struct sort_line {
    char *text;
    size_t length;
};

/* How a key, or a whole line, is compared. */
struct sort_order {
    bool numeric, reverse, fold, blanks, dictionary, human;
};

/* One -k: from field and byte (both counted from 1) to field and byte (0: the field's end). */
struct sort_key {
    int first_field, first_byte;
    int last_field, last_byte;      /* last_field 0: the line's end */
    bool own_order;                 /* it has letters of its own; else the common ones hold */
    struct sort_order order;
};

extern struct sort_order common_order;
extern struct sort_key *sort_keys;
extern size_t sort_key_count;
extern int field_separator;         /* -1: a run of blanks, which belongs to the field behind it */
extern bool keys_decide_alone;      /* -s, -u: no last comparison of whole lines */

/* Sets the flag for one of the letters n r f b d h. False: it is none. */
bool order_letter(struct sort_order *order, char letter);

/* Parses the argument of -k and adds the key; ends the command when it is wrong. */
void key_add(const char *text);

/* Less than, equal to or greater than 0, as `a` goes before, with or behind `b`. */
int lines_compare(const struct sort_line *a, const struct sort_line *b);

/* Stable merge sort of `count` lines. */
void lines_sort(struct sort_line *lines, size_t count);

#endif
