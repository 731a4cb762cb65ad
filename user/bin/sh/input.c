/* Input: see input.h. */
#include "input.h"
#include "edit.h"
#include "expand.h"
#include "shell.h"
#include "vars.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static void input_init(struct input *input, enum input_kind kind) {
    memset(input, 0, sizeof(*input));
    input->kind = kind;
    input->line = 1;
}

void input_from_string(struct input *input, const char *text, size_t len, int line) {
    input_init(input, INPUT_STRING);
    strbuf_add(&input->text, text, len);
    input->line = line;
    input->ended = true;
}

void input_from_file(struct input *input, int fd, bool shared) {
    input_init(input, INPUT_FILE);
    input->fd = fd;
    input->block_size = shared ? 1 : sizeof(input->block);
}

void input_from_prompt(struct input *input) {
    input_init(input, INPUT_PROMPT);
}

void input_free(struct input *input) {
    strbuf_free(&input->text);
}

void input_begin(struct input *input) {
    if (input->kind == INPUT_PROMPT) {
        input->interrupted = false;
        input->continued = false;
        input->ended = false;   /* a ^D in the middle of a command ended that alone */
    }
    if (input->kind == INPUT_STRING || input->pos == 0)
        return;
    strbuf_splice(&input->text, 0, input->pos, "", 0);
    input->pos = 0;
}

void input_discard(struct input *input) {
    input->pos = input->text.len;
}

static int block_next(struct input *input) {
    ssize_t got;

    if (input->block_used == input->block_len) {
        do
            got = read(input->fd, input->block, input->block_size);
        while (got < 0 && errno == EINTR);
        if (got <= 0)
            return INPUT_END;
        input->block_len = got;
        input->block_used = 0;
    }
    return (unsigned char)input->block[input->block_used++];
}

static void fill_from_file(struct input *input) {
    int c;

    do {
        c = block_next(input);
        if (c == INPUT_END)
            input->ended = true;
        else if (c != '\0')
            strbuf_add_char(&input->text, c);
    } while (c != INPUT_END && c != '\n');
}

static void fill_from_prompt(struct input *input) {
    const char *name = input->continued ? "PS2" : "PS1";
    struct arena *scratch = arena_new();
    const char *format = var_get(name);
    const char *prompt = format ? expand_prompt(format, scratch) : "";

    switch (edit_line(prompt, &input->text)) {
    case EDIT_LINE:
        break;
    case EDIT_INTERRUPT:
        input->interrupted = true;
        break;
    case EDIT_END:
        input->ended = true;
        break;
    }
    input->continued = true;
    arena_put(scratch);
}

/* Gets one more line, unless the text is at its end. */
static void input_fill(struct input *input) {
    size_t before = input->text.len;

    if (input->kind == INPUT_FILE)
        fill_from_file(input);
    else if (input->kind == INPUT_PROMPT)
        fill_from_prompt(input);
    if (shell.options.verbose && input->text.len > before)
        (void)!write(STDERR_FILENO, input->text.text + before, input->text.len - before);
}

int input_peek(struct input *input) {
    if (input->pos == input->text.len && !input->ended && !input->interrupted)
        input_fill(input);
    if (input->pos == input->text.len)
        return INPUT_END;
    return (unsigned char)input->text.text[input->pos];
}

int input_get(struct input *input) {
    int c = input_peek(input);

    if (c == INPUT_END)
        return c;
    input->pos++;
    if (c == '\n')
        input->line++;
    return c;
}

int input_look(struct input *input, size_t ahead) {
    if (input->pos + ahead >= input->text.len)
        return INPUT_END;
    return (unsigned char)input->text.text[input->pos + ahead];
}
