// Locks that lend priority. One spinlock guards them all: they are rarely fought for, and a chain of
// owners that wait for other owners is walked whole.
#include <abi/errno.h>
#include <abi/futex.h>
#include <mm/copy.h>
#include <mm/heap.h>
#include <proc/futex.h>
#include <proc/futex_pi.h>
#include <proc/internal.h>
#include <sched/sched.h>

#define TABLE_BITS 6

// A lock that somebody waits for; each of its waiters keeps the memory that the key names.
struct pi_futex {
    struct futex_key key;
    struct list node;               // in the table
    struct thread *owner;
    struct list owner_node;         // on owner->pi_owned
    struct list waiters;            // highest priority first, then in order of arrival
};

// One who waits; on its stack.
struct pi_waiter {
    struct list node;
    struct pi_futex *futex;
    struct thread *thread;
    bool acquired, owner_died;
};

static struct spinlock pi_lock = SPINLOCK_INIT("PI futexes");
static struct list table[1 << TABLE_BITS];

void futex_pi_init(void) {
    for (unsigned i = 0; i < 1u << TABLE_BITS; i++)
        list_init(&table[i]);
}

static struct pi_futex *find(const struct futex_key *key) {
    struct pi_futex *futex;
    list_for_each(futex, &table[futex_key_hash(key, TABLE_BITS)], node)
        if (futex_key_equal(&futex->key, key))
            return futex;
    return NULL;
}

// --- priorities

static void insert_waiter(struct pi_waiter *waiter) {
    struct pi_waiter *other;
    list_for_each(other, &waiter->futex->waiters, node)
        if (thread_priority(other->thread) < thread_priority(waiter->thread))
            break;
    list_push_back(&other->node, &waiter->node);
}

static int highest_waiting(const struct thread *owner) {
    const struct pi_futex *futex;
    int highest = 0;
    list_for_each(futex, &owner->pi_owned, owner_node) {
        int first = thread_priority(list_first(&futex->waiters, struct pi_waiter, node)->thread);
        highest = first > highest ? first : highest;
    }
    return highest;
}

// What `thread` is worth has changed: so has its place in line. Returns the owner; NULL: it waits for none.
static struct thread *reorder(const struct thread *thread) {
    struct pi_waiter *waiter = thread->pi_waiter;
    if (!waiter)
        return NULL;
    list_remove(&waiter->node);
    insert_waiter(waiter);
    return waiter->futex->owner;
}

// Who waits for `owner` has changed: so has what it is lent, and what it lends to those it waits for.
static void lend(struct thread *owner) {
    while (owner && thread_lend_priority(owner, LENDER_FUTEX, highest_waiting(owner)))
        owner = reorder(owner);
}

void futex_pi_reorder(struct thread *thread) {
    spin_lock(&pi_lock);
    lend(reorder(thread));
    spin_unlock(&pi_lock);
}

// --- ownership

static void set_owner(struct pi_futex *futex, struct thread *owner) {
    futex->owner = owner;
    list_push_back(&owner->pi_owned, &futex->owner_node);
}

// Nobody waits any more: the word alone says whose it is.
static void forget_if_free(struct pi_futex *futex) {
    if (!list_empty(&futex->waiters))
        return;
    list_remove(&futex->node);
    list_remove(&futex->owner_node);
    kfree(futex);
}

static void remove_waiter(struct pi_waiter *waiter) {
    list_remove(&waiter->node);
    waiter->thread->pi_waiter = NULL;
}

// The first waiter becomes the owner. Its word is the caller's to change, or (`died`) its own.
static void hand_over(struct pi_futex *futex, bool died) {
    struct pi_waiter *first = list_first(&futex->waiters, struct pi_waiter, node);
    struct thread *old = futex->owner, *fresh = first->thread;
    remove_waiter(first);
    first->acquired = true;
    first->owner_died = died;
    list_remove(&futex->owner_node);
    set_owner(futex, fresh);
    forget_if_free(futex);
    lend(old);
    lend(fresh);
    thread_wake(fresh);
}

void futex_pi_leave(struct thread *self) {
    spin_lock(&pi_lock);
    self->pi_left = true;
    while (!list_empty(&self->pi_owned))
        hand_over(list_first(&self->pi_owned, struct pi_futex, owner_node), true);
    spin_unlock(&pi_lock);
}

// --- locking

#define AGAIN 1                     // the word has changed, or is absent: look once more
#define WAIT  2                     // in line; pi_lock is held

struct request {
    struct futex_key key;
    uint64_t word;
    bool only_try;
    struct pi_futex *spare;         // for the first to wait
    struct pi_waiter waiter;
};

static bool would_deadlock(const struct thread *owner) {
    while (owner && owner != thread_current())
        owner = owner->pi_waiter ? owner->pi_waiter->futex->owner : NULL;
    return owner;
}

// Changes the word, which was `value`: 0, or AGAIN.
static int change(uint64_t word, uint32_t value, uint32_t fresh) {
    uint32_t seen = value;
    return user_word_change(word, &seen, fresh) && seen == value ? 0 : AGAIN;
}

// Gets in line behind `owner`, or behind those who are there already.
static int join(struct request *request, struct pi_futex *futex, struct thread *owner) {
    struct thread *self = thread_current();
    owner = futex ? futex->owner : owner;
    if (!owner || owner->pi_left)
        return -ESRCH;
    if (would_deadlock(owner))
        return -EDEADLK;
    if (!futex) {
        futex = request->spare;
        request->spare = NULL;
        futex->key = request->key;
        list_init(&futex->waiters);
        list_push_back(&table[futex_key_hash(&futex->key, TABLE_BITS)], &futex->node);
        set_owner(futex, owner);
    }
    request->waiter = (struct pi_waiter){ .futex = futex, .thread = self };
    insert_waiter(&request->waiter);
    self->pi_waiter = &request->waiter;
    lend(owner);
    return WAIT;
}

// The word was `value` a moment ago, and names `owner`. pi_lock is held.
static int attempt(struct request *request, uint32_t value, struct thread *owner) {
    uint32_t tid = thread_current()->tid, now;
    struct pi_futex *futex = find(&request->key);
    if (!user_word_read(request->word, &now) || now != value)
        return AGAIN;
    if ((value & FUTEX_TID_MASK) == tid)
        return -EDEADLK;
    if (!futex && !(value & FUTEX_TID_MASK))
        return change(request->word, value, tid | (value & FUTEX_OWNER_DIED));
    if (request->only_try)
        return -EAGAIN;
    if (!(value & FUTEX_WAITERS) && change(request->word, value, value | FUTEX_WAITERS))
        return AGAIN;
    return join(request, futex, owner);
}

// Finds out who the owner is, and keeps it from leaving meanwhile: a thread that is on its process's
// list has not yet given up what it owns, unless it says so.
static int attempt_for(struct request *request, uint32_t value) {
    uint32_t tid = value & FUTEX_TID_MASK;
    spin_lock(&proc_tree_lock);
    struct thread *owner = tid ? thread_find_locked(tid) : NULL;
    spin_lock(&pi_lock);
    int result = attempt(request, value, owner);
    if (owner)
        spin_unlock(&owner->proc->lock);
    spin_unlock(&proc_tree_lock);
    if (result != WAIT)
        spin_unlock(&pi_lock);
    return result;
}

// pi_lock is held on entry, and in the end not.
static int wait_in_line(struct request *request, uint64_t deadline) {
    struct pi_waiter *waiter = &request->waiter;
    struct wait_queue nobody_wakes = WAIT_QUEUE_INIT(nobody_wakes, "PI futex");
    int error = wait_event_deadline(&nobody_wakes, waiter->acquired, &pi_lock, WAIT_INTERRUPTIBLE,
                                    deadline);
    if (error) {
        struct thread *owner = waiter->futex->owner;
        remove_waiter(waiter);
        forget_if_free(waiter->futex);
        lend(owner);
    }
    spin_unlock(&pi_lock);
    return error == -EINTR ? -ERESTART_ALWAYS : error;
}

static int fault_in(uint64_t word) { return copy_fault_in(word, sizeof(uint32_t), true); }

// An owner that died could not write who comes next: the next one does.
static int claim_word(const struct request *request) {
    uint32_t value;
    int result;
    do {
        result = fault_in(request->word);
        if (result)
            break;
        spin_lock(&pi_lock);
        uint32_t fresh = thread_current()->tid | FUTEX_OWNER_DIED;
        fresh |= find(&request->key) ? FUTEX_WAITERS : 0;
        result = user_word_read(request->word, &value) ? change(request->word, value, fresh) : AGAIN;
        spin_unlock(&pi_lock);
    } while (result == AGAIN);
    return result;
}

static int lock(struct request *request, uint64_t deadline) {
    uint32_t value;
    int result;
    do {
        result = fault_in(request->word);
        if (!result)
            result = user_word_read(request->word, &value) ? attempt_for(request, value) : AGAIN;
    } while (result == AGAIN);
    if (result != WAIT)
        return result;
    result = wait_in_line(request, deadline);
    return !result && request->waiter.owner_died ? claim_word(request) : result;
}

int futex_pi_lock(uint64_t word, bool shared, bool only_try, uint64_t deadline) {
    struct request request = { .word = word, .only_try = only_try };
    int error = futex_key_get(word, shared, &request.key);
    if (error)
        return error;
    request.spare = kmalloc(sizeof *request.spare);
    error = request.spare ? lock(&request, deadline) : -ENOMEM;
    kfree(request.spare);
    futex_key_release(&request.key);
    return error;
}

// --- unlocking

static int unlock(uint64_t word, const struct futex_key *key) {
    struct thread *self = thread_current();
    struct pi_futex *futex = find(key);
    uint32_t value;
    if (!user_word_read(word, &value))
        return AGAIN;
    if ((value & FUTEX_TID_MASK) != self->tid)
        return -EPERM;
    if (!futex)
        return change(word, value, 0);
    if (futex->owner != self)
        return -EINVAL;             // the word lies
    const struct list *first = futex->waiters.next;
    uint32_t fresh = container_of(first, struct pi_waiter, node)->thread->tid;
    fresh |= first->next == &futex->waiters ? 0 : FUTEX_WAITERS;
    int result = change(word, value, fresh);
    if (!result)
        hand_over(futex, false);
    return result;
}

int futex_pi_unlock(uint64_t word, bool shared) {
    struct futex_key key;
    int result = futex_key_get(word, shared, &key);
    if (result)
        return result;
    do {
        result = fault_in(word);
        if (result)
            break;
        spin_lock(&pi_lock);
        result = unlock(word, &key);
        spin_unlock(&pi_lock);
    } while (result == AGAIN);
    futex_key_release(&key);
    return result;
}
