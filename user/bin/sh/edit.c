/* The line editor: keys and what they do to the line. */
#include "edit.h"
#include "editor.h"
#include "terminal.h"
#include "trap.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define CTRL(letter) ((letter) & 0x1f)

/* Keys that are more than one byte. */
enum {
    KEY_END_OF_INPUT = -1,
    KEY_UP = 256,
    KEY_DOWN,
    KEY_LEFT,
    KEY_RIGHT,
    KEY_HOME,
    KEY_END,
    KEY_DELETE,
    KEY_WORD_LEFT,
    KEY_WORD_RIGHT,
    KEY_UNKNOWN,
};

static struct strbuf killed; /* what ^Y brings back */

/* One byte at a time: what is typed ahead belongs to the commands. */
static int read_byte(void) {
    unsigned char byte;
    ssize_t got;

    do
        got = read(STDIN_FILENO, &byte, 1);
    while (got < 0 && errno == EINTR && !trap_hung_up());
    return got == 1 ? byte : KEY_END_OF_INPUT;
}

static int key_from_number(int number) {
    switch (number) {
    case 1:
    case 7:
        return KEY_HOME;
    case 3:
        return KEY_DELETE;
    case 4:
    case 8:
        return KEY_END;
    default:
        return KEY_UNKNOWN;
    }
}

static int key_from_letter(int letter, bool modified) {
    switch (letter) {
    case 'A':
        return KEY_UP;
    case 'B':
        return KEY_DOWN;
    case 'C':
        return modified ? KEY_WORD_RIGHT : KEY_RIGHT;
    case 'D':
        return modified ? KEY_WORD_LEFT : KEY_LEFT;
    case 'H':
        return KEY_HOME;
    case 'F':
        return KEY_END;
    default:
        return KEY_UNKNOWN;
    }
}

/* After ESC: [ or O, numbers separated by semicolons, and a letter or ~. */
static int read_escape(void) {
    int first = 0;
    bool modified = false;
    int byte = read_byte();

    if (byte == 'b' || byte == 'f')
        return byte == 'b' ? KEY_WORD_LEFT : KEY_WORD_RIGHT;
    if (byte != '[' && byte != 'O')
        return byte == KEY_END_OF_INPUT ? byte : KEY_UNKNOWN;
    byte = read_byte();
    while ((byte >= '0' && byte <= '9') || byte == ';') {
        modified |= byte == ';';
        if (!modified && first < 100)
            first = first * 10 + byte - '0';
        byte = read_byte();
    }
    if (byte == KEY_END_OF_INPUT)
        return byte;
    return byte == '~' ? key_from_number(first) : key_from_letter(byte, modified);
}

static int read_key(void) {
    int byte = read_byte();

    return byte == '\033' ? read_escape() : byte;
}

void editor_insert(struct editor *editor, const char *text, size_t len) {
    strbuf_splice(&editor->text, editor->cursor, 0, text, len);
    editor->cursor += len;
}

/* A character of several bytes is taken whole, so that it is shown whole. */
static void insert_key(struct editor *editor, int byte) {
    int more = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : byte >= 0xc0 ? 1 : 0;
    char bytes[4] = {byte};
    size_t len = 1;

    if (byte < ' ' || byte > 255)
        return;
    while (more-- > 0 && (byte = read_byte()) >= ' ')
        bytes[len++] = byte;
    editor_insert(editor, bytes, len);
}

static size_t char_left(const struct editor *editor) {
    size_t at = editor->cursor;

    if (at > 0)
        at--;
    while (at > 0 && is_continuation(editor->text.text[at]))
        at--;
    return at;
}

static size_t char_right(const struct editor *editor) {
    size_t at = editor->cursor;

    if (at < editor->text.len)
        at++;
    while (at < editor->text.len && is_continuation(editor->text.text[at]))
        at++;
    return at;
}

static size_t word_left(const struct editor *editor) {
    const char *text = strbuf_text(&editor->text);
    size_t at = editor->cursor;

    while (at > 0 && text[at - 1] == ' ')
        at--;
    while (at > 0 && text[at - 1] != ' ')
        at--;
    return at;
}

static size_t word_right(const struct editor *editor) {
    const char *text = strbuf_text(&editor->text);
    size_t at = editor->cursor;

    while (at < editor->text.len && text[at] == ' ')
        at++;
    while (at < editor->text.len && text[at] != ' ')
        at++;
    return at;
}

/* Takes out the bytes between FROM and TO; with KEEP for ^Y to bring back. */
static void cut(struct editor *editor, size_t from, size_t to, bool keep) {
    if (from == to)
        return;
    if (keep) {
        strbuf_truncate(&killed, 0);
        strbuf_add(&killed, editor->text.text + from, to - from);
    }
    strbuf_splice(&editor->text, from, to - from, "", 0);
    editor->cursor = from;
}

static void set_text(struct editor *editor, const char *text) {
    strbuf_truncate(&editor->text, 0);
    strbuf_add_str(&editor->text, text);
    editor->cursor = editor->text.len;
}

static void show_history(struct editor *editor, size_t index) {
    if (editor->history_at == history_count()) {
        strbuf_truncate(&editor->draft, 0);
        strbuf_add_str(&editor->draft, strbuf_text(&editor->text));
    }
    editor->history_at = index;
    set_text(editor, index < history_count() ? history_get(index) : strbuf_text(&editor->draft));
}

static void clear_screen(struct editor *editor) {
    if (!terminal_is_smart())
        return;
    strbuf_add_str(&editor->display.output, "\033[H\033[2J");
    display_again(&editor->display);
}

static void move_key(struct editor *editor, int key) {
    switch (key) {
    case KEY_LEFT:
    case CTRL('B'):
        editor->cursor = char_left(editor);
        break;
    case KEY_RIGHT:
    case CTRL('F'):
        editor->cursor = char_right(editor);
        break;
    case KEY_HOME:
    case CTRL('A'):
        editor->cursor = 0;
        break;
    case KEY_END:
    case CTRL('E'):
        editor->cursor = editor->text.len;
        break;
    case KEY_WORD_LEFT:
        editor->cursor = word_left(editor);
        break;
    case KEY_WORD_RIGHT:
        editor->cursor = word_right(editor);
        break;
    case KEY_UP:
    case CTRL('P'):
        if (editor->history_at > 0)
            show_history(editor, editor->history_at - 1);
        break;
    case KEY_DOWN:
    case CTRL('N'):
        if (editor->history_at < history_count())
            show_history(editor, editor->history_at + 1);
        break;
    }
}

/* Does what KEY means. */
static void edit_key(struct editor *editor, int key) {
    bool again = editor->was_unclear;

    editor->was_unclear = false;
    switch (key) {
    case CTRL('H'):
    case 0x7f:
        cut(editor, char_left(editor), editor->cursor, false);
        break;
    case KEY_DELETE:
    case CTRL('D'):
        cut(editor, editor->cursor, char_right(editor), false);
        break;
    case CTRL('K'):
        cut(editor, editor->cursor, editor->text.len, true);
        break;
    case CTRL('U'):
        cut(editor, 0, editor->cursor, true);
        break;
    case CTRL('W'):
        cut(editor, word_left(editor), editor->cursor, true);
        break;
    case CTRL('Y'):
        editor_insert(editor, strbuf_text(&killed), killed.len);
        break;
    case CTRL('L'):
        clear_screen(editor);
        break;
    case '\t':
        editor_complete(editor, again);
        break;
    default:
        move_key(editor, key);
        insert_key(editor, key);
    }
}

static enum edit_result edit_until_done(struct editor *editor) {
    for (;;) {
        int key = read_key();

        if (key == '\n' || key == '\r')
            return EDIT_LINE;
        if (key == CTRL('C'))
            return EDIT_INTERRUPT;
        if (key == KEY_END_OF_INPUT || (key == CTRL('D') && editor->text.len == 0))
            return EDIT_END;
        edit_key(editor, key);
        display_update(&editor->display, &editor->text, editor->cursor);
    }
}

/* Without a terminal: the prompt, and a line as it comes. */
static enum edit_result read_plain(const char *prompt, struct strbuf *line) {
    size_t before = line->len;
    int byte;

    (void)!write(STDERR_FILENO, prompt, strlen(prompt));
    while ((byte = read_byte()) != KEY_END_OF_INPUT) {
        if (byte != '\0')
            strbuf_add_char(line, byte);
        if (byte == '\n')
            return EDIT_LINE;
    }
    return line->len > before ? EDIT_LINE : EDIT_END;
}

enum edit_result edit_line(const char *prompt, struct strbuf *line) {
    struct editor editor = {.history_at = history_count()};
    enum edit_result result;

    if (!terminal_raw())
        return read_plain(prompt, line);
    display_start(&editor.display, prompt);
    result = edit_until_done(&editor);
    display_finish(&editor.display, &editor.text, result == EDIT_INTERRUPT ? "^C\n" : "\n");
    terminal_cooked();
    if (result == EDIT_LINE) {
        history_add(strbuf_text(&editor.text));
        strbuf_add(line, strbuf_text(&editor.text), editor.text.len);
        strbuf_add_char(line, '\n');
    }
    display_free(&editor.display);
    strbuf_free(&editor.text);
    strbuf_free(&editor.draft);
    return result;
}
