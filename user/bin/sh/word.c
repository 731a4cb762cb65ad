/*
 * Words: quotes are resolved and $-expressions taken apart here, once, so that the
 * expansion never looks at quote characters.
 */
#include "parse.h"
#include "shell.h"

#include <ctype.h>
#include <string.h>

/* Where the text that is being read ends. */
enum scan_mode {
    SCAN_WORD,   /* before a blank or an operator */
    SCAN_DOUBLE, /* before " */
    SCAN_BRACE,  /* before } */
    SCAN_ARITH,  /* before )) */
    SCAN_TEXT,   /* at the end of the input */
};

struct builder {
    struct parser *parser;
    struct word_part **tail;
    struct strbuf text; /* characters for which there is no part yet */
    bool text_quoted;
};

static void scan(struct builder *builder, enum scan_mode mode, bool quoted);

static struct word_part *part_add(struct builder *builder, enum part_kind kind, bool quoted) {
    struct word_part *part = arena_alloc(builder->parser->arena, sizeof(*part));

    part->kind = kind;
    part->quoted = quoted;
    *builder->tail = part;
    builder->tail = &part->next;
    return part;
}

static void text_flush(struct builder *builder) {
    struct strbuf *text = &builder->text;
    struct word_part *part;

    if (text->len == 0)
        return;
    part = part_add(builder, PART_TEXT, builder->text_quoted);
    part->text = arena_strndup(builder->parser->arena, text->text, text->len);
    strbuf_truncate(text, 0);
}

static void text_add(struct builder *builder, int c, bool quoted) {
    if (builder->text_quoted != quoted)
        text_flush(builder);
    builder->text_quoted = quoted;
    strbuf_add_char(&builder->text, c);
}

/* Quotes with nothing in them still make a word. */
static void text_add_null(struct builder *builder) {
    text_flush(builder);
    part_add(builder, PART_TEXT, true)->text = "";
}

static struct word *scan_word(struct parser *parser, enum scan_mode mode, bool quoted) {
    struct word *word = arena_alloc(parser->arena, sizeof(*word));
    struct builder builder = {.parser = parser, .tail = &word->parts};

    scan(&builder, mode, quoted);
    text_flush(&builder);
    strbuf_free(&builder.text);
    return word;
}

static void scan_single(struct builder *builder) {
    struct parser *parser = builder->parser;
    int line = parser->input->line;
    int c = input_get(parser->input);

    if (c == '\'')
        text_add_null(builder);
    while (c != '\'' && c != INPUT_END) {
        text_add(builder, c, true);
        c = input_get(parser->input);
    }
    if (c == INPUT_END)
        parse_error(parser, line, "unterminated quote '");
}

static void scan_double(struct builder *builder) {
    int line = builder->parser->input->line;

    if (char_peek(builder->parser) == '"') {
        char_get(builder->parser);
        text_add_null(builder);
        return;
    }
    scan(builder, SCAN_DOUBLE, true);
    if (char_get(builder->parser) != '"')
        parse_error(builder->parser, line, "unterminated quote \"");
}

static void scan_backslash(struct builder *builder, enum scan_mode mode, bool quoted) {
    struct input *input = builder->parser->input;
    int c = input_peek(input);
    const char *special = mode == SCAN_TEXT ? "$`\\" : mode == SCAN_BRACE ? "$`\"\\}" : "$`\"\\";

    if (c == INPUT_END || (quoted && !strchr(special, c))) {
        text_add(builder, '\\', true);
        return;
    }
    text_add(builder, input_get(input), true);
}

/* Inside backquotes a backslash is taken off before $ ` and \ (and " within quotes). */
static void scan_backquote(struct builder *builder, bool quoted) {
    struct parser *parser = builder->parser;
    int line = parser->input->line;
    struct strbuf source = {0};
    struct word_part *part;
    int c;

    while ((c = input_get(parser->input)) != '`' && c != INPUT_END) {
        int next = input_peek(parser->input);

        if (c == '\\' && next != INPUT_END && strchr(quoted ? "$`\\\"" : "$`\\", next))
            c = input_get(parser->input);
        strbuf_add_char(&source, c);
    }
    text_flush(builder);
    part = part_add(builder, PART_COMMAND, quoted);
    if (c == INPUT_END)
        parse_error(parser, line, "unterminated `");
    else
        part->command = parse_string(parser, strbuf_text(&source), source.len, line);
    strbuf_free(&source);
}

static void scan_arith(struct builder *builder, bool quoted) {
    struct parser *parser = builder->parser;
    int line = parser->input->line;
    struct word_part *part;

    char_get(parser);
    text_flush(builder);
    part = part_add(builder, PART_ARITH, quoted);
    part->word = scan_word(parser, SCAN_ARITH, true);
    if (char_get(parser) != ')' || char_get(parser) != ')')
        parse_error(parser, line, "$(( without ))");
}

static const char *read_name(struct parser *parser, int *bad) {
    struct strbuf name = {0};
    const char *copy;
    int c = char_peek(parser);

    if (c != INPUT_END && strchr("@*#?-$!", c)) {
        strbuf_add_char(&name, char_get(parser));
    } else if (isdigit(c)) {
        for (; isdigit(c); c = char_peek(parser))
            strbuf_add_char(&name, char_get(parser));
    } else {
        for (; isalnum(c) || c == '_'; c = char_peek(parser))
            strbuf_add_char(&name, char_get(parser));
    }
    *bad = name.len == 0;
    copy = arena_strdup(parser->arena, strbuf_text(&name));
    strbuf_free(&name);
    return copy;
}

static enum param_op read_trim_operator(struct parser *parser, int c) {
    bool longest = char_peek(parser) == c;

    if (longest)
        char_get(parser);
    if (c == '#')
        return longest ? PARAM_PREFIX_LONG : PARAM_PREFIX;
    return longest ? PARAM_SUFFIX_LONG : PARAM_SUFFIX;
}

/* Reads the operator of ${name op word}; PARAM_PLAIN when there is none. */
static enum param_op read_operator(struct parser *parser, struct word_part *part) {
    int c = char_peek(parser);

    if (c == ':') {
        part->null_counts = true;
        char_get(parser);
        c = char_peek(parser);
    } else if (c == '#' || c == '%') {
        return read_trim_operator(parser, char_get(parser));
    }
    if (c == INPUT_END || !strchr("-=+?", c))
        return PARAM_PLAIN;
    char_get(parser);
    return c == '-'   ? PARAM_DEFAULT
           : c == '=' ? PARAM_ASSIGN
           : c == '+' ? PARAM_ALTERNATIVE
                      : PARAM_ERROR;
}

static bool length_wanted(struct parser *parser) {
    int c;

    if (char_peek(parser) != '#')
        return false;
    c = input_look(parser->input, 1);
    return isalnum(c) || c == '_' || (c != INPUT_END && strchr("@*#?-$!", c));
}

static void scan_braces(struct builder *builder, bool quoted) {
    struct parser *parser = builder->parser;
    int line = parser->input->line;
    struct word_part *part;
    int bad;

    text_flush(builder);
    part = part_add(builder, PART_PARAM, quoted);
    if (length_wanted(parser)) {
        char_get(parser);
        part->op = PARAM_LENGTH;
    }
    part->text = read_name(parser, &bad);
    if (!bad && part->op == PARAM_PLAIN) {
        part->op = read_operator(parser, part);
        if (part->op != PARAM_PLAIN) {
            bool is_trim = part->op >= PARAM_PREFIX;
            part->word = scan_word(parser, SCAN_BRACE, quoted && !is_trim);
        }
    }
    if (char_peek(parser) == INPUT_END)
        parse_error(parser, line, "unterminated ${");
    else if (bad || char_get(parser) != '}')
        parse_error(parser, line, "bad substitution");
}

static void scan_dollar(struct builder *builder, bool quoted) {
    struct parser *parser = builder->parser;
    int c = char_peek(parser);
    struct word_part *part;
    int bad;

    if (c == '(') {
        char_get(parser);
        if (char_peek(parser) == '(') {
            scan_arith(builder, quoted);
            return;
        }
        text_flush(builder);
        part = part_add(builder, PART_COMMAND, quoted);
        part->command = parse_substitution(parser);
    } else if (c == '{') {
        char_get(parser);
        scan_braces(builder, quoted);
    } else if (isdigit(c)) {
        char digit = char_get(parser);

        text_flush(builder);
        part = part_add(builder, PART_PARAM, quoted);
        part->text = arena_strndup(parser->arena, &digit, 1);
    } else if (c != INPUT_END && (isalpha(c) || strchr("_@*#?-$!", c))) {
        text_flush(builder);
        part = part_add(builder, PART_PARAM, quoted);
        part->text = read_name(parser, &bad);
    } else {
        text_add(builder, '$', quoted);
    }
}

static bool scan_is_over(enum scan_mode mode, int c, int *depth) {
    switch (mode) {
    case SCAN_WORD:
        return strchr(" \t\n&|;()<>", c) != NULL;
    case SCAN_DOUBLE:
        return c == '"';
    case SCAN_BRACE:
        return c == '}';
    case SCAN_ARITH:
        *depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        return *depth < 0;
    default:
        return false;
    }
}

static void scan(struct builder *builder, enum scan_mode mode, bool quoted) {
    struct parser *parser = builder->parser;
    int depth = 0;
    int c;

    if (shell_stack_is_low())
        parse_error(parser, parser->input->line, "nested too deeply");
    while (!parser->failed && (c = char_peek(parser)) != INPUT_END) {
        if (scan_is_over(mode, c, &depth))
            break;
        input_get(parser->input);
        if (c == '\\')
            scan_backslash(builder, mode, quoted);
        else if (c == '\'' && !quoted)
            scan_single(builder);
        else if (c == '"' && (mode == SCAN_WORD || mode == SCAN_BRACE))
            scan_double(builder);
        else if (c == '$')
            scan_dollar(builder, quoted);
        else if (c == '`')
            scan_backquote(builder, quoted);
        else
            text_add(builder, c, quoted);
    }
}

struct word *word_read(struct parser *parser) {
    return scan_word(parser, SCAN_WORD, false);
}

struct word *word_from_text(const char *text, size_t len, int line, struct arena *arena,
                            bool *failed) {
    struct input input;
    struct parser parser = {.input = &input, .arena = arena};
    struct word *word;

    input_from_string(&input, text, len, line);
    word = scan_word(&parser, SCAN_TEXT, true);
    *failed = parser.failed;
    input_free(&input);
    return word;
}
