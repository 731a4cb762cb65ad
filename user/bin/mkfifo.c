/* mkfifo [-m MODE] NAME...: makes named pipes. */
#include <sys/stat.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/mode.h"

int main(int argc, char **argv) {
    mode_t mode = 0666;
    const char *mode_text = NULL;
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "m:")) != -1) {
        if (option != 'm')
            cmd_usage("[-m MODE] NAME...");
        mode_text = optarg;
    }
    if (mode_text && !mode_apply(mode_text, mode_umask(), &mode))
        cmd_die("invalid mode: '%s'", mode_text);
    if (optind == argc)
        cmd_usage("[-m MODE] NAME...");
    for (; optind < argc; optind++) {
        int failed = mkfifo(argv[optind], mode & 0777);
        /* The umask does not hold for a mode that was asked for. */
        if (!failed && mode_text)
            failed = chmod(argv[optind], mode & 07777);
        if (failed)
            cmd_warn_errno("cannot make '%s'", argv[optind]);
    }
    return cmd_end(cmd_status);
}
