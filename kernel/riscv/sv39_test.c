// The walker, over tables of its own that no hart ever uses.
#include <debug/ktest.h>
#include <lib/string.h>
#include <mm/frame.h>
#include <riscv/sv39.h>

#define TABLES 8
#define FLAGS (PTE_R | PTE_A)

static struct frame *tables[TABLES];
static unsigned tables_made, tables_allowed;

static void drop_table(pte_t *root, pte_t *table) {
    (void)root;
    frame_put(frame_of_virt(table));
}

static pte_t *table_alloc(pte_t *root) {
    (void)root;
    if (tables_made == tables_allowed)
        return NULL;
    struct frame *frame = frame_alloc(FRAME_TABLE, FRAME_ZERO);
    tables[tables_made] = frame;
    tables_made += frame != NULL;
    return frame ? frame_virt(frame) : NULL;
}

static const struct sv39_source by_test = { table_alloc, drop_table };

static pte_t *root_create(void) {
    tables_made = 0;
    tables_allowed = TABLES;
    pte_t *root = table_alloc(NULL);
    ktest_check(root != NULL);
    return root;
}

static void tables_free(void) {
    while (tables_made)
        frame_put(tables[--tables_made]);
}

KTEST(sv39_small_page) {
    pte_t *root = root_create();
    uint64_t va = 0x2345678000;
    ktest_check(sv39_leaf(root, va) == NULL);
    struct sv39_place place = sv39_walk(root, va, 0);
    ktest_check(place.level == 2 && place.pte == &root[vpn(va, 2)]);
    pte_t *pte = sv39_walk_create(root, va, 0, &by_test);
    ktest_check(pte && !pte_valid(*pte) && tables_made == 3);
    *pte = pte_make(0x80001000, FLAGS);
    ktest_check(sv39_leaf(root, va + 123) == pte && sv39_walk(root, va, 0).pte == pte);
    ktest_check(sv39_walk(root, va, 0).level == 0 && sv39_walk(root, va, 1).level == 1);
    ktest_check(pte_phys(*pte) == 0x80001000 && pte_leaf(*pte));
    ktest_check(sv39_walk_create(root, va, 0, &by_test) == pte && tables_made == 3);
    ktest_check(sv39_walk_create(root, va ^ PAGE_SIZE, 0, &by_test) != pte && tables_made == 3);
    ktest_check(sv39_walk_create(root, va ^ level_size(1), 0, &by_test) && tables_made == 4);
    tables_free();
}

KTEST(sv39_large_pages) {
    pte_t *root = root_create();
    uint64_t giga = 5 * level_size(2), mega = 7 * level_size(2) + 3 * level_size(1);
    *sv39_walk_create(root, giga, 2, &by_test) = pte_make(0x80000000, FLAGS);
    *sv39_walk_create(root, mega, 1, &by_test) = pte_make(0x80200000, FLAGS);
    ktest_check(tables_made == 2);
    struct sv39_place place = sv39_walk(root, giga + 12345678, 0);
    ktest_check(place.level == 2 && pte_phys(*place.pte) == 0x80000000);
    place = sv39_walk(root, mega + 4096 * 5 + 1, 0);
    ktest_check(place.level == 1 && pte_phys(*place.pte) == 0x80200000);
    ktest_check(!sv39_leaf(root, giga) && !sv39_leaf(root, mega));
    place = sv39_walk(root, mega + level_size(1), 0);
    ktest_check(place.level == 1 && !pte_valid(*place.pte));
    tables_free();
}

KTEST(sv39_no_memory) {
    pte_t *root = root_create();
    tables_allowed = 2;
    ktest_check(sv39_walk_create(root, PAGE_SIZE, 0, &by_test) == NULL);
    ktest_check(sv39_walk(root, PAGE_SIZE, 0).level == 1);
    tables_allowed = TABLES;
    ktest_check(sv39_walk_create(root, PAGE_SIZE, 0, &by_test) != NULL && tables_made == 3);
    tables_free();
}

KTEST(sv39_high_addresses) {
    for (unsigned level = 0; level < 3; level++)
        ktest_check(vpn(UINT64_MAX, level) == 511);
    ktest_check(vpn(DIRECT_BASE, 2) == 256 && vpn(USER_LIMIT, 2) == 255);
    ktest_check(pte_phys(pte_make(0x123456789000, PTE_R)) == 0x123456789000);
    ktest_check(!pte_leaf(pte_make_table(0x1000)) && pte_valid(pte_make_table(0x1000)));
}
