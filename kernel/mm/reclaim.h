// Getting frames back when memory runs low: the shrinkers, and who may dip into the reserve.
#ifndef MM_RECLAIM_H
#define MM_RECLAIM_H

#include <stdint.h>

#define RECLAIM_ATTEMPTS 4

// Frames that an allocation of this kind must leave: those that cannot wait, and reclaim
// itself, may take the last ones.
uint64_t reclaim_reserve(unsigned how);

// Asks the shrinkers for about `wanted` frames: how many they freed. May sleep. Does nothing
// when the caller is itself a shrinker.
uint64_t reclaim_frames(uint64_t wanted);

#endif
