/* Ending the machine. */
#include "machine.h"

#include <string.h>
#include <sys/reboot.h>
#include <unistd.h>

#include "cmd.h"

int machine_end(int argc, char **argv, int command) {
    cmd_begin(argv, 1);
    /* -f, "at once", is what people know from elsewhere; here it is always so. */
    if (argc > 2 || (argc == 2 && strcmp(argv[1], "-f") != 0))
        cmd_usage("[-f]");
    sync();
    reboot(command);
    cmd_die_errno("the kernel refused");
}
