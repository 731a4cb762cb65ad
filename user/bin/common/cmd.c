/* What every command shares: its name, its messages, its exit status. */
#include "cmd.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *cmd_name = "?";
int cmd_status;

static int failure_status = 1;
static bool help_wanted;

void cmd_begin(char **argv, int failure) {
    failure_status = failure;
    if (argv[0] == NULL)
        return;
    const char *slash = strrchr(argv[0], '/');
    cmd_name = slash ? slash + 1 : argv[0];
    /* To getopt it is a wrong option, and leads to cmd_usage. */
    help_wanted = argv[1] && strcmp(argv[1], "--help") == 0;
    opterr = !help_wanted;
}

int cmd_end(int status) {
    /* A full disk or a closed descriptor often shows only here, at the flush. */
    int failed = ferror(stdout);
    if (fflush(stdout) != 0 || failed) {
        cmd_warn_errno("write error");
        return failure_status;
    }
    return status;
}

/*
 * What was printed so far must come before the message, hence the flush. The message
 * goes out in one piece, so that those of several processes do not mix.
 */
static void message_print(const char *format, va_list args, int error) {
    char *text = NULL;
    fflush(stdout);
    if (vasprintf(&text, format, args) < 0)
        text = NULL;
    fprintf(stderr, "%s: %s%s%s\n", cmd_name, text ? text : format, error ? ": " : "",
            error ? strerror(error) : "");
    free(text);
    cmd_status = failure_status;
}

void cmd_warn(const char *format, ...) {
    va_list args;
    va_start(args, format);
    message_print(format, args, 0);
    va_end(args);
}

void cmd_warn_errno(const char *format, ...) {
    int error = errno;
    va_list args;
    va_start(args, format);
    message_print(format, args, error);
    va_end(args);
}

void cmd_die(const char *format, ...) {
    va_list args;
    va_start(args, format);
    message_print(format, args, 0);
    va_end(args);
    exit(failure_status);
}

void cmd_die_errno(const char *format, ...) {
    int error = errno;
    va_list args;
    va_start(args, format);
    message_print(format, args, error);
    va_end(args);
    exit(failure_status);
}

void cmd_usage(const char *text) {
    fprintf(help_wanted ? stdout : stderr, "usage: %s %s\n", cmd_name, text);
    exit(help_wanted ? cmd_end(0) : failure_status);
}

int cmd_confirm(const char *format, ...) {
    va_list args;
    fflush(stdout);
    fprintf(stderr, "%s: ", cmd_name);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputs("? ", stderr);

    /* Read byte by byte: what follows the answer is for the next question. */
    char first = 0, c;
    while (read(STDIN_FILENO, &c, 1) == 1 && c != '\n') {
        if (!first)
            first = c;
    }
    return first == 'y' || first == 'Y';
}

void *cmd_alloc(size_t size) {
    return cmd_realloc(NULL, size);
}

void *cmd_realloc(void *block, size_t size) {
    void *result = realloc(block, size ? size : 1);
    if (result == NULL)
        cmd_die_errno("out of memory");
    return result;
}

char *cmd_strdup(const char *text) {
    size_t size = strlen(text) + 1;
    return memcpy(cmd_alloc(size), text, size);
}

int cmd_write_all(int fd, const void *data, size_t size) {
    const char *next = data;
    while (size > 0) {
        ssize_t n = write(fd, next, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        next += n;
        size -= n;
    }
    return 0;
}
