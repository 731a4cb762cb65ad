/* diff: what its files share. */
#ifndef BIN_DIFF_DIFF_H
#define BIN_DIFF_DIFF_H

#include <stdbool.h>
#include <stddef.h>

struct diff_line {
    const char *text;
    size_t length;
    unsigned long hash;     /* of what counts of the text: unequal hashes, unequal lines */
    bool changed;           /* not part of the longest common subsequence */
};

struct diff_file {
    const char *name;
    struct diff_line *lines;
    long count;
    bool lacks_newline;     /* at the end of its last line */
};

/* Sets `changed` in the lines of both that must go or come. */
void files_compare(struct diff_file *a, struct diff_file *b);

bool lines_equal(const struct diff_line *a, const struct diff_line *b);

/* A place where the files differ: lines [a, a_end) became lines [b, b_end). */
struct hunk {
    long a, a_end, b, b_end;
};

/* The next difference at or behind (*a, *b). False when there is none. */
bool hunk_find(const struct diff_file *a, const struct diff_file *b, struct hunk *hunk);

void normal_print(const struct diff_file *a, const struct diff_file *b);
void unified_print(const struct diff_file *a, const struct diff_file *b, long context);

#endif
