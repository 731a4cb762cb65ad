// How many threads each user has, for RLIMIT_NPROC. Unlike Linux it binds root as well: on a machine
// where everybody is root a fork bomb has to have an end.
#include <abi/errno.h>
#include <mm/heap.h>
#include <mm/radix.h>
#include <proc/internal.h>

struct user {
    uint32_t uid, threads;
};

static struct radix_tree users;         // uid -> struct user; proc_tree_lock

// Who has `uid`, made from *fresh if he is new. NULL: that, or a node in the stock, is missing.
static struct user *user_find(uint32_t uid, struct user **fresh, struct radix_stock *stock) {
    struct user *user = radix_find(&users, uid);
    if (user || !*fresh)
        return user;
    if (!radix_insert(&users, uid, *fresh, stock))
        return NULL;
    user = *fresh;
    *user = (struct user){ .uid = uid };
    *fresh = NULL;
    return user;
}

static void discharge(uint32_t uid, uint32_t count) {
    struct user *user = radix_find(&users, uid);
    assert(user && user->threads >= count);
    user->threads -= count;
    if (!user->threads)
        kfree(radix_remove(&users, uid));
}

// `more` threads of `proc` are charged to *new_user (NULL: its user), who takes over the others too.
static int charge(struct proc *proc, const uint32_t *new_user, uint32_t more, uint64_t limit) {
    struct radix_stock stock = { 0 };
    struct user *fresh = NULL, *user;
    int error = 0;
    for (;;) {
        spin_lock(&proc_tree_lock);
        uint32_t uid = new_user ? *new_user : proc->user;
        user = user_find(uid, &fresh, &stock);
        uint32_t moved = proc->user == uid ? 0 : proc->charges;
        if (user && more && user->threads >= limit) {
            error = -EAGAIN;
        } else if (user) {
            user->threads += moved + more;
            if (moved)
                discharge(proc->user, moved);
            proc->user = uid;
            proc->charges += more;
        }
        spin_unlock(&proc_tree_lock);
        // Not without memory for a new user: fetched first, then a node for the tree.
        if (user)
            break;
        if (fresh ? radix_stock_add(&stock) : !(fresh = kmalloc(sizeof *fresh))) {
            error = -ENOMEM;
            break;
        }
    }
    kfree(fresh);
    radix_stock_free(&stock);
    return error;
}

int user_charge(struct proc *proc, uint64_t limit) { return charge(proc, NULL, 1, limit); }

void user_discharge(struct proc *proc, uint32_t count) {
    proc->charges -= count;
    if (count)
        discharge(proc->user, count);
}

int proc_change_user(uint32_t uid) {
    struct proc *self = proc_current();
    // The first process begins uncounted.
    return charge(self, &uid, self->charges ? 0 : 1, UINT64_MAX);
}
