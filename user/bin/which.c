/* which [-a] NAME...: where in PATH a command is found. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/path.h"

static bool is_program(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

static bool name_find(const char *name, bool all) {
    if (strchr(name, '/')) {
        if (is_program(name))
            puts(name);
        return is_program(name);
    }
    const char *path = getenv("PATH");
    char *copy = cmd_strdup(path ? path : "/bin"), *rest = copy, *directory;
    bool found = false;
    while ((!found || all) && (directory = strsep(&rest, ":")) != NULL) {
        char *candidate = path_join(*directory ? directory : ".", name);
        if (is_program(candidate)) {
            puts(candidate);
            found = true;
        }
        free(candidate);
    }
    free(copy);
    return found;
}

int main(int argc, char **argv) {
    bool all = false;
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "a")) != -1) {
        if (option != 'a')
            cmd_usage("[-a] NAME...");
        all = true;
    }
    if (optind == argc)
        cmd_usage("[-a] NAME...");
    for (; optind < argc; optind++) {
        if (!name_find(argv[optind], all))
            cmd_status = 1;
    }
    return cmd_end(cmd_status);
}
