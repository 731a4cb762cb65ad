#include <debug/panic.h>
#include <riscv/sv39.h>

struct sv39_place sv39_walk(pte_t *root, uint64_t va, unsigned level) {
    pte_t *table = root;
    for (unsigned at = 2;; at--) {
        pte_t *pte = &table[vpn(va, at)];
        if (at == level || !pte_valid(*pte) || pte_leaf(*pte))
            return (struct sv39_place){ pte, at };
        table = pte_table(*pte);
    }
}

pte_t *sv39_walk_create(pte_t *root, uint64_t va, unsigned level,
                        const struct sv39_source *source) {
    for (;;) {
        struct sv39_place place = sv39_walk(root, va, level);
        if (place.level == level)
            return place.pte;
        assert(!pte_valid(*place.pte));
        pte_t *table = source->alloc(root), absent = 0;
        if (!table)
            return NULL;
        // Another thread may have been faster: its table stays.
        if (!__atomic_compare_exchange_n(place.pte, &absent, pte_make_table(virt_to_phys(table)),
                                         false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
            source->free(root, table);
    }
}
