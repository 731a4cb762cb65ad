// Terminals: what stands between a device that carries characters and the programs that
// read and write it.
//
// Input comes from the device in interrupt context (tty_receive), passes the line discipline
// (discipline.c, edit.c) and waits in the ring (input.c) for read. Output of write and of echo
// goes through output.c straight into the device's own ring; a writer sleeps while that
// is full. Lock order: tty->lock > the device's lock. Nothing that may fault happens under it.
#ifndef TTY_TTY_H
#define TTY_TTY_H

#include <abi/termios.h>
#include <debug/panic.h>
#include <sched/wait.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sync/spinlock.h>
#include <tty/input.h>

struct file;
struct inode;
struct poll_item;
struct tty;
struct uio;

// The device behind a terminal. All but `free` are called with tty->lock held; none sleeps.
struct tty_device_ops {
    size_t (*write)(struct tty *tty, const char *text, size_t size);   // how many it took
    size_t (*room)(struct tty *tty);            // how many it would take
    bool (*output_empty)(struct tty *tty);
    void (*throttle)(struct tty *tty, bool on); // deliver no input until told otherwise
    void (*abandoned)(struct tty *tty);         // no file is open any more. NULL: does not matter
    void (*free)(struct tty *tty);              // no reference is left. NULL: it is always there
};

struct tty {
    const struct tty_device_ops *ops;
    uint32_t refs;              // atomic: files, sessions, and the device
    struct spinlock lock;       // guards all below; taken in interrupts
    uint64_t hang_ups;          // so far: files that were opened before the last are dead
    uint32_t files;             // open since then
    bool gone;                  // the device is: nothing can be opened
    struct termios termios;
    struct winsize window;
    struct tty_input input;
    struct wait_queue readers;  // for something to read
    struct wait_queue writers;  // for room in the device, or for it to be empty
    struct wait_queue turn;     // for `writing` to become false
    bool writing;               // somebody is in the middle of a write
    bool stopped;               // by ^S: writers wait
    bool throttled;             // the device delivers no input
    bool literal;               // the next character has no meaning (^V)
    unsigned column;            // where the cursor is, as far as we know
    unsigned line_column;       // ... and was when the line being edited began
    uint32_t number;            // as a device
    uint32_t session;           // whose controlling terminal it is; 0: nobody's
    uint32_t foreground;        // process group; 0: none
};

// Registers /dev/console, /dev/tty and /dev/ttyS0 on the UART. After devices_init and fs_init.
void tty_init(void);

// A terminal with the usual settings and one reference: 0 or -ENOMEM. May sleep.
int must_check tty_setup(struct tty *tty, const struct tty_device_ops *ops);

void tty_hold(struct tty *tty);
void tty_put(struct tty *tty);          // never sleeps

// Connects a file that is being opened: 0, or -EIO when the device is gone. `lasting`: hanging up
// does not reach it (/dev/console, the other side of a pseudo-terminal). Never sleeps.
int must_check tty_file_open(struct tty *tty, struct file *file, bool lasting);
void tty_file_release(struct file *file);       // the release operation of its files

// All files that are open now are dead: reads give the end of file, all else fails (-EIO). `gone`:
// it cannot be opened again either. Never sleeps.
void tty_hang_up(struct tty *tty, bool gone);

// For devices, in interrupt context and without their lock: a character came in; there is
// room for output again, or all of it is sent.
void tty_receive(struct tty *tty, char c);
void tty_drained(struct tty *tty);

// The operations of a terminal's files, by the contracts of struct file_ops.
long tty_read(struct file *file, struct uio *uio, uint64_t *position);
long tty_write(struct file *file, struct uio *uio, uint64_t *position);
long tty_ioctl(struct file *file, uint32_t command, uint64_t argument);
uint16_t tty_poll(struct file *file, struct poll_item *item);

// For proc/, when the leader of `session` exits: the terminal is hung up, the foreground group gets
// SIGHUP and SIGCONT, and another session may take it. Never sleeps.
void tty_session_end(struct tty *tty, uint32_t session);

// For /proc/PID/stat.
void tty_look(const struct tty *tty, uint32_t *device, uint32_t *foreground);

#endif
