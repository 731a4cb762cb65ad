#include <lib/format.h>
#include <lib/string.h>
#include <mm/heap.h>
#include <mm/text.h>
#include <stdarg.h>

#define FIRST_ROOM 512

bool text_reserve(struct text *text, size_t size) {
    size_t room = text->room ? text->room : FIRST_ROOM;
    while (room - text->length < size + 1)
        room *= 2;
    if (room == text->room)
        return true;
    char *bytes = kmalloc(room);
    if (!bytes) {
        text->failed = true;
        return false;
    }
    memcpy(bytes, text->bytes, text->length);
    kfree(text->bytes);
    text->bytes = bytes;
    text->room = room;
    return true;
}

void text_printf(struct text *text, const char *format, ...) {
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    size_t left = text->room - text->length;
    size_t size = vsnprintf(text->bytes ? text->bytes + text->length : NULL, left, format, arguments);
    bool fits = size < left;
    if (!fits && text_reserve(text, size)) {
        vsnprintf(text->bytes + text->length, size + 1, format, again);
        fits = true;
    }
    if (fits)
        text->length += size;
    va_end(again);
    va_end(arguments);
}

void text_free(struct text *text) {
    kfree(text->bytes);
    *text = (struct text){ 0 };
}
