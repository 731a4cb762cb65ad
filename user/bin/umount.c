/* umount TARGET...: takes file systems out of the tree of names. */
#include <sys/mount.h>
#include <unistd.h>

#include "common/cmd.h"

int main(int argc, char **argv) {
    cmd_begin(argv, 1);
    if (getopt(argc, argv, "") != -1 || optind == argc)
        cmd_usage("TARGET...");
    for (; optind < argc; optind++) {
        if (umount(argv[optind]) < 0)
            cmd_warn_errno("%s", argv[optind]);
    }
    return cmd_end(cmd_status);
}
