// Memory as text, for /proc.
#ifndef MM_SHOW_H
#define MM_SHOW_H

#include <mm/text.h>
#include <stdbool.h>
#include <stdint.h>

struct space;

int show_meminfo(struct text *text);        // names as Linux has them, in KiB
int show_vmstat(struct text *text);         // ... in pages and events since boot; pgpgin, pgpgout in KiB
int show_swaps(struct text *text);
int show_heap(struct text *text);           // the heap's classes: in use and free
int show_buddy(struct text *text);          // the frame allocator's orders, likewise

// A piece of the list of all frames, from frame *next on, as runs of frames that are alike: physical
// address, number, kind; and if programs show them, in how many places, whether virtual addresses go up
// or down (+ or -), and the first few places as pid:address (- in place of the pid: of one that may_see
// hides). *next moves on, to UINT64_MAX behind the last. May sleep.
int show_frames(struct text *text, uint64_t *next, bool (*may_see)(uint32_t viewer, uint32_t pid),
                uint32_t viewer);

// Where pages that the space shows are that a swap disk alone has, from address *va on until the text is full,
// as runs: slot, number, pid:address. *va moves on, to 0 behind the last. May sleep.
void show_swapped(struct text *text, struct space *space, uint64_t *va);

// From here on: a piece of a text about a space, from address *next on. *next moves on, to UINT64_MAX
// behind the last. 0 or -ENOMEM. May sleep.

// The areas of a space, a line each, as in Linux's maps; or as in its smaps, with what is in memory.
int show_maps(struct text *text, struct space *space, uint64_t *next);
int show_smaps(struct text *text, struct space *space, uint64_t *next);

// The page table as runs of entries that are alike: both halves.
int show_page_table(struct text *text, struct space *space, uint64_t *next);

// The Sv39 walk of one address, a line for each level, and why it ends there. May sleep.
int show_walk(struct text *text, struct space *space, uint64_t va);

#endif
