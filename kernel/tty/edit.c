// The line being edited, and its picture on the screen.
#include <tty/tty_internal.h>

enum { DELETE = 0x7f };

static bool is_control(char c) { return (unsigned char)c < ' ' || c == DELETE; }

// In UTF-8, a byte that continues a character.
static bool is_continuation(const struct tty *tty, char c) {
    return (tty->termios.c_iflag & IUTF8) && (c & 0xc0) == 0x80;
}

static bool echoes(const struct tty *tty) { return tty->termios.c_lflag & ECHO; }

void edit_echo(struct tty *tty, char c) {
    if (c == '\n' && (tty->termios.c_lflag & ECHONL) && tty_canonical(tty)) {
        output_echo(tty, &c, 1);
    } else if (echoes(tty)) {
        char shown[2] = { '^', (char)(c ^ 0x40) };
        bool as_two = is_control(c) && c != '\n' && c != '\t' &&
                      (tty->termios.c_lflag & ECHOCTL);
        output_echo(tty, as_two ? shown : &c, as_two ? 2 : 1);
    }
}

// The column behind the line being edited: it is shown from line_column on.
static unsigned line_end_column(const struct tty *tty) {
    unsigned column = tty->line_column;
    for (uint32_t at = tty->input.line; at != tty->input.head; at++) {
        char c = input_at(&tty->input, at);
        if (c == '\t')
            column = (column | 7) + 1;
        else if (is_control(c))
            column += tty->termios.c_lflag & ECHOCTL ? 2 : 0;
        else if (!is_continuation(tty, c))
            column++;
    }
    return column;
}

// Takes the last character away, all its bytes; returns the first of them.
static char unadd(struct tty *tty) {
    char c;
    do {
        c = input_at(&tty->input, tty->input.head - 1);
        input_unadd(&tty->input);
    } while (is_continuation(tty, c) && input_editing(&tty->input));
    return c;
}

// Wipes the last columns, down to `until`.
static void wipe(struct tty *tty, unsigned from, unsigned until) {
    if (echoes(tty))
        for (; from > until; from--)
            output_echo(tty, "\b \b", 3);
}

void edit_add(struct tty *tty, char c) {
    if (!input_editing(&tty->input))
        tty->line_column = tty->column;
    if (input_add(&tty->input, c))
        edit_echo(tty, c);
    else if (tty->termios.c_iflag & IMAXBEL)
        output_echo(tty, "\a", 1);
}

void edit_erase(struct tty *tty) {
    if (!input_editing(&tty->input))
        return;
    unsigned before = line_end_column(tty);
    unadd(tty);
    if (tty->termios.c_lflag & ECHOE)
        wipe(tty, before, line_end_column(tty));
    else
        edit_echo(tty, (char)tty->termios.c_cc[VERASE]);
}

static bool is_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           c == '_' || (c & 0x80);
}

// Whatever stands behind the last word, and the word.
void edit_erase_word(struct tty *tty) {
    unsigned before = line_end_column(tty);
    bool word_seen = false;
    while (input_editing(&tty->input)) {
        bool word = is_word(input_at(&tty->input, tty->input.head - 1));
        if (word_seen && !word)
            break;
        word_seen = word_seen || word;
        unadd(tty);
    }
    wipe(tty, before, line_end_column(tty));
}

void edit_kill(struct tty *tty) {
    unsigned before = line_end_column(tty);
    bool had_text = input_editing(&tty->input);
    while (input_editing(&tty->input))
        input_unadd(&tty->input);
    if (tty->termios.c_lflag & ECHOKE) {
        if (had_text)
            wipe(tty, before, line_end_column(tty));
        return;
    }
    edit_echo(tty, (char)tty->termios.c_cc[VKILL]);
    if (tty->termios.c_lflag & ECHOK)
        output_echo(tty, "\n", 1);
}

void edit_reprint(struct tty *tty) {
    edit_echo(tty, (char)tty->termios.c_cc[VREPRINT]);
    edit_echo(tty, '\n');
    tty->line_column = 0;
    for (uint32_t at = tty->input.line; at != tty->input.head; at++)
        edit_echo(tty, input_at(&tty->input, at));
}
