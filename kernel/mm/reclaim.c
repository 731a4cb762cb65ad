#include <mm/frame.h>
#include <mm/reclaim.h>
#include <sched/thread.h>

#define RESERVE 64

static struct shrinker *shrinkers;

void shrinker_register(struct shrinker *shrinker) {
    shrinker->next = shrinkers;
    shrinkers = shrinker;
}

uint64_t reclaim_reserve(unsigned how) {
    return how & FRAME_NOWAIT || thread_current()->reclaiming ? 0 : RESERVE;
}

uint64_t reclaim_frames(uint64_t wanted) {
    struct thread *self = thread_current();
    if (self->reclaiming)
        return 0;
    assert(!self->current.spin_depth);
    self->reclaiming = true;
    uint64_t freed = 0;
    for (struct shrinker *shrinker = shrinkers; shrinker && freed < wanted;
         shrinker = shrinker->next)
        freed += shrinker->shrink(wanted - freed);
    self->reclaiming = false;
    return freed;
}
