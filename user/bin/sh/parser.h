/* What parser.c and compound.c, the two halves of the grammar, share. */
#ifndef SH_PARSER_H
#define SH_PARSER_H

#include "parse.h"

/* A node of KIND at the next token's line. */
struct node *node_new(struct parser *parser, enum node_kind kind);

/* Reports the next token as a syntax error; EXPECTED may be NULL. */
void parse_unexpected(struct parser *parser, const char *expected);

/* Reserved words are words that stand alone, unquoted, where a command may begin. */
bool token_is_keyword(struct parser *parser, const char *keyword);
bool keyword_accept(struct parser *parser, const char *keyword);
void keyword_expect(struct parser *parser, const char *keyword);

void newlines_skip(struct parser *parser);

/* Commands up to, but not over, something that ends a list; NULL when there are none. */
struct node *parse_list(struct parser *parser);

/* One command with its redirections. */
struct node *parse_command(struct parser *parser);

/* A compound command without its redirections, or NULL if none begins here. */
struct node *parse_compound(struct parser *parser);

void parse_redirs(struct parser *parser, struct redir **tail);

#endif
