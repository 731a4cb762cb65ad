// First in, first out: the page that was brought in longest ago goes, used or not.
#include <mm/replace.h>

static uint64_t loaded(struct frame *frame) { return frame->loaded; }

static struct frame *victim(const struct space *only) { return replace_smallest(only, loaded); }

const struct replace_policy replace_fifo = { "fifo", victim };
