/*
 * paging [OPTION]... PAGE... | -r LENGTH | -l LENGTH: page replacement as courses draw it. The
 * references are given, random or looping.
 */
#include "paging.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/cmd.h"
#include "../common/number.h"

#define USAGE \
    "[OPTION]... PAGE...            references that are given: 1 2 3 or 1, 2, 3\n" \
    "       paging [OPTION]... -r LENGTH          random ones\n" \
    "       paging [OPTION]... -l LENGTH          the same pages round and round\n" \
    "  -f FRAMES  how many frames there are (3)\n" \
    "  -p PAGES   of how many pages -r (8) and -l (one more than there are frames)\n" \
    "  -s SEED    another random string (1)\n" \
    "  -q         print no tables, only how many faults there were\n" \
    "  -a         the faults with 1 frame, 2 frames... (to FRAMES, or as many as pages),\n" \
    "             and where more frames fault more often: Belady's anomaly\n" \
    "  -live      also make the references to real pages, in FRAMES frames, under each\n" \
    "             of the kernel's policies; needs a swap disk, and root to switch\n" \
    "FIFO, Clock (second chance), LRU and OPT (the optimum) are simulated by the book."

#define NUMBER_MAX 1000000

static struct {
    bool anomaly, quiet, live;
    size_t frames, random, loop, pages, seed;   /* 0: not given */
} options;

static size_t number_take(const char *what) {
    long long number = number_require(optarg, what);
    if (number < 1 || number > NUMBER_MAX)
        cmd_die("the %s must be 1 to %d: '%s'", what, NUMBER_MAX, optarg);
    return (size_t)number;
}

/* -live is a word among letters. Takes it out, wherever it is. */
static int live_take(int argc, char **argv) {
    int left = 0;
    for (int i = 0; i < argc; i++) {
        if (i > 0 && (strcmp(argv[i], "-live") == 0 || strcmp(argv[i], "--live") == 0))
            options.live = true;
        else
            argv[left++] = argv[i];
    }
    argv[left] = NULL;
    return left;
}

static void option_take(int option) {
    switch (option) {
    case 'a': options.anomaly = true; break;
    case 'q': options.quiet = true; break;
    case 'f': options.frames = number_take("number of frames"); break;
    case 'r': options.random = number_take("length of the string"); break;
    case 'l': options.loop = number_take("length of the string"); break;
    case 'p': options.pages = number_take("number of pages"); break;
    case 's': options.seed = number_take("seed"); break;
    default: cmd_usage(USAGE);
    }
}

static struct string string_make(char **words) {
    if (!!options.random + !!options.loop + !!*words > 1)
        cmd_die("the references are given, random (-r) or looping (-l): only one of the three");
    if (options.pages && *words)
        cmd_die("-p goes with -r or -l");
    if (options.seed && !options.random)
        cmd_die("-s goes with -r");
    size_t frames = options.frames ? options.frames : 3;
    if (options.random)
        return string_random(options.random, options.pages ? options.pages : 8,
                             options.seed ? options.seed : 1);
    if (options.loop)
        return string_loop(options.loop, options.pages ? options.pages : frames + 1);
    if (!*words)
        cmd_usage(USAGE);
    return string_given(words);
}

/* --- faults by number of frames --- */

static void anomaly_print(const struct string *string) {
    size_t most = options.frames ? options.frames : string->pages, anomalies = 0;
    size_t *last = cmd_alloc(policy_count * sizeof(*last));
    printf("frames ");
    for (size_t i = 0; i < policy_count; i++)
        printf("%9s", policies[i].name);
    putchar('\n');
    for (size_t frames = 1; frames <= most; frames++) {
        printf("%6lu ", frames);
        for (size_t i = 0; i < policy_count; i++) {
            size_t faults = faults_count(string, &policies[i], frames);
            bool more = frames > 1 && faults > last[i];
            printf("%8lu%c", faults, more ? '!' : ' ');
            anomalies += more;
            last[i] = faults;
        }
        putchar('\n');
        fflush(stdout);
    }
    free(last);
    puts(anomalies ? "! more faults than with one frame less: Belady's anomaly"
                   : "No anomaly: more frames never fault more often with this string.");
}

/* --- a given number of frames --- */

static void counts_print(const struct string *string, size_t frames) {
    printf("%lu reference%s to %lu page%s, %lu frame%s\n\n", string->length,
           string->length == 1 ? "" : "s", string->pages, string->pages == 1 ? "" : "s", frames,
           frames == 1 ? "" : "s");
    printf("%-10s%10s%10s\n", "policy", "faults", "hits");
    for (size_t i = 0; i < policy_count; i++) {
        size_t faults = faults_count(string, &policies[i], frames);
        printf("%-10s%10lu%10lu\n", policies[i].name, faults, string->length - faults);
    }
}

int main(int argc, char **argv) {
    int option;
    cmd_begin(argv, 1);
    argc = live_take(argc, argv);
    while ((option = getopt(argc, argv, "aqf:r:l:p:s:")) != -1)
        option_take(option);
    struct string string = string_make(argv + optind);
    size_t frames = options.frames ? options.frames : 3;
    if (options.anomaly && options.live)
        cmd_die("-a and -live do not go together");
    if (options.anomaly) {
        anomaly_print(&string);
        return cmd_end(cmd_status);
    }
    for (size_t i = 0; i < policy_count && !options.quiet; i++)
        table_print(&string, &policies[i], frames);
    counts_print(&string, frames);
    if (options.live)
        live_run(&string, frames);
    return cmd_end(cmd_status);
}
