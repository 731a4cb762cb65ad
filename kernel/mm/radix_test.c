// Tests of the radix tree.
#include <debug/ktest.h>
#include <mm/radix.h>
#include <stddef.h>

static bool put(struct radix_tree *tree, struct radix_stock *stock, uint64_t index, void *value) {
    while (!radix_insert(tree, index, value, stock)) {
        if (radix_stock_add(stock) != 0)
            return false;
    }
    return true;
}

KTEST(radix_first_index_needs_no_node) {
    struct radix_tree tree = { 0 };
    struct radix_stock stock = { 0 };
    int value;
    ktest_check(radix_insert(&tree, 0, &value, &stock));
    ktest_check(radix_find(&tree, 0) == &value && !radix_find(&tree, 1));
    ktest_check(!radix_find(&tree, UINT64_MAX));
    ktest_check(radix_remove(&tree, 0) == &value && !tree.root);
}

KTEST(radix_finds_what_was_put) {
    static const uint64_t indexes[] = { 0, 1, 63, 64, 4095, 4096, 1ul << 30,
                                        RADIX_INDEX_LIMIT - 1 };
    enum { COUNT = sizeof(indexes) / sizeof(indexes[0]) };
    int values[COUNT];
    struct radix_tree tree = { 0 };
    struct radix_stock stock = { 0 };
    for (int i = COUNT - 1; i >= 0; i--)
        ktest_check(put(&tree, &stock, indexes[i], &values[i]));
    for (int i = 0; i < COUNT; i++)
        ktest_check(radix_find(&tree, indexes[i]) == &values[i]);
    uint64_t at = 0;
    for (int i = 0; i < COUNT; i++, at++)
        ktest_check(radix_next(&tree, &at) == &values[i] && at == indexes[i]);
    ktest_check(!radix_next(&tree, &at));
    for (int i = 0; i < COUNT; i++)
        ktest_check(radix_remove(&tree, indexes[i]) == &values[i]);
    ktest_check(!tree.root && tree.height == 0);
    radix_stock_free(&stock);
}

KTEST(radix_insert_without_nodes_changes_nothing) {
    struct radix_tree tree = { 0 };
    struct radix_stock stock = { 0 };
    int value;
    ktest_check(!radix_insert(&tree, 70000, &value, &stock));
    ktest_check(!tree.root && tree.height == 0);
}
