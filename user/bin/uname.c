/* uname [-asnrvmo]: what system this is. */
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "common/cmd.h"

int main(int argc, char **argv) {
    static const char letters[] = "snrvmo";
    struct utsname names;
    unsigned wanted = 0;
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "asnrvmo")) != -1) {
        if (option == '?')
            cmd_usage("[-asnrvmo]");
        wanted |= option == 'a' ? 0x1f : 1u << (strchr(letters, option) - letters);
    }
    if (optind < argc)
        cmd_usage("[-asnrvmo]");
    if (uname(&names) < 0)
        cmd_die_errno("cannot get the system's name");
    const char *values[] = { names.sysname, names.nodename, names.release, names.version,
                             names.machine, names.sysname };
    const char *gap = "";
    for (int i = 0; i < 6; i++) {
        if ((wanted ? wanted : 1) & 1u << i) {
            printf("%s%s", gap, values[i]);
            gap = " ";
        }
    }
    putchar('\n');
    return cmd_end(0);
}
