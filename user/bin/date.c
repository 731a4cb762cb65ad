/* date [-u] [-R] [-d DATE | -r FILE | -s DATE] [+FORMAT]: shows or sets the time (always UTC). */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/moment.h"

#define USAGE "[-uR] [-d DATE | -r FILE | -s DATE] [+FORMAT]"

static void moment_print(const struct timespec *moment, const char *format) {
    const struct tm *tm = gmtime(&moment->tv_sec);
    if (tm == NULL)
        cmd_die("this time has no date");
    for (const char *p = format; *p; p++) {
        char piece[3] = { p[0], p[1], '\0' }, text[128];
        if (*p != '%' || p[1] == '\0') {
            putchar(*p);
            continue;
        }
        p++;
        if (*p == 'N')          /* nanoseconds, which strftime does not know */
            printf("%09ld", (long)moment->tv_nsec);
        else if (*p == 's')
            printf("%lld", (long long)moment->tv_sec);
        else if (strftime(text, sizeof(text), piece, tm) > 0)
            fputs(text, stdout);
    }
    putchar('\n');
}

static void text_parse(const char *text, struct timespec *moment) {
    moment->tv_nsec = 0;
    if (!moment_parse(text, &moment->tv_sec))
        cmd_die("invalid date: '%s'", text);
}

int main(int argc, char **argv) {
    struct timespec moment;
    struct stat st;
    const char *format = "%a %b %e %H:%M:%S UTC %Y";
    int option;
    cmd_begin(argv, 1);
    clock_gettime(CLOCK_REALTIME, &moment);
    while ((option = getopt(argc, argv, "uRd:r:s:")) != -1) {
        switch (option) {
        case 'u':
            break;
        case 'R':
            format = "%a, %d %b %Y %H:%M:%S +0000";
            break;
        case 'd':
            text_parse(optarg, &moment);
            break;
        case 'r':
            if (stat(optarg, &st) < 0)
                cmd_die_errno("%s", optarg);
            moment = st.st_mtim;
            break;
        case 's':
            text_parse(optarg, &moment);
            if (clock_settime(CLOCK_REALTIME, &moment) < 0)
                cmd_die_errno("cannot set the time");
            break;
        default:
            cmd_usage(USAGE);
        }
    }
    if (argv[optind] && argv[optind][0] == '+')
        format = argv[optind++] + 1;
    if (optind < argc)
        cmd_usage(USAGE);
    moment_print(&moment, format);
    return cmd_end(0);
}
