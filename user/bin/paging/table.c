/* The table of frames: a column for each reference, a row for each frame. */
#include "paging.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/cmd.h"

#define WIDTH 80
#define LABEL 9             /* "frame 999" is the last that fits */
#define FRAMES_MAX 1000

/* A part of the table that fits on the screen: lines for the pages, for each frame, for marks. */
struct band {
    size_t lines, used, room;   /* of columns */
    int digits;
    char (*text)[WIDTH + 1];
};

static int digits_count(unsigned long number) { return snprintf(NULL, 0, "%lu", number); }

/* A cell is a digit or more and the marks of the clock: the hand before, the use bit behind. */
static struct band band_create(const struct string *string, size_t frames) {
    struct band band = { .lines = frames + 2 };
    band.digits = digits_count(string->names[string->pages - 1]);
    int columns = (WIDTH - LABEL) / (band.digits + 2);
    if (!columns || frames > FRAMES_MAX)
        cmd_die("a table of %lu frames with pages up to %lu is too large for a screen: see -q",
                frames, string->names[string->pages - 1]);
    band.room = columns;
    band.text = cmd_alloc(band.lines * sizeof(*band.text));
    return band;
}

static void band_begin(struct band *band) {
    band->used = 0;
    snprintf(band->text[0], WIDTH + 1, "%-*s", LABEL, "page");
    for (size_t i = 1; i < band->lines - 1; i++)
        snprintf(band->text[i], WIDTH + 1, "frame %-*lu", LABEL - 6, i - 1);
    snprintf(band->text[band->lines - 1], WIDTH + 1, "%*s", LABEL, "");
}

static void line_print(char *line) {
    size_t length = strlen(line);
    while (length && line[length - 1] == ' ')
        length--;
    line[length] = '\0';
    puts(line);
}

static void band_print(struct band *band) {
    for (size_t i = 0; i < band->lines; i++)
        line_print(band->text[i]);
    putchar('\n');
}

static void cell_add(struct band *band, size_t line, char before, const char *text, char behind) {
    char *row = band->text[line];
    size_t at = strlen(row);
    snprintf(row + at, WIDTH + 1 - at, "%c%*s%c", before, band->digits, text, behind);
}

static void page_add(struct band *band, size_t line, char before, unsigned long name, char behind) {
    char text[24];
    snprintf(text, sizeof(text), "%lu", name);
    cell_add(band, line, before, text, behind);
}

static void column_add(struct band *band, const struct memory *memory, bool fault) {
    const struct string *string = memory->string;
    bool clock = memory->policy->clock;
    page_add(band, 0, ' ', string->names[string->references[memory->now - 1].page], ' ');
    for (size_t i = 0; i < memory->frame_count; i++) {
        const struct frame *frame = &memory->frames[i];
        char hand = clock && memory->hand == i ? '>' : ' ';
        if (frame->page == NONE)
            cell_add(band, i + 1, hand, "", ' ');
        else
            page_add(band, i + 1, hand, string->names[frame->page],
                     clock && frame->used ? '*' : ' ');
    }
    cell_add(band, memory->frame_count + 1, ' ', fault ? "F" : ".", ' ');
    band->used++;
}

void table_print(const struct string *string, const struct policy *policy, size_t frames) {
    struct memory memory = memory_create(string, policy, frames);
    struct band band = band_create(string, frames);
    printf("%s, %lu frame%s%s\n", policy->name, frames, frames == 1 ? "" : "s",
           policy->clock ? "   (> the hand, * used since it came by)" : "");
    while (memory.now < string->length) {
        band_begin(&band);
        while (band.used < band.room && memory.now < string->length) {
            bool fault = memory_step(&memory);
            column_add(&band, &memory, fault);
        }
        band_print(&band);
    }
    free(band.text);
    memory_free(&memory);
}
