/* The line on the screen: see display.h. */
#include "display.h"
#include "terminal.h"

#include <string.h>
#include <unistd.h>

enum { LEAST_ROOM = 8 };

bool is_continuation(char byte) {
    return (byte & 0xc0) == 0x80;
}

/* Columns that LEN bytes take: one for each character. */
static size_t columns(const char *text, size_t len) {
    size_t count = 0;

    for (size_t i = 0; i < len; i++)
        count += !is_continuation(text[i]);
    return count;
}

/* Columns of a prompt, in which escape sequences (ESC [ ... letter) take none. */
static size_t prompt_columns(const char *prompt) {
    size_t count = 0;

    while (*prompt) {
        if (prompt[0] == '\033' && prompt[1] == '[') {
            prompt += 2;
            prompt += strspn(prompt, "0123456789;?");
            prompt += *prompt != '\0';
        } else {
            count += !is_continuation(*prompt++);
        }
    }
    return count;
}

static void flush(struct display *display) {
    (void)!write(STDERR_FILENO, strbuf_text(&display->output), display->output.len);
    strbuf_truncate(&display->output, 0);
}

static void measure(struct display *display, size_t width) {
    size_t used = prompt_columns(display->prompt) % width + 1;

    display->width = width;
    display->room = width > used + LEAST_ROOM ? width - used : LEAST_ROOM;
}

void display_start(struct display *display, const char *prompt) {
    const char *last_line = strrchr(prompt, '\n');

    memset(display, 0, sizeof(*display));
    display->prompt = last_line ? last_line + 1 : prompt;
    measure(display, terminal_width());
    strbuf_add_str(&display->output, prompt);
    flush(display);
}

/* Moves the screen's cursor to the byte TO of what is shown. */
static void move(struct display *display, size_t to) {
    const char *shown = strbuf_text(&display->shown);

    if (to >= display->cursor) {
        strbuf_add(&display->output, shown + display->cursor, to - display->cursor);
    } else {
        size_t back = columns(shown + to, display->cursor - to);

        while (back-- > 0)
            strbuf_add_char(&display->output, '\b');
    }
    display->cursor = to;
}

static void fill(struct strbuf *output, char c, size_t count) {
    while (count-- > 0)
        strbuf_add_char(output, c);
}

/* Replaces what is shown, writing only from the first difference on. */
static void show(struct display *display, const char *text, size_t len) {
    struct strbuf *shown = &display->shown;
    size_t same = 0;
    size_t old_columns, new_columns;

    while (same < len && same < shown->len && text[same] == shown->text[same])
        same++;
    while (same > 0 && ((same < len && is_continuation(text[same])) ||
                        (same < shown->len && is_continuation(shown->text[same]))))
        same--;
    if (same == len && same == shown->len)
        return;
    move(display, same);
    old_columns = columns(strbuf_text(shown) + same, shown->len - same);
    new_columns = columns(text + same, len - same);
    strbuf_add(&display->output, text + same, len - same);
    if (old_columns > new_columns) {
        fill(&display->output, ' ', old_columns - new_columns);
        fill(&display->output, '\b', old_columns - new_columns);
    }
    strbuf_truncate(shown, same);
    strbuf_add(shown, text + same, len - same);
    display->cursor = len;
}

/* Where in TEXT one is COUNT characters before AT. */
static size_t step_back(const char *text, size_t at, size_t count) {
    while (at > 0 && count > 0) {
        at--;
        count -= !is_continuation(text[at]);
    }
    return at;
}

/* Scrolls so that the cursor is visible, with something to both sides of it. */
static void scroll(struct display *display, const char *text, size_t len, size_t cursor) {
    size_t room = display->room;

    if (columns(text, len) <= room)
        display->first = 0;
    else if (cursor < display->first ||
             columns(text + display->first, cursor - display->first) > room)
        display->first = step_back(text, cursor, room / 2);
}

static size_t visible_end(const struct display *display, const char *text, size_t len) {
    size_t end = display->first;
    size_t count = 0;

    while (end < len && (is_continuation(text[end]) || count < display->room))
        count += !is_continuation(text[end++]);
    return end;
}

/* A copy with every control character replaced, as it would move the cursor. */
static void make_printable(struct strbuf *copy, const struct strbuf *text) {
    for (size_t i = 0; i < text->len; i++) {
        unsigned char c = text->text[i];

        strbuf_add_char(copy, c < ' ' || c == 0x7f ? '?' : c);
    }
}

/* The terminal has broken the line or not, and left the cursor nobody knows where in it: what was
 * shown is made blank, as far as it fits now, and the prompt is written again. */
static void resize(struct display *display, size_t width) {
    struct strbuf *shown = &display->shown;

    measure(display, width);
    strbuf_truncate(shown, shown->len < display->room ? shown->len : display->room);
    if (shown->len > 0)
        memset(shown->text, '\0', shown->len);
    display->cursor = 0;
    strbuf_add_char(&display->output, '\r');
    strbuf_add_str(&display->output, display->prompt);
}

void display_update(struct display *display, const struct strbuf *text, size_t cursor) {
    size_t width = terminal_width();
    struct strbuf copy = {0};
    const char *printable;
    size_t end;

    if (width != display->width)
        resize(display, width);
    make_printable(&copy, text);
    printable = strbuf_text(&copy);
    scroll(display, printable, copy.len, cursor);
    end = visible_end(display, printable, copy.len);
    show(display, printable + display->first, end - display->first);
    move(display, cursor - display->first);
    flush(display);
    strbuf_free(&copy);
}

void display_finish(struct display *display, const struct strbuf *text, const char *suffix) {
    struct strbuf copy = {0};

    make_printable(&copy, text);
    if (columns(strbuf_text(&copy), copy.len) > display->room) {
        strbuf_add_char(&display->output, '\r');
        strbuf_add_str(&display->output, display->prompt);
        strbuf_add_str(&display->output, strbuf_text(&copy));
    } else {
        move(display, display->shown.len);
    }
    strbuf_add_str(&display->output, suffix);
    flush(display);
    strbuf_free(&copy);
}

void display_again(struct display *display) {
    strbuf_truncate(&display->shown, 0);
    display->cursor = 0;
    strbuf_add_str(&display->output, display->prompt);
}

void display_free(struct display *display) {
    strbuf_free(&display->shown);
    strbuf_free(&display->output);
}
