/* nice [-n N] [COMMAND [WORD]...]: runs a command that others go before; or says how nice one is. */
#include <errno.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/number.h"

#define USAGE "[-n N] [COMMAND [WORD]...]"

int main(int argc, char **argv) {
    long long more = 10;
    bool given = false;
    int option;
    cmd_begin(argv, 125);
    while ((option = getopt(argc, argv, "+n:")) != -1) {
        if (option != 'n')
            cmd_usage(USAGE);
        more = number_require(optarg, "niceness");
        given = true;
    }
    int now = getpriority(PRIO_PROCESS, 0);
    if (optind == argc) {
        if (given)
            cmd_usage(USAGE);
        printf("%d\n", now);
        return cmd_end(0);
    }
    long long wanted = now + more;
    if (wanted > 19)
        wanted = 19;
    if (wanted < -20)
        wanted = -20;
    /* The command runs in any case (POSIX nice). */
    if (setpriority(PRIO_PROCESS, 0, (int)wanted) < 0)
        cmd_warn_errno("cannot be %lld", wanted);
    execvp(argv[optind], argv + optind);
    int status = errno == ENOENT ? 127 : 126;
    cmd_warn_errno("%s", argv[optind]);
    return status;
}
