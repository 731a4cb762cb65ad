#include <mm/counters.h>

uint64_t vm_counters[HARTS_MAX][16];

uint64_t vm_events(enum vm_event event) {
    uint64_t sum = 0;
    for (uint32_t i = 0; i < hart_count; i++)
        sum += vm_counters[i][event];
    return sum;
}
