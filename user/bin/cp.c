/*
 * cp [-rRpafdPLinv] SOURCE... TARGET: copies files; -r: and directories with what is in them.
 * -i asks before a file is replaced, -n replaces none.
 * -a is -dpr: links stay links, and owner, mode and times go along.
 */
#include <stdlib.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/copy.h"
#include "common/path.h"

#define USAGE "[-rpafdLinv] SOURCE... TARGET"

static struct copy_options options;
static bool follow;

static void option_take(int option) {
    switch (option) {
    case 'a':
        options.preserve = true;
        /* fall through */
    case 'r':
    case 'R':
        options.recurse = options.keep_links = true;
        break;
    case 'd':
    case 'P':
        options.keep_links = true;
        break;
    case 'L':
        follow = true;
        break;
    case 'p':
        options.preserve = true;
        break;
    case 'f':
        options.force = true;
        break;
    case 'i':
        options.ask = true;
        options.keep = false;
        break;
    case 'n':
        options.keep = true;
        options.ask = false;
        break;
    case 'v':
        options.verbose = true;
        break;
    default:
        cmd_usage(USAGE);
    }
}

int main(int argc, char **argv) {
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "rRpafdPLinv")) != -1)
        option_take(option);
    if (follow)
        options.keep_links = false;
    if (argc - optind < 2)
        cmd_usage(USAGE);
    const char *target = argv[argc - 1];
    if (!target_check(target, argc - optind - 1))
        return 1;
    for (; optind < argc - 1; optind++) {
        char *to = path_into(target, argv[optind]);
        copy_path(argv[optind], to, &options);
        free(to);
    }
    return cmd_end(cmd_status);
}
