/* find: the tests and the actions but -exec. */
#include <dirent.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../common/cmd.h"
#include "../common/mode.h"
#include "../common/number.h"
#include "../common/users.h"
#include "find.h"

static bool name_run(struct test *test, const struct tree_node *node) {
    return fnmatch(test->text, node->name, test->fold ? FNM_CASEFOLD : 0) == 0;
}

static bool path_run(struct test *test, const struct tree_node *node) {
    return fnmatch(test->text, node->path, test->fold ? FNM_CASEFOLD : 0) == 0;
}

static bool type_run(struct test *test, const struct tree_node *node) {
    return (node->stat.st_mode & S_IFMT) == test->type;
}

static bool number_holds(const struct test *test, long long value) {
    if (test->comparison == '+')
        return value > test->number;
    return test->comparison == '-' ? value < test->number : value == test->number;
}

/* Sizes are rounded up to whole units. */
static bool size_run(struct test *test, const struct tree_node *node) {
    return number_holds(test, ((long long)node->stat.st_size + test->unit - 1) / test->unit);
}

static bool links_run(struct test *test, const struct tree_node *node) {
    return number_holds(test, node->stat.st_nlink);
}

/* Ages are rounded down to whole units. */
static bool age_run(struct test *test, const struct tree_node *node) {
    return number_holds(test, (time(NULL) - node->stat.st_mtime) / test->unit);
}

static bool user_run(struct test *test, const struct tree_node *node) {
    return node->stat.st_uid == test->number;
}

static bool group_run(struct test *test, const struct tree_node *node) {
    return node->stat.st_gid == test->number;
}

static bool perm_run(struct test *test, const struct tree_node *node) {
    mode_t mode = node->stat.st_mode & 07777;
    if (test->comparison == '-')
        return (mode & test->mode) == test->mode;
    if (test->comparison == '/')
        return test->mode == 0 || (mode & test->mode) != 0;
    return mode == test->mode;
}

static bool newer_run(struct test *test, const struct tree_node *node) {
    const struct timespec *time = &node->stat.st_mtim;
    return time->tv_sec > test->time.tv_sec ||
           (time->tv_sec == test->time.tv_sec && time->tv_nsec > test->time.tv_nsec);
}

static bool empty_run(struct test *test, const struct tree_node *node) {
    (void)test;
    if (S_ISREG(node->stat.st_mode))
        return node->stat.st_size == 0;
    if (!S_ISDIR(node->stat.st_mode))
        return false;
    char **names = directory_names(node->path);
    bool empty = names && names[0] == NULL;
    if (names)
        directory_names_free(names);
    else
        cmd_warn_errno("%s", node->path);
    return empty;
}

static bool print_run(struct test *test, const struct tree_node *node) {
    fputs(node->path, stdout);
    putchar((int)test->number);
    if (ferror(stdout))
        expression.stop = true;
    return true;
}

static bool delete_run(struct test *test, const struct tree_node *node) {
    (void)test;
    if (strcmp(node->path, ".") == 0)
        return true;
    int failed = S_ISDIR(node->stat.st_mode) ? rmdir(node->path) : unlink(node->path);
    if (failed)
        cmd_warn_errno("cannot delete '%s'", node->path);
    return !failed;
}

static bool prune_run(struct test *test, const struct tree_node *node) {
    (void)test;
    (void)node;
    return expression.prune = true;
}

static bool quit_run(struct test *test, const struct tree_node *node) {
    (void)test;
    (void)node;
    return expression.stop = true;
}

static bool constant_run(struct test *test, const struct tree_node *node) {
    (void)node;
    return test->number;
}

/* "+N", "-N" or "N", with a size letter when `sizes`. */
static void number_take(struct test *test, const char *text, bool sizes) {
    static const char letters[] = "cwbkMG";
    static const long long units[] = { 1, 2, 512, 1 << 10, 1 << 20, 1 << 30 };
    const char *digits = text + (*text == '+' || *text == '-');
    test->comparison = digits > text ? *text : '=';
    char *end;
    test->number = strtoll(digits, &end, 10);
    bool good = end > digits && *digits >= '0' && *digits <= '9';
    if (sizes) {
        const char *hit = *end ? strchr(letters, *end) : NULL;
        test->unit = hit ? units[hit - letters] : 512;
        end += hit != NULL;
    }
    if (!good || *end)
        cmd_die("invalid number: '%s'", text);
}

static void type_take(struct test *test, const char *text) {
    static const char letters[] = "fdlcbps";
    static const unsigned types[] = {
        S_IFREG, S_IFDIR, S_IFLNK, S_IFCHR, S_IFBLK, S_IFIFO, S_IFSOCK
    };
    const char *hit = *text && !text[1] ? strchr(letters, *text) : NULL;
    if (hit == NULL)
        cmd_die("unknown type: '%s'", text);
    test->type = types[hit - letters];
}

static void perm_take(struct test *test, const char *text) {
    bool prefix = *text == '-' || *text == '/';
    mode_t mode = 0;
    test->comparison = prefix ? *text : '=';
    if (!mode_apply(text + prefix, 0, &mode))
        cmd_die("invalid mode: '%s'", text);
    test->mode = mode & 07777;
}

static void newer_take(struct test *test, const char *path) {
    struct stat st;
    if (stat(path, &st) < 0)
        cmd_die_errno("%s", path);
    test->time = st.st_mtim;
}

static void owner_take(struct test *test, const char *name) {
    unsigned id;
    if (!(test->run == user_run ? user_find : group_find)(name, &id))
        cmd_die("no such user or group: '%s'", name);
    test->number = id;
}

static void argument_take(struct test *test, const char *text) {
    if (test->run == type_run)
        type_take(test, text);
    else if (test->run == size_run)
        number_take(test, text, true);
    else if (test->run == age_run || test->run == links_run)
        number_take(test, text, false);
    else if (test->run == perm_run)
        perm_take(test, text);
    else if (test->run == newer_run)
        newer_take(test, text);
    else if (test->run == user_run || test->run == group_run)
        owner_take(test, text);
    else
        test->text = text;
}

static const struct primary {
    const char *name;
    test_run run;
    bool argument, action, fold;
    long long value;            /* of the test's number or unit */
} primaries[] = {
    { "-name", name_run, true, false, false, 0 },
    { "-iname", name_run, true, false, true, 0 },
    { "-path", path_run, true, false, false, 0 },
    { "-ipath", path_run, true, false, true, 0 },
    { "-type", type_run, true, false, false, 0 },
    { "-size", size_run, true, false, false, 0 },
    { "-links", links_run, true, false, false, 0 },
    { "-mtime", age_run, true, false, false, 86400 },
    { "-mmin", age_run, true, false, false, 60 },
    { "-user", user_run, true, false, false, 0 },
    { "-group", group_run, true, false, false, 0 },
    { "-perm", perm_run, true, false, false, 0 },
    { "-newer", newer_run, true, false, false, 0 },
    { "-empty", empty_run, false, false, false, 0 },
    { "-true", constant_run, false, false, false, 1 },
    { "-false", constant_run, false, false, false, 0 },
    { "-print", print_run, false, true, false, '\n' },
    { "-print0", print_run, false, true, false, '\0' },
    { "-delete", delete_run, false, true, false, 0 },
    { "-prune", prune_run, false, false, false, 0 },
    { "-quit", quit_run, false, true, false, 0 },
};

struct test *primary_make(char ***words) {
    const char *name = **words;
    bool ask = strcmp(name, "-ok") == 0;
    if (ask || strcmp(name, "-exec") == 0) {
        expression.acts = true;
        return exec_make(words, ask);
    }
    for (size_t i = 0; i < sizeof(primaries) / sizeof(primaries[0]); i++) {
        const struct primary *primary = &primaries[i];
        if (strcmp(primary->name, name) != 0)
            continue;
        struct test *test = test_new(primary->run);
        test->number = test->unit = primary->value;
        test->fold = primary->fold;
        expression.acts |= primary->action;
        expression.leave_first |= primary->run == delete_run;
        if (primary->argument) {
            if (*++*words == NULL)
                cmd_die("missing argument to '%s'", name);
            argument_take(test, **words);
        }
        ++*words;
        return test;
    }
    return NULL;
}
