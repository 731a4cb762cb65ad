/* Memory: see mem.h. */
#include "mem.h"
#include "shell.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_SIZE = 1000 };

struct chunk {
    struct chunk *next;
    size_t used;
    size_t size;
    max_align_t data[];
};

struct arena {
    struct chunk *chunks; /* the newest, the only one with room, first */
    unsigned refs;
};

void *xmalloc(size_t size) {
    void *memory = malloc(size ? size : 1);

    if (!memory)
        shell_out_of_memory();
    return memory;
}

void *xrealloc(void *old, size_t size) {
    void *memory = realloc(old, size ? size : 1);

    if (!memory)
        shell_out_of_memory();
    return memory;
}

char *xstrndup(const char *text, size_t len) {
    char *copy = xmalloc(len + 1);

    memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

char *xstrdup(const char *text) {
    return xstrndup(text, strlen(text));
}

struct arena *arena_new(void) {
    struct arena *arena = xmalloc(sizeof(*arena));

    arena->chunks = NULL;
    arena->refs = 1;
    return arena;
}

struct arena *arena_get(struct arena *arena) {
    arena->refs++;
    return arena;
}

void arena_put(struct arena *arena) {
    struct chunk *next;

    if (!arena || --arena->refs > 0)
        return;
    for (struct chunk *chunk = arena->chunks; chunk; chunk = next) {
        next = chunk->next;
        free(chunk);
    }
    free(arena);
}

static struct chunk *chunk_add(struct arena *arena, size_t need) {
    size_t size = need > CHUNK_SIZE ? need : CHUNK_SIZE;
    struct chunk *chunk = xmalloc(sizeof(*chunk) + size);

    chunk->next = arena->chunks;
    chunk->used = 0;
    chunk->size = size;
    arena->chunks = chunk;
    return chunk;
}

void *arena_alloc(struct arena *arena, size_t size) {
    struct chunk *chunk = arena->chunks;
    void *memory;

    size = (size + sizeof(max_align_t) - 1) & ~(sizeof(max_align_t) - 1);
    if (!chunk || chunk->size - chunk->used < size)
        chunk = chunk_add(arena, size);
    memory = (char *)chunk->data + chunk->used;
    chunk->used += size;
    return memset(memory, 0, size);
}

char *arena_strndup(struct arena *arena, const char *text, size_t len) {
    char *copy = arena_alloc(arena, len + 1);

    memcpy(copy, text, len);
    return copy;
}

char *arena_strdup(struct arena *arena, const char *text) {
    return arena_strndup(arena, text, strlen(text));
}

static void strbuf_reserve(struct strbuf *buf, size_t more) {
    size_t need = buf->len + more + 1;

    if (need <= buf->cap)
        return;
    buf->cap = need < 64 ? 64 : need + need / 2;
    buf->text = xrealloc(buf->text, buf->cap);
}

void strbuf_add(struct strbuf *buf, const char *text, size_t len) {
    strbuf_reserve(buf, len);
    memcpy(buf->text + buf->len, text, len);
    buf->len += len;
    buf->text[buf->len] = '\0';
}

void strbuf_add_str(struct strbuf *buf, const char *text) {
    strbuf_add(buf, text, strlen(text));
}

void strbuf_add_char(struct strbuf *buf, char c) {
    strbuf_add(buf, &c, 1);
}

void strbuf_truncate(struct strbuf *buf, size_t len) {
    buf->len = len;
    if (buf->text)
        buf->text[len] = '\0';
}

void strbuf_splice(struct strbuf *buf, size_t at, size_t cut, const char *text, size_t len) {
    strbuf_reserve(buf, len);
    memmove(buf->text + at + len, buf->text + at + cut, buf->len - at - cut);
    memcpy(buf->text + at, text, len);
    buf->len = buf->len - cut + len;
    buf->text[buf->len] = '\0';
}

const char *strbuf_text(const struct strbuf *buf) {
    return buf->text ? buf->text : "";
}

void strbuf_free(struct strbuf *buf) {
    free(buf->text);
    memset(buf, 0, sizeof(*buf));
}

void strlist_add(struct strlist *list, char *item) {
    if (list->count + 2 > list->cap) {
        list->cap = list->cap ? list->cap * 2 : 16;
        list->items = xrealloc(list->items, list->cap * sizeof(*list->items));
    }
    list->items[list->count++] = item;
    list->items[list->count] = NULL;
}

void strlist_free(struct strlist *list) {
    free(list->items);
    memset(list, 0, sizeof(*list));
}

static int compare_items(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void strlist_sort(struct strlist *list) {
    if (list->count > 1)
        qsort(list->items, list->count, sizeof(*list->items), compare_items);
}
