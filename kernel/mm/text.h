// A text that grows on the heap: what the entries of /proc are made of.
#ifndef MM_TEXT_H
#define MM_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct text {
    char *bytes;
    size_t length, room;
    bool failed;                    // there was no memory: the rest is missing
};

// Appends. May sleep: hold no spinlock, unless text_reserve has made room before.
void text_printf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

// For a text that is made in pieces: is this piece large enough? There is room for what belongs to the
// last line. A piece takes one frame, since larger blocks may be missing.
#define TEXT_PIECE 4096
static inline bool text_full(const struct text *text) { return text->length > TEXT_PIECE - 640; }

// Makes room for `size` bytes more: false without memory. May sleep.
bool text_reserve(struct text *text, size_t size);

void text_free(struct text *text);

#endif
