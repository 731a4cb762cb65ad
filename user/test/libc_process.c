/*
 * Processes, pipes and commands.
 */
#include "common/check.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void test_fork(void) {
    int fds[2], status = 0;
    char buf[16] = "";
    pid_t pid;

    CHECK("pipe", pipe(fds) == 0);
    pid = fork();
    if (pid == 0) {
        write(fds[1], "child", 5);
        _exit(7);
    }
    CHECK("wait", waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
                      WEXITSTATUS(status) == 7);
    CHECK("read a pipe", read(fds[0], buf, sizeof(buf)) == 5 && strcmp(buf, "child") == 0);
    close(fds[1]);
    CHECK("a pipe's end", read(fds[0], buf, sizeof(buf)) == 0);
    close(fds[0]);
    CHECK("no children", wait(&status) == -1 && errno == ECHILD);
}

static void test_death(void) {
    int status = 0;
    pid_t pid = fork();

    if (pid == 0) {
        signal(SIGABRT, SIG_DFL);
        abort();
    }
    waitpid(pid, &status, 0);
    CHECK("abort", WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

static void in_exit(void) {
    write(1, "", 0);
    _exit(9);
}

static void test_exit(void) {
    int status = 0;
    pid_t pid = fork();

    if (pid == 0) {
        atexit(in_exit);
        exit(1);
    }
    waitpid(pid, &status, 0);
    CHECK("atexit", WIFEXITED(status) && WEXITSTATUS(status) == 9);
}

static void test_exec(void) {
    char *argv[] = { "no-such-command", NULL };
    int status = 0;
    pid_t pid;

    errno = 0;
    CHECK("execvp of nothing", execvp("no-such-command", argv) == -1 && errno == ENOENT);
    if (access("/bin/true", X_OK) != 0)
        return;
    pid = fork();
    if (pid == 0) {
        execlp("true", "true", (char *)NULL);
        _exit(127);
    }
    waitpid(pid, &status, 0);
    CHECK("execlp", WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void test_shell(void) {
    char line[32] = "";
    FILE *f;
    int status;

    if (access("/bin/sh", X_OK) != 0)
        return;
    status = system("exit 3");
    CHECK("system", WIFEXITED(status) && WEXITSTATUS(status) == 3);
    f = popen("echo popped", "r");
    CHECK("popen", f != NULL && fgets(line, sizeof(line), f) && strcmp(line, "popped\n") == 0);
    CHECK("pclose", f != NULL && pclose(f) == 0);
    f = popen("read x; test \"$x\" = word", "w");
    fputs("word\n", f);
    status = pclose(f);
    CHECK("popen for writing", WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void test_descriptors(void) {
    int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    int other;

    CHECK("open", fd >= 0 && fcntl(fd, F_GETFD) == FD_CLOEXEC);
    other = fcntl(fd, F_DUPFD, 40);
    CHECK("fcntl", other == 40 && fcntl(other, F_GETFD) == 0);
    CHECK("dup2", dup2(fd, 41) == 41 && dup2(fd, fd) == fd);
    CHECK("close", close(fd) == 0 && close(40) == 0 && close(41) == 0);
    errno = 0;
    CHECK("close twice", close(fd) == -1 && errno == EBADF);
    CHECK("dup2 of nothing", dup2(fd, fd) == -1 && errno == EBADF);
    errno = 0;
    CHECK("syscall", syscall(SYS_getpid) == getpid() && syscall(9999) == -1 && errno == ENOSYS);
}

static void test_signal_sets(void) {
    sigset_t set, old;

    sigemptyset(&set);
    CHECK("sigaddset", sigaddset(&set, SIGINT) == 0 && sigismember(&set, SIGINT) == 1 &&
                           sigismember(&set, SIGHUP) == 0);
    CHECK("sigaddset refuses", sigaddset(&set, 0) == -1 && sigaddset(&set, 65) == -1);
    CHECK("sigprocmask", sigprocmask(SIG_BLOCK, &set, NULL) == 0 &&
                             sigprocmask(SIG_SETMASK, NULL, &old) == 0 &&
                             sigismember(&old, SIGINT) == 1);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    CHECK("signal", signal(SIGUSR1, SIG_IGN) == SIG_DFL && raise(SIGUSR1) == 0 &&
                        signal(SIGUSR1, SIG_DFL) == SIG_IGN);
}

int main(void) {
    test_fork();
    test_death();
    test_exit();
    test_exec();
    test_shell();
    test_descriptors();
    test_signal_sets();
    return check_done();
}
