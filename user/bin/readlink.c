/* readlink [-f] [-n] FILE...: where symbolic links point; -f: the path without any links in it. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/resolve.h"

int main(int argc, char **argv) {
    bool canonical = false, newline = true;
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "fn")) != -1) {
        if (option == '?')
            cmd_usage("[-f] [-n] FILE...");
        canonical |= option == 'f';
        newline &= option != 'n';
    }
    if (optind == argc)
        cmd_usage("[-f] [-n] FILE...");
    for (; optind < argc; optind++) {
        char *target = canonical ? path_resolve(argv[optind], true) : link_target(argv[optind]);
        if (target == NULL) {
            cmd_status = 1;     /* in silence: scripts use it to ask "is it a link?" */
            continue;
        }
        fputs(target, stdout);
        if (newline || optind + 1 < argc)
            putchar('\n');
        free(target);
    }
    return cmd_end(cmd_status);
}
