/* Questions about words: plain text, names, NAME=VALUE. */
#include "parse.h"

#include <ctype.h>
#include <string.h>

const char *word_literal(const struct word *word) {
    const struct word_part *part = word->parts;

    if (!part || part->next || part->kind != PART_TEXT || part->quoted)
        return NULL;
    return part->text;
}

bool name_is_valid(const char *text, size_t len) {
    if (len == 0 || isdigit((unsigned char)text[0]))
        return false;
    for (size_t i = 0; i < len; i++) {
        if (!isalnum((unsigned char)text[i]) && text[i] != '_')
            return false;
    }
    return true;
}

size_t word_assignment(const struct word *word) {
    const struct word_part *part = word->parts;
    const char *equals;

    if (!part || part->kind != PART_TEXT || part->quoted)
        return 0;
    equals = strchr(part->text, '=');
    if (!equals || !name_is_valid(part->text, equals - part->text))
        return 0;
    return equals - part->text;
}

struct assignment *word_split_assignment(struct word *word, struct arena *arena) {
    struct assignment *assignment = arena_alloc(arena, sizeof(*assignment));
    struct word_part *part = word->parts;
    size_t len = word_assignment(word);

    assignment->name = arena_strndup(arena, part->text, len);
    part->text += len + 1;
    if (*part->text == '\0')
        word->parts = part->next;
    assignment->value = word;
    return assignment;
}
