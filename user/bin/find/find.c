/*
 * find [START]... [EXPRESSION]: walks trees and tries every file against an expression of
 * tests (-name -iname -path -type -size -empty -newer -mtime -mmin -perm -links -user -group),
 * actions (-print -print0 -exec -ok -delete -prune -quit) and operators ( ! -a -o ( ) ).
 */
#include "find.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/cmd.h"

struct expression expression = { .depth_min = -1, .depth_max = -1 };

static dev_t start_device;

static bool is_in_depth(int depth) {
    return depth >= expression.depth_min;
}

static enum tree_verdict node_visit(enum tree_event event, const struct tree_node *node,
                                    void *context) {
    (void)context;
    bool directory = S_ISDIR(node->stat.st_mode);
    if (node->depth == 0)
        start_device = node->stat.st_dev;

    bool at_bottom = expression.depth_max >= 0 && node->depth >= expression.depth_max;
    bool other_device = expression.one_device && node->stat.st_dev != start_device;
    bool descend = directory && !at_bottom && !other_device;
    bool later = expression.leave_first && descend && event == TREE_ENTRY;

    expression.prune = false;
    if (!later && is_in_depth(node->depth))
        if (event == TREE_LEAVE ? expression.leave_first : true)
            expression_run(node);
    if (expression.stop)
        return TREE_STOP;
    if (event == TREE_ENTRY && directory && !descend)
        return TREE_PRUNE;
    return expression.prune && !expression.leave_first ? TREE_PRUNE : TREE_GO;
}

/* A word that begins the expression: "-name", "(" or "!". */
static bool begins_expression(const char *word) {
    return (word[0] == '-' && word[1]) || strcmp(word, "(") == 0 || strcmp(word, "!") == 0;
}

int main(int argc, char **argv) {
    cmd_begin(argv, 1);
    int starts = 1;
    while (starts < argc && !begins_expression(argv[starts]))
        starts++;
    expression_parse(argv + starts);
    bool go_on = true;
    if (starts == 1)
        tree_walk(".", 0, node_visit, NULL);
    for (int i = 1; i < starts && go_on; i++)
        go_on = tree_walk(argv[i], 0, node_visit, NULL);
    gathered_flush();
    return cmd_end(cmd_status);
}
