/*
 * frames [-a | -p PID] [-w] [-n ROUNDS]: physical memory as courses draw it. What each part of it holds
 * (reserved: firmware, kernel image, the table of frames), whose pages are in it and whose are on the
 * swap disk; -a with all runs of frames, -p with those of one process. -w draws it anew each second
 * until q or ^C; without a terminal, ROUNDS times.
 */
#include "frames.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "../common/cmd.h"
#include "../common/number.h"
#include "../common/slurp.h"

#define USAGE "[-a | -p PID] [-w] [-n ROUNDS]"
#define WIDTH 79                        /* of the terminal */
#define ROW   64                        /* cells in a row of the map */
#define OWNERS_SHOWN 12                 /* without -a: a terminal has 24 lines */

static bool all;
static int only;                        /* a pid, or 0 */

/* --- the summary --- */

static void map_print(void) {
    unsigned long size = picture.frames_per_cell;
    printf("%lu MiB: %lu frames of 4 KiB, %lu in each cell\n", picture.frames / 256, picture.frames,
           size);
    for (unsigned at = 0; at < picture.cell_count; at += ROW) {
        unsigned count = picture.cell_count - at < ROW ? picture.cell_count - at : ROW;
        printf("%9lx  %.*s\n", (picture.first + at * size) * PAGE_SIZE, (int)count,
               picture.cells + at);
    }
}

/* Items one after the other in lines of at most WIDTH; without a format the last line ends. */
static void item_print(const char *format, ...) {
    static int column;
    char text[WIDTH];
    va_list arguments;
    int length = 0;
    if (format) {
        va_start(arguments, format);
        length = vsnprintf(text, sizeof(text), format, arguments);
        va_end(arguments);
    }
    if (column && (!format || column + 2 + length > WIDTH)) {
        putchar('\n');
        column = 0;
    }
    if (format)
        column += printf("  %s", text);
}

static void kinds_print(void) {
    static const struct {
        char class;
        const char *name;
    } kinds[] = {
        { '.', "free" }, { '#', "reserved" }, { 'k', "kernel" }, { 't', "page tables" },
        { 'c', "cache" }, { 's', "in transit" }, { '*', "shared" }, { '?', "of others" },
    };
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (picture.by_class[(int)kinds[i].class])
            item_print("%c %s %lu", kinds[i].class, kinds[i].name,
                       picture.by_class[(int)kinds[i].class]);
    item_print(NULL);
}

/* The kernel's table of orders: order, KiB, blocks in use and free; then what the harts keep. */
static void free_list_print(void) {
    char *text = file_slurp_require("/proc/buddyinfo"), *rest;
    unsigned long order, kib, used, blocks;
    item_print("free blocks");
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        if (sscanf(line, "%lu %lu %lu %lu", &order, &kib, &used, &blocks) == 4 && blocks)
            item_print("%lu%s:%lu", kib < 1024 ? kib : kib / 1024, kib < 1024 ? "K" : "M", blocks);
        else if (sscanf(line, "free in the caches of the harts: %lu", &blocks) == 1)
            item_print("4K of harts:%lu", blocks);
    }
    free(text);
    item_print(NULL);
}

static void swap_print(void) {
    char *text = file_slurp_require("/proc/meminfo");
    long long total = text_number(text, "SwapTotal") / 4, left = text_number(text, "SwapFree") / 4;
    free(text);
    if (total)
        printf("  swap: %lld of %lld slots in use; %lu pages are there alone\n", total - left, total,
               picture.swapped);
}

static unsigned long owner_size(const struct owner *owner) {
    return owner->alone + owner->shared + owner->swapped;
}

static int owners_compare(const void *a, const void *b) {
    unsigned long left = owner_size(*(struct owner *const *)a);
    unsigned long right = owner_size(*(struct owner *const *)b);
    return (left < right) - (left > right);
}

/* Two columns, the largest first. */
static void owners_print(void) {
    struct owner **sorted = cmd_alloc((owner_count + 1) * sizeof(*sorted));
    size_t count = 0;
    for (size_t i = 0; i < owner_count; i++)
        if (owner_size(&owners[i]))
            sorted[count++] = &owners[i];
    qsort(sorted, count, sizeof(*sorted), owners_compare);
    size_t shown = all || count < OWNERS_SHOWN ? count : OWNERS_SHOWN;
    for (int column = 0; column < 2 && column < (int)shown; column++)
        printf("%s    PID NAME       ALONE SHARED   SWAP", column ? "  " : "");
    for (size_t i = 0; i < shown; i++)
        printf("%s%c %5d %-9.9s %6lu %6lu %6lu", i % 2 ? "  " : "\n", sorted[i]->letter,
               sorted[i]->pid, sorted[i]->name, sorted[i]->alone, sorted[i]->shared,
               sorted[i]->swapped);
    printf(shown < count ? "\nand %zu more\n" : "\n", count - shown);
    free(sorted);
}

/* --- the table of runs --- */

static void page_print(const struct place *place, unsigned long page) {
    char letter = place->pid ? owner_of(place->pid)->letter : '?';
    if (letter == '+')
        printf("%d:%lx", place->pid, page);
    else if (place->pid)
        printf("%c%lx", letter, page);
    else
        putchar('?');
}

static void pages_print(const struct place *place, unsigned long count, int step) {
    page_print(place, place->page);
    if (count > 1 && place->pid) {
        putchar('-');
        page_print(place, place->page + step * (long)(count - 1));
    }
}

static void range_print(unsigned long first, unsigned long count, const char *format) {
    char text[48];
    int length = snprintf(text, sizeof(text), format, first);
    if (count > 1) {
        text[length++] = '-';
        snprintf(text + length, sizeof(text) - length, format, first + count - 1);
    }
    printf("%-17s %7lu  ", text, count);
}

static bool run_wanted(const struct run *run) {
    for (unsigned i = 0; i < run->places && i < PLACES && !all; i++)
        if (run->place[i].pid == only)
            return true;
    return all;
}

static void run_print(const struct run *run) {
    if (!run_wanted(run))
        return;
    range_print(run->frame, run->count, "%lx");
    printf(run->places ? "%-10s" : "%s", run->kind);
    for (unsigned i = 0; i < run->places && i < PLACES; i++) {
        printf(i ? " = " : "");
        pages_print(&run->place[i], run->count, run->step);
    }
    if (run->places > PLACES)
        printf(" and %u more", run->places - PLACES);
    putchar('\n');
}

static void slots_print(const struct slots *slots) {
    if (!all && slots->place.pid != only)
        return;
    range_print(slots->slot, slots->count, "%lu");
    pages_print(&slots->place, slots->count, 1);
    putchar('\n');
}

static void runs_print(void) {
    puts("FRAMES             NUMBER  HOLD      PAGES");
    runs_each(run_print);
    if (picture.swapped) {
        puts("SWAP SLOTS         NUMBER  PAGES");
        slots_each(slots_print);
    }
}

static bool process_exists(int pid) {
    for (size_t i = 0; i < owner_count; i++)
        if (owners[i].pid == pid)
            return true;
    return false;
}

static void picture_print(void) {
    picture_make();
    if (only && !process_exists(only))
        cmd_die("%d: no such process", only);
    map_print();
    kinds_print();
    free_list_print();
    swap_print();
    owners_print();
    if (all || only)
        runs_print();
}

/* --- live --- */

/* A terminal gives a key at once, or nothing after a second. */
static bool terminal_begin(struct termios *before) {
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, before) < 0)
        return false;
    struct termios raw = *before;
    raw.c_lflag &= ~(ICANON | ECHO | ISIG);
    raw.c_cc[VMIN] = 0;
    raw.c_cc[VTIME] = 10;
    return tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0;
}

static bool stop_asked(void) {
    char key;
    return read(STDIN_FILENO, &key, 1) == 1 && (key == 'q' || key == ('C' & 0x1f));
}

/* `rounds` 0: without end. */
static void watch(long rounds) {
    struct termios before;
    bool terminal = terminal_begin(&before);
    if (!terminal && !rounds)
        rounds = 3;
    for (long round = 0; !rounds || round < rounds; round++) {
        /* ECMA-48: cursor home, erase what is behind. */
        if (terminal)
            fputs("\033[H\033[J", stdout);
        picture_print();
        fflush(stdout);
        if (round + 1 == rounds || (terminal && stop_asked()))
            break;
        if (!terminal)
            sleep(1);
    }
    if (terminal)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
}

int main(int argc, char **argv) {
    bool live = false;
    long rounds = 0;
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "ap:wn:")) != -1) {
        switch (option) {
        case 'a': all = true; break;
        case 'p': only = number_require(optarg, "PID"); break;
        case 'w': live = true; break;
        case 'n': rounds = number_require(optarg, "number of rounds"); break;
        default: cmd_usage(USAGE);
        }
    }
    if (optind < argc || (all && only) || only < 0 || rounds < 0)
        cmd_usage(USAGE);
    if (live || rounds)
        watch(rounds);
    else
        picture_print();
    return cmd_end(cmd_status);
}
