/* export, readonly, local, unset. */
#include "builtins.h"
#include "exec.h"
#include "parse.h"
#include "shell.h"
#include "vars.h"

#include <stdlib.h>
#include <string.h>

/* Does ACT on the name of each NAME or NAME=VALUE, and sets the value. */
static int declare(int argc, char **argv, bool (*act)(const char *name, bool has_value),
                   bool act_first) {
    int status = 0;
    int i = 1;

    if (i < argc && (strcmp(argv[i], "--") == 0 || strcmp(argv[i], "-p") == 0))
        i++;
    for (; i < argc; i++) {
        size_t len = strcspn(argv[i], "=");
        const char *value = argv[i][len] ? argv[i] + len + 1 : NULL;
        char *name = xstrndup(argv[i], len);
        bool done = name_is_valid(name, len);

        if (!done)
            shell_error("%s: %s: not a name", argv[0], argv[i]);
        if (done && act_first)
            done = act(name, value != NULL);
        if (done && value)
            done = var_set(name, value);
        if (done && !act_first)
            act(name, value != NULL);
        status |= !done;
        free(name);
    }
    return status;
}

static bool wants_list(int argc, char **argv) {
    return argc == 1 || (argc == 2 && strcmp(argv[1], "-p") == 0);
}

static bool export_one(const char *name, bool has_value) {
    (void)has_value;
    var_export(name, true);
    return true;
}

static bool unexport_one(const char *name, bool has_value) {
    (void)has_value;
    var_export(name, false);
    return true;
}

int builtin_export(int argc, char **argv) {
    if (wants_list(argc, argv)) {
        vars_print("export ", true, false);
        return 0;
    }
    if (strcmp(argv[1], "-n") == 0)
        return declare(argc - 1, argv + 1, unexport_one, false);
    return declare(argc, argv, export_one, false);
}

static bool readonly_one(const char *name, bool has_value) {
    (void)has_value;
    var_set_readonly(name);
    return true;
}

int builtin_readonly(int argc, char **argv) {
    if (wants_list(argc, argv)) {
        vars_print("readonly ", false, true);
        return 0;
    }
    return declare(argc, argv, readonly_one, false);
}

/* A local variable without a value begins unset. */
static bool local_one(const char *name, bool has_value) {
    if (!var_make_local(name)) {
        shell_error("local: not in a function");
        return false;
    }
    return has_value || var_unset(name);
}

int builtin_local(int argc, char **argv) {
    return declare(argc, argv, local_one, true);
}

int builtin_unset(int argc, char **argv) {
    bool functions = argc > 1 && strcmp(argv[1], "-f") == 0;
    int status = 0;

    for (int i = functions || (argc > 1 && strcmp(argv[1], "-v") == 0) ? 2 : 1; i < argc; i++) {
        if (functions)
            function_unset(argv[i]);
        else if (!var_unset(argv[i]))
            status = 1;
    }
    return status;
}
