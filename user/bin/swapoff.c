/* swapoff DEVICE...: brings the pages of a swap disk back into memory, and uses it no more. */
#include <sys/swap.h>
#include <unistd.h>

#include "common/cmd.h"

int main(int argc, char **argv) {
    cmd_begin(argv, 1);
    if (getopt(argc, argv, "") != -1 || optind == argc)
        cmd_usage("DEVICE...");
    for (; optind < argc; optind++) {
        if (swapoff(argv[optind]) < 0)
            cmd_warn_errno("%s", argv[optind]);
    }
    return cmd_end(cmd_status);
}
