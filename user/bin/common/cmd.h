/* What every command shares: its name, its messages, its exit status. */
#ifndef BIN_COMMON_CMD_H
#define BIN_COMMON_CMD_H

#include <stdarg.h>
#include <stddef.h>

/* The command's name as in messages: the last part of argv[0]. */
extern const char *cmd_name;

/* The exit status so far: 0, or the failure status once something was reported. */
extern int cmd_status;

/*
 * Must be the first call of main. `failure` is the status that any reported
 * error leads to: 1 for most commands, 2 where 1 has a meaning of its own
 * (grep, cmp, test).
 */
void cmd_begin(char **argv, int failure);

/*
 * The last call of main: flushes standard output and returns `status`, or the
 * failure status (after a message) when the output could not be written.
 */
int cmd_end(int status);

/* Prints "NAME: text" on standard error and makes the command fail at its end. */
void cmd_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints "NAME: text: what errno says" and makes the command fail at its end. */
void cmd_warn_errno(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same two, and then the end of the process with the failure status. */
void cmd_die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
void cmd_die_errno(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/* Prints "usage: NAME text" and ends the process: with status 0 if it was asked for with --help. */
void cmd_usage(const char *text) __attribute__((noreturn));

/* Asks "NAME: text? " on standard error; true when the answer begins with y or Y. */
int cmd_confirm(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Allocation that does not return without memory: it reports and exits. */
void *cmd_alloc(size_t size);
void *cmd_realloc(void *block, size_t size);
char *cmd_strdup(const char *text);

/* write(2) until everything is out. Returns 0, or -1 with errno set. */
int cmd_write_all(int fd, const void *data, size_t size);

#endif
