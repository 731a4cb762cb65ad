/*
 * Variables, their scopes (function locals, `NAME=value command`), and the positional
 * parameters.
 */
#ifndef SH_VARS_H
#define SH_VARS_H

#include "mem.h"

#include <stdbool.h>

/* Takes over the environment and sets the defaults (PWD, IFS, PS1, PS2, OPTIND). */
void vars_init(char **environment);

/* The value, or NULL if unset; valid until the variable changes. */
const char *var_get(const char *name);

/* Sets a variable (a copy of VALUE).  False after a message if it is read-only. */
bool var_set(const char *name, const char *value);
bool var_unset(const char *name);
void var_export(const char *name, bool exported);
void var_set_readonly(const char *name);

/* NAME=VALUE strings of the exported variables, ended by NULL. */
char **vars_environment(struct arena *arena);

/* Writes all variables (exported or read-only ones alone, if asked) as commands that set
 * them, each after PREFIX, in order. */
void vars_print(const char *prefix, bool exported, bool readonly);

/* Calls VISIT for each variable that is set; it changes none. */
void vars_each(void (*visit)(const char *name, void *argument), void *argument);

/* Everything saved in a scope is put back when it is popped. */
struct var_scope {
    struct var_scope *outer;
    struct saved_var *saved;
    bool is_function;
};

void var_scope_push(struct var_scope *scope, bool is_function);
void var_scope_pop(void);

/* Remembers the variable in the innermost scope. */
void var_save(const char *name);

/* Makes NAME local to the innermost function; false when there is none. */
bool var_make_local(const char *name);

/* The positional parameters. */
struct params {
    char **items;
    int count;
};

extern struct params params;

/* Replaces the positional parameters by copies of COUNT strings. */
void params_set(char **items, int count);
void params_shift(int by);

/* Sets new parameters and hands out the old ones; params_restore puts them back. */
struct params params_replace(char **items, int count);
void params_restore(struct params old);

#endif
