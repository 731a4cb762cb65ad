/* The table of builtins, and those that are a few lines each. */
#include "builtins.h"
#include "edit.h"
#include "exec.h"
#include "input.h"
#include "jobs.h"
#include "options.h"
#include "out.h"
#include "shell.h"
#include "trap.h"
#include "vars.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int number_parse(const char *text, long long *value) {
    char *end;

    errno = 0;
    *value = strtoll(text, &end, 10);
    while (*end == ' ' || *end == '\t')
        end++;
    return end != text && *end == '\0' && errno == 0;
}

/* The optional number of break, return, exit, ...; false after a message. */
static bool count_argument(int argc, char **argv, long long least, long long *value) {
    if (argc < 2)
        return true;
    if (!number_parse(argv[1], value) || *value < least) {
        shell_error("%s: %s: bad number", argv[0], argv[1]);
        return false;
    }
    return true;
}

static int builtin_true(int argc, char **argv) {
    (void)argc, (void)argv;
    return 0;
}

static int builtin_false(int argc, char **argv) {
    (void)argc, (void)argv;
    return 1;
}

/* Takes words of the letters n, e and E alone: echo -x prints "-x". */
static int echo_options(int argc, char **argv, bool *newline, bool *escapes) {
    int i = 1;

    for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
        if (argv[i][1 + strspn(argv[i] + 1, "neE")])
            break;
        for (const char *letter = argv[i] + 1; *letter; letter++) {
            if (*letter == 'n')
                *newline = false;
            else
                *escapes = *letter == 'e';
        }
    }
    return i;
}

static int builtin_echo(int argc, char **argv) {
    bool newline = true, escapes = false;
    int first = echo_options(argc, argv, &newline, &escapes);

    for (int i = first; i < argc; i++) {
        if (i > first)
            out_char(' ');
        if (!escapes)
            out_str(argv[i]);
        else if (!escaped_write(argv[i]))
            return 0;
    }
    if (newline)
        out_char('\n');
    return 0;
}

static int builtin_eval(int argc, char **argv) {
    struct strbuf text = {0};
    struct input input;

    for (int i = 1; i < argc; i++) {
        if (i > 1)
            strbuf_add_char(&text, ' ');
        strbuf_add_str(&text, argv[i]);
    }
    shell.status = 0;
    input_from_string(&input, strbuf_text(&text), text.len, shell.line);
    strbuf_free(&text);
    shell_run_input(&input, 0);
    input_free(&input);
    return shell.status;
}

static int builtin_dot(int argc, char **argv) {
    struct arena *scratch = arena_new();
    struct input input;
    const char *path;
    int fd, moved;

    if (argc < 2) {
        shell_error(".: which file?");
        return 2;
    }
    path = strchr(argv[1], '/') || access(argv[1], R_OK) == 0 ? NULL
                                                              : path_find(argv[1], scratch);
    fd = open(path ? path : argv[1], O_RDONLY);
    arena_put(scratch);
    if (fd < 0) {
        shell_error(".: %s: %s", argv[1], strerror(errno));
        shell_abort(2);
        return 2;
    }
    moved = fcntl(fd, F_DUPFD_CLOEXEC, 10);
    close(fd);
    shell.return_depth++;
    shell.status = 0;
    input_from_file(&input, moved, false);
    shell_run_input(&input, 0);
    input_free(&input);
    close(moved);
    shell.return_depth--;
    if (shell.unwind == UNWIND_RETURN)
        shell.unwind = UNWIND_NONE;
    return shell.status;
}

/* Without a program only the redirections matter, and the caller keeps those.  A mistyped
 * name must not end the shell that it was typed at. */
static int builtin_exec(int argc, char **argv) {
    if (argc < 2)
        return 0;
    if (shell.interactive) {
        struct arena *scratch = arena_new();
        bool found = path_find(argv[1], scratch) != NULL;

        arena_put(scratch);
        if (!found) {
            shell_error("exec: %s: not found", argv[1]);
            return 127;
        }
        traps_reset(false);
    }
    program_exec(argv + 1);
}

static int builtin_exit(int argc, char **argv) {
    long long status = shell.status;

    if (!count_argument(argc, argv, -1, &status))
        status = 2;
    if (!jobs_may_exit())
        return 1;
    shell_exit(status & 255);
}

static int builtin_return(int argc, char **argv) {
    long long status = shell.status;

    if (!count_argument(argc, argv, -1, &status))
        return 2;
    shell.status = status & 255;
    if (shell.return_depth == 0)
        shell_exit(shell.status);
    shell.unwind = UNWIND_RETURN;
    return shell.status;
}

static int leave_loops(int argc, char **argv, enum unwind unwind) {
    long long levels = 1;

    if (!count_argument(argc, argv, 1, &levels))
        return 2;
    if (shell.loop_depth > 0) {
        shell.unwind_levels = levels < shell.loop_depth ? levels : shell.loop_depth;
        shell.unwind = unwind;
    }
    return 0;
}

static int builtin_break(int argc, char **argv) {
    return leave_loops(argc, argv, UNWIND_BREAK);
}

static int builtin_continue(int argc, char **argv) {
    return leave_loops(argc, argv, UNWIND_CONTINUE);
}

static int builtin_shift(int argc, char **argv) {
    long long by = 1;

    if (!count_argument(argc, argv, 0, &by))
        return 2;
    if (by > params.count) {
        shell_error("shift: only %d to shift", params.count);
        return 1;
    }
    params_shift(by);
    return 0;
}

static int builtin_umask(int argc, char **argv) {
    mode_t mask = umask(0);
    char *end;
    long wanted;

    umask(mask);
    if (argc < 2) {
        out_format("%04o\n", (unsigned)mask);
        return 0;
    }
    wanted = strtol(argv[1], &end, 8);
    if (*end || end == argv[1] || wanted < 0 || wanted > 0777) {
        shell_error("umask: %s: not an octal mode", argv[1]);
        return 1;
    }
    umask(wanted);
    return 0;
}

static int builtin_history(int argc, char **argv) {
    (void)argc, (void)argv;
    for (size_t i = 0; history_get(i); i++)
        out_format("%5zu  %s\n", i + 1, history_get(i));
    return 0;
}

const struct builtin builtins[] = {
    {".", builtin_dot, true},
    {":", builtin_true, true},
    {"[", builtin_test, false},
    {"bg", builtin_bg, false},
    {"break", builtin_break, true},
    {"cd", builtin_cd, false},
    {"command", builtin_command, false},
    {"continue", builtin_continue, true},
    {"echo", builtin_echo, false},
    {"eval", builtin_eval, true},
    {"exec", builtin_exec, true},
    {"exit", builtin_exit, true},
    {"export", builtin_export, true},
    {"false", builtin_false, false},
    {"fg", builtin_fg, false},
    {"getopts", builtin_getopts, false},
    {"history", builtin_history, false},
    {"jobs", builtin_jobs, false},
    {"kill", builtin_kill, false},
    {"local", builtin_local, false},
    {"printf", builtin_printf, false},
    {"pwd", builtin_pwd, false},
    {"read", builtin_read, false},
    {"readonly", builtin_readonly, true},
    {"return", builtin_return, true},
    {"set", builtin_set, true},
    {"shift", builtin_shift, true},
    {"source", builtin_dot, false},
    {"test", builtin_test, false},
    {"trap", builtin_trap, true},
    {"true", builtin_true, false},
    {"type", builtin_type, false},
    {"ulimit", builtin_ulimit, false},
    {"umask", builtin_umask, false},
    {"unset", builtin_unset, true},
    {"wait", builtin_wait, false},
    {NULL, NULL, false},
};

static int compare_names(const void *key, const void *builtin) {
    return strcmp(key, ((const struct builtin *)builtin)->name);
}

const struct builtin *builtin_find(const char *name) {
    size_t count = sizeof(builtins) / sizeof(builtins[0]) - 1;

    return bsearch(name, builtins, count, sizeof(builtins[0]), compare_names);
}

int builtin_run(const struct builtin *builtin, int argc, char **argv) {
    int status = builtin->run(argc, argv);
    int error = out_flush();

    if (error) {
        shell_error("%s: write error: %s", builtin->name, strerror(error));
        status = status ? status : 1;
    }
    return status;
}
