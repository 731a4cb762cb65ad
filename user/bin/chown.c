/* chown [-Rh] OWNER[:GROUP] | :GROUP FILE...: gives files to a user or a group. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/tree.h"
#include "common/users.h"

#define USAGE "[-Rh] OWNER[:GROUP] FILE..."

static bool recurse, link_itself;
static unsigned uid = -1u, gid = -1u;       /* all ones: leave as it is */

static void owner_parse(const char *text) {
    char *copy = cmd_strdup(text), *colon = strchr(copy, ':');
    if (colon)
        *colon++ = '\0';
    if (*copy && !user_find(copy, &uid))
        cmd_die("invalid user: '%s'", text);
    if (colon && *colon && !group_find(colon, &gid))
        cmd_die("invalid group: '%s'", text);
    free(copy);
}

static enum tree_verdict node_change(enum tree_event event, const struct tree_node *node,
                                     void *context) {
    (void)context;
    if (event != TREE_ENTRY)
        return TREE_GO;
    bool link = S_ISLNK(node->stat.st_mode) || link_itself;
    if ((link ? lchown(node->path, uid, gid) : chown(node->path, uid, gid)) < 0)
        cmd_warn_errno("%s", node->path);
    return recurse ? TREE_GO : TREE_PRUNE;
}

int main(int argc, char **argv) {
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "Rh")) != -1) {
        if (option == 'R')
            recurse = true;
        else if (option == 'h')
            link_itself = true;
        else
            cmd_usage(USAGE);
    }
    if (argc - optind < 2)
        cmd_usage(USAGE);
    owner_parse(argv[optind++]);
    for (; optind < argc; optind++)
        tree_walk(argv[optind], link_itself ? 0 : TREE_FOLLOW_START, node_change, NULL);
    return cmd_end(cmd_status);
}
