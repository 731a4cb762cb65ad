// First in, first out: the page that was brought in longest ago goes, used or not.
#include <mm/replace.h>

static uint32_t loaded(struct frame *frame) { return frame->loaded; }

static struct frame *victim(const struct space *only) {
    static struct replace_batch batch;
    return replace_batch_next(&batch, only, loaded);
}

const struct replace_policy replace_fifo = { "fifo", victim };
