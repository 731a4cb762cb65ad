/* Redirections: opening files, moving descriptors, and putting them back. */
#include "exec.h"
#include "expand.h"
#include "jobs.h"
#include "shell.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The shell's own copies of descriptors are kept above those that scripts use. */
enum { FIRST_PRIVATE_FD = 10, SAFE_PIPE_SIZE = 4096 };

struct saved_fd {
    struct saved_fd *next;
    int fd;
    int copy; /* -1: it was closed */
};

static void fd_save(int fd, struct saved_fd **saves) {
    struct saved_fd *saved = xmalloc(sizeof(*saved));

    saved->fd = fd;
    saved->copy = fcntl(fd, F_DUPFD_CLOEXEC, FIRST_PRIVATE_FD);
    saved->next = *saves;
    *saves = saved;
}

void redirs_undo(struct saved_fd **saves) {
    while (*saves) {
        struct saved_fd *saved = *saves;

        if (saved->copy >= 0) {
            dup2(saved->copy, saved->fd);
            close(saved->copy);
        } else {
            close(saved->fd);
        }
        *saves = saved->next;
        free(saved);
    }
}

void redirs_keep(struct saved_fd **saves) {
    while (*saves) {
        struct saved_fd *saved = *saves;

        if (saved->copy >= 0)
            close(saved->copy);
        *saves = saved->next;
        free(saved);
    }
}

static int write_all(int fd, const char *text, size_t len) {
    while (len > 0) {
        ssize_t wrote = write(fd, text, len);

        if (wrote < 0 && errno != EINTR)
            return -1;
        text += wrote > 0 ? wrote : 0;
        len -= wrote > 0 ? wrote : 0;
    }
    return 0;
}

/* A descriptor from which TEXT can be read: a pipe, fed by a child if it may not fit. */
static int open_here_doc(const char *text) {
    size_t len = strlen(text);
    struct job *job;
    int fds[2];

    if (pipe(fds) < 0)
        return -1;
    if (len <= SAFE_PIPE_SIZE) {
        write_all(fds[1], text, len);
    } else {
        job = job_new(NULL);
        if (job_fork(job, JOB_HELPER) == 0) {
            close(fds[0]);
            _exit(write_all(fds[1], text, len) < 0);
        }
        job_forget(job);
    }
    close(fds[1]);
    return fds[0];
}

/* > with set -C: an existing regular file is not overwritten. */
static int open_new(const char *path) {
    struct stat st;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0666);

    if (fd >= 0 || errno != EEXIST)
        return fd;
    if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
        return open(path, O_WRONLY);
    errno = EEXIST;
    return -1;
}

static int open_target(const struct redir *redir, const char *target) {
    switch (redir->kind) {
    case REDIR_INPUT:
        return open(target, O_RDONLY);
    case REDIR_OUTPUT:
        if (shell.options.noclobber)
            return open_new(target);
        /* fall through */
    case REDIR_CLOBBER:
        return open(target, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    case REDIR_APPEND:
        return open(target, O_WRONLY | O_CREAT | O_APPEND, 0666);
    case REDIR_READWRITE:
        return open(target, O_RDWR | O_CREAT, 0666);
    default:
        return open_here_doc(target);
    }
}

/* Makes redir->fd the descriptor FD, which is used up. */
static bool fd_move(int fd, int to) {
    bool done;

    if (fd == to)
        return true;
    done = dup2(fd, to) >= 0;
    close(fd);
    return done;
}

/* n>&m and n<&m, where m may be `-` to close n. */
static bool redir_dup(const struct redir *redir, const char *target) {
    char *end;
    long from;

    if (strcmp(target, "-") == 0) {
        close(redir->fd);
        return true;
    }
    from = strtol(target, &end, 10);
    if (!isdigit((unsigned char)*target) || *end || from > INT_MAX) {
        errno = EBADF;
        return false;
    }
    return dup2(from, redir->fd) >= 0;
}

static bool redir_apply(const struct redir *redir, struct saved_fd **saves) {
    struct arena *scratch = arena_new();
    const char *target = expand_string(redir->word, scratch);
    bool done = false;
    int fd;

    if (target) {
        if (saves)
            fd_save(redir->fd, saves);
        if (redir->kind == REDIR_DUP) {
            done = redir_dup(redir, target);
        } else {
            fd = open_target(redir, target);
            done = fd >= 0 && fd_move(fd, redir->fd);
        }
        if (!done)
            shell_error_at(redir->line, "%s: %s",
                           redir->kind == REDIR_HERE ? "here-document" : target,
                           strerror(errno));
    }
    arena_put(scratch);
    return done;
}

bool redirs_apply(const struct redir *redirs, struct saved_fd **saves) {
    for (; redirs; redirs = redirs->next) {
        if (!redir_apply(redirs, saves))
            return false;
    }
    return true;
}
