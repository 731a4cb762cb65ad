/* diff: the two ways to show what differs. */
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#include "diff.h"

bool hunk_find(const struct diff_file *a, const struct diff_file *b, struct hunk *hunk) {
    long i = hunk->a_end, j = hunk->b_end;
    while (i < a->count && j < b->count && !a->lines[i].changed && !b->lines[j].changed)
        i++, j++;
    hunk->a = i;
    hunk->b = j;
    while (i < a->count && a->lines[i].changed)
        i++;
    while (j < b->count && b->lines[j].changed)
        j++;
    hunk->a_end = i;
    hunk->b_end = j;
    return hunk->a < i || hunk->b < j;
}

static void line_print(const char *mark, const struct diff_file *file, long number) {
    const struct diff_line *line = &file->lines[number];
    fputs(mark, stdout);
    fwrite(line->text, 1, line->length, stdout);
    putchar('\n');
    if (file->lacks_newline && number + 1 == file->count)
        puts("\\ No newline at end of file");
}

/* "first,last" counted from 1, or one number; the line before for an empty range. */
static void range_print(long start, long end) {
    if (end - start > 1)
        printf("%ld,%ld", start + 1, end);
    else
        printf("%ld", end);
}

void normal_print(const struct diff_file *a, const struct diff_file *b) {
    struct hunk hunk = { 0, 0, 0, 0 };
    while (hunk_find(a, b, &hunk)) {
        bool removes = hunk.a < hunk.a_end, adds = hunk.b < hunk.b_end;
        range_print(hunk.a, hunk.a_end);
        putchar(removes && adds ? 'c' : removes ? 'd' : 'a');
        range_print(hunk.b, hunk.b_end);
        putchar('\n');
        for (long i = hunk.a; i < hunk.a_end; i++)
            line_print("< ", a, i);
        if (removes && adds)
            puts("---");
        for (long j = hunk.b; j < hunk.b_end; j++)
            line_print("> ", b, j);
    }
}

/* "start,count"; a count of one is left out, and an empty range names the line before. */
static void unified_range_print(char sign, long start, long end) {
    long count = end - start;
    printf("%c%ld", sign, count > 0 ? start + 1 : start);
    if (count != 1)
        printf(",%ld", count);
}

static void header_print(const char *mark, const char *name) {
    struct stat st;
    char when[64] = "";
    if (stat(name, &st) == 0) {
        strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", gmtime(&st.st_mtime));
        printf("%s %s\t%s.%09ld +0000\n", mark, name, when, (long)st.st_mtim.tv_nsec);
    } else {
        printf("%s %s\n", mark, name);
    }
}

/* Prints the lines of both files from the group's start to its end, changed and unchanged. */
static void group_print(const struct diff_file *a, const struct diff_file *b,
                        const struct hunk *group) {
    fputs("@@ ", stdout);
    unified_range_print('-', group->a, group->a_end);
    putchar(' ');
    unified_range_print('+', group->b, group->b_end);
    puts(" @@");
    long i = group->a, j = group->b;
    while (i < group->a_end || j < group->b_end) {
        if (i < group->a_end && a->lines[i].changed) {
            line_print("-", a, i++);
        } else if (j < group->b_end && b->lines[j].changed) {
            line_print("+", b, j++);
        } else {
            line_print(" ", a, i++);
            j++;
        }
    }
}

static long smaller(long a, long b) {
    return a < b ? a : b;
}

void unified_print(const struct diff_file *a, const struct diff_file *b, long context) {
    struct hunk hunk = { 0, 0, 0, 0 };
    bool more = hunk_find(a, b, &hunk);
    header_print("---", a->name);
    header_print("+++", b->name);
    while (more) {
        /* Differences whose context would touch are shown together. */
        long before = smaller(context, hunk.a);
        struct hunk group = { hunk.a - before, 0, hunk.b - before, 0 };
        do {
            group.a_end = hunk.a_end;
            group.b_end = hunk.b_end;
            more = hunk_find(a, b, &hunk);
        } while (more && hunk.a - group.a_end <= 2 * context);
        long behind = smaller(context, a->count - group.a_end);
        group.a_end += behind;
        group.b_end += behind;
        group_print(a, b, &group);
    }
}
