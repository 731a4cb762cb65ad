/*
 * A command at the other end of a stream.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <fcntl.h>

#include "stream.h"

/* In the child: the pipe's end becomes the descriptor that the command expects. */
static void command_run(const char *command, int end, int fd) {
    if (end == fd)
        fcntl(fd, F_SETFD, 0);
    else
        dup2(end, fd);
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
}

/* mode is "r" to read what the command writes or "w" to write what it reads. */
FILE *popen(const char *command, const char *mode) {
    bool reads = *mode == 'r';
    int ours = reads ? 0 : 1;
    int fds[2];
    pid_t pid;
    FILE *f;

    if (*mode != 'r' && *mode != 'w') {
        errno = EINVAL;
        return NULL;
    }
    if (pipe2(fds, O_CLOEXEC) < 0)
        return NULL;
    f = stream_open(fds[ours], reads ? "r" : "w");
    pid = f == NULL ? -1 : fork();
    if (pid == 0)
        command_run(command, fds[!ours], !ours);
    close(fds[!ours]);
    if (pid < 0) {
        if (f != NULL)
            fclose(f);
        else
            close(fds[ours]);
        return NULL;
    }
    f->child = pid;
    return f;
}

/* Returns the command's wait status. */
int pclose(FILE *f) {
    pid_t pid = f->child;
    int status;

    fclose(f);
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return status;
}
