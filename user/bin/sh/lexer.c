/* Tokens: operators, and words (which word.c reads). */
#include "parse.h"
#include "shell.h"

#include <ctype.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void parse_error(struct parser *parser, int line, const char *format, ...) {
    char message[160];
    va_list args;

    if (!parser->failed && !parser->input->interrupted) {
        va_start(args, format);
        vsnprintf(message, sizeof(message), format, args);
        va_end(args);
        shell_error_at(line, "syntax error: %s", message);
    }
    parser->failed = true;
}

int char_peek(struct parser *parser) {
    struct input *input = parser->input;
    int c = input_peek(input);

    while (c == '\\' && input_look(input, 1) == '\n') {
        input_get(input);
        input_get(input);
        c = input_peek(input);
    }
    return c;
}

int char_get(struct parser *parser) {
    char_peek(parser);
    return input_get(parser->input);
}

static bool char_accept(struct parser *parser, int wanted) {
    if (char_peek(parser) != wanted)
        return false;
    char_get(parser);
    return true;
}

static void skip_blanks(struct parser *parser) {
    int c = char_peek(parser);

    while (c == ' ' || c == '\t') {
        char_get(parser);
        c = char_peek(parser);
    }
    if (c != '#')
        return;
    /* A comment's backslash does not continue its line. */
    while (c != '\n' && c != INPUT_END) {
        input_get(parser->input);
        c = input_peek(parser->input);
    }
}

static enum redir_kind read_input_operator(struct parser *parser, struct token *token) {
    token->fd = token->fd < 0 ? 0 : token->fd;
    if (char_accept(parser, '&'))
        return REDIR_DUP;
    if (char_accept(parser, '>'))
        return REDIR_READWRITE;
    if (!char_accept(parser, '<'))
        return REDIR_INPUT;
    token->strip_tabs = char_accept(parser, '-');
    return REDIR_HERE;
}

static enum redir_kind read_output_operator(struct parser *parser, struct token *token) {
    token->fd = token->fd < 0 ? 1 : token->fd;
    if (char_accept(parser, '&'))
        return REDIR_DUP;
    if (char_accept(parser, '|'))
        return REDIR_CLOBBER;
    return char_accept(parser, '>') ? REDIR_APPEND : REDIR_OUTPUT;
}

/* Digits right before < or > are a descriptor: reads them, or returns -1. */
static int read_io_number(struct parser *parser) {
    size_t len = 0;
    long fd = 0;
    int c = char_peek(parser);

    while (isdigit(c)) {
        fd = fd < INT_MAX ? fd * 10 + (c - '0') : INT_MAX;
        c = input_look(parser->input, ++len);
    }
    if (len == 0 || (c != '<' && c != '>'))
        return -1;
    while (len-- > 0)
        input_get(parser->input);
    return fd < INT_MAX ? fd : INT_MAX;
}

static enum token_kind read_redir(struct parser *parser, struct token *token) {
    if (char_get(parser) == '<')
        token->redir = read_input_operator(parser, token);
    else
        token->redir = read_output_operator(parser, token);
    return TOKEN_REDIR;
}

static enum token_kind read_operator(struct parser *parser) {
    switch (char_get(parser)) {
    case INPUT_END:
        return TOKEN_END;
    case '&':
        return char_accept(parser, '&') ? TOKEN_AND_IF : TOKEN_AMP;
    case '|':
        return char_accept(parser, '|') ? TOKEN_OR_IF : TOKEN_PIPE;
    case ';':
        return char_accept(parser, ';') ? TOKEN_DOUBLE_SEMI : TOKEN_SEMI;
    case '(':
        return TOKEN_OPEN;
    case ')':
        return TOKEN_CLOSE;
    default:
        return TOKEN_NEWLINE;
    }
}

static void token_read(struct parser *parser, struct token *token) {
    int c;

    memset(token, 0, sizeof(*token));
    skip_blanks(parser);
    c = char_peek(parser);
    token->line = parser->input->line;
    token->start = parser->input->pos;
    token->fd = read_io_number(parser);
    if (token->fd >= 0 || c == '<' || c == '>') {
        token->kind = read_redir(parser, token);
    } else if (c == INPUT_END || strchr("&|;()\n", c)) {
        token->kind = read_operator(parser);
    } else {
        token->kind = TOKEN_WORD;
        token->word = word_read(parser);
    }
    token->end = parser->input->pos;
    if (token->kind == TOKEN_NEWLINE && parser->here_docs)
        here_doc_read_all(parser);
}

struct token *token_peek(struct parser *parser) {
    struct token token;

    /* Reading a word may parse a whole $(...), which uses parser->token itself. */
    if (!parser->token_ready && !parser->failed) {
        token_read(parser, &token);
        parser->token = token;
        parser->token_ready = true;
    }
    if (parser->failed) {
        memset(&parser->token, 0, sizeof(parser->token));
        parser->token.kind = TOKEN_END;
        parser->token.line = parser->input->line;
    }
    return &parser->token;
}

void token_skip(struct parser *parser) {
    token_peek(parser);
    parser->last_end = parser->token.end;
    parser->token_ready = false;
}
