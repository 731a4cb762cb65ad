/*
 * From words to strings: parameters, command substitution, arithmetic, field splitting,
 * file name patterns, and the removal of quotes.  Results live in the given arena.
 * Every function reports its own errors; NULL or false then means that the command must
 * not run.
 */
#ifndef SH_EXPAND_H
#define SH_EXPAND_H

#include "ast.h"

/* All expansions: one word may become any number of fields, appended to FIELDS. */
bool expand_fields(const struct word *word, struct arena *arena, struct strlist *fields);

/* One string, without splitting and patterns: redirections, case, here-documents. */
char *expand_string(const struct word *word, struct arena *arena);

/* The same for the value of an assignment, where ~ counts after every colon too. */
char *expand_assignment(const struct word *word, struct arena *arena);

/* A pattern for fnmatch: what was quoted is escaped with backslashes. */
char *expand_pattern(const struct word *word, struct arena *arena);

/* PS1 and the like: $-expressions in TEXT are expanded; TEXT itself on an error. */
const char *expand_prompt(const char *text, struct arena *arena);

/* Does PATTERN match all of TEXT? */
bool pattern_matches(const char *pattern, const char *text);

/* Evaluates an expression as $((...)) does; false after a message. */
bool arith_evaluate(const char *text, long long *value);

/* The value of a variable or of a special parameter, NULL if unset.  Valid until the next
 * call or change. */
const char *param_get(const char *name);

#endif
