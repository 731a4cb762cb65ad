/*
 * Arguments that are addresses of structures, filled so that calls can do something with them.
 */
#include "arguments.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <termios.h>
#include <time.h>

#include <abi/futex.h>
#include <abi/hwprobe.h>

static void iovec_fill(struct life *life, struct iovec *pieces) {
    for (int i = 0; i < 12; i++) {
        pieces[i].iov_base = (void *)argument_make(life, BUFFER);
        pieces[i].iov_len = argument_make(life, SIZE);
    }
}

/* Mostly so short that it comes to something. */
static struct timespec time_make(struct stream *s) {
    static const uint64_t ns[] = { 0, 1, 1000, 100000, 1000000, 5000000, 999999999, 1000000000, -1ul };
    struct timespec time = { 0, (long)ns[stream_below(s, stream_once_in(s, 8) ? 9 : 6)] };

    if (stream_once_in(s, 16))
        time.tv_sec = (long)(stream_next(s) >> stream_below(s, 64));
    return time;
}

/* A timeval's second half is smaller, but a timespec passes for one. */
static void times_fill(struct life *life, struct timespec *times, int count) {
    for (int i = 0; i < count; i++) {
        times[i] = time_make(&life->stream);
        if (stream_once_in(&life->stream, 4))
            times[i].tv_nsec = stream_once_in(&life->stream, 2) ? UTIME_NOW : UTIME_OMIT;
    }
}

/* Rarely with the signal that ends calls which wait for ever. */
static uint64_t set_make(struct stream *s) {
    uint64_t set = stream_next(s);

    if (stream_below(s, 3))
        set &= stream_next(s) & stream_next(s);
    return stream_once_in(s, 16) ? set : set & ~(1ul << (SIGALRM - 1));
}

static void on_signal(int signal) {
    (void)signal;
}

/* A handler may have no address that is code: the process then dies of it. */
static void action_fill(struct life *life, struct sigaction *action) {
    static void (*const handlers[])(int) = { SIG_DFL, SIG_IGN, on_signal, on_signal, on_signal };
    struct stream *s = &life->stream;

    action->sa_handler = handlers[stream_below(s, 5)];
    if (stream_once_in(s, 64))
        action->sa_handler = (void (*)(int))argument_hostile(life);
    action->sa_flags = 0;
    for (unsigned bit = 0; bit < 32; bit++)
        if (stream_once_in(s, 4))
            action->sa_flags |= 1ul << bit;
    action->sa_mask.bits = set_make(s);
}

static void stack_fill(struct life *life, stack_t *stack) {
    stack->ss_sp = (void *)(argument_make(life, STACK) - STACK_SIZE);
    stack->ss_flags = stream_once_in(&life->stream, 4) ? SS_DISABLE : 0;
    stack->ss_size = stream_once_in(&life->stream, 4) ? argument_hostile(life) : STACK_SIZE;
}

static void event_fill(struct life *life, sigevent_t *event) {
    static const int notify[] = { SIGEV_SIGNAL, SIGEV_SIGNAL, SIGEV_NONE, SIGEV_THREAD_ID, 2 };

    event->sigev_signo = (int)argument_make(life, SIGNAL);
    event->sigev_notify = notify[stream_below(&life->stream, 5)];
    event->sigev_notify_thread_id = (int)argument_make(life, PID);
}

static void info_fill(struct life *life, siginfo_t *info) {
    stream_bytes(&life->stream, info, sizeof(*info));
    info->si_code = (int)-stream_below(&life->stream, 8);
}

/* Never so much that a worker could use up the machine. */
static void limit_fill(struct life *life, struct rlimit *limit) {
    struct stream *s = &life->stream;

    limit->rlim_max = stream_below(s, stream_once_in(s, 2) ? 64 : 16ul << 20);
    limit->rlim_cur = stream_below(s, limit->rlim_max + 1);
}

static void poll_fill(struct life *life, struct pollfd *fds) {
    for (int i = 0; i < 12; i++) {
        fds[i].fd = (int)argument_make(life, FD);
        fds[i].events = (short)stream_next(&life->stream);
    }
}

static void lock_fill(struct life *life, struct flock *lock) {
    struct stream *s = &life->stream;

    lock->l_type = (short)stream_below(s, 4);
    lock->l_whence = (short)stream_below(s, 4);
    lock->l_start = (long)(stream_once_in(s, 16) ? stream_next(s) : stream_below(s, 1000));
    lock->l_len = (long)(stream_once_in(s, 16) ? stream_next(s) : stream_below(s, 1000) - 100);
}

static void clone_fill(struct life *life, struct clone_args *args) {
    uint64_t flags = argument_make(life, CLONE_FLAGS);

    memset(args, 0, sizeof(*args));
    args->flags = flags & ~0xfful;
    args->exit_signal = flags & CLONE_THREAD ? 0 : flags & 0xff;
    if (flags & CLONE_VM) {
        args->stack = argument_make(life, STACK) - STACK_SIZE;
        args->stack_size = STACK_SIZE;
    }
    args->parent_tid = argument_make(life, WORD);
    args->child_tid = argument_make(life, WORD);
    args->tls = argument_make(life, BUFFER);
    if (stream_once_in(&life->stream, 8))
        ((uint64_t *)args)[stream_below(&life->stream, 11)] = argument_hostile(life);
}

static void strings_fill(struct life *life, uint64_t *strings) {
    int count = (int)stream_below(&life->stream, 6);

    for (int i = 0; i < count; i++)
        strings[i] = argument_make(life, NAME);
    strings[count] = 0;
}

/* A ring of words, some of which their owner holds; it may have no end. */
static void robust_fill(struct life *life, struct robust_list_head *head) {
    uint64_t *words = (uint64_t *)head;

    for (int i = 0; i < 8; i++)
        words[i] = argument_make(life, i % 4 == 1 ? OFFSET : stream_once_in(&life->stream, 2) ? WORD
                                                                                           : ROBUST_LIST);
    if (stream_below(&life->stream, 4))
        words[1] = 0; /* from an entry to its word */
}

/* What ioctl is given: a structure of settings, which are so that reads end; or a number. */
static void settings_fill(struct life *life, struct termios *settings) {
    stream_bytes(&life->stream, settings, sizeof(*settings));
    settings->c_cc[VMIN] = 0;
    settings->c_cc[VTIME] = 1;
    if (stream_once_in(&life->stream, 2))
        *(int *)settings = (int)argument_make(life, PID);
}

static void numbers_fill(struct life *life, uint64_t *numbers, enum kind kind, int count) {
    for (int i = 0; i < count; i++)
        numbers[i] = argument_make(life, kind);
}

static void ids_fill(struct life *life, uint32_t *ids) {
    for (int i = 0; i < 64; i++)
        ids[i] = (uint32_t)argument_make(life, UID);
}

static void select_mask_fill(struct life *life, uint64_t *mask) {
    mask[0] = argument_make(life, SIGSET);
    mask[1] = SIGSET_SIZE;
}

static void fill(struct life *life, enum kind kind, void *room) {
    switch (kind) {
    case IOVEC: iovec_fill(life, room); break;
    case TIMESPEC: *(struct timespec *)room = time_make(&life->stream); break;
    case TIMESPECS: case ITIMERSPEC: case ITIMERVAL: times_fill(life, room, 2); break;
    case ACTION: action_fill(life, room); break;
    case SIGNAL_STACK: stack_fill(life, room); break;
    case EVENT: event_fill(life, room); break;
    case INFO: info_fill(life, room); break;
    case RLIMIT: limit_fill(life, room); break;
    case POLL_FDS: poll_fill(life, room); break;
    case LOCK: lock_fill(life, room); break;
    case CLONE_ARGS: clone_fill(life, room); break;
    case STRINGS: strings_fill(life, room); break;
    case ROBUST_LIST: robust_fill(life, room); break;
    case IOCTL_DATA: settings_fill(life, room); break;
    case SELECT_MASK: select_mask_fill(life, room); break;
    case IDS: ids_fill(life, room); break;
    case OFFSETS: numbers_fill(life, room, OFFSET, 1); break;
    case HWPROBE: numbers_fill(life, room, SMALL, 8); break;
    default: *(uint64_t *)room = set_make(&life->stream); break; /* SIGSET, FD_SET */
    }
}

/* Room for something of that kind; what may be left out sometimes is. */
uint64_t structure_make(struct life *life, enum kind kind) {
    void *room = room_make(life, 1024);

    if (stream_once_in(&life->stream, 8))
        return 0;
    if (kind == ROBUST_LIST && stream_once_in(&life->stream, 2))
        return (uint64_t)room; /* as it is: else lists would have no end here either */
    fill(life, kind, room);
    return (uint64_t)room;
}
