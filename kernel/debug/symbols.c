#include <debug/symbols.h>
#include <stddef.h>

extern const uint64_t ksym_count, ksym_base;
extern const uint32_t ksym_offsets[], ksym_name_offsets[];
extern const char ksym_names[];
extern const char __text_start[], __text_end[], __kernel_end[];

const char *symbol_find(uint64_t address, uint64_t *offset) {
    if (address < ksym_base || address >= (uint64_t)__kernel_end || !ksym_count)
        return NULL;
    uint64_t wanted = address - ksym_base;
    uint64_t low = 0, high = ksym_count;
    // Invariant: everything before `low` is at or below the address, from `high` on above it.
    while (low < high) {
        uint64_t middle = (low + high) / 2;
        if (ksym_offsets[middle] <= wanted)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return NULL;
    *offset = wanted - ksym_offsets[low - 1];
    return &ksym_names[ksym_name_offsets[low - 1]];
}

bool symbol_is_text(uint64_t address) {
    return address >= (uint64_t)__text_start && address < (uint64_t)__text_end;
}
