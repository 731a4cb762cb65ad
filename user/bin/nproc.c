/* nproc: how many harts the process may run on. */
#include <sched.h>
#include <stdio.h>

#include "common/cmd.h"

int main(int argc, char **argv) {
    cpu_set_t set;
    int count = 0;
    cmd_begin(argv, 1);
    if (argc > 1)
        cmd_usage("");
    CPU_ZERO(&set);
    sched_getaffinity(0, sizeof(set), &set);
    for (int i = 0; i < CPU_SETSIZE; i++)
        count += CPU_ISSET(i, &set) != 0;
    /* A kernel without the call still runs this on one. */
    printf("%d\n", count ? count : 1);
    return cmd_end(0);
}
