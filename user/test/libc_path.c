/*
 * Names: patterns, paths, directories.
 */
#include "common/check.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <glob.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool matches(const char *pattern, const char *name, int flags) {
    return fnmatch(pattern, name, flags) == 0;
}

static void test_patterns(void) {
    CHECK("fnmatch plain", matches("abc", "abc", 0) && !matches("abc", "abcd", 0) &&
                               !matches("abc", "ab", 0) && matches("", "", 0));
    CHECK("fnmatch *", matches("*", "", 0) && matches("a*c", "abbc", 0) &&
                           matches("*.c", "x.y.c", 0) && !matches("*.c", "x.cc", 0));
    CHECK("fnmatch many *", matches("a*b*c*d", "aXbXbXcXcd", 0) &&
                                !matches("*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 0));
    CHECK("fnmatch ?", matches("a?c", "abc", 0) && !matches("a?c", "ac", 0));
    CHECK("fnmatch []", matches("[a-c]x", "bx", 0) && !matches("[!a-c]x", "bx", 0) &&
                            matches("[]x]", "]", 0) && matches("[a-]", "-", 0));
    CHECK("fnmatch [ alone", matches("[a", "[a", 0) && matches("x[", "x[", 0));
    CHECK("fnmatch classes", matches("[[:digit:]_]*", "7up", 0) && matches("[[:alpha:]]", "q", 0) &&
                                 !matches("[[:alpha:]]", "7", 0));
    CHECK("fnmatch backslash", matches("a\\*", "a*", 0) && !matches("a\\*", "ab", 0) &&
                                   matches("a\\*", "a\\b", FNM_NOESCAPE));
    CHECK("fnmatch slash", matches("a*b", "a/b", 0) && !matches("a*b", "a/b", FNM_PATHNAME) &&
                               matches("*/b", "a/b", FNM_PATHNAME));
    CHECK("fnmatch period", !matches("*", ".a", FNM_PERIOD) && matches(".*", ".a", FNM_PERIOD) &&
                                !matches("?a", ".a", FNM_PERIOD) && matches("a*", "a.b", FNM_PERIOD));
}

static bool parts_are(const char *path, const char *dir, const char *base) {
    char a[64], b[64];

    strcpy(a, path);
    strcpy(b, path);
    return strcmp(dirname(a), dir) == 0 && strcmp(basename(b), base) == 0;
}

static void test_parts(void) {
    CHECK("dirname, basename", parts_are("/usr/lib", "/usr", "lib") && parts_are("usr", ".", "usr"));
    CHECK("dirname of slashes", parts_are("/", "/", "/") && parts_are("/a", "/", "a") &&
                                    parts_are("a//b//", "a", "b"));
}

static void file_make(const char *path) {
    close(open(path, O_WRONLY | O_CREAT, 0644));
}

static int count_entries(DIR *dir) {
    int n = 0;

    while (readdir(dir) != NULL)
        n++;
    return n;
}

static void test_directory(void) {
    char name[40];
    struct dirent **list;
    DIR *dir;
    int i, n;

    mkdir("many", 0755);
    for (i = 0; i < 250; i++) {
        snprintf(name, sizeof(name), "many/file%03d", i);
        file_make(name);
    }
    dir = opendir("many");
    CHECK("readdir", dir != NULL && count_entries(dir) == 252);
    rewinddir(dir);
    CHECK("rewinddir", count_entries(dir) == 252);
    CHECK("closedir", closedir(dir) == 0);
    n = scandir("many", &list, NULL, alphasort);
    CHECK("scandir", n == 252 && strcmp(list[2]->d_name, "file000") == 0 &&
                         strcmp(list[251]->d_name, "file249") == 0);
    while (n > 0)
        free(list[--n]);
    free(list);
    for (i = 0; i < 250; i++) {
        snprintf(name, sizeof(name), "many/file%03d", i);
        unlink(name);
    }
    CHECK("rmdir", rmdir("many") == 0);
    errno = 0;
    CHECK("opendir of nothing", opendir("many") == NULL && errno == ENOENT);
}

static void glob_text(char *out, size_t size, const char *pattern, int flags) {
    glob_t g;
    size_t i;

    out[0] = '\0';
    if (glob(pattern, flags, NULL, &g) == 0)
        for (i = 0; i < g.gl_pathc; i++)
            snprintf(out + strlen(out), size - strlen(out), "%s ", g.gl_pathv[i]);
    globfree(&g);
}

static void test_glob(void) {
    char found[300];

    mkdir("g", 0755);
    mkdir("g/sub", 0755);
    file_make("g/b.c");
    file_make("g/a.c");
    file_make("g/.hidden");
    file_make("g/sub/c.c");
    glob_text(found, sizeof(found), "g/*", 0);
    check_text("glob sorts", found, "g/a.c g/b.c g/sub ");
    glob_text(found, sizeof(found), "g/*/*.c", 0);
    check_text("glob in directories", found, "g/sub/c.c ");
    glob_text(found, sizeof(found), "*/[ab].?", GLOB_MARK);
    check_text("glob brackets", found, "g/a.c g/b.c ");
    glob_text(found, sizeof(found), "g/s*", GLOB_MARK);
    check_text("glob marks directories", found, "g/sub/ ");
    glob_text(found, sizeof(found), "g/.h*", 0);
    check_text("glob hidden", found, "g/.hidden ");
    glob_text(found, sizeof(found), "g/x*", GLOB_NOCHECK);
    check_text("glob without a match", found, "g/x* ");
    glob_text(found, sizeof(found), "g/*/", 0);
    check_text("glob directories only", found, "g/sub/ ");
}

static void test_realpath(void) {
    char here[PATH_MAX], path[PATH_MAX + 100], expected[PATH_MAX + 100];

    getcwd(here, sizeof(here));
    snprintf(expected, sizeof(expected), "%s/g/sub/c.c", here);
    symlink("../g/./sub", "g/link");
    CHECK("realpath", realpath("g/link//../sub/./c.c", path) && strcmp(path, expected) == 0);
    errno = 0;
    CHECK("realpath of nothing", realpath("g/none", path) == NULL && errno == ENOENT);
    symlink("loop", "g/loop");
    CHECK("realpath of a loop", realpath("g/loop", path) == NULL && errno == ELOOP);
    unlink("g/loop");
    unlink("g/link");
}

/* The list grows by doubling: an array for each name would leave the heap full of holes. */
static void test_glob_many(void) {
    enum { MANY = 12000, ENOUGH = 1024 * 1024 };
    char *end = sbrk(0), *highest = end;
    int flags = GLOB_NOCHECK, good = 0;
    glob_t g;

    for (int i = 0; i < MANY; i++, flags |= GLOB_APPEND) {
        good += glob("nosuch", flags, NULL, &g) == 0;
        if ((char *)sbrk(0) > highest)
            highest = sbrk(0);
    }
    CHECK("glob of many", good == MANY && g.gl_pathc == MANY && g.gl_pathv[MANY] == NULL);
    CHECK("glob of many takes memory for them alone", highest - end < ENOUGH);
    globfree(&g);
}

int main(void) {
    char home[] = "/tmp/libcXXXXXX";

    test_patterns();
    test_parts();
    CHECK("mkdtemp", mkdtemp(home) != NULL && chdir(home) == 0);
    test_directory();
    test_glob();
    test_glob_many();
    test_realpath();
    unlink("g/sub/c.c");
    unlink("g/b.c");
    unlink("g/a.c");
    unlink("g/.hidden");
    CHECK("remove", remove("g/sub") == 0 && remove("g") == 0);
    CHECK("the directory is empty", chdir("/") == 0 && rmdir(home) == 0);
    return check_done();
}
