// The clock, or second chance: the hand goes round the frames; a page that was used since it last
// came by is spared once more.
#include <mm/replace.h>
#include <mm/sweep.h>

static uint32_t hand;

static struct frame *victim(const struct space *only) {
    uint64_t frames = frame_limit - frame_first;
    // Once round to take the marks away, once more to find the first page again. Other harts may
    // touch pages faster than the hand moves: then the first that comes has to go.
    for (uint64_t step = 0, more; step <= 3 * frames; step += more) {
        struct frame *frame = replace_take(hand, only);
        more = sweep_step(hand);
        hand = hand + more < frames ? hand + more : 0;
        if (frame && (!replace_accessed(frame) || step >= 2 * frames))
            return frame;
        if (frame)
            sweep_release(frame);
    }
    return NULL;
}

const struct replace_policy replace_clock = { "clock", victim };
