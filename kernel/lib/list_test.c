// Lists and the pairing heap against models.
#include <debug/ktest.h>
#include <lib/list.h>
#include <lib/pairing_heap.h>
#include <stdint.h>

#define NODES 200

struct item {
    struct list node;
    struct pairing_node heap_node;
    uint32_t key;
    bool in;
};

static struct item items[NODES];

KTEST(list_order) {
    struct list head = LIST_INIT(head), other = LIST_INIT(other);
    ktest_check(list_empty(&head) && !list_pop_front(&head));
    for (uint32_t i = 0; i < 10; i++) {
        items[i].key = i;
        list_push_back(i % 2 ? &head : &other, &items[i].node);
    }
    list_append_all(&head, &other);
    ktest_check(list_empty(&other));
    list_append_all(&head, &other);
    uint32_t expected[] = { 1, 3, 5, 7, 9, 0, 2, 4, 6, 8 }, at = 0;
    struct item *item, *spare;
    list_for_each(item, &head, node)
        ktest_check(item->key == expected[at++]);
    list_for_each_safe(item, spare, &head, node) {
        if (item->key < 5)
            list_remove(&item->node);
    }
    list_remove(&items[0].node);        // a second time does no harm
    ktest_check(list_first(&head, struct item, node)->key == 5);
    list_push_front(&head, &items[3].node);
    ktest_check(list_pop_front(&head) == &items[3].node && list_empty(&items[3].node));
    for (at = 0; list_pop_front(&head); at++)
        ;
    ktest_check(at == 5 && list_empty(&head));
}

static bool less(const struct pairing_node *a, const struct pairing_node *b) {
    return container_of(a, struct item, heap_node)->key <
           container_of(b, struct item, heap_node)->key;
}

static uint32_t least_of_model(void) {
    uint32_t least = UINT32_MAX;
    for (int i = 0; i < NODES; i++)
        if (items[i].in && items[i].key < least)
            least = items[i].key;
    return least;
}

static bool heap_agrees(const struct pairing_heap *heap) {
    uint32_t least = least_of_model();
    if (!heap->root)
        return least == UINT32_MAX;
    return container_of(heap->root, struct item, heap_node)->key == least;
}

KTEST(pairing_heap_random) {
    struct pairing_heap heap = { .less = less };
    uint32_t random = 12345;
    for (int i = 0; i < NODES; i++)
        items[i].in = false;
    for (int step = 0; step < 5000; step++) {
        random = random * 1103515245 + 12345;
        struct item *item = &items[(random >> 8) % NODES];
        if (item->in) {
            pairing_remove(&heap, &item->heap_node);
        } else {
            item->key = random >> 16 & 0xff;    // many equal keys
            pairing_insert(&heap, &item->heap_node);
        }
        item->in = !item->in;
        ktest_check(heap_agrees(&heap));
    }
    uint32_t last = 0;
    while (heap.root) {
        struct item *item = container_of(heap.root, struct item, heap_node);
        ktest_check(item->key >= last);
        last = item->key;
        item->in = false;
        pairing_remove(&heap, heap.root);
        ktest_check(heap_agrees(&heap));
    }
}
