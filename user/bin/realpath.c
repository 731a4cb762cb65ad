/* realpath [-e] FILE...: absolute paths without links, "." and "..". -e: the file must exist. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/resolve.h"

int main(int argc, char **argv) {
    bool missing_allowed = true;
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "e")) != -1) {
        if (option != 'e')
            cmd_usage("[-e] FILE...");
        missing_allowed = false;
    }
    if (optind == argc)
        cmd_usage("[-e] FILE...");
    for (; optind < argc; optind++) {
        char *path = path_resolve(argv[optind], missing_allowed);
        if (path)
            puts(path);
        else
            cmd_warn_errno("%s", argv[optind]);
        free(path);
    }
    return cmd_end(cmd_status);
}
