/* rmdir [-p] DIRECTORY...: removes empty directories; -p: and those above that become empty. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/path.h"

int main(int argc, char **argv) {
    bool parents = false;
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "p")) != -1) {
        if (option != 'p')
            cmd_usage("[-p] DIRECTORY...");
        parents = true;
    }
    if (optind == argc)
        cmd_usage("[-p] DIRECTORY...");
    for (; optind < argc; optind++) {
        char *path = cmd_strdup(argv[optind]);
        bool more;
        do {
            more = false;
            if (rmdir(path) < 0) {
                cmd_warn_errno("cannot remove '%s'", path);
            } else if (parents) {
                char *parent = path_parent(path);
                free(path);
                path = parent;
                more = strcmp(path, ".") != 0 && strcmp(path, "/") != 0;
            }
        } while (more);
        free(path);
    }
    return cmd_end(cmd_status);
}
