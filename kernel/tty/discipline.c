// The line discipline: what an incoming character means. Runs in interrupt context.
#include <abi/signal.h>
#include <tty/tty_internal.h>

enum { INPUT_HIGH = TTY_INPUT_SIZE / 4 * 3, INPUT_LOW = TTY_INPUT_SIZE / 4 };

bool tty_readable(const struct tty *tty) {
    return tty_canonical(tty) ? tty->input.marked > 0 : tty->input.read != tty->input.line;
}

// A ring that fills up stops the device, so that pasted text is not lost, but only while
// there is something to read: else nobody could ever end the line.
void tty_flow_update(struct tty *tty) {
    size_t limit = tty->throttled ? INPUT_LOW + 1 : INPUT_HIGH;
    bool full = input_used(&tty->input) >= limit && tty_readable(tty);
    if (full != tty->throttled) {
        tty->throttled = full;
        tty->ops->throttle(tty, full);
    }
}

void tty_input_flush(struct tty *tty) {
    input_clear(&tty->input);
    tty_flow_update(tty);
}

// Is `c` the control character `which`? '\0' disables it.
static bool is(const struct tty *tty, char c, unsigned which) {
    cc_t control = tty->termios.c_cc[which];
    return control != _POSIX_VDISABLE && control == (unsigned char)c;
}

static int signal_of(const struct tty *tty, char c) {
    if (!(tty->termios.c_lflag & ISIG))
        return 0;
    return is(tty, c, VINTR) ? SIGINT : is(tty, c, VQUIT) ? SIGQUIT
         : is(tty, c, VSUSP) ? SIGTSTP : 0;
}

// Handles the characters that stop and restart output. True if `c` was one.
static bool flow_control(struct tty *tty, char c) {
    tcflag_t flags = tty->termios.c_iflag;
    if (!(flags & IXON))
        return false;
    bool start = is(tty, c, VSTART), stop = is(tty, c, VSTOP);
    if (stop && !(start && tty->stopped))       // the two may be one character
        output_stop(tty, true);
    else if (start || (tty->stopped && (flags & IXANY)))
        output_stop(tty, false);
    return start || stop;
}

// c_iflag's translations: the character, or -1 if there is none left.
static int input_translate(const struct tty *tty, char c) {
    tcflag_t flags = tty->termios.c_iflag;
    if (flags & ISTRIP)
        c &= 0x7f;
    if (c == '\r' && (flags & IGNCR))
        return -1;
    if (c == '\r' && (flags & ICRNL))
        return '\n';
    if (c == '\n' && (flags & INLCR))
        return '\r';
    return (unsigned char)c;
}

static void line_end(struct tty *tty, char c) {
    if (c)                      // an end of file is not shown
        edit_echo(tty, c);
    if (input_end_line(&tty->input, c))
        wake_all(&tty->readers);
}

static void receive_canonical(struct tty *tty, char c) {
    bool extended = tty->termios.c_lflag & IEXTEN;
    if (is(tty, c, VERASE)) {
        edit_erase(tty);
    } else if (is(tty, c, VKILL)) {
        edit_kill(tty);
    } else if (is(tty, c, VWERASE) && extended) {
        edit_erase_word(tty);
    } else if (is(tty, c, VREPRINT) && extended) {
        edit_reprint(tty);
    } else if (is(tty, c, VLNEXT) && extended) {
        tty->literal = true;
        if (tty->termios.c_lflag & ECHO)
            output_echo(tty, "^\b", 2);
    } else if (is(tty, c, VEOF)) {
        line_end(tty, '\0');
    } else if (c == '\n' || is(tty, c, VEOL) || (is(tty, c, VEOL2) && extended)) {
        line_end(tty, c);
    } else {
        edit_add(tty, c);
    }
}

static void receive_raw(struct tty *tty, char c) {
    edit_add(tty, c);
    input_commit(&tty->input);
    wake_all(&tty->readers);
}

// Locked. Returns the signal that the foreground group is to get, or 0.
static int receive(struct tty *tty, char incoming) {
    if (tty->literal) {
        tty->literal = false;
        edit_add(tty, incoming);
        return 0;
    }
    if (flow_control(tty, incoming))
        return 0;
    int c = input_translate(tty, incoming);
    if (c < 0)
        return 0;
    int signal = signal_of(tty, (char)c);
    if (signal) {
        if (!(tty->termios.c_lflag & NOFLSH))
            input_clear(&tty->input);
        output_stop(tty, false);
        edit_echo(tty, (char)c);
    } else if (tty_canonical(tty)) {
        receive_canonical(tty, (char)c);
    } else {
        receive_raw(tty, (char)c);
    }
    return signal;
}

void tty_receive(struct tty *tty, char c) {
    spin_lock(&tty->lock);
    int signal = receive(tty, c);
    tty_flow_update(tty);
    spin_unlock(&tty->lock);
    if (signal)                 // takes the locks of proc/, so not under ours
        tty_foreground_signal(tty, signal);
}
