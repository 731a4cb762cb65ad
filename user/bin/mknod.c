/* mknod [-m MODE] NAME b|c|p [MAJOR MINOR]: makes a device file or a named pipe. */
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/mode.h"
#include "common/number.h"

#define USAGE "[-m MODE] NAME b|c|p [MAJOR MINOR]"

int main(int argc, char **argv) {
    mode_t mode = 0666;
    const char *mode_text = NULL;
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "m:")) != -1) {
        if (option != 'm')
            cmd_usage(USAGE);
        mode_text = optarg;
    }
    if (mode_text && !mode_apply(mode_text, mode_umask(), &mode))
        cmd_die("invalid mode: '%s'", mode_text);
    char **words = argv + optind;
    int count = argc - optind;
    if (count < 2 || strlen(words[1]) != 1 || !strchr("bcup", *words[1]) ||
        count != (*words[1] == 'p' ? 2 : 4))
        cmd_usage(USAGE);
    dev_t device = 0;
    if (count == 4)
        device = makedev(number_require(words[2], "major number"),
                         number_require(words[3], "minor number"));
    mode_t type = *words[1] == 'p' ? S_IFIFO : *words[1] == 'b' ? S_IFBLK : S_IFCHR;
    if (mknod(words[0], type | (mode & 0777), device) < 0)
        cmd_die_errno("cannot make '%s'", words[0]);
    if (mode_text && chmod(words[0], mode & 07777) < 0)
        cmd_die_errno("cannot set the mode of '%s'", words[0]);
    return 0;
}
