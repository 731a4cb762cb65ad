/* cut -b LIST | -c LIST | -f LIST [-d CHAR] [-s] [FILE]...: prints chosen parts of each line. */
#include <ctype.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/reader.h"

#define USAGE "-b LIST | -c LIST | -f LIST [-d CHAR] [-s] [FILE]..."

struct range {
    unsigned long low, high;
};

static struct range *ranges;
static size_t range_count;
static int delimiter = '\t';
static bool by_field, skip_undelimited;

static unsigned long number_take(const char **p, unsigned long otherwise) {
    if (!isdigit((unsigned char)**p))
        return otherwise;
    char *end;
    unsigned long value = strtoul(*p, &end, 10);
    *p = end;
    return value;
}

/* "N", "N-", "N-M" or "-M", separated by commas. */
static void list_parse(const char *text) {
    for (const char *p = text;; p++) {
        const char *start = p;
        struct range range;
        range.low = range.high = number_take(&p, 1);
        if (*p == '-') {
            p++;
            range.high = number_take(&p, ULONG_MAX);
        }
        bool lone_dash = p == start + 1 && *start == '-';
        if (p == start || lone_dash || range.low == 0 || range.high < range.low ||
            (*p && *p != ','))
            cmd_die("invalid list: '%s'", text);
        ranges = cmd_realloc(ranges, (range_count + 1) * sizeof(range));
        ranges[range_count++] = range;
        if (*p == '\0')
            return;
    }
}

static bool is_chosen(unsigned long number) {
    for (size_t i = 0; i < range_count; i++) {
        if (ranges[i].low <= number && number <= ranges[i].high)
            return true;
    }
    return false;
}

static void bytes_cut(const struct line *line) {
    for (size_t i = 0; i < line->length; i++) {
        if (is_chosen(i + 1))
            putchar((unsigned char)line->text[i]);
    }
    putchar('\n');
}

static void fields_cut(const struct line *line) {
    const char *p = line->text, *end = p + line->length;
    const char *hit = memchr(p, delimiter, line->length);
    bool printed = false;
    if (hit == NULL) {
        /* A line without any delimiter is passed on whole. */
        if (!skip_undelimited) {
            fwrite(p, 1, line->length, stdout);
            putchar('\n');
        }
        return;
    }
    for (unsigned long number = 1; p <= end; number++) {
        hit = p < end ? memchr(p, delimiter, end - p) : NULL;
        const char *stop = hit ? hit : end;
        if (is_chosen(number)) {
            if (printed)
                putchar(delimiter);
            fwrite(p, 1, stop - p, stdout);
            printed = true;
        }
        p = stop + 1;
    }
    putchar('\n');
}

static void lines_cut(struct reader *r) {
    struct line line;
    while (reader_line(r, '\n', &line))
        (by_field ? fields_cut : bytes_cut)(&line);
}

int main(int argc, char **argv) {
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "b:c:f:d:sn")) != -1) {
        switch (option) {
        case 'b':
        case 'c':
        case 'f':
            by_field = option == 'f';
            list_parse(optarg);
            break;
        case 'd':
            if (strlen(optarg) != 1)
                cmd_die("the delimiter must be a single character");
            delimiter = (unsigned char)*optarg;
            break;
        case 's':
            skip_undelimited = true;
            break;
        case 'n':
            break;
        default:
            cmd_usage(USAGE);
        }
    }
    if (range_count == 0)
        cmd_usage(USAGE);
    reader_each(argv + optind, lines_cut);
    return cmd_end(cmd_status);
}
