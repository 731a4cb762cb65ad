// An approximation of least recently used, called aging: each page has a history of its A bits, one
// bit for each sweep, the latest on top. The smallest history goes, unused for longest; of equal ones
// that of the page that was brought in first.
#include <mm/replace.h>

#define LATEST 0x80000000u

static uint64_t aged(struct frame *frame) {
    frame->age = frame->age >> 1 | (replace_accessed(frame) ? LATEST : 0);
    return (uint64_t)frame->age << 32 | frame->loaded;
}

static struct frame *victim(const struct space *only) { return replace_smallest(only, aged); }

const struct replace_policy replace_lru = { "lru", victim };
