/*
 * The exec family: execve with PATH, the current environment, and arguments as a list.
 */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_DEFAULT "/bin:/usr/bin:/sbin"

int execv(const char *path, char *const argv[]) {
    return execve(path, argv, environ);
}

static size_t words_count(char *const argv[]) {
    size_t n = 0;

    while (argv[n] != NULL)
        n++;
    return n;
}

/* Runs path; what is no program of any known format is a script for the shell. */
static void program_run(const char *path, char *const argv[], char *const envp[]) {
    size_t n = words_count(argv);
    char **script;

    execve(path, argv, envp);
    if (errno != ENOEXEC)
        return;
    script = malloc((n + 3) * sizeof(*script));
    if (script == NULL)
        return;
    script[0] = "sh";
    script[1] = (char *)path;
    script[2] = NULL;
    if (n > 0)
        memcpy(script + 2, argv + 1, n * sizeof(*script));
    execve("/bin/sh", script, envp);
    free(script);
    errno = ENOEXEC;
}

/*
 * Tries file in each directory of PATH, unless it contains a slash. A file that may not be
 * run does not end the search, but is what errno tells if there is no better one.
 */
int execvpe(const char *file, char *const argv[], char *const envp[]) {
    const char *dir = getenv("PATH");
    int error = ENOENT;

    if (strchr(file, '/') != NULL || *file == '\0') {
        program_run(file, argv, envp);
        return -1;
    }
    for (dir = dir != NULL ? dir : PATH_DEFAULT;; dir++) {
        size_t n = strcspn(dir, ":");
        char path[PATH_MAX];

        if (snprintf(path, sizeof(path), "%.*s%s%s", (int)n, dir, n > 0 ? "/" : "", file) <
            (int)sizeof(path)) {
            program_run(path, argv, envp);
            if (errno != ENOENT && errno != ENOTDIR && errno != EACCES)
                return -1;
            if (errno == EACCES)
                error = EACCES;
        }
        dir += n;
        if (*dir == '\0')
            break;
    }
    errno = error;
    return -1;
}

int execvp(const char *file, char *const argv[]) {
    return execvpe(file, argv, environ);
}

/* How many arguments there are before the NULL. */
static size_t list_count(va_list ap) {
    va_list copy;
    size_t n = 0;

    va_copy(copy, ap);
    while (va_arg(copy, char *) != NULL)
        n++;
    va_end(copy);
    return n;
}

/* The arguments as a malloc'ed array, NULL-terminated; leaves *ap behind the NULL. */
static char **list_collect(const char *first, va_list *ap) {
    size_t i, n = list_count(*ap);
    char **argv = malloc((n + 2) * sizeof(*argv));

    if (argv == NULL)
        return NULL;
    argv[0] = (char *)first;
    for (i = 1; i <= n + 1; i++)
        argv[i] = va_arg(*ap, char *);
    return argv;
}

int execl(const char *path, const char *arg, ...) {
    char **argv;
    va_list ap;

    va_start(ap, arg);
    argv = list_collect(arg, &ap);
    va_end(ap);
    if (argv != NULL)
        execve(path, argv, environ);
    free(argv);
    return -1;
}

int execlp(const char *file, const char *arg, ...) {
    char **argv;
    va_list ap;

    va_start(ap, arg);
    argv = list_collect(arg, &ap);
    va_end(ap);
    if (argv != NULL)
        execvp(file, argv);
    free(argv);
    return -1;
}

int execle(const char *path, const char *arg, ...) {
    char **argv, **envp;
    va_list ap;

    va_start(ap, arg);
    argv = list_collect(arg, &ap);
    envp = argv == NULL ? NULL : va_arg(ap, char **);
    va_end(ap);
    if (argv != NULL)
        execve(path, argv, envp);
    free(argv);
    return -1;
}
