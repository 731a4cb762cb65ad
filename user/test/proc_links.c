/*
 * The links in /proc/PID that lead to places (fd/N, exe, cwd, root), and who may follow them.
 */
#include "common/check.h"
#include "common/child.h"
#include "common/proc_text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *link_text(const char *path) {
    static char target[256];
    ssize_t length = readlink(path, target, sizeof(target) - 1);

    target[length < 0 ? 0 : length] = '\0';
    return target;
}

static bool says(int fd, const char *expected) {
    char got[64] = "";

    return fd >= 0 && read(fd, got, sizeof(got) - 1) >= 0 && strcmp(got, expected) == 0;
}

static void test_fd(void) {
    char path[64], other[64];
    int fd = open("/tmp/status-file", O_RDWR | O_CREAT | O_TRUNC, 0600), again, fds[2];
    struct stat a, b;

    write(fd, "inside", 6);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    CHECK("a descriptor's link", strcmp(link_text(path), "/tmp/status-file") == 0);
    CHECK("it is a link", lstat(path, &a) == 0 && S_ISLNK(a.st_mode));
    unlink("/tmp/status-file");
    CHECK("of a deleted file", strcmp(link_text(path), "/tmp/status-file (deleted)") == 0);
    again = open(path, O_RDONLY);
    CHECK("it leads there all the same", says(again, "inside"));
    CHECK("to the very file", fstat(fd, &a) == 0 && stat(path, &b) == 0 && a.st_ino == b.st_ino &&
                                  a.st_dev == b.st_dev);
    close(again);
    close(fd);
    CHECK("a closed one has none", readlink(path, text, 64) == -1 && errno == ENOENT);
    pipe(fds);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fds[0]);
    snprintf(other, sizeof(other), "/dev/../proc/self/fd/%d", fds[1]);
    CHECK("a pipe", strncmp(link_text(path), "pipe:[", 6) == 0);
    CHECK("both ends of it are one", strcmp(strdup(link_text(path)), link_text(other)) == 0);
    again = open(other, O_WRONLY);
    close(fds[1]);
    CHECK("which can be opened again",
          again >= 0 && write(again, "through", 7) == 7 && says(fds[0], "through"));
    CHECK("and has no other kind of end", stat(path, &a) == 0 && S_ISFIFO(a.st_mode));
    close(again);
    CHECK("its end is the last one's", read(fds[0], text, 1) == 0);
    close(fds[0]);
    CHECK("a directory is walked through",
          chdir("/tmp") == 0 && (fd = open("/dev", O_RDONLY)) >= 0 &&
              snprintf(path, sizeof(path), "/proc/self/fd/%d/null", fd) && stat(path, &a) == 0 &&
              S_ISCHR(a.st_mode));
    snprintf(path, sizeof(path), "/dev/fd/%d", fd);
    CHECK("/dev/fd", stat(path, &a) == 0 && S_ISDIR(a.st_mode) && stat("/dev/stdout", &a) == 0 &&
                         fstat(1, &b) == 0 && a.st_ino == b.st_ino && a.st_dev == b.st_dev);
    close(fd);
    CHECK("no descriptor", stat("/proc/self/fd/99", &a) == -1 && errno == ENOENT &&
                               stat("/proc/self/fd/x", &a) == -1 &&
                               stat("/proc/self/fd/01", &a) == -1);
}

static int run_self(void *path) {
    char *argv[] = { "some name", "two words", "", "--sleep", NULL };
    char *envp[] = { "A=1", "B=2 3", NULL };

    execve(path, argv, envp);
    return 1;
}

static bool copy(const char *from, const char *to) {
    int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0755);
    ssize_t n;

    while (in >= 0 && out >= 0 && (n = read(in, text, sizeof(text))) > 0)
        if (write(out, text, n) != n)
            return false;
    close(in);
    close(out);
    return in >= 0 && out >= 0;
}

static void test_places(void) {
    char program[] = "/tmp/status-copy", rest[16];
    pid_t child;
    struct stat a, b;

    CHECK("the program", strcmp(link_text("/proc/self/exe"), own_path()) == 0);
    CHECK("the working directory", strcmp(link_text("/proc/self/cwd"), "/tmp") == 0);
    CHECK("the root", strcmp(link_text("/proc/self/root"), "/") == 0);
    CHECK("a copy to delete", copy(own_path(), program));
    child = child_start(run_self, program);
    for (int i = 0; i < 500 && strcmp(link_text(of(child, "exe")), program); i++)
        usleep(10000);
    stat(program, &a);
    unlink(program);
    CHECK("a deleted program",
          strcmp(link_text(of(child, "exe")), "/tmp/status-copy (deleted)") == 0);
    CHECK("can be read", stat(of(child, "exe"), &b) == 0 && a.st_ino == b.st_ino &&
                             b.st_nlink == 0 &&
                             read(open(of(child, "exe"), O_RDONLY), rest, 4) == 4 &&
                             memcmp(rest, "\177ELF", 4) == 0);
    kill(child, SIGKILL);
    child_wait(child);
    mkdir("/tmp/status-dir", 0700);
    chdir("/tmp/status-dir");
    rmdir("/tmp/status-dir");
    CHECK("a deleted directory",
          strcmp(link_text("/proc/self/cwd"), "/tmp/status-dir (deleted)") == 0);
    chdir("/");
}

static int run_link(void *unused) {
    char *argv[] = { "again", "--exit", NULL };

    (void)unused;
    execv("/proc/self/exe", argv);
    return 1;
}

static int look_as_another(void *pid) {
    pid_t other = (long)pid;

    if (setuid(1000) != 0)
        return 1;
    if (opendir(of(other, "fd")) || errno != EACCES)
        return 2;
    if (readlink(of(other, "exe"), text, 64) != -1 || errno != EACCES)
        return 3;
    if (open(of(other, "cwd"), O_RDONLY) != -1 || errno != EACCES)
        return 4;
    if (open(of(other, "environ"), O_RDONLY) != -1 || errno != EACCES)
        return 5;
    if (!stat_read(of(other, "stat")) || value(STARTSTACK) || value(ARG_START))
        return 6;
    if (slurp(of(other, "status")) <= 0 || slurp(of(other, "cmdline")) <= 0)
        return 7;
    return slurp("/proc/self/environ") >= 0 && *link_text("/proc/self/exe") &&
                   opendir("/proc/self/fd")
               ? 0
               : 8;
}

static void test_rights(void) {
    int status = child_run(look_as_another, (void *)(long)getpid());
    char why[32];

    snprintf(why, sizeof(why), "status 0x%x", status);
    check("another user sees what is for all, and no more", exited_with(status, 0), why);
    struct stat st;
    CHECK("modes", stat("/proc/self/fd", &st) == 0 && (st.st_mode & 0777) == 0500 &&
                       stat("/proc/self/environ", &st) == 0 && (st.st_mode & 0777) == 0400 &&
                       stat("/proc/self/stat", &st) == 0 && (st.st_mode & 0777) == 0444);
}

/* --- tables that change while others look at them --- */

static int juggle(void *unused) {
    (void)unused;
    for (int n = 0;; n = (n + 7) % 100) {
        int fd = open("/tmp/status-juggle", O_RDWR | O_CREAT, 0600), fds[2];

        pipe(fds);
        dup2(fd, 40 + n * 10);          /* the table grows */
        close(fd);
        close(40 + n * 10);
        close(fds[0]);
        close(fds[1]);
        if (n % 10 == 0)
            child_run(run_link, NULL);
    }
    return 0;
}

static int look_at(pid_t pid) {
    DIR *dir = opendir(of(pid, "fd"));
    struct dirent *entry;
    int seen = 0;

    while (dir && (entry = readdir(dir))) {
        char path[300];
        int fd;

        snprintf(path, sizeof(path), "/proc/%d/fd/%s", (int)pid, entry->d_name);
        seen += *link_text(path) != '\0';
        fd = open(path, O_RDONLY | O_NONBLOCK);
        if (fd >= 0)
            close(fd);
    }
    if (dir)
        closedir(dir);
    return seen;
}

static int look_for_long(void *pid) {
    int seen = 0;

    for (int i = 0; i < 60; i++)
        seen += look_at((pid_t)(long)pid);
    return seen > 100 ? 0 : 1;
}

static void test_juggling(void) {
    long before = memory_free();
    pid_t juggler = child_start(juggle, NULL), looker;

    usleep(20000);
    looker = child_start(look_for_long, (void *)(long)juggler);
    CHECK("looked at while they change",
          exited_with(child_run(look_for_long, (void *)(long)juggler), 0));
    CHECK("by two", exited_with(child_wait(looker), 0));
    kill(juggler, SIGKILL);
    child_wait(juggler);
    unlink("/tmp/status-juggle");
    CHECK("nothing stays of it", memory_is_back(before, 256 << 10));
}

int main(int argc, char *argv[]) {
    if (argc > 1 && strcmp(argv[argc - 1], "--sleep") == 0)
        sleep(1000);
    if (argc > 1 && strcmp(argv[1], "--exit") == 0)
        return 42;
    test_fd();
    test_places();
    CHECK("self/exe can be executed", exited_with(child_run(run_link, NULL), 42));
    test_rights();
    test_juggling();
    return check_done();
}
