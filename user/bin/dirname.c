/* dirname PATH...: prints what stands before the last part of a path. */
#include <stdio.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/path.h"

int main(int argc, char **argv) {
    cmd_begin(argv, 1);
    if (getopt(argc, argv, "+") != -1 || optind == argc)
        cmd_usage("PATH...");
    for (; optind < argc; optind++)
        puts(path_parent(argv[optind]));
    return cmd_end(0);
}
