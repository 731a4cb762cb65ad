// What has been typed: lines that are complete, and behind them the one being edited.
#ifndef TTY_INPUT_H
#define TTY_INPUT_H

#include <debug/panic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TTY_INPUT_SIZE = 4096 };         // a power of 2; also the longest line, as on Linux

// A ring. Positions are counted without end: read <= line <= head <= read + TTY_INPUT_SIZE.
// [read, line) can be read, [line, head) is being edited (canonical mode only). A mark stands
// at the last character of each complete line. A marked NUL is an end of file: it ends the
// line but is not part of it. The terminal's lock guards it.
struct tty_input {
    char *ring;
    uint8_t *marks;             // a bit for each character of the ring
    uint32_t read, line, head;
    uint32_t marked;            // marks in the ring
};

int must_check input_init(struct tty_input *input);     // 0 or -ENOMEM; may sleep
void input_free(struct tty_input *input);
void input_clear(struct tty_input *input);

static inline size_t input_used(const struct tty_input *input) {
    return input->head - input->read;
}
static inline bool input_editing(const struct tty_input *input) {
    return input->head != input->line;
}

// The character at a position between read and head.
static inline char input_at(const struct tty_input *input, uint32_t position) {
    return input->ring[position % TTY_INPUT_SIZE];
}

// Adds a character to the line being edited: false when there is no room. The last place is
// kept for the character that ends the line.
bool input_add(struct tty_input *input, char c);

// Adds `c` and ends the line with it; '\0' for an end of file. False when there is no room.
bool input_end_line(struct tty_input *input, char c);

// What is being edited can be read, without an end of line (raw mode).
void input_commit(struct tty_input *input);

// Takes the last character of the line being edited away; there must be one.
void input_unadd(struct tty_input *input);

// Bytes that can be read (canonical: in complete lines).
size_t input_readable(const struct tty_input *input);

// After a change of ICANON: what is in the ring can be read in the new mode.
void input_mode_changed(struct tty_input *input, bool canonical);

// The next readable bytes that lie together, at most `limit`; in canonical mode none from
// beyond the end of the line. `ends`: the last of them ends the line.
struct input_span {
    const char *text;
    size_t size;
    bool ends;
};
struct input_span input_span(const struct tty_input *input, size_t limit, bool canonical);

// Takes `size` bytes of a span away.
void input_consume(struct tty_input *input, size_t size);

// Takes an end of file away, if it is what comes next.
bool input_take_end_of_file(struct tty_input *input);

#endif
