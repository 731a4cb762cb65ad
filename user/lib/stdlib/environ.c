/*
 * The environment: a NULL-terminated array of "name=value" strings.
 *
 * The array that the kernel built is used until something is added; then a malloc'ed copy
 * takes its place. Replaced strings are not freed: a caller of getenv may still hold one.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char **own; /* environ, when it is ours to grow */

static size_t environ_count(void) {
    size_t n = 0;

    while (environ != NULL && environ[n] != NULL)
        n++;
    return n;
}

/* Where "name=..." stands, for the first n characters of name; NULL when it does not. */
static char **variable_find(const char *name, size_t n) {
    char **v;

    for (v = environ; v != NULL && *v != NULL; v++)
        if (strncmp(*v, name, n) == 0 && (*v)[n] == '=')
            return v;
    return NULL;
}

static bool name_is_valid(const char *name) {
    if (name != NULL && *name != '\0' && strchr(name, '=') == NULL)
        return true;
    errno = EINVAL;
    return false;
}

/* Puts an assignment, in memory that stays, at v or (v NULL) at the end. */
static int assignment_put(char *assignment, char **v) {
    size_t n = environ_count();
    char **grown;

    if (v != NULL) {
        *v = assignment;
        return 0;
    }
    grown = realloc(environ == own ? own : NULL, (n + 2) * sizeof(*grown));
    if (grown == NULL)
        return -1;
    if (environ != own && n > 0)
        memcpy(grown, environ, n * sizeof(*grown));
    grown[n] = assignment;
    grown[n + 1] = NULL;
    environ = own = grown;
    return 0;
}

char *getenv(const char *name) {
    size_t n = strlen(name);
    char **v = variable_find(name, n);

    return v == NULL ? NULL : *v + n + 1;
}

int setenv(const char *name, const char *value, int overwrite) {
    size_t n, value_len;
    char *assignment;
    char **v;

    if (!name_is_valid(name))
        return -1;
    n = strlen(name);
    v = variable_find(name, n);
    if (v != NULL && !overwrite)
        return 0;
    value_len = strlen(value);
    assignment = malloc(n + 1 + value_len + 1);
    if (assignment == NULL)
        return -1;
    memcpy(assignment, name, n);
    assignment[n] = '=';
    memcpy(assignment + n + 1, value, value_len + 1);
    return assignment_put(assignment, v);
}

int putenv(char *assignment) {
    char *equals = strchr(assignment, '=');

    if (equals == NULL)
        return unsetenv(assignment);
    return assignment_put(assignment, variable_find(assignment, equals - assignment));
}

int unsetenv(const char *name) {
    char **v;

    if (!name_is_valid(name))
        return -1;
    while ((v = variable_find(name, strlen(name))) != NULL)
        for (; *v != NULL; v++)
            v[0] = v[1];
    return 0;
}

int clearenv(void) {
    environ = NULL;
    return 0;
}
