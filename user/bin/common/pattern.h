/*
 * Regular expressions, basic and extended (POSIX XBD chapter 9), for grep and expr.
 *
 * A pattern is compiled to a small program that a set of threads runs in step
 * over the text (K. Thompson 1968, R. Pike): the time for a text of n bytes is at
 * most n times the length of the program, whatever the pattern. The match found
 * is the leftmost, and of those the longest. Back-references are not regular and
 * not supported.
 */
#ifndef BIN_COMMON_PATTERN_H
#define BIN_COMMON_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#define PATTERN_EXTENDED 1      /* + ? | () {} without backslashes */
#define PATTERN_FOLD 2          /* upper and lower case are the same */
#define PATTERN_LITERAL 4       /* no byte is special */
#define PATTERN_WORD 8          /* no word character before or after the match */
#define PATTERN_LINE 16         /* the match is the whole text */
#define PATTERN_PREFIX 32       /* the match begins where the text begins */

struct pattern;

struct match {
    size_t start, end;                  /* [start, end) of the text */
    bool has_group;                     /* the first \(...\) took part ... */
    size_t group_start, group_end;      /* ... and matched this */
};

/* An empty pattern: it matches nothing until alternatives are added. */
struct pattern *pattern_new(int flags);

/* Adds an alternative. Returns NULL, or what is wrong with the text. */
const char *pattern_add(struct pattern *pattern, const char *text, size_t length);

/* How many \(...\) the alternatives have. */
int pattern_groups(const struct pattern *pattern);

/*
 * Searches text[from..length). "^" is the text's beginning, not `from`. With
 * `match` NULL it only tells whether there is one, and stops at the first.
 */
bool pattern_search(struct pattern *pattern, const char *text, size_t length, size_t from,
                    struct match *match);

#endif
