/* Programs: the search through PATH, and execve with its errors. */
#include "exec.h"
#include "jobs.h"
#include "shell.h"
#include "vars.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Takes the next directory from *PATH and puts NAME behind it; NULL after the last. */
static char *path_next(const char **path, const char *name, struct arena *arena) {
    const char *start = *path;
    size_t len;
    char *candidate;

    if (!start)
        return NULL;
    len = strcspn(start, ":");
    *path = start[len] ? start + len + 1 : NULL;
    candidate = arena_alloc(arena, len + strlen(name) + 2);
    memcpy(candidate, start, len);
    if (len > 0)
        candidate[len++] = '/';
    strcpy(candidate + len, name);
    return candidate;
}

static bool is_program(const char *path) {
    struct stat st;

    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

char *path_find(const char *name, struct arena *arena) {
    const char *path = var_get("PATH");
    char *candidate;

    if (strchr(name, '/'))
        return is_program(name) ? arena_strdup(arena, name) : NULL;
    while ((candidate = path_next(&path, name, arena))) {
        if (is_program(candidate))
            return candidate;
    }
    return NULL;
}

/* A file that the kernel does not know how to run is a script of ours. */
static void exec_script(const char *path, char **argv, char **environment,
                        struct arena *arena) {
    struct strlist args = {0};

    strlist_add(&args, arena_strdup(arena, "sh"));
    strlist_add(&args, arena_strdup(arena, path));
    for (char **arg = argv + 1; *arg; arg++)
        strlist_add(&args, *arg);
    execve("/bin/sh", args.items, environment);
}

static int try_exec(const char *path, char **argv, char **environment, struct arena *arena) {
    struct stat st;

    execve(path, argv, environment);
    if (errno == ENOEXEC)
        exec_script(path, argv, environment, arena);
    else if (errno == EACCES && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        errno = EISDIR;
    return errno;
}

static bool is_missing(int error) {
    return error == ENOENT || error == ENOTDIR;
}

_Noreturn void program_exec(char **argv) {
    struct arena *arena = arena_new();
    char **environment = vars_environment(arena);
    const char *path = var_get("PATH");
    const char *name = argv[0];
    int error = ENOENT;
    char *candidate;

    if (strchr(name, '/')) {
        error = try_exec(name, argv, environment, arena);
    } else {
        while (*name && (candidate = path_next(&path, name, arena))) {
            int attempt = try_exec(candidate, argv, environment, arena);

            if (!is_missing(attempt) && attempt != EISDIR)
                error = attempt;
        }
    }
    if (is_missing(error) && !strchr(name, '/'))
        shell_error("%s: not found", name);
    else
        shell_error("%s: %s", name, strerror(error));
    shell_exit(is_missing(error) ? 127 : 126);
}

int program_run(char **argv) {
    struct job *job = job_new(argv[0]);

    if (job_fork(job, JOB_FOREGROUND) == 0)
        program_exec(argv);
    return job_wait(job);
}
