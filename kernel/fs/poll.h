// Waiting until one of many files can be read or written.
//
// A file's poll operation joins the queues that its changes wake, and only then looks: so no change
// is missed. A wake-up takes the item off that queue, and only items that this happened to are
// looked at again.
#ifndef FS_POLL_H
#define FS_POLL_H

#include <abi/poll.h>
#include <debug/panic.h>
#include <sched/wait.h>
#include <stddef.h>
#include <stdint.h>

struct file;

enum {
    POLL_READABLE = POLLIN | POLLRDNORM,
    POLL_WRITABLE = POLLOUT | POLLWRNORM,
    POLL_ALWAYS = POLLERR | POLLHUP | POLLNVAL,     // told although nobody asked
};

// One file that is waited for. The caller fills in the first three and keeps the reference.
struct poll_item {
    struct file *file;              // NULL: not open
    int fd;                         // < 0: the item is left out
    uint16_t wanted;                // POLL*: the events that end the wait
    uint16_t ready;                 // those of them that are there
    uint16_t told;                  // the caller's own
    uint16_t joined;
    uint32_t *fired;                    // NULL: the caller will not wait
    struct waiter waiters[2];
};

// For poll operations, before they look: joins the queue that is woken when the file may be read, the
// one when it may be written, or both, as the item wants; hanging up must wake both. NULL: the file
// has no such queue. Never sleeps.
void poll_join(struct poll_item *item, struct wait_queue *readable, struct wait_queue *writable);

// Waits until an item is ready, a signal comes or `deadline` (ticks; one that has passed: looks only):
// how many are ready, 0 at the deadline, -EINTR. May sleep; holds no lock.
int must_check poll_wait(struct poll_item *items, size_t count, uint64_t deadline);

#endif
