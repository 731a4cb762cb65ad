/*
 * Where commands come from: a string, a file, or a person at a terminal.  Text arrives
 * whole lines at a time and stays until input_begin, so that looking ahead within a line
 * and quoting the source of the current command cost nothing.
 */
#ifndef SH_INPUT_H
#define SH_INPUT_H

#include "mem.h"

#include <stdbool.h>
#include <stddef.h>

enum { INPUT_END = -1 };

enum input_kind { INPUT_STRING, INPUT_FILE, INPUT_PROMPT };

struct input {
    enum input_kind kind;
    struct strbuf text; /* the lines of the current command */
    size_t pos;         /* the next character of text */
    int line;           /* its line number */
    bool ended;
    bool interrupted; /* PROMPT: ^C was typed; reads as the end until input_begin */
    bool continued;   /* PROMPT: the command has begun, ask with PS2 */
    int fd;           /* FILE */
    size_t block_size, block_used, block_len;
    char block[512];
};

/* LINE is the number of the first line of TEXT, which is copied. */
void input_from_string(struct input *input, const char *text, size_t len, int line);

/* Reads FD.  With SHARED a byte at a time, so that the commands that run find everything
 * behind their own line still unread. */
void input_from_file(struct input *input, int fd, bool shared);

/* Reads standard input, a terminal, with prompt and line editing. */
void input_from_prompt(struct input *input);

void input_free(struct input *input);

/* A new command begins here: forgets the text before. */
void input_begin(struct input *input);

/* Throws away the rest of the line, after a syntax error at a prompt. */
void input_discard(struct input *input);

/* The next character, or INPUT_END; peek leaves it where it is. */
int input_peek(struct input *input);
int input_get(struct input *input);

/* The character AHEAD places after the next one, as far as the current line reaches. */
int input_look(struct input *input, size_t ahead);

#endif
