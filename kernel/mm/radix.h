// A radix tree: a sparse array of pointers indexed by a 54-bit number.
//
// It costs memory only where there is something. A tree that holds index 0 alone needs no node at
// all, which is what most files are. Nothing here locks: the owner of the tree does; and nothing
// here allocates under that lock: nodes come from a stock that is filled before.
#ifndef MM_RADIX_H
#define MM_RADIX_H

#include <debug/panic.h>
#include <stdbool.h>
#include <stdint.h>

#define RADIX_BITS 6
#define RADIX_SLOTS (1u << RADIX_BITS)
#define RADIX_LEVELS 9
#define RADIX_INDEX_LIMIT (1ul << (RADIX_BITS * RADIX_LEVELS))

struct radix_node {
    void *slots[RADIX_SLOTS];
};

struct radix_tree {
    void *root;                 // a node, or with height 0 the value at index 0
    unsigned height;            // levels of nodes
};

// Nodes at hand for radix_insert, chained through slot 0.
struct radix_stock {
    struct radix_node *first;
    unsigned count;
};

// One node more in the stock: 0 or -ENOMEM. May sleep.
int must_check radix_stock_add(struct radix_stock *stock);
void radix_stock_free(struct radix_stock *stock);

// The value at `index`, or NULL. Any index is allowed.
void *radix_find(const struct radix_tree *tree, uint64_t index);

// Stores `value` (not NULL) at `index` (below RADIX_INDEX_LIMIT), where there is none. False when
// the stock is too small (nothing has changed then): add a node and call again.
bool must_check radix_insert(struct radix_tree *tree, uint64_t index, void *value,
                             struct radix_stock *stock);

// Takes the value at `index` out and frees the nodes that are empty then. NULL if there is none.
void *radix_remove(struct radix_tree *tree, uint64_t index);

// The first value at or after *index, whose index goes to *index; NULL if there is none.
void *radix_next(const struct radix_tree *tree, uint64_t *index);

#endif
