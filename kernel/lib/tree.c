#include <lib/tree.h>

static uint32_t height_of(const struct tree_node *node) { return node ? node->height : 0; }

static enum tree_side side_of(const struct tree_node *node) {
    return node->parent->child[TREE_RIGHT] == node ? TREE_RIGHT : TREE_LEFT;
}

static void set_child(struct tree_node *parent, enum tree_side side, struct tree_node *child) {
    parent->child[side] = child;
    if (child)
        child->parent = parent;
}

// Puts `node` (or nothing) where `old` hangs.
static void put_in_place(struct tree *tree, struct tree_node *old, struct tree_node *node) {
    struct tree_node *parent = old->parent;
    if (parent) {
        set_child(parent, side_of(old), node);
        return;
    }
    tree->root = node;
    if (node)
        node->parent = NULL;
}

static void summarise(struct tree *tree, struct tree_node *node) {
    uint32_t left = height_of(node->child[TREE_LEFT]), right = height_of(node->child[TREE_RIGHT]);
    node->height = 1 + (left > right ? left : right);
    if (tree->update)
        tree->update(node);
}

// Lifts `node` to where its parent is; the parent goes down on the other side. The order of the nodes
// stays: what was between the two is between them still.
static void rotate_up(struct tree *tree, struct tree_node *node) {
    struct tree_node *parent = node->parent;
    enum tree_side side = side_of(node), other = side ^ 1;
    put_in_place(tree, parent, node);
    set_child(parent, side, node->child[other]);
    set_child(node, other, parent);
    summarise(tree, parent);
    summarise(tree, node);
}

// Makes the children of `node` differ in height by one at most; they differ by two at most before. The
// node that is in its place afterwards.
static struct tree_node *balance(struct tree *tree, struct tree_node *node) {
    uint32_t left = height_of(node->child[TREE_LEFT]), right = height_of(node->child[TREE_RIGHT]);
    if (left <= right + 1 && right <= left + 1) {
        summarise(tree, node);
        return node;
    }
    enum tree_side high = left > right ? TREE_LEFT : TREE_RIGHT;
    struct tree_node *child = node->child[high];
    // A child that is high on its inner side would hand that side to `node`, and nothing were won.
    if (height_of(child->child[high]) < height_of(child->child[high ^ 1]))
        rotate_up(tree, child->child[high ^ 1]);
    rotate_up(tree, node->child[high]);
    return node->parent;
}

void tree_update(struct tree *tree, struct tree_node *node) {
    for (; node; node = balance(tree, node)->parent)
        ;
}

void tree_insert(struct tree *tree, struct tree_node *node, struct tree_node *before) {
    *node = (struct tree_node){ 0 };
    // The free place next to `before` is its left child, or the right one of the node before it.
    bool left = before && !before->child[TREE_LEFT];
    struct tree_node *at = left     ? before
                           : before ? tree_neighbour(before, TREE_LEFT)
                                    : tree_end(tree, TREE_RIGHT);
    if (at)
        set_child(at, left ? TREE_LEFT : TREE_RIGHT, node);
    else
        tree->root = node;
    tree_update(tree, node);
}

void tree_remove(struct tree *tree, struct tree_node *node) {
    struct tree_node *left = node->child[TREE_LEFT], *right = node->child[TREE_RIGHT];
    struct tree_node *changed = node->parent;
    if (!left || !right) {
        put_in_place(tree, node, left ? left : right);
    } else {
        // The next one takes its place; that one has nothing before it.
        struct tree_node *next = tree_neighbour(node, TREE_RIGHT);
        changed = next == right ? next : next->parent;
        put_in_place(tree, next, next->child[TREE_RIGHT]);
        put_in_place(tree, node, next);
        set_child(next, TREE_LEFT, left);
        set_child(next, TREE_RIGHT, node->child[TREE_RIGHT]);
    }
    tree_update(tree, changed);
}

static struct tree_node *outermost(struct tree_node *node, enum tree_side side) {
    while (node && node->child[side])
        node = node->child[side];
    return node;
}

struct tree_node *tree_end(const struct tree *tree, enum tree_side side) {
    return outermost(tree->root, side);
}

struct tree_node *tree_neighbour(const struct tree_node *node, enum tree_side side) {
    if (node->child[side])
        return outermost(node->child[side], side ^ 1);
    while (node->parent && side_of(node) == side)
        node = node->parent;
    return node->parent;
}
