/* Reading what the kernel says about frames, and drawing the map. */
#include "frames.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/cmd.h"
#include "../common/slurp.h"

struct picture picture;

/* --- the kernel's lists --- */

/* "PID:ADDRESS", or "-" for one that we may not see. */
static void place_parse(char *word, struct place *place) {
    char *rest;
    place->pid = strtol(word, &rest, 10);
    place->page = *rest == ':' ? strtoul(rest + 1, NULL, 16) / PAGE_SIZE : 0;
    if (*rest != ':')
        place->pid = 0;
}

static bool run_parse(char *line, struct run *run) {
    char direction = '+', *rest;
    int used = 0;
    *run = (struct run){ .places = 0 };
    if (sscanf(line, "%lx %lu %15s%n", &run->frame, &run->count, run->kind, &used) < 3)
        return false;
    run->frame /= PAGE_SIZE;
    char *word = strtok_r(line + used, " \n", &rest);
    if (word == NULL)
        return true;
    run->places = strtoul(word, NULL, 10);
    word = strtok_r(NULL, " \n", &rest);
    direction = word ? *word : '+';
    run->step = direction == '-' ? -1 : 1;
    for (int i = 0; i < PLACES && (word = strtok_r(NULL, " \n", &rest)); i++)
        place_parse(word, &run->place[i]);
    return true;
}

static FILE *list_open(const char *path) {
    FILE *f = fopen(path, "r");
    if (f == NULL)
        cmd_die_errno("%s", path);
    return f;
}

/* The kernel makes its list in pieces, which cut long runs. */
static bool run_continues(const struct run *run, const struct run *next) {
    return run->count && !run->places && !next->places && next->frame == run->frame + run->count &&
           strcmp(next->kind, run->kind) == 0;
}

void runs_each(void (*visit)(const struct run *run)) {
    char line[256];
    struct run run = { .count = 0 }, next;
    FILE *f = list_open("/proc/frames");
    while (fgets(line, sizeof(line), f)) {
        if (!run_parse(line, &next))
            continue;
        if (run_continues(&run, &next)) {
            run.count += next.count;
            continue;
        }
        if (run.count)
            visit(&run);
        run = next;
    }
    if (run.count)
        visit(&run);
    fclose(f);
}

void slots_each(void (*visit)(const struct slots *slots)) {
    char line[256], place[64];
    struct slots slots;
    FILE *f = list_open("/proc/swap_pages");
    while (fgets(line, sizeof(line), f)) {
        if (sscanf(line, "%lu %lu %63s", &slots.slot, &slots.count, place) < 3)
            continue;
        place_parse(place, &slots.place);
        visit(&slots);
    }
    fclose(f);
}

/* --- the map --- */

static struct cell {
    unsigned long frames[128];          /* by character */
    unsigned long left;                 /* until the next cell begins */
} cell;

/* How the map shows such frames: the owner's letter, or what else they are. */
static char run_class(const struct run *run) {
    static const struct {
        const char *kind;
        char class;
    } classes[] = {
        { "free", '.' }, { "reserved", '#' }, { "table", 't' }, { "cache", 'c' }, { "buffer", 'c' },
    };
    if (run->places)
        return run->places > 1 ? '*' : run->place[0].pid ? owner_of(run->place[0].pid)->letter : '?';
    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
        if (strcmp(run->kind, classes[i].kind) == 0)
            return classes[i].class;
    /* A page of a program that is on its way from or to the disk is nobody's for the moment. */
    return strcmp(run->kind, "anon") == 0 || strcmp(run->kind, "swapcache") == 0 ? 's' : 'k';
}

/* What there is most of; free only if nothing else is there. */
static void cell_end(void) {
    char most = '.';
    unsigned long count = 0;
    for (int class = 0; class < 128; class++) {
        if (class != '.' && cell.frames[class] > count) {
            most = class;
            count = cell.frames[class];
        }
    }
    if (picture.cell_count < CELLS)
        picture.cells[picture.cell_count++] = most;
    cell = (struct cell){ .left = picture.frames_per_cell };
}

static void cells_add(char class, unsigned long count) {
    while (count > 0) {
        unsigned long part = count < cell.left ? count : cell.left;
        cell.frames[(int)class] += part;
        cell.left -= part;
        count -= part;
        if (cell.left == 0)
            cell_end();
    }
}

static void owners_add(const struct run *run) {
    for (unsigned i = 0; i < run->places && i < PLACES; i++) {
        if (run->place[i].pid == 0)
            continue;
        struct owner *owner = owner_of(run->place[i].pid);
        if (run->places == 1)
            owner->alone += run->count;
        else
            owner->shared += run->count;
    }
}

static void run_add(const struct run *run) {
    char class = run_class(run);
    if (picture.frames == 0)
        picture.first = run->frame;
    picture.frames += run->count;
    picture.by_class[(int)class] += run->count;
    cells_add(class, run->count);
    owners_add(run);
}

static void slots_add(const struct slots *slots) {
    picture.swapped += slots->count;
    if (slots->place.pid)
        owner_of(slots->place.pid)->swapped += slots->count;
}

/* So many frames to a cell, a power of two, that the map has room for all. */
static unsigned long cell_size(void) {
    char *text = file_slurp_require("/proc/meminfo");
    /* What the firmware and the kernel's image take is not in it: round up. */
    unsigned long frames = (text_number(text, "MemTotal") / 4 + 1023) & ~1023ul, size = 1;
    while (size * CELLS < frames)
        size *= 2;
    free(text);
    return size;
}

void picture_make(void) {
    owners_read();
    picture = (struct picture){ .frames_per_cell = cell_size() };
    cell = (struct cell){ .left = picture.frames_per_cell };
    runs_each(run_add);
    if (cell.left < picture.frames_per_cell)
        cell_end();
    slots_each(slots_add);
}
