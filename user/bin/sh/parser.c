/*
 * The grammar, by recursive descent:
 *
 *   list      and_or { (; | & | newline) and_or }
 *   and_or    pipeline { (&& | ||) pipeline }
 *   pipeline  [!] command { "|" command }
 *   command   simple | compound redirections | name ( ) compound
 *
 * compound.c has the commands that contain lists.
 */
#include "parser.h"
#include "shell.h"

#include <string.h>

struct node *node_new(struct parser *parser, enum node_kind kind) {
    struct node *node = arena_alloc(parser->arena, sizeof(*node));

    node->kind = kind;
    node->line = token_peek(parser)->line;
    return node;
}

static const char *token_name(const struct token *token) {
    static const char *const names[] = {
        [TOKEN_END] = "end of file", [TOKEN_NEWLINE] = "newline", [TOKEN_REDIR] = "redirection",
        [TOKEN_AND_IF] = "&&",       [TOKEN_OR_IF] = "||",        [TOKEN_AMP] = "&",
        [TOKEN_SEMI] = ";",          [TOKEN_DOUBLE_SEMI] = ";;",  [TOKEN_PIPE] = "|",
        [TOKEN_OPEN] = "(",          [TOKEN_CLOSE] = ")",
    };
    const char *text;

    if (token->kind != TOKEN_WORD)
        return names[token->kind];
    text = word_literal(token->word);
    return text ? text : "word";
}

void parse_unexpected(struct parser *parser, const char *expected) {
    struct token *token = token_peek(parser);
    const char *name = token_name(token);

    if (expected)
        parse_error(parser, token->line, "unexpected %.60s (expecting %s)", name, expected);
    else
        parse_error(parser, token->line, "unexpected %.60s", name);
}

bool token_is_keyword(struct parser *parser, const char *keyword) {
    struct token *token = token_peek(parser);
    const char *text = token->kind == TOKEN_WORD ? word_literal(token->word) : NULL;

    return text && strcmp(text, keyword) == 0;
}

bool keyword_accept(struct parser *parser, const char *keyword) {
    if (!token_is_keyword(parser, keyword))
        return false;
    token_skip(parser);
    return true;
}

void keyword_expect(struct parser *parser, const char *keyword) {
    if (!keyword_accept(parser, keyword))
        parse_unexpected(parser, keyword);
}

bool word_is_closer(const struct word *word) {
    static const char *const closers[] = {"then", "else", "elif", "fi",
                                          "do",   "done", "esac", "}"};
    const char *text = word_literal(word);

    for (size_t i = 0; text && i < sizeof(closers) / sizeof(closers[0]); i++) {
        if (strcmp(text, closers[i]) == 0)
            return true;
    }
    return false;
}

static struct redir *parse_redir(struct parser *parser) {
    struct token token = *token_peek(parser);
    struct redir *redir = arena_alloc(parser->arena, sizeof(*redir));
    struct token *target;

    redir->kind = token.redir;
    redir->fd = token.fd;
    redir->line = token.line;
    token_skip(parser);
    target = token_peek(parser);
    if (target->kind != TOKEN_WORD) {
        parse_unexpected(parser, "a file name");
        return redir;
    }
    redir->word = target->word;
    if (redir->kind == REDIR_HERE)
        here_doc_expect(parser, redir, target->word, token.strip_tabs);
    token_skip(parser);
    return redir;
}

void parse_redirs(struct parser *parser, struct redir **tail) {
    while (token_peek(parser)->kind == TOKEN_REDIR) {
        *tail = parse_redir(parser);
        tail = &(*tail)->next;
    }
}

static struct node *parse_function(struct parser *parser, struct node *node) {
    const char *name = word_literal(node->words);

    token_skip(parser);
    if (token_peek(parser)->kind != TOKEN_CLOSE)
        parse_unexpected(parser, ")");
    token_skip(parser);
    if (!name || !name_is_valid(name, strlen(name)))
        parse_error(parser, node->line, "bad function name");
    newlines_skip(parser);
    node->kind = NODE_FUNCTION;
    node->text = name;
    node->words = NULL;
    node->arena = parser->arena;
    node->body = parse_command(parser);
    return node;
}

static struct node *parse_simple(struct parser *parser) {
    struct node *node = node_new(parser, NODE_SIMPLE);
    struct assignment **assignments = &node->assignments;
    struct redir **redirs = &node->redirs;
    struct word **words = &node->words;
    struct token *token;

    while ((token = token_peek(parser))->kind == TOKEN_WORD || token->kind == TOKEN_REDIR) {
        if (token->kind == TOKEN_REDIR) {
            *redirs = parse_redir(parser);
            redirs = &(*redirs)->next;
            continue;
        }
        if (!node->words && word_assignment(token->word)) {
            *assignments = word_split_assignment(token->word, parser->arena);
            assignments = &(*assignments)->next;
        } else {
            *words = token->word;
            words = &token->word->next;
        }
        token_skip(parser);
        if (token_peek(parser)->kind == TOKEN_OPEN && node->words && !node->words->next &&
            !node->assignments && !node->redirs)
            return parse_function(parser, node);
    }
    if (!node->words && !node->assignments && !node->redirs)
        parse_unexpected(parser, NULL);
    return node;
}

struct node *parse_command(struct parser *parser) {
    struct node *node;

    if (shell_stack_is_low())
        parse_error(parser, parser->input->line, "nested too deeply");
    node = parse_compound(parser);
    if (node) {
        parse_redirs(parser, &node->redirs);
        return node;
    }
    if (token_is_keyword(parser, "!") ||
        (token_peek(parser)->kind == TOKEN_WORD && word_is_closer(token_peek(parser)->word)))
        parse_unexpected(parser, NULL);
    return parse_simple(parser);
}

/* The source of what was parsed since START, for messages about the job that it becomes. */
static char *source_since(struct parser *parser, size_t start) {
    size_t end = parser->last_end;

    return arena_strndup(parser->arena, parser->input->text.text + start,
                         end > start ? end - start : 0);
}

/* Puts a node that may get brothers and sisters into one of KIND. */
static struct node *wrap(struct parser *parser, enum node_kind kind, struct node *child) {
    struct node *node = node_new(parser, kind);

    node->line = child->line;
    node->children = child;
    return node;
}

static bool is_job(const struct node *node) {
    return node->kind == NODE_SIMPLE || node->kind == NODE_SUBSHELL || node->kind == NODE_PIPELINE;
}

static struct node *parse_pipeline(struct parser *parser) {
    bool negated = keyword_accept(parser, "!");
    size_t start = token_peek(parser)->start;
    struct node *node = parse_command(parser);
    struct node *last = node;

    if (token_peek(parser)->kind == TOKEN_PIPE)
        node = wrap(parser, NODE_PIPELINE, node);
    while (token_peek(parser)->kind == TOKEN_PIPE) {
        token_skip(parser);
        newlines_skip(parser);
        last->next = parse_command(parser);
        last = last->next;
    }
    if (shell.job_control && is_job(node))
        node->text = source_since(parser, start);
    return negated ? wrap(parser, NODE_NOT, node) : node;
}

static bool token_is_and_or(struct parser *parser) {
    enum token_kind kind = token_peek(parser)->kind;

    return kind == TOKEN_AND_IF || kind == TOKEN_OR_IF;
}

static struct node *parse_and_or(struct parser *parser) {
    struct node *node = parse_pipeline(parser);
    struct node *last = node;

    if (token_is_and_or(parser))
        node = wrap(parser, NODE_AND_OR, node);
    while (token_is_and_or(parser)) {
        bool or_else = token_peek(parser)->kind == TOKEN_OR_IF;

        token_skip(parser);
        newlines_skip(parser);
        last->next = parse_pipeline(parser);
        last = last->next;
        last->or_else = or_else;
    }
    return node;
}

/* One member of a list with the `;` or `&` behind it; *MORE if another may follow. */
static struct node *parse_member(struct parser *parser, bool *more) {
    size_t start = token_peek(parser)->start;
    struct node *node = parse_and_or(parser);
    enum token_kind kind = token_peek(parser)->kind;

    if (kind == TOKEN_AMP) {
        node = wrap(parser, NODE_BACKGROUND, node);
        node->text = source_since(parser, start);
    }
    *more = kind == TOKEN_AMP || kind == TOKEN_SEMI;
    if (*more)
        token_skip(parser);
    return node;
}

void newlines_skip(struct parser *parser) {
    while (token_peek(parser)->kind == TOKEN_NEWLINE)
        token_skip(parser);
}

static bool list_is_over(struct parser *parser) {
    struct token *token = token_peek(parser);

    return token->kind == TOKEN_END || token->kind == TOKEN_CLOSE ||
           token->kind == TOKEN_DOUBLE_SEMI ||
           (token->kind == TOKEN_WORD && word_is_closer(token->word));
}

struct node *parse_list(struct parser *parser) {
    struct node *first = NULL;
    struct node **tail = &first;
    bool more = true;

    newlines_skip(parser);
    while (more && !list_is_over(parser)) {
        *tail = parse_member(parser, &more);
        tail = &(*tail)->next;
        more |= token_peek(parser)->kind == TOKEN_NEWLINE;
        newlines_skip(parser);
    }
    return first && first->next ? wrap(parser, NODE_LIST, first) : first;
}

struct node *parse_substitution(struct parser *parser) {
    int line = parser->input->line;
    struct node *node;

    node = parse_list(parser);
    if (token_peek(parser)->kind == TOKEN_END)
        parse_error(parser, line, "$( without )");
    else if (token_peek(parser)->kind != TOKEN_CLOSE)
        parse_unexpected(parser, ")");
    parser->token_ready = false;
    return node;
}

struct node *parse_string(struct parser *parser, const char *text, size_t len, int line) {
    struct input input;
    struct parser inner = {.input = &input, .arena = parser->arena};
    struct node *node;

    input_from_string(&input, text, len, line);
    node = parse_list(&inner);
    if (token_peek(&inner)->kind != TOKEN_END)
        parse_unexpected(&inner, NULL);
    here_doc_read_all(&inner);
    parser->failed |= inner.failed;
    input_free(&input);
    return node;
}

enum parse_result parse_command_line(struct input *input, struct arena *arena,
                                     struct node **tree) {
    struct parser parser = {.input = input, .arena = arena};
    struct node **tail = tree;
    bool more = true;

    *tree = NULL;
    input_begin(input);
    if (token_peek(&parser)->kind == TOKEN_END && !parser.failed)
        return input->interrupted ? PARSE_INTERRUPTED : PARSE_END;
    while (more && token_peek(&parser)->kind != TOKEN_NEWLINE &&
           token_peek(&parser)->kind != TOKEN_END) {
        *tail = parse_member(&parser, &more);
        tail = &(*tail)->next;
    }
    if (token_peek(&parser)->kind != TOKEN_NEWLINE && token_peek(&parser)->kind != TOKEN_END)
        parse_unexpected(&parser, NULL);
    here_doc_read_all(&parser);
    if (*tree && (*tree)->next)
        *tree = wrap(&parser, NODE_LIST, *tree);
    if (input->interrupted)
        return PARSE_INTERRUPTED;
    return parser.failed ? PARSE_ERROR : PARSE_COMMAND;
}
