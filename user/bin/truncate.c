/* truncate [-c] -s [+|-]SIZE FILE...: cuts files off, or fills them up with zeros. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/number.h"

#define USAGE "[-c] -s [+|-]SIZE FILE..."

static bool no_create;

static void file_resize(const char *path, long long size, bool relative) {
    int fd = open(path, O_WRONLY | (no_create ? 0 : O_CREAT), 0666);
    struct stat st;
    if (fd < 0) {
        if (!(no_create && errno == ENOENT))
            cmd_warn_errno("cannot open '%s'", path);
        return;
    }
    if (relative && fstat(fd, &st) == 0)
        size = st.st_size + size > 0 ? st.st_size + size : 0;
    if (ftruncate(fd, size) < 0)
        cmd_warn_errno("cannot resize '%s'", path);
    close(fd);
}

int main(int argc, char **argv) {
    const char *text = NULL;
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "cs:")) != -1) {
        if (option == 'c')
            no_create = true;
        else if (option == 's')
            text = optarg;
        else
            cmd_usage(USAGE);
    }
    if (text == NULL || optind == argc)
        cmd_usage(USAGE);
    long long size = size_require(text, "size");
    for (; optind < argc; optind++)
        file_resize(argv[optind], size, *text == '+' || *text == '-');
    return cmd_end(cmd_status);
}
