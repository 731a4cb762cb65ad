#include <abi/errno.h>
#include <abi/futex.h>
#include <mm/copy.h>
#include <proc/futex.h>
#include <proc/internal.h>
#include <proc/robust.h>

// A list may be a ring, or as long as memory: whoever makes one so finds the rest of it unmarked.
#define LENGTH_MAX 2048

#define PI_MARK 1ul                 // bit 0 of a link: it leads to a lock that lends priority

int robust_list_get(uint32_t tid, uint64_t *head) {
    int error = -ESRCH;
    *head = thread_current()->robust_list;
    if (!tid || tid == thread_current()->tid)
        return 0;
    spin_lock(&proc_tree_lock);
    struct thread *thread = thread_find_locked(tid);
    if (thread) {
        struct proc *proc = thread->proc;
        *head = thread->robust_list;
        spin_unlock(&proc->lock);
        error = signal_permission(proc, 0);
    }
    spin_unlock(&proc_tree_lock);
    return error;
}

// Marks one word: 0, 1 if somebody waits for it, -EFAULT. One that is `pending` was just being locked
// or unlocked; if it is free, who unlocked it may not have come to wake anybody.
static int mark_dead(uint64_t word, bool pi, bool pending) {
    uint32_t value, seen;
    for (;;) {
        if (copy_fault_in(word, sizeof value, true))
            return -EFAULT;
        if (!user_word_read(word, &value))
            continue;
        if (pending && !pi && !value)
            return 1;
        if ((value & FUTEX_TID_MASK) != thread_current()->tid)
            return 0;
        seen = value;
        if (user_word_change(word, &seen, (value & FUTEX_WAITERS) | FUTEX_OWNER_DIED) &&
            seen == value)
            return !pi && value & FUTEX_WAITERS;
    }
}

static bool leave_lock(uint64_t link, long offset, bool pending) {
    uint64_t word = (link & ~PI_MARK) + offset;
    int result = word % sizeof(uint32_t) ? -EINVAL : mark_dead(word, link & PI_MARK, pending);
    if (result == 1)
        (void)!futex_wake(word, true, 1, FUTEX_BITSET_MATCH_ANY);
    return result >= 0;
}

void robust_list_leave(struct thread *self) {
    struct robust_list_head head;
    uint64_t at = self->robust_list, link, next;
    self->robust_list = 0;
    if (!at || copy_in(&head, at, sizeof head))
        return;
    uint64_t pending = (uint64_t)head.list_op_pending;
    link = (uint64_t)head.list.next;
    for (unsigned i = 0; i < LENGTH_MAX && (link & ~PI_MARK) != at; i++) {
        // Read before the lock is let go of: its memory may be gone then.
        bool more = !copy_in(&next, link & ~PI_MARK, sizeof next);
        if ((link & ~PI_MARK) != (pending & ~PI_MARK) && !leave_lock(link, head.futex_offset, false))
            return;
        if (!more)
            break;
        link = next;
    }
    if (pending)
        (void)!leave_lock(pending, head.futex_offset, true);
}
