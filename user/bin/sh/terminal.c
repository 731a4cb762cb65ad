/* The terminal: see terminal.h. */
#include "terminal.h"
#include "vars.h"

#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static int terminal_fd = -1;
static struct termios cooked;
static bool cooked_known;

bool terminal_claim(void) {
    terminal_fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 10);
    if (terminal_fd < 0)
        return false;
    /* The first process has a terminal on standard input, but no session yet. */
    if (tcgetpgrp(terminal_fd) < 0) {
        if (getpid() != 1)
            return false;
        setsid();
        if (ioctl(terminal_fd, TIOCSCTTY, 0) < 0)
            return false;
    }
    setpgid(0, 0); /* a session's leader is in its own group already */
    return tcsetpgrp(terminal_fd, getpgrp()) == 0;
}

void terminal_give(pid_t group) {
    tcsetpgrp(terminal_fd, group);
}

bool terminal_raw(void) {
    struct termios raw;

    if (tcgetattr(STDIN_FILENO, &cooked) < 0)
        return false;
    cooked_known = true;
    raw = cooked;
    /* ICRNL stays: Enter is then a newline whether typed now or ahead of the prompt. */
    raw.c_lflag &= ~(ICANON | ECHO | ISIG | IEXTEN);
    raw.c_iflag &= ~IXON;
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    return tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0;
}

void terminal_cooked(void) {
    tcsetattr(STDIN_FILENO, TCSADRAIN, &cooked);
}

void terminal_restore(void) {
    if (cooked_known)
        terminal_cooked();
}

int terminal_width(void) {
    struct winsize size;

    if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
        return 80;
    return size.ws_col;
}

bool terminal_is_smart(void) {
    const char *term = var_get("TERM");

    return term && *term && strcmp(term, "dumb") != 0;
}
