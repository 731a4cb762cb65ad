// Pseudo-terminals: a terminal whose device is a program that has /dev/ptmx open (the master).
#ifndef TTY_PTY_H
#define TTY_PTY_H

#include <abi/time.h>
#include <lib/list.h>
#include <tty/tty_internal.h>

enum { PTY_OUTPUT_SIZE = 4096 };        // a power of 2

// tty.lock guards what has no other owner.
struct pty {
    struct tty tty;
    char *output;               // a ring: what was written to the terminal and the master has not read
    uint32_t head, tail;        // bytes ever written and read
    struct wait_queue readable; // the master waits for output
    struct wait_queue room;     // ... or for the terminal to take input
    bool locked;                // by TIOCSPTLCK: the terminal cannot be opened
    bool left;                  // nobody had it open any more once: the master is told while it is so
    bool listed;                // has a name: the master is open. The list's lock
    uint32_t number;
    struct list node;           // on the list of all, by number
    uint32_t mode, uid, gid;    // of its node while that is in no inode
    struct timespec made;
};

// The pty behind a terminal.
static inline struct pty *pty_of(struct tty *tty) { return container_of(tty, struct pty, tty); }

static inline uint32_t pty_output_used(const struct pty *pty) { return pty->head - pty->tail; }

// A new one with the lowest free number, locked, for the caller; with one reference. NULL: no memory.
struct pty *pty_create(void);

// The master is gone: so is the name, and whoever uses the terminal is told.
void pty_master_gone(struct pty *pty);

// The pty of that number, with a reference, or NULL. The first from *number on: true, and its number.
struct pty *pty_find(uint32_t number);
bool pty_next(uint32_t *number);

extern const struct file_ops pty_master_file_ops;       // pty_master.c
extern const struct file_ops pty_slave_file_ops;        // of inodes whose private is the pty

void devpts_register(void);             // devpts.c

#endif
