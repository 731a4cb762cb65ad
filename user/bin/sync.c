/* sync [FILE]...: returns when what was written, to these files or at all, is on the disk. */
#include <fcntl.h>
#include <unistd.h>

#include "common/cmd.h"

static void file_sync(const char *path) {
    int fd = open(path, O_RDONLY | O_NONBLOCK);
    if (fd < 0 || fsync(fd) < 0)
        cmd_warn_errno("%s", path);
    if (fd >= 0)
        close(fd);
}

int main(int argc, char **argv) {
    cmd_begin(argv, 1);
    if (getopt(argc, argv, "") != -1)
        cmd_usage("[FILE]...");
    if (optind == argc)
        sync();
    for (; optind < argc; optind++)
        file_sync(argv[optind]);
    return cmd_end(cmd_status);
}
