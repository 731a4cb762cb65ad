/*
 * sh: the command language of POSIX (XCU 2).
 *
 *   sh [-ils] [-aCefmnuvx] [-o option] [file [args]]    runs a script, or standard input
 *   sh [-aCefmnuvx] [-o option] -c command [$0 [args]]
 */
#include "edit.h"
#include "exec.h"
#include "input.h"
#include "jobs.h"
#include "options.h"
#include "shell.h"
#include "trap.h"
#include "vars.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

/* What the command line says to read. */
struct start {
    const char *command; /* -c */
    const char *script;
    bool force_interactive;
    bool force_stdin;
};

static void take_options(struct start *start, int argc, char **argv, int *next) {
    bool wants_command = false;

    for (; *next < argc && (argv[*next][0] == '-' || argv[*next][0] == '+'); ++*next) {
        const char *arg = argv[*next];

        if (strcmp(arg, "--") == 0 || strcmp(arg, "-") == 0) {
            ++*next;
            break;
        }
        if (arg[1] == 'o' && arg[2] == '\0' && *next + 1 < argc) {
            if (!option_set_name(argv[++*next], *arg == '-'))
                exit(2);
            continue;
        }
        for (const char *letter = arg + 1; *letter; letter++) {
            if (*letter == 'c')
                wants_command = true;
            else if (*letter == 'i')
                start->force_interactive = true;
            else if (*letter == 's')
                start->force_stdin = true;
            else if (*letter != 'l' && !option_set_letter(*letter, *arg == '-'))
                exit(2);
        }
    }
    if (wants_command && *next == argc) {
        shell_error("-c needs a command");
        exit(2);
    }
    if (wants_command)
        start->command = argv[(*next)++];
}

static const char *base_name(const char *path) {
    const char *slash = strrchr(path, '/');

    if (slash && slash[1])
        path = slash + 1;
    return *path == '-' ? path + 1 : path;
}

/* Opens a script out of the way of the descriptors that it may use. */
static int open_script(const char *path) {
    int fd = open(path, O_RDONLY);
    int moved;

    if (fd < 0) {
        shell_error("%s: %s", path, strerror(errno));
        exit(errno == ENOENT ? 127 : 126);
    }
    moved = fcntl(fd, F_DUPFD_CLOEXEC, 10);
    close(fd);
    return moved;
}

static void start_input(const struct start *start, struct input *input) {
    if (start->command)
        input_from_string(input, start->command, strlen(start->command), 1);
    else if (start->script)
        input_from_file(input, open_script(start->script), false);
    else if (shell.interactive)
        input_from_prompt(input);
    else
        input_from_file(input, STDIN_FILENO, true);
}

int main(int argc, char **argv) {
    struct start start = {0};
    struct input input;
    int next = 1;

    shell_stack_is_low(); /* measures from here */
    shell.name = argc > 0 ? base_name(argv[0]) : "sh";
    shell.arg0 = argc > 0 ? argv[0] : "sh";
    shell.pid = getpid();
    take_options(&start, argc, argv, &next);
    if (!start.command && !start.force_stdin && next < argc)
        start.script = argv[next];
    if ((start.command || start.script) && next < argc)
        shell.arg0 = argv[next++];
    if (start.script)
        shell.name = start.script;
    vars_init(environ);
    params_set(argv + next, argc - next > 0 ? argc - next : 0);
    shell.typed = shell.interactive =
        start.force_interactive || (!start.command && !start.script &&
                                    isatty(STDIN_FILENO) && isatty(STDERR_FILENO));
    traps_init();
    jobs_init();
    start_input(&start, &input);
    shell_run_input(&input, EXEC_LAST);
    shell_exit(shell.status);
}
