// The Sv39 walker: the one way to a page-table entry.
#ifndef RISCV_SV39_H
#define RISCV_SV39_H

#include <riscv/pte.h>
#include <stddef.h>

// Where the walk for an address ended.
struct sv39_place {
    pte_t *pte;                 // the entry
    unsigned level;             // of the table it is in: 0 unless large or absent above
};

// Finds the entry for `va` below `root`: follows tables down to `level` and stops early at a
// leaf or an invalid entry. Never allocates. The caller keeps the tables from going away.
struct sv39_place sv39_walk(pte_t *root, uint64_t va, unsigned level);

// Where the tables below a root come from.
struct sv39_source {
    pte_t *(*alloc)(pte_t *root);               // a zeroed one in the direct map; NULL: no memory
    void (*free)(pte_t *root, pte_t *table);    // back, one that was not needed
};

// The entry of `level` for `va`, with the tables on the way made by `source`; NULL: no memory for
// one. Several threads may do so at once. `va` must not lie in a larger leaf.
pte_t *sv39_walk_create(pte_t *root, uint64_t va, unsigned level,
                        const struct sv39_source *source);

// The short cut for hot paths: the 4 KiB leaf's entry for `va`, or NULL when a table is absent.
static inline pte_t *sv39_leaf(pte_t *root, uint64_t va) {
    pte_t entry = root[vpn(va, 2)];
    if (!pte_names_table(entry))
        return NULL;
    entry = pte_table(entry)[vpn(va, 1)];
    if (!pte_names_table(entry))
        return NULL;
    return &pte_table(entry)[vpn(va, 0)];
}

#endif
