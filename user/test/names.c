/*
 * Names: paths, links, directories, renaming, permissions.
 */
#include "common/check.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/wait.h>
#include <unistd.h>

#define FAILS(call, error) ((call) == -1 && errno == (error))
#define BAD ((char *)8)

static struct stat st;
static char text[PATH_MAX + 100];

static int touch(const char *name) {
    int fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0644);
    if (fd >= 0)
        close(fd);
    return fd < 0 ? -1 : 0;
}

static bool opens(const char *name, int flags) {
    int fd = open(name, flags, 0600);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

static void test_walk(void) {
    CHECK("a file in a directory",
          mkdir("d", 0755) == 0 && touch("d/f") == 0 && stat("d/f", &st) == 0);
    CHECK("dots and slashes", stat("d/.//../d/f", &st) == 0 && stat("/../../", &st) == 0);
    CHECK("nothing", FAILS(stat("", &st), ENOENT) && FAILS(stat("d/none", &st), ENOENT));
    CHECK("through a file", FAILS(stat("d/f/x", &st), ENOTDIR) &&
                                FAILS(stat("d/f/", &st), ENOTDIR) &&
                                FAILS(stat("d/f/..", &st), ENOTDIR));
    memset(text, 'n', 256);
    text[256] = 0;
    CHECK("a name too long",
          FAILS(stat(text, &st), ENAMETOOLONG) && FAILS(mkdir(text, 0), ENAMETOOLONG));
    text[255] = 0;
    CHECK("the longest name", touch(text) == 0 && unlink(text) == 0);
    for (int i = 0; i < PATH_MAX; i++)
        text[i] = i & 1 ? '/' : '.';
    text[PATH_MAX] = 0;
    CHECK("a path too long", FAILS(stat(text, &st), ENAMETOOLONG));
    text[PATH_MAX - 1] = 0;
    CHECK("the longest path", stat(text, &st) == 0);
    CHECK("a path from nowhere", FAILS(stat(BAD, &st), EFAULT) && FAILS(mkdir(BAD, 0), EFAULT) &&
                                     FAILS(open(BAD, O_RDONLY), EFAULT) &&
                                     FAILS(unlink(BAD), EFAULT));
    CHECK("unlink and rmdir", unlink("d/f") == 0 && rmdir("d") == 0);
}

static void test_open_flags(void) {
    mkdir("d", 0755);
    touch("f");
    CHECK("O_EXCL", FAILS(open("f", O_CREAT | O_EXCL | O_RDWR, 0600), EEXIST));
    CHECK("O_DIRECTORY", opens("d", O_DIRECTORY) && FAILS(open("f", O_DIRECTORY), ENOTDIR));
    CHECK("writing a directory",
          FAILS(open("d", O_WRONLY), EISDIR) && FAILS(open("d", O_RDWR), EISDIR));
    CHECK("creating with a slash", FAILS(open("new/", O_CREAT | O_WRONLY, 0600), EISDIR));
    CHECK("opening what is not there", FAILS(open("none", O_RDONLY), ENOENT) &&
                                           FAILS(open("none/x", O_CREAT | O_RDWR, 0600), ENOENT));
    int fd = open("f", O_WRONLY);
    CHECK("O_TRUNC", write(fd, "12345", 5) == 5 && opens("f", O_WRONLY | O_TRUNC) &&
                         fstat(fd, &st) == 0 && st.st_size == 0);
    close(fd);
    fd = open("f", O_PATH);
    CHECK("O_PATH is a place only", fstat(fd, &st) == 0 && FAILS(read(fd, text, 1), EBADF) &&
                                        FAILS(write(fd, text, 1), EBADF) &&
                                        FAILS(fchmod(fd, 0), EBADF));
    close(fd);
    umask(077);
    int made = open("masked", O_CREAT | O_RDWR, 0666);
    CHECK("umask", fstat(made, &st) == 0 && st.st_mode == (S_IFREG | 0600));
    close(made);
    umask(022);
    unlink("masked"), unlink("f"), rmdir("d");
}

static void test_links(void) {
    touch("a");
    CHECK("link", link("a", "b") == 0 && stat("b", &st) == 0 && st.st_nlink == 2);
    CHECK("link over", FAILS(link("a", "b"), EEXIST) && FAILS(link("none", "c"), ENOENT));
    CHECK("the other name stays", unlink("a") == 0 && stat("b", &st) == 0 && st.st_nlink == 1);
    mkdir("d", 0755);
    CHECK("link of a directory", FAILS(link("d", "e"), EPERM));
    CHECK("symlink", symlink("b", "s") == 0 && stat("s", &st) == 0 && S_ISREG(st.st_mode) &&
                         lstat("s", &st) == 0 && S_ISLNK(st.st_mode) && st.st_size == 1);
    CHECK("readlink", readlink("s", text, sizeof text) == 1 && text[0] == 'b');
    CHECK("readlink of others",
          FAILS(readlink("b", text, 10), EINVAL) && FAILS(readlink("s", text, 0), EINVAL));
    memset(text, 'x', 200);
    text[200] = 0;
    CHECK("a long symlink", symlink(text, "long") == 0 && readlink("long", text + 300, 500) == 200);
    CHECK("a loop", symlink("loop", "loop") == 0 && FAILS(stat("loop", &st), ELOOP));
    CHECK("O_NOFOLLOW", FAILS(open("s", O_RDONLY | O_NOFOLLOW), ELOOP));
    CHECK("O_CREAT through a symlink", symlink("target", "t") == 0 &&
                                           opens("t", O_CREAT | O_WRONLY) &&
                                           lstat("target", &st) == 0 && S_ISREG(st.st_mode));
    CHECK("through a symlink to a directory", symlink("d", "sd") == 0 && touch("sd/x") == 0 &&
                                                  stat("d/x", &st) == 0 && lstat("sd/", &st) == 0 &&
                                                  S_ISDIR(st.st_mode));
    unlink("d/x"), unlink("sd"), unlink("t"), unlink("target"), unlink("loop"), unlink("long");
    unlink("s"), unlink("b"), rmdir("d");
}

static void test_remove(void) {
    mkdir("d", 0755);
    touch("d/f");
    CHECK("rmdir of what is not empty", FAILS(rmdir("d"), ENOTEMPTY));
    CHECK("rmdir of a file", FAILS(rmdir("d/f"), ENOTDIR));
    CHECK("unlink of a directory", FAILS(unlink("d"), EISDIR));
    CHECK("unlink with a slash", FAILS(unlink("d/f/"), ENOTDIR));
    CHECK("rmdir of .", FAILS(rmdir("d/."), EINVAL) && FAILS(rmdir("d/.."), ENOTEMPTY));
    CHECK("unlinkat of unknown flags", FAILS(unlinkat(AT_FDCWD, "d", 0x1000), EINVAL));
    unlink("d/f");
    int dir = open("d", O_RDONLY | O_DIRECTORY);
    CHECK("a directory removed while open",
          rmdir("d") == 0 && FAILS(openat(dir, "x", O_CREAT | O_RDWR, 0600), ENOENT));
    CHECK("a removed working directory",
          fchdir(dir) == 0 && getcwd(text, sizeof text) == NULL && errno == ENOENT);
    (void)!chdir("/tmp/names-test");
    close(dir);
}

static void test_rename(void) {
    mkdir("x", 0755), mkdir("x/y", 0755), touch("f"), touch("g");
    CHECK("rename over a file", rename("f", "g") == 0 && FAILS(stat("f", &st), ENOENT));
    CHECK("rename into itself",
          FAILS(rename("x", "x/y/z"), EINVAL) && FAILS(rename("x", "x/y"), EINVAL));
    CHECK("rename over the parent", FAILS(rename("x/y", "x"), ENOTEMPTY));
    CHECK("kinds do not mix", FAILS(rename("x", "g"), ENOTDIR) && FAILS(rename("g", "x"), EISDIR));
    CHECK("rename of nothing",
          FAILS(rename("none", "h"), ENOENT) && FAILS(rename("g", "none/h"), ENOENT));
    CHECK("RENAME_NOREPLACE",
          touch("h") == 0 &&
              FAILS(renameat2(AT_FDCWD, "g", AT_FDCWD, "h", RENAME_NOREPLACE), EEXIST));
    CHECK("rename to the same file",
          link("g", "g2") == 0 && rename("g", "g2") == 0 && stat("g", &st) == 0);
    CHECK("a directory moves", rename("x/y", "moved") == 0 && touch("moved/t") == 0 &&
                                   stat("x", &st) == 0 && st.st_nlink == 2 &&
                                   stat("moved/../x", &st) == 0);
    CHECK("over an empty directory", rename("moved", "x") == 0 && stat("x/t", &st) == 0);
    CHECK("no crossing of file systems",
          FAILS(rename("g", "/dev/g"), EXDEV) && FAILS(link("g", "/dev/g"), EXDEV));
    unlink("x/t"), rmdir("x"), unlink("g"), unlink("g2"), unlink("h");
}

static void test_directory(void) {
    enum { COUNT = 300 };
    static bool seen[COUNT];
    char name[64];
    mkdir("many", 0755);
    bool good = true;
    for (int i = 0; i < COUNT; i++) {
        snprintf(name, sizeof name, "many/a-rather-long-name-%d", i);
        good &= touch(name) == 0;
    }
    CHECK("hundreds of files in a directory", good);
    DIR *dir = opendir("many");
    int dots = 0, count = 0;
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        int i;
        if (entry->d_name[0] == '.')
            dots++;
        else if (sscanf(entry->d_name, "a-rather-long-name-%d", &i) == 1 && !seen[i])
            seen[i] = true, count++;
    }
    closedir(dir);
    CHECK("readdir finds each once", dots == 2 && count == COUNT);
    for (int i = 0; i < COUNT; i++) {
        snprintf(name, sizeof name, "many/a-rather-long-name-%d", i);
        good &= unlink(name) == 0;
    }
    CHECK("and all can go", good && rmdir("many") == 0);
}

static void test_places(void) {
    mkdir("p", 0755), mkdir("p/q", 0755);
    CHECK("chdir and getcwd",
          chdir("p/q") == 0 && getcwd(text, sizeof text) && !strcmp(text, "/tmp/names-test/p/q"));
    CHECK("getcwd into too little", getcwd(text, 5) == NULL && errno == ERANGE);
    CHECK("..", chdir("../..") == 0 && stat("p/q", &st) == 0);
    CHECK("chdir to a file",
          touch("f") == 0 && FAILS(chdir("f"), ENOTDIR) && FAILS(chdir("none"), ENOENT));
    int dir = open("p", O_RDONLY);
    CHECK("openat and fstatat", fstatat(dir, "q", &st, 0) == 0 && mkdirat(dir, "r", 0700) == 0 &&
                                    unlinkat(dir, "r", AT_REMOVEDIR) == 0);
    CHECK("an empty path", fstatat(dir, "", &st, AT_EMPTY_PATH) == 0 && S_ISDIR(st.st_mode) &&
                               FAILS(fstatat(dir, "", &st, 0), ENOENT));
    CHECK("a descriptor that is no directory",
          FAILS(fstatat(dir, "q", &st, 0x8000), EINVAL) && FAILS(fstatat(99, "q", &st, 0), EBADF));
    close(dir);
    CHECK("/dev and back", stat("/dev/../tmp", &st) == 0 && stat("/dev/null", &st) == 0 &&
                               S_ISCHR(st.st_mode) && stat("/tmp/../dev/./null", &st) == 0);
    CHECK("a mount point stays", FAILS(rmdir("/dev"), EBUSY));
    unlink("f"), rmdir("p/q"), rmdir("p");
}

/* What an ordinary user may not: the checks of the child, one bit each. */
static int as_user(void) {
    int wrong = 0;
    if (setgid(1000) || setuid(1000))
        return 128;
    wrong |= !FAILS(open("secret", O_RDONLY), EACCES) << 0;
    wrong |= !FAILS(touch("new"), EACCES) << 1;
    wrong |= !FAILS(chmod("secret", 0777), EPERM) << 2;
    wrong |= !FAILS(chown("secret", 1000, 1000), EPERM) << 3;
    wrong |= !FAILS(stat("closed/x", &st), EACCES) << 4;
    wrong |= !FAILS(unlink("sticky/root"), EPERM) << 5;
    wrong |= !(touch("sticky/mine") == 0 && unlink("sticky/mine") == 0) << 6;
    return wrong;
}

static void test_permissions(void) {
    int status;
    touch("secret"), chmod("secret", 0600), mkdir("closed", 0700), touch("closed/x");
    mkdir("sticky", 0777), chmod("sticky", 01777), touch("sticky/root");
    pid_t child = fork();
    if (child == 0)
        _exit(as_user());
    waitpid(child, &status, 0);
    snprintf(text, sizeof text, "%d", status);
    check_text("an ordinary user is kept out", text, "0");
    CHECK("chmod and chown", chown("secret", 5, 6) == 0 && chmod("secret", 04755) == 0 &&
                                 stat("secret", &st) == 0 && st.st_uid == 5 && st.st_gid == 6 &&
                                 (st.st_mode & 07777) == 04755);
    CHECK("chown takes set-id away", chown("secret", 7, -1) == 0 && stat("secret", &st) == 0 &&
                                         st.st_uid == 7 && st.st_gid == 6 &&
                                         (st.st_mode & 07777) == 0755);
    CHECK("access", access("secret", R_OK | W_OK | X_OK) == 0 &&
                        FAILS(access("none", F_OK), ENOENT) && FAILS(access("secret", 99), EINVAL));
    unlink("secret"), unlink("closed/x"), rmdir("closed"), unlink("sticky/root"), rmdir("sticky");
}

static long free_inodes(void) {
    struct statfs s;
    return statfs(".", &s) == 0 ? (long)s.f_ffree : -1;
}

/* What was asked for there, and what was there once, is remembered in vain. */
static bool make_and_ask(const char *name) {
    char path[32];
    snprintf(path, sizeof path, "%s/none", name);
    bool good = mkdir(name, 0755) == 0 && FAILS(stat(path, &st), ENOENT);
    snprintf(path, sizeof path, "%s/file", name);
    return good && touch(path) == 0 && unlink(path) == 0;
}

static void test_removed_are_gone(void) {
    long before = free_inodes();
    CHECK("a removed directory is gone", make_and_ask("d") && rmdir("d") == 0 &&
                                             free_inodes() == before);
    CHECK("so is one that another took the place of",
          make_and_ask("d") && mkdir("e", 0755) == 0 && rename("e", "d") == 0 &&
              free_inodes() == before - 1 && rmdir("d") == 0 && free_inodes() == before);
    CHECK("one that is open", make_and_ask("d"));
    int dir = open("d", O_RDONLY);
    CHECK("stays as long as it is", rmdir("d") == 0 && free_inodes() == before - 1);
    CHECK("nothing is found in it", FAILS(openat(dir, "none", O_RDONLY), ENOENT));
    CHECK("and goes then", close(dir) == 0 && free_inodes() == before);
}

int main(void) {
    if (mkdir("/tmp/names-test", 0755) || chmod("/tmp/names-test", 0755) ||
        chdir("/tmp/names-test")) {
        perror("/tmp/names-test");
        return 1;
    }
    test_walk();
    test_open_flags();
    test_links();
    test_remove();
    test_rename();
    test_directory();
    test_places();
    test_removed_are_gone();
    test_permissions();
    CHECK("nothing is left", chdir("/tmp") == 0 && rmdir("/tmp/names-test") == 0);
    return check_done();
}
