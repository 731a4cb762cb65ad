/* Command substitution: a child writes into a pipe, its output becomes text. */
#include "exec.h"
#include "expansion.h"
#include "jobs.h"
#include "shell.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Reads to the end of the pipe; zero bytes cannot be part of a word. */
static void read_output(struct expansion *out, int fd, enum origin origin) {
    char block[512];
    ssize_t got;

    while (!out->failed && (got = read(fd, block, sizeof(block))) != 0) {
        ssize_t kept = 0;

        if (got < 0 && errno != EINTR)
            break;
        for (ssize_t i = 0; i < got; i++) {
            if (block[i] != '\0')
                block[kept++] = block[i];
        }
        expansion_add(out, block, kept, origin);
    }
}

_Noreturn static void run_child(const struct node *command, int fds[2]) {
    close(fds[0]);
    if (fds[1] != STDOUT_FILENO) {
        dup2(fds[1], STDOUT_FILENO);
        close(fds[1]);
    }
    shell_exit(exec_node(command, EXEC_LAST));
}

void expand_command(struct expansion *out, const struct node *command, enum origin origin) {
    size_t before = out->len;
    struct job *job;
    int fds[2];

    shell.subst_status = 0;
    if (!command)
        return;
    if (pipe(fds) < 0) {
        expansion_fail(out, "cannot make a pipe: %s", strerror(errno));
        return;
    }
    job = job_new(NULL);
    switch (job_fork(job, JOB_HELPER)) {
    case 0:
        run_child(command, fds);
    case -1:
        out->failed = true;
        break;
    }
    close(fds[1]);
    read_output(out, fds[0], origin);
    close(fds[0]);
    while (out->len > before && out->text[out->len - 1] == '\n')
        out->len--;
    shell.subst_status = job_wait(job);
}
