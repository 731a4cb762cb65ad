/*
 * touch [-acm] [-r FILE | -d DATE | -t STAMP] FILE...: sets the times of files, which are
 * made when they are not there (unless -c).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/moment.h"

#define USAGE "[-acm] [-r FILE | -d DATE | -t [[CC]YY]MMDDhhmm[.SS]] FILE..."

static struct timespec times[2] = {
    { .tv_nsec = UTIME_NOW }, { .tv_nsec = UTIME_NOW },     /* of access, of modification */
};
static bool no_create;

static void times_take_file(const char *path) {
    struct stat st;
    if (stat(path, &st) < 0)
        cmd_die_errno("%s", path);
    times[0] = st.st_atim;
    times[1] = st.st_mtim;
}

static void times_take_text(const char *text, bool stamp) {
    time_t now = time(NULL), moment;
    int year = gmtime(&now)->tm_year + 1900;
    if (!(stamp ? moment_parse_stamp(text, year, &moment) : moment_parse(text, &moment)))
        cmd_die("invalid date: '%s'", text);
    times[0] = times[1] = (struct timespec){ .tv_sec = moment };
}

static void file_touch(const char *path) {
    if (utimensat(AT_FDCWD, path, times, 0) == 0)
        return;
    if (errno == ENOENT && no_create)
        return;
    int fd = errno == ENOENT ? open(path, O_WRONLY | O_CREAT, 0666) : -1;
    if (fd < 0 || futimens(fd, times) < 0)
        cmd_warn_errno("cannot touch '%s'", path);
    if (fd >= 0)
        close(fd);
}

int main(int argc, char **argv) {
    bool access_only = false, modification_only = false;
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "acmr:d:t:")) != -1) {
        switch (option) {
        case 'a': access_only = true; break;
        case 'm': modification_only = true; break;
        case 'c': no_create = true; break;
        case 'r': times_take_file(optarg); break;
        case 'd': times_take_text(optarg, false); break;
        case 't': times_take_text(optarg, true); break;
        default: cmd_usage(USAGE);
        }
    }
    if (optind == argc)
        cmd_usage(USAGE);
    if (access_only && !modification_only)
        times[1].tv_nsec = UTIME_OMIT;
    if (modification_only && !access_only)
        times[0].tv_nsec = UTIME_OMIT;
    for (; optind < argc; optind++)
        file_touch(argv[optind]);
    return cmd_end(cmd_status);
}
