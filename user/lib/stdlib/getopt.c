/*
 * Command-line options, short and long.
 */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *optarg;
int optind = 1;
int opterr = 1;
int optopt;

static char *letters; /* what is left of a word like -abc */
static int operands; /* how many operands lie before optind, waiting to be moved behind it */

/* Reports about an option, unless the program wants to do that itself. Returns '?'. */
static int complain(char *const argv[], const char *options, const char *what, const char *name,
                    size_t n) {
    if (opterr && *options != ':')
        fprintf(stderr, "%s: %s -- '%.*s'\n", argv[0], what, (int)n, name);
    return '?';
}

static int complain_missing(char *const argv[], const char *options, const char *name, size_t n) {
    complain(argv, options, "option requires an argument", name, n);
    return *options == ':' ? ':' : '?';
}

/* Moves argv[from] down to argv[to]; what lies between moves up by one. */
static void word_move(char **argv, int from, int to) {
    char *word = argv[from];

    memmove(argv + to + 1, argv + to, (from - to) * sizeof(*argv));
    argv[to] = word;
}

/* Hands the words since first over: they go before the operands that were passed. */
static void words_consume(char **argv, int first) {
    int i;

    if (operands > 0)
        for (i = first; i < optind; i++)
            word_move(argv, i, i - operands);
}

/* One letter of a word of letters; an argument is the word's rest or the next word. */
static int short_option(int argc, char *const argv[], const char *options) {
    char c = *letters++;
    const char *known = c == ':' ? NULL : strchr(options, c);

    if (*letters == '\0')
        optind++;
    optopt = (unsigned char)c;
    if (known == NULL) {
        if (*letters == '\0')
            letters = NULL;
        return complain(argv, options, "unknown option", &c, 1);
    }
    optarg = NULL;
    if (known[1] == ':') {
        if (*letters != '\0') {
            optarg = letters;
            optind++;
        } else if (known[2] != ':') {
            if (optind >= argc) {
                letters = NULL;
                return complain_missing(argv, options, &c, 1);
            }
            optarg = argv[optind++];
        }
        letters = NULL;
    } else if (*letters == '\0') {
        letters = NULL;
    }
    return (unsigned char)c;
}

/* The long option that the n bytes at name stand for: exactly, or as its only beginning. */
static const struct option *long_find(const struct option *longs, const char *name, size_t n) {
    const struct option *found = NULL, *o;
    int matches = 0;

    for (o = longs; o->name != NULL; o++) {
        if (strncmp(o->name, name, n) != 0)
            continue;
        if (o->name[n] == '\0')
            return o;
        found = o;
        matches++;
    }
    return matches == 1 ? found : NULL;
}

/* --name, --name=argument or --name argument, at argv[optind]. */
static int long_option(int argc, char *const argv[], const char *options,
                       const struct option *longs, int *index) {
    const char *name = argv[optind++] + 2;
    size_t n = strcspn(name, "=");
    const struct option *o = long_find(longs, name, n);

    optopt = 0;
    if (o == NULL)
        return complain(argv, options, "unknown or ambiguous option", name, n);
    optarg = name[n] == '=' ? (char *)name + n + 1 : NULL;
    if (optarg != NULL && o->has_arg == no_argument)
        return complain(argv, options, "option takes no argument", name, n);
    if (optarg == NULL && o->has_arg == required_argument) {
        optopt = o->val;
        if (optind >= argc)
            return complain_missing(argv, options, name, n);
        optarg = argv[optind++];
    }
    if (index != NULL)
        *index = o - longs;
    if (o->flag == NULL)
        return o->val;
    *o->flag = o->val;
    return 0;
}

/* Steps over operands, if options may follow them. False at the end of the options. */
static bool option_seek(int argc, char *const argv[], bool in_order) {
    if (optind == 0)
        optind = 1; /* a program that starts over */
    if (optind == 1)
        operands = 0;
    while (optind < argc && (argv[optind][0] != '-' || argv[optind][1] == '\0')) {
        if (in_order)
            return false;
        optind++;
        operands++;
    }
    return optind < argc;
}

static int end_of_options(void) {
    optind -= operands;
    operands = 0;
    return -1;
}

int getopt_long(int argc, char *const argv[], const char *options, const struct option *longs,
                int *index) {
    bool in_order = *options == '+' || getenv("POSIXLY_CORRECT") != NULL;
    int first, result;

    if (*options == '+')
        options++;
    optarg = NULL;
    if (letters == NULL && !option_seek(argc, argv, in_order))
        return end_of_options();
    first = optind;
    if (letters == NULL && strcmp(argv[optind], "--") == 0) {
        optind++;
        words_consume((char **)argv, first);
        return end_of_options();
    }
    if (letters == NULL && longs != NULL && strncmp(argv[optind], "--", 2) == 0) {
        result = long_option(argc, argv, options, longs, index);
    } else {
        if (letters == NULL)
            letters = argv[optind] + 1;
        result = short_option(argc, argv, options);
    }
    words_consume((char **)argv, first);
    return result;
}

int getopt(int argc, char *const argv[], const char *options) {
    return getopt_long(argc, argv, options, NULL, NULL);
}
