/* whoami: prints the name of the process's user. */
#include <stdio.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/users.h"

int main(int argc, char **argv) {
    cmd_begin(argv, 1);
    if (argc > 1)
        cmd_usage("");
    puts(user_name(geteuid()));
    return cmd_end(0);
}
