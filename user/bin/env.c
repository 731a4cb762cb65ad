/* env [-i] [-u NAME]... [NAME=VALUE]... [COMMAND [WORD]...]: changes or prints the environment. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/spawn.h"

int main(int argc, char **argv) {
    int option;
    cmd_begin(argv, 125);
    while ((option = getopt(argc, argv, "+iu:")) != -1) {
        if (option == 'i')
            clearenv();
        else if (option == 'u' && unsetenv(optarg) < 0)
            cmd_die_errno("%s", optarg);
        else if (option == '?')
            cmd_usage("[-i] [-u NAME]... [NAME=VALUE]... [COMMAND [WORD]...]");
    }
    if (argv[optind] && strcmp(argv[optind], "-") == 0) {
        clearenv();
        optind++;
    }
    for (; argv[optind] && strchr(argv[optind], '='); optind++) {
        if (putenv(argv[optind]) != 0)
            cmd_die_errno("%s", argv[optind]);
    }
    if (argv[optind])
        exec_or_exit(argv + optind);
    for (char **variable = environ; variable && *variable; variable++)
        puts(*variable);
    return cmd_end(0);
}
