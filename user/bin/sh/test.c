/* test and [: conditions about strings, numbers and files. */
#include "builtins.h"
#include "shell.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct test {
    char **args; /* the next argument */
    char **end;
    bool failed; /* a message was written */
};

static bool parse_or(struct test *test);

static bool test_fail(struct test *test, const char *what, const char *text) {
    if (!test->failed)
        shell_error("test: %s%s", text ? text : "", what);
    test->failed = true;
    return false;
}

static const char *peek(struct test *test, int ahead) {
    return test->args + ahead < test->end ? test->args[ahead] : NULL;
}

static bool is(const char *text, const char *wanted) {
    return text && strcmp(text, wanted) == 0;
}

static long long number(struct test *test, const char *text) {
    long long value = 0;

    if (!number_parse(text, &value))
        test_fail(test, ": not a number", text);
    return value;
}

static bool test_mode(char letter, const struct stat *st) {
    switch (letter) {
    case 'b':
        return S_ISBLK(st->st_mode);
    case 'c':
        return S_ISCHR(st->st_mode);
    case 'd':
        return S_ISDIR(st->st_mode);
    case 'f':
        return S_ISREG(st->st_mode);
    case 'h':
    case 'L':
        return S_ISLNK(st->st_mode);
    case 'p':
        return S_ISFIFO(st->st_mode);
    case 'S':
        return S_ISSOCK(st->st_mode);
    case 's':
        return st->st_size > 0;
    case 'g':
        return st->st_mode & S_ISGID;
    case 'k':
        return st->st_mode & S_ISVTX;
    case 'u':
        return st->st_mode & S_ISUID;
    default: /* e */
        return true;
    }
}

static bool test_unary(struct test *test, char letter, const char *text) {
    struct stat st;

    switch (letter) {
    case 'n':
        return *text != '\0';
    case 'z':
        return *text == '\0';
    case 't':
        return isatty(number(test, text));
    case 'r':
        return access(text, R_OK) == 0;
    case 'w':
        return access(text, W_OK) == 0;
    case 'x':
        return access(text, X_OK) == 0;
    case 'h':
    case 'L':
        return lstat(text, &st) == 0 && test_mode(letter, &st);
    default:
        return stat(text, &st) == 0 && test_mode(letter, &st);
    }
}

static bool is_unary(const char *text) {
    return text && text[0] == '-' && text[1] && !text[2] && strchr("bcdefghkLnprsStuwxz", text[1]);
}

static bool is_binary(const char *text) {
    static const char *const operators[] = {"=",   "==",  "!=",  "<",   ">",   "-eq", "-ne",
                                            "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef"};

    for (size_t i = 0; text && i < sizeof(operators) / sizeof(operators[0]); i++) {
        if (strcmp(text, operators[i]) == 0)
            return true;
    }
    return false;
}

static bool test_files(const char *op, const char *left, const char *right) {
    struct stat a, b;
    bool has_a = stat(left, &a) == 0;
    bool has_b = stat(right, &b) == 0;
    long long seconds, nanoseconds;

    if (!has_a || !has_b)
        return is(op, "-nt") ? has_a && !has_b : is(op, "-ot") ? !has_a && has_b : false;
    if (is(op, "-ef"))
        return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
    seconds = (long long)a.st_mtim.tv_sec - b.st_mtim.tv_sec;
    nanoseconds = (long long)a.st_mtim.tv_nsec - b.st_mtim.tv_nsec;
    if (is(op, "-ot"))
        return seconds < 0 || (seconds == 0 && nanoseconds < 0);
    return seconds > 0 || (seconds == 0 && nanoseconds > 0);
}

static bool test_numbers(const char *op, long long left, long long right) {
    if (is(op, "-eq"))
        return left == right;
    if (is(op, "-ne"))
        return left != right;
    if (is(op, "-lt"))
        return left < right;
    if (is(op, "-le"))
        return left <= right;
    return is(op, "-gt") ? left > right : left >= right;
}

static bool test_binary(struct test *test, const char *left, const char *op, const char *right) {
    if (is(op, "=") || is(op, "=="))
        return strcmp(left, right) == 0;
    if (is(op, "!="))
        return strcmp(left, right) != 0;
    if (is(op, "<"))
        return strcmp(left, right) < 0;
    if (is(op, ">"))
        return strcmp(left, right) > 0;
    if (is(op, "-nt") || is(op, "-ot") || is(op, "-ef"))
        return test_files(op, left, right);
    return test_numbers(op, number(test, left), number(test, right));
}

static bool parse_primary(struct test *test) {
    const char *first = peek(test, 0);
    bool value;

    if (!first)
        return test_fail(test, "argument expected", NULL);
    if (is_binary(peek(test, 1)) && peek(test, 2)) {
        test->args += 3;
        return test_binary(test, first, test->args[-2], test->args[-1]);
    }
    if (is(first, "(") && peek(test, 1)) {
        test->args++;
        value = parse_or(test);
        if (!is(peek(test, 0), ")"))
            return test_fail(test, "missing )", NULL);
        test->args++;
        return value;
    }
    if (is_unary(first) && peek(test, 1)) {
        test->args += 2;
        return test_unary(test, first[1], test->args[-1]);
    }
    test->args++;
    return *first != '\0';
}

static bool parse_not(struct test *test) {
    bool wanted = true;

    while (is(peek(test, 0), "!") && peek(test, 1) &&
           !(is_binary(peek(test, 1)) && peek(test, 2))) {
        wanted = !wanted;
        test->args++;
    }
    return parse_primary(test) == wanted;
}

static bool parse_and(struct test *test) {
    bool value = parse_not(test);

    while (is(peek(test, 0), "-a")) {
        test->args++;
        value = parse_not(test) && value;
    }
    return value;
}

static bool parse_or(struct test *test) {
    bool value;

    if (shell_stack_is_low())
        return test_fail(test, "nested too deeply", NULL);
    value = parse_and(test);
    while (is(peek(test, 0), "-o")) {
        test->args++;
        value = parse_and(test) || value;
    }
    return value;
}

int builtin_test(int argc, char **argv) {
    struct test test = {.args = argv + 1, .end = argv + argc};
    bool value;

    if (strcmp(argv[0], "[") == 0) {
        if (strcmp(argv[argc - 1], "]") != 0) {
            shell_error("[: missing ]");
            return 2;
        }
        test.end--;
    }
    if (test.args == test.end)
        return 1;
    value = parse_or(&test);
    if (test.args < test.end)
        test_fail(&test, ": unexpected", *test.args);
    return test.failed ? 2 : !value;
}
