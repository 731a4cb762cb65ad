#include <lib/list.h>
#include <mm/page_lock.h>
#include <sched/wait.h>

// Threads that wait for a busy page sleep in one of these rooms, chosen by the page's number.
// The room's lock makes "busy" a condition in the sense of sched/wait.h.
#define ROOMS 64
static struct room {
    struct spinlock lock;
    struct wait_queue queue;
} rooms[ROOMS];

static struct room *room_of(const struct frame *frame) {
    return &rooms[frame_number(frame) % ROOMS];
}

void page_wait(struct frame *frame) {
    struct room *room = room_of(frame);
    spin_lock(&room->lock);
    wait_event(&room->queue, !frame_flag_test(frame, FRAME_BUSY), &room->lock);
    spin_unlock(&room->lock);
}

void page_lock(struct frame *frame) {
    struct room *room = room_of(frame);
    spin_lock(&room->lock);
    wait_event(&room->queue, !frame_flag_test(frame, FRAME_BUSY), &room->lock);
    frame_flag_set(frame, FRAME_BUSY);
    spin_unlock(&room->lock);
}

bool page_trylock(struct frame *frame) {
    struct room *room = room_of(frame);
    spin_lock(&room->lock);
    bool was_busy = frame_flag_set(frame, FRAME_BUSY);
    spin_unlock(&room->lock);
    return !was_busy;
}

void page_unlock(struct frame *frame) {
    struct room *room = room_of(frame);
    spin_lock(&room->lock);
    frame_flag_clear(frame, FRAME_BUSY);
    if (!list_empty(&room->queue.waiters))
        wake_all(&room->queue);
    spin_unlock(&room->lock);
}

void page_lock_init(void) {
    for (int i = 0; i < ROOMS; i++) {
        spin_init(&rooms[i].lock, "page room");
        wait_queue_init(&rooms[i].queue, "page");
    }
}
