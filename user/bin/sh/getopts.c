/* getopts: the options of a script, one at each call. */
#include "builtins.h"
#include "shell.h"
#include "vars.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where in a word like -abc the next letter is.  OPTIND alone cannot say. */
static long long last_index;
static size_t offset;

struct options_scan {
    const char *letters;
    const char *name; /* the variable that gets the letter */
    char **args;
    int count;
    long long index; /* OPTIND: of the next word, from 1 */
};

static void set_index(struct options_scan *scan) {
    char digits[24];

    snprintf(digits, sizeof(digits), "%lld", scan->index);
    var_set("OPTIND", digits);
    last_index = scan->index;
}

static int finish(struct options_scan *scan, const char *letter, const char *argument) {
    set_index(scan);
    if (argument)
        var_set("OPTARG", argument);
    else
        var_unset("OPTARG");
    return var_set(scan->name, letter) ? 0 : 1;
}

/* An unknown letter, or one without its argument (MISSING). */
static int complain(struct options_scan *scan, char letter, bool missing) {
    char text[2] = {letter, '\0'};

    if (scan->letters[0] == ':')
        return finish(scan, missing ? ":" : "?", text);
    shell_error("%s -%c", missing ? "no argument for option" : "unknown option", letter);
    return finish(scan, "?", NULL);
}

static int no_more(struct options_scan *scan) {
    offset = 0;
    finish(scan, "?", NULL);
    return 1;
}

static int take_letter(struct options_scan *scan, const char *word) {
    char letter[2] = {word[offset++], '\0'};
    const char *known = letter[0] == ':' ? NULL : strchr(scan->letters, letter[0]);
    const char *argument = NULL;

    if (known && known[1] == ':') {
        if (word[offset]) {
            argument = word + offset;
        } else if (scan->index < scan->count) {
            argument = scan->args[scan->index++];
        } else {
            scan->index++;
            offset = 0;
            return complain(scan, letter[0], true);
        }
        offset = 0;
    }
    if (!argument && word[offset] == '\0')
        offset = 0;
    if (offset == 0)
        scan->index++;
    return known ? finish(scan, letter, argument) : complain(scan, letter[0], false);
}

int builtin_getopts(int argc, char **argv) {
    struct options_scan scan = {0};
    const char *index = var_get("OPTIND");
    const char *word;

    if (argc < 3) {
        shell_error("getopts: which options, and which variable?");
        return 2;
    }
    scan.letters = argv[1];
    scan.name = argv[2];
    scan.args = argc > 3 ? argv + 3 : params.items;
    scan.count = argc > 3 ? argc - 3 : params.count;
    if (!index || !number_parse(index, &scan.index) || scan.index < 1)
        scan.index = 1;
    if (scan.index != last_index)
        offset = 0;
    word = scan.index <= scan.count ? scan.args[scan.index - 1] : NULL;
    if (offset == 0 || !word || offset >= strlen(word)) {
        offset = 1;
        if (!word || word[0] != '-' || word[1] == '\0')
            return no_more(&scan);
        if (strcmp(word, "--") == 0) {
            scan.index++;
            return no_more(&scan);
        }
    }
    return take_letter(&scan, word);
}
