/*
 * Children for tests. See child.h.
 */
#include "child.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>

pid_t child_start(int (*body)(void *), void *arg) {
    pid_t pid = fork();

    if (pid == 0)
        _exit(body(arg));
    if (pid < 0) {
        perror("FAIL fork");
        exit(1);
    }
    return pid;
}

int child_wait(pid_t pid) {
    int status = -1;

    return waitpid(pid, &status, 0) > 0 ? status : -1;
}

int child_run(int (*body)(void *), void *arg) {
    return child_wait(child_start(body, arg));
}

static bool ended_within(pid_t pid, int ms, int *status) {
    for (int waited = 0; waited <= ms; waited++) {
        if (waitpid(pid, status, WNOHANG) == pid)
            return true;
        usleep(waited < 5 ? 200 : 1000);
    }
    return false;
}

int child_wait_limited(pid_t pid, int ms, bool *killed) {
    int status = -1;

    *killed = false;
    if (ended_within(pid, ms, &status))
        return status;
    *killed = true;
    kill(pid, SIGKILL);
    return ended_within(pid, 10000, &status) ? status : -1;
}

bool exited_with(int status, int code) {
    return status != -1 && WIFEXITED(status) && WEXITSTATUS(status) == code;
}

bool died_of(int status, int sig) {
    return status != -1 && WIFSIGNALED(status) && WTERMSIG(status) == sig;
}

long memory_free(void) {
    static const char *const names[] = { "MemFree:", "Buffers:", "Cached:" };
    char text[2048] = "";
    long kib = 0;
    int fd = open("/proc/meminfo", O_RDONLY);

    if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0)
        return 0;
    close(fd);
    for (int i = 0; i < 3; i++) {
        const char *at = strstr(text, names[i]);
        kib += at ? atol(at + strlen(names[i])) : 0;
    }
    return kib * 1024;
}

bool memory_is_back(long before, long slack) {
    long missing = 0;

    for (int i = 0; i < 200; i++) {
        missing = before - memory_free();
        if (missing <= slack)
            return true;
        usleep(10000);
    }
    printf("memory: %ld bytes are missing\n", missing);
    return false;
}

const char *own_path(void) {
    return (const char *)getauxval(AT_EXECFN);
}
