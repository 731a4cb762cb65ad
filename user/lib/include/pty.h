/*
 * <pty.h>: pseudo-terminals in one call.
 */
#ifndef USER_PTY_H
#define USER_PTY_H

#include <sys/types.h>
#include <termios.h>

/*
 * Both sides of a new pseudo-terminal. `name` (room for it is the caller's), `settings` and
 * `window` may be NULL. 0 or -1.
 */
int openpty(int *master, int *slave, char *name, const struct termios *settings,
            const struct winsize *window);

/* fork, with a new pseudo-terminal for the child as its session's terminal and fds 0 to 2. */
pid_t forkpty(int *master, char *name, const struct termios *settings,
              const struct winsize *window);

/* Makes fd the terminal of a new session, and descriptors 0 to 2 of the caller. 0 or -1. */
int login_tty(int fd);

#endif
