/*
 * Memory and string functions, the former at every alignment.
 */
#include "common/check.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define AREA 700

static unsigned char area[AREA], expected[AREA];

static void areas_fill(void) {
    int i;

    for (i = 0; i < AREA; i++)
        area[i] = expected[i] = i * 7 + i / 256;
}

/* One move, against one byte at a time through a third place. */
static bool move_is_right(size_t to, size_t from, size_t n, bool overlap) {
    unsigned char third[AREA];
    size_t i;

    areas_fill();
    for (i = 0; i < n; i++)
        third[i] = expected[from + i];
    for (i = 0; i < n; i++)
        expected[to + i] = third[i];
    if (overlap)
        memmove(area + to, area + from, n);
    else
        memcpy(area + to, area + from, n);
    for (i = 0; i < AREA; i++)
        if (area[i] != expected[i])
            return false;
    return true;
}

static bool all_copies_are_right(void) {
    size_t to, from, n;

    for (to = 0; to < 9; to++)
        for (from = 350; from < 359; from++)
            for (n = 0; n < 300; n += n < 40 ? 1 : 13)
                if (!move_is_right(to, from, n, false))
                    return false;
    return true;
}

static bool all_moves_are_right(void) {
    size_t to, from, n;

    for (to = 160; to < 170; to++)
        for (from = 20; from < 320; from += from < 190 && from > 140 ? 1 : 17)
            for (n = 0; n < 300; n += n < 20 ? 1 : 23)
                if (!move_is_right(to, from, n, true))
                    return false;
    return true;
}

static bool all_fills_are_right(void) {
    size_t at, n, i;

    for (at = 0; at < 9; at++)
        for (n = 0; n < 300; n += n < 40 ? 1 : 13) {
            areas_fill();
            for (i = 0; i < n; i++)
                expected[at + i] = 0xa5;
            memset(area + at, 0xa5, n);
            for (i = 0; i < AREA; i++)
                if (area[i] != expected[i])
                    return false;
        }
    return true;
}

static bool all_comparisons_are_right(void) {
    size_t at, n, i;

    memset(area, 1, AREA);
    memset(expected, 1, AREA);
    for (at = 0; at < 9; at++)
        for (n = 1; n < 40; n++)
            for (i = 0; i < n; i++) {
                area[at + i] = 0xfe;
                if (memcmp(area + at, expected, n) <= 0 || memcmp(expected, area + at, n) >= 0 ||
                    memcmp(area + at, expected, i) != 0)
                    return false;
                area[at + i] = 1;
            }
    return true;
}

static void test_search(void) {
    const char *s = "hello, world";

    CHECK("strlen", strlen(s) == 12 && strlen("") == 0);
    CHECK("strnlen", strnlen(s, 5) == 5 && strnlen(s, 50) == 12);
    CHECK("strchr", strchr(s, 'o') == s + 4 && strchr(s, 'z') == NULL && strchr(s, 0) == s + 12);
    CHECK("strrchr", strrchr(s, 'o') == s + 8 && strrchr(s, 'z') == NULL);
    CHECK("strstr", strstr(s, "world") == s + 7 && strstr(s, "word") == NULL);
    CHECK("strstr of nothing", strstr(s, "") == s && strstr("aaab", "aab") != NULL);
    CHECK("strcasestr", strcasestr(s, "WORLD") == s + 7 && strcasestr(s, "x") == NULL);
    CHECK("memchr", memchr(s, 'w', 12) == s + 7 && memchr(s, 'w', 7) == NULL);
    CHECK("memrchr", memrchr(s, 'l', 12) == s + 10 && memrchr(s, 'z', 12) == NULL);
    CHECK("memmem", memmem(s, 12, "ld", 2) == s + 10 && memmem(s, 11, "ld", 2) == NULL);
    CHECK("strspn", strspn(s, "hel") == 4 && strcspn(s, ", ") == 5);
    CHECK("strpbrk", strpbrk(s, "xw") == s + 7 && strpbrk(s, "xyz") == NULL);
    CHECK("strcmp", strcmp("a", "b") < 0 && strcmp("b", "a") > 0 && strcmp("a", "a") == 0);
    CHECK("strcmp is unsigned", strcmp("\xff", "a") > 0 && strcmp("ab", "a") > 0);
    CHECK("strncmp", strncmp("abc", "abd", 2) == 0 && strncmp("abc", "abd", 3) < 0);
    CHECK("strcasecmp", strcasecmp("ABC", "abc") == 0 && strcasecmp("ABC", "abd") < 0);
    CHECK("strncasecmp", strncasecmp("ABx", "aby", 2) == 0 && strncasecmp("A", "b", 5) < 0);
}

static void test_copy(void) {
    char buf[16];

    CHECK("strlcpy cuts", strlcpy(buf, "abcdefghijklmnopqrs", 8) == 19 && !strcmp(buf, "abcdefg"));
    CHECK("strlcpy fits", strlcpy(buf, "abc", 4) == 3 && strcmp(buf, "abc") == 0);
    CHECK("strlcat", strlcat(buf, "defgh", 7) == 8 && strcmp(buf, "abcdef") == 0);
    CHECK("strcpy", strcmp(strcpy(buf, "xyz"), "xyz") == 0);
    CHECK("strcat", strcmp(strcat(buf, "12"), "xyz12") == 0);
    CHECK("strncat", strcmp(strncat(buf, "3456", 2), "xyz1234") == 0);
    CHECK("stpcpy", stpcpy(buf, "four") == buf + 4);
    memset(buf, 'x', sizeof(buf));
    strncpy(buf, "ab", 4);
    CHECK("strncpy", memcmp(buf, "ab\0\0x", 5) == 0);
}

static void test_token(void) {
    char text[] = "  one two  three ", fields[] = "a::b", *rest = NULL, *field = fields;

    check_text("strtok_r first", strtok_r(text, " ", &rest), "one");
    check_text("strtok_r second", strtok_r(NULL, " ", &rest), "two");
    check_text("strtok_r third", strtok_r(NULL, " ", &rest), "three");
    CHECK("strtok_r end", strtok_r(NULL, " ", &rest) == NULL);
    check_text("strsep first", strsep(&field, ":"), "a");
    check_text("strsep empty", strsep(&field, ":"), "");
    check_text("strsep last", strsep(&field, ":"), "b");
    CHECK("strsep end", field == NULL && strsep(&field, ":") == NULL);
}

static void test_ctype(void) {
    int c, letters = 0, digits = 0, spaces = 0, printing = 0, punctuation = 0;

    for (c = -1; c < 256; c++) {
        letters += !!isalpha(c);
        digits += !!isxdigit(c);
        spaces += !!isspace(c);
        printing += !!isprint(c);
        punctuation += !!ispunct(c);
    }
    CHECK("ctype", letters == 52 && digits == 22 && spaces == 6 && printing == 95);
    CHECK("ispunct", punctuation == 32);
    CHECK("toupper", toupper('a') == 'A' && toupper('Z') == 'Z' && tolower('Q') == 'q');
}

int main(void) {
    char *copy = strdup("copied");

    CHECK("memcpy, all alignments", all_copies_are_right());
    CHECK("memmove, all overlaps", all_moves_are_right());
    CHECK("memset, all alignments", all_fills_are_right());
    CHECK("memcmp, all places", all_comparisons_are_right());
    test_search();
    test_copy();
    test_token();
    test_ctype();
    check_text("strdup", copy, "copied");
    free(copy);
    copy = strndup("copied", 3);
    check_text("strndup", copy, "cop");
    free(copy);
    check_text("strerror", strerror(ENOENT), "No such file or directory");
    check_text("strsignal", strsignal(11), "Segmentation fault");
    return check_done();
}
