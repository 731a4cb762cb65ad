/* Output of builtins: see out.h. */
#include "out.h"
#include "mem.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FLUSH_AT = 4096 };

static struct strbuf waiting;
static int failure;

static void write_waiting(void) {
    size_t done = 0;

    while (done < waiting.len && !failure) {
        ssize_t wrote = write(STDOUT_FILENO, waiting.text + done, waiting.len - done);

        if (wrote >= 0)
            done += wrote;
        else if (errno != EINTR)
            failure = errno;
    }
    strbuf_truncate(&waiting, 0);
}

void out_add(const char *text, size_t len) {
    strbuf_add(&waiting, text, len);
    if (waiting.len >= FLUSH_AT)
        write_waiting();
}

void out_char(char c) {
    out_add(&c, 1);
}

void out_str(const char *text) {
    out_add(text, strlen(text));
}

static void format_add(const char *format, va_list args) {
    char small[128];
    va_list again;
    int len;

    va_copy(again, args);
    len = vsnprintf(small, sizeof(small), format, args);
    if (len >= (int)sizeof(small)) {
        /* A script can ask for any width: that must not end the shell. */
        char *large = malloc((size_t)len + 1);

        if (large) {
            vsnprintf(large, (size_t)len + 1, format, again);
            out_add(large, len);
        } else {
            failure = ENOMEM;
        }
        free(large);
    } else if (len > 0) {
        out_add(small, len);
    }
    va_end(again);
}

void out_format(const char *format, ...) {
    va_list args;

    va_start(args, format);
    format_add(format, args);
    va_end(args);
}

void out_format_with(const char *format, ...) {
    va_list args;

    va_start(args, format);
    format_add(format, args);
    va_end(args);
}

void out_quoted(const char *text) {
    out_char('\'');
    for (; *text; text++) {
        if (*text == '\'')
            out_str("'\\''");
        else
            out_char(*text);
    }
    out_char('\'');
}

int out_flush(void) {
    int result;

    write_waiting();
    result = failure;
    failure = 0;
    return result;
}
