/* Compound commands: ( ) { } if while until for case. */
#include "parser.h"

#include <string.h>

/* A list that must not be empty. */
static struct node *parse_body(struct parser *parser) {
    struct node *body = parse_list(parser);

    if (!body)
        parse_unexpected(parser, "a command");
    return body;
}

static struct node *parse_subshell(struct parser *parser) {
    struct node *node = node_new(parser, NODE_SUBSHELL);

    token_skip(parser);
    node->body = parse_body(parser);
    if (token_peek(parser)->kind != TOKEN_CLOSE)
        parse_unexpected(parser, ")");
    token_skip(parser);
    return node;
}

static struct node *parse_group(struct parser *parser) {
    struct node *node = node_new(parser, NODE_GROUP);

    token_skip(parser);
    node->body = parse_body(parser);
    keyword_expect(parser, "}");
    return node;
}

/* `if` or `elif`, up to its list; elif hangs another IF into `otherwise`. */
static struct node *parse_branch(struct parser *parser) {
    struct node *node = node_new(parser, NODE_IF);

    token_skip(parser);
    node->condition = parse_body(parser);
    keyword_expect(parser, "then");
    node->body = parse_body(parser);
    return node;
}

static struct node *parse_if(struct parser *parser) {
    struct node *node = parse_branch(parser);
    struct node *last = node;

    while (token_is_keyword(parser, "elif")) {
        last->otherwise = parse_branch(parser);
        last = last->otherwise;
    }
    if (keyword_accept(parser, "else"))
        last->otherwise = parse_body(parser);
    keyword_expect(parser, "fi");
    return node;
}

static struct node *parse_do_group(struct parser *parser) {
    struct node *body;

    keyword_expect(parser, "do");
    body = parse_body(parser);
    keyword_expect(parser, "done");
    return body;
}

static struct node *parse_loop(struct parser *parser, enum node_kind kind) {
    struct node *node = node_new(parser, kind);

    token_skip(parser);
    node->condition = parse_body(parser);
    node->body = parse_do_group(parser);
    return node;
}

static const char *parse_name(struct parser *parser) {
    struct token *token = token_peek(parser);
    const char *name = token->kind == TOKEN_WORD ? word_literal(token->word) : NULL;

    if (!name || !name_is_valid(name, strlen(name)))
        parse_unexpected(parser, "a name");
    token_skip(parser);
    return name;
}

static struct node *parse_for(struct parser *parser) {
    struct node *node = node_new(parser, NODE_FOR);
    struct word **tail = &node->words;

    token_skip(parser);
    node->text = parse_name(parser);
    newlines_skip(parser);
    if (keyword_accept(parser, "in")) {
        while (token_peek(parser)->kind == TOKEN_WORD) {
            *tail = token_peek(parser)->word;
            tail = &(*tail)->next;
            token_skip(parser);
        }
    } else {
        node->positional = true;
    }
    if (token_peek(parser)->kind == TOKEN_SEMI)
        token_skip(parser);
    newlines_skip(parser);
    node->body = parse_do_group(parser);
    return node;
}

static struct case_item *parse_case_item(struct parser *parser) {
    struct case_item *item = arena_alloc(parser->arena, sizeof(*item));
    struct word **tail = &item->patterns;
    bool more = true;

    if (token_peek(parser)->kind == TOKEN_OPEN)
        token_skip(parser);
    while (more) {
        if (token_peek(parser)->kind != TOKEN_WORD)
            parse_unexpected(parser, "a pattern");
        *tail = token_peek(parser)->word;
        token_skip(parser);
        more = token_peek(parser)->kind == TOKEN_PIPE && *tail;
        if (more) {
            tail = &(*tail)->next;
            token_skip(parser);
        }
    }
    if (token_peek(parser)->kind != TOKEN_CLOSE)
        parse_unexpected(parser, ")");
    token_skip(parser);
    item->body = parse_list(parser);
    return item;
}

static struct node *parse_case(struct parser *parser) {
    struct node *node = node_new(parser, NODE_CASE);
    struct case_item **tail = &node->cases;

    token_skip(parser);
    if (token_peek(parser)->kind != TOKEN_WORD)
        parse_unexpected(parser, "a word");
    node->words = token_peek(parser)->word;
    token_skip(parser);
    newlines_skip(parser);
    keyword_expect(parser, "in");
    newlines_skip(parser);
    while (!parser->failed && !token_is_keyword(parser, "esac")) {
        *tail = parse_case_item(parser);
        tail = &(*tail)->next;
        if (token_peek(parser)->kind != TOKEN_DOUBLE_SEMI)
            break;
        token_skip(parser);
        newlines_skip(parser);
    }
    keyword_expect(parser, "esac");
    return node;
}

struct node *parse_compound(struct parser *parser) {
    if (token_peek(parser)->kind == TOKEN_OPEN)
        return parse_subshell(parser);
    if (token_is_keyword(parser, "{"))
        return parse_group(parser);
    if (token_is_keyword(parser, "if"))
        return parse_if(parser);
    if (token_is_keyword(parser, "while"))
        return parse_loop(parser, NODE_WHILE);
    if (token_is_keyword(parser, "until"))
        return parse_loop(parser, NODE_UNTIL);
    if (token_is_keyword(parser, "for"))
        return parse_for(parser);
    if (token_is_keyword(parser, "case"))
        return parse_case(parser);
    return NULL;
}
