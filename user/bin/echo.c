/* echo [-neE] [WORD]...: prints its words. -n: no newline; -e: backslash escapes mean something. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "common/cmd.h"
#include "common/escape.h"

/* Prints with escapes decoded. Returns false after "\c": nothing more is wanted. */
static bool escaped_print(const char *text) {
    while (*text) {
        int byte = (unsigned char)*text;
        if (byte == '\\')
            byte = escape_decode(&text, 1);
        else
            text++;
        if (byte == ESCAPE_STOP)
            return false;
        putchar(byte);
    }
    return true;
}

int main(int argc, char **argv) {
    bool newline = true, escapes = false;
    int i = 1;
    cmd_begin(argv, 1);
    /* Only words made of these letters alone are options: echo -x prints "-x". */
    for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
        if (argv[i][1 + strspn(argv[i] + 1, "neE")])
            break;
        for (const char *letter = argv[i] + 1; *letter; letter++) {
            if (*letter == 'n')
                newline = false;
            else
                escapes = *letter == 'e';
        }
    }
    for (int first = i; i < argc; i++) {
        if (i > first)
            putchar(' ');
        if (!escapes)
            fputs(argv[i], stdout);
        else if (!escaped_print(argv[i]))
            return cmd_end(0);
    }
    if (newline)
        putchar('\n');
    return cmd_end(0);
}
