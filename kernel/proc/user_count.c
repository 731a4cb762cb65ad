// How many processes each user has, for RLIMIT_NPROC. Unlike Linux it binds root as well: on a machine
// where everybody is root a fork bomb has to have an end.
#include <abi/errno.h>
#include <mm/heap.h>
#include <mm/radix.h>
#include <proc/internal.h>

struct user {
    uint32_t uid, processes;
};

static struct radix_tree users;         // uid -> struct user; proc_tree_lock

static int charge_locked(uint32_t uid, uint64_t limit, struct user **fresh,
                         struct radix_stock *stock) {
    struct user *user = radix_find(&users, uid);
    if (!user) {
        if (!*fresh || !radix_insert(&users, uid, *fresh, stock))
            return -ENOMEM;
        user = *fresh;
        *user = (struct user){ .uid = uid };
        *fresh = NULL;
    }
    if (user->processes >= limit)
        return -EAGAIN;
    user->processes++;
    return 0;
}

int user_charge(uint32_t uid, uint64_t limit) {
    struct radix_stock stock = { 0 };
    struct user *fresh = NULL;
    int error;
    for (;;) {
        spin_lock(&proc_tree_lock);
        error = charge_locked(uid, limit, &fresh, &stock);
        spin_unlock(&proc_tree_lock);
        // Not without memory for a new user: fetched first, then a node for the tree.
        if (error != -ENOMEM || (fresh ? radix_stock_add(&stock) : !(fresh = kmalloc(sizeof *fresh))))
            break;
    }
    kfree(fresh);
    radix_stock_free(&stock);
    return error;
}

void user_discharge(uint32_t uid) {
    struct user *user = radix_find(&users, uid);
    assert(user && user->processes);
    if (--user->processes == 0)
        kfree(radix_remove(&users, uid));
}
