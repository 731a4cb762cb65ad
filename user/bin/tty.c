/* tty [-s]: the name of the terminal on standard input; -s only says by its status if it is one. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/cmd.h"

int main(int argc, char **argv) {
    bool silent = argc == 2 && strcmp(argv[1], "-s") == 0;
    const char *name;

    cmd_begin(argv, 2);
    if (argc > 1 && !silent)
        cmd_usage("[-s]");
    name = ttyname(STDIN_FILENO);
    if (!silent)
        puts(name ? name : isatty(STDIN_FILENO) ? "a terminal without a name" : "not a tty");
    return cmd_end(isatty(STDIN_FILENO) ? 0 : 1);
}
