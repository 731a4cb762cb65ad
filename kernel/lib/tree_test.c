// The tree against an ordered array.
#include <debug/ktest.h>
#include <lib/list.h>
#include <lib/tree.h>

#define NODES 300

struct item {
    struct tree_node node;
    uint32_t value, largest;            // largest: the summary
};

static struct item items[NODES];
static struct item *order[NODES];       // the model: what is in the tree, in order
static uint32_t count;

static struct item *item_of(struct tree_node *node) { return container_of(node, struct item, node); }

static void take_largest(struct tree_node *node) {
    struct item *item = item_of(node);
    item->largest = item->value;
    for (int side = 0; side < 2; side++)
        if (node->child[side] && item_of(node->child[side])->largest > item->largest)
            item->largest = item_of(node->child[side])->largest;
}

// Is every node linked both ways, balanced and summarised? Returns the height.
static uint32_t check(struct tree_node *node, const struct tree_node *parent) {
    if (!node)
        return 0;
    uint32_t left = check(node->child[TREE_LEFT], node), right = check(node->child[TREE_RIGHT], node);
    uint32_t largest = item_of(node)->largest;
    ktest_check(node->parent == parent && left <= right + 1 && right <= left + 1);
    ktest_check(node->height == 1 + (left > right ? left : right));
    take_largest(node);
    ktest_check(item_of(node)->largest == largest);
    return node->height;
}

static void agrees(const struct tree *tree) {
    struct tree_node *up = tree_end(tree, TREE_LEFT), *down = tree_end(tree, TREE_RIGHT);
    for (uint32_t i = 0; i < count; i++) {
        ktest_check(up == &order[i]->node && down == &order[count - 1 - i]->node);
        up = tree_neighbour(up, TREE_RIGHT);
        down = tree_neighbour(down, TREE_LEFT);
    }
    ktest_check(!up && !down);
    check(tree->root, NULL);
}

static void insert(struct tree *tree, struct item *item, uint32_t place) {
    tree_insert(tree, &item->node, place < count ? &order[place]->node : NULL);
    for (uint32_t i = count++; i > place; i--)
        order[i] = order[i - 1];
    order[place] = item;
}

static void remove(struct tree *tree, uint32_t place) {
    tree_remove(tree, &order[place]->node);
    for (count--; place < count; place++)
        order[place] = order[place + 1];
}

KTEST(tree_random) {
    struct tree tree = { .update = take_largest };
    static struct item *spare[NODES];
    uint32_t random = 4711;
    for (uint32_t i = 0; i < NODES; i++)
        spare[i] = &items[i];
    count = 0;
    for (uint32_t step = 0; step < 3000; step++) {
        random = random * 1103515245 + 12345;
        uint32_t number = random >> 8, grows = step % 1000 < 600;
        if (count < NODES && (!count || number % 10 < (grows ? 7 : 3))) {
            struct item *item = spare[NODES - 1 - count];
            item->value = random >> 16;
            insert(&tree, item, number % (count + 1));
        } else {
            spare[NODES - count] = order[number % count];
            remove(&tree, number % count);
        }
        if (step % 16 == 0)
            agrees(&tree);
    }
    while (count)
        remove(&tree, count / 2);
    ktest_check(!tree.root);
}

KTEST(tree_in_order) {
    struct tree tree = { .update = take_largest };
    for (count = 0; count < NODES;) {
        items[count].value = count;
        insert(&tree, &items[count], count);
    }
    agrees(&tree);
    ktest_check(item_of(tree.root)->largest == NODES - 1 && tree.root->height <= 10);
    order[NODES / 2]->value = NODES;
    tree_update(&tree, &order[NODES / 2]->node);
    ktest_check(item_of(tree.root)->largest == NODES);
}
