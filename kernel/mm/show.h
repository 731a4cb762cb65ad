// Memory as text, for /proc.
#ifndef MM_SHOW_H
#define MM_SHOW_H

#include <mm/text.h>
#include <stdint.h>

struct space;

int show_meminfo(struct text *text);        // names as Linux has them, in KiB
int show_vmstat(struct text *text);         // ... in pages and events since boot; pgpgin, pgpgout in KiB
int show_swaps(struct text *text);
int show_heap(struct text *text);           // the heap's classes: in use and free
int show_buddy(struct text *text);          // the frame allocator's orders, likewise

// The areas of a space, a line each, as in Linux's maps; with a line of residency under each if
// `pages`. May sleep.
int show_maps(struct text *text, struct space *space, bool pages);

// The page table as runs of entries that are alike: both halves. May sleep.
int show_page_table(struct text *text, struct space *space);

// The Sv39 walk of one address, a line for each level, and why it ends there. May sleep.
int show_walk(struct text *text, struct space *space, uint64_t va);

#endif
