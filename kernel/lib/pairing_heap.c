#include <lib/pairing_heap.h>

// Makes the larger of two roots the first child of the other.
static struct pairing_node *meld(struct pairing_heap *heap, struct pairing_node *a,
                                 struct pairing_node *b) {
    if (!a)
        return b;
    if (!b)
        return a;
    if (heap->less(b, a)) {
        struct pairing_node *swap = a;
        a = b;
        b = swap;
    }
    b->next = a->child;
    b->prev = a;
    if (a->child)
        a->child->prev = b;
    a->child = b;
    return a;
}

// Melds a list of siblings into one: pairs from the left, then the pairs from the right.
// This is the step that keeps removal logarithmic; a loop, because a list may be long.
static struct pairing_node *meld_siblings(struct pairing_heap *heap, struct pairing_node *first) {
    struct pairing_node *pairs = NULL;
    while (first) {
        struct pairing_node *a = first, *b = first->next;
        first = b ? b->next : NULL;
        a->next = NULL;
        if (b)
            b->next = NULL;
        struct pairing_node *pair = meld(heap, a, b);
        pair->next = pairs;
        pairs = pair;
    }
    struct pairing_node *root = NULL;
    while (pairs) {
        struct pairing_node *rest = pairs->next;
        pairs->next = NULL;
        root = meld(heap, root, pairs);
        pairs = rest;
    }
    if (root)
        root->prev = root->next = NULL;
    return root;
}

void pairing_insert(struct pairing_heap *heap, struct pairing_node *node) {
    node->child = node->next = node->prev = NULL;
    heap->root = meld(heap, heap->root, node);
}

void pairing_remove(struct pairing_heap *heap, struct pairing_node *node) {
    struct pairing_node *rest = meld_siblings(heap, node->child);
    if (heap->root == node) {
        heap->root = rest;
        return;
    }
    if (node->prev->child == node)
        node->prev->child = node->next;
    else
        node->prev->next = node->next;
    if (node->next)
        node->next->prev = node->prev;
    heap->root = meld(heap, heap->root, rest);
}
