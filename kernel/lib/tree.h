// An AVL tree: an ordered set whose links live inside the objects that are in it. Finding a place,
// inserting, removing and going to the next one take time logarithmic in the number of objects.
//
// The tree knows no keys: who searches descends by himself from the root, by what he looks for, and
// says before which node a new one belongs. A node may carry a summary of all that is below it (the
// widest gap, say): `update` makes it from the node's own and its children's, and the tree calls it
// whenever one of these has changed. Nothing here locks.
#ifndef LIB_TREE_H
#define LIB_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum tree_side { TREE_LEFT, TREE_RIGHT };

struct tree_node {
    struct tree_node *parent;           // NULL: the root
    struct tree_node *child[2];         // what is before it, and what is after
    uint32_t height;                    // of what is below, with itself: 1 for a leaf
};

struct tree {
    struct tree_node *root;             // NULL when empty
    void (*update)(struct tree_node *node);     // NULL: no summaries
};

// Puts `node` directly before `before`; NULL: at the end.
void tree_insert(struct tree *tree, struct tree_node *node, struct tree_node *before);
void tree_remove(struct tree *tree, struct tree_node *node);

// The node's own part of the summary has changed.
void tree_update(struct tree *tree, struct tree_node *node);

// The outermost node of a side; NULL when the tree is empty.
struct tree_node *tree_end(const struct tree *tree, enum tree_side side);
// The neighbour on a side; NULL behind the outermost.
struct tree_node *tree_neighbour(const struct tree_node *node, enum tree_side side);

#endif
