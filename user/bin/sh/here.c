/* Here-documents: their text stands behind the line that asks for them. */
#include "parse.h"

#include <string.h>

/* The delimiter with its quotes removed; *QUOTED when there were any. */
static const char *delimiter_text(struct parser *parser, struct word *word, bool *quoted) {
    struct strbuf text = {0};
    const char *copy;

    *quoted = false;
    for (struct word_part *part = word->parts; part; part = part->next) {
        if (part->kind == PART_PARAM && part->op == PARAM_PLAIN)
            strbuf_add_char(&text, '$');
        else if (part->kind != PART_TEXT)
            parse_error(parser, parser->input->line, "bad here-document delimiter");
        strbuf_add_str(&text, part->text ? part->text : "");
        *quoted |= part->quoted;
    }
    copy = arena_strdup(parser->arena, strbuf_text(&text));
    strbuf_free(&text);
    return copy;
}

void here_doc_expect(struct parser *parser, struct redir *redir, struct word *delimiter,
                     bool strip_tabs) {
    struct here_doc *doc = arena_alloc(parser->arena, sizeof(*doc));
    struct here_doc **tail = &parser->here_docs;

    doc->redir = redir;
    doc->strip_tabs = strip_tabs;
    doc->delimiter = delimiter_text(parser, delimiter, &doc->quoted);
    while (*tail)
        tail = &(*tail)->next;
    *tail = doc;
}

/* Appends the next line to TEXT; false at the end of the input. */
static bool read_line(struct parser *parser, struct strbuf *text, bool strip_tabs) {
    struct input *input = parser->input;
    int c;

    while (strip_tabs && input_peek(input) == '\t')
        input_get(input);
    if (input_peek(input) == INPUT_END)
        return false;
    do {
        c = input_get(input);
        if (c != INPUT_END)
            strbuf_add_char(text, c);
    } while (c != INPUT_END && c != '\n');
    return true;
}

static bool is_delimiter(const char *line, const char *delimiter) {
    size_t len = strlen(delimiter);

    return strncmp(line, delimiter, len) == 0 && (line[len] == '\n' || line[len] == '\0');
}

/* Does an odd number of backslashes and a newline end the line at START? */
static bool is_continued(const struct strbuf *text, size_t start) {
    size_t end = text->len;
    bool odd = false;

    if (end == start || text->text[end - 1] != '\n')
        return false;
    for (end--; end > start && text->text[end - 1] == '\\'; end--)
        odd = !odd;
    return odd;
}

static void here_doc_read(struct parser *parser, struct here_doc *doc) {
    int line = parser->input->line;
    struct strbuf text = {0};
    struct word *word;
    bool continued = false;
    bool failed = false;

    for (;;) {
        size_t start = text.len;

        if (!read_line(parser, &text, doc->strip_tabs && !continued))
            break;
        if (!continued && is_delimiter(text.text + start, doc->delimiter)) {
            strbuf_truncate(&text, start);
            break;
        }
        continued = !doc->quoted && is_continued(&text, start);
    }
    if (doc->quoted) {
        word = arena_alloc(parser->arena, sizeof(*word));
        word->parts = arena_alloc(parser->arena, sizeof(*word->parts));
        word->parts->quoted = true;
        word->parts->text = arena_strdup(parser->arena, strbuf_text(&text));
    } else {
        word = word_from_text(strbuf_text(&text), text.len, line, parser->arena, &failed);
    }
    parser->failed |= failed;
    doc->redir->word = word;
    strbuf_free(&text);
}

void here_doc_read_all(struct parser *parser) {
    struct here_doc *doc = parser->here_docs;

    parser->here_docs = NULL;
    for (; doc; doc = doc->next)
        here_doc_read(parser, doc);
}
