/*
 * uniq [-cdui] [-f FIELDS] [-s CHARS] [INPUT [OUTPUT]]: drops lines that repeat the one before,
 * if what comes after so many fields and then characters is the same.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/number.h"
#include "common/reader.h"

#define USAGE "[-cdui] [-f FIELDS] [-s CHARS] [INPUT [OUTPUT]]"

static bool show_count, only_repeated, only_single, fold;
static long long skipped_fields, skipped_chars;

/* The group of equal lines that is being counted: its first line. */
struct group {
    char *text;
    size_t length, capacity;
    unsigned long count;
};

/* Where the part of a line begins that is compared. */
static size_t key_start(const char *text, size_t length) {
    size_t i = 0;
    for (long long field = 0; field < skipped_fields && i < length; field++) {
        while (i < length && isblank((unsigned char)text[i]))
            i++;
        while (i < length && !isblank((unsigned char)text[i]))
            i++;
    }
    return skipped_chars < (long long)(length - i) ? i + skipped_chars : length;
}

static bool group_has(const struct group *group, const struct line *line) {
    if (group->count == 0)
        return false;
    size_t a = key_start(group->text, group->length), b = key_start(line->text, line->length);
    size_t length = line->length - b;
    if (group->length - a != length)
        return false;
    if (fold)
        return strncasecmp(group->text + a, line->text + b, length) == 0;
    return memcmp(group->text + a, line->text + b, length) == 0;
}

static void group_begin(struct group *group, const struct line *line) {
    if (line->length > group->capacity) {
        group->capacity = line->length * 2;
        group->text = cmd_realloc(group->text, group->capacity);
    }
    if (line->length > 0)
        memcpy(group->text, line->text, line->length);
    group->length = line->length;
    group->count = 1;
}

static void group_print(const struct group *group) {
    if (group->count == 0 || (only_repeated && group->count == 1) ||
        (only_single && group->count > 1))
        return;
    if (show_count)
        printf("%7lu ", group->count);
    fwrite(group->text, 1, group->length, stdout);
    putchar('\n');
}

int main(int argc, char **argv) {
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "cduif:s:")) != -1) {
        switch (option) {
        case 'c': show_count = true; break;
        case 'd': only_repeated = true; break;
        case 'u': only_single = true; break;
        case 'i': fold = true; break;
        case 'f': skipped_fields = number_require(optarg, "number of fields"); break;
        case 's': skipped_chars = number_require(optarg, "number of characters"); break;
        default: cmd_usage(USAGE);
        }
    }
    if (argc - optind > 2)
        cmd_usage(USAGE);
    struct reader r;
    struct line line;
    struct group group = { NULL, 0, 0, 0 };
    if (!reader_open(&r, argv[optind] ? argv[optind] : "-"))
        return 1;
    if (argc - optind == 2 && freopen(argv[optind + 1], "w", stdout) == NULL)
        cmd_die_errno("%s", argv[optind + 1]);
    while (reader_line(&r, '\n', &line)) {
        if (group_has(&group, &line)) {
            group.count++;
            continue;
        }
        group_print(&group);
        group_begin(&group, &line);
    }
    group_print(&group);
    return cmd_end(cmd_status);
}
