/* rm [-rRfidv] FILE...: removes files; -r: and directories with what is in them. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/path.h"
#include "common/remove.h"

/* "." and ".." would pull the ground from under the process, "/" from under everybody. */
static bool is_refused(const char *path) {
    char *base = path_base(path);
    bool refused = strcmp(base, ".") == 0 || strcmp(base, "..") == 0 || strcmp(base, "/") == 0;
    free(base);
    return refused;
}

int main(int argc, char **argv) {
    struct remove_options options = { 0 };
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "rRfidv")) != -1) {
        switch (option) {
        case 'r':
        case 'R':
            options.recurse = true;
            break;
        case 'f':
            options.force = true;
            options.ask = false;
            break;
        case 'i':
            options.ask = true;
            options.force = false;
            break;
        case 'd':
            options.directories = true;
            break;
        case 'v':
            options.verbose = true;
            break;
        default:
            cmd_usage("[-rfidv] FILE...");
        }
    }
    if (optind == argc && !options.force)
        cmd_usage("[-rfidv] FILE...");
    for (; optind < argc; optind++) {
        if (is_refused(argv[optind]))
            cmd_warn("refusing to remove '%s'", argv[optind]);
        else
            remove_path(argv[optind], &options);
    }
    return cmd_end(cmd_status);
}
