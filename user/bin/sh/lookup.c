/* type and command: what a name stands for. */
#include "builtins.h"
#include "exec.h"
#include "out.h"
#include "shell.h"

#include <string.h>

static bool is_keyword(const char *name) {
    static const char *const keywords[] = {"!",  "{",  "}",   "case", "do", "done",  "elif",  "else",
                                           "esac", "fi", "for", "if",   "in", "then", "until", "while"};

    for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
        if (strcmp(keywords[i], name) == 0)
            return true;
    }
    return false;
}

/* Writes what NAME is, in words or (TERSE) as something to type; 127 if it is nothing. */
static int describe(const char *name, bool terse) {
    struct arena *scratch = arena_new();
    const char *what = NULL;
    const char *path;

    if (is_keyword(name))
        what = "a shell keyword";
    else if (function_find(name))
        what = "a shell function";
    else if (builtin_find(name))
        what = "a shell builtin";
    path = what ? name : path_find(name, scratch);
    if (path && terse)
        out_format("%s\n", path);
    else if (path)
        out_format("%s is %s\n", name, what ? what : path);
    arena_put(scratch);
    return path ? 0 : 127;
}

int builtin_type(int argc, char **argv) {
    int status = 0;

    for (int i = 1; i < argc; i++) {
        if (describe(argv[i], false) != 0) {
            shell_error("type: %s: not found", argv[i]);
            status = 127;
        }
    }
    return status;
}

/* command [-v | -V] name: describes it, or runs it even if a function has its name. */
int builtin_command(int argc, char **argv) {
    bool asks = argc > 1 && (strcmp(argv[1], "-v") == 0 || strcmp(argv[1], "-V") == 0);
    const struct builtin *builtin;
    int first = argc > 1 && (asks || strcmp(argv[1], "-p") == 0) ? 2 : 1;

    if (first >= argc)
        return 0;
    if (asks)
        return describe(argv[first], argv[1][1] == 'v');
    builtin = builtin_find(argv[first]);
    if (builtin)
        return builtin->run(argc - first, argv + first);
    return program_run(argv + first);
}
