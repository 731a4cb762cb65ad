/* uptime: how long the system has been running, and its load. */
#include <stdio.h>
#include <sys/sysinfo.h>
#include <time.h>

#include "common/cmd.h"

static void load_print(const char *gap, unsigned long load) {
    /* Fixed point with 16 bits behind the point. */
    printf("%s%lu.%02lu", gap, load >> 16, (load & 0xffff) * 100 >> 16);
}

int main(int argc, char **argv) {
    struct sysinfo info;
    cmd_begin(argv, 1);
    if (argc > 1)
        cmd_usage("");
    if (sysinfo(&info) < 0)
        cmd_die_errno("cannot ask the kernel");
    time_t now = time(NULL);
    char clock[16];
    strftime(clock, sizeof(clock), "%H:%M:%S", gmtime(&now));
    printf(" %s up ", clock);
    if (info.uptime >= 86400)
        printf("%ld day%s, ", info.uptime / 86400, info.uptime >= 2 * 86400 ? "s" : "");
    printf("%2ld:%02ld:%02ld,  %d processes,  load average", info.uptime % 86400 / 3600,
           info.uptime % 3600 / 60, info.uptime % 60, info.procs);
    load_print(": ", info.loads[0]);
    load_print(", ", info.loads[1]);
    load_print(", ", info.loads[2]);
    putchar('\n');
    return cmd_end(0);
}
