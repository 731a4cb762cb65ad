/* ulimit [-HS] [-a | -cdflmnstuv] [LIMIT | unlimited]: what the shell and its children may use. */
#include "builtins.h"
#include "out.h"
#include "shell.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>

static const struct limit {
    char letter;
    int resource;
    unsigned unit;
    const char *what;
} limits[] = {
    {'c', RLIMIT_CORE, 512, "core file (512-byte blocks)"},
    {'d', RLIMIT_DATA, 1024, "data (KiB)"},
    {'f', RLIMIT_FSIZE, 512, "file size (512-byte blocks)"},
    {'l', RLIMIT_MEMLOCK, 1024, "locked memory (KiB)"},
    {'m', RLIMIT_RSS, 1024, "resident memory (KiB)"},
    {'n', RLIMIT_NOFILE, 1, "open files"},
    {'s', RLIMIT_STACK, 1024, "stack (KiB)"},
    {'t', RLIMIT_CPU, 1, "CPU time (seconds)"},
    {'u', RLIMIT_NPROC, 1, "processes of the user"},
    {'v', RLIMIT_AS, 1024, "address space (KiB)"},
};

enum { LIMITS = sizeof(limits) / sizeof(limits[0]) };

struct request {
    const struct limit *limit;
    bool all, hard, soft;
};

static const struct limit *limit_find(char letter) {
    for (size_t i = 0; i < LIMITS; i++) {
        if (limits[i].letter == letter)
            return &limits[i];
    }
    return NULL;
}

static void value_print(const struct limit *limit, bool hard) {
    struct rlimit value = {RLIM_INFINITY, RLIM_INFINITY};
    rlim_t number;

    getrlimit(limit->resource, &value);
    number = hard ? value.rlim_max : value.rlim_cur;
    if (number == RLIM_INFINITY)
        out_str("unlimited\n");
    else
        out_format("%llu\n", (unsigned long long)number / limit->unit);
}

static void all_print(bool hard) {
    for (size_t i = 0; i < LIMITS; i++) {
        out_format("-%c  %-28s  ", limits[i].letter, limits[i].what);
        value_print(&limits[i], hard);
    }
}

static bool value_parse(const char *text, unsigned unit, rlim_t *value) {
    const long long most = RLIM_INFINITY / 2 / unit;
    long long number;

    *value = RLIM_INFINITY;
    if (strcmp(text, "unlimited") == 0)
        return true;
    if (!number_parse(text, &number) || number < 0 || number > most)
        return false;
    *value = (rlim_t)number * unit;
    return true;
}

/* Without -H or -S both limits are set. */
static int limit_set(const struct request *request, const char *text) {
    struct rlimit limit;
    rlim_t value;

    if (!value_parse(text, request->limit->unit, &value)) {
        shell_error("ulimit: %s: bad number", text);
        return 2;
    }
    getrlimit(request->limit->resource, &limit);
    if (request->hard || !request->soft)
        limit.rlim_max = value;
    if (request->soft || !request->hard)
        limit.rlim_cur = value;
    if (setrlimit(request->limit->resource, &limit) < 0) {
        shell_error("ulimit: %s: %s", text, strerror(errno));
        return 1;
    }
    return 0;
}

static bool take_letters(struct request *request, const char *letters) {
    for (; *letters; letters++) {
        const struct limit *limit = limit_find(*letters);

        if (*letters == 'H')
            request->hard = true;
        else if (*letters == 'S')
            request->soft = true;
        else if (*letters == 'a')
            request->all = true;
        else if (limit)
            request->limit = limit;
        else
            return false;
    }
    return true;
}

int builtin_ulimit(int argc, char **argv) {
    struct request request = {.limit = limit_find('f')};
    bool valid = true;
    int i = 1;

    for (; i < argc && argv[i][0] == '-' && valid; i++)
        valid = take_letters(&request, argv[i] + 1);
    if (!valid || i + 1 < argc || (request.all && i < argc)) {
        shell_error("ulimit: usage: ulimit [-HS] [-a | -cdflmnstuv] [limit | unlimited]");
        return 2;
    }
    if (request.all)
        all_print(request.hard);
    else if (i == argc)
        value_print(request.limit, request.hard);
    else
        return limit_set(&request, argv[i]);
    return 0;
}
