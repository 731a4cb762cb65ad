/* paging: what its files share. */
#ifndef BIN_PAGING_PAGING_H
#define BIN_PAGING_PAGING_H

#include <stdbool.h>
#include <stddef.h>

#define NONE ((size_t)-1)

/* --- the reference string (string.c) --- */

/* Pages are numbers that people give; inside they are counted from 0, in their order. */
struct reference {
    size_t page;
    size_t next;            /* where the same page comes again; the string's length: never */
};

struct string {
    struct reference *references;
    size_t length;
    unsigned long *names;   /* of the pages, by their inner number */
    size_t pages;           /* how many different ones */
};

/* From the words of the command line, "1 2 3" or "1, 2, 3". Reports a bad one and exits. */
struct string string_given(char **words);

/* `length` references to `pages` pages: at random, or round and round. */
struct string string_random(size_t length, size_t pages, unsigned seed);
struct string string_loop(size_t length, size_t pages);

/* --- simulated memory (memory.c, policy.c) --- */

struct frame {
    size_t page;            /* NONE: it is empty */
    size_t loaded, touched; /* when, in references */
    size_t next;            /* when its page comes again */
    bool used;              /* the use bit, as the clock takes it away */
};

struct memory {
    const struct string *string;
    const struct policy *policy;
    size_t now;             /* references made so far */
    size_t faults;
    struct frame *frames;
    size_t frame_count, filled;
    size_t *where;          /* by page: its frame, or NONE */
    size_t hand;            /* the clock's */
};

struct policy {
    const char *name;
    const char *kernel_name;    /* of its counterpart in /proc/replace; NULL: there is none */
    bool clock;                 /* the hand and the use bits mean something */
    /* All frames are full: the one whose page goes. */
    size_t (*victim)(struct memory *memory);
};

extern const struct policy policies[];
extern const size_t policy_count;

struct memory memory_create(const struct string *string, const struct policy *policy,
                            size_t frames);
void memory_free(struct memory *memory);

/* Makes the next reference of the string. Returns whether it was a fault. */
bool memory_step(struct memory *memory);

/* The faults of the whole string. */
size_t faults_count(const struct string *string, const struct policy *policy, size_t frames);

/* --- what is printed (table.c, live.c) --- */

/* The frames after each reference, one column for each, in lines of at most 80 columns. */
void table_print(const struct string *string, const struct policy *policy, size_t frames);

/* Makes the references to real pages, under each policy of the kernel that may be chosen. */
void live_run(const struct string *string, size_t frames);

#endif
