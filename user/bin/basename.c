/* basename PATH [SUFFIX]: prints the last part of a path, without the suffix. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/path.h"

int main(int argc, char **argv) {
    cmd_begin(argv, 1);
    if (getopt(argc, argv, "+") != -1 || argc - optind < 1 || argc - optind > 2)
        cmd_usage("PATH [SUFFIX]");
    char *base = path_base(argv[optind]);
    if (argc - optind == 2) {
        size_t length = strlen(base), suffix = strlen(argv[optind + 1]);
        /* A name that is nothing but the suffix stays. */
        if (suffix < length && strcmp(base + length - suffix, argv[optind + 1]) == 0)
            base[length - suffix] = '\0';
    }
    puts(base);
    return cmd_end(0);
}
