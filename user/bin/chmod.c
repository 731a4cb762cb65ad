/* chmod [-Rvf] MODE FILE...: sets the modes of files; MODE is octal or like u+x,go=r. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "common/cmd.h"
#include "common/mode.h"
#include "common/tree.h"

#define USAGE "[-Rv] MODE FILE..."

static bool recurse, verbose;
static const char *mode_text;
static mode_t mask;

static enum tree_verdict node_change(enum tree_event event, const struct tree_node *node,
                                     void *context) {
    (void)context;
    /* Links met on the way are left alone: they have no mode of their own. */
    if (event != TREE_ENTRY || S_ISLNK(node->stat.st_mode))
        return TREE_GO;
    mode_t mode = node->stat.st_mode;
    mode_apply(mode_text, mask, &mode);
    if (chmod(node->path, mode & 07777) < 0)
        cmd_warn_errno("%s", node->path);
    else if (verbose)
        printf("mode of '%s' is %04o\n", node->path, mode & 07777);
    return recurse ? TREE_GO : TREE_PRUNE;
}

int main(int argc, char **argv) {
    int i = 1;
    cmd_begin(argv, 1);
    /* By hand: getopt would take the mode "-w" for an option. */
    for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
        if (strcmp(argv[i], "--") == 0) {
            i++;
            break;
        }
        if (argv[i][1 + strspn(argv[i] + 1, "Rvf")])
            break;
        recurse |= strchr(argv[i], 'R') != NULL;
        verbose |= strchr(argv[i], 'v') != NULL;
    }
    if (argc - i < 2)
        cmd_usage(USAGE);
    mode_text = argv[i++];
    mask = mode_umask();
    mode_t probe = 0;
    if (!mode_apply(mode_text, mask, &probe))
        cmd_die("invalid mode: '%s'", mode_text);
    for (; i < argc; i++)
        tree_walk(argv[i], TREE_FOLLOW_START, node_change, NULL);
    return cmd_end(cmd_status);
}
