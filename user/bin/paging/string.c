/* Reference strings: given, random, looping. */
#include "paging.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../common/cmd.h"

/* Room for one name more. */
static void name_add(unsigned long **names, size_t *length, unsigned long name) {
    if ((*length & (*length - 1)) == 0)
        *names = cmd_realloc(*names, (*length ? 2 * *length : 1) * sizeof(**names));
    (*names)[(*length)++] = name;
}

static int names_compare(const void *a, const void *b) {
    unsigned long left = *(const unsigned long *)a, right = *(const unsigned long *)b;
    return (left > right) - (left < right);
}

/* The different names, in order: how many. */
static size_t names_unique(unsigned long *names, size_t length) {
    size_t count = 0;
    qsort(names, length, sizeof(*names), names_compare);
    for (size_t i = 0; i < length; i++)
        if (i == 0 || names[i] != names[count - 1])
            names[count++] = names[i];
    return count;
}

/* From behind, so that it is known where each page comes again. */
static void next_find(struct string *string) {
    size_t *seen = cmd_alloc(string->pages * sizeof(*seen));
    for (size_t page = 0; page < string->pages; page++)
        seen[page] = string->length;
    for (size_t i = string->length; i-- > 0;) {
        struct reference *reference = &string->references[i];
        reference->next = seen[reference->page];
        seen[reference->page] = i;
    }
    free(seen);
}

/* Takes `names` over. */
static struct string string_make(unsigned long *names, size_t length) {
    struct string string = { .length = length };
    string.names = cmd_alloc(length * sizeof(*names));
    memcpy(string.names, names, length * sizeof(*names));
    string.pages = names_unique(string.names, length);
    string.references = cmd_alloc(length * sizeof(*string.references));
    for (size_t i = 0; i < length; i++) {
        const unsigned long *name = bsearch(&names[i], string.names, string.pages, sizeof(*name),
                                            names_compare);
        string.references[i].page = name - string.names;
    }
    next_find(&string);
    free(names);
    return string;
}

static void word_parse(const char *word, unsigned long **names, size_t *length) {
    for (const char *at = word; *at;) {
        char *end;
        errno = 0;
        unsigned long name = strtoul(at, &end, 10);
        size_t gap = strspn(end, ", ");
        if (*at < '0' || *at > '9' || errno || (*end && !gap))
            cmd_die("not a page number: '%s'", word);
        name_add(names, length, name);
        at = end + gap;
    }
}

struct string string_given(char **words) {
    unsigned long *names = NULL;
    size_t length = 0;
    while (*words)
        word_parse(*words++, &names, &length);
    if (!length)
        cmd_die("there is no page in the reference string");
    return string_make(names, length);
}

struct string string_random(size_t length, size_t pages, unsigned seed) {
    unsigned long *names = cmd_alloc(length * sizeof(*names));
    srandom(seed);
    for (size_t i = 0; i < length; i++)
        names[i] = (unsigned long)random() % pages;
    return string_make(names, length);
}

struct string string_loop(size_t length, size_t pages) {
    unsigned long *names = cmd_alloc(length * sizeof(*names));
    for (size_t i = 0; i < length; i++)
        names[i] = i % pages;
    return string_make(names, length);
}
