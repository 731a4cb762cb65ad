/* du [-sahkcx] [-d DEPTH] [FILE]...: how much disk space trees take, in KiB. */
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/links.h"
#include "common/number.h"
#include "common/tree.h"

#define USAGE "[-sahkcx] [-d DEPTH] [FILE]..."

static bool show_files, human, show_total, one_device;
static int depth_shown = INT_MAX;

static struct link_set seen;            /* files with several names count once */
static unsigned long long *sums;        /* sums[depth]: 512-byte blocks in the open directory */
static int sums_capacity;
static unsigned long long grand_total;
static dev_t start_device;

static void size_print(unsigned long long blocks, const char *path) {
    char text[SIZE_TEXT];
    if (human)
        printf("%s\t%s\n", size_format(blocks * 512, text), path);
    else
        printf("%llu\t%s\n", (blocks + 1) / 2, path);
}

static void sum_begin(int depth, unsigned long long blocks) {
    if (depth >= sums_capacity) {
        sums_capacity = (depth + 1) * 2;
        sums = cmd_realloc(sums, sums_capacity * sizeof(*sums));
    }
    sums[depth] = blocks;
}

/* Adds what a finished file or directory holds to the directory around it. */
static void sum_pass_up(int depth, unsigned long long blocks) {
    if (depth > 0)
        sums[depth - 1] += blocks;
    else
        grand_total += blocks;
}

static enum tree_verdict node_count(enum tree_event event, const struct tree_node *node,
                                    void *context) {
    (void)context;
    const struct stat *st = &node->stat;
    if (event == TREE_LEAVE) {
        if (node->depth <= depth_shown)
            size_print(sums[node->depth], node->path);
        sum_pass_up(node->depth, sums[node->depth]);
        return TREE_GO;
    }
    if (node->depth == 0)
        start_device = st->st_dev;
    if (one_device && st->st_dev != start_device)
        return TREE_PRUNE;
    if (S_ISDIR(st->st_mode)) {
        sum_begin(node->depth, st->st_blocks);
        return TREE_GO;
    }
    if (st->st_nlink > 1 && link_set_find_or_add(&seen, st, node->path))
        return TREE_GO;
    if (node->depth == 0 || (show_files && node->depth <= depth_shown))
        size_print(st->st_blocks, node->path);
    sum_pass_up(node->depth, st->st_blocks);
    return TREE_GO;
}

int main(int argc, char **argv) {
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "sahkcxd:")) != -1) {
        switch (option) {
        case 's': depth_shown = 0; break;
        case 'a': show_files = true; break;
        case 'h': human = true; break;
        case 'k': human = false; break;
        case 'c': show_total = true; break;
        case 'x': one_device = true; break;
        case 'd': depth_shown = number_require(optarg, "depth"); break;
        default: cmd_usage(USAGE);
        }
    }
    if (optind == argc)
        tree_walk(".", 0, node_count, NULL);
    for (; optind < argc; optind++)
        tree_walk(argv[optind], 0, node_count, NULL);
    if (show_total)
        size_print(grand_total, "total");
    return cmd_end(cmd_status);
}
