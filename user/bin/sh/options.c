/* Options, and the builtin `set`, which also sets the positional parameters. */
#include "options.h"
#include "jobs.h"
#include "out.h"
#include "shell.h"
#include "vars.h"

#include <stddef.h>
#include <string.h>

static const struct {
    char letter;
    const char *name;
    bool *value;
} table[] = {
    {'a', "allexport", &shell.options.allexport}, {'e', "errexit", &shell.options.errexit},
    {'C', "noclobber", &shell.options.noclobber}, {'n', "noexec", &shell.options.noexec},
    {'f', "noglob", &shell.options.noglob},       {'u', "nounset", &shell.options.nounset},
    {'m', "monitor", &shell.job_control},         {'v', "verbose", &shell.options.verbose},
    {'x', "xtrace", &shell.options.xtrace},
};

enum { OPTIONS = sizeof(table) / sizeof(table[0]) };

/* Job control is more than its flag. */
static bool option_set(size_t i, bool on) {
    if (table[i].value == &shell.job_control)
        jobs_control_set(on);
    *table[i].value = on;
    return true;
}

bool option_set_letter(char letter, bool on) {
    for (size_t i = 0; i < OPTIONS; i++) {
        if (table[i].letter == letter)
            return option_set(i, on);
    }
    shell_error("-%c: no such option", letter);
    return false;
}

bool option_set_name(const char *name, bool on) {
    for (size_t i = 0; i < OPTIONS; i++) {
        if (strcmp(table[i].name, name) == 0)
            return option_set(i, on);
    }
    shell_error("%s: no such option", name);
    return false;
}

static void options_print(void) {
    for (size_t i = 0; i < OPTIONS; i++)
        out_format("%-10s %s\n", table[i].name, *table[i].value ? "on" : "off");
}

static bool set_letters(const char *word) {
    for (const char *letter = word + 1; *letter; letter++) {
        if (!option_set_letter(*letter, *word == '-'))
            return false;
    }
    return true;
}

static bool is_option(const char *word) {
    return (*word == '-' || *word == '+') && word[1] != '\0';
}

int builtin_set(int argc, char **argv) {
    int i = 1;

    if (argc == 1) {
        vars_print("", false, false);
        return 0;
    }
    for (; i < argc && is_option(argv[i]) && strcmp(argv[i], "--") != 0; i++) {
        bool on = *argv[i] == '-';

        if (strcmp(argv[i] + 1, "o") != 0) {
            if (!set_letters(argv[i]))
                return 2;
        } else if (++i == argc) {
            options_print();
        } else if (!option_set_name(argv[i], on)) {
            return 2;
        }
    }
    if (i < argc && strcmp(argv[i], "--") == 0)
        params_set(argv + i + 1, argc - i - 1);
    else if (i < argc)
        params_set(argv + i, argc - i);
    return 0;
}
