// A pairing heap: a priority queue whose links live inside the objects that are in it.
// Insert is constant time, removing the least or any other is logarithmic (amortised).
// Nothing here locks.
#ifndef LIB_PAIRING_HEAP_H
#define LIB_PAIRING_HEAP_H

#include <stdbool.h>
#include <stddef.h>

struct pairing_node {
    struct pairing_node *child;     // first of its children
    struct pairing_node *next;      // sibling
    struct pairing_node *prev;      // sibling before, or the parent if it is the first child
};

struct pairing_heap {
    struct pairing_node *root;      // the least, NULL when empty
    bool (*less)(const struct pairing_node *a, const struct pairing_node *b);
};

void pairing_insert(struct pairing_heap *heap, struct pairing_node *node);
void pairing_remove(struct pairing_heap *heap, struct pairing_node *node);

#endif
