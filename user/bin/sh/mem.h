/*
 * Memory for the shell: an allocator that never returns NULL, growing strings and
 * lists, and arenas.  An arena holds everything that one command needs (its tree,
 * or the words it expands to) and goes away in one call, so nothing leaks per command.
 */
#ifndef SH_MEM_H
#define SH_MEM_H

#include <stddef.h>
#include <stdbool.h>

/* Like their C namesakes, but end the shell with a message when memory is out. */
void *xmalloc(size_t size);
void *xrealloc(void *old, size_t size);
char *xstrdup(const char *text);
char *xstrndup(const char *text, size_t len);

struct arena;

/* A new arena with one reference. */
struct arena *arena_new(void);

/* One more owner of the arena; each owner calls arena_put. */
struct arena *arena_get(struct arena *arena);

/* Drops a reference; the last one frees all that was allocated.  NULL is allowed. */
void arena_put(struct arena *arena);

/* Zeroed, aligned memory that lives as long as the arena. */
void *arena_alloc(struct arena *arena, size_t size);
char *arena_strndup(struct arena *arena, const char *text, size_t len);
char *arena_strdup(struct arena *arena, const char *text);

/* A growing string.  All zeroes is an empty one; text is NULL until something is added,
 * and terminated from then on. */
struct strbuf {
    char *text;
    size_t len;
    size_t cap;
};

void strbuf_add(struct strbuf *buf, const char *text, size_t len);
void strbuf_add_str(struct strbuf *buf, const char *text);
void strbuf_add_char(struct strbuf *buf, char c);

/* Makes the string LEN bytes long; LEN must not exceed its length. */
void strbuf_truncate(struct strbuf *buf, size_t len);

/* Replaces CUT bytes at AT by the LEN bytes of TEXT. */
void strbuf_splice(struct strbuf *buf, size_t at, size_t cut, const char *text, size_t len);

/* The contents, "" when nothing was ever added. */
const char *strbuf_text(const struct strbuf *buf);
void strbuf_free(struct strbuf *buf);

/* A growing array of pointers, terminated by NULL once something was added. */
struct strlist {
    char **items;
    size_t count;
    size_t cap;
};

void strlist_add(struct strlist *list, char *item);

/* Frees the array, not the strings. */
void strlist_free(struct strlist *list);

/* Sorts by byte values. */
void strlist_sort(struct strlist *list);

#endif
