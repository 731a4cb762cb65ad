// Eviction: taking pages that programs use away from them.
#ifndef MM_EVICT_H
#define MM_EVICT_H

#include <debug/panic.h>
#include <stdbool.h>
#include <stdint.h>

struct space;

// Evicts about `wanted` pages by the policy in force: how many frames came free. May sleep.
uint64_t evict_pages(uint64_t wanted);

// Empties a block of 2^order frames, or a few if somebody else takes part of the first. Victims that a
// policy picks leave free frames, but few that adjoin. For who may use the reserve; may sleep.
void evict_block(unsigned order);

// Evicts one page that `space` alone shows, because it has as many as it may: false if none can go.
bool evict_from_space(struct space *space);

#endif
