// Between the files of tty/. "Locked": tty->lock is held.
#ifndef TTY_TTY_INTERNAL_H
#define TTY_TTY_INTERNAL_H

#include <fs/file.h>
#include <tty/tty.h>

static inline bool tty_canonical(const struct tty *tty) { return tty->termios.c_lflag & ICANON; }

// --- tty.c

// What a file's position is: how often the terminal had been hung up when it was opened, or this.
#define TTY_LASTING UINT64_MAX

static inline bool tty_hung_up(const struct file *file) {
    const struct tty *tty = file->private;
    return file->position != tty->hang_ups && file->position != TTY_LASTING;
}

// Opens it by its own name, which may make it the caller's controlling terminal. 0 or -EIO.
int must_check tty_open(struct tty *tty, struct file *file);

// --- pty.c
void pty_init(void);

// --- output.c

// Room in the device that writers leave for echo.
enum { ECHO_RESERVE = 256 };

// Puts as much of `text` as the device takes out, processed as c_oflag says: how many
// characters of `text` went. Locked.
size_t output_put(struct tty *tty, const char *text, size_t size);

// The same for echo: what does not fit is lost.
void output_echo(struct tty *tty, const char *text, size_t size);

// Waits until everything is sent: 0 or -EINTR. Sleeps.
int must_check output_drain(struct tty *tty);

// Would a write without waiting put anything out now? Locked.
bool tty_writable(struct tty *tty);

// ^S and ^Q. Locked.
void output_stop(struct tty *tty, bool stop);

// --- edit.c (locked)

// Shows `c` as ECHO and ECHOCTL say.
void edit_echo(struct tty *tty, char c);

// Adds an ordinary character to the line being edited, with echo; a bell if it is full.
void edit_add(struct tty *tty, char c);

void edit_erase(struct tty *tty);
void edit_erase_word(struct tty *tty);
void edit_kill(struct tty *tty);
void edit_reprint(struct tty *tty);

// --- discipline.c (locked)

// Is there something that read may return now?
bool tty_readable(const struct tty *tty);

// After every change of the input: stops or restarts the device's delivery.
void tty_flow_update(struct tty *tty);

void tty_input_flush(struct tty *tty);

// --- session.c

// Makes it the controlling terminal of the caller's session: 0, or -EPERM. With `steal` also
// if it is another session's.
int must_check tty_session_take(struct tty *tty, bool steal);
int must_check tty_session_leave(struct tty *tty);

// May the caller read (SIGTTIN), or write or change settings (SIGTTOU)? 0; a background process is
// sent the signal and gets -EINTR, or -EIO where that would not stop it. One that ignores or blocks
// SIGTTOU may.
int must_check tty_background_check(struct tty *tty, int signal);

// Is it the controlling terminal of the caller?
bool tty_controls_caller(const struct tty *tty);

// TIOCSPGRP: 0, -ENOTTY, -EPERM, -EINVAL, or as tty_background_check.
int must_check tty_foreground_set(struct tty *tty, int32_t group);

// Sends `signal` to the foreground group. Not locked.
void tty_foreground_signal(struct tty *tty, int signal);

#endif
