/* find: what its files share. An expression is a tree that each file is tried against. */
#ifndef BIN_FIND_FIND_H
#define BIN_FIND_FIND_H

#include <stdbool.h>
#include <time.h>

#include "../common/tree.h"

struct test;

/* Tries a file against a test: true or false, and maybe a side effect such as printing. */
typedef bool (*test_run)(struct test *test, const struct tree_node *node);

struct test {
    test_run run;
    struct test *left, *right;      /* operands of ! -a -o */
    const char *text;               /* a pattern */
    bool fold;                      /* ignore case; for -ok: ask first */
    long long number;               /* -size, -links, -mtime, ... */
    char comparison;                /* '+' more than, '-' less than, '=' exactly */
    long long unit;
    unsigned type, mode;            /* -type, -perm */
    struct timespec time;           /* -newer */
    char **command;                 /* -exec, -ok: the words of the command */
    int word_count;
    char **gathered;                /* -exec ... +: the names for the next run */
    int gathered_count;
    unsigned long gathered_size;
    struct test *next_gatherer;
};

struct expression {
    struct test *root;
    long long depth_min, depth_max; /* -mindepth, -maxdepth; -1: no limit */
    bool leave_first;               /* -depth: a directory after what is in it */
    bool one_device;                /* -xdev */
    bool acts;                      /* it has an action, so -print is not implied */
    bool prune, stop;               /* set by the actions -prune and -quit while they run */
};

extern struct expression expression;

/* Parses the words after the starting points; ends the command when they are wrong. */
void expression_parse(char **words);

/* Evaluates the expression for one file. */
bool expression_run(const struct tree_node *node);

/*
 * Makes the test or action that is named by (*words)[0] and moves *words behind its
 * arguments. Returns NULL when there is none of that name.
 */
struct test *primary_make(char ***words);

/* Runs the -exec ... + commands for the files that are still gathered. */
void gathered_flush(void);

/* -exec and -ok: the words up to ";" or "+"; moves *words behind them. */
struct test *exec_make(char ***words, bool ask);

/* An empty test with this function. */
struct test *test_new(test_run run);

#endif
