/* What frames.c (the command), picture.c (what the kernel says) and owners.c (letters) share. */
#ifndef BIN_FRAMES_FRAMES_H
#define BIN_FRAMES_FRAMES_H

#include <stdbool.h>
#include <stddef.h>

#define PAGE_SIZE 4096ul
#define PLACES    4             /* of a shared frame, that the kernel names */
#define CELLS     512           /* in the map, at most */

/* A process, by the letter that courses would give it: its page 3 is A3. */
struct owner {
    int pid;
    char letter;                /* '+' when all are taken */
    char name[16];
    bool present;               /* seen in this round */
    unsigned long alone, shared, swapped;   /* frames, and pages on the disk */
};

/* The table of processes, by pid. */
extern struct owner *owners;
extern size_t owner_count;

/* Reads which processes there are. Those that were there before keep their letters. */
void owners_read(void);

/* The process's entry, new if need be; valid until the next call. */
struct owner *owner_of(int pid);

/* Pages of a process, one after the other by steps of 1 or -1. A hidden one has pid 0. */
struct place {
    int pid;
    unsigned long page;
};

/* Frames that are alike and follow each other. */
struct run {
    unsigned long frame, count;
    char kind[16];
    int step;
    unsigned places;            /* in page tables; the first PLACES of them: */
    struct place place[PLACES];
};

/* Neighbouring pages in neighbouring slots of the swap disk. */
struct slots {
    unsigned long slot, count;
    struct place place;
};

/* Reads /proc/frames, or /proc/swap_pages, and hands each line on. Only one is in memory at a time. */
void runs_each(void (*visit)(const struct run *run));
void slots_each(void (*visit)(const struct slots *slots));

/* One look at all of memory. */
struct picture {
    unsigned long frames, frames_per_cell, first;
    unsigned long by_class[128];        /* frames, by the character they have in the map */
    char cells[CELLS + 1];              /* one character each */
    unsigned cell_count;
    unsigned long swapped;              /* pages that a swap disk alone has */
};

extern struct picture picture;

/* Makes the picture anew, and the owners with it. */
void picture_make(void);

#endif
