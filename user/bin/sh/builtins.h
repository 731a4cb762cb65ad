/* The builtins that have a file of their own. */
#ifndef SH_BUILTINS_H
#define SH_BUILTINS_H

#include <stdbool.h>

int builtin_cd(int argc, char **argv);      /* cd.c */
int builtin_pwd(int argc, char **argv);
int builtin_jobs(int argc, char **argv);    /* job_report.c */
int builtin_fg(int argc, char **argv);      /* job_builtins.c */
int builtin_bg(int argc, char **argv);
int builtin_wait(int argc, char **argv);
int builtin_kill(int argc, char **argv);    /* kill.c */
int builtin_ulimit(int argc, char **argv);  /* ulimit.c */
int builtin_command(int argc, char **argv); /* lookup.c */
int builtin_type(int argc, char **argv);
int builtin_export(int argc, char **argv);  /* declare.c */
int builtin_readonly(int argc, char **argv);
int builtin_local(int argc, char **argv);
int builtin_unset(int argc, char **argv);
int builtin_getopts(int argc, char **argv); /* getopts.c */
int builtin_printf(int argc, char **argv);  /* printf.c */
int builtin_read(int argc, char **argv);    /* read.c */
int builtin_test(int argc, char **argv);    /* test.c */

/* A whole decimal number; false if TEXT is anything else. */
int number_parse(const char *text, long long *value);

/* Writes TEXT with its backslash escapes decoded (%b, echo -e; \0ooo too); false after \c,
 * which ends all output. */
bool escaped_write(const char *text);

#endif
