/*
 * Running the tree: exec.c walks it, command.c runs simple commands, redir.c moves
 * descriptors, path.c finds programs, function.c and builtins.c know what is not a program.
 */
#ifndef SH_EXEC_H
#define SH_EXEC_H

#include "ast.h"

#include <stdbool.h>

/* Nothing follows in this process: a program may take its place instead of a child's. */
enum { EXEC_LAST = 1 };

/* Runs a command and returns its status, also left in shell.status.  NULL is a success. */
int exec_node(const struct node *node, unsigned flags);

/* Runs a simple command; the caller has seen to shell.line. */
int exec_simple(const struct node *node, unsigned flags);

/* With set -e, ends the shell if STATUS is a failure that nobody looks at. */
void exec_check(int status);

/* ---- redirections ---- */

struct saved_fd;

/* Performs redirections in order.  What they replace is put on SAVES, for redirs_undo; with
 * NULL they are for good.  On an error, reported, the ones before it have taken effect. */
bool redirs_apply(const struct redir *redirs, struct saved_fd **saves);
void redirs_undo(struct saved_fd **saves);

/* Makes redirections permanent after all. */
void redirs_keep(struct saved_fd **saves);

/* ---- programs ---- */

/* Becomes the program ARGV[0], looked for in PATH; exits with 126 or 127 if it cannot. */
_Noreturn void program_exec(char **argv);

/* Runs a program as a child and waits; returns its status. */
int program_run(char **argv);

/* Where NAME would be found, or NULL. */
char *path_find(const char *name, struct arena *arena);

/* ---- functions ---- */

struct function;

/* Defines a function; the tree in NODE's arena stays as long as it is needed. */
void function_define(const struct node *node);
const struct function *function_find(const char *name);
bool function_unset(const char *name);

/* Calls VISIT for each function; it changes none. */
void functions_each(void (*visit)(const char *name, void *argument), void *argument);

/* Calls it with ARGV[1..] as the positional parameters. */
int function_call(const struct function *function, int argc, char **argv);

/* ---- builtins ---- */

struct builtin {
    const char *name;
    int (*run)(int argc, char **argv);
    bool special; /* POSIX: found before functions, errors are fatal, assignments stay */
};

const struct builtin *builtin_find(const char *name);

/* The names of all builtins, in order, ended by one without a name. */
extern const struct builtin builtins[];

/* Runs one without its redirections; flushes its output and reports a failure to. */
int builtin_run(const struct builtin *builtin, int argc, char **argv);

/* The working directory's path in new memory, or NULL. */
char *cwd_get(void);

#endif
