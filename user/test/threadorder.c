/*
 * Four threads end in every order: all by exit, or one of them, at every place in the order, by what ends
 * or replaces the rest (in every third order). What the parent is told is the same each time.
 */
#include "common/bare_thread.h"
#include "common/check.h"
#include "common/child.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MEMBERS = 4, ORDERS = 24 };
enum deed { EXIT, EXIT_GROUP, EXEC, KILL, ABORT, DEEDS };

static const char *const names[DEEDS] = {
    "all exit: the status is the first thread's", "exit_group by each", "execve by each", "SIGKILL by each",
    "SIGABRT for each",
};

/* Member 0 is the first thread; order[0] ends first. All end by exit, but the one at `place` by `deed`. */
static struct plan {
    int order[MEMBERS];
    enum deed deed;
    int place;
} plan;

static volatile int first_alive = 1;

static volatile int *alive(int member) {
    return member == 0 ? &first_alive : &bare_threads[member - 1].alive;
}

static int place_of(int member) {
    int place = 0;

    while (plan.order[place] != member)
        place++;
    return place;
}

static void end_by(enum deed deed, int member) {
    char *arguments[] = { "threadorder", "executed", NULL };

    switch (deed) {
    case EXIT_GROUP: _exit(9);
    case EXEC: execv(own_path(), arguments); break;
    case KILL: kill(getpid(), SIGKILL); break;
    case ABORT: tgkill(getpid(), gettid(), SIGABRT); break;
    default: break;
    }
    syscall(SYS_exit, 10 + member);
}

/* The kernel says that who goes before has ended. */
static void live(int member) {
    int place = place_of(member);

    if (place > 0)
        while (__atomic_load_n(alive(plan.order[place - 1]), __ATOMIC_SEQ_CST))
            usleep(50);
    end_by(place == plan.place ? plan.deed : EXIT, member);
}

static void thread(struct bare_thread *self) {
    wait_to_go(self);
    live(self->index + 1);
}

static int group(void *unused) {
    (void)unused;
    syscall(SYS_set_tid_address, &first_alive);
    for (int i = 0; i < MEMBERS - 1; i++)
        bare_start(i, thread);
    for (int i = 0; i < MEMBERS - 1; i++)
        bare_threads[i].go = 1;
    live(0);
    return 1;
}

static bool is_right(int status) {
    switch (plan.deed) {
    case EXIT: return exited_with(status, 10);
    case KILL: return died_of(status, SIGKILL);
    case ABORT: return died_of(status, SIGABRT);
    default: return exited_with(status, 9);
    }
}

/* The `number`th of all orders. */
static void order_set(int number) {
    int left[MEMBERS] = { 0, 1, 2, 3 };

    for (int i = 0, count = MEMBERS; count > 0; i++, count--) {
        int pick = number % count;

        number /= count;
        plan.order[i] = left[pick];
        memmove(&left[pick], &left[pick + 1], (MEMBERS - 1 - pick) * sizeof(left[0]));
    }
}

static bool plan_holds(void) {
    bool killed;
    int status = child_wait_limited(child_start(group, NULL), 20000, &killed);

    if (is_right(status) && !killed)
        return true;
    printf("order %d %d %d %d, place %d: status 0x%x\n", plan.order[0], plan.order[1], plan.order[2],
           plan.order[3], plan.place, status);
    return false;
}

static bool deed_holds(enum deed deed) {
    bool all = true;

    plan.deed = deed;
    for (int number = 0; number < ORDERS; number += deed == EXIT ? 1 : 3) {
        order_set(number);
        for (plan.place = 0; plan.place < (deed == EXIT ? 1 : MEMBERS); plan.place++)
            all = plan_holds() && all;
    }
    return all;
}

int main(int argc, char *argv[]) {
    if (argc > 1 && strcmp(argv[1], "executed") == 0)
        return getpid() == gettid() ? 9 : 1;
    for (enum deed deed = EXIT; deed < DEEDS; deed++)
        CHECK(names[deed], deed_holds(deed));
    return check_done();
}
