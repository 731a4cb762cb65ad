#include <debug/log.h>
#include <mm/counters.h>
#include <mm/evict.h>
#include <mm/frame.h>
#include <mm/page_cache_internal.h>
#include <mm/reclaim.h>
#include <sched/clock.h>
#include <sched/thread.h>
#include <sched/wait.h>

struct watermarks watermarks;

static struct shrinker *shrinkers;

// The thread sleeps on `work`, those who wait for frames on `done`.
static struct spinlock reclaim_lock = SPINLOCK_INIT("reclaim");
static struct wait_queue work = WAIT_QUEUE_INIT(work, "too few free frames");
static struct wait_queue done = WAIT_QUEUE_INIT(done, "free memory");
static struct thread *reclaimer;
static bool wanted;                     // somebody asks for work
static uint64_t rounds, freed_total;    // rounds done; what they freed

static bool (*killer)(void);

void shrinker_register(struct shrinker *shrinker) {
    shrinker->next = shrinkers;
    shrinkers = shrinker;
}

void memory_register_killer(bool (*kill)(void)) { killer = kill; }

// A process that is to die needs little, and then gives back much.
uint64_t reclaim_reserve(unsigned how) {
    if (how & FRAME_NOWAIT || thread_current()->reclaiming)
        return 0;
    return thread_killed() ? watermarks.minimum / 2 : watermarks.minimum;
}

// One round: clean pages of files first, then what programs use, then the other caches a little, so
// that none of them stays large for ever.
static uint64_t reclaim_round(uint64_t count) {
    uint64_t freed = page_cache_shrink(count);
    if (freed < count)
        freed += evict_pages(count - freed);
    for (struct shrinker *shrinker = shrinkers; shrinker; shrinker = shrinker->next)
        freed += shrinker->shrink(freed < count ? count - freed : count / 8 + 1);
    if (!freed) {
        page_writer_wait();
        freed = page_cache_shrink(count);
    }
    for (uint64_t i = 0; i < freed; i++)
        vm_count(VM_RECLAIM_FREED);
    return freed;
}

static uint64_t shortage(void) {
    uint64_t free = frames_free();
    return free < watermarks.high ? watermarks.high - free : 0;
}

static void round_done(uint64_t freed) {
    spin_lock(&reclaim_lock);
    rounds++;
    freed_total += freed;
    wake_all(&done);
    spin_unlock(&reclaim_lock);
}

// Until the high watermark is reached; a round that frees nothing ends it as well, and those who
// wait learn of it. At least one round, for whoever has asked: he may need a large block.
static void reclaim_main(void *unused) {
    (void)unused;
    reclaim_exempt();
    for (;;) {
        spin_lock(&reclaim_lock);
        wait_event(&work, wanted, &reclaim_lock);
        wanted = false;
        spin_unlock(&reclaim_lock);
        uint64_t freed;
        do {
            uint64_t count = shortage();
            freed = reclaim_round(count > 32 ? count : 32);
            round_done(freed);
        } while (freed && shortage());
    }
}

void reclaim_kick(void) {
    if (!reclaimer || __atomic_load_n(&wanted, __ATOMIC_RELAXED))
        return;
    spin_lock(&reclaim_lock);
    wanted = true;
    wake_one(&work);
    spin_unlock(&reclaim_lock);
}

// The round that is under way may have begun before the caller's need: it counts if it frees
// something, else the next one has to tell.
static bool wait_round(void) {
    spin_lock(&reclaim_lock);
    uint64_t before = rounds, freed_before = freed_total;
    for (unsigned i = 1; i <= 2 && freed_total == freed_before; i++) {
        wanted = true;
        wake_one(&work);
        wait_event(&done, rounds >= before + i, &reclaim_lock);
    }
    bool freed = freed_total != freed_before;
    spin_unlock(&reclaim_lock);
    return freed;
}

bool reclaim_wait(void) {
    struct thread *self = thread_current();
    if (self->reclaiming)
        return false;
    assert(!self->current.spin_depth);
    if (reclaimer)
        return wait_round();
    self->reclaiming = true;
    uint64_t freed = reclaim_round(32);
    self->reclaiming = false;
    return freed;
}

void reclaim_exempt(void) { thread_current()->reclaiming = true; }

bool reclaim_reserve_begin(void) {
    bool before = thread_current()->reclaiming;
    thread_current()->reclaiming = true;
    return before;
}

void reclaim_pause(void) {
    struct wait_queue nobody_wakes = WAIT_QUEUE_INIT(nobody_wakes, "free memory");
    (void)!wait_event_deadline(&nobody_wakes, false, NULL, WAIT_UNINTERRUPTIBLE,
                               time_read() + ns_to_ticks(NS_PER_SECOND / 50));
}

void reclaim_reserve_end(bool before) { thread_current()->reclaiming = before; }

bool memory_make_room(void) {
    static struct spinlock room_lock = SPINLOCK_INIT("out of memory");
    static uint64_t last_kill;
    if (thread_signal_check(WAIT_KILLABLE))
        return false;
    if (reclaim_wait())
        return true;
    // One at a time, and each gets time to go before the next is chosen.
    spin_lock(&room_lock);
    uint64_t now = time_read();
    bool due = !last_kill || now - last_kill > ns_to_ticks(NS_PER_SECOND / 2);
    if (due)
        last_kill = now;
    spin_unlock(&room_lock);
    if (due && killer) {
        vm_count(VM_OOM_KILL);
        if (!killer())
            return false;
    }
    return thread_sleep_until(now + ns_to_ticks(NS_PER_SECOND / 50)) == 0;
}

void reclaim_init(void) {
    uint64_t free = frames_free();
    watermarks.minimum = free / 128 < 64 ? 64 : free / 128 > 1024 ? 1024 : free / 128;
    watermarks.low = 2 * watermarks.minimum;
    watermarks.high = 3 * watermarks.minimum;
}

void reclaim_start(void) {
    reclaimer = thread_create("reclaim", reclaim_main, NULL);
    if (!reclaimer)
        panic("no memory for the reclaim thread");
    thread_start(reclaimer);
}
