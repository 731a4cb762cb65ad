// The radix tree under every page object.
#include <abi/errno.h>
#include <lib/string.h>
#include <mm/heap.h>
#include <mm/radix.h>
#include <stddef.h>

int radix_stock_add(struct radix_stock *stock) {
    struct radix_node *node = kzalloc(sizeof(*node));
    if (!node)
        return -ENOMEM;
    node->slots[0] = stock->first;
    stock->first = node;
    stock->count++;
    return 0;
}

void radix_stock_free(struct radix_stock *stock) {
    while (stock->first) {
        struct radix_node *node = stock->first;
        stock->first = node->slots[0];
        kfree(node);
    }
}

static struct radix_node *stock_take(struct radix_stock *stock) {
    struct radix_node *node = stock->first;
    assert(node);
    stock->first = node->slots[0];
    stock->count--;
    node->slots[0] = NULL;
    return node;
}

// Does a tree of `height` levels reach `index`?
static bool reaches(unsigned height, uint64_t index) {
    return index >> (RADIX_BITS * height) == 0;
}

static unsigned slot_of(uint64_t index, unsigned level) {
    return (index >> (RADIX_BITS * level)) & (RADIX_SLOTS - 1);
}

void *radix_find(const struct radix_tree *tree, uint64_t index) {
    unsigned level = tree->height;
    if (!reaches(level, index))
        return NULL;
    void *node = tree->root;
    while (node && level-- > 0)
        node = ((struct radix_node *)node)->slots[slot_of(index, level)];
    return node;
}

// How many nodes must be added before `index` has a slot.
static unsigned nodes_missing(const struct radix_tree *tree, uint64_t index) {
    unsigned height = tree->height;
    while (!reaches(height, index))
        height++;
    if (!tree->root)
        return height;
    if (height > tree->height)          // new roots, and a branch of its own under the topmost
        return height - tree->height + height - 1;
    const void *node = tree->root;
    while (height > 0 && node)
        node = ((const struct radix_node *)node)->slots[slot_of(index, --height)];
    return height;
}

// Makes the tree tall enough for `index`.
static void grow(struct radix_tree *tree, uint64_t index, struct radix_stock *stock) {
    while (!reaches(tree->height, index)) {
        if (tree->root) {
            struct radix_node *node = stock_take(stock);
            node->slots[0] = tree->root;
            tree->root = node;
        }
        tree->height++;
    }
}

bool radix_insert(struct radix_tree *tree, uint64_t index, void *value,
                  struct radix_stock *stock) {
    assert(index < RADIX_INDEX_LIMIT && value);
    if (nodes_missing(tree, index) > stock->count)
        return false;
    grow(tree, index, stock);
    void **slot = &tree->root;
    for (unsigned level = tree->height; level-- > 0;) {
        if (!*slot)
            *slot = stock_take(stock);
        slot = &((struct radix_node *)*slot)->slots[slot_of(index, level)];
    }
    assert(!*slot);
    *slot = value;
    return true;
}

static bool node_empty(const struct radix_node *node) {
    for (unsigned slot = 0; slot < RADIX_SLOTS; slot++) {
        if (node->slots[slot])
            return false;
    }
    return true;
}

void *radix_remove(struct radix_tree *tree, uint64_t index) {
    void **path[RADIX_LEVELS + 1];      // path[n]: the slot that leads to the node of level n
    void **slot = &tree->root;
    unsigned level = tree->height;
    if (!reaches(level, index))
        return NULL;
    while (*slot && level-- > 0) {
        path[level] = slot;
        slot = &((struct radix_node *)*slot)->slots[slot_of(index, level)];
    }
    void *value = *slot;
    if (!value)
        return NULL;
    *slot = NULL;
    for (level = 0; level < tree->height && node_empty(*path[level]); level++) {
        kfree(*path[level]);
        *path[level] = NULL;
    }
    if (!tree->root)
        tree->height = 0;
    return value;
}

// The first value below `node`, whose slots span 64^level indexes each, at or after *index.
static void *next_below(struct radix_node *node, unsigned level, uint64_t *index) {
    uint64_t span = 1ul << (RADIX_BITS * level);
    for (unsigned slot = slot_of(*index, level); slot < RADIX_SLOTS; slot++) {
        uint64_t beyond = (*index & ~(span - 1)) + span;
        void *value = node->slots[slot];
        if (value && level > 0)
            value = next_below(value, level - 1, index);
        if (value)
            return value;
        *index = beyond;
    }
    return NULL;
}

void *radix_next(const struct radix_tree *tree, uint64_t *index) {
    if (!tree->root || !reaches(tree->height, *index))
        return NULL;
    if (tree->height == 0)
        return tree->root;
    return next_below(tree->root, tree->height - 1, index);
}
