/* mkdir [-p] [-m MODE] DIRECTORY...: makes directories; -p: and what is missing above them. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/mode.h"
#include "common/path.h"

#define USAGE "[-p] [-m MODE] DIRECTORY..."

static bool parents;

/* Makes every directory above `path`; an existing one is fine. */
static bool parents_make(const char *path) {
    char *copy = cmd_strdup(path);
    bool good = true;
    /* The parents must let us in, whatever the umask says (POSIX mkdir -p). */
    mode_t mask = umask(0);
    umask(mask & ~0300);
    for (char *slash = strchr(copy + 1, '/'); good && slash; slash = strchr(slash + 1, '/')) {
        if (slash[-1] == '/' || slash[1] == '\0')
            continue;
        *slash = '\0';
        if (mkdir(copy, 0777) < 0 && !(errno == EEXIST || path_is_directory(copy))) {
            cmd_warn_errno("cannot create directory '%s'", copy);
            good = false;
        }
        *slash = '/';
    }
    umask(mask);
    free(copy);
    return good;
}

static void directory_make(const char *path, const char *mode_text) {
    if (parents && *path && !parents_make(path))
        return;
    if (mkdir(path, 0777) < 0) {
        if (!(parents && path_is_directory(path)))
            cmd_warn_errno("cannot create directory '%s'", path);
        return;
    }
    mode_t mode = S_IFDIR | 0777;
    if (mode_text == NULL)
        return;
    if (!mode_apply(mode_text, mode_umask(), &mode) || chmod(path, mode & 07777) < 0)
        cmd_warn_errno("cannot set the mode of '%s'", path);
}

int main(int argc, char **argv) {
    const char *mode_text = NULL;
    mode_t mode = S_IFDIR | 0777;
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "pm:")) != -1) {
        if (option == 'p')
            parents = true;
        else if (option == 'm')
            mode_text = optarg;
        else
            cmd_usage(USAGE);
    }
    if (mode_text && !mode_apply(mode_text, 0, &mode))
        cmd_die("invalid mode: '%s'", mode_text);
    if (optind == argc)
        cmd_usage(USAGE);
    for (; optind < argc; optind++)
        directory_make(argv[optind], mode_text);
    return cmd_end(cmd_status);
}
