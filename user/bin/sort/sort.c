/*
 * sort [-nrufbdhsc] [-t CHAR] [-k KEY]... [-o FILE] [FILE]...: sorts lines.
 * KEY is F[.C][LETTERS][,F[.C][LETTERS]]. -c only checks: status 1 when out of order.
 */
#include "sort.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/cmd.h"
#include "../common/number.h"
#include "../common/reader.h"

#define USAGE "[-nrufbdhsc] [-t CHAR] [-k KEY]... [-o FILE] [FILE]..."

static struct sort_line *lines;
static size_t line_count, line_capacity;
static bool unique;

bool order_letter(struct sort_order *order, char letter) {
    switch (letter) {
    case 'n': return order->numeric = true;
    case 'r': return order->reverse = true;
    case 'f': return order->fold = true;
    case 'b': return order->blanks = true;
    case 'd': return order->dictionary = true;
    case 'h': return order->human = true;
    default: return false;
    }
}

/* "F[.C][LETTERS]" at *text, which it moves on. */
static bool position_parse(const char **text, struct sort_key *key, int *field, int *byte) {
    char *end;
    *field = (int)strtol(*text, &end, 10);
    if (end == *text || *field < 1)
        return false;
    if (*end == '.') {
        const char *digits = end + 1;
        *byte = (int)strtol(digits, &end, 10);
        if (end == digits || *byte < 0)
            return false;
    }
    for (; order_letter(&key->order, *end); end++)
        key->own_order = true;
    *text = end;
    return true;
}

void key_add(const char *text) {
    struct sort_key key = { .first_byte = 1 };
    const char *p = text;
    bool good = position_parse(&p, &key, &key.first_field, &key.first_byte) && key.first_byte > 0;
    if (good && *p == ',') {
        p++;
        good = position_parse(&p, &key, &key.last_field, &key.last_byte);
    }
    if (!good || *p)
        cmd_die("invalid key: '%s'", text);
    sort_keys = cmd_realloc(sort_keys, (sort_key_count + 1) * sizeof(key));
    sort_keys[sort_key_count++] = key;
}

/* Copies a line into the store, which grows by whole blocks that are never freed. */
static void line_add(const struct line *line) {
    static char *store;
    static size_t left;
    if (line->length > left) {
        left = line->length > BLOCK_SIZE ? line->length : BLOCK_SIZE;
        store = cmd_alloc(left);
    }
    if (line_count == line_capacity) {
        line_capacity = line_capacity ? line_capacity * 2 : 1024;
        lines = cmd_realloc(lines, line_capacity * sizeof(*lines));
    }
    memcpy(store, line->text, line->length);
    lines[line_count++] = (struct sort_line){ store, line->length };
    store += line->length;
    left -= line->length;
}

static void lines_gather(struct reader *r) {
    struct line line;
    while (reader_line(r, '\n', &line))
        line_add(&line);
}

static int order_check(const char *name) {
    for (size_t i = 1; i < line_count; i++) {
        int order = lines_compare(&lines[i - 1], &lines[i]);
        if (order > 0 || (unique && order == 0)) {
            fprintf(stderr, "sort: %s:%zu: disorder: ", name, i + 1);
            fwrite(lines[i].text, 1, lines[i].length, stderr);
            fputc('\n', stderr);
            return 1;
        }
    }
    return 0;
}

static void lines_print(void) {
    for (size_t i = 0; i < line_count; i++) {
        if (unique && i > 0 && lines_compare(&lines[i - 1], &lines[i]) == 0)
            continue;
        fwrite(lines[i].text, 1, lines[i].length, stdout);
        putchar('\n');
    }
}

static bool check_only;
static const char *output;

static void option_take(int option) {
    switch (option) {
    case 'c':
        check_only = true;
        break;
    case 'u':
        unique = keys_decide_alone = true;
        break;
    case 's':
        keys_decide_alone = true;
        break;
    case 'o':
        output = optarg;
        break;
    case 'k':
        key_add(optarg);
        break;
    case 't':
        if (strlen(optarg) != 1)
            cmd_die("the separator must be one character: '%s'", optarg);
        field_separator = (unsigned char)*optarg;
        break;
    default:
        if (!order_letter(&common_order, option))
            cmd_usage(USAGE);
    }
}

int main(int argc, char **argv) {
    int option;
    cmd_begin(argv, 2);
    while ((option = getopt(argc, argv, "nrfbdhuscmo:k:t:")) != -1) {
        if (option != 'm')      /* -m, merge sorted files: sorting them does that too */
            option_take(option);
    }
    reader_each(argv + optind, lines_gather);
    if (cmd_status)
        return cmd_end(cmd_status);
    if (check_only)
        return order_check(argv[optind] ? argv[optind] : "-");
    lines_sort(lines, line_count);
    /* Only now: the output may be one of the inputs. */
    if (output && freopen(output, "w", stdout) == NULL)
        cmd_die_errno("%s", output);
    lines_print();
    return cmd_end(cmd_status);
}
