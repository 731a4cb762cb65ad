// ppoll and pselect6: which descriptors, for how long, and with which signals blocked.
#include <abi/errno.h>
#include <abi/resource.h>
#include <abi/time.h>
#include <fs/file.h>
#include <fs/poll.h>
#include <lib/string.h>
#include <mm/heap.h>
#include <proc/proc.h>
#include <proc/signal.h>
#include <riscv/csr.h>
#include <sched/clock.h>
#include <syscall/calls.h>
#include <syscall/syscall.h>
#include <syscall/user_time.h>

enum { FEW = 4 };                   // items that need no heap

// The timeout at `timeout` as a deadline, and the mask at `mask` for the length of the call (0: none):
// 0, -EFAULT, -EINVAL. wait_end undoes it.
static int wait_begin(uint64_t timeout, uint64_t mask, uint64_t mask_size, uint64_t *deadline) {
    uint64_t ns = 0, blocked;
    *deadline = DEADLINE_NONE;
    int error = timeout ? timespec_copy_in(timeout, &ns) : 0;
    if (error)
        return error;
    if (timeout)
        *deadline = ns ? deadline_after(ns) : 0;
    if (!mask)
        return 0;
    if (mask_size != sizeof blocked)
        return -EINVAL;
    if (copy_in(&blocked, mask, sizeof blocked))
        return -EFAULT;
    signal_mask_for_call(blocked);
    return 0;
}

// Tells what is left of the timeout. A call that a signal ended runs again if no handler does, and then
// for the rest of the time: not if that could not be told.
static long wait_end(uint64_t timeout, uint64_t deadline, long result) {
    bool interrupted = result == -EINTR, told = true;
    if (timeout && deadline) {
        uint64_t now = time_read();
        struct timespec left = timespec_of(deadline > now ? ticks_to_ns(deadline - now) : 0);
        told = !copy_out(timeout, &left, sizeof left);
    }
    if (interrupted)
        return told ? -ERESTART_NO_HANDLER : -ERESTART_NEVER;
    signal_mask_restore();
    return result;
}

static struct poll_item *items_alloc(size_t count, struct poll_item few[FEW]) {
    return count <= FEW ? few : kmalloc(count * sizeof(struct poll_item));
}

static void items_free(struct poll_item *items, size_t count, const struct poll_item few[FEW]) {
    for (size_t i = 0; i < count; i++)
        if (items[i].file)
            file_put(items[i].file);
    if (items != few)
        kfree(items);
}

// A file of O_PATH is as good as none.
static void item_init(struct poll_item *item, int fd, uint16_t wanted) {
    struct file *file = fd < 0 ? NULL : fd_hold(fd);
    if (file && file->flags & O_PATH) {
        file_put(file);
        file = NULL;
    }
    item->file = file;
    item->fd = fd;
    item->wanted = wanted;
}

// --- ppoll

// Items for the descriptors at `user`: 0, or -EFAULT with the rest of the items empty.
static int fds_read(uint64_t user, struct poll_item *items, size_t count) {
    struct pollfd fds[32];
    size_t per_piece = sizeof fds / sizeof fds[0];
    for (size_t i = 0; i < count; i++) {
        size_t left = count - i, piece = left < per_piece ? left : per_piece;
        if (i % per_piece == 0 && copy_in(fds, user + i * sizeof fds[0], piece * sizeof fds[0])) {
            memset(items + i, 0, left * sizeof *items);
            return -EFAULT;
        }
        const struct pollfd *fd = &fds[i % per_piece];
        item_init(&items[i], fd->fd, fd->events | POLL_ALWAYS);
        items[i].told = fd->revents;
    }
    return 0;
}

// Most are 0 and stay it.
static int revents_write(uint64_t user, const struct poll_item *items, size_t count) {
    uint64_t to = user + offsetof(struct pollfd, revents);
    int error = 0;
    for (size_t i = 0; i < count && !error; i++)
        if (items[i].ready != items[i].told)
            error = copy_out(to + i * sizeof(struct pollfd), &items[i].ready, sizeof(short));
    return error;
}

static long poll_fds(uint64_t user, uint64_t count, uint64_t deadline) {
    struct poll_item few[FEW];
    if (count > proc_limit(RLIMIT_NOFILE))
        return -EINVAL;
    struct poll_item *items = items_alloc(count, few);
    if (!items)
        return -ENOMEM;
    long result = fds_read(user, items, count);
    if (!result) {
        result = poll_wait(items, count, deadline);
        if (revents_write(user, items, count))
            result = -EFAULT;
    }
    items_free(items, count, few);
    return result;
}

long sys_ppoll(struct trap_frame *call) {
    uint64_t deadline, fds = call->a0, timeout = call->a2;
    int error = wait_begin(timeout, call->a3, call->a4, &deadline);
    return error ? error
                 : wait_end(timeout, deadline, poll_fds(fds, (uint32_t)call->a1, deadline));
}

// --- pselect6

enum { SETS = 3, WORD = 64 };       // what can be read, written, is exceptional; bits

static const uint16_t set_events[SETS] = {
    POLL_READABLE | POLLRDBAND | POLLHUP | POLLERR, POLL_WRITABLE | POLLWRBAND | POLLERR, POLLPRI,
};

// The three sets, one behind the other: `words` each.
struct sets {
    uint64_t user[SETS];            // 0: that set is empty, and nobody wants to know
    size_t words;
    uint64_t *bits;
};

static int sets_read(struct sets *sets, uint64_t count) {
    size_t size = sets->words * sizeof(uint64_t);
    int error = 0;
    for (int set = 0; set < SETS; set++) {
        uint64_t *bits = sets->bits + set * sets->words;
        if (!sets->user[set])
            memset(bits, 0, size);
        else if (!error)
            error = copy_in(bits, sets->user[set], size);
        if (count % WORD)
            bits[sets->words - 1] &= (1ul << count % WORD) - 1;
    }
    return error;
}

static int sets_write(const struct sets *sets) {
    size_t size = sets->words * sizeof(uint64_t);
    int error = 0;
    for (int set = 0; set < SETS; set++)
        if (sets->user[set] && !error)
            error = copy_out(sets->user[set], sets->bits + set * sets->words, size);
    return error;
}

// Descriptors that are in any of the sets, as the bits of word `w`.
static uint64_t word_any(const struct sets *sets, size_t w) {
    return sets->bits[w] | sets->bits[sets->words + w] | sets->bits[2 * sets->words + w];
}

static size_t sets_count(const struct sets *sets) {
    size_t count = 0;
    for (size_t w = 0; w < sets->words; w++)
        count += __builtin_popcountl(word_any(sets, w));
    return count;
}

static uint16_t events_wanted(const struct sets *sets, int fd) {
    uint16_t events = 0;
    for (int set = 0; set < SETS; set++)
        if (sets->bits[set * sets->words + fd / WORD] >> fd % WORD & 1)
            events |= set_events[set];
    return events;
}

// Items for all members of the sets: 0, or -EBADF if one is not open.
static int items_of_sets(const struct sets *sets, struct poll_item *items) {
    int error = 0;
    for (size_t w = 0; w < sets->words; w++)
        for (uint64_t any = word_any(sets, w); any; any &= any - 1) {
            int fd = w * WORD + __builtin_ctzl(any);
            item_init(items, fd, events_wanted(sets, fd));
            if (!items++->file)
                error = -EBADF;
        }
    return error;
}

// Leaves in the sets what is ready of what was in them: how many bits.
static long sets_of_items(struct sets *sets, const struct poll_item *items, size_t count) {
    long total = 0;
    for (size_t i = 0; i < count; i++)
        for (int set = 0; set < SETS; set++) {
            uint64_t *word = sets->bits + set * sets->words + items[i].fd / WORD;
            uint64_t bit = 1ul << items[i].fd % WORD;
            if (!(items[i].ready & set_events[set]))
                *word &= ~bit;
            total += (*word & bit) != 0;
        }
    return total;
}

static long select_items(struct sets *sets, uint64_t deadline) {
    struct poll_item few[FEW];
    size_t count = sets_count(sets);
    struct poll_item *items = items_alloc(count, few);
    if (!items)
        return -ENOMEM;
    long result = items_of_sets(sets, items);
    if (!result)
        result = poll_wait(items, count, deadline);
    if (result >= 0) {
        result = sets_of_items(sets, items, count);
        if (sets_write(sets))
            result = -EFAULT;
    }
    items_free(items, count, few);
    return result;
}

static long select_sets(const struct trap_frame *call, uint64_t deadline) {
    int count = call->a0;
    if (count < 0)
        return -EINVAL;
    if (count > FD_COUNT_MAX)
        count = FD_COUNT_MAX;       // beyond that none is open
    size_t words = (count + WORD - 1) / WORD;
    struct sets sets = { .user = { call->a1, call->a2, call->a3 }, .words = words };
    sets.bits = kmalloc((SETS * words + 1) * sizeof(uint64_t));
    if (!sets.bits)
        return -ENOMEM;
    long result = words ? sets_read(&sets, count) : 0;
    if (!result)
        result = select_items(&sets, deadline);
    kfree(sets.bits);
    return result;
}

// The sixth argument points at the mask and its size: six registers are all there are.
long sys_pselect6(struct trap_frame *call) {
    uint64_t deadline, timeout = call->a4;
    struct { uint64_t mask, size; } last = { 0, 0 };
    if (call->a5 && copy_in(&last, call->a5, sizeof last))
        return -EFAULT;
    int error = wait_begin(timeout, last.mask, last.size, &deadline);
    return error ? error : wait_end(timeout, deadline, select_sets(call, deadline));
}
