/* Running another program. */
#include "spawn.h"

#include <errno.h>
#include <stdio.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd.h"

void exec_or_exit(char **argv) {
    execvp(argv[0], argv);
    int code = errno == ENOENT ? 127 : 126;
    cmd_warn_errno("%s", argv[0]);
    _exit(code);
}

int spawn_wait(char **argv, struct rusage *usage) {
    fflush(stdout);     /* or the child would print it again */
    pid_t child = fork();
    if (child < 0) {
        cmd_warn_errno("cannot fork");
        return -1;
    }
    if (child == 0)
        exec_or_exit(argv);

    int status;
    while (wait4(child, &status, 0, usage) < 0) {
        if (errno != EINTR) {
            cmd_warn_errno("wait");
            return -1;
        }
    }
    return status;
}

int wait_status_code(int status) {
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
