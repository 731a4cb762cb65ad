/*
 * Reading commands: lexer.c makes tokens, word.c the words inside them, here.c the
 * here-documents behind them, parser.c the tree.  They share one struct parser because the
 * shell's grammar does not let them be strangers: $(...) in a word holds commands again.
 */
#ifndef SH_PARSE_H
#define SH_PARSE_H

#include "ast.h"
#include "input.h"

enum token_kind {
    TOKEN_END,
    TOKEN_NEWLINE,
    TOKEN_WORD,
    TOKEN_REDIR,
    TOKEN_AND_IF, /* && */
    TOKEN_OR_IF,  /* || */
    TOKEN_AMP,
    TOKEN_SEMI,
    TOKEN_DOUBLE_SEMI,
    TOKEN_PIPE,
    TOKEN_OPEN,
    TOKEN_CLOSE,
};

struct token {
    enum token_kind kind;
    int line;
    size_t start, end;     /* in the input's text */
    struct word *word;     /* WORD */
    enum redir_kind redir; /* REDIR */
    int fd;                /* REDIR: the descriptor it changes */
    bool strip_tabs;       /* REDIR: <<- */
};

/* A here-document whose text starts after the next newline. */
struct here_doc {
    struct here_doc *next;
    struct redir *redir;
    const char *delimiter;
    bool quoted;
    bool strip_tabs;
};

struct parser {
    struct input *input;
    struct arena *arena;
    struct token token; /* the next one, if token_ready */
    bool token_ready;
    size_t last_end; /* where the token before it ended */
    bool failed;     /* an error was reported: every token is TOKEN_END from here on */
    struct here_doc *here_docs;
};

enum parse_result {
    PARSE_COMMAND,     /* *tree is a command, NULL for an empty line */
    PARSE_END,         /* the input is at its end */
    PARSE_ERROR,       /* a syntax error was reported */
    PARSE_INTERRUPTED, /* ^C at the prompt */
};

/* Reads one complete command, to the end of its line, into ARENA. */
enum parse_result parse_command_line(struct input *input, struct arena *arena,
                                     struct node **tree);

/* The word as one piece of plain text without quotes, or NULL if it is not that. */
const char *word_literal(const struct word *word);

/* Finds NAME= at the start of a word; returns the name's length or 0. */
size_t word_assignment(const struct word *word);

/* Splits such a word into a name and a value. */
struct assignment *word_split_assignment(struct word *word, struct arena *arena);

/* Is TEXT (of LEN bytes) a variable's name? */
bool name_is_valid(const char *text, size_t len);

/* ---- shared by the parser's own files ---- */

/* Reports a syntax error, once for each command; nothing is said after ^C. */
__attribute__((format(printf, 3, 4))) void parse_error(struct parser *parser, int line,
                                                       const char *format, ...);

/* The next token; peek leaves it there. */
struct token *token_peek(struct parser *parser);
void token_skip(struct parser *parser);

/* The next character with line continuations (backslash, newline) taken out. */
int char_peek(struct parser *parser);
int char_get(struct parser *parser);

/* Reads a word that begins at the next character. */
struct word *word_read(struct parser *parser);

/* Reads TEXT as the inside of a here-document or prompt: $, ` and \ are special. */
struct word *word_from_text(const char *text, size_t len, int line, struct arena *arena,
                            bool *failed);

/* Parses up to the `)` of a command substitution and over it. */
struct node *parse_substitution(struct parser *parser);

/* Parses all of the text between backquotes. */
struct node *parse_string(struct parser *parser, const char *text, size_t len, int line);

/* Notes that the document of REDIR, ended by DELIMITER, is to be read. */
void here_doc_expect(struct parser *parser, struct redir *redir, struct word *delimiter,
                     bool strip_tabs);

/* Reads all expected documents; the newline before them has just been read. */
void here_doc_read_all(struct parser *parser);

/* The words that end a list: then, fi, done, }, ... */
bool word_is_closer(const struct word *word);

#endif
