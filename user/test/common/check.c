/*
 * The frame of a test program. See check.h.
 */
#include "check.h"

#include <stdio.h>
#include <string.h>

static int passed;
static int failed;

/* Each line is written out at once: the next check may hang or kill the program. */
void check(const char *name, bool holds, const char *why) {
    if (holds) {
        passed++;
        printf("ok %s\n", name);
    } else {
        failed++;
        printf("FAIL %s: %s\n", name, why);
    }
    fflush(stdout);
}

void check_text(const char *name, const char *got, const char *expected) {
    char why[600];

    snprintf(why, sizeof(why), "got \"%s\", expected \"%s\"", got, expected);
    check(name, strcmp(got, expected) == 0, why);
}

int check_done(void) {
    printf("done: %d ok, %d failed\n", passed, failed);
    return failed > 0;
}
