/* hostname [NAME]: shows or sets the machine's name. */
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "common/cmd.h"

int main(int argc, char **argv) {
    struct utsname names;
    cmd_begin(argv, 1);
    if (argc > 2 || (argc == 2 && argv[1][0] == '-'))
        cmd_usage("[NAME]");
    if (argc == 2) {
        if (sethostname(argv[1], strlen(argv[1])) < 0)
            cmd_die_errno("cannot set the name");
        return 0;
    }
    if (uname(&names) < 0)
        cmd_die_errno("cannot get the name");
    puts(names.nodename);
    return cmd_end(0);
}
