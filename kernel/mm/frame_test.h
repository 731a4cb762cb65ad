// For the tests of mm/ that use up all memory.
#ifndef MM_FRAME_TEST_H
#define MM_FRAME_TEST_H

#include <mm/frame.h>

// Touching every frame of a large machine would make the host find that much memory.
static inline bool frame_test_may_exhaust(void) {
    return frame_limit - frame_first <= (512ul << 20) >> PAGE_SHIFT;
}

#endif
