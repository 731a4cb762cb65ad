#include <abi/errno.h>
#include <fs/file.h>
#include <fs/poll.h>
#include <riscv/csr.h>

static void join(struct poll_item *item, struct wait_queue *queue) {
    if (item->fired)
        waiter_add(&item->waiters[item->joined++], queue, item->fired);
}

void poll_join(struct poll_item *item, struct wait_queue *readable, struct wait_queue *writable) {
    bool in = item->wanted & POLL_READABLE, out = item->wanted & POLL_WRITABLE;
    if (readable && (in || !writable || !out))
        join(item, readable);
    if (writable && (out || !readable))
        join(item, writable);
}

static void leave(struct poll_item *item) {
    while (item->joined)
        waiter_remove(&item->waiters[--item->joined]);
}

static bool item_fired(const struct poll_item *item) {
    for (uint32_t i = 0; i < item->joined; i++)
        if (waiter_fired(&item->waiters[i]))
            return true;
    return false;
}

// Whatever never keeps anybody waiting has no operation: regular files, most devices.
static uint16_t item_look(struct poll_item *item, uint32_t *fired) {
    item->fired = fired;
    if (item->fd < 0)
        return 0;
    if (!item->file)
        return POLLNVAL;
    return item->file->ops->poll ? item->file->ops->poll(item->file, item)
                                 : POLL_READABLE | POLL_WRITABLE;
}

// Looks at all items, or those that were woken: how many are ready. Once one is, the rest need not
// join: nobody will wait.
static int look(struct poll_item *items, size_t count, bool all, uint32_t *fired) {
    int ready = 0;
    for (struct poll_item *item = items; item < items + count; item++) {
        if (all || item_fired(item)) {
            leave(item);
            item->ready = item_look(item, ready ? NULL : fired) & item->wanted;
        }
        ready += item->ready != 0;
    }
    return ready;
}

int poll_wait(struct poll_item *items, size_t count, uint64_t deadline) {
    uint32_t fired = 0;
    for (size_t i = 0; i < count; i++)
        items[i].joined = 0;
    int error = 0, ready = look(items, count, true, time_read() < deadline ? &fired : NULL);
    while (!ready && !error) {
        error = wait_fired(&fired, "poll", deadline);
        // Cleared before looking: what comes later ends the next sleep at once.
        if (__atomic_exchange_n(&fired, 0, __ATOMIC_SEQ_CST))
            ready = look(items, count, false, &fired);
    }
    for (size_t i = 0; i < count; i++)
        leave(&items[i]);
    return ready || error == -ETIMEDOUT ? ready : error;
}
